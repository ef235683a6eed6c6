// JSON Schema (draft 2020-12) of what a codec gives and takes: a whole record, or the group that its plan shows.

import type { MessageSide } from '../contract/backend.ts'
import type { JsonSchema } from '../contract/json.ts'
import { decimalBounds, decimalPattern } from './decimal-pattern.ts'
import type { DecimalShape } from './kind/kind.ts'
import { sizesOf } from './plan/counter.ts'
import type { ChoiceMember, FieldMember, GroupMember, Member, Plan, TableMember } from './plan/plan.ts'
import {
  boundsOf,
  describeItem,
  isNeeded,
  namedMembers,
  type Presence,
  presenceOf,
  type ValueBound,
} from './shape-rules.ts'

/**
 * Schema of the JSON object of a plan. `request`: what a caller may send, text left out is blank; `reply`: what decoding gives.
 * Amounts are strings with a pattern, level 88 items enums, views of a REDEFINES `oneOf`. Where records may end early, only what they begin with
 * must be there. Carries no `$schema` and no `$id`.
 */
export function jsonSchemaOf(plan: Plan, side: MessageSide): JsonSchema {
  const { properties = {}, ...rest } = objectSchema(plan.members, presenceOf(plan, side), 0)
  const residue = plan.residue
    ? { $residue: { type: 'string', description: 'What the values do not say; see the docs' } }
    : {}
  return { ...rest, properties: { ...properties, ...residue } }
}

/** `start`: where in the layout the object begins. */
function objectSchema(all: readonly Member[], presence: Presence, start: number): JsonSchema {
  const members = namedMembers(all)
  const properties: Record<string, JsonSchema> = {}
  const required: string[] = []
  const choices: JsonSchema[] = []
  for (const member of members) {
    if (member.kind === 'choice') {
      Object.assign(properties, viewProperties(member, presence))
      if (member.rule) choices.push(viewSchema(member, members, presence))
    } else if (member.kind !== 'hidden' && member.kind !== 'fill') {
      properties[member.key] = memberSchema(member, presence)
      if (isNeeded(member, presence, start)) required.push(member.key)
    }
  }
  return {
    type: 'object',
    properties,
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
    ...(choices.length === 1 ? choices[0] : choices.length > 1 ? { allOf: choices } : {}),
  }
}

function memberSchema(member: FieldMember | GroupMember | TableMember, presence: Presence): JsonSchema {
  switch (member.kind) {
    case 'field':
      return fieldSchema(member)
    case 'group':
      return { ...objectSchema(member.members, presence, member.item.offset), description: describeItem(member.item) }
    case 'table':
      return tableSchema(member, presence)
  }
}

function tableSchema(member: TableMember, presence: Presence): JsonSchema {
  const { counter, outside, element, item } = member
  const { least: minimum, most: maximum } = sizesOf(member)
  const written = counter || outside || presence.side === 'reply' ? minimum : 0
  // A table of which nothing was written is absent as a whole.
  const least = presence.mayEnd ? Math.min(written, 1) : written
  return {
    type: 'array',
    items: memberSchema(element, presence),
    ...(least > 0 ? { minItems: least } : {}),
    maxItems: maximum,
    description: describeItem(item),
  }
}

function fieldSchema(member: FieldMember): JsonSchema {
  const schema = {
    ...valueSchema(member),
    description: describeItem(member.item),
    ...(member.fieldClass ? { 'x-class': member.fieldClass } : {}),
  }
  return member.policy === 'raw' ? { anyOf: [schema, rawSchema(member.store.length)] } : schema
}

function rawSchema(bytes: number): JsonSchema {
  return {
    type: 'object',
    properties: { $raw: { type: 'string', pattern: `^[0-9A-F]{${2 * bytes}}$` } },
    required: ['$raw'],
    additionalProperties: false,
    description: 'Bytes that are not valid for the picture, in hexadecimal',
  }
}

function valueSchema(member: FieldMember): JsonSchema {
  const { store, policy } = member
  const { shape } = store
  const nullable = policy === 'null' || (shape.type === 'date' && shape.nullable)
  const plain = plainSchema(member)
  const type = nullable ? [plain.type, 'null'] : plain.type
  const values = valuesOf(member)
  return values ? { type, enum: nullable ? [...values, null] : values } : { ...plain, type }
}

/** The values that a field may have, as JSON has them. */
function valuesOf({ values, asNumber }: FieldMember): readonly (string | number)[] | undefined {
  return asNumber ? values?.map(Number) : values
}

function plainSchema({ store: { shape }, asNumber }: FieldMember): JsonSchema & { readonly type: string } {
  switch (shape.type) {
    case 'decimal':
      return asNumber ? numberSchema(shape) : { type: 'string', ...decimalPattern(shape) }
    case 'text':
      return { type: 'string', maxLength: shape.maximum }
    case 'float':
      return { type: 'string', pattern: '^-?(0|[1-9][0-9]*)(\\.[0-9]+)?(e[+-]?[0-9]{1,3})?$', maxLength: 32 }
    case 'hex':
      return { type: 'string', pattern: `^[0-9A-F]{${2 * shape.bytes}}$` }
    case 'date':
      return { type: 'string', ...(shape.format ? { format: shape.format } : {}), pattern: shape.pattern }
  }
}

/** A decimal as a number. Its scale is left to the codec: multiples of 0.01 are not exact in what most validators compute with. */
function numberSchema(shape: DecimalShape) {
  const { scale } = shape
  const range = decimalBounds(shape)
  if (scale > 0) return { type: 'number', ...range }
  return { type: 'integer', ...range, ...(scale < 0 ? { multipleOf: 10 ** -scale } : {}) }
}

function viewProperties(
  { views, rule, policy, length, key, item }: ChoiceMember,
  presence: Presence,
): Record<string, JsonSchema> {
  const properties: Record<string, JsonSchema> = {}
  for (const view of views) Object.assign(properties, objectSchema(view.members, presence, item.offset).properties)
  if (!rule || policy === 'error') return properties
  const whole = properties[key]
  const other = policy === 'raw' ? rawSchema(length) : { type: 'null' }
  return { ...properties, [key]: whole ? { anyOf: [whole, other] } : other }
}

function boundProperties(bounds: readonly ValueBound[]): Record<string, JsonSchema> {
  return Object.fromEntries(
    bounds.map(({ field, values }) => [field.key, { enum: field.asNumber ? values.map(Number) : values }]),
  )
}

/** Exactly one view; its deciding values where the same object has them. */
function viewSchema(choice: ChoiceMember, members: readonly Member[], { side, mayEnd }: Presence): JsonSchema {
  const allRequired = choice.views.map(({ keys, required, members: own }) => {
    const inner = objectSchema(own, { side: 'reply', mayEnd }, choice.item.offset).required ?? []
    return side === 'reply' || required ? (inner.length > 0 ? inner : keys) : keys.slice(0, 1)
  })
  const none = { not: { anyOf: choice.views.flatMap(({ keys }) => keys.map((one) => ({ required: [one] }))) } }
  const alternatives = choice.views.flatMap((view, i): readonly JsonSchema[] => {
    const bounds = boundsOf(choice, i, members).map((one) => ({ properties: boundProperties(one) }))
    const bound = bounds.length > 1 ? { anyOf: bounds } : bounds[0]
    if (view.keys.length === 0) return mayEnd ? [] : [{ ...bound, ...none }]
    // A view without a key of its own may end before some of its members.
    if (mayEnd && view.keys.length > 1)
      return [{ allOf: [{ ...bound }, { anyOf: view.keys.map((one) => ({ required: [one] })) }] }]
    return [{ ...bound, required: allRequired[i] ?? [] }]
  })
  const isOptional = side === 'request' && !choice.required && choice.views.every(({ keys }) => keys.length > 0)
  if (mayEnd || isOptional) alternatives.push(none)
  return { oneOf: alternatives }
}
