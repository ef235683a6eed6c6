// What may not stand in a file: lax types, bare errors, vague names, unfinished places, too much of anything.

import type { Node } from '@babel/types'
import { descriptions } from '../../src/catalog/protocol/descriptions.ts'
import { type Finding, lineOf, nodesOf, type SourceFile } from './source.ts'

const vague = /(Service|Manager|Helper|Util|Utils|Base|Impl)$/
/** A lint rule switched off without a word why. Written so that this line is not found by itself. */
const silenced = /biome-[i]gnore(?! .+: \S)/
const protocolKinds = new Set(Object.entries(descriptions).flatMap(([kind, row]) => [kind, row.transactions]))
const fileLines = 400
const functionLines = 70

export function styleFindings(file: SourceFile): Finding[] {
  const product = file.path.startsWith('src/')
  const found: Finding[] = []
  const say = (line: number, rule: string, hint: string) => found.push({ path: file.path, line, rule, hint })
  const lines = file.text.split('\n')
  if (lines.length - 1 > fileLines)
    say(1, `${lines.length - 1} lines, more than ${fileLines}`, 'two subjects? make two files')
  if (!/^\/\/ |^#!/.test(lines[0] ?? '')) say(1, 'no first comment', 'say in one line what the file is')
  for (const [index, line] of lines.entries()) {
    if (/@ts-(ignore|expect-error|nocheck)/.test(line)) say(index + 1, 'a type error is silenced', 'correct the type')
    if (product && /\b(TODO|FIXME|XXX|HACK)\b/.test(line))
      say(index + 1, 'unfinished place', 'finish it, or file an issue')
    if (silenced.test(line))
      say(index + 1, 'a lint rule is silenced without a reason', 'correct it, or give the reason')
  }
  for (const node of nodesOf(file.tree.program)) {
    const broken = brokenByNode(node, file.path) ?? (product ? brokenWall(node, file.path) : undefined)
    if (broken) say(lineOf(node), ...broken)
  }
  if (isBarrel(file) && !file.path.startsWith('src/public/')) say(1, 'a barrel file', 'import the files themselves')
  return found
}

function brokenByNode(node: Node, path: string): [string, string] | undefined {
  const product = path.startsWith('src/')
  switch (node.type) {
    case 'TSAnyKeyword':
      return ['any', 'parse at the border; take unknown until then']
    case 'TSNonNullExpression':
      return ['non-null assertion', 'prove it with a check']
    case 'TSEnumDeclaration':
      return ['enum', 'take a union of literals']
    case 'BinaryExpression':
      return product && [node.left, node.right].some(isKind) && [node.left, node.right].some(isProtocolKind)
        ? ['a kind of back end or transaction is compared', 'put what differs into the rows of src/protocols.ts']
        : undefined
    case 'ExportDefaultDeclaration':
      return ['default export', 'give it its one name']
    case 'CatchClause':
      return node.body.body.length === 0 ? ['swallowed error', 'handle it, or let it go on'] : undefined
    case 'NewExpression':
      return product && isNamed(node.callee, 'Error')
        ? ['bare Error', 'use failure(CODE, …) of the catalogue']
        : undefined
    case 'MemberExpression':
      return product && path !== 'src/config.ts' && isNamed(node.object, 'process') && isNamed(node.property, 'env')
        ? ['the environment is read', 'only src/config.ts reads it; take a setting as an argument']
        : undefined
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'ClassMethod':
    case 'ObjectMethod':
      return product && lengthOf(node) > functionLines
        ? [`a function of ${lengthOf(node)} lines, more than ${functionLines}`, 'give its steps names']
        : undefined
    case 'ClassDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      return node.id && vague.test(node.id.name) ? [`vague name ${node.id.name}`, "take the domain's word"] : undefined
    default:
      return undefined
  }
}

/** What has one home: who starts operations and calls cores, and who knows the numbers of HTTP. */
function brokenWall(node: Node, path: string): [string, string] | undefined {
  const invokes = path.startsWith('src/operation/')
  if (node.type === 'CallExpression' && !invokes) {
    if (calls(node.callee, 'operations', 'start'))
      return ['an operation is started', 'go through src/operation/invoke.ts']
    if (calls(node.callee, 'caller', 'call') && path !== 'src/durable/activities.ts')
      return ['a core is called', 'go through src/operation/express.ts']
  }
  const key = node.type === 'ObjectProperty' || node.type === 'TSPropertySignature' ? node.key : undefined
  const named = key ?? (node.type === 'MemberExpression' && !node.computed ? node.property : undefined)
  const knowsHttp = path.startsWith('src/api/') || path === 'src/error/status.ts'
  return named && isNamed(named, 'http') && !knowsHttp
    ? ['a number of HTTP is known', 'take a status of src/error/status.ts']
    : undefined
}

/** `operations.start`, or `parts.operations.start`. */
function calls(callee: Node, object: string, method: string): boolean {
  if (callee.type !== 'MemberExpression' || !isNamed(callee.property, method)) return false
  return isNamed(callee.object.type === 'MemberExpression' ? callee.object.property : callee.object, object)
}

function isNamed(node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name
}

/** `kind`, `x.kind` or `x?.kind`. */
function isKind(node: Node): boolean {
  const isMember = node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression'
  return isNamed(isMember ? node.property : node, 'kind')
}

function isProtocolKind(node: Node): boolean {
  return node.type === 'StringLiteral' && protocolKinds.has(node.value)
}

function lengthOf(node: Node): number {
  return node.loc ? node.loc.end.line - node.loc.start.line + 1 : 0
}

function isBarrel({ tree }: SourceFile): boolean {
  const { body } = tree.program
  return (
    body.length > 0 &&
    body.every((one) => one.type === 'ExportAllDeclaration' || (one.type === 'ExportNamedDeclaration' && one.source))
  )
}

/** Folders hold 3 to 12 files, at most two levels under src/. */
export function folderFindings(paths: readonly string[]): Finding[] {
  const folders = new Map<string, number>()
  for (const path of paths) {
    const folder = path.slice(0, path.lastIndexOf('/'))
    folders.set(folder, (folders.get(folder) ?? 0) + 1)
  }
  const found: Finding[] = []
  for (const [path, files] of folders) {
    if (!path.startsWith('src/')) continue
    const depth = path.split('/').length - 1
    if (files > 12)
      found.push({ path, line: 1, rule: `${files} files in a folder`, hint: 'make a folder for one subject' })
    if (files < 3 && path !== 'src/public')
      found.push({ path, line: 1, rule: `only ${files} files in a folder`, hint: 'move them up' })
    if (depth > 2) found.push({ path, line: 1, rule: 'a folder too deep', hint: 'two levels under src/ at the most' })
  }
  return found
}
