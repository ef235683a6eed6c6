// OCCURS DEPENDING ON: which item counts the occurrences of which table.

import type { Entry, QualifiedName } from '../entry/entry.ts'
import { type Building, type Draft, itemsOf } from './draft.ts'

/** Resolves all counters of a record. */
export function resolveCounters(root: Draft, building: Building): void {
  const items = [...itemsOf(root)]
  const named = byName(items)
  items.forEach((item, index) => {
    const clause = building.entryOf.get(item)?.clauses.occurs?.value
    if (clause === undefined) return
    const { minimum, maximum, indexedBy, keys, dependingOn } = clause
    const fixed = { minimum, maximum, indexedBy, keys }
    if (dependingOn === undefined) item.occurs = fixed
    else {
      const counter = findCounter(item, index, dependingOn, named, building)
      item.occurs = { ...fixed, dependingOn: dependingOn.name, ...(counter ? { counter } : {}) }
    }
  })
}

export type NamedItems = ReadonlyMap<string, readonly { readonly item: Draft; readonly index: number }[]>

/** The items of a record by name, in the order of the text. */
export function byName(items: readonly Draft[]): NamedItems {
  const named = new Map<string, { item: Draft; index: number }[]>()
  items.forEach((item, index) => {
    if (item.name === undefined) return
    const same = named.get(item.name)
    if (same) same.push({ item, index })
    else named.set(item.name, [{ item, index }])
  })
  return named
}

/** The items that a qualified name can mean. */
export function candidates(name: QualifiedName, named: NamedItems): readonly { item: Draft; index: number }[] {
  return (named.get(name.name) ?? []).filter(({ item }) => {
    let above = item.parent
    return name.groups.every((group) => {
      while (above && above.name !== group) above = above.parent
      return above !== undefined
    })
  })
}

function findCounter(
  table: Draft,
  index: number,
  name: QualifiedName,
  named: NamedItems,
  building: Building,
): Draft | undefined {
  const { mistakes } = building
  const found = candidates(name, named)
  const before = found.filter((candidate) => candidate.index < index)
  const counter = nearest(table, before)
  if (counter === undefined) {
    const code = found.length === 0 ? 'COUNTER_NOT_FOUND' : before.length > 1 ? 'NAME_AMBIGUOUS' : 'COUNTER_AFTER_TABLE'
    mistakes.add(code, { name: name.name }, name.word)
    return undefined
  }
  const picture = counter.picture
  if (picture?.category !== 'numeric' || picture.scale > 0) {
    if (building.entryOf.get(counter)?.clauses.picture === undefined || picture) {
      mistakes.add('COUNTER_NOT_INTEGER', { name: name.name }, name.word)
    }
    return undefined
  }
  const around = ancestors(table)
  const inTable = [counter, ...ancestors(counter)].some((item) => isTable(item, building) && !around.includes(item))
  if (inTable) mistakes.add('COUNTER_IN_TABLE', { name: name.name }, name.word)
  return counter
}

function isTable(item: Draft, { entryOf }: Building): boolean {
  const entry: Entry | undefined = entryOf.get(item)
  return entry?.clauses.occurs !== undefined
}

function ancestors(item: Draft): Draft[] {
  const above: Draft[] = []
  for (let parent = item.parent; parent; parent = parent.parent) above.push(parent)
  return above
}

/** Among items of one name, the one that shares the innermost group with the table; undefined when two do. */
function nearest(table: Draft, found: readonly { item: Draft }[]): Draft | undefined {
  if (found.length < 2) return found[0]?.item
  const around = ancestors(table)
  const distance = (item: Draft) => around.findIndex((group) => ancestors(item).includes(group))
  const least = Math.min(...found.map(({ item }) => distance(item)))
  const near = found.filter(({ item }) => distance(item) === least)
  return near.length === 1 ? near[0]?.item : undefined
}
