// Reference formats: what of each physical line counts, how lines are joined, and where words are said to stand.

import { describe, expect, test } from '@jest/globals'
import { collectMistakes } from '../../../src/cobol/mistakes.ts'
import { resolveOptions } from '../../../src/cobol/options.ts'
import { variablesOf, wordsOf } from '../../../src/cobol/text/conditional.ts'
import { detectFormat } from '../../../src/cobol/text/detect-format.ts'
import { originOf } from '../../../src/cobol/text/spot.ts'

/** The words of a text as `text@line:column`; a literal in quotes, prefix before. */
function words(text: string, format: 'auto' | 'fixed' | 'variable' | 'free', debugging = false): string[] {
  const options = resolveOptions({ format })
  const standing = { part: 'copybook', debugging } as const
  const compilation = { options, mistakes: collectMistakes(10), variables: variablesOf(options), standing }
  const scanned = [...wordsOf(originOf({ name: 'T', text }), compilation)].flat()
  return scanned.map(({ kind, prefix, text: shown, line, column }) =>
    kind === 'literal' ? `${prefix}'${shown}'@${line}:${column}` : `${shown}@${line}:${column}`,
  )
}
const texts = (text: string, format: 'auto' | 'fixed' | 'variable' | 'free') =>
  words(text, format).map((word) => word.replace(/@[^@]*$/, ''))
const pad = (text: string, width: number) => text.padEnd(width)

describe('fixed format', () => {
  test('columns 1-6 and 73-80 do not count, and places are columns of the file', () => {
    expect(words(`000100 01  A.${' '.repeat(59)}00000010`, 'fixed')).toEqual(['01@1:8', 'A@1:12', '.@1:13'])
  })
  test.each([
    ['an asterisk', '      * 01 A.'],
    ['a slash', '      / 01 A.'],
    ['*> anywhere', '       *> 01 A.'],
    ['a debugging line', '      D01 A.'],
    ['EJECT', '           EJECT'],
    ['SKIP', '           SKIP2.'],
    ['TITLE', "           TITLE 'ACCOUNTS'."],
    ['CBL', '       CBL TRUNC(STD)'],
    ['a listing directive', '       >>LISTING OFF'],
    ['blank', '      '],
  ])('%s is no text', (_, line) => {
    expect(texts(line, 'fixed')).toEqual([])
  })
  test('debugging lines count in programs WITH DEBUGGING MODE', () => {
    expect(words('      D01 A.', 'fixed', true)).toEqual(['01@1:8', 'A@1:11', '.@1:12'])
  })
  test('a continued word joins without space, and keeps the place where it began', () => {
    expect(words('       01  CUSTO   \n      * between\n      -      MER-NAME.', 'fixed')).toEqual([
      '01@1:8',
      'CUSTOMER-NAME@1:12',
      '.@3:22',
    ])
  })
  test('a continued literal keeps its blanks up to column 72 and goes on behind the new quote', () => {
    const first = "       01 A VALUE 'AB"
    expect(texts(`${first}\n      -    'CD'.`, 'fixed')).toContain(`'AB${' '.repeat(72 - first.length)}CD'`)
  })
  test('in variable format it keeps only what is there', () => {
    expect(texts("       01 A VALUE 'AB\n      -    'CD'.", 'variable')).toContain("'ABCD'")
  })
  test('a doubled quote may be cut in two at column 72', () => {
    const first = `${pad('       01 A VALUE', 68)}'AB'`
    expect(first).toHaveLength(72)
    expect(texts(`${first}\n      -    ''CD'.`, 'fixed')).toContain("'AB'CD'")
  })
  test('a comment behind a continued line is left out', () => {
    expect(texts('       01 A\n      -    B *> note\n      -    C.', 'fixed')).toEqual(['01', 'ABC', '.'])
  })
  test('tabs reach to the next column of eight; places are those of the file', () => {
    expect(words('\t01\tA.', 'fixed')).toEqual(['01@1:2', 'A@1:5', '.@1:6'])
  })
})

describe('free format and directives', () => {
  test('text may begin anywhere and has no margin', () => {
    expect(texts(`01 A PIC X(5).${' '.repeat(90)}05 B.`, 'free')).toEqual([
      '01',
      'A',
      'PIC',
      'X',
      '(',
      '5',
      ')',
      '.',
      '05',
      'B',
      '.',
    ])
  })
  test.each(['>>SOURCE FORMAT IS FREE', '       >>SOURCE FREE', '      $SET SOURCEFORMAT"FREE"'])('%s', (directive) => {
    expect(texts(`${directive}\n01 A.`, 'fixed')).toEqual(['01', 'A', '.'])
  })
  test('>>SOURCE FIXED goes back; >>D is a debugging line', () => {
    expect(texts('01 A.\n>>D 05 B.\n>>SOURCE FORMAT FIXED\n000100 05 C.', 'free')).toEqual([
      '01',
      'A',
      '.',
      '05',
      'C',
      '.',
    ])
  })
})

describe('a comment never switches the format', () => {
  test.each([
    ['free', 'in columns 1 and 2', '*>      >>SOURCE FIXED\n01 A.'],
    ['free', 'behind the text', '01 A. *> >>SOURCE FIXED\n'],
    ['free', 'a star alone', '*      >>SOURCE FIXED\n01 A.'],
    ['free', 'indented', '    *> $SET SOURCEFORMAT"FIXED"\n01 A.'],
    ['fixed', 'in columns 1 and 2', '*>      >>SOURCE FREE\n000100 01 A.'],
    ['fixed', 'an indicator', '      *>>SOURCE FREE\n000100 01 A.'],
    ['fixed', 'an indicator and a dollar', '      * $SET SOURCEFORMAT"FREE"\n000100 01 A.'],
  ] as const)('%s: %s', (format, _, text) => {
    expect(texts(text, format)).toEqual(['01', 'A', '.'])
  })
})

describe("a literal that '- continues", () => {
  test.each([
    ['fixed', "       05 A VALUE 'ABC'-\n           'DEF'.", "'ABCDEF'"],
    ['free', `05 A VALUE "ABC"-\n  "DEF".`, "'ABCDEF'"],
    ['free', `05 A VALUE "AB"-\n*> between\n\n  "CD"-\n"EF".`, "'ABCDEF'"],
    ['free', `05 A VALUE 'it'-\n'''s'.`, "'it's'"],
    ['free', "05 A VALUE X'C1'-\n'C2'.", "X'C1C2'"],
  ] as const)('%s: %j', (format, text, literal) => {
    expect(texts(text, format)).toEqual(['05', 'A', 'VALUE', literal, '.'])
  })
  test('each part keeps its place', () => {
    expect(words("05 A VALUE 'A'-\n 'B' 'C'.", 'free').slice(-3)).toEqual(["'AB'@1:12", "'C'@2:6", '.@2:9'])
  })
  test('only behind a literal, and only before its quote', () => {
    expect(texts("05 A-\n'B'.", 'free')).toEqual(['05', 'A-', "'B'", '.'])
    expect(texts("05 A 'B'-\n05 C.", 'free')).toEqual(['05', 'A', "'B'", '-', '05', 'C', '.'])
  })
})

describe('words', () => {
  test.each([
    ['a period ends an entry only before a space', 'PIC Z(9)9.99.', ['PIC', 'Z', '(', '9', ')', '9.99', '.']],
    ['commas and semicolons before a space are space', 'A, B; C,D', ['A', 'B', 'C,D']],
    ['quotes are doubled inside literals', `'it''s' "a""b"`, ["'it's'", `'a"b'`]],
    ['prefixes belong to their literal', "X'FF' n'A' NX'00' Z'Z'", ["X'FF'", "N'A'", "NX'00'", "Z'Z'"]],
    ['a literal may follow a word at once', "VALUE'A'", ['VALUE', "'A'"]],
    ['colons, parentheses and == stand alone', '==:TAG:-A== (B)', ['==', ':', 'TAG', ':', '-A', '==', '(', 'B', ')']],
    ['a byte order mark is no text', '\ufeff01 A.', ['01', 'A', '.']],
  ])('%s', (_, text, expected) => {
    expect(texts(text, 'free')).toEqual(expected)
  })
})

describe('detection', () => {
  test.each([
    ['fixed', 'blank sequence area', '       01  A.\n           05  B PIC X.'],
    ['fixed', 'a CBL statement in column 1', 'CBL NODYNAM,TRUNC(BIN)\n       01  A.\n           05  B PIC X.'],
    ['fixed', 'sequence numbers', '000100 01  A.\n000200     05  B PIC X.'],
    ['fixed', 'change marks', 'CHG001 01  A.\nCHG002     05  B PIC X.'],
    ['fixed', 'comment lines only', 'ABCDEF* NOTE\n      * NOTE\n       01 A.'],
    ['fixed', 'identification area', `${pad('       01  A.', 72)}ACCT0001\n       05  B PIC X.`],
    [
      'fixed',
      'identification next to text',
      `${pad('       01  A', 71)}.ACCT0001\n       05  B PIC X.\n       05  C PIC X.`,
    ],
    ['variable', 'text behind column 80', `       01  A.\n           05  B PIC X VALUE '${'x'.repeat(60)}'.`],
    [
      'variable',
      'text across column 72',
      `       01 A.\n       05 B.\n${pad('       05  C', 64)}PIC X(10).\n       05 D.`,
    ],
    ['free', 'level in column 1', '01 A.\n   05 B PIC X.'],
    ['free', 'indented by four', '    01 A.\n    05 B PIC X.'],
    ['free', 'floating comments', '*> note\n01 A.\n  05 B PIC X.'],
    ['free', 'words in columns 1-7', 'PERSONAL-DATA\n01 A.'],
    ['fixed', 'MF comments tell nothing', '* note\n       01 A.'],
    ['fixed', 'a stray slash', 'ABCDEF/ NOTE\n       01 A.'],
  ])('%s: %s', (format, _, text) => {
    expect(detectFormat(text.split('\n'))).toBe(format)
  })
})
