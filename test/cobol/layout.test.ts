// Offsets, lengths, strides and slack. IBM's worked examples are the judge for SYNCHRONIZED; GnuCOBOL for the rest (oracle.test.ts).

import { describe, expect, test } from '@jest/globals'
import { compileCopybook } from '../../src/cobol/compile.ts'
import { layoutTable, layoutTree } from '../../src/cobol/describe-layout.ts'
import type { Item, Layout } from '../../src/cobol/layout.ts'
import type { CompileOptions } from '../../src/cobol/options.ts'

function compile(text: string, options: Partial<CompileOptions> = {}): readonly Layout[] {
  const { layouts, failures } = compileCopybook({ name: 'deposits/TEST.cpy', text }, { format: 'free', ...options })
  expect(failures.map(({ message }) => message)).toEqual([])
  return layouts
}

/** `NAME offset/length`, with `+slack` before and `*stride` of a table. */
function places(text: string, options: Partial<CompileOptions> = {}): string {
  const shown: string[] = []
  const visit = (item: Item): void => {
    const slack = item.slackBefore > 0 ? `+${item.slackBefore} ` : ''
    const stride = item.occurs ? `*${item.stride}` : ''
    shown.push(`${slack}${item.name ?? 'FILLER'} ${item.offset}/${item.length}${stride}`)
    item.children.forEach(visit)
  }
  for (const { root } of compile(text, options)) visit(root)
  return shown.join(', ')
}

describe("IBM's worked examples of SYNCHRONIZED", () => {
  test.each([
    [
      'slack inside a group',
      '01 A. 05 B PIC X(5). 05 C. 10 D PIC XX. 10 E PIC S9(6) COMP SYNC.',
      'A 0/12, B 0/5, C 5/7, D 5/2, +1 E 8/4',
    ],
    [
      'slack before a group that begins with a SYNC item',
      '01 L. 05 M PIC X(5). 05 N PIC XX. 05 O. 10 P PIC S9(6) COMP SYNC.',
      'L 0/12, M 0/5, N 5/2, +1 O 8/4, P 8/4',
    ],
    [
      'slack inside and behind each occurrence',
      '01 W. 05 CODE1 PIC X. 05 T OCCURS 10. 10 TYPE1 PIC X. 10 PAY PIC S9(4)V99 COMP SYNC. 10 HRS PIC S9(3) COMP SYNC. 10 NAME1 PIC X(5).',
      'W 0/161, CODE1 0/1, T 1/14*16, TYPE1 1/1, +2 PAY 4/4, HRS 8/2, NAME1 10/5',
    ],
    ['8-byte numbers on a word', '01 R. 05 A PIC X. 05 B PIC S9(15) COMP SYNC.', 'R 0/12, A 0/1, +3 B 4/8'],
    ['COMP-1 on a word', '01 R. 05 A PIC X. 05 B COMP-1 SYNC.', 'R 0/8, A 0/1, +3 B 4/4'],
    ['COMP-2 on a doubleword', '01 R. 05 A PIC X. 05 B COMP-2 SYNC.', 'R 0/16, A 0/1, +7 B 8/8'],
    [
      'a whole record',
      '01 R SYNC. 05 A PIC X. 05 B PIC S9(9) COMP. 05 C PIC X. 05 D COMP-5 PIC S9(4).',
      'R 0/12, A 0/1, +3 B 4/4, C 8/1, +1 D 10/2',
    ],
    [
      'no effect on characters and packed numbers',
      '01 R. 05 A PIC X. 05 B PIC S9(5) COMP-3 SYNC. 05 C PIC X SYNC RIGHT.',
      'R 0/5, A 0/1, B 1/3, C 4/1',
    ],
    [
      'a table of groups that begin with it',
      '01 R. 05 A PIC X. 05 T OCCURS 3. 10 B PIC S9(4) COMP SYNC. 10 C PIC X.',
      'R 0/14, A 0/1, +1 T 2/3*4, B 2/2, C 4/1',
    ],
    [
      'pointers with LP(32)',
      '01 R. 05 A PIC X. 05 P POINTER SYNC. 05 Q PROCEDURE-POINTER SYNC.',
      'R 0/16, A 0/1, +3 P 4/4, Q 8/8',
    ],
  ])('%s', (_, text, expected) => {
    expect(places(text)).toBe(expected)
  })
  test('pointers with LP(64)', () => {
    const text = '01 R. 05 A PIC X. 05 P POINTER SYNC. 05 I INDEX SYNC. 05 Q POINTER-32 SYNC. 05 F FUNCTION-POINTER.'
    expect(places(text, { lp: 64 })).toBe('R 0/36, A 0/1, +7 P 8/8, I 16/8, Q 24/4, F 28/8')
  })
  test('other dialects put slack inside the group and align 8-byte numbers on 8', () => {
    const text = '01 L. 05 M PIC X(7). 05 O. 10 P PIC S9(6) COMP SYNC. 10 Q PIC S9(18) COMP SYNC.'
    expect(places(text, { dialect: 'gnucobol' })).toBe('L 0/24, M 0/7, O 7/17, +1 P 8/4, +4 Q 16/8')
  })
})

describe('length by usage', () => {
  test.each([
    ['PIC X(10)', 10],
    ['PIC S9(5)V99', 7],
    ['PIC S9(5)V99 SIGN LEADING SEPARATE', 8],
    ['PIC S9(5) TRAILING SEPARATE CHARACTER', 6],
    ['PIC S9(5) COMP-3', 3],
    ['PIC S9(6) PACKED-DECIMAL', 4],
    ['PIC 9(5) COMPUTATIONAL-6', 3],
    ['PIC S9(3)PPP COMP-3', 2],
    ['PIC S9(4) COMP', 2],
    ['PIC S9(5) BINARY', 4],
    ['PIC S9(10) COMP-4', 8],
    ['PIC 9(1) COMP-5', 2],
    ['COMP-1', 4],
    ['USAGE IS COMPUTATIONAL-2', 8],
    ['PIC N(5)', 10],
    ['PIC 9(5) NATIONAL', 10],
    ['PIC S9(5) NATIONAL SIGN TRAILING SEPARATE', 12],
    ['PIC G(5)', 10],
    ['PIC N(5) DISPLAY-1', 10],
    ['PIC NBN DISPLAY-1', 6],
    ['PIC U(5)', 20],
    ['PIC U(5) BYTE-LENGTH IS 7', 7],
    ['PIC ZZ9.99CR', 8],
    ['PIC 9(5) BLANK WHEN ZERO', 5],
    ['PIC 9(5) NATIONAL BLANK WHEN ZERO', 10],
    ['INDEX', 4],
    ['POINTER', 4],
    ['POINTER-32', 4],
    ['PROCEDURE-POINTER', 8],
    ['FUNCTION-POINTER', 4],
    ['USAGE OBJECT REFERENCE ACCOUNT', 4],
    ['OBJECT REFERENCE VALUE NULL', 4],
    ['USAGE OBJECT REFERENCE FACTORY OF ACCOUNT ONLY', 4],
    ['USAGE IS SQL TYPE IS RESULT-SET-LOCATOR VARYING', 4],
    ['SQL TYPE IS CLOB-LOCATOR', 4],
    ['SQL TYPE IS TABLE LIKE ACCOUNTS AS LOCATOR', 4],
    ["SQL TYPE IS TABLE LIKE 'ACCOUNTS' AS LOCATOR", 4],
    ['USAGE SQL TYPE IS ROWID', 42],
    ['USAGE IS SQL TYPE IS CLOB(80000)', 80_004],
    ['SQL TYPE IS BLOB(30K)', 4 + 30 * 1024],
    ['SQL TYPE IS CHARACTER LARGE OBJECT(2 M)', 4 + 2 * 1024 * 1024],
    ['SQL TYPE IS BINARY LARGE OBJECT(5)', 9],
    ['USAGE SQL TYPE DBCLOB(10)', 24],
    ['SQL TYPE IS XML AS CLOB(200)', 204],
    ['SQL TYPE IS VARBINARY(20)', 22],
    ['SQL TYPE IS BINARY VARYING(20)', 22],
    ['SQL TYPE IS BINARY(20)', 20],
    ['SQL TYPE IS XML AS BLOB-FILE', 267],
    ['PIC S9(4) COMP NATIVE', 2],
  ])('%s takes %d', (clauses, length) => {
    expect(compile(`01 A ${clauses}.`)[0]?.maximumLength).toBe(length)
  })
  test.each([
    ['BINARY-CHAR', 1],
    ['BINARY-SHORT SIGNED', 2],
    ['BINARY-LONG UNSIGNED', 4],
    ['BINARY-DOUBLE', 8],
    ['PIC 9(20) COMP', 16],
    ['PIC 9(2) COMP-X', 1],
    ['PIC 9(7) COMP-X', 3],
    ['PIC 9(3)V9(15) COMPUTATIONAL-X', 8],
    ['PIC X(5) COMP-X', 5],
    ['PIC X(3) COMP-5', 4],
    ['PIC S9(4) COMP-6', 3],
    ['BINARY-INT', 4],
    ['UNSIGNED-LONG', 8],
    ['FLOAT', 4],
    ['HANDLE', 4],
  ])('%s takes %d in dialect gnucobol', (clauses, length) => {
    expect(compile(`01 A ${clauses}.`, { dialect: 'gnucobol' })[0]?.maximumLength).toBe(length)
  })
  test('PIC N is DBCS with NSYMBOL(DBCS); 20 digits of Micro Focus take 16 bytes', () => {
    expect(compile('01 A PIC N(2).', { nsymbol: 'DBCS' })[0]?.root).toMatchObject({ usage: 'DISPLAY-1', length: 4 })
    expect(compile('01 A PIC 9(20) COMP.', { dialect: 'microfocus' })[0]?.root.length).toBe(16)
  })
})

describe('groups hand down', () => {
  test('USAGE, SIGN, GROUP-USAGE', () => {
    expect(places('01 G COMP-3. 05 A PIC S9(5). 05 B. 10 C PIC 9(3) COMP-3.')).toBe('G 0/5, A 0/3, B 3/2, C 3/2')
    expect(places('01 G SIGN IS LEADING SEPARATE. 05 A PIC S9(5). 05 B PIC 9. 05 C PIC S9 COMP.')).toBe(
      'G 0/9, A 0/6, B 6/1, C 7/2',
    )
    expect(places('01 G GROUP-USAGE NATIONAL. 05 A PIC N(5). 05 B PIC 9(2).')).toBe('G 0/14, A 0/10, B 10/4')
    expect(compile('01 G GROUP-USAGE IS UTF-8. 05 A PIC U.')[0]?.root.usage).toBe('UTF-8')
  })
})

describe('REDEFINES', () => {
  test.each([
    ['shorter', '01 R. 05 A PIC X(5). 05 B REDEFINES A PIC X(3). 05 C PIC X.', 'R 0/6, A 0/5, B 0/3, C 5/1'],
    [
      'larger than its target',
      '01 R. 05 A PIC X(3). 05 B REDEFINES A PIC X(5). 05 C PIC X.',
      'R 0/6, A 0/3, B 0/5, C 5/1',
    ],
    [
      'of a redefinition',
      '01 R. 05 A PIC X(3). 05 B REDEFINES A PIC X. 05 C REDEFINES B PIC X(4).',
      'R 0/4, A 0/3, B 0/1, C 0/4',
    ],
    [
      'nested',
      '01 R. 05 A. 10 B PIC X(4). 10 C REDEFINES B. 15 D PIC XX. 15 E PIC XX. 05 F REDEFINES A PIC X(9).',
      'R 0/9, A 0/4, B 0/4, C 0/4, D 0/2, E 2/2, F 0/9',
    ],
    [
      'without a name',
      '01 R. 05 A PIC X(4). 05 REDEFINES A. 10 B PIC XX OCCURS 2.',
      'R 0/4, A 0/4, FILLER 0/4, B 0/2*2',
    ],
    ['of a record', '01 A PIC X(4). 01 B REDEFINES A PIC X(8).', 'A 0/4, B 0/8'],
  ])('%s', (_, text, expected) => {
    expect(places(text)).toBe(expected)
  })
})

/** Codecs rely on it: only groups have slack between their occurrences. */
describe('a table of single items has no slack between its occurrences, whatever SYNCHRONIZED asks for', () => {
  const digits = (dialect: string) => Array.from({ length: dialect === 'ibm' ? 18 : 38 }, (_, index) => index + 1)
  const usages = (dialect: string) => [
    ...digits(dialect).flatMap((most) => [`PIC 9(${most}) COMP`, `PIC S9(${most}) COMP-5`]),
    ...(dialect === 'ibm' ? [] : Array.from({ length: 8 }, (_, index) => `PIC X(${index + 1}) COMP-X`)),
    ...['COMP-1', 'COMP-2', 'INDEX', 'POINTER', 'POINTER-32', 'PROCEDURE-POINTER', 'FUNCTION-POINTER'],
    ...['OBJECT REFERENCE', 'PIC X(3)', 'PIC S9(4) COMP-3', 'PIC N(3)'],
  ]
  test.each(
    (['ibm', 'gnucobol', 'microfocus'] as const).flatMap((dialect) =>
      ([32, 64] as const).map((lp) => ({ dialect, lp })),
    ),
  )('$dialect, LP($lp)', (options) => {
    for (const usage of usages(options.dialect)) {
      const [layout] = compile(`01 R. 05 A PIC X. 05 T ${usage} SYNC OCCURS 3.`, options)
      const [, table] = layout?.root.children ?? []
      expect({ usage, stride: table?.stride }).toEqual({ usage, stride: table?.length })
      expect(layout?.maximumLength).toBe(1 + (table?.slackBefore ?? 0) + 3 * (table?.length ?? 0))
    }
  })
})

test('a line may begin with a picture of dollar signs: it is no directive', () => {
  expect(places('01 R.\n05 A PIC\n$$,$$9.99CR.\n05 B PIC X.')).toBe('R 0/12, A 0/11, B 11/1')
})

describe('levels', () => {
  test('a copybook that begins lower gets a record of its name', () => {
    expect(places('05 A PIC X. 05 B. 10 C PIC X.')).toBe('TEST 0/2, A 0/1, B 1/1, C 1/1')
    expect(places('10 A PIC X. 05 B PIC X.\n01 C PIC X.')).toBe('TEST 0/2, A 0/1, B 1/1, C 0/1')
  })
  test('several records, level 77, FILLER without a word', () => {
    expect(places('01 A. 05 PIC X. 05 FILLER PIC XX.\n77 B PIC 9.\n01 PIC X.')).toBe(
      'A 0/3, FILLER 0/1, FILLER 1/2, B 0/1, FILLER 0/1',
    )
    expect(compile('01 PIC X.')[0]?.name).toBe('FILLER')
  })
  test('siblings of unequal level are noted', () => {
    const { notes } = compileCopybook({ name: 'T', text: '01 A. 10 B PIC X. 05 C PIC X.' }, { format: 'free' })
    expect(notes.map(({ message }) => message)).toEqual(['level 5 stands beside level 10: check the level numbers'])
  })
  test('level 66 renames one item, a group, or a range', () => {
    const [layout] = compile(
      '01 R. 05 A PIC X. 05 G. 10 B PIC XX. 10 C PIC X(3). 66 D RENAMES A THRU B. 66 E RENAMES G. 66 F RENAMES C OF G.',
    )
    expect(layout?.renames.map(({ name, offset, length }) => `${name} ${offset}/${length}`)).toEqual([
      'D 0/3',
      'E 1/5',
      'F 3/3',
    ])
  })
  test('constants serve as repeats, occurrences and values; they are worked out from left to right', () => {
    const text = `78 TWO VALUE 2. 78 N VALUE TWO + 1 * 4 - 2 / 5. 01 SIZE1 CONSTANT AS 3. 78 DASH VALUE '-'.
 01 R. 05 A PIC X(N) OCCURS SIZE1 TIMES. 05 B PIC X VALUE DASH.`
    expect(places(text)).toBe('R 0/7, A 0/2*2, B 6/1')
    expect(compile(text)[0]?.root.children[1]?.value).toEqual({ kind: 'text', text: '-' })
  })
  test('constants in parentheses, of other bases, and the lengths of items before', () => {
    const text = `01 A. 05 B PIC X(5). 05 C PIC S9(5) COMP-3. 78 N VALUE (1 + 1) * 2. 78 L VALUE LENGTH OF A.
 78 M VALUE LENGTH B - 1.
 78 H VALUE H'0A'. 78 O VALUE B'11'.
01 R. 05 D PIC X(N). 05 E PIC X(L). 05 F PIC X(M). 05 G PIC X(H). 05 I PIC X(O).`
    expect(places(text)).toBe('A 0/8, B 0/5, C 5/3, R 0/29, D 0/4, E 4/8, F 12/4, G 16/10, I 26/3')
  })
  test('conditions keep values, ranges, figurative and hexadecimal literals', () => {
    const text = `01 A PIC X. 88 B VALUE 'A' THRU 'C', 'E'. 88 C VALUES ARE SPACES ZERO X'FF' ALL '*' -1.50 N'n' Z'z'.
 88 D VALUE 10 20
   30 THROUGH 40
   50 WHEN SET TO FALSE IS 0. 88 E VALUE X'01' & X'02' IN ALPHA. 88 F VALUE 'A' & 'B' FALSE IS 'C'. 88 G VALUE ALL ZEROS NULL.`
    const conditions = compile(text)[0]?.root.conditions ?? []
    expect(conditions.map(({ name, values }) => [name, values.length])).toEqual([
      ['B', 2],
      ['C', 7],
      ['D', 4],
      ['E', 1],
      ['F', 1],
      ['G', 2],
    ])
    expect(conditions[1]?.values.map(({ from }) => from)).toEqual([
      { kind: 'figurative', name: 'SPACE' },
      { kind: 'figurative', name: 'ZERO' },
      { kind: 'bytes', hex: 'FF' },
      { kind: 'all', literal: { kind: 'text', text: '*' } },
      { kind: 'number', text: '-1.50' },
      { kind: 'text', text: 'n' },
      { kind: 'text', text: 'z\0' },
    ])
    expect(conditions[3]?.values[0]?.from).toEqual({ kind: 'bytes', hex: '0102' })
    expect(conditions[4]?.values[0]?.from).toEqual({ kind: 'text', text: 'AB' })
  })
  test('clauses that change no byte are noted', () => {
    const text = "01 R IS EXTERNAL AS 'X' GLOBAL VOLATILE. 05 A PIC X DATE FORMAT IS YYXX."
    const { notes } = compileCopybook({ name: 'T', text }, { format: 'free' })
    expect(notes.map(({ message }) => message.split(' is ')[0])).toEqual([
      'EXTERNAL',
      'GLOBAL',
      'VOLATILE',
      'DATE FORMAT',
    ])
  })
})

describe('the layout as JSON and as a table', () => {
  const text = `01 R. 05 N PIC 99. 05 A PIC X(4). 05 B REDEFINES A. 10 C PIC S9(3) COMP-3 OCCURS 2.
 05 REDEFINES A PIC X. 05 G GROUP-USAGE NATIONAL. 10 D PIC N. 05 T PIC X OCCURS 0 TO 3 DEPENDING ON N. 66 E RENAMES N THRU A. 66 F RENAMES N.`
  const [layout] = compile(text)

  test('JSON', () => {
    expect(layout && layoutTree(layout)).toEqual({
      level: 1,
      name: 'R',
      offset: 0,
      length: 11,
      children: [
        { level: 5, name: 'N', picture: '99', usage: 'DISPLAY', offset: 0, length: 2 },
        { level: 5, name: 'A', picture: 'X(4)', usage: 'DISPLAY', offset: 2, length: 4 },
        {
          level: 5,
          name: 'B',
          offset: 2,
          length: 4,
          redefines: 'A',
          children: [{ level: 10, name: 'C', picture: 'S9(3)', usage: 'COMP-3', offset: 2, length: 2, occurs: 2 }],
        },
        { level: 5, name: 'FILLER', picture: 'X', usage: 'DISPLAY', offset: 2, length: 1, redefines: 'A' },
        {
          level: 5,
          name: 'G',
          usage: 'NATIONAL',
          offset: 6,
          length: 2,
          children: [{ level: 10, name: 'D', picture: 'N', usage: 'NATIONAL', offset: 6, length: 2 }],
        },
        {
          level: 5,
          name: 'T',
          picture: 'X',
          usage: 'DISPLAY',
          offset: 8,
          length: 1,
          occurs: { minimum: 0, maximum: 3, dependingOn: 'N' },
        },
      ],
      renames: [
        { level: 66, name: 'E', offset: 0, length: 6, renames: { from: 'N', through: 'A' } },
        { level: 66, name: 'F', offset: 0, length: 2, renames: { from: 'N', through: 'N' } },
      ],
    })
  })
  test('table', () => {
    expect(layout && layoutTable(layout)).toBe(
      [
        'level  name      picture  usage     offset  length  occurs    redefines',
        '01     R                                 0      11',
        '05       N       99       DISPLAY        0       2',
        '05       A       X(4)     DISPLAY        2       4',
        '05       B                               2       4            A',
        '10         C     S9(3)    COMP-3         2       2  2',
        '05       FILLER  X        DISPLAY        2       1            A',
        '05       G                NATIONAL       6       2',
        '10         D     N        NATIONAL       6       2',
        '05       T       X        DISPLAY        8       1  0-3 by N',
        '66     E                                 0       6            renames N THRU A',
        '66     F                                 0       2            renames N',
        '',
      ].join('\n'),
    )
  })
})

test('host variables of Db2 are the groups that its precompiler makes of them', () => {
  const text = `01 DCL. 10 DOC USAGE SQL TYPE IS CLOB(30) OCCURS 2. 88 SOME VALUE 'A'. 10 KEY-OF-ROW SQL TYPE IS ROWID.
 10 FILLER SQL TYPE IS VARBINARY(3). 10 Z PIC X.\n77 F SQL TYPE IS BLOB-FILE.`
  expect(compile(text).map(layoutTable).join('')).toBe(
    [
      'level  name                 picture  usage    offset  length  occurs  redefines',
      '01     DCL                                         0     116',
      '10       DOC                                       0      34  2',
      '49         DOC-LENGTH       S9(9)    COMP-5        0       4',
      '49         DOC-DATA         X(30)    DISPLAY       4      30',
      '10       KEY-OF-ROW                               68      42',
      '49         KEY-OF-ROW-LEN   S9(4)    COMP-5       68       2',
      '49         KEY-OF-ROW-TEXT  X(40)    DISPLAY      70      40',
      '10       FILLER                                  110       5',
      '49         FILLER           S9(4)    COMP-5      110       2',
      '49         FILLER           X(3)     DISPLAY     112       3',
      '10       Z                  X        DISPLAY     115       1',
      'level  name             picture  usage    offset  length  occurs  redefines',
      '77     F                                       0     267',
      '49       F-NAME-LENGTH  S9(9)    COMP-5        0       4',
      '49       F-DATA-LENGTH  S9(9)    COMP-5        4       4',
      '49       F-FILE-OPTION  S9(9)    COMP-5        8       4',
      '49       F-NAME         X(255)   DISPLAY      12     255',
      '',
    ].join('\n'),
  )
})
