// Tables: counters in the record and outside of it, keys and indexes, and constants that look at what stands before.

import { describe, expect, test } from '@jest/globals'
import { compileCopybook } from '../../src/cobol/compile.ts'
import type { Layout } from '../../src/cobol/layout.ts'

function compile(text: string): readonly Layout[] {
  const { layouts, failures } = compileCopybook({ name: 'deposits/TEST.cpy', text }, { format: 'free' })
  expect(failures.map(({ message }) => message)).toEqual([])
  return layouts
}

describe('OCCURS DEPENDING ON', () => {
  test('in the middle, nested, and with its counter in the occurrence', () => {
    const text = `01 R. 05 N PIC 99. 05 T OCCURS 0 TO 5 TIMES DEPENDING ON N. 10 M PIC 9. 10 U PIC XX OCCURS 1 TO 3 DEPENDING ON M OF T.
 05 Z PIC X.`
    const [layout] = compile(text)
    expect(layout).toMatchObject({ minimumLength: 3, maximumLength: 2 + 5 * 7 + 1 })
    const [n, t, z] = layout?.root.children ?? []
    expect(t?.occurs?.counter).toBe(n)
    expect(t?.children[1]?.occurs?.counter).toBe(t?.children[0])
    expect([n, t, z].map((item) => item?.variablyLocated)).toEqual([false, false, true])
  })
  test('a qualified counter may leave out groups between', () => {
    const two = ['A', 'B'].map((name) => `05 ${name}. 10 G. 15 N PIC 9.`).join(' ')
    const [layout] = compile(`01 R. ${two} 05 T PIC X OCCURS 0 TO 9 DEPENDING ON N OF A OF R.`)
    const [a, , table] = layout?.root.children ?? []
    expect(table?.occurs?.counter).toBe(a?.children[0]?.children[0])
  })
  test('the counter in the nearest group is meant; without a least number it is 1', () => {
    const [layout] = compile('01 R. 05 G. 10 C PIC 9. 05 H. 10 C PIC 9. 10 T PIC X OCCURS 3 DEPENDING ON C.')
    const h = layout?.root.children[1]
    expect(h?.children[1]?.occurs).toMatchObject({ minimum: 1, maximum: 3 })
    expect(h?.children[1]?.occurs?.counter).toBe(h?.children[0])
  })
  test('a redefinition beside it counts with the longest view at the minimum', () => {
    const text = '01 R. 05 C PIC 9. 05 A PIC X(3). 05 B REDEFINES A PIC X(5). 05 T PIC X OCCURS 0 TO 9 DEPENDING ON C.'
    expect(compile(text)[0]).toMatchObject({ minimumLength: 6, maximumLength: 15 })
  })
  test('a usage ends the names of indexes', () => {
    const text = '01 R. 05 T OCCURS 5 INDEXED BY I COMPUTATIONAL-5 PIC 9(4).'
    expect(compile(text)[0]?.root.children[0]).toMatchObject({ usage: 'COMP-5', occurs: { indexedBy: ['I'] } })
  })
  test('a counter outside: another record, a level 77, what every program has', () => {
    const outsides = (text: string) =>
      compile(text).flatMap(({ root }) => root.children.flatMap(({ occurs }) => (occurs ? [occurs.outside] : [])))
    expect(outsides('01 H. 05 N PIC 9.\n01 R. 05 T PIC X OCCURS 1 TO 5 DEPENDING ON N.')).toEqual(['H'])
    expect(outsides('01 R. 05 T PIC X OCCURS 1 TO 5 DEPENDING ON N.\n77 N PIC 9.')).toEqual(['N'])
    expect(outsides('01 R. 05 T PIC X OCCURS 1 TO 5 DEPENDING ON EIBCALEN.')).toEqual(['DFHEIBLK'])
    expect(compile('01 R. 05 T PIC X OCCURS 0 TO UNBOUNDED DEPENDING ON EIBCALEN.')[0]?.maximumLength).toBe(32_767)
    expect(compile('77 N PIC 9(3).\n01 R. 05 T PIC X OCCURS UNBOUNDED DEPENDING ON N.')[1]?.maximumLength).toBe(999)
  })
  test('LENGTH OF looks at no more entries than the limits allow', () => {
    const constants = Array.from({ length: 20 }, (_, at) => `78 N${at} VALUE LENGTH OF A.\n`)
    const text = `${'01 R PIC X.\n'.repeat(11)}01 A PIC X(5).\n${constants.join('')}`
    const codes = (entries: number) =>
      compileCopybook({ name: 'T', text }, { format: 'free', limits: { entries } }).failures.map(({ code }) => code)
    expect(codes(1000)).toEqual([])
    // 12 entries each time, and at most 52.
    expect(codes(13)).toEqual(Array.from({ length: 16 }, () => 'CLAUSE_INCOMPLETE'))
  })
  test('keys and indexes are kept', () => {
    const text = '01 R. 05 T OCCURS 5 ASCENDING KEY IS K L DESCENDING M INDEXED BY I, J PIC X.'
    expect(compile(text)[0]?.root.children[0]?.occurs).toMatchObject({
      indexedBy: ['I', 'J'],
      keys: [
        { order: 'ascending', names: ['K', 'L'] },
        { order: 'descending', names: ['M'] },
      ],
    })
  })
})
