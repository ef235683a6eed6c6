// Files of one record type or several: which layout reads a record, and which one writes a JSON object.

import type { Layout } from '../../cobol/layout.ts'
import { type BulkDecoder, bulkDecoder } from '../../codec/bulk/bulk-decoder.ts'
import { append, type ByteSink, byteSink } from '../../codec/byte-sink.ts'
import { jsonObjectOf, type RecordCodec, recordCodec } from '../../codec/record-codec.ts'
import type { CodePage } from '../../codepage/code-page.ts'
import type { JsonObject } from '../../contract/json.ts'
import { failure } from '../../error/failure.ts'
import { hexOf } from '../../frame/format.ts'
import type { TakeRecord } from '../../frame/framer.ts'
import { placeRecords, type SelectionRule, selectRecord, type TakePlaced } from '../../frame/selection.ts'
import { type Copybook, chosenLayout, pageOf } from './copybook.ts'
import { cutTexts } from './cut-texts.ts'
import { isFixed } from './data-format.ts'
import type { RecordsRequest, SelectedBytes, SelectRequest } from './request.ts'

/** How the records of a file are decoded and encoded. */
export interface RecordTypes {
  /** Bytes of the longest record type. */
  readonly longest: number
  /** Decodes many records of one length at once; undefined where records differ. */
  readonly bulk: BulkDecoder | undefined
  /** Appends the record as JSON. */
  decode(bytes: Uint8Array, start: number, end: number, place: RecordPlace, sink: ByteSink): void
  /** The name of the record's type; undefined for one that no rule selects. */
  recordOf(bytes: Uint8Array, start: number, end: number, place: RecordPlace): string | undefined
  /** The record of a line of JSON; its bytes are good until the next call. */
  encode(json: Uint8Array): Uint8Array
  /** The same of an object. */
  encodeObject(value: JsonObject): Uint8Array
  /** Wraps a sink so that it is told where in the file a record stands. */
  placed(take: TakePlaced): { take: TakeRecord; end(): void }
}

/** Where in a file a record stands. */
export type RecordPlace = 'header' | 'trailer' | 'body'

/** What one direction alone wants. */
export interface RecordTypesOptions {
  /** Leave out `$residue`. */
  readonly canonical?: boolean
  /** Cut texts that do not fit their fields. */
  readonly cut?: boolean
}

/** The record types of a request. Where it selects, JSON objects carry their record's name as `$record`. */
export function recordTypes(
  copybook: Copybook,
  request: RecordsRequest,
  { canonical = false, cut = false }: RecordTypesOptions,
): RecordTypes {
  const { select, format } = request
  const page = pageOf(copybook, request.codec.codePage)
  // Where all records have one length, tables of varying length fill it; where they vary, one may end early.
  const variable = isFixed(format) ? ({ variable: 'maximum' } as const) : { short: request.codec.short ?? 'absent' }
  const codec = (layout: Layout) =>
    recordCodec(layout, { ...request.codec, codePage: page, surplus: 'keep', canonical, ...variable })
  if (select.length === 0) return oneType(codec(chosenLayout(copybook, request.record)), cut)
  const wanted = new Set(select.map(({ name }) => name))
  const selected = copybook.layouts.filter(({ name }) => wanted.has(name))
  const codecs = new Map(selected.map((layout) => [layout.name, codec(layout)]))
  const known = copybook.layouts.map(({ name }) => name).join(', ')
  const codecNamed = (record: string): RecordCodec => {
    const found = codecs.get(record)
    if (!found) throw failure('RECORD_UNKNOWN', { record, known })
    return found
  }
  const rules = select.map((one) => ruleOf(one, page))
  for (const { name } of rules) codecNamed(name)
  const places = (place: RecordPlace) => rules.filter((rule) => rule.place === place).length
  const recordOf: RecordTypes['recordOf'] = (bytes, start, end, place) => selectRecord(rules, bytes, start, end, place)
  const encodeObject = ({ $record, ...value }: JsonObject): Uint8Array => {
    if (typeof $record !== 'string') {
      throw failure('VALUE_MISSING', { field: '$record', path: '$record', picture: undefined })
    }
    return encoded(codecNamed($record.toUpperCase()), value, cut)
  }
  return {
    bulk: undefined,
    longest: Math.max(...rules.map(({ name }) => codecNamed(name).maximumLength)),
    placed: (take) => placeRecords(places('header'), places('trailer'), take),
    decode: (bytes, start, end, place, sink) => {
      const record = recordOf(bytes, start, end, place)
      if (record === undefined) throw failure('RECORD_TYPE_UNKNOWN', { length: end - start })
      const codec = codecNamed(record)
      // {"$record":"HEAD" and the record's own { becomes a comma, or goes where the record shows nothing.
      append(sink, prefixOf(record))
      const brace = sink.length
      codec.decodeToJson(bytes, start, end, sink)
      if (sink.length - brace > 2) sink.bytes[brace] = comma
      else {
        sink.length = brace
        append(sink, closing)
      }
    },
    recordOf,
    encode: (json) => encodeObject(jsonObjectOf(json)),
    encodeObject,
  }
}

const comma = 0x2c
const closing = Uint8Array.of(0x7d)

function prefixOf(record: string): Uint8Array {
  return new TextEncoder().encode(`{"$record":${JSON.stringify(record)}`)
}

function encoded(codec: RecordCodec, value: JsonObject, cut: boolean): Uint8Array {
  return codec.encode(cut ? cutTexts(codec.plan, value) : value)
}

function oneType(codec: RecordCodec, cut: boolean): RecordTypes {
  const record = byteSink()
  return {
    longest: codec.maximumLength,
    bulk: bulkDecoder(codec),
    placed: (take) => placeRecords(0, 0, take),
    decode: (bytes, start, end, _place, sink) => codec.decodeToJson(bytes, start, end, sink),
    recordOf: () => codec.layout.name,
    encodeObject: (value) => encoded(codec, value, cut),
    encode: (json) => {
      if (cut) return encoded(codec, jsonObjectOf(json), cut)
      record.length = 0
      codec.encodeJson(json, record)
      return record.bytes.subarray(0, record.length)
    },
  }
}

function ruleOf({ name, place, length, at }: SelectRequest, page: CodePage): SelectionRule<string> {
  return {
    name,
    ...(place && { place }),
    ...(length !== undefined && { minimumLength: length, maximumLength: length }),
    ...(at && { at: bytesAt(at, page) }),
  }
}

function bytesAt(at: SelectedBytes, page: CodePage): NonNullable<SelectionRule<string>['at']> {
  const value = 'text' in at ? page.encode(at.text) : Buffer.from(at.hex, 'hex')
  return { offset: at.offset, size: value.length, values: [hexOf(value, 0, value.length)] }
}
