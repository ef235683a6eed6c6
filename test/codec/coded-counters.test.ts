// OCCURS DEPENDING ON a counter that holds a code: what each value stands for is declared.

import { describe, expect, test } from '@jest/globals'
import { compileCopybook } from '../../src/cobol/compile.ts'
import { byteSink } from '../../src/codec/byte-sink.ts'
import { jsonSchemaOf } from '../../src/codec/json-schema.ts'
import { recordCodec } from '../../src/codec/record-codec.ts'
import { typesOf } from '../../src/codec/typescript-types.ts'
import { applied, by } from '../../src/contract/outcome.ts'
import { recordWire } from '../../src/wire/record-wire.ts'
import { bytes, hex, layoutOf } from './layouts.ts'

const text = '01 R. 05 ROW-KIND PIC X(2). 05 ROWS PIC X OCCURS 0 TO 3 DEPENDING ON ROW-KIND. 05 LAST-1 PIC X.'
const layout = layoutOf(text)
const counters = { 'ROW-KIND': { N: 0, S: 1, D: 2, DD: 2 } }
const codec = recordCodec(layout, { codePage: 'cp037', counters })

test('the compiler notes what the codec needs', () => {
  const { notes, failures } = compileCopybook({ name: 'R.cpy', text }, { format: 'free' })
  expect(failures).toEqual([])
  expect(notes.map(({ message }) => message)).toEqual([
    'ROW-KIND counts the occurrences of ROWS but holds text: the option counters must say what each of its values stands for',
  ])
})

test.each([
  ['D540 E9', { rowKind: 'N', rows: [], last1: 'Z' }],
  ['E240 C1 E9', { rowKind: 'S', rows: ['A'], last1: 'Z' }],
  ['C440 C1C2 E9', { rowKind: 'D', rows: ['A', 'B'], last1: 'Z' }],
  ['C4C4 C1C2 E9', { rowKind: 'DD', rows: ['A', 'B'], last1: 'Z' }],
])('%s, both ways', (record, json) => {
  expect(codec.decode(bytes(record))).toEqual(json)
  expect(hex(codec.encode(json))).toBe(hex(bytes(record)))
  const sink = byteSink(16)
  codec.encodeJson(JSON.stringify(json), sink)
  expect(hex(sink.bytes.subarray(0, sink.length))).toBe(hex(bytes(record)))
  expect(codec.lengthOf(bytes(record))).toBe(bytes(record).length)
})

test('a counter that is left out gets the first value that stands for the number of elements', () => {
  expect(hex(codec.encode({ rows: ['A', 'B'], last1: 'Z' }))).toBe('C4 40 C1 C2 E9')
})

describe('mistakes', () => {
  test.each([
    [{ rowKind: 'X', rows: [], last1: '' }, 'COUNTER_VALUE_UNKNOWN'],
    [{ rowKind: 'S', rows: ['A', 'B'], last1: '' }, 'COUNTER_DISAGREES'],
    [{ rows: ['A', 'B', 'C'], last1: '' }, 'COUNT_WITHOUT_VALUE'],
    [{ rows: ['A', 'B', 'C', 'D'], last1: '' }, 'TABLE_SIZE_WRONG'],
  ])('in JSON: %j', (json, code) => {
    expect(() => codec.encode(json)).toThrow(expect.objectContaining({ code }))
  })

  test('in bytes', () => {
    expect(() => codec.decode(bytes('E740 C1 E9'))).toThrow(
      'ROW-KIND PIC X(2) at offset 0 counts the occurrences of ROWS',
    )
    const lenient = recordCodec(layout, { codePage: 'cp037', counters, invalid: { '*': 'raw' } })
    expect(lenient.decode(bytes('E740 E9'))).toEqual({ rowKind: { $raw: 'E740' }, rows: [], last1: 'Z' })
  })

  test.each([
    [undefined, 'COUNTER_VALUES_MISSING', 'ROW-KIND PIC X(2) counts the occurrences of ROWS but holds no number'],
    [{ 'ROW-KIND': {} }, 'LAYOUT_OPTION_INVALID', 'it names no value'],
    [{ 'ROW-KIND': { ABC: 1 } }, 'LAYOUT_OPTION_INVALID', "the value 'ABC' does not fit PIC X(2)"],
    [{ 'ROW-KIND': { A: 4 } }, 'LAYOUT_OPTION_INVALID', "'A' must stand for 0 to 3"],
    [{ 'ROW-KIND': { A: 0.5 } }, 'LAYOUT_OPTION_INVALID', "'A' must stand for 0 to 3"],
    [{ 'LAST-1': { A: 1 } }, 'LAYOUT_OPTION_INVALID', 'no table depends on it'],
    [{ NIX: { A: 1 } }, 'FIELD_UNKNOWN', 'NIX'],
  ])('in the option: %j', (given, code, words) => {
    const make = () => recordCodec(layout, { codePage: 'cp037', ...(given && { counters: given }) })
    expect(make).toThrow(expect.objectContaining({ code }))
    expect(make).toThrow(words)
  })
})

test('a counter of digits may have codes too', () => {
  const one = layoutOf('01 R. 05 K PIC 9(2). 05 ROWS PIC X OCCURS 1 TO 9 DEPENDING ON K.')
  const coded = recordCodec(one, { codePage: 'cp037', counters: { K: { '01': 4, 2: 9 } } })
  expect(coded.decode(bytes('F0F1 C1C1C1C1'))).toEqual({ k: '1', rows: ['A', 'A', 'A', 'A'] })
  expect(hex(coded.encode({ rows: ['A', 'A', 'A', 'A'] }))).toBe('F0 F1 C1 C1 C1 C1')
})

test('a counter that cannot say how many there are, though the table may have them', () => {
  const codec = recordCodec(layoutOf('01 R. 05 N PIC 9. 05 T PIC X OCCURS 0 TO 12 DEPENDING ON N.'), {
    codePage: 'cp037',
  })
  expect(hex(codec.encode({ t: Array(9).fill('A') }))).toBe(`F9${' C1'.repeat(9)}`)
  expect(() => codec.encode({ t: Array(10).fill('A') })).toThrow('TABLE_SIZE_WRONG')
})

test('schema and types name the codes', () => {
  expect(jsonSchemaOf(codec.plan, 'request').properties).toMatchObject({ rowKind: { enum: ['N', 'S', 'D', 'DD'] } })
  expect(typesOf(codec.plan, 'R', 'reply')).toContain("readonly rowKind: 'N' | 'S' | 'D' | 'DD'")
})

test('a transaction names what is missing', () => {
  const definition = {
    kind: 'record',
    program: 'P',
    record: 'R.cpy',
    effect: 'read',
    deadlineMs: 1,
    outcome: by('LAST-1', { Z: applied }),
  } as const
  expect(() => recordWire(definition, layout, 'cp037')).toThrow('counts the occurrences of ROWS but holds no number')
  const wire = recordWire({ ...definition, fields: { counters } }, layout, 'cp037')
  expect(wire.read(bytes('E240 C1 E9')).body).toEqual({ rowKind: 'S', rows: ['A'], last1: 'Z' })
})
