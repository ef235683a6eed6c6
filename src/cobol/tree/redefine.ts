// REDEFINES: which item shares whose storage.

import type { Entry } from '../entry/entry.ts'
import { type Building, type Draft, itemsOf, nameOf } from './draft.ts'

/** Resolves REDEFINES among the items of one group (or among the records of a copybook). */
export function resolveRedefines(siblings: readonly Draft[], building: Building): void {
  let fresh = 0
  siblings.forEach((item, index) => {
    const entry = building.entryOf.get(item)
    if (entry?.clauses.redefines) {
      const target = findTarget(siblings, index, fresh, entry, building)
      if (target) item.redefines = target.redefines ?? target
    } else fresh = index
    resolveRedefines(item.children, building)
  })
}

/** `fresh` is the index of the last item before that took new storage. */
function findTarget(
  siblings: readonly Draft[],
  index: number,
  fresh: number,
  entry: Entry,
  { mistakes, entryOf }: Building,
): Draft | undefined {
  const said = entry.clauses.redefines
  if (said === undefined) return undefined
  const { value: name, word } = said
  const before = siblings.slice(0, index)
  const target = before.findLast((candidate) => candidate.name === name)
  if (target === undefined) {
    mistakes.add('REDEFINES_NOT_FOUND', { name }, word)
    return undefined
  }
  if (target.level !== entry.level) {
    mistakes.add('REDEFINES_LEVEL', { name, level: target.level, own: entry.level }, word)
    return undefined
  }
  const taker = siblings[fresh]
  if (siblings.indexOf(target) < fresh && target.redefines !== taker && taker && entry.level !== 1) {
    mistakes.add('REDEFINES_INTERRUPTED', { name, between: nameOf(taker) }, word)
    return undefined
  }
  if (entryOf.get(target)?.clauses.occurs) {
    mistakes.add('REDEFINES_TABLE', { name }, word)
    return undefined
  }
  return target
}

/** Neither view of a redefinition may vary in length: the bytes behind it would have no place. */
export function checkRedefinesFixed(root: Draft, { mistakes, entryOf }: Building): void {
  for (const item of itemsOf(root)) {
    const said = entryOf.get(item)?.clauses.redefines
    if (said === undefined || item.redefines === undefined || item.parent === undefined) continue
    const variable = [item, item.redefines].find(isVariable)
    if (variable) mistakes.add('REDEFINES_VARIABLE', { name: nameOf(variable) }, said.word)
  }
}

function isVariable(item: Draft): boolean {
  for (const inner of itemsOf(item)) if (inner.occurs?.counter !== undefined) return true
  return false
}
