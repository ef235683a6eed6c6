// OCCURS DEPENDING ON: which item counts the occurrences of which table.

import type { QualifiedName } from '../entry/entry.ts'
import type { Picture } from '../layout.ts'
import { type Building, type Draft, itemsOf, nameOf } from './draft.ts'

/** The items of all records by name: a counter may lie in another record than its table. */
export function namesOf(roots: readonly Draft[]): NamedItems {
  return byName(roots.flatMap((root) => [...itemsOf(root)]))
}

/** Resolves all counters of a record; `everywhere` are the items of all of them. */
export function resolveCounters(root: Draft, everywhere: NamedItems, building: Building): void {
  const items = [...itemsOf(root)]
  const indexes = new Map(items.map((item, index) => [item, index]))
  const names: Names = { named: byName(items), everywhere, indexes, found: new Map() }
  items.forEach((item, index) => {
    const clause = building.entryOf.get(item)?.clauses.occurs?.value
    if (clause === undefined) return
    const { minimum, maximum, indexedBy, keys, dependingOn } = clause
    if (dependingOn === undefined) item.occurs = { minimum, maximum, indexedBy, keys }
    else {
      const { counter, outside, most } = findCounter(item, index, dependingOn, names, building) ?? {}
      const greatest = maximum === Infinity ? (most ?? greatestCount(item, minimum, counter, building)) : maximum
      const place = outside === undefined ? counter && { counter } : { outside }
      item.occurs = { minimum, maximum: greatest, indexedBy, keys, dependingOn: dependingOn.name, ...place }
    }
  })
}

/** A counter in the record, or one outside of it: then `counter` is only looked at for what it can count. */
interface FoundCounter {
  readonly counter?: Draft
  readonly outside?: string
  readonly most?: number
}

/** What every program has: the length of the COMMAREA in the EIB of CICS, and special registers. */
const PREDEFINED: ReadonlyMap<string, FoundCounter> = new Map([
  ['EIBCALEN', { outside: 'DFHEIBLK', most: 32_767 }],
  ['TALLY', { outside: 'TALLY', most: 99_999 }],
  ['RETURN-CODE', { outside: 'RETURN-CODE', most: 9_999 }],
])

/** A counter that lies in another record. Undefined where there is none of the name, or a mistake. */
function findOutside(name: QualifiedName, everywhere: NamedItems, building: Building): FoundCounter | undefined {
  // Several of a name are those of several programs of one text.
  const counter = everywhere.get(name.name)?.find(({ item }) => isBelowAll(item, name.groups))?.item
  if (counter === undefined) {
    const known = PREDEFINED.get(name.name)
    if (known === undefined) building.mistakes.add('COUNTER_NOT_FOUND', { name: name.name }, name.word)
    return known
  }
  if (!isCountable(counter, name, building)) return undefined
  const outside = nameOf(topOf(counter))
  building.mistakes.note(`${name.name} counts the occurrences from outside of the record, in ${outside}`, name.word)
  return { counter, outside }
}

function topOf(item: Draft): Draft {
  let top = item
  while (top.parent) top = top.parent
  return top
}

/** Complains about a counter outside that occurs several times or is no whole number. */
function isCountable(counter: Draft, { name, word }: QualifiedName, { mistakes, entryOf }: Building): boolean {
  for (let above: Draft | undefined = counter; above; above = above.parent) {
    if (entryOf.get(above)?.clauses.occurs === undefined) continue
    mistakes.add('COUNTER_IN_TABLE', { name }, word)
    return false
  }
  const { picture } = counter
  if (picture?.category === 'numeric' && picture.scale <= 0) return true
  mistakes.add('COUNTER_NOT_INTEGER', { name }, word)
  return false
}

/** The most occurrences of an unbounded table: what its counter can hold. */
function greatestCount(table: Draft, minimum: number, counter: Draft | undefined, building: Building): number {
  const { mistakes, entryOf } = building
  const word = entryOf.get(table)?.clauses.occurs?.word
  if (counter?.picture === undefined || word === undefined) return minimum
  const name = nameOf(counter)
  if (isText(counter.picture)) {
    mistakes.add('OCCURS_UNBOUNDED', { name: nameOf(table), problem: `its counter ${name} holds text` }, word)
    return minimum
  }
  const most = greatestValue(counter, counter.picture, building)
  if (most < minimum) mistakes.add('OCCURS_RANGE', { problem: `${minimum} is more than ${name} can count` }, word)
  else mistakes.note(`UNBOUNDED: ${nameOf(table)} has at most ${most} occurrences, as many as ${name} can count`, word)
  return most
}

/** As the codec reads it: binary items with their native range hold more than their PICTURE says. */
function greatestValue({ usage, length }: Draft, { digits, scale, signed }: Picture, { options }: Building): number {
  const isNative = usage === 'COMP-5' || usage === 'COMP-X' || (usage === 'COMP-4' && options.trunc !== 'STD')
  const greatest = isNative ? 2 ** (8 * length - (signed ? 1 : 0)) : 10 ** digits
  return (greatest - 1) * 10 ** -scale
}

/** An item and its index among the items of the record. */
interface IndexedItem {
  readonly item: Draft
  readonly index: number
}

/** The items of a record by upper-case name, in the order of the text: names need not be unique. */
export type NamedItems = ReadonlyMap<string, readonly IndexedItem[]>

interface Names {
  readonly named: NamedItems
  readonly everywhere: NamedItems
  readonly indexes: ReadonlyMap<Draft, number>
  /** What qualified names were found to mean: many tables may have one counter. */
  readonly found: Map<string, readonly IndexedItem[]>
}

/** The items of a record by name, in the order of the text. */
export function byName(items: readonly Draft[]): NamedItems {
  const named = new Map<string, IndexedItem[]>()
  items.forEach((item, index) => {
    if (item.name === undefined) return
    const same = named.get(item.name)
    if (same) same.push({ item, index })
    else named.set(item.name, [{ item, index }])
  })
  return named
}

/** The items that a qualified name can mean. */
export function candidates({ name, groups }: QualifiedName, named: NamedItems): readonly IndexedItem[] {
  const found = named.get(name) ?? []
  return groups.length === 0 ? found : found.filter(({ item }) => isBelowAll(item, groups))
}

function isBelowAll(item: Draft, groups: readonly string[]): boolean {
  let above = item.parent
  return groups.every((group) => {
    while (above && above.name !== group) above = above.parent
    return above !== undefined
  })
}

function findCounter(
  table: Draft,
  index: number,
  name: QualifiedName,
  { named, everywhere, indexes, found: known }: Names,
  building: Building,
): FoundCounter | undefined {
  const { mistakes, entryOf } = building
  const key = [name.name, ...name.groups].join(' ')
  const found = known.get(key) ?? candidates(name, named)
  known.set(key, found)
  if (found.length === 0) return findOutside(name, everywhere, building)
  const counter = nearest(table, index, found, indexes)
  if (counter === 'several') mistakes.add('NAME_AMBIGUOUS', { name: name.name }, name.word)
  else if (counter === undefined) mistakes.add('COUNTER_AFTER_TABLE', { name: name.name }, name.word)
  else if (isCounted(counter, table, building)) mistakes.add('COUNTER_IN_TABLE', { name: name.name }, name.word)
  else if (counter.picture?.category === 'numeric' && counter.picture.scale <= 0) return { counter }
  else if (counter.picture && isText(counter.picture)) {
    mistakes.note(
      `${name.name} counts the occurrences of ${nameOf(table)} but holds text: the option counters must say what each of its values stands for`,
      name.word,
    )
    return { counter }
  }
  // A counter whose own picture is wrong has been complained about.
  else if (counter.picture || entryOf.get(counter)?.clauses.picture === undefined) {
    mistakes.add('COUNTER_NOT_INTEGER', { name: name.name }, name.word)
  }
  return undefined
}

/** No COBOL compiler takes such a counter, but files are described with them: their programs look the code up. */
const isText = ({ category }: Picture): boolean => category === 'alphanumeric' || category === 'alphabetic'

/** Whether a counter occurs several times, other than in the occurrence that its table is in. */
function isCounted(counter: Draft, table: Draft, { entryOf }: Building): boolean {
  const around = new Set<Draft>()
  for (let above = table.parent; above; above = above.parent) around.add(above)
  for (let above: Draft | undefined = counter; above && !around.has(above); above = above.parent) {
    if (entryOf.get(above)?.clauses.occurs !== undefined) return true
  }
  return false
}

/** The only item before the table in the innermost group around it that holds any of them. */
function nearest(
  table: Draft,
  index: number,
  found: readonly IndexedItem[],
  indexes: ReadonlyMap<Draft, number>,
): Draft | 'several' | undefined {
  const end = firstFrom(found, index)
  for (let group = table.parent; group; group = group.parent) {
    const start = firstFrom(found, indexes.get(group) ?? 0)
    if (end - start > 1) return 'several'
    if (end - start === 1) return found[start]?.item
  }
  return undefined
}

/** Position of the first item whose index is not below `index`; the items are in order. */
function firstFrom(found: readonly IndexedItem[], index: number): number {
  let low = 0
  let high = found.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((found[middle]?.index ?? 0) < index) low = middle + 1
    else high = middle
  }
  return low
}
