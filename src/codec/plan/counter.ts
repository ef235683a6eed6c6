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

/** What a counter may hold. */
export interface CounterRange {
  /** The numbers that all of its tables allow; of a counter of codes, the least and the most that one stands for. */
  readonly minimum: number
  readonly maximum: number
  /** Set for a counter that holds a code and no number. */
  readonly codes?: CounterCodes
}

/** The codes of a counter, as JSON has them. */
export interface CounterCodes {
  readonly values: readonly string[]
  /** What a counter that says nothing stands for: the first code with the fewest occurrences. */
  readonly least: string
  /** What each code stands for in each of the tables that the counter counts. */
  readonly counts: ReadonlyMap<Item, ReadonlyMap<string, number>>
}

/** What the values of the counters stand for where options say so: by counter for all of its tables, by table for that one alone. */
export type DeclaredCounts = ReadonlyMap<Item, Readonly<Record<string, number>>>

/** CounterRange of every counter of a record. Throws LAYOUT_OPTION_INVALID, COUNTER_VALUES_MISSING. */
export function counterLimits(
  items: readonly Item[],
  declared: DeclaredCounts,
  page: CodePage,
  kindOf: (item: Item) => Kind,
): ReadonlyMap<Item, CounterRange> {
  const tables = new Map<Item, Item[]>()
  for (const item of items) {
    const counter = item.occurs?.counter
    if (counter) tables.set(counter, [...(tables.get(counter) ?? []), item])
  }
  for (const item of declared.keys()) {
    if (!tables.has(item) && !item.occurs?.counter) throw invalidCounts(item, 'no table depends on it')
  }
  return new Map(
    [...tables].map(([counter, own]): [Item, CounterRange] => {
      const isCoded = declared.has(counter) || own.some((table) => declared.has(table))
      const range = isCoded
        ? codedRange({ counter, declared, page, kind: kindOf(counter) }, own)
        : plainRange(counter, own)
      return [counter, range]
    }),
  )
}

function plainRange(counter: Item, tables: readonly Item[]): CounterRange {
  const { minimum, maximum } = commonRange(tables)
  if (minimum > maximum) {
    const problem = 'its tables allow no common number of occurrences'
    throw failure('LAYOUT_OPTION_INVALID', { option: counter.name ?? 'FILLER', problem })
  }
  const [table] = tables
  if (table && !isNumeric(counter)) throw valuesMissing(counter, table)
  return { minimum, maximum }
}

const isNumeric = ({ picture }: Item): boolean => picture?.category === 'numeric'

function valuesMissing({ name, picture }: Item, table: Item): Failure {
  const facts = { field: name ?? '', table: table.name ?? 'FILLER', picture: picture?.text ?? '' }
  return failure('COUNTER_VALUES_MISSING', facts)
}

/** The numbers that all tables allow. */
function commonRange(tables: readonly Item[]): { minimum: number; maximum: number } {
  const ranges = tables.map(({ occurs }) => occurs ?? { minimum: 1, maximum: 1 })
  return {
    minimum: Math.max(...ranges.map(({ minimum }) => minimum)),
    maximum: Math.min(...ranges.map(({ maximum }) => maximum)),
  }
}

/** A counter of codes while it is made ready. */
interface Coding {
  readonly counter: Item
  readonly declared: DeclaredCounts
  readonly page: CodePage
  readonly kind: Kind
}

function codedRange(coding: Coding, tables: readonly Item[]): CounterRange {
  const { counter, declared } = coding
  const counts = new Map<Item, ReadonlyMap<string, number>>()
  const shared = declared.get(counter)
  const others = tables.filter((table) => !declared.has(table))
  const forOthers = shared && countsOf(coding, counter, shared, others)
  for (const table of tables) {
    const own = declared.get(table)
    const given = own ? countsOf(coding, table, own, [table]) : forOthers
    if (given) counts.set(table, given)
  }
  const values = [...new Set([...counts.values()].flatMap((one) => [...one.keys()]))]
  for (const table of tables) {
    const known = counts.get(table)
    if (known) checkAllNamed(declared.has(table) ? table : counter, known, values, table)
    else counts.set(table, plainCounts(counter, table, values))
  }
  const totalOf = (code: string) => [...counts.values()].reduce((sum, one) => sum + (one.get(code) ?? 0), 0)
  const least = values.reduce((best, code) => (totalOf(code) < totalOf(best) ? code : best))
  const all = [...counts.values()].flatMap((one) => [...one.values()])
  return { minimum: Math.min(...all), maximum: Math.max(...all), codes: { values, least, counts } }
}

/** What an entry of the option says, for the tables that it is about. */
function countsOf(
  { counter, kind, page }: Coding,
  named: Item,
  values: Readonly<Record<string, number>>,
  tables: readonly Item[],
): ReadonlyMap<string, number> {
  const { minimum, maximum } = commonRange(tables)
  const counts = new Map<string, number>()
  for (const [text, count] of Object.entries(values)) {
    const value = jsonValueOf(text, kind, page)
    if (kind.write(value, kind.initial.slice(), 0) !== refused.none) {
      throw invalidCounts(named, `the value '${text}' does not fit PIC ${counter.picture?.text ?? ''}`)
    }
    if (tables.length > 0 && (!Number.isInteger(count) || count < minimum || count > maximum)) {
      throw invalidCounts(named, allowedCounts(text, tables))
    }
    if ((counts.get(value) ?? count) !== count) throw invalidCounts(named, `it names the value '${value}' twice`)
    counts.set(value, count)
  }
  if (counts.size === 0) throw invalidCounts(named, 'it names no value')
  return counts
}

function allowedCounts(text: string, tables: readonly Item[]): string {
  const { minimum, maximum } = commonRange(tables)
  if (minimum <= maximum) return `'${text}' must stand for ${minimum} to ${maximum}`
  const names = tables.map(({ name }) => name ?? 'FILLER').join(', ')
  return `no number of occurrences fits all of ${names}: say for each table what '${text}' stands for`
}

/** One code is read for all tables, so none may be unknown to one of them. */
function checkAllNamed(named: Item, known: ReadonlyMap<string, number>, values: readonly string[], table: Item): void {
  const missing = values.find((value) => !known.has(value))
  if (missing === undefined) return
  const problem = `it does not say what '${missing}' stands for, which another table names: add '${missing}': ${table.occurs?.minimum ?? 0}`
  throw invalidCounts(named, problem)
}

/** A table without an entry, beside one that has it, is counted by the number itself. */
function plainCounts(counter: Item, table: Item, values: readonly string[]): ReadonlyMap<string, number> {
  if (!isNumeric(counter)) throw valuesMissing(counter, table)
  const { minimum, maximum } = commonRange([table])
  for (const value of values) {
    const count = numberIn(value)
    if (count >= minimum && count <= maximum) continue
    throw invalidCounts(table, `the value '${value}' is no number of ${minimum} to ${maximum}: say what it stands for`)
  }
  return new Map(values.map((value) => [value, numberIn(value)]))
}

function invalidCounts({ name }: Item, problem: string): Failure {
  return failure('LAYOUT_OPTION_INVALID', { option: `counters.${name ?? 'FILLER'}`, problem })
}

/** The kind of a counter: like that of its picture, but a number outside of its limits is not valid. */
export function counting(plain: Kind, range: CounterRange): Kind {
  const { minimum, maximum, codes } = range
  const known = new Set(codes?.values)
  const isCount = (value: string): boolean => {
    if (codes) return known.has(value)
    const count = numberIn(value)
    return count >= minimum && count <= maximum
  }
  const write: Kind['write'] = (value, out, at) => {
    const verdict = plain.write(value, out, at)
    if (verdict !== refused.none || isCount(value)) return verdict
    return codes ? refused.notACount : refused.tooLarge
  }
  const initial = plain.initial.slice()
  plain.write(codes?.least ?? String(minimum), initial, 0)
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
      const expected = codes ? 'a value that counters names' : `a count of ${minimum} to ${maximum}`
      return { index: 0, expected, found: 'another value' }
    },
  }
}

/** The number of occurrences that a text says, or -1. */
function numberIn(value: string): number {
  return /^\d{1,15}$/.test(value) ? Number(value) : -1
}

/** The number of occurrences that a value stands for in a table, or -1. */
function countIn(value: string, table: Item, { codes }: CounterRange): number {
  return codes ? (codes.counts.get(table)?.get(value) ?? -1) : numberIn(value)
}

/** The number of occurrences of a table whose counter says nothing. */
function leastOf(table: Item, range: CounterRange): number {
  return range.codes ? countIn(range.codes.least, table, range) : range.minimum
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
    const known = limits.get(counter) ?? nothingKnown
    const text = storeOf(counter).read(source, at, trace)
    if (typeof text === 'string') return countIn(text, table, known)
    const policy = policies?.[counter.name ?? ''] ?? policies?.['*'] ?? 'error'
    if (policy !== 'error') return leastOf(table, known)
    const { found } = storeOf(counter).explain(source, at)
    throw failure('COUNTER_OUT_OF_RANGE', {
      field: counter.name ?? 'FILLER',
      table: table.name ?? 'FILLER',
      offset: at - extent.start,
      picture: counter.picture?.text,
      allowed: allowedValues(known),
      found,
    })
  }
}

const nothingKnown: CounterRange = { minimum: 0, maximum: 0 }

/** More codes than these are not all named in a message. */
const mostNamed = 12

function allowedValues({ minimum, maximum, codes }: CounterRange): string {
  if (!codes) return `${minimum} to ${maximum}`
  if (codes.values.length > mostNamed) return 'a value that counters names'
  return codes.values.map((value) => `'${value}'`).join(' or ')
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
  const range = context.limits.get(item) ?? nothingKnown
  return {
    item,
    slot: context.slots.get(item) ?? 0,
    store,
    least: leastOf(table, range),
    offset: offsetInScope(item, table),
    place: context.geometry.placeOf(item),
    read: (source, at, extent) => context.readCount(table, source, at, extent),
    write: (value, out, at) => store.write(value, out, at) === refused.none,
    codes: range.codes?.counts.get(table),
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
