// Where in a team's TypeScript a definition stands: from `transactions.post.inquiry.by` to line and column.

import { parse } from '@babel/parser'
import type { CallExpression, Expression, Node, ObjectExpression, ObjectProperty } from '@babel/types'
import type { SourcePosition } from '../../error/failure.ts'

/** Finds places in one source file. A path that is not written out gives the place of its nearest part that is. */
export interface Positions {
  /** The place below the call `builder('name', { … })`; the empty path is the call itself. */
  of(builder: 'adapter' | 'operation', name: string, path: readonly string[]): SourcePosition
  /** Every static import: what, and where. */
  readonly imports: readonly { readonly source: string; readonly typeOnly: boolean; readonly place: SourcePosition }[]
  /** Where an export stands. */
  ofExport(name: string): SourcePosition
}

/** The places in one file of TypeScript, which may have mistakes in it. */
export function positionsIn(file: string, text: string): Positions {
  const program = parse(text, { sourceType: 'module', plugins: ['typescript'], errorRecovery: true }).program
  const at = (node: Node | null | undefined): SourcePosition => ({
    file,
    line: node?.loc?.start.line ?? 1,
    column: (node?.loc?.start.column ?? 0) + 1,
  })
  const calls = callsIn(program)
  return {
    of: (builder, name, path) => {
      const call = calls.find((one) => calleeName(one) === builder && literalText(one.arguments[0]) === name)
      return at(call && nodeAt(call, path))
    },
    imports: program.body.flatMap((statement) =>
      statement.type === 'ImportDeclaration'
        ? [{ source: statement.source.value, typeOnly: isTypeOnly(statement), place: at(statement) }]
        : [],
    ),
    ofExport: (name) =>
      at(
        program.body.find(
          (statement) =>
            statement.type === 'ExportNamedDeclaration' &&
            text.slice(statement.start ?? 0, statement.end ?? 0).includes(name),
        ),
      ),
  }
}

/** The first mistake that keeps a text from being TypeScript. */
export function syntaxErrorIn(
  text: string,
): { readonly line: number; readonly column: number; readonly problem: string } | undefined {
  try {
    parse(text, { sourceType: 'module', plugins: ['typescript'] })
    return undefined
  } catch (error) {
    if (!(error instanceof SyntaxError) || !('loc' in error)) throw error
    const { line, column } = error.loc as { line: number; column: number }
    return { line, column: column + 1, problem: error.message.replace(/ \(\d+:\d+\)$/, '').replace(/\.$/, '') }
  }
}

function isTypeOnly(statement: Node & { type: 'ImportDeclaration' }): boolean {
  if (statement.importKind === 'type') return true
  const { specifiers } = statement
  return specifiers.length > 0 && specifiers.every((one) => one.type === 'ImportSpecifier' && one.importKind === 'type')
}

function callsIn(root: Node): CallExpression[] {
  const calls: CallExpression[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) visit(one)
    else if (isNode(value)) {
      if (value.type === 'CallExpression') calls.push(value)
      for (const [key, child] of Object.entries(value)) if (key !== 'loc') visit(child)
    }
  }
  visit(root)
  return calls
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function calleeName(call: CallExpression): string | undefined {
  return call.callee.type === 'Identifier' ? call.callee.name : undefined
}

function literalText(node: Node | undefined): string | undefined {
  return node?.type === 'StringLiteral' ? node.value : undefined
}

/** The arguments of a builder by the name they have in its result. */
const positional: Readonly<Record<string, readonly string[]>> = {
  by: ['field', 'verdicts'],
  rejected: ['reason', 'http'],
}

function nodeAt(start: CallExpression, path: readonly string[]): Node {
  let node: Node = start
  for (const key of path) {
    const next = step(node, key)
    if (!next) return node
    node = next
  }
  return node.type === 'ObjectProperty' ? node.key : node
}

function step(node: Node, key: string): Node | undefined {
  const value = node.type === 'ObjectProperty' ? (node.value as Expression) : node
  if (value.type === 'CallExpression') {
    const index = positional[calleeName(value) ?? '']?.indexOf(key) ?? -1
    if (index >= 0) return value.arguments[index]
    const object = value.arguments.find((one): one is ObjectExpression => one.type === 'ObjectExpression')
    return object && step(object, key)
  }
  if (value.type === 'ArrayExpression') return value.elements[Number(key)] ?? undefined
  if (value.type !== 'ObjectExpression') return undefined
  return value.properties.find((one): one is ObjectProperty => one.type === 'ObjectProperty' && keyText(one) === key)
}

function keyText(property: ObjectProperty): string | undefined {
  if (property.key.type === 'Identifier') return property.key.name
  return property.key.type === 'StringLiteral' ? property.key.value : undefined
}
