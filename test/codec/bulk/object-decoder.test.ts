// The bulk object decoder gives what the record codec gives, for every record: valid, odd and broken; keys in the same order.

import { describe, expect, test } from '@jest/globals'
import { corpus, corpusNames } from '../../../bench/corpora.ts'
import type { Layout } from '../../../src/cobol/layout.ts'
import { fieldTable } from '../../../src/codec/bulk/field-table.ts'
import { bulkObjectDecoder } from '../../../src/codec/bulk/object-decoder.ts'
import { type CodecOptions, recordCodec } from '../../../src/codec/record-codec.ts'
import { isFailure } from '../../../src/error/failure.ts'
import { fc } from '../../support/property.ts'
import { corrupted, randomCopybook, randomOf, randomRecord } from '../differential/random.ts'
import { layoutOf } from '../layouts.ts'
import { nearlyRight } from './nearly-right.ts'

/** Every kind that the kernel has code for, and what it leaves to the codec: between, before and behind tables, in views, in many members. */
const mixedText = `
  01 MIXED.
    05 FILLER PIC X(3).
    05 TEXT-1 PIC X.
    05 TEXT-33 PIC X(33).
    05 WIDE PIC N(4) USAGE NATIONAL.
    05 ZONED PIC S9(5)V99.
    05 ZONED-LEAD PIC S9(4) SIGN LEADING.
    05 PACKED PIC S9(9)V99 COMP-3.
    05 PACKED-LONG PIC S9(20) COMP-3.
    05 BINARY-4 PIC S9(9) COMP.
    05 NATIVE-2 PIC S9(4) COMP-5.
    05 FLOAT-LONG COMP-2.
    05 EDITED PIC Z,ZZ9.99-.
    05 OPENED PIC 9(8).
    05 COUNT-1 PIC 9(4).
    05 RATE PIC S9(3)V99 COMP-3.
    05 OUTER OCCURS 2 TIMES.
      10 FILLER PIC X.
      10 INNER OCCURS 3 TIMES.
        15 AMOUNT PIC S9(3) COMP-3.
        15 FILLER PIC X(2).
        15 STAMP PIC 9(8).
      10 NUMBERS PIC S9(5) COMP-5 OCCURS 2 TIMES.
      10 FILLER PIC X.
    05 DAYS PIC 9(8) OCCURS 2 TIMES.
    05 ALIGNED OCCURS 2 TIMES.
      10 MARK PIC X.
      10 WHOLE PIC S9(9) COMP SYNC.
    05 SHARED PIC X(8).
    05 SHARED-N REDEFINES SHARED PIC 9(8).
    05 SHARED-G REDEFINES SHARED.
      10 SHARED-A PIC X(3).
      10 SHARED-B PIC S9(5).
    05 MANY.
${Array.from({ length: 30 }, (_, index) => `      10 MANY-${index} PIC ${index % 2 ? 'X(2)' : '99'}.`).join('\n')}
    05 LAST-ONE PIC X(2).
`
const mixed = layoutOf(mixedText)

const right = {
  text1: 'A',
  text33: 'ÄÖÜ "quoted" \\ and more',
  wide: 'ŁÓDŹ',
  zoned: '-12345.67',
  zonedLead: '-42',
  packed: '-0.01',
  packedLong: '-12345678901234567890',
  binary4: '-999999999',
  native2: '-32768',
  floatLong: '118.625',
  edited: '-1234.50',
  opened: '2026-11-23',
  count1: 7,
  rate: 1.5,
  outer: [1, 2].map((outer) => ({
    inner: [1, 2, 3].map((inner) => ({ amount: `${outer * 10 + inner}`, stamp: `2026-0${outer}-1${inner}` })),
    numbers: ['1', '-99999'],
  })),
  days: ['2026-01-31', '1999-12-31'],
  aligned: ['x', 'y'].map((mark) => ({ mark, whole: '-5' })),
  shared: '20261123',
  many: Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`many${index}`, `${index + 10}`])),
  lastOne: 'zz',
}

const fieldOptions = {
  dates: { OPENED: 'YYYYMMDD', STAMP: 'YYYYMMDD', DAYS: 'YYYYMMDD' },
  numbers: ['COUNT-1', 'RATE'],
} as const

const modes: readonly (readonly [string, CodecOptions])[] = [
  ['with residue', { codePage: 'cp037' }],
  ['canonical', { codePage: 'cp037', canonical: true }],
  [
    'first views, a page with a character beyond Latin-1',
    { codePage: 'cp1140', undeclaredViews: 'first', canonical: true },
  ],
  ['a page beyond Latin-1', { codePage: 'cp1025', canonical: true }],
  ['a page of two alphabets', { codePage: 'cp939', canonical: true }],
  ['null for bad data', { codePage: 'cp037', canonical: true, invalid: { '*': 'null' } }],
  ['zero for bad data', { codePage: 'cp037', invalid: { '*': 'zero' } }],
]

type Told = string | { readonly code: string; readonly facts: unknown }

function told(error: unknown): Told {
  if (!isFailure(error)) throw error
  return { code: error.code, facts: error.facts }
}

/** Compares generated code and closures with the codec, for any bytes. */
function comparison(layout: Layout, options: CodecOptions): (bytes: Uint8Array) => void {
  const codec = recordCodec(layout, options)
  const length = layout.maximumLength
  const decoders = [bulkObjectDecoder(codec), bulkObjectDecoder(recordCodec(layout, { ...options, generate: false }))]
  return (bytes) => {
    const expected = Array.from({ length: Math.floor(bytes.length / length) }, (_, index): Told => {
      try {
        return JSON.stringify(codec.decode(bytes, index * length, (index + 1) * length))
      } catch (error) {
        return told(error)
      }
    })
    for (const decoder of decoders) {
      const results: Told[] = []
      const records = decoder?.decodeObjects(
        bytes,
        0,
        bytes.length,
        (object, index) => {
          results[index] = JSON.stringify(object)
        },
        (error, index) => {
          results[index] = told(error)
        },
      )
      expect(results).toEqual(expected)
      expect(records).toBe(expected.length)
    }
  }
}

describe.each(modes)('%s', (_, given) => {
  test.each(corpusNames)('the corpus %s', (name) => {
    const { layout, bytes } = corpus(name, 300_000)
    comparison(layout, given)(bytes)
  })

  test('records of random bytes, and of bytes that are nearly right', () => {
    const options = { ...fieldOptions, ...given }
    const layout = mixed
    const compare = comparison(layout, options)
    const record = recordCodec(layout, { ...fieldOptions, codePage: 'cp037' }).encode(right)
    const records = nearlyRight(record)
    fc.assert(
      fc.property(fc.array(records, { minLength: 1, maxLength: 8 }), (list) => {
        compare(Buffer.concat(list))
      }),
      { numRuns: 100 },
    )
  })
})

test('random layouts', () => {
  let layouts = 0
  let records = 0
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = randomOf(seed)
      const copybook = randomCopybook(random)
      const { counters } = copybook
      const layout = layoutOf(copybook.text)
      for (const options of [
        { codePage: 'cp037', counters, canonical: true },
        { codePage: 'cp037', counters },
        { codePage: 'cp500', counters, canonical: true, undeclaredViews: 'first', invalid: { '*': 'raw' } },
      ] as const) {
        const { plan } = recordCodec(layout, options)
        if (!fieldTable(plan, 'values')) continue
        layouts += 1
        const whole = [0, 1, 2, 3].map(() => randomRecord(layout, copybook, random).subarray(0, layout.maximumLength))
        const bytes = Buffer.concat([...whole, ...whole.map((one) => corrupted(one, random))])
        records += 8
        comparison(layout, options)(bytes)
      }
    }),
    { numRuns: 60 },
  )
  expect(layouts).toBeGreaterThan(40)
  expect(records).toBeGreaterThan(300)
})

test('takes the whole records between start and end, in order', () => {
  const { layout, bytes } = corpus('text', 100_000)
  const decoder = bulkObjectDecoder(recordCodec(layout, { codePage: 'cp037', canonical: true }))
  const indexes: number[] = []
  const taken = decoder?.decodeObjects(
    bytes,
    layout.maximumLength,
    bytes.length - 1,
    (_, index) => indexes.push(index),
    fail,
  )
  expect(taken).toBe(Math.floor(bytes.length / layout.maximumLength) - 2)
  expect(indexes).toEqual(Array.from({ length: taken ?? 0 }, (_, index) => index))
})

test('what takes an object, or is told of a failure, may throw', () => {
  const layout = layoutOf('01 R. 05 A PIC 9(2).')
  const decoder = bulkObjectDecoder(recordCodec(layout, { codePage: 'cp037' }))
  const bytes = Uint8Array.of(0xf1, 0xf2, 0x00, 0x00)
  expect(() => decoder?.decodeObjects(bytes, 0, 4, fail, fail)).toThrow('told')
  expect(() => decoder?.decodeObjects(bytes, 2, 4, fail, fail)).toThrow('told')
  const objects: unknown[] = []
  decoder?.decodeObjects(bytes, 0, 2, (object) => objects.push(object), fail)
  expect(objects).toEqual([{ a: '12' }])
})

function fail(): never {
  throw new Error('told')
}

test('a layout whose records differ has no bulk decoder', () => {
  const layout = layoutOf('01 R. 05 N PIC 9. 05 T PIC X OCCURS 1 TO 5 DEPENDING ON N.')
  expect(bulkObjectDecoder(recordCodec(layout, { codePage: 'cp037' }))).toBeUndefined()
})
