// Records that end before their layout does: with a shorter view of a REDEFINES, before FILLER, or before fields that were not written.
//
//   01 PARTY.  05 KIND X.  05 FIRM X(10).  05 PERSON REDEFINES FIRM X(5).      1 + 10 bytes, or 1 + 5 where the view is PERSON
//
// What lies behind the end is no member of the plan that such a record is read and written by. There is one plan for each end in the layout:
// the offset at which the record would end if every whole table before its end had the most occurrences that it may have.
//
//   01 R.  05 N 9.  05 T X(2) OCCURS 0 TO 3 DEPENDING ON N.  05 Z X(4).      `1AAzz` ends at 9 of the layout's 11: T is whole, Z is cut
//                                                                            `2AA` ends at 3: the second occurrence is not there

import type { Item } from '../../cobol/layout.ts'
import { isObject, type JsonObject, type JsonValue } from '../../contract/json.ts'
import { type Failure, failure, isFailure } from '../../error/failure.ts'
import type { Kind } from '../kind/kind.ts'
import { depthOf, type Extent, isVariable, type OutsideCount } from '../plan/geometry.ts'
import { kindOfBytes } from '../plan/kind-of-item.ts'
import type { ChoiceMember, FieldMember, Member, Plan, TableMember, View, ViewRule } from '../plan/plan.ts'
import { countNow } from './read-object.ts'
import { jsonOf, type Run } from './run.ts'

/** `views`: only where a view of a REDEFINES ends, or FILLER follows; `absent`: anywhere, whole fields and texts. */
export type ShortEnding = 'views' | 'absent'

interface Cutting {
  readonly plan: Plan
  /** Where the record ends, from the origin of the scope. */
  readonly size: number
  /** Offset of the scope in the layout. */
  readonly scope: number
  readonly ending: ShortEnding
}

/** Members that the record has. `whole`: nothing that JSON shows is behind its end. */
interface Cut {
  readonly members: readonly Member[]
  readonly whole: boolean
}

const whole = (members: readonly Member[]): Cut => ({ members, whole: true })
const short = (members: readonly Member[]): Cut => ({ members, whole: false })

/** The plan of a record that ends at `size` of the layout; undefined where a record cannot end there. */
export function shortPlan(plan: Plan, size: number, ending: ShortEnding): Plan | undefined {
  // Where a record ended could not be told from its JSON.
  if (size <= 0 || size >= plan.length || hasUntoldTable(plan.members, plan)) return undefined
  const cut = cutAll(plan.members, { plan, size, scope: 0, ending })
  return cut && (cut.whole || ending === 'absent') ? { ...plan, members: cut.members } : undefined
}

function cutAll(members: readonly Member[], cutting: Cutting): Cut | undefined {
  const cuts = members.map((member) => cutMember(member, cutting))
  if (!cuts.every((cut) => cut !== undefined)) return undefined
  return { members: cuts.flatMap((cut) => cut.members), whole: cuts.every((cut) => cut.whole) }
}

/** Undefined where the record must not end inside of it. */
function cutMember(member: Member, cutting: Cutting): Cut | undefined {
  const { size } = cutting
  switch (member.kind) {
    case 'field':
      return cutField(member, cutting)
    case 'group': {
      const cut = cutAll(member.members, cutting)
      const isThere = cut?.members.some(({ kind }) => kind !== 'fill')
      return cut && { members: isThere ? [{ ...member, members: cut.members }] : [], whole: cut.whole }
    }
    case 'table':
      return cutTable(member, cutting)
    case 'choice':
      return cutChoice(member, cutting)
    case 'hidden': {
      const bytes = member.bytes.subarray(0, Math.max(0, size - member.offset))
      return whole(bytes.length > 0 ? [{ ...member, bytes }] : [])
    }
    case 'fill':
      return whole(member.offset < size ? [member] : [])
  }
}

function cutField(member: FieldMember, { plan, size }: Cutting): Cut | undefined {
  const { offset, store } = member
  if (offset + store.length <= size) return whole([member])
  if (offset >= size) return short([])
  const cut = cutText(member, size - offset, plan)
  return cut && short([{ ...member, store: cut }])
}

/** How the bytes of a text are read that it has up to the end of the record: what it lacks is blank. Undefined for what must not be cut. */
export function cutText({ item, store, slot }: FieldMember, bytes: number, { page, layout }: Plan): Kind | undefined {
  const category = item.picture?.category
  const isText = (category === 'alphanumeric' || category === 'alphabetic') && store.shape.type === 'text'
  if (!isText || item.justified || item.usage !== 'DISPLAY' || slot !== undefined) return undefined
  return kindOfBytes(bytes, { page, options: layout.options })
}

/** Whole occurrences, and the one that the record ends inside of. Their number is that of the bytes, whatever the counter says. */
function cutTable(member: TableMember, cutting: Cutting): Cut | undefined {
  const { offset, stride, maximum, minimum, element, item } = member
  const bytes = cutting.size - offset
  if (bytes >= maximum * stride) return whole([member])
  if (bytes <= 0) return short([])
  const rest = bytes % stride
  const last = rest > 0 ? cutOccurrence(element, { ...cutting, size: rest, scope: item.offset }) : undefined
  if (rest > 0 && !last) return undefined
  const count = Math.ceil(bytes / stride)
  const isWhole = count === maximum && last?.whole === true
  const counted = isVariable(item) ? { counter: undefined, outside: exactly(count) } : {}
  const there = { minimum: Math.min(minimum, count), maximum: count, ...(last && { last: last.element }), ...counted }
  return { members: [{ ...member, ...there }], whole: isWhole }
}

const exactly = (count: number): OutsideCount => ({ least: count, most: count, count: () => count })

function cutOccurrence(element: TableMember['element'], cutting: Cutting) {
  if (element.kind === 'group') {
    const cut = cutAll(element.members, cutting)
    return cut && { element: { ...element, members: cut.members }, whole: cut.whole }
  }
  const cut = cutField(element, cutting)
  const [field] = cut?.members ?? []
  return field?.kind === 'field' ? { element: field, whole: false } : undefined
}

/** Whether JSON does not say how often a table occurs: it is hidden, or its counter is, which holds one of several codes for that number. */
function hasUntoldTable(members: readonly Member[], plan: Plan): boolean {
  return members.some((member) => {
    if (member.kind === 'group') return hasUntoldTable(member.members, plan)
    if (member.kind !== 'table') return false
    const { hidden, counter, element } = member
    const isUntold = hidden || (counter?.codes !== undefined && !plan.fields.has(counter.item))
    return isUntold || (element.kind === 'group' && hasUntoldTable(element.members, plan))
  })
}

function cutChoice(member: ChoiceMember, cutting: Cutting): Cut | undefined {
  const { offset, length, views, rule } = member
  const { size, scope, ending } = cutting
  if (offset + length <= size) return whole([member])
  if (offset >= size) return short([])
  const cuts = views.map((view) => cutAll(view.members, cutting))
  const isWhole = views.map(({ item }, index) => cuts[index]?.whole === true && size <= offset + storageOf(item))
  if (rule) {
    if (rule.fields.some((field) => endOf(field) - scope > size)) return undefined
    const isThere = cuts.map((cut, index) => (ending === 'views' ? isWhole[index] === true : cut !== undefined))
    const shown = views.map((view, index) => cutView(view, cuts[index]))
    // Which view holds is known only of each record: one that the end cuts off cannot be it. Its bytes are not all there to be shown raw.
    return whole([{ ...member, views: shown, rule: choosing(rule, isThere), policy: 'error' }])
  }
  const fitting = views.filter((_, index) => (ending === 'views' ? isWhole[index] : cuts[index]?.whole))
  if (fitting.length > 0) return whole([{ ...member, views: fitting }])
  const [first] = views
  return first && cuts[0] && short([{ ...member, views: [cutView(first, cuts[0])] }])
}

const storageOf = ({ stride, occurs }: Item): number => stride * (occurs?.maximum ?? 1)

const endOf = ({ offset, length }: Item): number => offset + length

function cutView(view: View, cut: Cut | undefined): View {
  return cut ? { ...view, members: cut.members } : view
}

function choosing(rule: ViewRule, isThere: readonly boolean[]): ViewRule {
  return {
    ...rule,
    choose: (extent, at) => {
      const index = rule.choose(extent, at)
      return isThere[index] ? index : -1
    },
  }
}

/** The search for the end of a record. */
interface Search {
  /** The position behind its last byte. */
  readonly end: number
  /** Occurrences of a table in the scope whose origin is `at`. `list`: what JSON has of them. */
  readonly countOf: (table: TableMember, at: number, list: readonly JsonValue[]) => number
  /** Whether that is the number which the record has; else there may have been more, of which nothing was written. */
  readonly exact: boolean
  readonly indexes: Int32Array
  /** Where in the layout the record may end. */
  readonly found: number[]
}

/** A scope in the record: the position of its origin, its offset in the layout, its JSON. */
interface PlacedScope {
  readonly origin: number
  readonly base: number
  readonly value: JsonObject
}

/** Where in the layout a record ends; undefined for a whole one. Throws COUNTER_OUT_OF_RANGE. */
export function endInLayout(plan: Plan, record: Extent): number | undefined {
  const { start, end, indexes } = record
  const countOf: Search['countOf'] = (table, at) => countNow(table, record, at)
  const search: Search = { end, countOf, exact: true, indexes, found: [] }
  searchScope(plan.members, plan.length, { origin: start, base: 0, value: {} }, search)
  return search.found[0]
}

/** Where in the layout a record of `size` bytes may have ended that was read as `value`: several where a table ends with the record. */
export function endsInLayout(plan: Plan, value: JsonObject, size: number): readonly number[] {
  const countOf: Search['countOf'] = (_table, _at, list) => list.length
  const search: Search = { end: size, countOf, exact: false, indexes: new Int32Array(plan.depth), found: [] }
  searchScope(plan.members, plan.length, { origin: 0, base: 0, value }, search)
  return search.found.reverse()
}

/** What `attempt` gives for the first that it does not fail for. Throws what it says of the first where it fails for all; undefined for none. */
export function firstToSucceed<A, T>(all: readonly A[], attempt: (one: A) => T): T | undefined {
  let first: Failure | undefined
  for (const one of all) {
    try {
      return attempt(one)
    } catch (error) {
      if (!isFailure(error)) throw error
      first ??= error
    }
  }
  if (first) throw first
  return undefined
}

/** Gives the origin of what follows the scope; undefined where the record ends inside of it. */
function searchScope(members: readonly Member[], length: number, scope: PlacedScope, search: Search) {
  const origin = searchMembers(members, scope, search)
  return origin === undefined || origin + length <= search.end ? origin : endsHere({ ...scope, origin }, search)
}

function endsHere({ origin, base }: PlacedScope, { found, end }: Search): undefined {
  found.push(base + end - origin)
}

/** Only tables of varying number can tell: all else has its place. */
function searchMembers(members: readonly Member[], scope: PlacedScope, search: Search): number | undefined {
  let origin: number | undefined = scope.origin
  for (const member of members) {
    if (origin === undefined) return undefined
    if (member.kind === 'group') {
      const value = objectIn(scope.value[member.key])
      origin = searchMembers(member.members, { ...scope, origin, value }, search)
    } else if (member.kind === 'table' && isVariable(member.item)) {
      origin = searchTable(member, { ...scope, origin }, search)
    }
  }
  return origin
}

function searchTable(table: TableMember, scope: PlacedScope, search: Search): number | undefined {
  const { offset, stride, maximum, element, depth } = table
  const { origin, base, value } = scope
  const { end, indexes } = search
  if (origin + offset > end) return endsHere(scope, search)
  const list = listIn(value[table.key])
  const members = element.kind === 'group' ? element.members : []
  const count = search.countOf(table, origin, list)
  let position = origin + offset
  for (let i = 0; i < count; i++) {
    const occurrence = { origin: position, base: base + offset + i * stride, value: objectIn(list[i]) }
    if (position >= end) return endsHere(occurrence, search)
    indexes[depth] = i
    const next = searchScope(members, stride, occurrence, search)
    if (next === undefined) return undefined
    position = next + stride
  }
  if (!search.exact && position === end) search.found.push(base + offset + count * stride)
  return position - offset - maximum * stride
}

/**
 * The value of a record that ended early with the fields that it lacks, blank or zero, where it is known which they are. Throws
 * RECORD_LACKS_TOO_MUCH.
 */
export function completed(plan: Plan, value: JsonObject, run: Run): JsonObject {
  return completedObject(plan.members, value, { plan, run, filled: 0 })
}

interface Completing {
  readonly plan: Plan
  readonly run: Run
  /** Bytes of the occurrences that are filled in so far. */
  filled: number
}

function completedObject(members: readonly Member[], value: JsonObject, completing: Completing): JsonObject {
  return Object.assign({}, ...members.map((member) => completedMember(member, value, completing)))
}

function completedMember(member: Member, value: JsonObject, completing: Completing): JsonObject {
  switch (member.kind) {
    case 'field':
      return { [member.key]: value[member.key] ?? blankOf(member) }
    case 'group':
      return { [member.key]: completedObject(member.members, objectIn(value[member.key]), completing) }
    case 'table':
      return member.hidden ? {} : { [member.key]: completedTable(member, listIn(value[member.key]), completing) }
    case 'choice': {
      const given = member.views.filter(({ keys }) => keys.some((key) => value[key] !== undefined))
      const views = given.length > 0 ? given : chosenViews(member, completing.run)
      return Object.assign({}, ...views.map((view) => completedObject(view.members, value, completing)))
    }
    default:
      return {}
  }
}

function completedTable(table: TableMember, list: readonly JsonValue[], completing: Completing): JsonValue {
  const { element, depth } = table
  const count = countOrLeast(table, list, completing)
  if (isVariable(table.item)) fillIn(table, count - list.length, completing)
  return Array.from({ length: count }, (_, index) => {
    completing.run.indexes[depth] = index
    return element.kind === 'field'
      ? (list[index] ?? blankOf(element))
      : completedObject(element.members, objectIn(list[index]), completing)
  })
}

/** Bytes of the record decide how many occurrences it lacks: so many that they are not made. */
function fillIn({ item, stride }: TableMember, count: number, completing: Completing): void {
  const { blankLimit } = completing.plan
  completing.filled += Math.max(0, count) * stride
  if (completing.filled <= blankLimit) return
  const { name = 'FILLER', occurs } = item
  throw failure('RECORD_LACKS_TOO_MUCH', { table: name, counter: occurs?.dependingOn ?? '', limit: blankLimit })
}

/** The least where the counter is behind the end. */
function countOrLeast(table: TableMember, list: readonly JsonValue[], { plan, run }: Completing): number {
  const { outside, counter, item } = table
  if (outside) return Math.max(outside.least, list.length)
  try {
    return plan.geometry.countOf(item, run)
  } catch (error) {
    if (!counter || !isFailure(error) || error.code !== 'RECORD_TOO_SHORT') throw error
    return counter.least
  }
}

/** The view that would hold: by its rule, where that is one of the whole record, else the first. */
function chosenViews({ rule, views }: ChoiceMember, run: Run): readonly View[] {
  if (!rule) return views.slice(0, 1)
  if (rule.fields.some((field) => depthOf(field) > 0 || run.start + endOf(field) > run.end)) return []
  const index = rule.choose(run, run.start)
  return index < 0 ? [] : views.slice(index, index + 1)
}

function listIn(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}

function objectIn(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {}
}

function blankOf(member: FieldMember): JsonValue {
  const { store } = member
  return jsonOf(member, store.read(store.initial, 0, { residue: false }) ?? null)
}
