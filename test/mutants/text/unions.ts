// The closed unions of literals in the sources: for each literal another one of its union, to be put in its place.

import { parse } from '@babel/parser'
import type { Node } from '@babel/types'
import { isNode } from './syntax.ts'

/** Literal → the next one of its union. A literal of several unions has the neighbour of the first. */
export type Siblings = ReadonlyMap<string, string>

export function siblingsIn(texts: readonly string[]): Siblings {
  const siblings = new Map<string, string>()
  for (const text of texts) {
    for (const union of unionsIn(parse(text, { sourceType: 'module', plugins: ['typescript'] }).program)) {
      for (const [at, literal] of union.entries()) {
        const next = union[(at + 1) % union.length]
        if (next !== undefined && next !== literal && !siblings.has(literal)) siblings.set(literal, next)
      }
    }
  }
  return siblings
}

function* unionsIn(node: Node): Generator<readonly string[]> {
  if (node.type === 'TSUnionType') {
    yield node.types.flatMap((one) => literalOf(one) ?? [])
    yield* discriminants(node.types)
  }
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* unionsIn(child)
  }
}

function literalOf(type: Node): string | undefined {
  return type.type === 'TSLiteralType' && type.literal.type === 'StringLiteral' ? type.literal.value : undefined
}

/** `{ is: 'a' } | { is: 'b' }`: the literals of each member that all have. */
function* discriminants(types: readonly Node[]): Generator<readonly string[]> {
  const byKey = new Map<string, string[]>()
  const members = types.flatMap((type) => (type.type === 'TSTypeLiteral' ? type.members : []))
  for (const member of members) {
    if (member.type !== 'TSPropertySignature' || member.key.type !== 'Identifier') continue
    const { name } = member.key
    byKey.set(name, [...(byKey.get(name) ?? []), ...literalsOf(member.typeAnnotation?.typeAnnotation)])
  }
  yield* byKey.values()
}

function literalsOf(type: Node | undefined): readonly string[] {
  if (!type) return []
  return (type.type === 'TSUnionType' ? type.types : [type]).flatMap((one) => literalOf(one) ?? [])
}
