// Views of a REDEFINES that conditions over several fields choose.

import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { byteSink } from '../../../src/codec/byte-sink.ts'
import { jsonSchemaOf } from '../../../src/codec/json-schema.ts'
import { type CodecOptions, type RecordCodec, recordCodec } from '../../../src/codec/record-codec.ts'
import { typesOf } from '../../../src/codec/typescript-types.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import { bytes, hex, layoutOf } from '../layouts.ts'

const layout = layoutOf(`01 R.
  05 KIND PIC X. 88 IS-CARD VALUE 'C'. 88 IS-OTHER VALUE 'X' THRU 'Z'.
  05 SUB-KIND PIC 9(2).
  05 AMOUNT PIC S9(3)V99 COMP-3.
  05 CARD PIC X(4).
  05 LOAN REDEFINES CARD. 10 LOAN-NUMBER PIC 9(4).
  05 BONUS REDEFINES CARD PIC X(2).`)

const where = {
  LOAN: "KIND = 'L' AND (SUB-KIND = 1 OR 7) OR AMOUNT > 500 AND <= 999.99",
  BONUS: 'IS-CARD AND SUB-KIND > 50 AND NOT AMOUNT < 0',
  CARD: 'IS-CARD OR IS-OTHER',
}

function codecOf(given: Record<string, string>, more: Partial<CodecOptions> = {}): RecordCodec {
  return recordCodec(layout, { codePage: 'cp037', views: { CARD: { where: given } }, ...more })
}

function jsonOf(codec: RecordCodec, record: Uint8Array): unknown {
  const sink = byteSink(16)
  codec.decodeToJson(record, 0, record.length, sink)
  return JSON.parse(new TextDecoder().decode(sink.bytes.subarray(0, sink.length)))
}

describe.each([true, false])('generated: %s', (generate) => {
  const codec = codecOf(where, { generate })

  test.each<[string, JsonObject]>([
    ['D3 F0F1 00001C F0F0F4F2', { kind: 'L', subKind: '1', amount: '0.01', loan: { loanNumber: '42' } }],
    ['D3 F0F7 00001C F0F0F4F2', { kind: 'L', subKind: '7', amount: '0.01', loan: { loanNumber: '42' } }],
    ['C3 F0F2 00001C C1C2C3C4', { kind: 'C', subKind: '2', amount: '0.01', card: 'ABCD' }],
    ['C3 F0F2 50001C F0F0F4F2', { kind: 'C', subKind: '2', amount: '500.01', loan: { loanNumber: '42' } }],
    ['C3 F5F1 00001C C1C24040', { kind: 'C', subKind: '51', amount: '0.01', bonus: 'AB' }],
    ['C3 F5F1 00001D C1C2C3C4', { kind: 'C', subKind: '51', amount: '-0.01', card: 'ABCD' }],
    ['E8 F0F0 00000C C1C2C3C4', { kind: 'Y', subKind: '0', amount: '0.00', card: 'ABCD' }],
  ])('%s, both ways', (record, json) => {
    expect(codec.decode(bytes(record))).toEqual(json)
    expect(jsonOf(codec, bytes(record))).toEqual(json)
    expect(hex(codec.encode(json))).toBe(hex(bytes(record)))
    const sink = byteSink(16)
    codec.encodeJson(JSON.stringify(json), sink)
    expect(hex(sink.bytes.subarray(0, sink.length))).toBe(hex(bytes(record)))
  })

  test('a record for which no condition holds names all deciding fields', () => {
    const call = () => codec.decode(bytes('D3 F0F2 00001C F0F0F4F2'))
    expect(call).toThrow(
      'VIEW_UNKNOWN: the value of KIND and SUB-KIND and AMOUNT chooses no view of CARD (card) at offset 6',
    )
    const otherwise = recordCodec(layout, { codePage: 'cp037', views: { CARD: { where, otherwise: 'BONUS' } } })
    expect(otherwise.decode(bytes('D3 F0F2 00001C C1C24040'))).toMatchObject({ bonus: 'AB' })
  })

  test('a view that the values do not choose', () => {
    const given = { kind: 'L', subKind: '1', amount: '0.01', card: 'ABCD' }
    expect(() => codec.encode(given)).toThrow(
      'VIEW_DISAGREES: the value of KIND and SUB-KIND and AMOUNT does not choose card',
    )
  })
})

test.each([
  ["KIND = 'A'", 'C1', true],
  ["KIND NOT = 'A'", 'C1', false],
  ["NOT KIND = 'A'", 'C2', true],
  ["KIND < 'B'", 'C1', true],
  ["KIND IS GREATER THAN 'A' AND IS LESS THAN 'C'", 'C2', true],
  ["KIND = X'00' OR SPACES", '00', true],
  ["KIND = X'00' OR SPACE", '40', true],
  ['KIND = HIGH-VALUES', 'FF', true],
  ['KIND = LOW-VALUES', '00', true],
  ['KIND = "\'"', '7D', true],
  ["kind of r = 'A'", 'C1', true],
  ["(((KIND = 'A')) OR KIND = 'B')", 'C2', true],
  ["KIND <> 'A' AND <> 'B'", 'C3', true],
  ["KIND <> 'A' AND <> 'B'", 'C2', false],
  ["KIND = 'A' OR 'B' AND KIND = 'C'", 'C1', true],
  ["(KIND = 'A' OR 'B') AND NUMBER-1 = 3", 'C1', true],
])('%s of %s: %s', (condition, kind, holds) => {
  const one = layoutOf('01 R. 05 KIND PIC X. 05 NUMBER-1 PIC 9. 05 A PIC X. 05 B REDEFINES A PIC X.')
  const codec = recordCodec(one, { codePage: 'cp037', views: { A: { where: { B: condition }, otherwise: 'A' } } })
  expect(codec.decode(bytes(`${kind} F3 E7`))).toHaveProperty(holds ? 'b' : 'a', 'X')
})

describe('bytes that are no number', () => {
  const one = layoutOf('01 R. 05 N PIC 9(3). 05 A PIC X. 05 B REDEFINES A PIC X.')
  test.each([
    ['N = 5', '404040', false],
    ['NOT N = 5', '404040', false],
    ['N <> 5', '404040', false],
    ['N = SPACES', '404040', true],
    ['NOT N = SPACES', 'F0F0F5', true],
    ['N = ZEROS', 'F0F0F0', true],
    ['N >= ZERO', 'F0F0F1', true],
    ["N = '005'", 'F0F0F5', true],
  ])('%s of %s: %s', (condition, number, holds) => {
    const views = { A: { where: { B: condition }, otherwise: 'A' } }
    const codec = recordCodec(one, { codePage: 'cp037', views, invalid: { N: 'raw' } })
    expect(codec.decode(bytes(`${number} E7`))).toHaveProperty(holds ? 'b' : 'a', 'X')
  })
})

test('dates compare as days', () => {
  const one = layoutOf('01 R. 05 D PIC 9(6). 05 A PIC X. 05 B REDEFINES A PIC X.')
  const views = { A: { where: { B: "D >= '1999-12-31' AND D < '2000-01-02'" }, otherwise: 'A' } }
  const codec = recordCodec(one, { codePage: 'ascii', views, dates: { D: 'YYMMDD' } })
  const keysOf = (record: string) => Object.keys(codec.decode(new TextEncoder().encode(record)))
  expect(['991230x', '991231x', '000101x', '000102x'].map((record) => keysOf(record)[1])).toEqual(['a', 'b', 'b', 'a'])
})

test('fields around a table, in its elements and behind it decide', () => {
  const nested = layoutOf(`01 R. 05 K PIC X. 05 N PIC 9. 05 T OCCURS 0 TO 3 DEPENDING ON N.
    10 L PIC X. 10 A PIC X. 10 B REDEFINES A PIC 9. 05 LAST-1 PIC X.`)
  const where = { B: "K = 'K' AND L = 'L' AND LAST-1 = 'Z'", A: "NOT LAST-1 = 'Q'" }
  const codec = recordCodec(nested, { codePage: 'ascii', views: { A: { where } } })
  const record = new TextEncoder().encode('K2L5M5Z')
  const json = {
    k: 'K',
    n: '2',
    t: [
      { l: 'L', b: '5' },
      { l: 'M', a: '5' },
    ],
    last1: 'Z',
  }
  expect(codec.decode(record)).toEqual(json)
  expect(hex(codec.encode(json))).toBe(hex(record))
  const wrong = { ...json, t: [{ l: 'L', a: '5' }] }
  expect(() => codec.encode({ ...wrong, n: '1' })).toThrow('VIEW_DISAGREES')
})

test('a counter that is left out decides when its table is written', () => {
  const text = '01 R. 05 N PIC 9. 05 A PIC X. 05 B REDEFINES A PIC X. 05 T PIC X OCCURS 0 TO 3 DEPENDING ON N.'
  const byNumber = { A: { by: 'N', when: { 0: 'A', 2: 'B' } } } as const
  const byCondition = { A: { where: { A: 'N = 0', B: 'N = 2' } } } as const
  for (const views of [byNumber, byCondition]) {
    const codec = recordCodec(layoutOf(text), { codePage: 'ascii', views })
    expect(Buffer.from(codec.encode({ b: 'x', t: ['y', 'z'] })).toString()).toBe('2xyz')
    expect(() => codec.encode({ a: 'x', t: ['y', 'z'] })).toThrow('VIEW_DISAGREES')
  }
})

test.each([
  [{ CARD: "KIMD = 'A'" }, 'views.CARD.where.CARD: KIMD is not in R'],
  [{ CARD: 'IS-LOAN' }, 'views.CARD.where.CARD: IS-LOAN is no level 88 of R'],
  [{ CARD: 'KIND' }, "views.CARD.where.CARD: KIND is a field: say what it must be, KIND = 'A'"],
  [{ CARD: "KIND = 'AB'" }, 'views.CARD.where.CARD: AB does not fit KIND PIC X'],
  [{ CARD: 'KIND = 1' }, "views.CARD.where.CARD: KIND is no number: write '1' in quotes"],
  [{ CARD: 'SUB-KIND = 100' }, 'views.CARD.where.CARD: 100 does not fit SUB-KIND PIC 9(2)'],
  [{ CARD: 'AMOUNT = 1.001' }, 'views.CARD.where.CARD: 1.001 does not fit AMOUNT'],
  [{ CARD: 'AMOUNT > SPACES' }, 'AMOUNT has no order for such a literal: compare it with = or <>'],
  [{ CARD: 'KIND =' }, "at character 7, the end: a literal ('text', X'C1', 12.50, SPACES, ZEROS) is expected"],
  [{ CARD: "KIND 'A'" }, "at character 6, 'A': AND, OR or the end is expected"],
  [{ CARD: "KIND = 'A' XOR KIND = 'B'" }, 'at character 12, XOR: AND, OR or the end is expected'],
  [{ CARD: "(KIND = 'A'" }, 'at character 12, the end: AND, OR or ) is expected'],
  [{ CARD: '' }, 'at character 1, the end: a field or the name of a level 88 is expected'],
  [{ CARD: "KIND = 'A' & SUB-KIND = 1" }, 'at character 12, &: AND, OR or the end is expected'],
  [{ CARD: `${'('.repeat(40)}IS-CARD${')'.repeat(40)}` }, 'a condition of at most 32 levels is expected'],
  [{ KIND: 'IS-CARD' }, 'views.CARD: KIND does not share storage with CARD'],
  [{}, 'views.CARD: where names no view'],
] as [Record<string, string>, string][])('a mistake in the option: %j', (given, words) => {
  expect(() => codecOf(given)).toThrow(expect.objectContaining({ code: 'LAYOUT_OPTION_INVALID' }))
  expect(() => codecOf(given)).toThrow(words)
})

test('a field that stands in another table cannot decide', () => {
  const tables = layoutOf('01 R. 05 S OCCURS 2. 10 K PIC X. 05 T OCCURS 2. 10 A PIC X. 10 B REDEFINES A PIC X.')
  const problem = 'K has subscripts of its own: choose a field that stands once for A'
  for (const choice of [{ by: 'K', when: { A: 'A' } }, { where: { A: "K = 'A'" } }]) {
    expect(() => recordCodec(tables, { codePage: 'cp037', views: { A: choice } })).toThrow(problem)
  }
})

describe('schema and types', () => {
  const { plan } = codecOf({
    LOAN: "KIND = 'L' AND SUB-KIND = 1 OR 7",
    CARD: "KIND = 'C' AND AMOUNT > 5",
    BONUS: 'IS-OTHER',
  })

  test('bind the values that go together', () => {
    const { oneOf } = jsonSchemaOf(plan, 'reply')
    expect(oneOf).toEqual([
      { properties: { kind: { enum: ['C'] } }, required: ['card'] },
      {
        anyOf: [
          { properties: { kind: { enum: ['L'] }, subKind: { enum: ['1'] } } },
          { properties: { subKind: { enum: ['7'] } } },
        ],
        required: ['loan'],
      },
      { required: ['bonus'] },
    ])
    const types = typesOf(plan, 'R', 'reply')
    expect(types).toContain("readonly kind: 'L'\n  readonly subKind: '1'\n")
    expect(types).toContain("readonly subKind: '7'\n")
  })

  test('a decoded record is valid', () => {
    const isValid = new Ajv2020({ strict: false }).compile(jsonSchemaOf(codecOf(where).plan, 'reply'))
    for (const record of ['D3 F0F1 00001C F0F0F4F2', 'C3 F5F1 00001C C1C24040', 'E8 F0F0 00000C C1C2C3C4']) {
      expect([isValid(codecOf(where).decode(bytes(record))), isValid.errors]).toEqual([true, null])
    }
  })

  test('a value that also another range or any other value chooses is no bound', () => {
    const one = layoutOf(
      "01 R. 05 K PIC X. 88 LOW VALUE 'A' THRU 'F'. 05 A PIC X. 05 B REDEFINES A PIC X. 05 C REDEFINES A PIC X.",
    )
    const choice = { by: 'K', when: { LOW: 'A', Z: 'A', B: 'B', C: 'C' }, otherwise: 'B' }
    const { plan } = recordCodec(one, { codePage: 'cp037', views: { A: choice } })
    expect(jsonSchemaOf(plan, 'reply').oneOf).toEqual([
      { required: ['a'] },
      { required: ['b'] },
      { properties: { k: { enum: ['C'] } }, required: ['c'] },
    ])
  })
})

describe('a deciding number that is none, shown as null or zero', () => {
  const fixed = '01 R. 05 K PIC 9. 05 A PIC X. 05 B REDEFINES A PIC X.'
  const varying = `${fixed} 05 N PIC 9. 05 T PIC X OCCURS 0 TO 3 DEPENDING ON N.`

  test.each([
    [fixed, { by: 'K', when: { 0: 'B' }, otherwise: 'A' }],
    [varying, { by: 'K', when: { 0: 'B' }, otherwise: 'A' }],
    [fixed, { where: { B: 'K = 0' }, otherwise: 'A' }],
    [varying, { where: { B: 'K = 0' }, otherwise: 'A' }],
  ])('%s %j: the bytes come back', (text, choice) => {
    for (const policy of ['null', 'zero'] as const) {
      const codec = recordCodec(layoutOf(text), { codePage: 'ascii', views: { A: choice }, invalid: { K: policy } })
      const record = new TextEncoder().encode(text === fixed ? ' x' : ' x1y')
      const value = codec.decode(record)
      expect(value).toMatchObject({ k: policy === 'null' ? null : '0', a: 'x' })
      expect(hex(codec.encode(value))).toBe(hex(record))
      const sink = byteSink(16)
      codec.encodeJson(JSON.stringify(value), sink)
      expect(hex(sink.bytes.subarray(0, sink.length))).toBe(hex(record))
      const { $residue, ...rest } = value
      expect(() => codec.encode(rest)).toThrow('VIEW_DISAGREES')
    }
  })
})
