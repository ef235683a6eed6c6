// Records that end before their layout does: with a shorter view of a REDEFINES, before FILLER, or before fields that were not written.
//
//   01 PARTY.  05 KIND X.  05 FIRM X(10).  05 PERSON REDEFINES FIRM X(5).      1 + 10 bytes, or 1 + 5 where the view is PERSON
//
// What lies behind the end is no member of the plan that such a record is read and written by. Only for records without tables of varying number.

import type { Item } from '../../cobol/layout.ts'
import { isObject, type JsonObject, type JsonValue } from '../../contract/json.ts'
import { depthOf } from '../plan/geometry.ts'
import { kindOfBytes } from '../plan/kind-of-item.ts'
import type { ChoiceMember, FieldMember, Member, Plan, TableMember, View, ViewRule } from '../plan/plan.ts'
import { jsonOf, type Run } from './run.ts'

/** `views`: only where a view of a REDEFINES ends, or FILLER follows; `absent`: anywhere, whole fields and texts. */
export type ShortEnding = 'views' | 'absent'

interface Cutting {
  readonly plan: Plan
  /** Bytes of the record. */
  readonly size: number
  readonly ending: ShortEnding
}

/** Members that the record has. `whole`: nothing that JSON shows is behind its end. */
interface Cut {
  readonly members: readonly Member[]
  readonly whole: boolean
}

const whole = (members: readonly Member[]): Cut => ({ members, whole: true })
const short = (members: readonly Member[]): Cut => ({ members, whole: false })

/** The plan of a record of so many bytes; undefined where a record cannot end there. */
export function shortPlan(plan: Plan, size: number, ending: ShortEnding): Plan | undefined {
  if (!plan.fixed || size <= 0 || size >= plan.length) return undefined
  const cut = cutAll(plan.members, { plan, size, ending })
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
      if (!cut || cut.whole) return cut && whole([member])
      return short(cut.members.length > 0 ? [{ ...member, members: cut.members }] : [])
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
      return whole([member])
  }
}

/** A text may be cut: what it lacks is blank. */
function cutField(member: FieldMember, { plan, size }: Cutting): Cut | undefined {
  const { offset, store, item } = member
  if (offset + store.length <= size) return whole([member])
  if (offset >= size) return short([])
  const category = item.picture?.category
  const isText = (category === 'alphanumeric' || category === 'alphabetic') && store.shape.type === 'text'
  if (!isText || item.justified || item.usage !== 'DISPLAY') return undefined
  const context = { page: plan.page, options: plan.layout.options }
  return short([{ ...member, store: kindOfBytes(size - offset, context) }])
}

/** Whole occurrences. */
function cutTable(member: TableMember, { size }: Cutting): Cut | undefined {
  const { offset, stride, maximum } = member
  const count = Math.max(0, (size - offset) / stride)
  if (count >= maximum) return whole([member])
  if (!Number.isInteger(count)) return undefined
  return short(count > 0 ? [{ ...member, minimum: Math.min(member.minimum, count), maximum: count }] : [])
}

function cutChoice(member: ChoiceMember, cutting: Cutting): Cut | undefined {
  const { offset, length, views, rule } = member
  const { size, ending } = cutting
  if (offset + length <= size) return whole([member])
  if (offset >= size) return short([])
  const cuts = views.map((view) => cutAll(view.members, cutting))
  const isWhole = views.map(({ item }, index) => cuts[index]?.whole === true && size <= offset + storageOf(item))
  if (rule) {
    if (rule.fields.some((field) => endOf(field) > size)) return undefined
    const isThere = cuts.map((cut, index) => (ending === 'views' ? isWhole[index] === true : cut !== undefined))
    const shown = views.map((view, index) => cutView(view, cuts[index]))
    // Which view holds is known only of each record: one that the end cuts off cannot be it.
    return whole([{ ...member, views: shown, rule: choosing(rule, isThere) }])
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

/** The value of a record that ended early with the fields that it lacks, blank or zero, where it is known which they are. */
export function completed(members: readonly Member[], value: JsonObject, run: Run): JsonObject {
  return Object.assign({}, ...members.map((member) => completedMember(member, value, run)))
}

function completedMember(member: Member, value: JsonObject, run: Run): JsonObject {
  switch (member.kind) {
    case 'field':
      return { [member.key]: value[member.key] ?? blankOf(member) }
    case 'group':
      return { [member.key]: completed(member.members, objectIn(value[member.key]), run) }
    case 'table':
      return member.hidden ? {} : { [member.key]: completedTable(member, value[member.key], run) }
    case 'choice': {
      const given = member.views.filter(({ keys }) => keys.some((key) => value[key] !== undefined))
      const views = given.length > 0 ? given : chosenViews(member, run)
      return Object.assign({}, ...views.map((view) => completed(view.members, value, run)))
    }
    default:
      return {}
  }
}

function completedTable({ element, maximum }: TableMember, given: JsonValue | undefined, run: Run): JsonValue {
  const list: readonly JsonValue[] = Array.isArray(given) ? given : []
  return Array.from({ length: maximum }, (_, index) =>
    element.kind === 'field'
      ? (list[index] ?? blankOf(element))
      : completed(element.members, objectIn(list[index]), run),
  )
}

/** The view that would hold: by its rule, where that is one of the whole record, else the first. */
function chosenViews({ rule, views }: ChoiceMember, run: Run): readonly View[] {
  if (!rule) return views.slice(0, 1)
  if (rule.fields.some((field) => depthOf(field) > 0 || run.start + endOf(field) > run.end)) return []
  const index = rule.choose(run, run.start)
  return index < 0 ? [] : views.slice(index, index + 1)
}

function objectIn(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {}
}

function blankOf(member: FieldMember): JsonValue {
  const { store } = member
  return jsonOf(member, store.read(store.initial, 0, { residue: false }) ?? null)
}
