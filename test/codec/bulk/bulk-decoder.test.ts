// The bulk decoder gives the same bytes as the record codec, for every record: valid, odd and broken.

import { describe, expect, test } from '@jest/globals'
import { corpus, corpusNames } from '../../../bench/corpora.ts'
import { compileCopybook } from '../../../src/cobol/compile.ts'
import type { Layout } from '../../../src/cobol/layout.ts'
import { type BulkDecoder, bulkDecoder } from '../../../src/codec/bulk/bulk-decoder.ts'
import { byteSink } from '../../../src/codec/byte-sink.ts'
import { type CodecOptions, type RecordCodec, recordCodec } from '../../../src/codec/record-codec.ts'
import { isFailure } from '../../../src/error/failure.ts'
import { fc } from '../../support/property.ts'
import { nearlyRight } from './nearly-right.ts'

/** Every kind that the kernel has code for, at its edges, and some that it leaves to the codec. */
const mixed = `
       01  MIXED.
           05  TEXT-1        PIC X.
           05  TEXT-15       PIC X(15).
           05  TEXT-16       PIC X(16).
           05  TEXT-33       PIC X(33).
           05  ZONED-U1      PIC 9.
           05  ZONED-S16     PIC S9(14)V99.
           05  ZONED-S17     PIC S9(15)V99.
           05  ZONED-S18     PIC S9(18).
           05  ZONED-V       PIC SV9(4).
           05  ZONED-LEAD    PIC S9(4) SIGN LEADING.
           05  ZONED-SEP     PIC S9(4) SIGN TRAILING SEPARATE.
           05  PACKED-U1     PIC 9 COMP-3.
           05  PACKED-EVEN   PIC S9(4) COMP-3.
           05  PACKED-15     PIC S9(13)V99 COMP-3.
           05  PACKED-17     PIC S9(15)V99 COMP-3.
           05  PACKED-V      PIC SV9(3) COMP-3.
           05  PACKED-P      PIC S9(3)PP COMP-3.
           05  BINARY-2      PIC S9(4) COMP.
           05  BINARY-U4     PIC 9(9) COMP.
           05  BINARY-8      PIC S9(16)V99 COMP.
           05  BINARY-U8     PIC 9(18) COMP.
           05  NATIVE-2      PIC S9(4) COMP-5.
           05  FLOAT-LONG    COMP-2.
           05  EDITED        PIC Z,ZZ9.99-.
           05  FILLER        PIC X(5).
           05  TABLE-OF OCCURS 3 TIMES.
               10  NAME      PIC X(4).
               10  NUMBERS   PIC S9(3) COMP-3 OCCURS 2 TIMES.
               10  FILLER    PIC X.
           05  SHARED        PIC X(8).
           05  SHARED-N      REDEFINES SHARED PIC 9(8).
           05  PARTS.
               10  PART-1    PIC X(3).
               10  FILLER    PIC X(2).
               10  PART-2    PIC S9(3) COMP-3.
           05  WHOLE         REDEFINES PARTS PIC X(4).
           05  LONGER        REDEFINES PARTS.
               10  LONG-TEXT PIC X(6).
               10  LONG-SIGN PIC S9(2).
               10  FILLER    PIC 9(4) COMP.
`

function layoutOf(name: string, text: string): Layout {
  const { layouts, failures } = compileCopybook({ name, text })
  const [layout] = layouts
  if (!layout) throw failures[0] ?? new Error('no layout')
  return layout
}

type Line = string | { readonly code: string; readonly facts: unknown }

/** Both ways of reading the same records. */
function readersOf(layout: Layout, options: CodecOptions) {
  const codec = recordCodec(layout, options)
  const decoder = bulkDecoder(codec)
  if (!decoder) throw new Error('no bulk decoder for this layout')
  return {
    lineByLine: (bytes: Uint8Array) => lineByLine(codec, bytes),
    inBulk: (bytes: Uint8Array) => inBulk(decoder, bytes),
  }
}

/** Both give the same for any records of a kind. */
function expectAgreement(read: ReturnType<typeof readersOf>, record: fc.Arbitrary<Uint8Array>): void {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 8 }), (records) => {
      const bytes = Buffer.concat(records)
      expect(read.inBulk(bytes)).toEqual(read.lineByLine(bytes))
    }),
    { numRuns: 300 },
  )
}

function lineByLine(codec: RecordCodec, bytes: Uint8Array): Line[] {
  const { layout } = codec
  const lines: Line[] = []
  for (let at = 0; at < bytes.length; at += layout.maximumLength) {
    const sink = byteSink()
    try {
      codec.decodeToJson(bytes, at, at + layout.maximumLength, sink)
      lines.push(Buffer.from(sink.bytes.subarray(0, sink.length)).toString())
    } catch (error) {
      lines.push(told(error))
    }
  }
  return lines
}

function inBulk(decoder: BulkDecoder, bytes: Uint8Array): Line[] {
  const sink = byteSink(64)
  const broken = new Map<number, Line>()
  const records = decoder.decodeLines(bytes, 0, bytes.length, sink, (error, index) => broken.set(index, told(error)))
  const good = Buffer.from(sink.bytes.subarray(0, sink.length)).toString().split('\n').slice(0, -1)
  return Array.from({ length: records }, (_, index) => broken.get(index) ?? good.shift() ?? 'missing')
}

function told(error: unknown): Line {
  if (!isFailure(error)) throw error
  return { code: error.code, facts: error.facts }
}

const modes: readonly (readonly [string, CodecOptions])[] = [
  ['with residue', { codePage: 'cp037' }],
  ['canonical', { codePage: 'cp037', canonical: true }],
  ['all views', { codePage: 'cp037', undeclaredViews: 'all' }],
  ['values of all views', { codePage: 'cp037', undeclaredViews: 'all', canonical: true }],
  ['first views, cp1140', { codePage: 'cp1140', undeclaredViews: 'first', canonical: true }],
  ['null for bad data', { codePage: 'cp037', invalid: { '*': 'null' } }],
  ['a page of two alphabets', { codePage: 'cp939' }],
  ['values of a page of two alphabets', { codePage: 'cp1399', canonical: true }],
  ['a page with gaps, null for bad data', { codePage: 'cp424', invalid: { '*': 'null' } }],
  ['ASCII', { codePage: 'ascii', canonical: true }],
]

describe.each(modes)('%s', (_, options) => {
  test.each(corpusNames)('the corpus %s', (name) => {
    const { layout, bytes } = corpus(name, 100_000)
    const read = readersOf(layout, options)
    expect(read.inBulk(bytes)).toEqual(read.lineByLine(bytes))
  })

  test('records of random bytes, and of bytes that are nearly right', () => {
    const layout = layoutOf('mixed.cpy', mixed)
    const right = recordCodec(layout, { codePage: 'cp037' }).encode(rightRecord)
    expectAgreement(readersOf(layout, options), nearlyRight(right))
  })
})

test('texts with two-byte characters go through the codec, the rest of their record does not', () => {
  const layout = layoutOf('mixed.cpy', mixed)
  const options = { codePage: 'cp939' }
  const japanese = { ...rightRecord, text16: '日本語 ABC', text33: '銀行 "A" 口座', shared: '東京' }
  expectAgreement(readersOf(layout, options), nearlyRight(recordCodec(layout, options).encode(japanese)))
})

const rightRecord = {
  text1: 'A',
  text15: 'fifteen',
  text16: 'sixteen letters!',
  text33: 'ÄÖÜ "quoted" \\ and more',
  zonedU1: '7',
  zonedS16: '-12345678901234.56',
  zonedS17: '123456789012345.67',
  zonedS18: '-1',
  zonedV: '-0.0001',
  zonedLead: '-42',
  zonedSep: '42',
  packedU1: '0',
  packedEven: '-9999',
  packed15: '1234567890123.45',
  packed17: '-0.01',
  packedV: '0.125',
  packedP: '-12300',
  binary2: '-9999',
  binaryU4: '999999999',
  binary8: '-1234567890123456.78',
  binaryU8: '999999999999999999',
  native2: '-32768',
  floatLong: '118.625',
  edited: '-1234.50',
  tableOf: ['one', 'two', 'tri'].map((name) => ({ name, numbers: ['1', '-999'] })),
  shared: '20261123',
  parts: { part1: 'ABC', part2: '-12' },
}

test('a layout whose records differ has no bulk decoder', () => {
  const text = '       01  R.\n           05  N PIC 9.\n           05  T PIC X OCCURS 1 TO 5 DEPENDING ON N.\n'
  expect(bulkDecoder(recordCodec(layoutOf('r.cpy', text), { codePage: 'cp037' }))).toBeUndefined()
})
