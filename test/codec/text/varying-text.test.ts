// VARCHAR columns: the length and the text that DCLGEN makes of one, as one string on request.

import { describe, expect, test } from '@jest/globals'
import { byteSink } from '../../../src/codec/byte-sink.ts'
import { jsonSchemaOf } from '../../../src/codec/json-schema.ts'
import { type CodecOptions, recordCodec } from '../../../src/codec/record-codec.ts'
import { typesOf } from '../../../src/codec/typescript-types.ts'
import { fc } from '../../support/property.ts'
import { bytes, hex, layoutOf } from '../layouts.ts'

const note = '10 NOTE.\n49 NOTE-LEN PIC S9(4) USAGE COMP.\n49 NOTE-TEXT PIC X(4).\n'
const layout = layoutOf(`01 DCLROW.\n10 KEY-1 PIC X(2).\n${note}10 LAST-1 PIC 9.`)
const codecOf = (options: Partial<CodecOptions> = {}) =>
  recordCodec(layout, { codePage: 'cp037', varchar: ['*'], ...options })
const codec = codecOf()

describe('a pair of level 49', () => {
  test.each([
    ['D2F1 0002 C1C24040 F7', 'AB'],
    ['D2F1 0000 40404040 F7', ''],
    ['D2F1 0004 C1C24040 F7', 'AB  '],
    ['D2F1 0001 40404040 F7', ' '],
  ])('%s, both ways', (record, text) => {
    const value = { key1: 'K1', note: text, last1: '7' }
    expect(codec.decode(bytes(record))).toEqual(value)
    expect(hex(codec.encode(value))).toBe(hex(bytes(record)))
    const sink = byteSink(16)
    codec.encodeJson(JSON.stringify(value), sink)
    expect(hex(sink.bytes.subarray(0, sink.length))).toBe(hex(bytes(record)))
  })
  test('what stands behind the text goes into the residue', () => {
    const record = bytes('D2F1 0001 C1C2C3C4 F7')
    const value = codec.decode(record)
    expect(value).toEqual({ key1: 'K1', note: 'A', last1: '7', $residue: '5:C2C3C4' })
    expect(hex(codec.encode(value))).toBe(hex(record))
  })
  test.each([
    ['D2F1 0005 C1C2C3C4 F7', 'NOTE (note) holds another at offset 2 where a length of 0 to 4 must be'],
    ['D2F1 FFFF C1C2C3C4 F7', 'NOTE (note) holds another at offset 2 where a length of 0 to 4 must be'],
  ])('%s is refused', (record, message) => {
    expect(() => codec.decode(bytes(record))).toThrow(message)
  })
  test('by policy, bytes that are not valid are null, raw or nothing', () => {
    const wrong = bytes('D2F1 0005 C1C2C3C4 F7')
    const noteOf = (policy: 'null' | 'raw' | 'zero') => codecOf({ invalid: { NOTE: policy } }).decode(wrong).note
    expect([noteOf('null'), noteOf('raw'), noteOf('zero')]).toEqual([null, { $raw: '0005C1C2C3C4' }, ''])
  })
  test('a text that is too long, or not of the page, is refused', () => {
    const encode = (text: string) => () => codec.encode({ key1: '', note: text, last1: '0' })
    expect(encode('ABCDE')).toThrow(expect.objectContaining({ code: 'VALUE_TOO_LONG' }))
    expect(encode('国')).toThrow(expect.objectContaining({ code: 'VALUE_NOT_IN_CODE_PAGE' }))
  })
  test('schema and types show a text; left out, it is empty', () => {
    expect(jsonSchemaOf(codec.plan, 'request')).toMatchObject({
      properties: { note: { type: 'string', maxLength: 4, description: 'NOTE' } },
    })
    expect(typesOf(codec.plan, 'Row', 'reply')).toMatch(/note: string/)
    expect(hex(codec.encode({ last1: '0' }))).toBe('40 40 00 00 40 40 40 40 F0')
  })
  test('its items can still be read alone', () => {
    const record = bytes('D2F1 0001 C1C2C3C4 F7')
    expect([codec.field('NOTE')(record), codec.field('NOTE-LEN')(record), codec.field('NOTE-TEXT')(record)]).toEqual([
      'A',
      '1',
      'ABCD',
    ])
  })
})

describe('which groups are texts', () => {
  const keys = (text: string, varchar?: readonly string[]) =>
    recordCodec(layoutOf(text), { codePage: 'cp037', ...(varchar && { varchar }) }).plan.members.flatMap((member) =>
      'key' in member ? [`${member.key} ${member.kind}`] : [],
    )
  test.each([
    ['none without the option', `01 R. ${note}`, undefined, ['note group']],
    ['all of level 49', `01 R. ${note}`, ['*'], ['note field']],
    ['others by name alone', '01 R. 05 A. 10 L PIC S9(4) COMP-5. 10 T PIC X(3).', ['*'], ['a group']],
    ['others by name', '01 R. 05 A. 10 L PIC S9(4) COMP-5. 10 T PIC X(3).', ['A'], ['a field']],
    ['of two texts none', '01 R. 05 A.\n49 L PIC X.\n49 T PIC X(3).', ['*'], ['a group']],
    ['of three items none', '01 R. 05 A.\n49 L PIC S9(4) COMP.\n49 T PIC X.\n49 U PIC X.', ['*'], ['a group']],
    ['of a table none', '01 R. 05 A.\n49 L PIC S9(4) COMP.\n49 T PIC X OCCURS 2.', ['*'], ['a group']],
  ])('%s', (_, text, varchar, expected) => {
    expect(keys(text, varchar)).toEqual(expected)
  })
  test('one that is none is refused by name', () => {
    expect(() => codecOf({ varchar: ['KEY-1'] })).toThrow('varchar: KEY-1')
  })
})

test('in tables, with characters of two bytes, and with the whole range of the length', () => {
  const text = '01 R. 05 T OCCURS 2.\n49 L PIC S9(4) COMP.\n49 N PIC N(2).'
  const tables = recordCodec(layoutOf(text), { codePage: 'cp037', varchar: ['*'] })
  const record = '0001 0041 0020 0002 0042 0043'
  expect(tables.decode(bytes(record))).toEqual({ t: ['A', 'BC'] })
  expect(hex(tables.encode({ t: ['A', 'BC'] }))).toBe(hex(bytes(record)))
  const long = recordCodec(layoutOf('01 R. 05 A.\n49 L PIC S9(4) COMP.\n49 T PIC X(32000).'), {
    codePage: 'cp037',
    varchar: ['*'],
  })
  expect(long.decode(long.encode({ a: 'x'.repeat(32000) }))).toEqual({ a: 'x'.repeat(32000) })
})

test('any bytes come back, or are refused', () => {
  const property = fc.property(
    fc.integer({ min: -2, max: 6 }),
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.constantFrom('cp037', 'cp939', 'ascii', 'utf-8'),
    (length, text, codePage) => {
      const record = Buffer.alloc(9, 0x31)
      record.writeInt16BE(length, 2)
      record.set(text, 4)
      const any = recordCodec(layout, { codePage, varchar: ['*'], invalid: { '*': 'raw' } })
      expect(hex(any.encode(any.decode(record)))).toBe(hex(record))
    },
  )
  fc.assert(property, { numRuns: 300 })
})
