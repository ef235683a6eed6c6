// The options of a plan, resolved once: every name becomes an item, every item gets its storage kind. Whatever is wrong with them is raised here.

import type { Item, Layout } from '../../cobol/layout.ts'
import type { CodePage } from '../../codepage/code-page.ts'
import type { InvalidPolicy, RecordOptions } from '../../contract/record.ts'
import { failure } from '../../error/failure.ts'
import { dateDigits, dated, isDateFormat } from '../kind/date.ts'
import type { Kind } from '../kind/kind.ts'
import { type CounterRange, counterLimits, counting, countReader, outsideCounts } from './counter.ts'
import { type CountReader, depthOf, type Geometry, geometry, type OutsideCount } from './geometry.ts'
import { kindOfBytes, kindOfItem, kindOfPair, pairOf, type VaryingPair } from './kind-of-item.ts'
import { literalBytes } from './literal.ts'
import type { FieldMember } from './plan.ts'
import { byItem, itemNamed, itemsOf } from './record-items.ts'

/** What is shown of a record, and how. */
export interface PlanOptions extends RecordOptions {
  /** Show only this group: its members are the JSON object. Everything else keeps its canonical bytes. */
  readonly group?: string
  /** Items that are not shown. */
  readonly hide?: readonly (Item | string)[]
  /** Leave hidden bytes out of account: no `$residue`. */
  readonly canonical?: boolean
  /** What redefinitions without a rule show: every view that can be read, the first of those, or refuse the layout. */
  readonly undeclaredViews?: 'all' | 'first' | 'refuse'
}

/** What all parts of one plan share while it is made. */
export interface PlanContext {
  readonly layout: Layout
  readonly page: CodePage
  readonly options: PlanOptions
  readonly geometry: Geometry
  readonly target: Item
  readonly hidden: ReadonlySet<Item>
  readonly slots: ReadonlyMap<Item, number>
  readonly limits: ReadonlyMap<Item, CounterRange>
  readonly readCount: CountReader
  readonly outside: ReadonlyMap<Item, OutsideCount>
  readonly storeOf: (item: Item) => Kind
  readonly valueClause: (item: Item) => Uint8Array | undefined
  readonly policies: ReadonlyMap<Item, InvalidPolicy>
  readonly classes: ReturnType<typeof byItem<FieldMember['fieldClass']>>
  readonly views: ReturnType<typeof byItem<NonNullable<RecordOptions['views']>[string]>>
  /** Undefined where nothing is listed: then text may be left out. */
  readonly omissible: ReadonlySet<Item> | undefined
  readonly isNumber: (item: Item) => boolean
  /** Groups that are one field. */
  readonly varying: ReadonlyMap<Item, VaryingPair>
  readonly fields: Map<Item, FieldMember>
}

/** Throws FIELD_UNKNOWN, FIELD_AMBIGUOUS, LAYOUT_OPTION_INVALID, COUNTER_OUTSIDE. */
export function prepare(layout: Layout, page: CodePage, options: PlanOptions): PlanContext {
  const context = { page, options: layout.options }
  const items = [...itemsOf(layout.root)]
  const dates = byItem(layout, options.dates)
  const varying = varyingGroups(layout, items, options.varchar)
  const plainKind = (item: Item) => {
    const pair = varying.get(item)
    if (pair) return kindOfPair(pair, context)
    return item.children.length > 0 ? kindOfBytes(item.length, context) : kindOfItem(item, context)
  }
  const limits = counterLimits(items, byItem(layout, options.counters), page, plainKind)
  const stores = new Map<Item, Kind>()
  const storeOf = (item: Item): Kind => {
    const known = stores.get(item)
    if (known) return known
    const plain = plainKind(item)
    const format = dates.get(item)
    const range = limits.get(item)
    const store = range ? counting(plain, range) : format === undefined ? plain : datedKind(item, plain, format)
    stores.set(item, store)
    return store
  }
  const valueClause = (item: Item): Uint8Array | undefined =>
    limits.has(item) ? storeOf(item).initial : item.value && literalBytes(item.value, storeOf(item), page)
  for (const item of dates.keys()) storeOf(item)
  const target = options.group === undefined ? layout.root : itemNamed(layout, options.group)
  if (depthOf(target) > 0 || target.occurs) {
    throw failure('LAYOUT_OPTION_INVALID', {
      option: options.group ?? layout.name,
      problem: 'it is a table or inside of one',
    })
  }
  const readCount = countReader(storeOf, limits, options.invalid)
  const outside = outsideCounts(layout, items, options.outsideCounters)
  return {
    layout,
    page,
    options,
    geometry: geometry(layout, readCount, outside),
    limits,
    readCount,
    outside,
    target,
    hidden: new Set((options.hide ?? []).map((one) => (typeof one === 'string' ? itemNamed(layout, one) : one))),
    slots: new Map([...limits.keys()].map((item, slot) => [item, slot])),
    storeOf,
    valueClause,
    policies: byItem(layout, options.invalid),
    classes: byItem(layout, options.classes),
    views: byItem(layout, options.views),
    omissible: options.optional && new Set(options.optional.map((name) => itemNamed(layout, name))),
    isNumber: numberTest(layout, options.numbers, storeOf),
    varying,
    fields: new Map(),
  }
}

/** The groups that are texts with their length. Throws LAYOUT_OPTION_INVALID for one that is none. */
function varyingGroups(
  layout: Layout,
  items: readonly Item[],
  names: readonly string[] = [],
): ReadonlyMap<Item, VaryingPair> {
  const pairs = new Map<Item, VaryingPair>()
  for (const item of names.filter((name) => name !== '*').map((name) => itemNamed(layout, name))) {
    const pair = pairOf(item)
    const problem = 'it is no group of a binary length and a text'
    if (!pair) throw failure('LAYOUT_OPTION_INVALID', { option: `varchar: ${item.name ?? 'FILLER'}`, problem })
    pairs.set(item, pair)
  }
  for (const item of names.includes('*') ? items : []) {
    const pair = pairOf(item)
    if (pair?.count.level === 49 && pair.text.level === 49) pairs.set(item, pair)
  }
  return pairs
}

/** More digits than this are not all exact in a JSON number. */
const exactDigits = 15

/** Which fields are JSON numbers. */
function numberTest(
  layout: Layout,
  numbers: RecordOptions['numbers'],
  storeOf: (item: Item) => Kind,
): (item: Item) => boolean {
  const isExact = (item: Item) => {
    const { shape } = storeOf(item)
    return shape.type === 'decimal' && Math.max(shape.digits, shape.digits - shape.scale, shape.scale) <= exactDigits
  }
  const named = new Set(numbers?.filter((name) => name !== '*').map((name) => itemNamed(layout, name)))
  for (const item of named) {
    if (item.children.length === 0 && isExact(item)) continue
    const problem = `only decimals of at most ${exactDigits} digits are exact as JSON numbers`
    throw failure('LAYOUT_OPTION_INVALID', { option: `numbers: ${item.name ?? 'FILLER'}`, problem })
  }
  const all = numbers?.includes('*') === true
  return (item) => named.has(item) || (all && isExact(item))
}

function datedKind(item: Item, plain: Kind, format: string): Kind {
  const invalid = (problem: string) =>
    failure('LAYOUT_OPTION_INVALID', { option: `dates.${item.name ?? 'FILLER'}`, problem })
  if (!isDateFormat(format)) throw invalid(`${format} is not a date format`)
  const { shape } = plain
  const digits = dateDigits(format)
  const fits =
    (shape.type === 'decimal' && shape.scale === 0 && shape.digits >= digits) ||
    (shape.type === 'text' && item.children.length === 0 && shape.maximum === digits)
  if (!fits) {
    throw invalid(`${format} needs a field of ${digits} digits, but the picture is ${item.picture?.text ?? 'none'}`)
  }
  return dated(plain, format)
}
