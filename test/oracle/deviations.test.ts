// Where GnuCOBOL 3.1.2 does otherwise than IBM's manual says, and so cannot be the judge. Each is shown both ways: our layout keeps to IBM,
// and GnuCOBOL still deviates; when it no longer does, data-division.ts may make such records too.
//
// Also left out there: BLANK WHEN ZERO and PIC X COMP-X on an item that level 66 names (GnuCOBOL forgets both), slack in a table of one occurrence (a question of taste), a counter behind another variable table (GnuCOBOL ends with a signal), IBM's hexadecimal floating point and
// POINTER (other sizes), DISPLAY-1 and NATIONAL (not supported).

import { describe, expect, test } from '@jest/globals'
import { compileCopybook } from '../../src/cobol/compile.ts'
import type { Item, Layout } from '../../src/cobol/layout.ts'
import { recordCodec } from '../../src/codec/record-codec.ts'
import { oracle } from './cobol-program.ts'
import { fromLayout } from './from-layout.ts'

interface Deviation {
  readonly what: string
  readonly text: readonly string[]
  readonly item: string
  /** Offset and length. */
  readonly ibm: readonly [number, number]
  readonly gnucobol: readonly [number, number]
}

const slackRule = 'IBM: slack bytes come before the item, counted from the start of the record'
const deviations: readonly Deviation[] = [
  {
    what: 'COMP-5 of 1 or 2 digits takes a halfword (Language Reference, USAGE clause: 1 to 4 digits, 2 bytes)',
    text: ['01 R.', '   05 A PIC S9(2) COMP-5.'],
    item: 'A',
    ibm: [0, 2],
    gnucobol: [0, 1],
  },
  {
    what: 'an 8-byte binary item with SYNC is aligned on a fullword (SYNCHRONIZED clause: 5 to 18 digits)',
    text: ['01 R.', '   05 A PIC X.', '   05 B PIC S9(15) COMP SYNC.'],
    item: 'B',
    ibm: [4, 8],
    gnucobol: [8, 8],
  },
  {
    what: `${slackRule}, so in front of a group that begins with the item`,
    text: ['01 L.', '   05 M PIC X(5).', '   05 N PIC XX.', '   05 O.', '      10 Q PIC S9(6) COMP SYNC.'],
    item: 'O',
    ibm: [8, 4],
    gnucobol: [7, 5],
  },
  {
    what: 'SYNC on the record holds for all items in it',
    text: ['01 R SYNC.', '   05 A PIC X.', '   05 B PIC S9(9) COMP.'],
    item: 'B',
    ibm: [4, 4],
    gnucobol: [1, 4],
  },
  {
    what: `${slackRule}; what evens out the occurrences of a table comes at their end (GnuCOBOL: before the last item)`,
    text: [
      '01 R.',
      '   05 A PIC X(9).',
      '   05 T OCCURS 3.',
      '      10 B PIC X(7).',
      '      10 C PIC S9(6) COMP SYNC.',
    ],
    item: 'C',
    ibm: [16, 4],
    gnucobol: [17, 4],
  },
  {
    what: 'a redefinition in a record with OCCURS DEPENDING ON takes no storage (REDEFINES clause)',
    text: [
      '01 R.',
      '   05 N1 PIC 9.',
      '   05 T1 OCCURS 0 TO 4 DEPENDING ON N1 PIC X.',
      '   05 A1 PIC X(10).',
      '   05 B1 REDEFINES A1 PIC X(4).',
      '   05 C1 PIC X.',
    ],
    item: 'C1',
    ibm: [15, 1],
    gnucobol: [19, 1],
  },
  {
    what: 'V takes no storage, also with BLANK WHEN ZERO (PICTURE clause, symbols and their meaning)',
    text: ['01 R.', '   05 A PIC 9(5)V99 BLANK WHEN ZERO.'],
    item: 'A',
    ibm: [0, 7],
    gnucobol: [0, 8],
  },
]

const textOf = (lines: readonly string[]): string => lines.map((line) => `       ${line}`).join('\n')

function compiled(lines: readonly string[]): Layout {
  const { layouts, failures } = compileCopybook({ name: 'R', text: textOf(lines) }, { format: 'fixed' })
  const [layout] = layouts
  if (!layout) throw new Error(failures.map(String).join('\n'))
  return layout
}

function itemNamed(item: Item, name: string): Item | undefined {
  if (item.name === name) return item
  for (const child of item.children) {
    const found = itemNamed(child, name)
    if (found) return found
  }
  return undefined
}

describe('layouts', () => {
  test.each(deviations)('$what', ({ text, item, ibm, gnucobol }) => {
    const layout = compiled(text)
    const ours = itemNamed(layout.root, item)
    expect([ours?.offset, ours?.length]).toEqual(ibm)
    const asked = oracle([fromLayout(layout, textOf(text), {})])
    try {
      const theirs = asked.measure(0).get(item)
      expect([theirs?.offset, theirs?.length]).toEqual(gnucobol)
    } finally {
      asked.remove()
    }
  })
})

const storedValues = [
  [
    'P positions of COMP-3 are not stored, all digits are (PICTURE clause)',
    'S9(3)PPP COMP-3',
    '123000',
    '+123000',
    '123c',
    '000c',
  ],
  ['the same before the digits', 'SVPP9(3) COMP-3', '0.00123', '+00123', '123c', '001c'],
] as const

describe('values', () => {
  test.each(storedValues)('%s', (_, picture, value, input, ibm, gnucobol) => {
    const text = ['01 R.', `   05 A PIC ${picture}.`]
    const layout = compiled(text)
    expect(Buffer.from(recordCodec(layout, { codePage: 'cp037' }).encode({ a: value })).toString('hex')).toBe(ibm)
    const asked = oracle([fromLayout(layout, textOf(text), {})])
    try {
      expect(asked.write(0, [[input]])[0]?.toString('hex')).toBe(gnucobol)
    } finally {
      asked.remove()
    }
  })
})
