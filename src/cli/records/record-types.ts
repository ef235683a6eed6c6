// Files of one record type or several: which layout reads a record, and which one writes a JSON object.

import type { Layout } from '../../cobol/layout.ts'
import { type BulkDecoder, bulkDecoder } from '../../codec/bulk/bulk-decoder.ts'
import { append, type ByteSink, byteSink } from '../../codec/byte-sink.ts'
import { jsonObjectOf, type RecordCodec } from '../../codec/record-codec.ts'
import type { JsonObject } from '../../contract/json.ts'
import { failure } from '../../error/failure.ts'
import { hexOf } from '../../frame/format.ts'
import type { TakeRecord } from '../../frame/framer.ts'
import { placeRecords, type SelectionRule, selectRecord, type TakePlaced } from '../../frame/selection.ts'
import type { Invocation } from '../command.ts'
import { type Copybook, chosenLayout } from './copybook.ts'
import { cutTexts } from './cut-texts.ts'
import { codecOf, codePageOf } from './record-options.ts'

export interface RecordTypes {
  /** Bytes of the longest record type. */
  readonly longest: number
  /** Decodes many records of one length at once; undefined where records differ. */
  readonly bulk: BulkDecoder | undefined
  /** Appends the record as JSON. */
  decode(bytes: Uint8Array, start: number, end: number, place: Place, sink: ByteSink): void
  /** The record of a line of JSON; its bytes are good until the next call. */
  encode(json: Uint8Array): Uint8Array
  /** Wraps a sink so that it is told where in the file a record stands. */
  placed(take: TakePlaced): { take: TakeRecord; end(): void }
}

export type Place = 'header' | 'trailer' | 'body'

/**
 * The record types that the options ask for. With `--select`, JSON objects carry their record's name as `$record`.
 * `isFixed` tells whether records of this length are all of one length, so that tables of varying length fill it.
 */
export function recordTypes(
  copybook: Copybook,
  options: Invocation['options'],
  isFixed: (length: number) => boolean,
): RecordTypes {
  const given = Array.isArray(options.select) ? options.select.map(String) : []
  const codec = (layout: Layout) =>
    codecOf(layout, options, {
      surplus: 'keep',
      canonical: options.canonical === true,
      ...(isFixed(layout.maximumLength) && { variable: 'maximum' }),
    })
  if (given.length === 0) return oneType(codec(chosenLayout(copybook, options)), options)
  const codecs = new Map(copybook.layouts.map((layout) => [layout.name, codec(layout)]))
  const known = [...codecs.keys()].join(', ')
  const codecNamed = (record: string): RecordCodec => {
    const found = codecs.get(record)
    if (!found) throw failure('RECORD_UNKNOWN', { record, known })
    return found
  }
  const rules = given.map((text) => ruleOf(text, options))
  for (const { name } of rules) codecNamed(name)
  const places = (place: Place) => rules.filter((rule) => rule.place === place).length
  return {
    bulk: undefined,
    longest: Math.max(...rules.map(({ name }) => codecNamed(name).maximumLength)),
    placed: (take) => placeRecords(places('header'), places('trailer'), take),
    decode: (bytes, start, end, place, sink) => {
      const record = selectRecord(rules, bytes, start, end, place)
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
    encode: (json) => {
      const { $record, ...value } = jsonObjectOf(json)
      if (typeof $record !== 'string') {
        throw failure('VALUE_MISSING', { field: '$record', path: '$record', picture: undefined })
      }
      return encoded(codecNamed($record.toUpperCase()), value, options)
    },
  }
}

const comma = 0x2c
const closing = Uint8Array.of(0x7d)

function prefixOf(record: string): Uint8Array {
  return new TextEncoder().encode(`{"$record":${JSON.stringify(record)}`)
}

function encoded(codec: RecordCodec, value: JsonObject, options: Invocation['options']): Uint8Array {
  return codec.encode(options.cut === true ? cutTexts(codec.plan, value) : value)
}

function oneType(codec: RecordCodec, options: Invocation['options']): RecordTypes {
  const record = byteSink()
  return {
    longest: codec.maximumLength,
    bulk: bulkDecoder(codec),
    placed: (take) => placeRecords(0, 0, take),
    decode: (bytes, start, end, _place, sink) => codec.decodeToJson(bytes, start, end, sink),
    encode: (json) => {
      if (options.cut === true) return encoded(codec, jsonObjectOf(json), options)
      record.length = 0
      codec.encodeJson(json, record)
      return record.bytes.subarray(0, record.length)
    },
  }
}

/** `HEADER=0:'HD'`, `BODY=12:X'01'`, `FIRST=header`, `SHORT=length:80`, `REST=*`. */
function ruleOf(text: string, options: Invocation['options']): SelectionRule<string> {
  const [, record = '', condition = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  const name = record.toUpperCase()
  if (condition === 'header' || condition === 'trailer') return { name, place: condition }
  if (condition === '*') return { name }
  const length = /^length:(\d+)$/.exec(condition)?.[1]
  if (length !== undefined) return { name, minimumLength: Number(length), maximumLength: Number(length) }
  const [, offset, hex, quoted] = /^(\d+):(?:X'((?:[0-9A-F]{2})+)'|'(.+)')$/is.exec(condition) ?? []
  if (offset === undefined) {
    throw failure('COMMAND_LINE_INVALID', { problem: `--select ${text} is not understood; for example HEADER=0:'HD'` })
  }
  const value = hex === undefined ? codePageOf(options).encode(quoted ?? '') : Uint8Array.from(Buffer.from(hex, 'hex'))
  return { name, at: { offset: Number(offset), size: value.length, values: [hexOf(value, 0, value.length)] } }
}
