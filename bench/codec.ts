// The speed of the codec on three files of fixed-length records, each way beside JSON.stringify of the same objects in the same run.
// What is compared is values only (`canonical`), as every rival works; one row more has `$residue` on. Figures are MiB of records a second.

import iconv from 'iconv-lite'
import { type BulkDecoder, bulkDecoder } from '../src/codec/bulk/bulk-decoder.ts'
import { type BulkObjectDecoder, bulkObjectDecoder } from '../src/codec/bulk/object-decoder.ts'
import { append, type ByteSink, byteSink } from '../src/codec/byte-sink.ts'
import { type RecordCodec, recordCodec } from '../src/codec/record-codec.ts'
import type { JsonObject } from '../src/contract/json.ts'
import { commandSpeeds } from './codec-command.ts'
import { type Corpus, corpus, corpusNames } from './corpora.ts'
import { interleave, type Measure, mebibyte, table, type Way } from './measure.ts'

/** What one figure is, and what the issue asks of it: a multiple of JSON.stringify. */
interface Row {
  readonly name: string
  readonly seconds: number
  /** Bytes that come out, where that is not the size of the records. */
  readonly output?: number
  readonly spread?: number
  readonly aim?: number
}

/** Takes 64 MiB of each; `--mib=N` takes others, `--quick` 1 MiB once; names of corpora take only those; `--library` leaves the command line out. */
export async function bench(args: readonly string[]): Promise<void> {
  const quick = args.includes('--quick')
  const chosen = corpusNames.filter((name) => args.includes(name))
  const size = quick ? 1 : Number(args.find((arg) => arg.startsWith('--mib='))?.slice(6) ?? 64)
  const heading = ['', 'MiB/s in', 'MiB/s out', '× stringify', 'aim', 'spread']
  for (const name of chosen.length > 0 ? chosen : corpusNames) {
    const given = corpus(name, size * mebibyte)
    const codecs = codecsOf(given)
    check(given, codecs)
    const rows = libraryRows(given, codecs, quick ? 1 : 5)
    let note: string | undefined
    if (!args.includes('--library')) {
      const command = await commandSpeeds(given, inOneGo(given, codecs), quick)
      rows.push(...command.rows)
      note = command.note
    }
    const stringify = rows.find((row) => row.name === denominator)?.seconds ?? 0
    const line = ({ name: title, seconds, output, aim, spread }: Row) => [
      title,
      (given.bytes.length / mebibyte / seconds).toFixed(1),
      output === undefined ? '' : (output / mebibyte / seconds).toFixed(1),
      (stringify / seconds).toFixed(2),
      aim === undefined ? '' : `≥ ${aim}`,
      spread === undefined ? '' : `${(spread * 100).toFixed(0)} %`,
    ]
    const { recordLength, records } = given
    console.log(`\n${name}: ${records} records of ${recordLength} bytes, values only`)
    console.log(table([heading, ...rows.map(line)]))
    if (note) console.log(note)
  }
}

const denominator = 'JSON.stringify of ready objects'
const decodeJson = 'decode → JSON bytes'
const decodeWithResidue = '… with $residue'
const decodePlain = '… without the kernel'
const decodeObject = 'decode → object'
const decodeOneObject = '… one record a call'
const encodeObject = 'encode from objects'
const encodeJson = 'encode from JSON bytes'

const aims: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  [decodeJson]: { text: 4, packed: 5, wide: 3 },
  [decodeObject]: { text: 1.5, packed: 1.5, wide: 1.5 },
  [encodeJson]: { text: 0.5, packed: 0.5, wide: 0.5 },
}

interface Codecs {
  readonly values: RecordCodec
  readonly exact: RecordCodec
  readonly bulk: BulkDecoder
  /** Undefined where the kernel cannot keep what the values do not say. */
  readonly exactBulk: BulkDecoder | undefined
  readonly bulkObjects: BulkObjectDecoder
}

function codecsOf({ layout, name }: Corpus): Codecs {
  const values = recordCodec(layout, { codePage: 'cp037', canonical: true })
  const exact = recordCodec(layout, { codePage: 'cp037' })
  const [bulk, exactBulk, bulkObjects] = [bulkDecoder(values), bulkDecoder(exact), bulkObjectDecoder(values)]
  if (!bulk || !bulkObjects) throw new Error(`the kernel does not take ${name}.cpy`)
  return { values, exact, bulk, exactBulk, bulkObjects }
}

/** A piece of the file, and what is made of it beforehand. Small, so that all that is ready of it fits the memory. */
interface Piece {
  readonly bytes: Buffer
  readonly objects: readonly JsonObject[]
  /** A line of JSON for each record, and where each ends. */
  readonly json: Uint8Array
  readonly ends: readonly number[]
}

const pieceSize = mebibyte

/** All records of a piece as lines, by the kernel where it can. */
function appendLines(codec: RecordCodec, kernel: BulkDecoder | undefined, bytes: Buffer, sink: ByteSink): void {
  sink.length = 0
  if (kernel) {
    kernel.decodeLines(bytes, 0, bytes.length, sink, raise)
    return
  }
  const { maximumLength } = codec
  for (let at = 0; at < bytes.length; at += maximumLength) {
    codec.decodeToJson(bytes, at, at + maximumLength, sink)
    append(sink, lineEnd)
  }
}

const newline = 0x0a
const lineEnd = Uint8Array.of(newline)

function raise(error: unknown): void {
  throw error
}

function* piecesOf({ bytes, recordLength }: Corpus, { values, bulk }: Codecs): Generator<Piece> {
  const sink = byteSink(8 * mebibyte)
  const size = Math.max(1, Math.floor(pieceSize / recordLength)) * recordLength
  for (let start = 0; start < bytes.length; start += size) {
    const piece = bytes.subarray(start, start + size)
    const objects: JsonObject[] = []
    for (let at = 0; at < piece.length; at += recordLength) objects.push(values.decode(piece, at, at + recordLength))
    appendLines(values, bulk, piece, sink)
    const json = sink.bytes.subarray(0, sink.length)
    const ends: number[] = []
    for (let end = json.indexOf(newline); end >= 0; end = json.indexOf(newline, end + 1)) ends.push(end)
    yield { bytes: piece, objects, json, ends }
  }
}

/** Each record: all ways of reading it agree, and what was read is written back as it was. */
function check(given: Corpus, codecs: Codecs): void {
  const { recordLength, name } = given
  const { values, exact, bulkObjects } = codecs
  const [plain, encoded] = [byteSink(), byteSink()]
  const same = (one: Uint8Array, other: Uint8Array, what: string) => {
    if (Buffer.compare(one, other) !== 0) throw new Error(`${name}: ${what}`)
  }
  for (const { bytes, objects, json, ends } of piecesOf(given, codecs)) {
    const inBulk: JsonObject[] = []
    bulkObjects.decodeObjects(bytes, 0, bytes.length, (object) => inBulk.push(object), raise)
    for (const [index, object] of objects.entries()) {
      const [start, end] = [index * recordLength, (index + 1) * recordLength]
      const line = json.subarray((ends[index - 1] ?? -1) + 1, ends[index])
      plain.length = 0
      values.decodeToJson(bytes, start, end, plain)
      same(line, plain.bytes.subarray(0, plain.length), 'the kernel and the codec differ')
      same(line, Buffer.from(JSON.stringify(object)), 'JSON and objects differ')
      same(line, Buffer.from(JSON.stringify(inBulk[index])), 'JSON and objects of the kernel differ')
      const record = bytes.subarray(start, end)
      same(exact.encode(exact.decode(record)), record, 'an object is not written back as it was')
      plain.length = encoded.length = 0
      exact.decodeToJson(bytes, start, end, plain)
      exact.encodeJson(plain.bytes.subarray(0, plain.length), encoded)
      same(encoded.bytes.subarray(0, encoded.length), record, 'JSON is not written back as it was')
      encoded.length = 0
      values.encodeJson(line, encoded)
      same(values.encode(object), encoded.bytes.subarray(0, encoded.length), 'JSON and objects are written differently')
    }
  }
}

function libraryRows(given: Corpus, codecs: Codecs, rounds: number): Row[] {
  const ways = [...denominators(given), ...decoders(given, codecs), ...encoders(codecs)]
  const times = interleave(ways, () => piecesOf(given, codecs), rounds)
  const outputs = outputSizes(given, codecs)
  const row = (name: string, { seconds, spread }: Measure): Row => {
    const [aim, output] = [aims[name]?.[given.name], outputs[name]]
    return { name, seconds, spread, ...(aim !== undefined && { aim }), ...(output !== undefined && { output }) }
  }
  return [...times].map(([name, measured]) => row(name, measured))
}

/** Decodes the whole file, as the command line does. */
function inOneGo({ bytes, recordLength }: Corpus, { bulk }: Codecs): () => void {
  const sink = byteSink(8 * mebibyte)
  const size = Math.max(1, Math.floor(pieceSize / recordLength)) * recordLength
  return () => {
    for (let start = 0; start < bytes.length; start += size) {
      sink.length = 0
      bulk.decodeLines(bytes, start, Math.min(start + size, bytes.length), sink, raise)
    }
  }
}

function outputSizes(given: Corpus, codecs: Codecs): Record<string, number> {
  const sink = byteSink(8 * mebibyte)
  let [json, withResidue] = [0, 0]
  for (const piece of piecesOf(given, codecs)) {
    json += piece.json.length
    appendLines(codecs.exact, codecs.exactBulk, piece.bytes, sink)
    withResidue += sink.length
  }
  return {
    [denominator]: json - given.records,
    [decodeJson]: json,
    [decodePlain]: json,
    [decodeWithResidue]: withResidue,
  }
}

/** Only the time of JSON.stringify counts: its strings are not even turned into bytes. */
function denominators({ layout, bytes }: Corpus): Way<Piece>[] {
  const target = Buffer.alloc(Math.min(bytes.length, pieceSize))
  const page = recordCodec(layout, { codePage: 'cp037' }).plan.page
  iconv.encodingExists('utf8') // It reads its own list on first use, and would overwrite ours.
  const own = { benchedcp037: { type: '_sbcs', chars: String.fromCharCode(...page.toUnicode) } }
  Object.assign((iconv as unknown as { encodings: object }).encodings, own)
  return [
    {
      name: denominator,
      work: ({ objects }) => {
        let last = ''
        for (const object of objects) last = JSON.stringify(object)
        return last
      },
    },
    { name: 'iconv-lite, no fields', work: (piece) => iconv.decode(piece.bytes, 'benchedcp037') },
    { name: 'Buffer.copy', work: (piece) => piece.bytes.copy(target) },
  ]
}

function decoders({ recordLength }: Corpus, codecs: Codecs): Way<Piece>[] {
  const { values, exact, bulk, exactBulk, bulkObjects } = codecs
  const sink: ByteSink = byteSink(8 * mebibyte)
  return [
    { name: decodeJson, work: ({ bytes }) => appendLines(values, bulk, bytes, sink) },
    { name: decodeWithResidue, work: ({ bytes }) => appendLines(exact, exactBulk, bytes, sink) },
    { name: decodePlain, work: ({ bytes }) => appendLines(values, undefined, bytes, sink) },
    {
      name: decodeObject,
      work: ({ bytes }) => {
        let last: JsonObject | undefined
        const keep = (object: JsonObject) => {
          last = object
        }
        bulkObjects.decodeObjects(bytes, 0, bytes.length, keep, raise)
        return last
      },
    },
    {
      name: decodeOneObject,
      work: ({ bytes }) => {
        let last: JsonObject | undefined
        for (let at = 0; at < bytes.length; at += recordLength) last = values.decode(bytes, at, at + recordLength)
        return last
      },
    },
  ]
}

function encoders({ values }: Codecs): Way<Piece>[] {
  const sink = byteSink(2 * mebibyte)
  return [
    {
      name: encodeObject,
      work: ({ objects }) => {
        let last: Uint8Array | undefined
        for (const object of objects) last = values.encode(object)
        return last
      },
    },
    {
      name: encodeJson,
      work: ({ json, ends }) => {
        sink.length = 0
        let start = 0
        for (const end of ends) {
          values.encodeJson(json.subarray(start, end), sink)
          start = end + 1
        }
      },
    },
  ]
}
