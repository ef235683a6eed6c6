// One counter that holds a code and counts several tables: what each code stands for is declared for each table.

import { describe, expect, test } from '@jest/globals'
import { byteSink } from '../../../src/codec/byte-sink.ts'
import { jsonSchemaOf } from '../../../src/codec/json-schema.ts'
import { type RecordCodec, recordCodec } from '../../../src/codec/record-codec.ts'
import { typesOf } from '../../../src/codec/typescript-types.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import { type Random, randomOf } from '../differential/random.ts'
import { bytes, hex, layoutOf } from '../layouts.ts'

const layout = layoutOf(`01 R.
  05 FIELD-TYPE PIC X.
  05 REC-A OCCURS 0 TO 1 DEPENDING ON FIELD-TYPE. 10 A PIC X(2).
  05 REC-B OCCURS 0 TO 2 DEPENDING ON FIELD-TYPE. 10 B PIC 9(3).`)
const counters = { 'REC-A': { A: 1, B: 0, C: 1, N: 0 }, 'REC-B': { A: 0, B: 1, C: 2, N: 0 } }

function codecWith(given: object, generate = true): RecordCodec {
  return recordCodec(layout, { codePage: 'cp037', counters: given as typeof counters, generate })
}

function jsonOf(codec: RecordCodec, record: Uint8Array): unknown {
  const sink = byteSink(16)
  codec.decodeToJson(record, 0, record.length, sink)
  return JSON.parse(new TextDecoder().decode(sink.bytes.subarray(0, sink.length)))
}

describe.each([true, false])('generated: %s', (generate) => {
  const codec = codecWith(counters, generate)

  test.each([
    ['C1 C1C1', { fieldType: 'A', recA: [{ a: 'AA' }], recB: [] }],
    ['C2 F1F2F3', { fieldType: 'B', recA: [], recB: [{ b: '123' }] }],
    ['C3 C1C1 F1F2F3 F0F0F7', { fieldType: 'C', recA: [{ a: 'AA' }], recB: [{ b: '123' }, { b: '7' }] }],
    ['D5', { fieldType: 'N', recA: [], recB: [] }],
  ])('%s, both ways', (record, json) => {
    expect(codec.decode(bytes(record))).toEqual(json)
    expect(jsonOf(codec, bytes(record))).toEqual(json)
    expect(codec.lengthOf(bytes(record))).toBe(bytes(record).length)
    expect(hex(codec.encode(json))).toBe(hex(bytes(record)))
    const { fieldType, ...uncounted } = json
    expect(hex(codec.encode(uncounted))).toBe(hex(bytes(record)))
    const sink = byteSink(16)
    codec.encodeJson(JSON.stringify(uncounted), sink)
    expect(hex(sink.bytes.subarray(0, sink.length))).toBe(hex(bytes(record)))
  })
})

describe('mistakes in a record', () => {
  const codec = codecWith(counters)

  test('a code that is not listed names the field and those that are', () => {
    expect(() => codec.decode(bytes('E7 C1C1'))).toThrow(
      expect.objectContaining({
        code: 'COUNTER_OUT_OF_RANGE',
        message: expect.stringContaining(
          "FIELD-TYPE PIC X at offset 0 counts the occurrences of REC-A and must be 'A' or 'B' or 'C' or 'N', but holds another value",
        ),
      }),
    )
  })

  test('with another policy the tables have what the code with the fewest occurrences says', () => {
    const lenient = recordCodec(layout, { codePage: 'cp037', counters, invalid: { '*': 'raw' } })
    const json = { fieldType: { $raw: 'E7' }, recA: [], recB: [] }
    expect(lenient.decode(bytes('E7'))).toEqual(json)
    expect(hex(lenient.encode(json))).toBe('E7')
  })

  test.each<[JsonObject, string]>([
    [{ fieldType: 'A', recA: [], recB: [] }, 'COUNTER_DISAGREES'],
    [{ fieldType: 'A', recA: [{ a: 'AA' }], recB: [{ b: '1' }] }, 'COUNTER_DISAGREES'],
    [{ fieldType: 'X', recA: [], recB: [] }, 'COUNTER_VALUE_UNKNOWN'],
    [{ recA: [{ a: 'AA' }], recB: [{ b: '1' }] }, 'COUNT_WITHOUT_VALUE'],
    [{ recA: [], recB: [{ b: '1' }, { b: '2' }] }, 'COUNT_WITHOUT_VALUE'],
    [{ recA: [{ a: '1' }, { a: '2' }], recB: [] }, 'TABLE_SIZE_WRONG'],
  ])('%j', (json, code) => {
    expect(() => codec.encode(json)).toThrow(expect.objectContaining({ code }))
  })
})

test.each<[object, string, string]>([
  [{ 'REC-A': { A: 1 } }, 'COUNTER_VALUES_MISSING', 'counts the occurrences of REC-B but holds no number'],
  [
    { 'REC-A': { A: 1, B: 0 }, 'REC-B': { B: 1 } },
    'LAYOUT_OPTION_INVALID',
    "counters.REC-B: it does not say what 'A' stands for, which another table names: add 'A': 0",
  ],
  [{ 'REC-A': { A: 2 }, 'REC-B': { A: 2 } }, 'LAYOUT_OPTION_INVALID', "counters.REC-A: 'A' must stand for 0 to 1"],
  [{ 'REC-A': {}, 'REC-B': { A: 1 } }, 'LAYOUT_OPTION_INVALID', 'counters.REC-A: it names no value'],
  [{ 'REC-A': { AB: 1 } }, 'LAYOUT_OPTION_INVALID', "counters.REC-A: the value 'AB' does not fit PIC X"],
  [{ A: { A: 1 } }, 'LAYOUT_OPTION_INVALID', 'counters.A: no table depends on it'],
  [
    { 'FIELD-TYPE': { A: 1 }, 'REC-B': { A: 2, B: 0 } },
    'LAYOUT_OPTION_INVALID',
    "counters.FIELD-TYPE: it does not say what 'B' stands for",
  ],
])('a mistake in the option: %j', (given, code, words) => {
  expect(() => codecWith(given)).toThrow(expect.objectContaining({ code }))
  expect(() => codecWith(given)).toThrow(words)
})

test('what stands for the counter holds for the tables without an entry of their own', () => {
  const codec = codecWith({ 'FIELD-TYPE': { A: 1, B: 0 }, 'REC-B': { A: 2, B: 0 } })
  expect(codec.decode(bytes('C1 C1C1 F1F2F3 F1F2F3'))).toMatchObject({ recA: [{}], recB: [{}, {}] })
})

test('a counter of digits counts by its number where a table has no entry', () => {
  const mixed = layoutOf(
    '01 R. 05 K PIC 9. 05 T PIC X OCCURS 0 TO 3 DEPENDING ON K. 05 U PIC X OCCURS 0 TO 1 DEPENDING ON K.',
  )
  const codec = recordCodec(mixed, { codePage: 'cp037', counters: { U: { 1: 1, 3: 0 } } })
  expect(codec.decode(bytes('F3 C1C1C1'))).toEqual({ k: '3', t: ['A', 'A', 'A'], u: [] })
  expect(hex(codec.encode({ t: ['A'], u: ['B'] }))).toBe('F1 C1 C2')
  const without = () => recordCodec(mixed, { codePage: 'cp037', counters: { U: { 4: 1 } } })
  expect(without).toThrow("counters.T: the value '4' is no number of 0 to 3: say what it stands for")
  const twice = () => recordCodec(mixed, { codePage: 'cp037', counters: { U: { 1: 1, '01': 0 } } })
  expect(twice).toThrow('LAYOUT_OPTION_INVALID')
})

test('a table that is not shown has as many elements as the code of the others allows', () => {
  const codec = recordCodec(
    layoutOf(`01 R. 05 K PIC X. 05 G1. 10 T PIC X OCCURS 0 TO 3 DEPENDING ON K.
    05 G2. 10 U PIC X OCCURS 0 TO 3 DEPENDING ON K.`),
    {
      codePage: 'cp037',
      counters: { T: { A: 1, B: 1 }, U: { A: 0, B: 2 } },
      group: 'G2',
    },
  )
  expect(hex(codec.encode({ u: ['X', 'Y'] }))).toBe('C2 40 E7 E8')
  const numbers = recordCodec(
    layoutOf(`01 R. 05 N PIC 9. 05 G1. 10 T PIC X OCCURS 0 TO 3 DEPENDING ON N.
    05 G2. 10 U PIC X OCCURS 0 TO 3 DEPENDING ON N.`),
    { codePage: 'cp037', group: 'G2' },
  )
  expect(() => numbers.encode({ u: ['X'] })).toThrow('COUNTER_DISAGREES')
})

test('schema and types list the codes', () => {
  const { plan } = codecWith(counters)
  expect(jsonSchemaOf(plan, 'reply').properties).toMatchObject({
    fieldType: { enum: ['A', 'B', 'C', 'N'] },
    recA: { maxItems: 1 },
    recB: { maxItems: 2 },
  })
  expect(typesOf(plan, 'R', 'reply')).toContain("readonly fieldType: 'A' | 'B' | 'C' | 'N'")
})

describe('random codes of random tables', () => {
  const letters = ['A', 'B', 'C', 'D', 'E']

  /** Tables of one counter, and how many elements each has for each code. */
  function randomTables(random: Random) {
    const codes = letters.slice(0, 1 + random.below(letters.length))
    const tables = Array.from({ length: 1 + random.below(4) }, (_, index) => ({
      name: `T-${index}`,
      key: `t${index}`,
      counts: Object.fromEntries(codes.map((code) => [code, random.below(4)])),
    }))
    return { codes, tables }
  }

  test.each(Array.from({ length: 60 }, (_, seed) => seed))('seed %i', (seed) => {
    const random = randomOf(seed)
    const { codes, tables } = randomTables(random)
    const items = tables.map(({ name }) => `05 ${name} PIC X OCCURS 0 TO 3 DEPENDING ON K.`)
    const codec = recordCodec(layoutOf(`01 R. 05 K PIC X. ${items.join(' ')} 05 Z PIC X.`), {
      codePage: 'ascii',
      counters: Object.fromEntries(tables.map(({ name, counts }) => [name, counts])),
      generate: random.chance(0.5),
    })
    for (const code of codes) {
      const lists = tables.map(({ counts }) => Array.from({ length: counts[code] ?? 0 }, () => random.pick(letters)))
      const record = new TextEncoder().encode(`${code}${lists.flat().join('')}Z`)
      const value = codec.decode(record)
      expect(value).toEqual({ k: code, ...Object.fromEntries(tables.map(({ key }, i) => [key, lists[i]])), z: 'Z' })
      expect(hex(codec.encode(value))).toBe(hex(record))
      // Left out, the counter is the first code that says all the numbers.
      const { k, ...rest } = value
      const first = codes.find((one) => tables.every(({ counts }, i) => counts[one] === lists[i]?.length))
      expect(hex(codec.encode(rest))).toBe(hex(Uint8Array.of(first?.charCodeAt(0) ?? 0, ...record.subarray(1))))
    }
  })
})
