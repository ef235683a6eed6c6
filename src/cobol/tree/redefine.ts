// REDEFINES: which item shares whose storage.

import type { Entry } from '../entry/entry.ts'
import { type Building, type Draft, isVariableTable, itemsOf, nameOf } from './draft.ts'

/** Resolves REDEFINES among the items of one group (or among the records of a copybook). */
export function resolveRedefines(siblings: readonly Draft[], building: Building): void {
  const named = new Map<string, number>()
  /** Index of the last item that took new storage. */
  let fresh = 0
  siblings.forEach((item, index) => {
    const entry = building.entryOf.get(item)
    building.mistakes.scope = entry?.scope
    if (entry?.clauses.redefines) {
      const target = findTarget(siblings, named, fresh, entry, building)
      if (target) item.redefines = target.redefines ?? target
    } else fresh = index
    if (item.name !== undefined) named.set(item.name, index)
    resolveRedefines(item.children, building)
  })
}

function findTarget(
  siblings: readonly Draft[],
  named: ReadonlyMap<string, number>,
  fresh: number,
  { level, clauses }: Entry,
  { mistakes, entryOf }: Building,
): Draft | undefined {
  if (clauses.redefines === undefined) return undefined
  const { value: name, word } = clauses.redefines
  const index = named.get(name)
  const target = siblings[index ?? -1]
  const taker = siblings[fresh]
  if (index === undefined || target === undefined) mistakes.add('REDEFINES_NOT_FOUND', { name }, word)
  else if (target.level !== level) mistakes.add('REDEFINES_LEVEL', { name, level: target.level, own: level }, word)
  else if (index < fresh && taker && level !== 1) {
    mistakes.add('REDEFINES_INTERRUPTED', { name, between: nameOf(taker) }, word)
  } else if (entryOf.get(target)?.clauses.occurs) mistakes.add('REDEFINES_TABLE', { name }, word)
  else return target
  return undefined
}

/** Neither view of a redefinition may vary in length: the bytes behind it would have no place. */
export function checkRedefinesFixed(root: Draft, { mistakes, entryOf }: Building): void {
  const variable = new Set<Draft>()
  for (const item of itemsOf(root)) {
    if (!isVariableTable(item)) continue
    for (let above: Draft | undefined = item; above && !variable.has(above); above = above.parent) variable.add(above)
  }
  for (const item of itemsOf(root)) {
    const said = entryOf.get(item)?.clauses.redefines
    const views = item.redefines && item.parent ? [item, item.redefines] : []
    const view = views.find((candidate) => variable.has(candidate))
    if (said && view) mistakes.add('REDEFINES_VARIABLE', { name: nameOf(view) }, said.word)
  }
}
