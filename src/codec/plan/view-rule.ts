// The rule that tells which view of a REDEFINES holds, compiled from the options.

import type { Item, Layout } from '../../cobol/layout.ts'
import type { CodePage } from '../../codepage/code-page.ts'
import { byteAt, unitAt } from '../../codepage/element.ts'
import type { ViewByConditions, ViewByField, ViewChoice } from '../../contract/record.ts'
import { type Failure, failure } from '../../error/failure.ts'
import type { Kind } from '../kind/kind.ts'
import { offsetInScope } from './counter.ts'
import type { Geometry } from './geometry.ts'
import { conditionTest, jsonValueOf, singleValues } from './literal.ts'
import type { FieldValues, ViewRule } from './plan.ts'
import { isWithin, itemNamed } from './record-items.ts'
import { type Locate, readyCondition } from './view-condition.ts'

interface RuleContext {
  readonly layout: Layout
  readonly page: CodePage
  readonly geometry: Geometry
  readonly storeOf: (item: Item) => Kind
  /** The counters of tables: what they hold may be known only when their tables are written. */
  readonly slots: ReadonlyMap<Item, number>
}

/** The views that share storage. */
interface ViewSet {
  readonly first: Item
  readonly views: readonly Item[]
  readonly context: RuleContext
}

/** What decides, in the form of either option. */
interface Deciding {
  readonly fields: readonly Item[]
  readonly decide: ViewRule['choose']
  readonly values: ViewRule['values']
}

/** Throws FIELD_UNKNOWN, FIELD_AMBIGUOUS, LAYOUT_OPTION_INVALID. */
export function viewRule(
  choice: ViewChoice,
  first: Item,
  views: readonly Item[],
  context: RuleContext,
  origin: number,
): ViewRule {
  const set: ViewSet = { first, views, context }
  const { fields, decide, values } = 'where' in choice ? byConditions(choice, set) : byField(choice, set)
  const isWritten = (field: Item) => field.offset < first.offset && field.offset >= origin && !context.slots.has(field)
  return {
    fields,
    by: fields.map(({ name }) => name ?? 'FILLER').join(' and '),
    choose: remembered(
      fields.map((field) => ({ place: locateFrom(set, field), length: field.length })),
      decide,
    ),
    values,
    before: fields.every(isWritten),
  }
}

/** The items that a choice names, in the order in which they are asked for. */
export function namedViews(choice: ViewChoice): readonly string[] {
  const names = 'where' in choice ? Object.keys(choice.where) : Object.values(choice.when)
  return choice.otherwise === undefined ? names : [...names, choice.otherwise]
}

const optionOf = ({ first }: ViewSet): string => `views.${first.name ?? 'FILLER'}`

const indexOf = ({ views, context }: ViewSet, name: string): number => views.indexOf(itemNamed(context.layout, name))

function byField(choice: ViewByField, set: ViewSet): Deciding {
  const { layout, page, storeOf } = set.context
  const by = itemNamed(layout, choice.by)
  const store = storeOf(by)
  const place = locateFrom(set, by)
  const known = new Map<string, number>()
  const tests: { view: number; test: (source: Uint8Array, at: number) => boolean }[] = []
  const valuesOf: (string[] | undefined)[] = set.views.map(() => [])
  for (const [value, name] of Object.entries(choice.when)) {
    const view = indexOf(set, name)
    const condition = by.conditions.find((one) => one.name === value.toUpperCase())
    if (condition) tests.push({ view, test: conditionTest(condition, store, page) })
    else known.set(jsonValueOf(value, store, page), view)
    const own = condition ? singleValues([condition], store, page) : [jsonValueOf(value, store, page)]
    valuesOf[view] = own && valuesOf[view]?.concat(own)
  }
  const otherwise = choice.otherwise === undefined ? -1 : indexOf(set, choice.otherwise)
  const trace = { residue: false }
  return {
    fields: [by],
    decide: (extent, from) => {
      const at = place(extent, from)
      const value = store.read(extent.source, at, trace)
      const view = typeof value === 'string' ? known.get(value) : undefined
      return view ?? tests.find(({ test }) => test(extent.source, at))?.view ?? otherwise
    },
    values: valuesOf.map((values, view): FieldValues[] =>
      values && values.length > 0 && view !== otherwise ? [new Map([[by, values]])] : [],
    ),
  }
}

/** The first condition that holds counts. */
function byConditions(choice: ViewByConditions, set: ViewSet): Deciding {
  const { layout, page, storeOf } = set.context
  const conditions = Object.entries(choice.where).map(([name, text]) => {
    const option = `${optionOf(set)}.where.${name}`
    const locate = (field: Item) => locateFrom(set, field, option)
    return { view: indexOf(set, name), ...readyCondition(text, { layout, page, storeOf, locate, option }) }
  })
  const otherwise = choice.otherwise === undefined ? -1 : indexOf(set, choice.otherwise)
  const fields = [...new Set(conditions.flatMap((one) => one.fields))]
  if (fields.length === 0) throw invalid(optionOf(set), "where names no view: add { 'VIEW': \"FIELD = 'A'\" }")
  return {
    fields,
    decide: (extent, at) => conditions.find(({ holds }) => holds(extent, at))?.view ?? otherwise,
    values: set.views.map((_, view) =>
      view === otherwise ? [] : (conditions.find((one) => one.view === view)?.values ?? []),
    ),
  }
}

function invalid(option: string, problem: string): Failure {
  return failure('LAYOUT_OPTION_INVALID', { option, problem })
}

/** Where a deciding field stands for the set. Throws LAYOUT_OPTION_INVALID where it has a value for each element of a table of its own. */
function locateFrom(set: ViewSet, field: Item, option = optionOf(set)): Locate {
  const { first, context } = set
  for (let up: Item | undefined = field; up; up = up.parent) {
    if (up.occurs && (up === field || !isWithin(first, up))) {
      throw invalid(
        option,
        `${field.name} has subscripts of its own: choose a field that stands once for ${first.name}`,
      )
    }
  }
  const offset = offsetInScope(field, first)
  const place = context.geometry.placeOf(field)
  return offset === undefined ? (extent) => place(extent) : (_, at) => at + offset
}

/** Nothing is known yet. */
const unasked = -2

/** Of deciding fields of one or two bytes every answer is kept. */
function remembered(
  fields: readonly { readonly place: Locate; readonly length: number }[],
  decide: ViewRule['choose'],
): ViewRule['choose'] {
  const bytes = fields.flatMap(({ place, length }) => Array.from({ length }, (_, index) => ({ place, index })))
  const [one, two, ...more] = bytes
  if (!one || more.length > 0) return decide
  const answers = new Int8Array(two ? 65_536 : 256).fill(unasked)
  return (extent, at) => {
    const { source } = extent
    const first = one.place(extent, at) + one.index
    const second = two ? two.place(extent, at) + two.index : first
    if (first >= source.length || second >= source.length) return decide(extent, at)
    const key = two ? (byteAt(source, first) << 8) | byteAt(source, second) : byteAt(source, first)
    const known = unitAt(answers, key)
    if (known !== unasked) return known
    const answer = decide(extent, at)
    answers[key] = answer
    return answer
  }
}
