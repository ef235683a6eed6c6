// Counters of OCCURS DEPENDING ON: found, read with their limits, and written from the number of elements.

import type { Item } from '../../cobol/layout.ts'
import type { InvalidPolicy } from '../../contract/record.ts'
import { failure } from '../../error/failure.ts'
import { type Kind, refused } from '../kind/kind.ts'
import { type CountReader, depthOf, type Geometry, isVariable } from './geometry.ts'
import type { Counter } from './plan.ts'
import { itemsOf } from './record-items.ts'

/** What a counter may count: the numbers that all of its tables allow. */
export interface Limits {
  readonly minimum: number
  readonly maximum: number
}

/** Limits of every counter of a record. Throws LAYOUT_OPTION_INVALID where two tables of one counter allow no common number. */
export function counterLimits(items: readonly Item[]): ReadonlyMap<Item, Limits> {
  const limits = new Map<Item, Limits>()
  for (const { occurs } of items) {
    if (!occurs?.counter) continue
    const known = limits.get(occurs.counter) ?? occurs
    const minimum = Math.max(known.minimum, occurs.minimum)
    const maximum = Math.min(known.maximum, occurs.maximum)
    limits.set(occurs.counter, { minimum, maximum })
    if (minimum <= maximum) continue
    const problem = 'its tables allow no common number of occurrences'
    throw failure('LAYOUT_OPTION_INVALID', { option: occurs.counter.name ?? 'FILLER', problem })
  }
  return limits
}

/** The kind of a counter: like that of its picture, but a number outside of its limits is not valid. */
export function counting(plain: Kind, { minimum, maximum }: Limits): Kind {
  const write: Kind['write'] = (value, out, at) => {
    const verdict = plain.write(value, out, at)
    return verdict === refused.none && !isWithinLimits(countIn(value)) ? refused.tooLarge : verdict
  }
  const isWithinLimits = (count: number) => count >= minimum && count <= maximum
  const initial = plain.initial.slice()
  plain.write(String(minimum), initial, 0)
  return {
    length: plain.length,
    shape: plain.shape,
    maximumText: plain.maximumText,
    plain: plain.plain,
    read: (source, at, trace) => {
      const value = plain.read(source, at, trace)
      return typeof value === 'string' && isWithinLimits(countIn(value)) ? value : undefined
    },
    write,
    initial,
    explain: (source, at) => {
      const value = plain.read(source, at, { residue: false })
      if (value === undefined) return plain.explain(source, at)
      return { index: 0, expected: `a count of ${minimum} to ${maximum}`, found: 'another value' }
    },
  }
}

/** The whole number that a value says, or -1. */
const countIn = (value: string): number => (/^\d{1,15}$/.test(value) ? Number(value) : -1)

/**
 * Reads counts. A counter that is not a number or outside of its limits is an error; only where its policy is another do its tables have the
 * least that they may.
 */
export function countReader(
  storeOf: (item: Item) => Kind,
  limits: ReadonlyMap<Item, Limits>,
  policies: Readonly<Record<string, InvalidPolicy>> | undefined,
): CountReader {
  const trace = { residue: false }
  return (table, source, at, extent) => {
    const counter = table.occurs?.counter
    if (!counter) return table.occurs?.maximum ?? 1
    const { minimum = 0, maximum = 0 } = limits.get(counter) ?? {}
    const text = storeOf(counter).read(source, at, trace)
    if (typeof text === 'string') return countIn(text)
    const policy = policies?.[counter.name ?? ''] ?? policies?.['*'] ?? 'error'
    if (policy !== 'error') return minimum
    const { found } = storeOf(counter).explain(source, at)
    throw failure('COUNTER_OUT_OF_RANGE', {
      field: counter.name ?? 'FILLER',
      table: table.name ?? 'FILLER',
      offset: at - extent.start,
      picture: counter.picture?.text,
      minimum,
      maximum,
      found,
    })
  }
}

interface CounterContext {
  readonly geometry: Geometry
  readonly storeOf: (item: Item) => Kind
  readonly limits: ReadonlyMap<Item, Limits>
  readonly readCount: CountReader
  readonly slots: ReadonlyMap<Item, number>
}

/** The counter of a table, ready to be read and written. */
export function counterOf(table: Item, context: CounterContext): Counter | undefined {
  const item = table.occurs?.counter
  if (!item) return undefined
  const store = context.storeOf(item)
  return {
    item,
    slot: context.slots.get(item) ?? 0,
    store,
    least: context.limits.get(item)?.minimum ?? 0,
    offset: offsetInScope(item, table),
    place: context.geometry.placeOf(item),
    read: (source, at, extent) => context.readCount(table, source, at, extent),
    write: (count, out, at) => store.write(String(count), out, at) === refused.none,
  }
}

/** Offset of an item from the origin that a later item of the same scope sees; undefined where a table of varying number lies between or the scopes differ. */
export function offsetInScope(item: Item, from: Item): number | undefined {
  const scope = scopeOf(item)
  if (scope !== scopeOf(from)) return undefined
  const top = scope ?? topOf(item)
  for (const between of itemsOf(top)) {
    if (!between.occurs || between === top || !isVariable(between) || depthOf(between) !== depthOf(item)) continue
    const lies = between.offset
    const [low, high] = item.offset < from.offset ? [item.offset, from.offset] : [from.offset, item.offset]
    if (lies >= low && lies < high) return undefined
  }
  return item.offset - (scope?.offset ?? 0)
}

/** The nearest table around an item; undefined for the record. */
function scopeOf(item: Item): Item | undefined {
  let up = item.parent
  while (up && !up.occurs) up = up.parent
  return up
}

function topOf(item: Item): Item {
  let top = item
  while (top.parent) top = top.parent
  return top
}
