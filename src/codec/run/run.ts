// What one reading or writing of a record carries along, and the Failures that it ends in.

import { isObject, type JsonObject, type JsonValue } from '../../contract/json.ts'
import { type Failure, failure } from '../../error/failure.ts'
import { hexOf, writeHex } from '../kind/bytes.ts'
import { refused, type Trace, type WriteRefusal } from '../kind/kind.ts'
import { plainDecimal } from '../number/decimal.ts'
import type { Extent } from '../plan/geometry.ts'
import type { ChoiceMember, FieldMember, GroupMember, HiddenMember, Plan, TableMember } from '../plan/plan.ts'

/** One record while it is decoded or encoded; used again for the next, so that none of it is allocated anew. */
export interface Run extends Extent {
  readonly trace: Trace
  /** Fields whose bytes differ from the canonical encoding of their value; they go into `$residue`. */
  readonly nonCanonical: NonCanonical[]
  /** Decoding: the JSON output. Encoding: the JSON input. `view` covers the same bytes. */
  out: Uint8Array
  view: DataView
  /** The origin of what follows the last variable-length table. */
  origin: number
  /** For each counter: 0 nothing said, 1 the caller gave it, 2 it was counted from an array, 3 the caller gave what is no count. */
  readonly counted: Uint8Array
  /** For each counter of codes that was counted from arrays: the codes that say the number of elements of all tables so far. */
  readonly codes: (readonly string[])[]
  /** Checks that need the whole record; run before the residue is applied. */
  readonly deferred: (() => void)[]
  /** Checks of views that the canonical bytes do not choose; run after the residue is applied, which may say what a null stood for. */
  readonly unchosen: (() => void)[]
  /** Checks of views beside the written one; run after the residue is applied. */
  readonly afterResidue: (() => void)[]
  /** For the direct JSON path: checks that a skipped view still agrees with the final bytes. */
  readonly compared: (() => boolean)[]
}

/** A field, or bytes that JSON does not show, whose bytes are not the canonical encoding; `at` is the origin of its scope. */
export interface NonCanonical {
  readonly member: FieldMember | HiddenMember
  readonly at: number
}

const nothing = new Uint8Array(0)

/** A run with no record yet; `source`, `start` and `end` are set before each use. */
export function newRun(plan: Plan): Run {
  return {
    source: new Uint8Array(0),
    start: 0,
    end: 0,
    indexes: new Int32Array(Math.max(1, plan.depth)),
    trace: { residue: false },
    nonCanonical: [],
    out: nothing,
    view: new DataView(nothing.buffer),
    origin: 0,
    counted: new Uint8Array(plan.slots),
    codes: [],
    deferred: [],
    unchosen: [],
    afterResidue: [],
    compared: [],
  }
}

/** Makes room for JSON up to `end`, and for a word that is stored over it. */
export function room(run: Run, end: number): void {
  if (end + 8 <= run.out.length) return
  const larger = new Uint8Array(Math.max(end + 8, 2 * run.out.length))
  larger.set(run.out)
  aimJson(run, larger)
}

/** Notes a field whose reading has set the trace. */
export function noteOdd(member: FieldMember, run: Run, at: number): void {
  run.trace.residue = false
  run.nonCanonical.push({ member, at })
}

/** Lets the run write its JSON into `out`. */
export function aimJson(run: Run, out: Uint8Array): void {
  run.out = out
  run.view = new DataView(out.buffer, out.byteOffset, out.byteLength)
}

/** Own members only: `constructor` and its like are names as any other. */
export function memberOf(from: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(from, key) ? from[key] : undefined
}

/** What a given value says about a count. */
export function saidBy(value: JsonValue | undefined): number {
  if (value === undefined) return 0
  return typeof value === 'string' || typeof value === 'number' ? 1 : 3
}

type NamedMember = FieldMember | GroupMember | TableMember | ChoiceMember

/** `entries[].amount` with the indexes of the moment: `entries[3].amount`. */
export function pathNow(path: string, { indexes }: Extent): string {
  let depth = 0
  return path.replace(/\[\]/g, () => `[${indexes[depth++]}]`)
}

/** What every failure about a field names: its COBOL name, its path with subscripts, its picture. */
export function factsOf(member: NamedMember, run: Extent) {
  return {
    field: member.item.name ?? 'FILLER',
    path: pathNow(member.path, run),
    picture: member.item.picture?.text,
  }
}

/** The Failure for bytes that a field cannot hold. The bytes go into its detail. */
export function bytesInvalid(member: FieldMember, source: Uint8Array, at: number, run: Extent): Failure {
  const { index, expected, found } = member.store.explain(source, at)
  return failure(
    'FIELD_BYTES_INVALID',
    { ...factsOf(member, run), offset: at - run.start + index, expected, found },
    { detail: { hex: hexOf(source, at, at + member.store.length) } },
  )
}

export type Raw = { readonly $raw: string }

/** What a field with bytes that are not valid becomes: by its policy a value, or a Failure. */
export function invalidValue(member: FieldMember, at: number, run: Run): JsonValue {
  const { policy, store } = member
  if (policy === 'error') throw bytesInvalid(member, run.source, at, run)
  if (policy === 'raw') return { $raw: hexOf(run.source, at, at + store.length) }
  run.trace.residue = true
  return policy === 'null' ? null : jsonOf(member, store.read(store.initial, 0, { residue: false }) ?? null)
}

/** A value as JSON has it. */
export function jsonOf({ asNumber }: FieldMember, value: string | null): string | number | null {
  return asNumber && value !== null ? Number(value) : value
}

/** What a set of views becomes when its rule chooses none. */
export function unknownView(member: ChoiceMember, by: string, at: number, run: Run): JsonValue {
  const position = at + member.offset
  if (member.policy === 'error') {
    const { field, path } = factsOf(member, run)
    throw failure('VIEW_UNKNOWN', { field, path, offset: position - run.start, by })
  }
  if (member.policy === 'raw') return { $raw: hexOf(run.source, position, position + member.length) }
  run.nonCanonical.push({ member: { kind: 'hidden', offset: member.offset, bytes: member.initial }, at })
  return null
}

/** Writes what is no string: null and raw bytes where the policy gives them; nothing for what may be left out. */
export function writeOther(member: FieldMember, value: JsonValue | undefined, at: number, run: Run): void {
  const { store, policy } = member
  if (value === undefined) {
    if (member.required) throw failure('VALUE_MISSING', factsOf(member, run))
    return
  }
  if (member.asNumber && typeof value === 'number') {
    const verdict = store.write(plainDecimal(value), run.source, at)
    if (verdict !== refused.none) throw refusal(member, verdict, run)
    return
  }
  if (value === null && isNullable(member)) {
    run.source.set(store.initial, at)
    return
  }
  if (policy === 'raw' && isRaw(value)) {
    if (!writeHex(value.$raw, run.source, at, store.length)) throw refusal(member, refused.notHex, run)
    return
  }
  throw failure('VALUE_TYPE_WRONG', {
    ...factsOf(member, run),
    expected: member.asNumber ? 'a number' : 'a string',
    found: typeWord(value),
  })
}

function isNullable({ store, policy }: FieldMember): boolean {
  return policy === 'null' || (store.shape.type === 'date' && store.shape.nullable)
}

/** Whether a JSON value is `{ "$raw": "hex" }`: the bytes of a field that holds no value of its picture. */
export function isRaw(value: JsonValue | undefined): value is Raw {
  return isObject(value) && typeof value.$raw === 'string' && Object.keys(value).length === 1
}

/** The JSON type of a value, as messages name it; never the value. */
export function typeWord(value: JsonValue | undefined): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

const codes = {
  [refused.notANumber]: 'VALUE_NOT_A_NUMBER',
  [refused.tooLarge]: 'VALUE_TOO_LARGE',
  [refused.tooPrecise]: 'VALUE_TOO_PRECISE',
  [refused.negative]: 'VALUE_NEGATIVE',
  [refused.notADate]: 'VALUE_NOT_A_DATE',
  [refused.notACount]: 'COUNTER_VALUE_UNKNOWN',
} as const

/** The Failure for a value that a field refused. */
export function refusal(member: FieldMember, verdict: WriteRefusal, run: Extent, codePage = 'the code page'): Failure {
  const facts = factsOf(member, run)
  const { shape, length } = member.store
  switch (verdict) {
    case refused.tooLong:
      return failure('VALUE_TOO_LONG', { ...facts, most: shape.type === 'text' ? shape.maximum : length })
    case refused.notInCodePage:
      return failure('VALUE_NOT_IN_CODE_PAGE', { ...facts, codePage })
    case refused.notHex:
      return failure('VALUE_NOT_HEX', { ...facts, bytes: length })
    default:
      return failure(codes[verdict], facts)
  }
}
