// A source text as mutation sees it: the nodes of code with those around them, without types and imports.

import { parse } from '@babel/parser'
import type { Node } from '@babel/types'

/** A node with its ancestors, the nearest first. */
export interface Place {
  readonly node: Node
  readonly around: readonly Node[]
}

/** Keys under which only types, or texts about the code, stand. */
const without = new Set([
  ...['loc', 'extra', 'leadingComments', 'innerComments', 'trailingComments', 'comments', 'directives', 'interpreter'],
  ...['typeAnnotation', 'returnType', 'typeParameters', 'typeArguments', 'superTypeParameters', 'implements'],
])
/** Marks around an expression that vanish when types are stripped. */
const wrappers = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSInstantiationExpression'])
const declarations = new Set(['ImportDeclaration', 'ExportAllDeclaration'])

/** All nodes of code, parents first. */
export function placesIn(text: string): Place[] {
  const places: Place[] = []
  collect(parse(text, { sourceType: 'module', plugins: ['typescript'] }).program, [], places)
  return places
}

function collect(node: Node, around: readonly Node[], into: Place[]): void {
  if (declarations.has(node.type) || (node.type.startsWith('TS') && !wrappers.has(node.type))) return
  into.push({ node, around })
  const inner = [node, ...around]
  for (const [key, value] of Object.entries(node)) {
    if (without.has(key)) continue
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) collect(child, inner, into)
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

export function textOf(text: string, { start, end }: Pick<Node, 'start' | 'end'>): string {
  return text.slice(start ?? 0, end ?? 0)
}

/** Whether the code at this place is run once, when its file is loaded. */
export function isStatic({ around }: Place): boolean {
  return !around.some(({ type }) => /Function|Method/.test(type))
}
