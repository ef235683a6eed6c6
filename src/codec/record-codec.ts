// The codec of one record: bytes ⇄ JSON, compiled once from a layout.

import type { Layout } from '../cobol/layout.ts'
import { type CodePage, codePage } from '../codepage/code-page.ts'
import { isObject, type JsonObject, type JsonValue } from '../contract/json.ts'
import type { Code } from '../error/catalogue.ts'
import { failure, isFailure } from '../error/failure.ts'
import { append, type ByteSink, copier } from './byte-sink.ts'
import { type FieldReader, fieldReader } from './field-reader.ts'
import { plainBytes } from './kind/bytes.ts'
import { once } from './once.ts'
import { buildPlan } from './plan/build-plan.ts'
import type { Plan } from './plan/plan.ts'
import type { PlanOptions } from './plan/plan-context.ts'
import { applyResidue, residueOf } from './residue.ts'
import type { Chunks } from './run/chunks.ts'
import { closureChunks } from './run/closure-chunks.ts'
import { generatedChunks } from './run/generated-chunks.ts'
import { appendLiteral } from './run/json-value.ts'
import { nonCanonicalResidue } from './run/non-canonical-residue.ts'
import { jsonReader } from './run/read-json.ts'
import { objectReader } from './run/read-object.ts'
import { aimJson, newRun, type Run, room, typeWord } from './run/run.ts'
import { completed, endInLayout, endsInLayout, firstToSucceed, shortPlan } from './run/short-record.ts'
import { aimAt, jsonTaker, residueIn } from './run/write-json.ts'
import { objectWriter, reserve } from './run/write-object.ts'

/** How a record is decoded and encoded. */
export interface CodecOptions extends PlanOptions {
  readonly codePage: CodePage | string
  /** Bytes behind the longest record that the layout allows: an error, or kept in `$residue`. Default `error`. */
  readonly surplus?: 'error' | 'keep'
  /** Whether JavaScript may be generated from the layout. Default true; where the process forbids it closures do the same. */
  readonly generate?: boolean
}

/** Bytes ⇄ JSON of one record layout. Made once and used for many records: it keeps buffers of its own. */
export interface RecordCodec {
  readonly layout: Layout
  readonly plan: Plan
  /** Whether JavaScript may be generated from the layout. */
  readonly generate: boolean
  readonly minimumLength: number
  readonly maximumLength: number
  /** Length of the record that starts at `start`, from its counters. Throws RECORD_TOO_SHORT, COUNTER_OUT_OF_RANGE. */
  lengthOf(bytes: Uint8Array, start?: number, end?: number): number
  /** The record between `start` and `end` as JSON. Throws a Failure with field path, offset and picture. */
  decode(bytes: Uint8Array, start?: number, end?: number): JsonObject
  /** The same as UTF-8, appended to `sink`: what `JSON.stringify(decode(…))` gives. */
  decodeToJson(bytes: Uint8Array, start: number, end: number, sink: ByteSink): void
  /** The bytes of a JSON object, in memory that other records may share. Throws a Failure with the path of the value that does not fit. */
  encode(value: JsonObject): Uint8Array
  /** The same from JSON text or UTF-8, appended to `sink`; gives the record's length. Throws also JSON_INVALID. */
  encodeJson(json: string | Uint8Array, sink: ByteSink): number
  /** Reads one field by its COBOL name, without decoding the rest. Throws FIELD_UNKNOWN, FIELD_AMBIGUOUS. */
  field(name: string): FieldReader
}

/** How far `surplus: 'keep'` lets a residue make a record longer. */
const mostSurplus = 16 * 1024 * 1024

/**
 * Compiles a codec. Decimals are strings with the scale of the PICTURE, text is trimmed, tables are arrays, FILLER is hidden.
 * Throws FIELD_UNKNOWN, FIELD_AMBIGUOUS, LAYOUT_OPTION_INVALID, VIEW_MISSING, CODE_PAGE_UNKNOWN.
 */
export function recordCodec(layout: Layout, options: CodecOptions): RecordCodec {
  const page = typeof options.codePage === 'string' ? codePage(options.codePage) : options.codePage
  const plan = buildPlan(layout, page, options)
  const chunks = options.generate === false ? closureChunks : generatedChunks()
  const most = layout.maximumLength + (options.surplus === 'keep' ? mostSurplus : 0)
  const shorter = shortCodecs(plan, most)
  const writer = once(() => recordWriter(plan, chunks, most, shorter))
  const reader = withShortRecords(recordReader(plan, chunks, most, writer), plan, writer, shorter)
  const copy = copier()
  return {
    layout,
    plan,
    generate: options.generate !== false,
    minimumLength: layout.minimumLength,
    maximumLength: layout.maximumLength,
    ...reader,
    encode: (value) => {
      const length = writer().encode(value)
      return copy(writer().run.source, length)
    },
    encodeJson: (json, sink) => {
      const length = writer().encodeJson(json)
      append(sink, writer().run.source.subarray(0, length))
      return length
    },
    field: (name) => fieldReader(plan, name),
  }
}

interface RecordEncoder {
  /** Its source holds what was written last. */
  readonly run: Run
  /** Writes canonical bytes, without a residue; gives their number. */
  readonly canonical: (value: JsonObject) => number
  readonly encode: (value: JsonValue) => number
  readonly encodeJson: (json: string | Uint8Array) => number
}

/** How records that end early are read and written, by where in the layout they end. */
interface ShortCodecs {
  readonly policy: Plan['short']
  /** Undefined where no record may end there. */
  of(end: number): { readonly read: (run: Run) => JsonObject; readonly writer: RecordEncoder } | undefined
}

/** As many ends are kept as a file usually has. */
const mostShortCodecs = 64

function shortCodecs(plan: Plan, most: number): ShortCodecs {
  const { short: policy } = plan
  const known = new Map<number, ReturnType<ShortCodecs['of']>>()
  const make: ShortCodecs['of'] = (end) => {
    const cut = policy === 'refuse' ? undefined : shortPlan(plan, end, policy === 'views' ? 'views' : 'absent')
    return cut && { read: objectReader(cut, closureChunks), writer: recordWriter(cut, closureChunks, most) }
  }
  return {
    policy,
    of: (end) => {
      if (!known.has(end)) {
        if (known.size >= mostShortCodecs) known.clear()
        known.set(end, make(end))
      }
      return known.get(end)
    },
  }
}

function recordWriter(plan: Plan, chunks: Chunks, most: number, shorter?: ShortCodecs): RecordEncoder {
  const write = objectWriter(plan, chunks)
  const run = newRun(plan)
  run.source = new Uint8Array(Math.min(plan.length, 65_536))
  // Not Infinity: V8 of Node 20 can crash while it compiles what reads a field that changes from small integer to double.
  run.end = 0x7fff_ffff
  const canonical = (value: JsonObject): number => {
    run.deferred.length = 0
    run.unchosen.length = 0
    run.afterResidue.length = 0
    const length = write(run, value)
    for (const check of run.deferred) check()
    return length
  }
  const patched = (residue: JsonValue, length: number): number => {
    if (typeof residue !== 'string') throw failure('RESIDUE_INVALID', { problem: `it is ${typeWord(residue)}` })
    return applyResidue(residue, length, most, (end) => {
      reserve(run, end)
      return run.source
    })
  }
  /** Of a record that ended early, fields may be missing. */
  const withoutEnd = (value: JsonObject, residue: JsonValue | undefined): number | undefined => {
    const size = typeof residue === 'string' ? /^=(\d{1,9})/.exec(residue)?.[1] : undefined
    if (size === undefined || !shorter) return undefined
    const writers = endsInLayout(plan, value, Number(size)).flatMap((end) => shorter.of(end)?.writer ?? [])
    return firstToSucceed(writers, (short) => {
      const length = short.encode(value)
      reserve(run, length)
      run.source.set(short.run.source.subarray(0, length))
      return length
    })
  }
  const encode = (given: JsonValue): number => {
    const value = objectOf(given)
    const residue = Object.hasOwn(value, '$residue') ? value.$residue : undefined
    let written: number
    try {
      written = canonical(value)
    } catch (error) {
      if (!isFailure(error) || !lacking.includes(error.code)) throw error
      const length = withoutEnd(value, residue)
      if (length === undefined) throw error
      return length
    }
    const length = residue === undefined ? written : patched(residue, written)
    for (const check of run.unchosen) check()
    for (const check of run.afterResidue) check()
    return length
  }
  const take = jsonTaker(plan, chunks)
  /** -1 where only the way through objects can tell. */
  const directly = (json: string | Uint8Array): number => {
    if (!take) return -1
    const length = aimAt(run, json)
    run.compared.length = 0
    const residueAt = take(run, 0)
    if (residueAt < 0) return -1
    const residue = residueIn(run, residueAt, length, plan.residue)
    if (residue === undefined) return -1
    if (residue === '') return plan.length
    const patchedLength = patched(residue, plan.length)
    return run.compared.every((stillHolds) => stillHolds()) ? patchedLength : -1
  }
  const encodeJson = (json: string | Uint8Array): number => {
    const length = directly(json)
    return length < 0 ? encode(parseJson(json)) : length
  }
  return { run, canonical, encode, encodeJson }
}

/** What values say that lack what a record has. */
const lacking: readonly Code[] = ['VALUE_MISSING', 'TABLE_SIZE_WRONG', 'COUNTER_DISAGREES', 'COUNT_WITHOUT_VALUE']

type RecordDecoder = Pick<RecordCodec, 'lengthOf' | 'decode' | 'decodeToJson'>

function recordReader(plan: Plan, chunks: Chunks, most: number, writer: () => RecordEncoder): RecordDecoder {
  const { layout } = plan
  const read = once(() => objectReader(plan, chunks))
  const readJson = once(() => jsonReader(plan, chunks))
  const run = newRun(plan)
  // Many records of one buffer are the usual case.
  let given: Uint8Array | undefined
  let plain = run.source
  const lengthOf = (bytes: Uint8Array, start: number, end: number): number => {
    if (bytes !== given) {
      given = bytes
      plain = plainBytes(bytes)
    }
    run.source = plain
    run.start = start
    run.end = end
    run.trace.residue = false
    run.nonCanonical.length = 0
    return plan.fixed && end - start >= plan.length ? plan.length : plan.geometry.lengthOf(run)
  }
  /** Whether the record has bytes that it would not have when written anew, or may have. */
  const aim = (bytes: Uint8Array, start: number, end: number): boolean => {
    const length = lengthOf(bytes, start, end)
    const got = end - start
    if (got > most) throw failure('RECORD_TOO_LONG', { record: layout.name, most: layout.maximumLength, got })
    // Padded to the maximum, the bytes behind the current end may be anything.
    return got !== length || (plan.variable === 'maximum' && length !== plan.length)
  }
  const fromOdd = nonCanonicalResidue(plan)
  const residueNow = (surplus: boolean, value: () => JsonObject): string | undefined => {
    if (!plan.residue || (!surplus && run.nonCanonical.length === 0)) return undefined
    if (plan.fixed) return fromOdd(run)
    const { source, start, end } = run
    const length = writer().canonical(value())
    return residueOf(source, start, end, writer().run.source, length)
  }
  return {
    lengthOf: (bytes, start = 0, end = bytes.length) => lengthOf(bytes, start, end),
    decode: (bytes, start = 0, end = bytes.length) => {
      const surplus = aim(bytes, start, end)
      const value = read()(run)
      const residue = residueNow(surplus, () => value)
      if (residue !== undefined) value.$residue = residue
      return value
    },
    decodeToJson: (bytes, start, end, sink) => {
      const surplus = aim(bytes, start, end)
      if (run.out !== sink.bytes) aimJson(run, sink.bytes)
      let to = readJson()(run, sink.length)
      const residue = residueNow(surplus, () => read()(run))
      if (residue !== undefined)
        to = appendLiteral(`${to > sink.length + 1 ? ',' : ''}"$residue":"${residue}"`, run, to)
      room(run, to + 1)
      run.out[to] = 0x7d
      sink.bytes = run.out
      sink.length = to + 1
    },
  }
}

/** The same reader, which also reads records that end early, where they may. */
function withShortRecords(
  reader: RecordDecoder,
  plan: Plan,
  writer: () => RecordEncoder,
  shorter: ShortCodecs,
): RecordDecoder {
  if (shorter.policy === 'refuse') return reader
  const readShort = shortReader(plan, writer, shorter)
  const text = new TextEncoder()
  const { minimumLength } = plan.layout
  /** Saves the Failure of a record that is surely short. */
  const early = (bytes: Uint8Array, start: number, end: number) =>
    end - start < minimumLength ? readShort(bytes, start, end) : undefined
  const late = (error: unknown, bytes: Uint8Array, start: number, end: number): JsonObject => {
    const isTooShort = isFailure(error) && error.code === 'RECORD_TOO_SHORT'
    const value = isTooShort ? readShort(bytes, start, end) : undefined
    if (!value) throw error
    return value
  }
  const appendJson = (value: JsonObject, sink: ByteSink) => append(sink, text.encode(JSON.stringify(value)))
  return {
    lengthOf: reader.lengthOf,
    decode: (bytes, start = 0, end = bytes.length) => {
      try {
        return early(bytes, start, end) ?? reader.decode(bytes, start, end)
      } catch (error) {
        return late(error, bytes, start, end)
      }
    },
    decodeToJson: (bytes, start, end, sink) => {
      try {
        const value = early(bytes, start, end)
        if (value) appendJson(value, sink)
        else reader.decodeToJson(bytes, start, end, sink)
      } catch (error) {
        appendJson(late(error, bytes, start, end), sink)
      }
    },
  }
}

/** Reads records that end early; undefined for one that must not end where it does. */
function shortReader(plan: Plan, writer: () => RecordEncoder, shorter: ShortCodecs) {
  const run = newRun(plan)
  return (bytes: Uint8Array, start: number, end: number): JsonObject | undefined => {
    const source = plainBytes(bytes)
    const layoutEnd = endInLayout(plan, aimed(run, source, start, end))
    const short = layoutEnd === undefined ? undefined : shorter.of(layoutEnd)
    const known = short && attempt(() => short.read(aimed(run, source, start, end)))
    if (!short || !known) return undefined
    const blank = shorter.policy === 'blank' && completed(plan, known, aimed(run, source, start, end))
    const isBlank = blank && canWrite(writer(), blank)
    const value = isBlank ? blank : known
    if (!plan.residue) return value
    const by = isBlank ? writer() : short.writer
    const residue = residueOf(source, start, end, by.run.source, by.canonical(value))
    return residue === undefined ? value : { ...value, $residue: residue }
  }
}

/** Not where a field that is blank now decides about a view. */
function canWrite(writer: RecordEncoder, value: JsonObject): boolean {
  try {
    writer.canonical(value)
    return writer.run.unchosen.length === 0
  } catch (error) {
    if (!isFailure(error)) throw error
    return false
  }
}

function aimed(run: Run, source: Uint8Array, start: number, end: number): Run {
  run.source = source
  run.start = start
  run.end = end
  run.trace.residue = false
  run.nonCanonical.length = 0
  return run
}

/** Undefined for a view that cannot be told, as its end is not there. Other failures are those of the fields that are. */
function attempt(read: () => JsonObject): JsonObject | undefined {
  try {
    return read()
  } catch (error) {
    if (!isFailure(error) || error.code !== 'VIEW_UNKNOWN') throw error
    return undefined
  }
}

/** The object that JSON text or UTF-8 holds. Throws JSON_INVALID. */
export function jsonObjectOf(json: string | Uint8Array): JsonObject {
  return objectOf(parseJson(json))
}

function objectOf(value: JsonValue): JsonObject {
  if (isObject(value)) return value
  throw failure('JSON_INVALID', { problem: `it is ${typeWord(value)}` })
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The parser's own message is left out: it quotes the text. */
function parseJson(json: string | Uint8Array): JsonValue {
  let text: string
  try {
    text = typeof json === 'string' ? json : utf8.decode(json)
  } catch {
    throw failure('JSON_INVALID', { problem: 'it is not UTF-8' })
  }
  try {
    return JSON.parse(text)
  } catch {
    throw failure('JSON_INVALID', { problem: 'its syntax is wrong' })
  }
}
