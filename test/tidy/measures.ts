// Figures of the product as a whole, each with a ceiling: casts, and the length of functions.

import type { Node } from '@babel/types'
import { nodesOf, type SourceFile } from './source.ts'

export interface Measures {
  /** Type assertions but `as const`, for every thousand lines. */
  readonly castsPerKloc: number
  /** Lines between the braces of a function; those of the expression where it has none. */
  readonly bodyMedian: number
  readonly bodyP90: number
}

/** The one file where an index that is known to lie inside is said to: `byteAt` and `unitAt`. */
const elementFile = 'src/codepage/element.ts'

export function measuresOf(files: readonly SourceFile[]): Measures {
  const lines = files.reduce((sum, { text }) => sum + text.split('\n').length - 1, 0)
  const bodies = files.flatMap(bodyLengths).sort((one, other) => one - other)
  const casts = files.filter(({ path }) => path !== elementFile).flatMap(castsIn).length
  return {
    castsPerKloc: Math.round((casts / lines) * 100_000) / 100,
    bodyMedian: bodies[Math.floor(bodies.length / 2)] ?? 0,
    bodyP90: bodies[Math.floor(bodies.length * 0.9)] ?? 0,
  }
}

function castsIn({ tree }: SourceFile): Node[] {
  return [...nodesOf(tree.program)].filter((node) => node.type === 'TSAsExpression' && !isConst(node.typeAnnotation))
}

function isConst(type: Node): boolean {
  return type.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && type.typeName.name === 'const'
}

function bodyLengths({ tree }: SourceFile): number[] {
  return [...nodesOf(tree.program)].flatMap((node) => {
    const body = 'body' in node && isFunction(node) ? node.body : undefined
    if (!body || Array.isArray(body) || !body.loc) return []
    const lines = body.loc.end.line - body.loc.start.line
    return [body.type === 'BlockStatement' ? Math.max(lines - 1, 0) : lines + 1]
  })
}

function isFunction(node: Node): boolean {
  return [
    'FunctionDeclaration',
    'FunctionExpression',
    'ArrowFunctionExpression',
    'ClassMethod',
    'ObjectMethod',
  ].includes(node.type)
}
