// A record transaction on the wire: the request group's JSON → the whole record, the record that comes back → the reply group's JSON.

import type { Item, Layout } from '../cobol/layout.ts'
import { jsonSchemaOf } from '../codec/json-schema.ts'
import { type Kind, refused as refusals } from '../codec/kind/kind.ts'
import { plainDecimal } from '../codec/number/decimal.ts'
import type { Extent, Place } from '../codec/plan/geometry.ts'
import { depthOf } from '../codec/plan/geometry.ts'
import { conditionTest, jsonValueOf } from '../codec/plan/literal.ts'
import type { Plan } from '../codec/plan/plan.ts'
import { itemNamed, itemsOf } from '../codec/plan/record-items.ts'
import { type RecordCodec, recordCodec } from '../codec/record-codec.ts'
import { jsonOf } from '../codec/run/run.ts'
import { endInLayout, shortPlan } from '../codec/run/short-record.ts'
import { sameValue } from '../codec/same-value.ts'
import { echoPairs, type RecordTransaction } from '../contract/adapter.ts'
import type { Wire } from '../contract/backend.ts'
import { isObject, type JsonObject, type JsonValue, merged, nested } from '../contract/json.ts'
import type { Verdict } from '../contract/outcome.ts'
import { unclear } from '../contract/outcome.ts'
import { failure, isFailure } from '../error/failure.ts'
import { refusalCheck } from './refusal.ts'

/**
 * The wire of a transaction. The reference field, and every item over the same bytes, is hidden from callers and set by `fields`.
 * Throws FIELD_UNKNOWN, FIELD_AMBIGUOUS, LAYOUT_OPTION_INVALID, VIEW_MISSING, CODE_PAGE_UNKNOWN.
 */
export function recordWire(definition: RecordTransaction, layout: Layout, codePage: string): Wire {
  const { reference, request, reply } = definition
  const hide = reference === undefined ? [] : itemsOver(layout, itemNamed(layout, reference))
  const side = (group: string | undefined) =>
    recordCodec(layout, {
      ...definition.fields,
      codePage,
      hide,
      canonical: true,
      undeclaredViews: 'refuse',
      // Asked for only where the status says no: what is done must be told whole.
      short: 'views',
      ...(group === undefined ? {} : { group }),
    })
  const sides = { request: side(request), reply: side(reply) }
  const verdictOf = verdictReader(definition, sides.reply.plan)
  const unechoed = echoReader(definition, sides.reply.plan)
  const checks = [sides.reply, ...(request === reply ? [] : [sides.request])].map(({ plan }) => refusalCheck(plan))
  const astrayIn = (sent: Uint8Array | undefined, bytes: Uint8Array) => {
    const astray = sent && unechoed(sent, bytes)
    return astray && astray.length > 0 ? { unechoed: astray } : {}
  }
  return {
    target: definition.program,
    requestSchema: jsonSchemaOf(sides.request.plan, 'request'),
    replySchema: jsonSchemaOf(sides.reply.plan, 'reply'),
    maxReplyBytes: layout.maximumLength,
    encode: (body, fields = {}) => {
      const { plan } = sides.request
      const names = Object.keys(fields)
      const shown = names.filter((name) => shownPath(plan, name) !== undefined)
      const given = bodyOf(plan, Object.fromEntries(shown.map((name) => [name, fields[name] ?? ''])))
      const bytes = sides.request.encode(merged(body, given))
      for (const name of names) if (!shown.includes(name)) setField(plan, bytes, name, fields[name] ?? '')
      return bytes
    },
    read: (bytes, sent) => {
      const refusal = shortRefusal(sides.reply, bytes, verdictOf)
      if (refusal) return { ...refusal, ...astrayIn(sent, bytes) }
      checkLength(sides.reply, bytes)
      const { verdict, status } = verdictOf(bytes)
      const refused = isRefusal(verdict)
      if (refused) for (const check of checks) check(bytes)
      const body = refused
        ? refusalBody(sides.reply, bytes, definition.outcome.field, status)
        : sides.reply.decode(bytes)
      return { verdict, body, ...astrayIn(sent, bytes) }
    },
    typeOf: (which, field) => typeOf(sides[which].plan, field),
    valueOf: (which, body, field) => valueAt(body, shownPath(sides[which].plan, field)),
    bodyOf: (which, values) => bodyOf(sides[which].plan, values),
  }
}

/** An item and all elementary items that share bytes with it. */
function itemsOver(layout: Layout, item: Item): Item[] {
  if (depthOf(item) > 0 || item.occurs) {
    throw failure('LAYOUT_OPTION_INVALID', { option: 'reference', problem: `${item.name} is in a table` })
  }
  const overlaps = (one: Item) => one.offset < item.offset + item.length && item.offset < one.offset + one.length
  return [item, ...[...itemsOf(layout.root)].filter((one) => one.children.length === 0 && overlaps(one))]
}

const isRefusal = ({ verdict }: Verdict): boolean => verdict === 'rejected' || verdict === 'duplicate'

/** A reply that ends early, with the view that its refusing status chooses. Undefined for any other: it counts only as a whole. */
function shortRefusal(
  codec: RecordCodec,
  bytes: Uint8Array,
  verdictOf: ReturnType<typeof verdictReader>,
): { verdict: Verdict; body: JsonObject } | undefined {
  try {
    const end = endInLayout(codec.plan, extentOf(codec.plan, bytes))
    const plan = end === undefined ? undefined : shortPlan(codec.plan, end, 'views')
    if (!plan) return undefined
    const { verdict } = verdictOf(bytes)
    if (!isRefusal(verdict)) return undefined
    refusalCheck(plan)(bytes)
    return { verdict, body: codec.decode(bytes) }
  } catch (error) {
    if (!isFailure(error)) throw error
    return undefined
  }
}

/** A COMMAREA comes back with its current length or, as IBM lets programs do, with its greatest. Anything else is not this record. */
function checkLength(codec: RecordCodec, bytes: Uint8Array): void {
  const length = codec.lengthOf(bytes)
  if (bytes.length === length || bytes.length === codec.maximumLength) return
  throw failure('RECORD_TOO_LONG', { record: codec.layout.name, most: length, got: bytes.length })
}

/**
 * The reply group's JSON. Programs that refuse often leave the rest of their reply unset (blanks in numbers): then the status alone is the
 * body, since the verdict is certain (`refusalCheck`) and nothing else was promised.
 */
function refusalBody(codec: RecordCodec, bytes: Uint8Array, field: string, status: string | undefined): JsonObject {
  try {
    return codec.decode(bytes)
  } catch (error) {
    if (!isFailure(error)) throw error
    const shown = shownPath(codec.plan, field) !== undefined
    return shown && status !== undefined ? bodyOf(codec.plan, { [field]: status }) : {}
  }
}

/**
 * Reads which of the echoed fields do not come back as they were sent: the same bytes, or the same value where two fields differ in
 * picture. Throws FIELD_UNKNOWN, FIELD_AMBIGUOUS, LAYOUT_OPTION_INVALID.
 */
function echoReader({ echoes = [] }: RecordTransaction, plan: Plan) {
  const pairs = echoPairs(echoes).map(([name, from]) => ({
    name,
    back: fieldPlace(plan, name, 'echoes'),
    out: fieldPlace(plan, from, 'echoes'),
  }))
  return (sent: Uint8Array, reply: Uint8Array): readonly string[] =>
    pairs.flatMap(({ name, back, out }) => (isEchoed(plan, sent, out, reply, back) ? [] : [name]))
}

interface FieldPlace {
  readonly item: Item
  readonly at: Place
}

function fieldPlace(plan: Plan, name: string, option: string): FieldPlace {
  const item = itemNamed(plan.layout, name)
  if (depthOf(item) > 0 || item.occurs)
    throw failure('LAYOUT_OPTION_INVALID', { option, problem: `${name} is in a table` })
  return { item, at: plan.geometry.placeOf(item) }
}

function isEchoed(plan: Plan, sent: Uint8Array, out: FieldPlace, reply: Uint8Array, back: FieldPlace): boolean {
  const from = out.at(extentOf(plan, sent))
  const at = back.at(extentOf(plan, reply))
  const { length } = out.item
  if (at + back.item.length > reply.length) return false
  if (back.item.length === length && same(sent, from, reply, at, length)) return true
  if (out.item.children.length > 0 || back.item.children.length > 0) return false
  const stores = { out: plan.storeOf(out.item), back: plan.storeOf(back.item) }
  const one = stores.out.read(sent, from, { residue: false })
  const other = stores.back.read(reply, at, { residue: false })
  if (one === undefined || other === undefined) return false
  return sameValue(one ?? undefined, other ?? undefined, isNumber(stores.out) || isNumber(stores.back))
}

function same(one: Uint8Array, from: number, other: Uint8Array, at: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (one[from + i] !== other[at + i]) return false
  return true
}

function isNumber({ shape }: Kind): boolean {
  return shape.type === 'decimal' || shape.type === 'float'
}

function verdictReader({ outcome }: RecordTransaction, plan: Plan) {
  const { layout, page } = plan
  const item = itemNamed(layout, outcome.field)
  const store = plan.storeOf(item)
  const place = plan.geometry.placeOf(item)
  const verdicts = new Map<string, Verdict>()
  const tests: { verdict: Verdict; test: (source: Uint8Array, at: number) => boolean }[] = []
  for (const [value, verdict] of Object.entries(outcome.verdicts)) {
    const condition = item.conditions.find((one) => one.name === value.toUpperCase())
    if (condition) tests.push({ verdict, test: conditionTest(condition, store, page) })
    else verdicts.set(jsonValueOf(value, store, page), verdict)
  }
  return (bytes: Uint8Array): { verdict: Verdict; status: string | undefined } => {
    const at = place(extentOf(plan, bytes))
    if (at + store.length > bytes.length) return { verdict: unclear, status: undefined }
    const status = store.read(bytes, at, { residue: false }) ?? undefined
    const verdict = status === undefined ? undefined : verdicts.get(status)
    return { verdict: verdict ?? tests.find(({ test }) => test(bytes, at))?.verdict ?? unclear, status }
  }
}

function extentOf(plan: Plan, bytes: Uint8Array): Extent {
  return { source: bytes, start: 0, end: bytes.length, indexes: new Int32Array(Math.max(1, plan.depth)) }
}

/** Writes one field of an encoded record by its COBOL name. */
function setField(plan: Plan, bytes: Uint8Array, name: string, value: string): void {
  const item = itemNamed(plan.layout, name)
  const store = plan.storeOf(item)
  if (depthOf(item) > 0 || item.occurs) {
    throw failure('LAYOUT_OPTION_INVALID', { option: name, problem: 'it is in a table' })
  }
  const verdict = store.write(value, bytes, plan.geometry.placeOf(item)(extentOf(plan, bytes)))
  if (verdict === refusals.none) return
  throw failure('LAYOUT_OPTION_INVALID', {
    option: name,
    problem: `the value does not fit PIC ${item.picture?.text ?? '(group)'}`,
  })
}

function typeOf(plan: Plan, field: string): 'number' | 'text' | undefined {
  const item = [...itemsOf(plan.layout.root)].some(({ name }) => name === field.toUpperCase())
  if (!item || shownPath(plan, field) === undefined) return undefined
  return isNumber(plan.storeOf(itemNamed(plan.layout, field))) ? 'number' : 'text'
}

/** Names from the body to a field; undefined where this side does not show it, or shows it in a table. */
function shownPath(plan: Plan, field: string): readonly string[] | undefined {
  const path = plan.fields.get(itemNamed(plan.layout, field))?.path
  return path === undefined || path.includes('[]') ? undefined : path.split('.')
}

function valueAt(body: JsonObject, path: readonly string[] | undefined): string | undefined {
  let value: JsonValue | undefined = path && body
  for (const key of path ?? []) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  if (typeof value === 'number') return plainDecimal(value)
  return typeof value === 'string' ? value : undefined
}

function bodyOf(plan: Plan, values: Readonly<Record<string, string>>): JsonObject {
  let body: JsonObject = {}
  for (const [field, value] of Object.entries(values)) {
    const path = shownPath(plan, field)
    if (!path) throw failure('VALUE_UNKNOWN', { path: field, record: plan.layout.name })
    const member = plan.fields.get(itemNamed(plan.layout, field))
    body = merged(body, nested(path, member ? jsonOf(member, value) : value))
  }
  return body
}
