// Files of one record type or several: which layout reads a record, and which one writes a JSON object.

import type { Layout } from '../../cobol/layout.ts'
import { type BulkDecoder, bulkDecoder } from '../../codec/bulk/bulk-decoder.ts'
import { type BulkEncoder, bulkEncoder } from '../../codec/bulk-encode/bulk-encoder.ts'
import { append, type ByteSink } from '../../codec/byte-sink.ts'
import { once } from '../../codec/once.ts'
import { type CodecOptions, jsonObjectOf, type RecordCodec, recordCodec } from '../../codec/record-codec.ts'
import type { CodePage } from '../../codepage/code-page.ts'
import type { JsonObject } from '../../contract/json.ts'
import { failure } from '../../error/failure.ts'
import type { FileParts } from '../../frame/file-parts.ts'
import { hexOf } from '../../frame/format.ts'
import {
  placeRecords,
  type RecordPlacer,
  type SelectionRule,
  selectRecord,
  type TakePlaced,
} from '../../frame/selection.ts'
import { type Copybook, chosenLayout, pageOf, selectedLayouts } from './copybook.ts'
import { cutTexts } from './cut-texts.ts'
import { dataFormat, isFixed, saidFormat } from './data-format.ts'
import { layoutLengths, type RecordType } from './layout-lengths.ts'
import type { FormatRequest, RecordsRequest, SelectedBytes, SelectRequest } from './request.ts'

/** How the records of a file are decoded and encoded. */
export interface RecordTypes {
  /** How they lie in the file. */
  readonly parts: Pick<FileParts, 'format' | 'trailers'>
  /** Decodes many records of one length at once; undefined where records differ. */
  readonly bulk: BulkDecoder | undefined
  /** Encodes many lines to records of one length at once; undefined where records differ, or texts are cut. */
  readonly bulkLines: BulkEncoder | undefined
  /** Appends the record as JSON. */
  decode(bytes: Uint8Array, start: number, end: number, place: RecordPlace, sink: ByteSink): void
  /** The name of the record's type; undefined for one that no rule selects. */
  recordOf(bytes: Uint8Array, start: number, end: number, place: RecordPlace): string | undefined
  /** The codec that reads a record. Throws RECORD_TYPE_UNKNOWN. */
  codecOf(bytes: Uint8Array, start: number, end: number, place: RecordPlace): RecordCodec
  /** Appends the record of a line of JSON. */
  encode(json: Uint8Array, sink: ByteSink): void
  /** The record of an object. */
  encodeObject(value: JsonObject): Uint8Array
  /** Wraps a sink so that it is told where in the file a record stands. */
  placed(take: TakePlaced): RecordPlacer
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
export function recordTypes(copybook: Copybook, request: RecordsRequest, options: RecordTypesOptions): RecordTypes {
  const { select } = request
  const page = pageOf(copybook, request.codec.codePage)
  const layouts = select.length === 0 ? [chosenLayout(copybook, request.record)] : selectedLayouts(copybook, select)
  const format = saidFormat(request.format, select, layouts)
  const codec = (layout: Layout) => recordCodec(layout, codecOptions(request, format, page, options))
  const codecs = new Map(layouts.map((layout) => [layout.name, codec(layout)]))
  const rules: readonly SelectionRule<string>[] =
    select.length === 0 ? layouts.map(({ name }) => ({ name })) : select.map((one) => ruleOf(one, page))
  requireOneAtEachEnd(rules)
  const types = rules.map((rule) => ({ rule, codec: codecNamed(codecs, rule.name) }))
  const longest = Math.max(...types.map(({ codec: { maximumLength } }) => maximumLength))
  const parts =
    format.kind === 'by-layout'
      ? layoutLengths(types, format.lengths, request.codec)
      : { format: dataFormat(format, page, longest), trailers: [] }
  const [only] = types
  return only && select.length === 0
    ? oneType(only.codec, parts, options.cut ?? false)
    : severalTypes(types, codecs, parts, options.cut ?? false)
}

/** Of two types for the first records of a file, nothing would say which of them is of which. */
function requireOneAtEachEnd(rules: readonly SelectionRule<string>[]): void {
  for (const place of ['header', 'trailer']) {
    const names = new Set(rules.filter((rule) => rule.place === place).map(({ name }) => name))
    if (names.size > 1) throw failure('RECORD_SELECTION_INVALID', { records: [...names].join(' and '), place })
  }
}

/** Where all records have one length, tables of varying length fill it; where they vary, one may end early. */
function codecOptions(
  { codec }: RecordsRequest,
  format: FormatRequest,
  codePage: CodePage,
  { canonical = false }: RecordTypesOptions,
): CodecOptions {
  const variable = isFixed(format) ? ({ variable: 'maximum' } as const) : { short: codec.short ?? 'absent' }
  return { ...codec, codePage, surplus: 'keep', canonical, ...variable }
}

function codecNamed(codecs: ReadonlyMap<string, RecordCodec>, record: string): RecordCodec {
  const found = codecs.get(record)
  if (!found) throw failure('RECORD_UNKNOWN', { record, known: [...codecs.keys()].join(', ') })
  return found
}

function severalTypes(
  types: readonly RecordType[],
  codecs: ReadonlyMap<string, RecordCodec>,
  parts: RecordTypes['parts'],
  cut: boolean,
): RecordTypes {
  const rules = types.map(({ rule }) => rule)
  const places = (place: RecordPlace) => rules.filter((rule) => rule.place === place).length
  const recordOf: RecordTypes['recordOf'] = (bytes, start, end, place) => selectRecord(rules, bytes, start, end, place)
  /** Where it will stand in the file is not known yet. */
  const requireOf = (record: string, bytes: Uint8Array): void => {
    const read = anywhere.map((place) => recordOf(bytes, 0, bytes.length, place))
    if (read.includes(record)) return
    throw failure('RECORD_TYPE_DISAGREES', { record, read: read[0] ?? 'record of no type' })
  }
  const nameOf = (bytes: Uint8Array, start: number, end: number, place: RecordPlace): string => {
    const record = recordOf(bytes, start, end, place)
    if (record === undefined) throw failure('RECORD_TYPE_UNKNOWN', { length: end - start })
    return record
  }
  const encodeObject = ({ $record, ...value }: JsonObject): Uint8Array => {
    if (typeof $record !== 'string') {
      throw failure('VALUE_MISSING', { field: '$record', path: '$record', picture: undefined })
    }
    const record = $record.toUpperCase()
    const bytes = encoded(codecNamed(codecs, record), value, cut)
    requireOf(record, bytes)
    return bytes
  }
  return {
    bulk: undefined,
    bulkLines: undefined,
    parts,
    placed: (take) => placeRecords(places('header'), places('trailer'), take),
    codecOf: (bytes, start, end, place) => codecNamed(codecs, nameOf(bytes, start, end, place)),
    decode: (bytes, start, end, place, sink) => {
      const record = nameOf(bytes, start, end, place)
      const codec = codecNamed(codecs, record)
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
    encode: (json, sink) => append(sink, encodeObject(jsonObjectOf(json))),
    encodeObject,
  }
}

const anywhere: readonly RecordPlace[] = ['body', 'header', 'trailer']

const comma = 0x2c
const closing = Uint8Array.of(0x7d)

function prefixOf(record: string): Uint8Array {
  return new TextEncoder().encode(`{"$record":${JSON.stringify(record)}`)
}

function encoded(codec: RecordCodec, value: JsonObject, cut: boolean): Uint8Array {
  return codec.encode(cut ? cutTexts(codec.plan, value) : value)
}

function oneType(codec: RecordCodec, parts: RecordTypes['parts'], cut: boolean): RecordTypes {
  const bulk = once(() => bulkDecoder(codec))
  const bulkLines = once(() => (cut ? undefined : bulkEncoder(codec)))
  return {
    parts,
    get bulk() {
      return bulk()
    },
    get bulkLines() {
      return bulkLines()
    },
    placed: (take) => placeRecords(0, 0, take),
    codecOf: () => codec,
    decode: (bytes, start, end, _place, sink) => codec.decodeToJson(bytes, start, end, sink),
    recordOf: () => codec.layout.name,
    encodeObject: (value) => encoded(codec, value, cut),
    encode: (json, sink) => {
      if (cut) append(sink, encoded(codec, jsonObjectOf(json), cut))
      else codec.encodeJson(json, sink)
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
