// A condition on fields, made ready for the bytes of records: the test, the fields that it asks, and the values that they must have.

import type { Condition, Item, Layout, Literal } from '../../cobol/layout.ts'
import type { CodePage } from '../../codepage/code-page.ts'
import { failure, isFailure } from '../../error/failure.ts'
import type { Kind } from '../kind/kind.ts'
import { type FieldCondition, fieldCondition, type Relation } from '../text/condition.ts'
import type { Extent } from './geometry.ts'
import { compareBytes, conditionTest, literalBytes, singleValues } from './literal.ts'
import type { FieldValues } from './plan.ts'
import { itemNamed, itemsOf } from './record-items.ts'

/** Where a field stands: `at` is the origin of the scope that asks. */
export type Locate = (extent: Extent, at: number) => number

/** Whether a condition holds; 0 where a number that it asks for is none, so that neither it nor its opposite holds. */
type Truth = 1 | 0 | -1
type Test = (extent: Extent, at: number) => Truth

/** A condition on the fields of a record. */
export interface ReadyCondition {
  readonly holds: (extent: Extent, at: number) => boolean
  readonly fields: readonly Item[]
  /** Alternatives, each with all values that some fields may have where it holds; none where no list of values is known. */
  readonly values: readonly FieldValues[]
}

/** What a condition is made ready with. */
export interface ConditionContext {
  readonly layout: Layout
  readonly page: CodePage
  /** The option that holds the condition, for what is wrong with it. */
  readonly option: string
  readonly storeOf: (item: Item) => Kind
  /** Throws for a field that has another value for each occurrence of a table. */
  readonly locate: (field: Item) => Locate
}

/** Throws LAYOUT_OPTION_INVALID with the field and what to write instead. */
export function readyCondition(text: string, context: ConditionContext): ReadyCondition {
  const { test, fields, values } = make(fieldCondition(text, context.option), context)
  return { holds: (extent, at) => test(extent, at) === 1, fields: [...new Set(fields)], values: values ?? [] }
}

interface Made {
  readonly test: Test
  readonly fields: readonly Item[]
  readonly values: readonly FieldValues[] | undefined
}

function make(condition: FieldCondition, context: ConditionContext): Made {
  switch (condition.kind) {
    case 'all':
      return makeAll(condition.parts.map((part) => make(part, context)))
    case 'any':
      return makeAny(condition.parts.map((part) => make(part, context)))
    case 'not': {
      const { test, fields } = make(condition.part, context)
      return { test: (extent, at) => opposite(test(extent, at)), fields, values: undefined }
    }
    case 'named':
      return makeNamed(condition.name, context)
    case 'relation':
      return makeRelation(condition.field, condition.relation, condition.literal, context)
  }
}

const opposite = (truth: Truth): Truth => (truth === 1 ? -1 : truth === -1 ? 1 : 0)
const truthOf = (holds: boolean): Truth => (holds ? 1 : -1)

function makeAll(parts: readonly Made[]): Made {
  const test: Test = (extent, at) => {
    let truth: Truth = 1
    for (const part of parts) {
      const one = part.test(extent, at)
      if (one === -1) return -1
      if (one === 0) truth = 0
    }
    return truth
  }
  const known = parts.flatMap(({ values }) => (values ? [values] : []))
  const [first, ...others] = known
  return { test, fields: parts.flatMap(({ fields }) => fields), values: first && others.reduce(both, first) }
}

function makeAny(parts: readonly Made[]): Made {
  const test: Test = (extent, at) => {
    let truth: Truth = -1
    for (const part of parts) {
      const one = part.test(extent, at)
      if (one === 1) return 1
      if (one === 0) truth = 0
    }
    return truth
  }
  const lists = parts.map(({ values }) => values)
  const isKnown = lists.every((list) => list !== undefined)
  return { test, fields: parts.flatMap(({ fields }) => fields), values: isKnown ? merged(lists.flat()) : undefined }
}

/** More alternatives than these say too little: the first of the two alone. */
const mostAlternatives = 16

/** Values where both hold. */
function both(first: readonly FieldValues[], second: readonly FieldValues[]): readonly FieldValues[] {
  if (first.length * second.length > mostAlternatives) return first
  const alternatives = first.flatMap((one) => second.map((other) => combined(one, other)))
  return alternatives.filter((one) => [...one.values()].every((values) => values.length > 0))
}

function combined(one: FieldValues, other: FieldValues): FieldValues {
  const values = new Map(one)
  for (const [field, own] of other) {
    const known = values.get(field)
    values.set(field, known ? known.filter((value) => own.includes(value)) : own)
  }
  return values
}

/** Alternatives about one and the same field become one. */
function merged(alternatives: readonly FieldValues[]): readonly FieldValues[] {
  const [first] = alternatives
  const [field] = first?.keys() ?? []
  if (!field || !alternatives.every((one) => one.size === 1 && one.has(field))) return alternatives
  return [new Map([[field, [...new Set(alternatives.flatMap((one) => one.get(field) ?? []))]]])]
}

function invalid({ option }: ConditionContext, problem: string) {
  return failure('LAYOUT_OPTION_INVALID', { option, problem })
}

function makeNamed(name: string, context: ConditionContext): Made {
  const { page, storeOf, locate } = context
  const { field, condition } = conditionNamed(name, context)
  const store = storeOf(field)
  const holds = conditionTest(condition, store, page)
  const place = locate(field)
  const values = singleValues([condition], store, page)
  return {
    test: (extent, at) => truthOf(holds(extent.source, place(extent, at))),
    fields: [field],
    values: values && [new Map([[field, values]])],
  }
}

/** The level 88 of a name, `NAME` or `NAME OF FIELD`. */
function conditionNamed(name: string, context: ConditionContext): { field: Item; condition: Condition } {
  const { layout } = context
  const [own, ...above] = name.split(' OF ')
  const all = [...itemsOf(layout.root)].flatMap((field) => field.conditions.map((condition) => ({ field, condition })))
  const found = all.filter(({ field, condition }) => condition.name === own && isBelow(field, above))
  const [only] = found
  if (only && found.length === 1) return only
  if (only) throw invalid(context, `${name} is a level 88 of several fields: say ${name} OF FIELD`)
  const isField = [...itemsOf(layout.root)].some((field) => field.name === own)
  throw invalid(
    context,
    isField ? `${name} is a field: say what it must be, ${name} = 'A'` : `${name} is no level 88 of ${layout.name}`,
  )
}

function isBelow(field: Item, names: readonly string[]): boolean {
  let up: Item | undefined = field
  return names.every((name) => {
    while (up && up.name !== name) up = up.parent
    return up !== undefined
  })
}

function makeRelation(name: string, relation: Relation, literal: Literal, context: ConditionContext): Made {
  const field = fieldNamed(name, context)
  const { page, storeOf, locate } = context
  const store = storeOf(field)
  const place = locate(field)
  const compare = comparison(field, literal, relation, context)
  const values = relation === '=' ? singleValues([equalTo(literal)], store, page) : undefined
  return {
    test: (extent, at) => compare(extent.source, place(extent, at)),
    fields: [field],
    values: values && [new Map([[field, values]])],
  }
}

function fieldNamed(name: string, context: ConditionContext): Item {
  try {
    return itemNamed(context.layout, name)
  } catch (error) {
    if (isFailure(error)) throw invalid(context, `${error.what}; ${error.hint}`)
    throw error
  }
}

const equalTo = (from: Literal): Pick<Condition, 'values'> => ({ values: [{ from }] })

type Compare = (source: Uint8Array, at: number) => Truth

const verdicts: Readonly<Record<Relation, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

/** Numbers, dates and texts with their length compare by their value; anything else by its bytes, in the order of the code page. */
function comparison(field: Item, literal: Literal, relation: Relation, context: ConditionContext): Compare {
  const { page, storeOf } = context
  const store = storeOf(field)
  const { shape } = store
  const other = literalFor(field, literal, context)
  const bytes = literalBytes(other, store, page)
  if (!bytes) throw unfit(field, literal, context)
  const verdict = verdicts[relation]
  const isOrder = relation !== '=' && relation !== '<>'
  const isPlain = other.kind === 'text' || other.kind === 'number'
  const isValue =
    shape.type === 'decimal' || shape.type === 'date' || (shape.type === 'text' && field.children.length > 0)
  if (!isPlain || !isValue) {
    if (isOrder && (shape.type !== 'text' || store.length !== bytes.length)) throw unordered(field, context)
    return (source, at) => truthOf(verdict(compareBytes(source, at, bytes)))
  }
  const trace = { residue: false }
  const wanted = store.read(bytes, 0, trace)
  if (typeof wanted !== 'string') throw unfit(field, literal, context)
  const order = shape.type === 'decimal' ? compareDecimals : compareTexts
  return (source, at) => {
    const value = store.read(source, at, trace)
    return typeof value === 'string' ? truthOf(verdict(order(value, wanted))) : 0
  }
}

/** ZERO of a number is the number. */
function literalFor(field: Item, literal: Literal, context: ConditionContext): Literal {
  const { type } = context.storeOf(field).shape
  const isNumber = type === 'decimal'
  if (isNumber && literal.kind === 'figurative' && literal.name === 'ZERO') return { kind: 'number', text: '0' }
  if (isNumber && literal.kind === 'text') return { kind: 'number', text: literal.text }
  if (!isNumber && literal.kind === 'number') {
    throw invalid(context, `${field.name} is no number: write '${literal.text}' in quotes`)
  }
  return literal
}

function unfit(field: Item, literal: Literal, context: ConditionContext) {
  const text = literal.kind === 'text' || literal.kind === 'number' ? literal.text : 'the literal'
  return invalid(context, `${text} does not fit ${field.name}${field.picture ? ` PIC ${field.picture.text}` : ''}`)
}

function unordered(field: Item, context: ConditionContext) {
  return invalid(context, `${field.name} has no order for such a literal: compare it with = or <>`)
}

/** Decimals of one scale: the longer is the larger. */
function compareDecimals(one: string, other: string): number {
  const [isNegative, isOtherNegative] = [one.startsWith('-'), other.startsWith('-')]
  if (isNegative !== isOtherNegative) return isNegative ? -1 : 1
  const order = one.length === other.length ? compareTexts(one, other) : one.length - other.length
  return isNegative ? -order : order
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
