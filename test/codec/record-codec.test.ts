// What a codec refuses, and what it makes of options.

import { describe, expect, test } from '@jest/globals'
import type { CompilerOptions } from '../../src/cobol/layout.ts'
import { byteSink } from '../../src/codec/byte-sink.ts'
import { jsonSchemaOf } from '../../src/codec/json-schema.ts'
import { type CodecOptions, jsonObjectOf, recordCodec } from '../../src/codec/record-codec.ts'
import { typesOf } from '../../src/codec/typescript-types.ts'
import { codePage } from '../../src/codepage/code-page.ts'
import type { JsonObject } from '../../src/contract/json.ts'
import { bytes, hex, layoutOf } from './layouts.ts'

function codecOf(items: string, options: Partial<CodecOptions> = {}, compiler: Partial<CompilerOptions> = {}) {
  return recordCodec(layoutOf(`01 R. ${items}`, compiler), { codePage: 'cp037', ...options })
}

const cp037 = codePage('cp037')

describe('values that do not fit', () => {
  test.each<[string, JsonObject, string]>([
    ['05 A PIC 9.', {}, 'VALUE_MISSING: A (a, PIC 9) is missing'],
    ['05 A PIC 9.', { a: null }, 'VALUE_TYPE_WRONG: A (a, PIC 9) takes a string, not null'],
    ['05 A PIC 9.', { a: [] }, 'takes a string, not an array'],
    ['05 A PIC 9.', { a: {} }, 'takes a string, not an object'],
    ['05 A PIC 9.', { a: true }, 'takes a string, not a boolean'],
    ['05 A PIC 9.', { a: '12' }, 'VALUE_TOO_LARGE'],
    ['05 A PIC 9.', { a: '-1' }, 'VALUE_NEGATIVE'],
    ['05 A PIC 9.', { a: '' }, 'VALUE_NOT_A_NUMBER'],
    ['05 A PIC 9.', { a: '01' }, 'VALUE_NOT_A_NUMBER'],
    ['05 A PIC 9.', { a: '1.' }, 'VALUE_NOT_A_NUMBER'],
    ['05 A PIC 9.', { a: '.1' }, 'VALUE_NOT_A_NUMBER'],
    ['05 A PIC 9.', { a: '1.x' }, 'VALUE_NOT_A_NUMBER'],
    ['05 A PIC 9.', { a: 'x' }, 'VALUE_NOT_A_NUMBER'],
    ['05 A PIC S9(4) COMP.', { a: '10000' }, 'VALUE_TOO_LARGE'],
    ['05 A PIC S9(4) COMP-5.', { a: '32768' }, 'VALUE_TOO_LARGE'],
    ['05 A PIC 9(4) COMP-5.', { a: '65536' }, 'VALUE_TOO_LARGE'],
    ['05 A PIC 9(18) COMP-5.', { a: '18446744073709551616' }, 'VALUE_TOO_LARGE'],
    ['05 A POINTER.', { a: 'XYZ' }, 'VALUE_NOT_HEX: A (a) takes two hexadecimal digits for each of its 4 bytes'],
    [
      '05 A PIC X(2).',
      { a: '€' },
      'VALUE_NOT_IN_CODE_PAGE: A (a, PIC X(2)) has a character that does not exist in cp037',
    ],
    ['05 A PIC N(1) USAGE NATIONAL.', { a: 'ab' }, 'VALUE_TOO_LONG'],
    ['05 A PIC N(1) USAGE NATIONAL.', { a: 'abc' }, 'VALUE_TOO_LONG'],
    ['05 A PIC U(2).', { a: '\ud800' }, 'VALUE_NOT_IN_CODE_PAGE'],
    ['05 A PIC XBX.', { a: 'abc' }, 'VALUE_TOO_LONG'],
    ['05 A PIC XBX.', { a: '€' }, 'VALUE_NOT_IN_CODE_PAGE'],
    ['05 A COMP-1.', { a: 'x' }, 'VALUE_NOT_A_NUMBER'],
    ['05 A COMP-1.', { a: '1e99' }, 'VALUE_TOO_LARGE'],
    ['05 G. 10 A PIC 9.', {}, 'VALUE_MISSING: G (g) is missing'],
    ['05 G. 10 A PIC 9.', { g: 'x' }, 'VALUE_TYPE_WRONG: G (g) takes an object, not a string'],
    ['05 G. 10 A PIC 9.', { g: { a: '1', b: '' } }, 'VALUE_UNKNOWN: R has no g.b'],
    ['05 G. 10 A PIC 9.', { g: { a: '1' }, '§$%': '' }, 'VALUE_UNKNOWN: R has no (another name)'],
    ['05 T PIC 9 OCCURS 2.', {}, 'VALUE_MISSING: T (t, PIC 9) is missing'],
    ['05 T PIC 9 OCCURS 2.', { t: '1' }, 'VALUE_TYPE_WRONG: T (t, PIC 9) takes an array, not a string'],
    ['05 T PIC 9 OCCURS 2.', { t: ['1', '2', '3'] }, 'TABLE_SIZE_WRONG: T (t) takes 2 elements, not 3'],
    ['05 T PIC 9 OCCURS 2.', { t: ['1', 'x'] }, 'VALUE_NOT_A_NUMBER: T (t[1], PIC 9)'],
    ['05 T OCCURS 2. 10 A PIC 9.', { t: [{ a: '1' }, { a: 'x' }] }, 'VALUE_NOT_A_NUMBER: A (t[1].a, PIC 9)'],
    [
      '05 N PIC 9. 05 T PIC 9 OCCURS 1 TO 2 DEPENDING ON N.',
      { t: [] },
      'TABLE_SIZE_WRONG: T (t) takes 1 to 2 elements, not 0',
    ],
    [
      '05 N PIC 9. 05 T PIC 9 OCCURS 1 TO 2 DEPENDING ON N.',
      { n: '2', t: ['1'] },
      'COUNTER_DISAGREES: N does not say 1, but T (t) has 1',
    ],
    ['05 N PIC 9. 05 T PIC 9 OCCURS 1 TO 2 DEPENDING ON N.', { n: '3', t: ['1'] }, 'VALUE_TOO_LARGE: N'],
    ['05 T OCCURS 2. 10 N PIC 9. 10 U PIC 9 OCCURS 0 TO 2 DEPENDING ON N.', { t: [{ u: [] }] }, 'TABLE_SIZE_WRONG'],
  ])('%s %j', (items, value, message) => {
    for (const generate of [true, false]) expect(() => codecOf(items, { generate }).encode(value)).toThrow(message)
  })

  test('what may be left out is blank, zero, or its VALUE', () => {
    const codec = codecOf(
      "05 A PIC X(2). 05 B PIC 9(2) VALUE 7. 05 C PIC X VALUE 'C'. 05 T PIC X OCCURS 2. 05 G. 10 D PIC X.",
    )
    expect(cp037.decode(codec.encode({}))).toBe('  07C   ')
    expect(cp037.decode(codec.encode({ t: ['x'] }))).toBe('  07Cx  ')
  })

  test('a list of what may be left out makes all else needed', () => {
    const codec = codecOf('05 A PIC X. 05 B PIC 9. 05 C PIC X.', { optional: ['B'] })
    expect(cp037.decode(codec.encode({ a: 'a', c: 'c' }))).toBe('a0c')
    expect(() => codec.encode({ a: 'a' })).toThrow('VALUE_MISSING: C')
    expect(() => codecOf('05 A PIC X.', { optional: ['Z'] })).toThrow('FIELD_UNKNOWN')
  })

  test('JSON that is none', () => {
    const codec = codecOf('05 A PIC X.')
    const write = (json: string | Uint8Array) => codec.encodeJson(json, byteSink())
    expect(() => write('{')).toThrow('JSON_INVALID: this is no JSON object: its syntax is wrong')
    expect(() => write('[]')).toThrow('it is an array')
    expect(() => write('null')).toThrow('it is null')
    expect(() => write('7')).toThrow('it is a number')
    expect(() => write(Uint8Array.of(0x22, 0xff, 0x22))).toThrow('it is not UTF-8')
    expect(jsonObjectOf(new TextEncoder().encode('{"a":[1]}'))).toEqual({ a: [1] })
    expect(() => jsonObjectOf('[]')).toThrow('it is an array')
    const sink = byteSink(1)
    expect(codec.encodeJson('{"a":"b"}', sink)).toBe(1)
    expect(codec.encodeJson(new TextEncoder().encode('{"a":"c"}'), sink)).toBe(1)
    expect(cp037.decode(sink.bytes.subarray(0, sink.length))).toBe('bc')
  })
})

describe('values of VALUE and level 88', () => {
  test.each([
    ["PIC X(3) VALUE X'C1C2C3'", 'C1 C2 C3'],
    ['PIC X(3) VALUE SPACES', '40 40 40'],
    ['PIC X(3) VALUE ZEROS', 'F0 F0 F0'],
    ['PIC X(3) VALUE LOW-VALUES', '00 00 00'],
    ['PIC X(3) VALUE HIGH-VALUES', 'FF FF FF'],
    ['PIC X(3) VALUE QUOTES', '7F 7F 7F'],
    ["PIC X(3) VALUE ALL 'AB'", 'C1 C2 C1'],
    ["PIC X(3) VALUE ALL X'41'", '41 41 41'],
    ['PIC S9(3) COMP-3 VALUE -7', '00 7D'],
    ['PIC S9(3)V9 COMP-3 VALUE +007.5', '00 07 5C'],
    ['PIC 9(3) VALUE ZERO', 'F0 F0 F0'],
    ['PIC 9(3) COMP VALUE 12', '00 0C'],
  ])('%s is %s', (clauses, expected) => {
    expect(hex(codecOf(`05 A ${clauses}.`).encode({}))).toBe(expected)
  })

  test('a VALUE of a group fills it', () => {
    expect(cp037.decode(codecOf("05 G VALUE 'AB'. 10 A PIC X. 10 B PIC X(2).").encode({}))).toBe('AB ')
  })

  const enumOf = (clauses: string, conditions: string) => {
    const codec = codecOf(`05 A ${clauses}. ${conditions}`)
    const schema = jsonSchemaOf(codec.plan, 'reply') as { properties: { a: { enum?: string[] } } }
    return schema.properties.a.enum
  }

  test.each([
    ['PIC X', "88 Y VALUE 'Y'. 88 N VALUE 'N' SPACE.", ['Y', 'N', '']],
    ['PIC 9(2)V9', '88 ONE VALUE 1. 88 HALF VALUE 0.5.', ['1.0', '0.5']],
    ['PIC X', "88 ANY VALUE 'A' THRU 'Z'.", undefined],
    ['PIC X', '88 NONE VALUE LOW-VALUE.', undefined],
    ['PIC X', "88 LONG VALUE X'C1C2'.", undefined],
    ['PIC X', "88 FOREIGN VALUE ALL '€'.", undefined],
  ])('%s with %s allows %j', (clauses, conditions, values) => {
    expect(enumOf(clauses, conditions)).toEqual(values)
  })
})

describe('views', () => {
  const items = `05 K PIC 9(2). 88 LOW VALUE 1 THRU 9. 88 TEN VALUE 10. 05 A PIC X(4).
    05 B REDEFINES A PIC 9(4). 05 C REDEFINES A. 10 C-1 PIC X(2).`
  const views = { A: { by: 'K', when: { LOW: 'B', '010': 'C' }, otherwise: 'A' } }

  test.each([
    ['03 0042', { k: '3', b: '42' }],
    ['10 ab', { k: '10', c: { c1: 'ab' } }],
    ['99 text', { k: '99', a: 'text' }],
  ])('%s', (text, value) => {
    const codec = codecOf(items, { views })
    const record = cp037.encode(text.replace(' ', '').padEnd(6))
    expect(codec.decode(record)).toEqual(value)
    expect(hex(codec.encode(value))).toBe(hex(record))
  })

  test.each<[JsonObject, string]>([
    [{ k: '3', a: 'text' }, 'VIEW_DISAGREES: the value of K does not choose a for A (a)'],
    [{ k: '3', b: '1', a: 'text' }, 'VIEWS_CONFLICT: A (a) shares its storage, and a, b say different things'],
    [{ k: '3' }, 'VALUE_MISSING: A (b, PIC X(4)) is missing'],
  ])('%j is refused', (value, message) => {
    expect(() => codecOf(items, { views }).encode(value)).toThrow(message)
  })

  test('a view may be left out where all of it may', () => {
    expect(cp037.decode(codecOf(items, { views }).encode({ k: '99' }))).toBe('99    ')
  })

  test('a rule may look at a field behind the set', () => {
    const codec = codecOf('05 A PIC X(2). 05 B REDEFINES A PIC 9(2). 05 K PIC X.', {
      views: { A: { by: 'K', when: { T: 'A', N: 'B' } } },
    })
    expect(hex(codec.encode({ b: '7', k: 'N' }))).toBe('F0 F7 D5')
    expect(() => codec.encode({ b: '7', k: 'T' })).toThrow('VIEW_DISAGREES')
    expect(() => codec.encode({ k: 'N' })).toThrow('VALUE_MISSING')
    expect(hex(codec.encode({ k: 'T' }))).toBe('40 40 E3')
    expect(codec.decode(bytes('F0F7D5'))).toEqual({ b: '7', k: 'N' })
  })

  test('a rule may look at a field of an outer table, behind a table of varying number', () => {
    const codec = codecOf(
      `05 N PIC 9. 05 T OCCURS 2. 10 V PIC X OCCURS 0 TO 2 DEPENDING ON N. 10 K PIC X. 10 U OCCURS 2.
       15 A PIC X(2). 15 B REDEFINES A PIC 9(2).`,
      { views: { A: { by: 'K', when: { T: 'A', N: 'B' } } } },
    )
    const element = { v: ['x'], k: 'N', u: [{ b: '1' }, { b: '2' }] }
    const value = { n: '1', t: [element, { ...element, k: 'T', u: [{ a: 'yz' }, { a: '' }] }] }
    const record = codec.encode(value)
    expect(cp037.decode(record)).toBe('1xN0102xTyz  ')
    expect(codec.decode(record)).toEqual(value)
  })

  test('undeclared views: all that read are shown, and must agree', () => {
    const codec = codecOf('05 A PIC 9(2). 05 B REDEFINES A PIC X(2).', { undeclaredViews: 'all' })
    expect(codec.decode(bytes('F0F7'))).toEqual({ a: '7', b: '07' })
    expect(hex(codec.encode({ a: '7', b: '07' }))).toBe('F0 F7')
    expect(hex(codec.encode({ b: '07' }))).toBe('F0 F7')
    expect(() => codec.encode({ a: '7', b: '08' })).toThrow(
      'VIEWS_CONFLICT: A (a) shares its storage, and a, b say different things',
    )
    expect(() => codec.encode({})).toThrow('VALUE_MISSING')
  })

  test('undeclared views: only the first, or none at all', () => {
    const set = '05 A PIC 9(2). 05 B REDEFINES A PIC X(2).'
    expect(codecOf(set).decode(bytes('F0F7'))).toEqual({ a: '7' })
    expect(() => codecOf(set).encode({ a: '7', b: '07' })).toThrow('VIEWS_CONFLICT')
    expect(() => codecOf(set, { undeclaredViews: 'refuse' })).toThrow('VIEW_MISSING')
    const numbers = '05 A PIC 9(2). 05 B REDEFINES A PIC S9(2).'
    expect(() => codecOf(numbers).decode(bytes('4040'))).toThrow('FIELD_BYTES_INVALID: A')
  })

  test('tables may be views', () => {
    const codec = codecOf('05 K PIC X. 05 A PIC X(4). 05 T REDEFINES A OCCURS 2 PIC 9(2).', {
      views: { A: { by: 'K', when: { A: 'A', T: 'T' } } },
    })
    expect(cp037.decode(codec.encode({ k: 'T', t: ['1'] }))).toBe('T0100')
    expect(codec.decode(cp037.encode('T0102'))).toEqual({ k: 'T', t: ['1', '2'] })
  })

  test.each(['null', 'raw', 'zero'] as const)('a value that chooses none, with policy %s', (policy) => {
    const codec = codecOf('05 K PIC X. 05 A PIC X(2). 05 B REDEFINES A PIC 9(2).', {
      views: { A: { by: 'K', when: { T: 'A', N: 'B' } } },
      invalid: { A: policy },
    })
    const value = codec.decode(bytes('C1F0F7'))
    expect(value.a).toEqual(policy === 'raw' ? { $raw: 'F0F7' } : null)
    expect(hex(codec.encode(value))).toBe('C1 F0 F7')
    if (policy === 'raw') expect(() => codec.encode({ k: 'A', a: { $raw: 'F0' } })).toThrow('VALUE_NOT_HEX')
    const schema = jsonSchemaOf(codec.plan, 'reply') as { properties: { a: { anyOf: unknown[] } } }
    expect(schema.properties.a.anyOf).toHaveLength(2)
    expect(typesOf(codec.plan, 'R', 'reply')).toContain(policy === 'raw' ? '{ readonly $raw: string }' : 'a: null')
  })
})

describe('lengths', () => {
  const items = '05 N PIC 9. 05 T PIC X OCCURS 0 TO 3 DEPENDING ON N.'

  test('a short record is refused, a long one unless it is kept', () => {
    expect(() => codecOf(items).decode(bytes('F2C1'))).toThrow('RECORD_TOO_SHORT: record R needs 3 bytes but has 2')
    expect(() => codecOf(items).decode(bytes(''))).toThrow('RECORD_TOO_SHORT')
    expect(() => codecOf(items).decode(bytes('F0C1C2C3C4'))).toThrow(
      'RECORD_TOO_LONG: record R has 5 bytes but may have 4',
    )
    const keeping = codecOf(items, { surplus: 'keep' })
    const value = keeping.decode(bytes('F0C1C2C3C4'))
    expect(value).toEqual({ n: '0', t: [], $residue: '1:C1C2C3C4' })
    expect(hex(keeping.encode(value))).toBe('F0 C1 C2 C3 C4')
  })

  test('bytes behind the last occurrence are residue', () => {
    const value = codecOf(items).decode(bytes('F1C1C2C3'))
    expect(value).toEqual({ n: '1', t: ['A'], $residue: '2:C2C3' })
    expect(hex(codecOf(items).encode(value))).toBe('F1 C1 C2 C3')
  })

  test('a message may be padded to its greatest length', () => {
    const codec = codecOf(items, { variable: 'maximum' })
    expect(hex(codec.encode({ t: ['A'] }))).toBe('F1 C1 00 00')
    expect(codec.decode(bytes('F1C10000'))).toEqual({ n: '1', t: ['A'] })
    expect(codec.decode(bytes('F1C1'))).toEqual({ n: '1', t: ['A'], $residue: '=2' })
    expect(hex(codec.encode({ n: '1', t: ['A'], $residue: '=2' }))).toBe('F1 C1')
  })

  test('an elementary record is an object of one value', () => {
    const codec = recordCodec(layoutOf('01 ONLY PIC 9(3).'), { codePage: 'cp037' })
    expect(codec.decode(bytes('F0F4F2'))).toEqual({ only: '42' })
  })
})

describe('residue', () => {
  test.each([
    [7, 'it is a number'],
    ['', 'patch 1 is not written as OFFSET:HEX'],
    ['0:0', 'patch 1 is not written as OFFSET:HEX'],
    ['0:0000*3', 'patch 1 is not written as OFFSET:HEX'],
    ['0:00 0:00', 'patch 2 lies outside of the record or is out of order'],
    ['3:00', 'patch 1 lies outside'],
    ['2:00', 'patch 1 lies outside'],
    ['1:00*999999999', 'patch 1 lies outside'],
    ['=3', 'it makes the record longer without giving bytes'],
    ['=1 =1', 'patch 1 is not written as OFFSET:HEX'],
  ])('%j is refused', ($residue, problem) => {
    expect(() => codecOf('05 A PIC X(2).').encode({ a: 'ab', $residue })).toThrow(
      `RESIDUE_INVALID: $residue is not valid: ${problem}`,
    )
  })

  test('the canonical form has none', () => {
    const codec = codecOf('05 A PIC S9(2). 05 FILLER PIC X(2).', { canonical: true })
    expect(codec.decode(bytes('F1F20000'))).toEqual({ a: '12' })
    expect(hex(codec.encode({ a: '12' }))).toBe('F1 C2 40 40')
  })
})

describe('options that do not fit the record', () => {
  test.each<[string, Partial<CodecOptions>, string]>([
    ['05 A PIC X.', { invalid: { B: 'null' } }, 'FIELD_UNKNOWN: B is not in R'],
    ['05 A-B PIC X.', { invalid: { A_B: 'null' } }, 'FIELD_UNKNOWN'],
    ['05 A PIC 9(8).', { dates: { A: 'YYYY' as 'HHMM' } }, 'LAYOUT_OPTION_INVALID: dates.A: YYYY is not a date format'],
    ['05 A PIC 9(7).', { dates: { A: 'YYYYMMDD' } }, 'YYYYMMDD needs a field of 8 digits, but the picture is 9(7)'],
    ['05 A PIC X(9).', { dates: { A: 'YYYYMMDD' } }, 'needs a field of 8 digits'],
    ['05 A. 10 B PIC X(8).', { dates: { A: 'YYYYMMDD' } }, 'but the picture is none'],
    ['05 T OCCURS 2. 10 A PIC X.', { group: 'T' }, 'LAYOUT_OPTION_INVALID: T: it is a table or inside of one'],
    ['05 A PIC X.', { codePage: 'cp1' }, 'CODE_PAGE_UNKNOWN'],
    ['05 A PIC G(2) DISPLAY-1.', {}, 'A holds two-byte characters, and cp037 has none'],
    [
      '05 K PIC X. 05 A PIC X. 05 B REDEFINES A PIC 9.',
      { views: { A: { by: 'K', when: { X: 'K' } } } },
      'K does not share storage with A',
    ],
    [
      '05 T PIC X OCCURS 2. 05 A PIC X. 05 B REDEFINES A PIC 9.',
      { views: { A: { by: 'T', when: { X: 'A' } } } },
      'T has subscripts of its own',
    ],
    [
      '05 N PIC 9. 05 T PIC X OCCURS 1 TO 2 DEPENDING ON N. 05 U PIC X OCCURS 3 TO 4 DEPENDING ON N.',
      {},
      'N: its tables allow no common number',
    ],
  ])('%s %j', (items, options, message) => {
    expect(() => codecOf(items, options)).toThrow(message)
  })
})

describe('a group of the record', () => {
  test('is the whole JSON, inside of a redefinition too', () => {
    const items =
      "05 HEAD PIC X VALUE 'H'. 05 A. 10 A-1 PIC 9(2). 05 B REDEFINES A. 10 B-1 PIC X(2). 05 TAIL PIC X VALUE 'T'."
    expect(codecOf(items, { group: 'A' }).decode(cp037.encode('H07T'))).toEqual({ a1: '7' })
    expect(codecOf(items, { group: 'B' }).decode(cp037.encode('H07T'))).toEqual({ b1: '07' })
    expect(cp037.decode(codecOf(items, { group: 'B' }).encode({ b1: 'x' }))).toBe('Hx T')
    expect(codecOf(items, { group: 'HEAD', canonical: true }).decode(cp037.encode('H07T'))).toEqual({ head: 'H' })
  })

  test('without what is hidden', () => {
    const codec = codecOf('05 A PIC X. 05 G. 10 B PIC X. 05 C PIC X.', { hide: ['B'] })
    expect(codec.decode(cp037.encode('abc'))).toEqual({ a: 'a', c: 'c', $residue: '1:82' })
  })

  test('a counter that is shown counts a table that is not', () => {
    const items = '05 G. 10 N PIC 9. 05 H. 10 T PIC 9 OCCURS 1 TO 3 DEPENDING ON N.'
    const codec = codecOf(items, { group: 'G' })
    expect(hex(codec.encode({ n: '2' }))).toBe('F2 F0 F0')
    expect(hex(codec.encode({}))).toBe('F1 F0')
    const other = codecOf(items, { group: 'H' })
    expect(hex(other.encode({ t: ['7', '8'] }))).toBe('F2 F7 F8')
  })
})

describe('schemas and types of odd shapes', () => {
  test('a request may leave out a view that is all text', () => {
    const codec = codecOf('05 K PIC X. 05 A PIC X(2). 05 B REDEFINES A PIC X(1). 05 C PIC X. 05 D REDEFINES C PIC X.', {
      views: { A: { by: 'K', when: { 'a\n': 'A', B: 'B' } }, C: { by: 'K', when: { C: 'C' }, otherwise: 'D' } },
    })
    const schema = jsonSchemaOf(codec.plan, 'request') as { allOf: { oneOf: unknown[] }[] }
    expect(schema.allOf.map(({ oneOf }) => oneOf.length)).toEqual([3, 3])
    const types = typesOf(codec.plan, 'R', 'request')
    expect(types).toContain('| object)')
    expect(types).toContain("readonly k: 'a\\u000a'")
    expect(codec.plan.members.some((one) => one.kind === 'choice' && !one.required)).toBe(true)
  })

  test('a float, a table of unions, names that are no identifiers, groups of one name', () => {
    const codec = codecOf(
      '05 F-1 COMP-1. 05 T PIC X OCCURS 2. 88 Y VALUE SPACE. 05 G. 10 X PIC X. 05 H. 10 G. 15 Z PIC X.',
      {
        names: 'verbatim',
        classes: { X: 'pii' },
      },
    )
    const types = typesOf(codec.plan, 'R', 'reply')
    expect(types).toContain("readonly 'F-1': Decimal")
    expect(types).toContain("readonly T: readonly ''[]")
    expect(types).toContain('export interface RHG ')
    expect(jsonSchemaOf(codec.plan, 'reply')).toMatchObject({
      properties: { G: { properties: { X: { 'x-class': 'pii' } } } },
    })
  })
})

test('bytes behind the longest record are kept where that is asked for', () => {
  const codec = recordCodec(layoutOf('01 R. 05 A PIC X(2).'), { codePage: 'cp037', surplus: 'keep' })
  const record = bytes('C1C2 C3C4')
  expect(codec.decode(record)).toEqual({ a: 'AB', $residue: '2:C3C4' })
  expect(hex(codec.encode(codec.decode(record)))).toBe(hex(record))
})
