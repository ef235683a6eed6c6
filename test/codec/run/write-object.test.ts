// Encoding from objects by generated code, which writes many fields at once, gives what closures give, one field after the other: the same bytes,
// or the first mistake. And the writers that are made for a decimal's very digits take and refuse what the plain ones do.

import { expect, test } from '@jest/globals'
import { corpus, corpusNames } from '../../../bench/corpora.ts'
import type { Layout } from '../../../src/cobol/layout.ts'
import type { Kind } from '../../../src/codec/kind/kind.ts'
import { binary } from '../../../src/codec/number/binary.ts'
import { packed, packedWithoutSign } from '../../../src/codec/number/packed.ts'
import { asciiZoned, ebcdicZoned, zoned } from '../../../src/codec/number/zoned.ts'
import { type CodecOptions, type RecordCodec, recordCodec } from '../../../src/codec/record-codec.ts'
import type { JsonObject, JsonValue } from '../../../src/contract/json.ts'
import { isFailure } from '../../../src/error/failure.ts'
import { fc } from '../../support/property.ts'
import { hex, layoutOf } from '../layouts.ts'

function outcome(codec: RecordCodec, value: JsonObject): unknown {
  try {
    return hex(codec.encode(value))
  } catch (error) {
    if (!isFailure(error)) throw error
    return { code: error.code, facts: error.facts }
  }
}

/** Every object that holds values, the record itself and those inside of it. */
function scopes(value: JsonValue): Record<string, JsonValue>[] {
  if (Array.isArray(value)) return value.flatMap(scopes)
  if (typeof value !== 'object' || value === null) return []
  return [value as Record<string, JsonValue>, ...Object.values(value).flatMap(scopes)]
}

const oddTexts = [
  '',
  '"',
  'a"',
  '1"2',
  '\\',
  '\\u0041',
  'Ä',
  '€',
  'Ł',
  '\ud800',
  '\0',
  '\n',
  '"'.repeat(40),
  'x'.repeat(70_000),
]
const oddDecimals = [
  '0',
  '-0',
  '-0.00',
  '00',
  '1',
  '-1',
  '1.5',
  '1.50',
  '.5',
  '1.',
  '+1',
  ' 1',
  '1e3',
  '١',
  '9'.repeat(40),
]
const odd: fc.Arbitrary<JsonValue | undefined> = fc.oneof(
  fc.constantFrom(...oddTexts, ...oddDecimals),
  fc.constantFrom(null, 5, true, [], {}, undefined),
  fc.string({ maxLength: 12 }),
  fc.stringMatching(/^-?[0-9]{1,12}(\.[0-9]{1,3})?$/),
)

const mixed = layoutOf(`
  01 MIXED.
    05 N PIC 9.
    05 TEXT-1 PIC X(10).
    05 RIGHT-1 PIC X(5) JUSTIFIED.
    05 TEXT-2 PIC X(2).
    05 OPENED PIC 9(8).
    05 ZONED-1 PIC S9(3)V99.
    05 RATE PIC S9(3) COMP-3.
    05 EDITED PIC ZZ9.99.
    05 HAS-OWN-PROPERTY PIC S9(4) COMP.
    05 TO-STRING PIC X(3).
    05 ENTRIES OCCURS 0 TO 5 DEPENDING ON N.
      10 A PIC X(3).
      10 B PIC 9(3).
      10 C PIC S9(3) COMP-3.
`)
const mixedValue = {
  n: '2',
  text1: 'Joe',
  right1: 'r',
  text2: 'x',
  opened: '2026-11-23',
  zoned1: '-1.50',
  rate: 7,
  edited: '1.50',
  hasOwnProperty: '-5',
  toString: 't',
  entries: [
    { a: 'a', b: '1', c: '-1' },
    { a: '', b: '999', c: '0' },
  ],
}

interface Sample {
  readonly name: string
  readonly layout: Layout
  readonly value: JsonObject
  readonly options: Omit<CodecOptions, 'codePage'>
}

const samples: readonly Sample[] = [
  ...corpusNames.map((name) => {
    const { layout, bytes, recordLength } = corpus(name, 20_000)
    const value = recordCodec(layout, { codePage: 'cp037' }).decode(bytes, 0, recordLength)
    return { name, layout, value, options: {} }
  }),
  { name: 'mixed', layout: mixed, value: mixedValue, options: { dates: { OPENED: 'YYYYMMDD' }, numbers: ['RATE'] } },
]

test.each(samples)('objects of $name with values changed', ({ layout, value, options }) => {
  const generated = recordCodec(layout, { codePage: 'cp037', ...options })
  const closures = recordCodec(layout, { codePage: 'cp037', ...options, generate: false })
  const text = JSON.stringify(value)
  expect(outcome(generated, JSON.parse(text))).toEqual(outcome(closures, JSON.parse(text)))
  let refusals = 0
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(), odd), { minLength: 1, maxLength: 3 }), (changes) => {
      const object = JSON.parse(text)
      const places = scopes(object)
      for (const [scope, member, to] of changes) {
        const place = places[scope % places.length] ?? object
        const keys = Object.keys(place)
        const key = keys[member % keys.length] ?? ''
        if (to === undefined) delete place[key]
        else place[key] = to
      }
      const expected = outcome(closures, object)
      if (typeof expected !== 'string') refusals += 1
      expect(outcome(generated, object)).toEqual(expected)
    }),
    { numRuns: 500 },
  )
  expect(refusals).toBeGreaterThan(50)
})

const digitCounts = [1, 2, 3, 4, 6, 7, 8, 9, 11, 14, 15, 16]
const signs = [
  undefined,
  ...(['leading', 'trailing'] as const).flatMap((position) =>
    [false, true].map((separate) => ({ position, separate })),
  ),
]

/** All kinds that say how to make a writer. */
const kinds: readonly Kind[] = digitCounts.flatMap((digits) =>
  [...new Set([0, 1, 2, digits - 1, digits])].flatMap((scale) =>
    [false, true].flatMap((signed) => {
      const decimal = { digits, scale, signed }
      const length = digits <= 4 ? 2 : digits <= 9 ? 4 : 8
      return [
        packed(decimal, 'NOPFD'),
        packedWithoutSign(decimal),
        ...signs.flatMap((sign) => [ebcdicZoned('NOPFD'), asciiZoned('ascii')].map((one) => zoned(decimal, sign, one))),
        ...[false, true].map((little) => binary(decimal, length, { little, full: false })),
      ]
    }),
  ),
)

type WriteJson = NonNullable<Kind['writeJson']>

function specialWriter({ specialWrite }: Kind): WriteJson | undefined {
  if (!specialWrite) return undefined
  return new Function(...Object.keys(specialWrite.tables), specialWrite.program())(
    ...Object.values(specialWrite.tables),
  )
}

test('the writers made for very digits', () => {
  const writers = kinds.flatMap((kind) => {
    const special = specialWriter(kind)
    return special && kind.writeJson ? [{ special, plain: kind.writeJson, length: kind.length, ...kind.shape }] : []
  })
  expect(writers.length).toBeGreaterThan(600)
  let taken = 0
  fc.assert(
    fc.property(
      fc.constantFrom(...writers),
      fc.bigInt(-(10n ** 17n), 10n ** 17n),
      fc.nat(17),
      fc.nat(300),
      (writer, number, size, spoil) => {
        const scale = 'scale' in writer ? writer.scale : 0
        const digits = String(number % 10n ** BigInt(size + 1))
          .replace('-', '')
          .padStart(scale + 1, '0')
        const point = digits.length - scale
        const text = `${number < 0 ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? `.${digits.slice(point)}` : ''}"`
        const json = new Uint8Array(64)
        Buffer.from(`:"${text}`).copy(json)
        if (spoil < 64) json[2 + (spoil % text.length)] = spoil + 32
        const [one, other] = [new Uint8Array(20), new Uint8Array(20)]
        const end = writer.plain(json, 2, one, 1)
        expect(writer.special(json, 2, other, 1)).toBe(end)
        if (end < 0) return
        taken += 1
        expect(hex(other)).toBe(hex(one))
      },
    ),
    { numRuns: 20_000 },
  )
  expect(taken).toBeGreaterThan(3_000)
})

test('what was encoded stays as it was', () => {
  const layout = layoutOf('01 R. 05 A PIC X(300). 05 B PIC X(300).')
  const codec = recordCodec(layout, { codePage: 'cp037' })
  const values = Array.from({ length: 100 }, (_, index) => ({ a: `${index}`, b: `${index * 7}` }))
  const records = values.map((value) => codec.encode(value))
  expect(records.map((record) => codec.decode(record))).toEqual(values)
  expect(records.map(({ length }) => length)).toEqual(values.map(() => 600))
})

test('texts that together are longer than a string can be are too long, as one is', () => {
  const layout = layoutOf('01 R. 05 A PIC X(30). 05 B PIC X(30). 05 C PIC X(30).')
  const long = 'A'.repeat(2 ** 28)
  const write = () => recordCodec(layout, { codePage: 'cp037' }).encode({ a: long, b: long, c: long })
  expect(write).toThrow('VALUE_TOO_LONG: A (a, PIC X(30)) takes at most 30 characters')
})
