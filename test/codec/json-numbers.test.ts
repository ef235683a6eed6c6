// Fields that JSON has as numbers: only where that is exact, both ways, in schemas and in types.

import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { bulkDecoder } from '../../src/codec/bulk/bulk-decoder.ts'
import { byteSink } from '../../src/codec/byte-sink.ts'
import { jsonSchemaOf } from '../../src/codec/json-schema.ts'
import { plainDecimal } from '../../src/codec/number/decimal.ts'
import { recordCodec } from '../../src/codec/record-codec.ts'
import { typesOf } from '../../src/codec/typescript-types.ts'
import { applied, by } from '../../src/contract/outcome.ts'
import { recordWire } from '../../src/wire/record-wire.ts'
import { fc } from '../support/property.ts'
import { bytes, hex, layoutOf } from './layouts.ts'

const layout = layoutOf(`
01 R.
  05 STATUS-CODE PIC 9(2). 88 DONE VALUE 0. 88 FAILED VALUE 8.
  05 RATE        PIC S9(3)V9(4) COMP-3.
  05 POINTS      PIC 9(3)PP COMP-3.
  05 TINY        PIC SVP(7)9(3).
  05 BALANCE     PIC S9(13)V99 COMP-3.
  05 TOTAL       PIC S9(16)V99 COMP-3.
  05 ROW-COUNT   PIC 9.
  05 ROWS        PIC S9(3) COMP-3 OCCURS 0 TO 3 DEPENDING ON ROW-COUNT.
`)
const options = { codePage: 'cp037', numbers: ['*'] } as const
const codec = recordCodec(layout, options)
const closures = recordCodec(layout, { ...options, generate: false })
const record = bytes('F0F80125000D123FF0F1D2000000000001250C0000000000000000123CF2001C002D')
const value = {
  statusCode: 8,
  rate: -12.5,
  points: 12300,
  tiny: -1.2e-9,
  balance: 12.5,
  total: '1.23',
  rowCount: 2,
  rows: [1, -2],
}

test.each([
  ['generated', codec],
  ['closures', closures],
])('%s code reads numbers of at most 15 digits and writes them back', (_, one) => {
  expect(one.decode(record)).toEqual(value)
  expect(hex(one.encode(value))).toBe(hex(record))
  const sink = byteSink(64)
  one.decodeToJson(record, 0, record.length, sink)
  const text = Buffer.from(sink.bytes.subarray(0, sink.length)).toString()
  expect(text).toBe(JSON.stringify(value))
  const written = byteSink(64)
  expect(one.encodeJson(text, written)).toBe(record.length)
  expect(hex(written.bytes.subarray(0, written.length))).toBe(hex(record))
  expect([one.field('RATE')(record), one.field('TOTAL')(record), one.field('ROWS')(record, [2])]).toEqual([
    -12.5,
    '1.23',
    -2,
  ])
})

test('a decimal string is taken too, so that exact amounts need no way through numbers', () => {
  expect(hex(codec.encode({ ...value, balance: '12.50' }))).toBe(hex(record))
})

test('the many at once of a file are the same', () => {
  const fixed = recordCodec(layoutOf('01 R. 05 A PIC S9(5)V99 COMP-3. 05 B PIC X(2). 05 C PIC 9(4).'), {
    ...options,
    numbers: ['A'],
  })
  const sink = byteSink(64)
  const records = bytes('0000750C C1C2 F0F0F0F7 0000001D C3C4 F1F0F0F0')
  bulkDecoder(fixed)?.decodeLines(records, 0, records.length, sink, (error) => {
    throw error
  })
  expect(Buffer.from(sink.bytes.subarray(0, sink.length)).toString()).toBe(
    '{"a":7.5,"b":"AB","c":"7"}\n{"a":-0.01,"b":"CD","c":"1000"}\n',
  )
})

describe('mistakes', () => {
  test.each([
    [{ rate: 1.23456 }, 'VALUE_TOO_PRECISE'],
    [{ rate: 0.1 + 0.2 }, 'VALUE_TOO_PRECISE'],
    [{ rate: 1000 }, 'VALUE_TOO_LARGE'],
    [{ rate: 1e21 }, 'VALUE_NOT_A_NUMBER'],
    [{ rate: Number.NaN }, 'VALUE_NOT_A_NUMBER'],
    [{ points: -100 }, 'VALUE_NEGATIVE'],
    [{ points: true }, 'VALUE_TYPE_WRONG'],
    [{ total: 1.23 }, 'VALUE_TYPE_WRONG'],
    [{ rowCount: 3 }, 'COUNTER_DISAGREES'],
  ])('%j', (wrong, code) => {
    expect(() => codec.encode({ ...value, ...wrong })).toThrow(expect.objectContaining({ code }))
    expect(() => closures.encode({ ...value, ...wrong })).toThrow(expect.objectContaining({ code }))
  })
  test.each([[['TOTAL']], [['R']], [['NAME']]])('no such number: %j', (numbers) => {
    const named = layoutOf('01 R. 05 TOTAL PIC S9(16). 05 NAME PIC X(3).')
    expect(() => recordCodec(named, { ...options, numbers })).toThrow(
      expect.objectContaining({ code: 'LAYOUT_OPTION_INVALID' }),
    )
  })
})

test('policies for bytes that are not valid give numbers, null and raw bytes', () => {
  const one = layoutOf('01 R. 05 A PIC 9(2).')
  const read = (policy: 'null' | 'raw' | 'zero') =>
    recordCodec(one, { ...options, invalid: { A: policy } }).decode(bytes('4040')).a
  expect([read('zero'), read('null'), read('raw')]).toEqual([0, null, { $raw: '4040' }])
})

test('schema and types say so', () => {
  const schema = jsonSchemaOf(codec.plan, 'reply')
  expect(schema.properties).toMatchObject({
    statusCode: { type: 'integer', enum: [0, 8] },
    rate: { type: 'number', minimum: -999.9999, maximum: 999.9999 },
    points: { type: 'integer', minimum: 0, maximum: 99900, multipleOf: 100 },
    total: { type: 'string' },
    rows: { items: { type: 'integer', minimum: -999, maximum: 999 } },
  })
  const valid = new Ajv2020({ strict: false }).compile(schema)
  expect(valid(value)).toBe(true)
  expect(valid({ ...value, rate: '12.5000' })).toBe(false)
  const types = typesOf(codec.plan, 'Reply', 'reply')
  for (const line of ['statusCode: 0 | 8', 'rate: number', 'total: Decimal', 'rows: readonly number[]'])
    expect(types).toContain(`readonly ${line}`)
  const nullable = recordCodec(layout, { ...options, invalid: { '*': 'null' } })
  expect(jsonSchemaOf(nullable.plan, 'reply').properties).toMatchObject({
    statusCode: { type: ['integer', 'null'], enum: [0, 8, null] },
  })
})

test('a number that decides about a view is a number in schema and types', () => {
  const union = recordCodec(layoutOf('01 R. 05 K PIC 9. 05 A PIC X(2). 05 B REDEFINES A PIC 9(2).'), {
    ...options,
    views: { A: { by: 'K', when: { 1: 'A', 2: 'B' } } },
  })
  expect(jsonSchemaOf(union.plan, 'reply').oneOf).toMatchObject([
    { properties: { k: { enum: [1] } } },
    { properties: { k: { enum: [2] } } },
  ])
  expect(typesOf(union.plan, 'Reply', 'reply')).toContain('readonly k: 2')
  expect(union.decode(bytes('F2F1F2'))).toEqual({ k: 2, b: 12 })
})

test('a transaction takes and gives numbers, and hands texts to inquiries', () => {
  const wire = recordWire(
    {
      kind: 'record',
      program: 'P',
      record: 'R.cpy',
      effect: 'read',
      deadlineMs: 1,
      outcome: by('STATUS-CODE', { DONE: applied, FAILED: applied }),
      fields: { numbers: ['RATE', 'ROW-COUNT', 'ROWS'] },
    },
    layout,
    'cp037',
  )
  const body = wire.read(record).body
  expect(body).toMatchObject({ statusCode: '8', rate: -12.5, rowCount: 2, rows: [1, -2] })
  expect(wire.valueOf('reply', body, 'RATE')).toBe('-12.5')
  expect(wire.bodyOf('request', { RATE: '-12.5000' })).toEqual({ rate: -12.5 })
  expect(hex(wire.encode(body, { RATE: '1.0000' }).subarray(2, 6))).toBe('00 10 00 0C')
})

test('every decimal of at most 15 digits is the same number both ways', () => {
  const decimals = fc.integer({ min: 0, max: 15 }).chain((scale) =>
    fc.record({
      scale: fc.constant(scale),
      digits: fc.integer({ min: Math.max(1, scale), max: 15 }),
      seed: fc.bigInt(0n, 10n ** 15n - 1n),
      negative: fc.boolean(),
    }),
  )
  fc.assert(
    fc.property(decimals, ({ scale, digits, seed, negative }) => {
      const picture = `S${digits > scale ? `9(${digits - scale})` : ''}${scale > 0 ? `V9(${scale})` : ''}`
      const one = layoutOf(`01 R. 05 A PIC ${picture} COMP-3.`)
      const sure = recordCodec(one, { codePage: 'cp037' })
      const unscaled = String(seed % 10n ** BigInt(digits)).padStart(scale + 1, '0')
      const text = scale === 0 ? unscaled : `${unscaled.slice(0, -scale)}.${unscaled.slice(-scale)}`
      const given = { a: negative && seed % 10n ** BigInt(digits) > 0n ? `-${text}` : text }
      const packed = sure.encode(given)
      const number = recordCodec(one, options).decode(packed)
      expect(number).toEqual({ a: Number(given.a) })
      expect(hex(recordCodec(one, options).encode(JSON.parse(JSON.stringify(number))))).toBe(hex(packed))
    }),
    { numRuns: 300 },
  )
})

test.each([
  [1e-7, '0.0000001'],
  [-1.25e-9, '-0.00000000125'],
  [0, '0'],
  [-0, '0'],
  [123.5, '123.5'],
  [1e21, '1e+21'],
])('%p is %s', (number, text) => {
  expect(plainDecimal(number)).toBe(text)
})
