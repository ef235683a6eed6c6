// OCCURS DEPENDING ON a counter that is no field of the record: a declared number, or the length of a record that ends with the table.

import { describe, expect, test } from '@jest/globals'
import { annotate } from '../../../src/cli/data/annotate.ts'
import { compileCopybook } from '../../../src/cobol/compile.ts'
import { byteSink } from '../../../src/codec/byte-sink.ts'
import { jsonSchemaOf } from '../../../src/codec/json-schema.ts'
import { type CodecOptions, recordCodec } from '../../../src/codec/record-codec.ts'

const rows = '05 HEAD-1 PIC X(3). 05 ROWS OCCURS 0 TO 5 DEPENDING ON ROW-COUNT. 10 AMOUNT PIC 99.'

function codecOf(entries: string, options: Partial<CodecOptions> = {}) {
  const text = `77 ROW-COUNT PIC 9(4) COMP.\n01 PAGE-1. ${entries}`
  const { layouts, failures } = compileCopybook({ name: 'T', text }, { format: 'free', records: ['PAGE-1'] })
  expect(failures).toEqual([])
  const layout = layouts.find(({ name }) => name === 'PAGE-1')
  if (!layout) throw new Error('no layout')
  return recordCodec(layout, { codePage: 'ascii', ...options })
}

/** What comes out, in each way there is, of bytes and back. */
function bothWays(codec: ReturnType<typeof codecOf>, text: string) {
  const bytes = Buffer.from(text)
  const value = codec.decode(bytes)
  const json = byteSink(16)
  codec.decodeToJson(bytes, 0, bytes.length, json)
  expect(Buffer.from(json.bytes.subarray(0, json.length)).toString()).toBe(JSON.stringify(value))
  expect(codec.lengthOf(bytes)).toBeLessThanOrEqual(bytes.length)
  expect(Buffer.from(codec.encode(value)).toString()).toBe(text)
  const again = byteSink(16)
  codec.encodeJson(JSON.stringify(value), again)
  expect(Buffer.from(again.bytes.subarray(0, again.length)).toString()).toBe(text)
  return value
}

const table = (...amounts: string[]) => amounts.map((amount) => ({ amount }))

describe('a table at the end of the record', () => {
  const codec = codecOf(rows)
  test.each([
    ['ABC', []],
    ['ABC01', ['1']],
    ['ABC0102030405', ['1', '2', '3', '4', '5']],
  ])('%s', (text, amounts) => {
    expect(bothWays(codec, text)).toEqual({ head1: 'ABC', rows: table(...amounts) })
  })
  test('what is left of an occurrence goes into the residue', () => {
    expect(bothWays(codec, 'ABC01Z')).toEqual({ head1: 'ABC', rows: table('1'), $residue: '5:5A' })
  })
  test('is refused when it is too short or too long', () => {
    const code = (name: string) => expect.objectContaining({ code: name })
    expect(() => codec.decode(Buffer.from('AB'))).toThrow(code('RECORD_TOO_SHORT'))
    expect(() => codec.decode(Buffer.from('ABC010203040506'))).toThrow(code('RECORD_TOO_LONG'))
    expect(() => codec.encode({ head1: '', rows: table('1', '2', '3', '4', '5', '6') })).toThrow(
      code('TABLE_SIZE_WRONG'),
    )
    const least = codecOf(rows.replace('0 TO 5', '2 TO 5'))
    expect(() => least.decode(Buffer.from('ABC01'))).toThrow(code('RECORD_TOO_SHORT'))
  })
  test('fields and annotations find their places', () => {
    expect(codec.field('AMOUNT')(Buffer.from('ABC0102'), [2])).toBe('2')
    expect(() => codec.field('AMOUNT')(Buffer.from('ABC0102'), [3])).toThrow('1 to 2')
    expect(annotate(codec, Buffer.from('ABC0102')).map(({ item }) => item)).toEqual([
      'PAGE-1',
      'HEAD-1',
      'ROWS(1)',
      'AMOUNT(1)',
      'ROWS(2)',
      'AMOUNT(2)',
    ])
  })
  test('the schema allows what its length can hold', () => {
    expect(jsonSchemaOf(codec.plan, 'reply')).toMatchObject({ properties: { rows: { maxItems: 5 } } })
  })
  test('bytes, as of DFHCOMMAREA', () => {
    const commarea = codecOf('05 LINK-BYTE PIC X OCCURS 1 TO 100 DEPENDING ON EIBCALEN.')
    expect(bothWays(commarea, 'AB')).toEqual({ linkByte: ['A', 'B'] })
  })
  test('a hidden one keeps its bytes', () => {
    const hidden = codecOf(rows, { hide: ['ROWS'] })
    expect(bothWays(hidden, 'ABC0102')).toEqual({ head1: 'ABC', $residue: '3:30313032' })
  })
})

describe('a declared number', () => {
  const behind = `${rows} 05 FOOT-1 PIC X.`
  const codec = codecOf(behind, { outsideCounters: { 'row-count': 2 } })
  test('places what lies behind the table', () => {
    expect(bothWays(codec, 'ABC0102Z')).toEqual({ head1: 'ABC', rows: table('1', '2'), foot1: 'Z' })
    expect(codec.field('FOOT-1')(Buffer.from('ABC0102Z'))).toBe('Z')
  })
  test('holds for every record', () => {
    expect(() => codec.decode(Buffer.from('ABC01Z'))).toThrow('needs 7 bytes but has 6')
    expect(() => codec.encode({ head1: '', rows: table('1'), foot1: '' })).toThrow('takes 2 elements, not 1')
    expect(jsonSchemaOf(codec.plan, 'request')).toMatchObject({ properties: { rows: { minItems: 2, maxItems: 2 } } })
  })
  test.each([
    [undefined, 'COUNTER_OUTSIDE'],
    [{ 'ROW-COUNT': 6 }, 'LAYOUT_OPTION_INVALID'],
    [{ 'ROW-COUNT': 1.5 }, 'LAYOUT_OPTION_INVALID'],
    [{ 'ROW-COUNT': 2, OTHER: 2 }, 'LAYOUT_OPTION_INVALID'],
  ])('%j: %s', (outsideCounters, code) => {
    const options = outsideCounters ? { outsideCounters } : {}
    expect(() => codecOf(behind, options)).toThrow(expect.objectContaining({ code }))
  })
  test('counts also the tables inside of others', () => {
    const nested = codecOf('05 GROUPS OCCURS 2. 10 CELLS PIC 9 OCCURS 0 TO 3 DEPENDING ON ROW-COUNT.', {
      outsideCounters: { 'ROW-COUNT': 2 },
    })
    expect(bothWays(nested, '1234')).toEqual({ groups: [{ cells: ['1', '2'] }, { cells: ['3', '4'] }] })
  })
})
