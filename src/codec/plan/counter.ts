// Counters of OCCURS DEPENDING ON: found, read with their limits, and written from the number of elements.

import type { Item, Layout } from '../../cobol/layout.ts'
import type { CodePage } from '../../codepage/code-page.ts'
import type { InvalidPolicy } from '../../contract/record.ts'
import { type Failure, failure } from '../../error/failure.ts'
import { type Kind, refused } from '../kind/kind.ts'
import { type CountReader, depthOf, type Extent, type Geometry, isVariable, type OutsideCount } from './geometry.ts'
import { jsonValueOf } from './literal.ts'
import type { Counter, TableMember } from './plan.ts'
import { itemsOf } from './record-items.ts'

/** What a counter may count: the numbers that all of its tables allow. */
export interface CounterRange {
  readonly minimum: number
  readonly maximum: number
  /** For a counter that holds a code: its values as JSON has them, and the number that each stands for. */
  readonly counts?: ReadonlyMap<string, number>
}

/** What the values of the counters stand for, by item, where options say so. */
export type DeclaredCounts = ReadonlyMap<Item, Readonly<Record<string, number>>>

/** CounterRange of every counter of a record. Throws LAYOUT_OPTION_INVALID, COUNTER_VALUES_MISSING. */
export function counterLimits(
  items: readonly Item[],
  declared: DeclaredCounts,
  page: CodePage,
  kindOf: (item: Item) => Kind,
): ReadonlyMap<Item, CounterRange> {
  const limits = new Map<Item, CounterRange>()
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
  for (const [item, values] of declared) {
    const allowed = limits.get(item)
    if (!allowed) throw invalidCounts(item, 'no table depends on it')
    limits.set(item, codedLimits(item, values, allowed, kindOf(item), page))
  }
  for (const { occurs, name } of items) {
    const { counter } = occurs ?? {}
    if (!counter || counter.picture?.category === 'numeric' || limits.get(counter)?.counts) continue
    const picture = counter.picture?.text ?? ''
    throw failure('COUNTER_VALUES_MISSING', { field: counter.name ?? '', table: name ?? 'FILLER', picture })
  }
  return limits
}

function codedLimits(
  item: Item,
  values: Readonly<Record<string, number>>,
  { minimum, maximum }: CounterRange,
  kind: Kind,
  page: CodePage,
): CounterRange {
  const counts = new Map<string, number>()
  for (const [text, count] of Object.entries(values)) {
    const value = jsonValueOf(text, kind, page)
    if (kind.write(value, kind.initial.slice(), 0) !== refused.none) {
      throw invalidCounts(item, `the value '${text}' does not fit PIC ${item.picture?.text ?? ''}`)
    }
    if (!Number.isInteger(count) || count < minimum || count > maximum) {
      throw invalidCounts(item, `'${text}' must stand for ${minimum} to ${maximum}`)
    }
    counts.set(value, count)
  }
  if (counts.size === 0) throw invalidCounts(item, 'it names no value')
  return { minimum: Math.min(...counts.values()), maximum: Math.max(...counts.values()), counts }
}

function invalidCounts({ name }: Item, problem: string): Failure {
  return failure('LAYOUT_OPTION_INVALID', { option: `counters.${name ?? 'FILLER'}`, problem })
}

/** The kind of a counter: like that of its picture, but a number outside of its limits is not valid. */
export function counting(plain: Kind, limits: CounterRange): Kind {
  const { minimum, maximum, counts } = limits
  const write: Kind['write'] = (value, out, at) => {
    const verdict = plain.write(value, out, at)
    if (verdict !== refused.none || isCount(value)) return verdict
    return counts ? refused.notACount : refused.tooLarge
  }
  const isCount = (value: string) => {
    const count = countIn(value, limits)
    return count >= minimum && count <= maximum
  }
  const initial = plain.initial.slice()
  plain.write(valueFor(minimum, limits) ?? '', initial, 0)
  return {
    length: plain.length,
    shape: plain.shape,
    maximumText: plain.maximumText,
    plain: plain.plain,
    read: (source, at, trace) => {
      const value = plain.read(source, at, trace)
      return typeof value === 'string' && isCount(value) ? value : undefined
    },
    write,
    initial,
    explain: (source, at) => {
      const value = plain.read(source, at, { residue: false })
      if (value === undefined) return plain.explain(source, at)
      const expected = counts ? 'a value that counters names' : `a count of ${minimum} to ${maximum}`
      return { index: 0, expected, found: 'another value' }
    },
  }
}

/** The number of occurrences that a value stands for, or -1. */
function countIn(value: string, { counts }: CounterRange): number {
  if (counts) return counts.get(value) ?? -1
  return /^\d{1,15}$/.test(value) ? Number(value) : -1
}

/** The value that stands for a number of occurrences: the first that is declared. */
function valueFor(count: number, { counts }: CounterRange): string | undefined {
  if (!counts) return String(count)
  for (const [value, stands] of counts) if (stands === count) return value
  return undefined
}

/**
 * Reads counts. A counter that is not a number or outside of its limits is an error; only where its policy is another do its tables have the
 * least that they may.
 */
export function countReader(
  storeOf: (item: Item) => Kind,
  limits: ReadonlyMap<Item, CounterRange>,
  policies: Readonly<Record<string, InvalidPolicy>> | undefined,
): CountReader {
  const trace = { residue: false }
  return (table, source, at, extent) => {
    const counter = table.occurs?.counter
    if (!counter) return table.occurs?.maximum ?? 1
    const known = limits.get(counter) ?? { minimum: 0, maximum: 0 }
    const { minimum, maximum } = known
    const text = storeOf(counter).read(source, at, trace)
    if (typeof text === 'string') return countIn(text, known)
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

/** How many elements a table may have. */
export function sizesOf({ minimum, maximum, outside }: TableMember): Pick<OutsideCount, 'least' | 'most'> {
  return outside ?? { least: minimum, most: maximum }
}

/**
 * What tells the occurrences of tables with a counter outside: a declared number by the counter's name, or the length of a record that ends with
 * the table. Throws COUNTER_OUTSIDE, LAYOUT_OPTION_INVALID.
 */
export function outsideCounts(
  layout: Layout,
  items: readonly Item[],
  declared: Readonly<Record<string, number>> = {},
): ReadonlyMap<Item, OutsideCount> {
  const numbers = new Map(Object.entries(declared).map(([name, count]) => [name.toUpperCase(), count]))
  const tables = items.filter(({ occurs }) => occurs?.outside !== undefined)
  for (const name of numbers.keys()) {
    if (tables.some(({ occurs }) => occurs?.dependingOn === name)) continue
    throw failure('LAYOUT_OPTION_INVALID', { option: `outsideCounters.${name}`, problem: 'no table depends on it' })
  }
  return new Map(tables.map((table) => [table, outsideCount(layout, table, numbers)]))
}

function outsideCount(layout: Layout, table: Item, numbers: ReadonlyMap<string, number>): OutsideCount {
  const { minimum = 1, maximum = 1, dependingOn: counter = '', outside = '' } = table.occurs ?? {}
  const given = numbers.get(counter)
  if (given !== undefined) {
    if (Number.isInteger(given) && given >= minimum && given <= maximum) {
      return { least: given, most: given, count: () => given }
    }
    const problem = `it must be ${minimum} to ${maximum}`
    throw failure('LAYOUT_OPTION_INVALID', { option: `outsideCounters.${counter}`, problem })
  }
  if (!endsRecord(layout, table)) {
    throw failure('COUNTER_OUTSIDE', { table: table.name ?? 'FILLER', counter, outside })
  }
  const count = ({ end }: Extent, at: number) =>
    Math.max(minimum, Math.min(maximum, Math.floor((end - at) / table.stride)))
  return { least: minimum, most: maximum, count }
}

/** Whether nothing lies behind a table, and it is in no other. */
function endsRecord({ maximumLength }: Layout, table: Item): boolean {
  const { offset, stride, occurs } = table
  return (
    depthOf(table) === 0 &&
    offset + stride * (occurs?.maximum ?? 1) === maximumLength &&
    !table.children.some(isVariable)
  )
}

interface CounterContext {
  readonly geometry: Geometry
  readonly storeOf: (item: Item) => Kind
  readonly limits: ReadonlyMap<Item, CounterRange>
  readonly readCount: CountReader
  readonly slots: ReadonlyMap<Item, number>
}

/** The counter of a table, ready to be read and written. */
export function counterOf(table: Item, context: CounterContext): Counter | undefined {
  const item = table.occurs?.counter
  if (!item) return undefined
  const store = context.storeOf(item)
  const limits = context.limits.get(item) ?? { minimum: 0, maximum: 0 }
  return {
    item,
    slot: context.slots.get(item) ?? 0,
    store,
    least: limits.minimum,
    offset: offsetInScope(item, table),
    place: context.geometry.placeOf(item),
    read: (source, at, extent) => context.readCount(table, source, at, extent),
    write: (count, out, at) => {
      const value = valueFor(count, limits)
      return value !== undefined && store.write(value, out, at) === refused.none
    },
    coded: limits.counts !== undefined,
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
