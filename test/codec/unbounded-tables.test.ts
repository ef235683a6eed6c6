// OCCURS UNBOUNDED: the counter at hand decides how many there are; what it could count costs nothing.

import { describe, expect, test } from '@jest/globals'
import { compileCopybook } from '../../src/cobol/compile.ts'
import type { CompilerOptions } from '../../src/cobol/layout.ts'
import { jsonSchemaOf } from '../../src/codec/json-schema.ts'
import { recordCodec } from '../../src/codec/record-codec.ts'

function compiled(text: string, options: Partial<CompilerOptions> = {}) {
  const { layouts, notes, failures } = compileCopybook({ name: 'T', text }, { format: 'free', ...options })
  expect(failures).toEqual([])
  const [layout] = layouts
  if (layout === undefined) throw new Error('no layout')
  return { layout, notes: notes.map(({ message }) => message) }
}

describe('as many as the counter can count', () => {
  test.each<[string, string, number, Partial<CompilerOptions>]>([
    ['zoned', 'PIC 9(3)', 999, {}],
    ['packed', 'PIC S9(5) COMP-3', 99_999, {}],
    ['scaled', 'PIC 99P', 990, {}],
    ['binary', 'PIC S9(4) COMP', 9999, {}],
    ['binary with TRUNC(BIN)', 'PIC S9(4) COMP', 32_767, { trunc: 'BIN' }],
    ['native', 'PIC 9(4) COMP-5', 65_535, {}],
    ['by size', 'PIC X COMP-X', 255, { dialect: 'gnucobol' }],
  ])('%s', (_, clauses, most, options) => {
    const { layout, notes } = compiled(
      `01 R. 05 C ${clauses}. 05 T PIC X(5) OCCURS 0 TO UNBOUNDED DEPENDING ON C.`,
      options,
    )
    expect(layout.root.children[1]?.occurs?.maximum).toBe(most)
    expect(layout.minimumLength + 5 * most).toBe(layout.maximumLength)
    expect(notes).toEqual([`UNBOUNDED: T has at most ${most} occurrences, as many as C can count`])
  })
})

describe('a record whose table could have 100 MB', () => {
  const { layout } = compiled(
    `01 R. 05 C PIC 9(5). 05 T OCCURS UNBOUNDED DEPENDING ON C. 10 A PIC X(3). 10 B PIC X(997). 05 D PIC X(2).`,
  )
  const text = (count: number) => `${String(count).padStart(5, '0')}${'ABC'.padEnd(1000).repeat(count)}ZZ`
  const rows = (count: number) => Array.from({ length: count }, () => ({ a: 'ABC', b: '' }))

  test.each([1, 2, 500])('%i occurrences: both ways, without memory for the others', (count) => {
    const before = process.memoryUsage()
    const codec = recordCodec(layout, { codePage: 'ascii' })
    const bytes = Buffer.from(text(count))
    const value = { c: String(count), t: rows(count), d: 'ZZ' }
    expect(codec.decode(bytes)).toEqual(value)
    expect(Buffer.from(codec.encode(value))).toEqual(bytes)
    const after = process.memoryUsage()
    expect(layout.maximumLength).toBe(99_999_007)
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(20_000_000)
  })
  test('a counter beyond the bytes at hand is refused', () => {
    const codec = recordCodec(layout, { codePage: 'ascii' })
    const bytes = Buffer.from(`99999${text(2).slice(5)}`)
    expect(() => codec.decode(bytes)).toThrow(expect.objectContaining({ code: 'RECORD_TOO_SHORT' }))
  })
  test('where what a record lacks is blank, a counter fills in no more than the limit', () => {
    const short = (blankLimit?: number) =>
      recordCodec(layout, { codePage: 'ascii', short: 'blank', ...(blankLimit !== undefined && { blankLimit }) })
    const read = (count: string, there: number, limit?: number) => () =>
      short(limit).decode(Buffer.from(`${count}${text(there).slice(5, -2)}`)).t
    const tooMuch = expect.objectContaining({ code: 'RECORD_LACKS_TOO_MUCH' })
    expect(read('00066', 1)()).toHaveLength(66)
    expect(read('00067', 1)).toThrow(tooMuch)
    expect(read('99999', 1)).toThrow(tooMuch)
    expect(read('00004', 1, 3000)()).toHaveLength(4)
    expect(read('00004', 1, 2999)).toThrow(tooMuch)
    expect(read('00001', 1, 0)()).toHaveLength(1)
    expect(() => JSON.stringify(short(2999).decode(Buffer.from('00004')))).toThrow(
      'by its counter C the record lacks occurrences of T of more than 2999 bytes',
    )
  })
  test('so it is for tables inside of tables, all together', () => {
    const inner = compiled(`01 R. 05 N PIC 9. 05 T OCCURS 0 TO 9 DEPENDING ON N. 10 M PIC 9(3).
      10 U PIC X(10) OCCURS 0 TO 999 DEPENDING ON M. 05 Z PIC X.`).layout
    const codec = (blankLimit: number) => recordCodec(inner, { codePage: 'ascii', short: 'blank', blankLimit })
    expect(codec(980).decode(Buffer.from(`1099${'x'.repeat(10)}`)).t).toMatchObject([{ m: '99' }])
    expect(() => codec(979).decode(Buffer.from(`1099${'x'.repeat(10)}`))).toThrow('occurrences of U')
    expect(() => codec(979).decode(Buffer.from('9'))).toThrow('occurrences of T')
  })
  test('the schema tells the bounds', () => {
    const schema = JSON.stringify(jsonSchemaOf(recordCodec(layout, { codePage: 'ascii' }).plan, 'reply'))
    expect(schema).toContain('"minItems":1,"maxItems":99999')
  })
})
