// What other files know a file by: type names that stand for one thing, and a doc comment on every export that they use.

import type { Declaration, Node, Statement } from '@babel/types'
import { type Finding, lineOf, nodesOf, type SourceFile, targetOf } from './source.ts'

/** Interfaces, type aliases and classes of src/ whose name is declared before, exported or not. */
export function typeNameFindings(files: readonly SourceFile[]): Finding[] {
  const found: Finding[] = []
  const declared = new Map<string, string>()
  for (const { path, tree } of files.filter(isProduct)) {
    const augmented = new Set(tree.program.body.filter(isAugmentation).flatMap((module) => [...nodesOf(module)]))
    for (const node of nodesOf(tree.program)) {
      const name = augmented.has(node) ? undefined : typeNameOf(node)
      if (name === undefined) continue
      const first = declared.get(name)
      if (first === undefined) declared.set(name, path)
      else {
        const rule = `type ${name} is declared in ${first}, too`
        found.push({ path, line: lineOf(node), rule, hint: 'import it, or say in its name what sets it apart' })
      }
    }
  }
  return found
}

function typeNameOf(node: Node): string | undefined {
  const isType =
    node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration' || node.type === 'ClassDeclaration'
  return isType ? node.id?.name : undefined
}

/** `declare module 'x' { … }`: its interfaces add to those of the library. */
function isAugmentation(statement: Statement): boolean {
  return statement.type === 'TSModuleDeclaration'
}

/** Exports of src/ that other files use and that have no doc comment, or one that says no more than the name. */
export function docFindings(files: readonly SourceFile[]): Finding[] {
  const used = new Set(files.flatMap(usesOf))
  return files.filter(isProduct).flatMap(({ path, tree }) =>
    [...exportsOf(tree.program.body)].flatMap(([name, { line, doc }]) => {
      const isUsed = used.has(`${path} ${name}`) || used.has(`${path} *`)
      const broken = isUsed ? brokenByDoc(name, doc) : undefined
      return broken ? [{ path, line, rule: broken[0], hint: broken[1] }] : []
    }),
  )
}

function brokenByDoc(name: string, doc: string | undefined): [string, string] | undefined {
  if (doc === undefined) return [`${name} has no doc comment`, 'say in a line what it is: shapes, units, errors']
  return repeats(doc, name) ? [`the doc comment of ${name} repeats the name`, 'say what the name does not'] : undefined
}

interface Exported {
  readonly line: number
  readonly doc: string | undefined
}

/** What a file declares and exports, overloads once: one of them has the doc comment. */
function exportsOf(body: readonly Statement[]): ReadonlyMap<string, Exported> {
  const found = new Map<string, Exported>()
  for (const statement of body) {
    if (statement.type !== 'ExportNamedDeclaration' || !statement.declaration) continue
    const comment = statement.leadingComments?.findLast(
      ({ type, value }) => type === 'CommentBlock' && value[0] === '*',
    )
    for (const name of namesOf(statement.declaration)) {
      const overload = found.get(name)
      found.set(name, { line: overload?.line ?? lineOf(statement), doc: overload?.doc ?? comment?.value })
    }
  }
  return found
}

function namesOf(declaration: Declaration): string[] {
  if (declaration.type === 'VariableDeclaration')
    return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []))
  return 'id' in declaration && declaration.id?.type === 'Identifier' ? [declaration.id.name] : []
}

/** `path name` of every import and re-export of a file, `path *` where all names are taken. */
function usesOf({ path, tree }: SourceFile): string[] {
  return [...nodesOf(tree.program)].flatMap((node) => {
    const [from, names] = takenBy(node) ?? []
    const target = from === undefined ? undefined : targetOf(path, from)
    return target === undefined ? [] : (names ?? []).map((name) => `${target} ${name}`)
  })
}

function takenBy(node: Node): readonly [from: string, names: readonly string[]] | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
      return [
        node.source.value,
        node.specifiers.map((one) => (one.type === 'ImportSpecifier' ? textOf(one.imported) : '*')),
      ]
    case 'ExportNamedDeclaration':
      return node.source
        ? [node.source.value, node.specifiers.map((one) => (one.type === 'ExportSpecifier' ? one.local.name : '*'))]
        : undefined
    case 'ExportAllDeclaration':
      return [node.source.value, ['*']]
    case 'ImportExpression':
      return node.source.type === 'StringLiteral' ? [node.source.value, ['*']] : undefined
    case 'CallExpression': {
      const [from] = node.callee.type === 'Import' ? node.arguments : []
      return from?.type === 'StringLiteral' ? [from.value, ['*']] : undefined
    }
    default:
      return undefined
  }
}

function textOf(name: Node): string {
  return name.type === 'Identifier' ? name.name : name.type === 'StringLiteral' ? name.value : ''
}

/** Whether a comment such as "The record codec" stands over `recordCodec`. */
function repeats(doc: string, name: string): boolean {
  const words = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return words(doc.replaceAll(/\b(?:an?|the|of)\b/gi, '')) === words(name)
}

function isProduct({ path }: SourceFile): boolean {
  return path.startsWith('src/')
}
