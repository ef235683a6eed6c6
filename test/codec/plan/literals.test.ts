// Literals of VALUE and level 88: which bytes they are, and when a condition on a deciding field holds.

import { describe, expect, test } from '@jest/globals'
import { recordCodec } from '../../../src/codec/record-codec.ts'
import { bytes, hex, layoutOf } from '../layouts.ts'

test.each([
  ['PIC X(3) VALUE QUOTES', '7F 7F 7F'],
  ['PIC X(3) VALUE LOW-VALUES', '00 00 00'],
  ['PIC X(3) VALUE HIGH-VALUES', 'FF FF FF'],
  ['PIC X(3) VALUE SPACES', '40 40 40'],
  ['PIC X(3) VALUE ZEROS', 'F0 F0 F0'],
  ["PIC X(3) VALUE ALL 'AB'", 'C1 C2 C1'],
  ["PIC X(3) VALUE X'C1'", 'C1 40 40'],
  ['PIC X(3) VALUE 5', 'F5 40 40'],
  ['PIC S9(3) COMP-3 VALUE -7', '00 7D'],
  ['PIC S9(3) COMP-3 VALUE ZERO', '00 0C'],
  // What the item or its code page cannot hold is as if it were not said.
  ["PIC X(3) VALUE ALL '€'", '40 40 40'],
  ["PIC X(3) VALUE X'C1C2C3C4'", '40 40 40'],
])('%s', (clauses, initial) => {
  const codec = recordCodec(layoutOf(`01 R. 05 FILLER ${clauses}. 05 A PIC X.`), { codePage: 'cp037' })
  expect(hex(codec.encode({ a: 'Z' }))).toBe(`${initial} E9`)
})

describe('a view is chosen where the condition holds', () => {
  const codecOf = (clauses: string, condition: string) =>
    recordCodec(layoutOf(`01 R. 05 K ${clauses}. 88 IS-B ${condition}. 05 A PIC X. 05 B REDEFINES A PIC X.`), {
      codePage: 'cp037',
      views: { A: { by: 'K', when: { 'IS-B': 'B' }, otherwise: 'A' } },
    })
  test.each([
    ['PIC 9(2)', 'VALUE 5 THRU 7', 'F0F6', 'b'],
    ['PIC 9(2)', 'VALUE 5 THRU 7', 'F0F8', 'a'],
    ['PIC X(2)', "VALUE 'CA' THRU 'CC'", 'C3C2', 'b'],
    ['PIC X(2)', "VALUE 'CA' THRU 'CC'", 'C3C4', 'a'],
    ['PIC X(2)', 'VALUE QUOTES', '7F7F', 'b'],
    ['PIC X(2)', 'VALUE QUOTES', '7F40', 'a'],
    // A value that the item cannot hold: the condition never holds.
    ['PIC X(2)', "VALUE ALL '€'", '4040', 'a'],
    ['PIC 9(2)', 'VALUE 123', 'F2F3', 'a'],
  ])('%s %s, %s: %s', (clauses, condition, key, view) => {
    expect(codecOf(clauses, condition).decode(bytes(`${key} E9`))).toMatchObject({ [view]: 'Z' })
  })
})

test.each([
  ['raw', 'E9 4040 C1C2', { k: 'Z', a: { $raw: '4040C1C2' } }],
  ['raw', 'C1 4040 C1C2', { k: 'A', a: { $raw: '4040' }, $residue: '3:C1C2' }],
  ['null', 'C1 4040 4040', { k: 'A', a: null, $residue: '1:40*4' }],
  ['null', 'E9 F0F7 4040', { k: 'Z', a: null, $residue: '3:4040' }],
  ['zero', 'E9 F0F8 4040', { k: 'Z', a: null, $residue: '2:F84040' }],
] as const)('no view, or one field that is not valid, by one name: %s of %s', (policy, record, value) => {
  const codec = recordCodec(layoutOf('01 R. 05 K PIC X. 05 A PIC 9(2) VALUE 7. 05 B REDEFINES A. 10 B-1 PIC X(4).'), {
    codePage: 'cp037',
    views: { A: { by: 'K', when: { A: 'A', B: 'B' } } },
    invalid: { '*': policy },
  })
  expect(codec.decode(bytes(record))).toEqual(value)
  expect(hex(codec.encode(value))).toBe(hex(bytes(record)))
})

describe('raw bytes by that name', () => {
  const codecOf = (views: string) =>
    recordCodec(layoutOf(`01 R. 05 K PIC X. ${views}`), {
      codePage: 'cp037',
      views: { A: { by: 'K', when: { A: 'A', B: 'B' } } },
      invalid: { '*': 'raw' },
    })
  test.each(['A', 'Z'])('are those of the field or of the set, for K of %s', (k) => {
    const codec = codecOf('05 A PIC 9(2). 05 B REDEFINES A. 10 B-1 PIC X(4).')
    for (const $raw of ['40', '404040404040', '40XY']) {
      const write = () => codec.encode({ k, a: { $raw } })
      expect(write).toThrow('VALUE_NOT_HEX')
      expect(write).toThrow('for each of its 2 bytes')
    }
  })
  test('are those of the set where its first view is a group', () => {
    const codec = codecOf('05 A. 10 A-1 PIC 9(2). 05 B REDEFINES A PIC X(4).')
    const value = { k: 'Z', a: { $raw: 'C1C2C3C4' } }
    expect(codec.decode(bytes('E9 C1C2C3C4'))).toEqual(value)
    expect(hex(codec.encode(value))).toBe('E9 C1 C2 C3 C4')
    expect(() => codec.encode({ k: 'Z', a: { $raw: 'C1C2' } })).toThrow('for each of its 4 bytes')
  })
})

test('a view that is a table and shows nothing has its FILLER as the copybook says', () => {
  const codec = recordCodec(
    layoutOf(
      "01 R. 05 K PIC X. 05 A PIC X(6). 05 PAD REDEFINES A OCCURS 3. 10 FILLER PIC X VALUE '-'. 10 FILLER PIC X VALUE '+'.",
    ),
    { codePage: 'cp037', views: { A: { by: 'K', when: { A: 'A', P: 'PAD' } } } },
  )
  const record = bytes('D7 604E 604E 604E')
  expect(hex(codec.encode({ k: 'P' }))).toBe(hex(record))
  expect(codec.decode(record)).toEqual({ k: 'P' })
  const other = bytes('D7 604E 6040 604E')
  expect(codec.decode(other)).toEqual({ k: 'P', $residue: '4:40' })
  expect(hex(codec.encode(codec.decode(other)))).toBe(hex(other))
})
