// Constructs that compilers take, each by name: the layout is that of cobc in its dialect. What cobc does not have stands in golden/.

import { expect, test } from '@jest/globals'
import { compileCopybook } from '../../src/cobol/compile.ts'
import type { Item } from '../../src/cobol/layout.ts'
import { measure, referencesOf } from './gnucobol.ts'

type Dialect = Parameters<typeof measure>[2]
type Construct = readonly [name: string, entries: string]

/** Of all dialects. Names begin with @, which stands for the number of the construct. */
const common: readonly Construct[] = [
  [
    'literals of every kind',
    `01 @R. 05 @A PIC X(3) VALUE ALL "ab". 05 @B PIC X(2) VALUE X'00FF'. 05 @C PIC X(4) VALUE Z'abc'. 05 @D PIC S9(3)V9 VALUE -.5. 05 @E PIC X(4) VALUE 'a' & "b".`,
  ],
  [
    'clauses in any order',
    '01 @R. 05 @A VALUE ZEROES COMP PIC 9(6). 05 @B OCCURS 3 PIC X. 05 @C COMP-3 VALUE +5 PIC S9(3).',
  ],
  [
    'optional words',
    '01 @R IS GLOBAL. 05 @A PICTURE IS S9(4) USAGE IS COMPUTATIONAL. 05 @B PIC X(3) JUSTIFIED RIGHT. 05 @C PIC S9(3) SIGN IS LEADING SEPARATE CHARACTER.',
  ],
  ['signs without the word SIGN', '01 @R. 05 @A PIC S9(3) LEADING. 05 @B PIC S9(3) TRAILING SEPARATE.'],
  ['commas and semicolons', '01 @R. 05 @A PIC X(2), VALUE SPACE; 05 @B PIC X.'.replace('; 05', '. 05')],
  ['small letters', "01 @r. 05 @a pic s9(4)v99 comp-3. 05 @b pic x(3) value 'abc'."],
  [
    'tables with keys and indexes',
    '01 @R. 05 @T OCCURS 4 TIMES ASCENDING KEY IS @K DESCENDING @L INDEXED BY @I, @J. 10 @K PIC X. 10 @L PIC 9(3) COMP.',
  ],
  ['an index before a usage', '01 @R. 05 @T OCCURS 4 TIMES INDEXED BY @I COMPUTATIONAL-5 PIC S9(4).'],
  ['a counter before its table', '01 @R. 05 @N PIC 9(2). 05 @T PIC X(3) OCCURS 1 TO 5 DEPENDING @N.'],
  [
    'a counter in a level 77',
    '77 @N PIC 9(2).\n01 @R. 05 @A PIC X. 05 @T PIC X(3) OCCURS 1 TO 5 TIMES DEPENDING ON @N.',
  ],
  [
    'a counter in another record',
    '01 @H. 05 @N PIC S9(4) COMP.\n01 @R. 05 @A PIC X. 05 @T PIC X(3) OCCURS 1 TO 5 TIMES DEPENDING ON @N OF @H.',
  ],
  [
    'redefinitions without a name',
    '01 @R. 05 @A PIC X(4). 05 REDEFINES @A. 10 @B PIC XX. 10 @C PIC XX. 05 FILLER REDEFINES @A PIC X. 05 @D PIC X.',
  ],
  ['a redefinition of a record', '01 @R PIC X(4).\n01 @S REDEFINES @R. 05 @A PIC 9(4).'],
  ['a redefinition of a level 77', '77 @R PIC X(4).\n77 @S REDEFINES @R PIC 9(4).'],
  [
    'levels 77 and 01 without a name',
    '77 FILLER PIC X.\n88 @C VALUE 1.\n77 PIC 9(4) COMP.\n01 FILLER PIC X(3).\n01 @R PIC X.',
  ],
  ['level numbers of one digit', '1 @R. 5 @A PIC X. 5 @B. 49 @C PIC X(2).'],
  [
    'conditions',
    "01 @R. 05 @A PIC X. 88 @B VALUES ARE 'A', 'C' THRU 'F'. 88 @C VALUE SPACES LOW-VALUES. 05 @D PIC 9. 88 @E VALUE 1 WHEN SET TO FALSE IS 0.",
  ],
  ['renamings', '01 @R. 05 @A PIC X. 05 @B PIC X(3). 05 @C PIC X.\n66 @D RENAMES @A THROUGH @B.'],
  [
    'groups that hand down',
    '01 @R SIGN LEADING SEPARATE. 05 @A PIC S9(3). 05 @G COMP-3. 10 @B PIC S9(5). 10 @C PIC 9(2).',
  ],
  [
    'edited pictures',
    '01 @R. 05 @A PIC $$,$$9.99CR. 05 @B PIC **,**9.99DB. 05 @C PIC Z(5).ZZ-. 05 @D PIC +++,++9.99. 05 @E PIC XXBXX/XX. 05 @F PIC 99/99/9999.',
  ],
  ['scaled pictures', '01 @R. 05 @A PIC VPP99. 05 @B PIC 99PPP. 05 @C PIC SP(3)9(2). 05 @D PIC S9(3)PP COMP.'],
  ['blank when zero', '01 @R. 05 @A PIC 9(4) BLANK WHEN ZERO. 05 @B PIC ZZZ9 BLANK ZERO.'],
  ['names with underscores and digits', '01 @R. 05 @A_B-1 PIC X. 05 @1C PIC X(2).'],
  [
    'constants of level 78',
    '78 @N VALUE 5. 78 @M VALUE (@N + 2) * 3.\n01 @R. 05 @A PIC X(@N). 05 @B PIC X OCCURS @M TIMES.',
  ],
  [
    'constants of level 01',
    '01 @N CONSTANT AS 5. 01 @M CONSTANT IS GLOBAL AS @N * 2.\n01 @R. 05 @A PIC X(@N). 05 @B PIC X OCCURS @M TIMES.',
  ],
  [
    'a constant that is a length',
    '01 @R. 05 @A PIC X(5). 05 @B PIC S9(5) COMP-3.\n78 @N VALUE LENGTH OF @R.\n78 @M VALUE LENGTH OF @B + 1.\n01 @S. 05 @C PIC X(@N). 05 @D PIC X(@M).',
  ],
  [
    'constants from compilation variables',
    '>>DEFINE ROWS-V AS 4\n01 @N CONSTANT FROM ROWS-V.\n01 @R. 05 @A PIC X(@N).',
  ],
  [
    'conditional compilation',
    '>>DEFINE ROWS-W AS 2\n01 @R.\n>>IF ROWS-W > 1\n05 @A PIC X(2).\n>>ELSE\n05 @A PIC X(3).\n>>END-IF\n05 @B PIC X.',
  ],
  ['a literal that goes on', `01 @R. 05 @A PIC X(8) VALUE 'ABC'-\n 'DEF'.\n05 @B PIC X.`],
  ['numbers of other bases', "01 @R. 05 @A PIC 9(5) VALUE H'FF'. 05 @B PIC 9(5) VALUE B'101'."],
  ['clauses without storage', '01 @R EXTERNAL. 05 @A PIC X(3).\n01 @S BASED. 05 @B PIC X.'],
  [
    'integers without a picture',
    '01 @R. 05 @A BINARY-CHAR UNSIGNED. 05 @B BINARY-SHORT. 05 @C USAGE BINARY-LONG SIGNED. 05 @D BINARY-DOUBLE. 05 @E SIGNED-INT. 05 @F UNSIGNED-SHORT. 05 @G SIGNED-LONG. 05 @H BINARY-C-LONG.',
  ],
  [
    'floating point and pointers',
    '01 @R. 05 @A COMP-1. 05 @B FLOAT. 05 @C DOUBLE. 05 @D FLOAT-SHORT. 05 @E POINTER. 05 @F INDEX. 05 @G PROGRAM-POINTER. 05 @H HANDLE.',
  ],
  [
    'packed without and with a sign',
    '01 @R. 05 @A PIC 9(5) COMP-6. 05 @B PIC S9(4) COMP-6. 05 @C PIC S9(5)V99 COMPUTATIONAL-6.',
  ],
  [
    'binary of so many bytes',
    '01 @R. 05 @A PIC X COMP-5. 05 @B PIC X(3) COMP-5. 05 @C PIC X(8) COMP-5. 05 @D PIC X(5) COMP-X. 05 @E PIC 9(7) COMP-X.',
  ],
  [
    'synchronized',
    '01 @R. 05 @A PIC X. 05 @B PIC S9(4) COMP SYNC. 05 @C PIC X. 05 @D PIC S9(9) COMP SYNCHRONIZED RIGHT. 05 @E PIC X. 05 @F PIC S9(18) COMP SYNC LEFT. 05 @G PIC X. 05 @H COMP-1 SYNC. 05 @I POINTER SYNC.',
  ],
  ['long numbers', '01 @R. 05 @A PIC S9(38). 05 @B PIC S9(31) COMP-3. 05 @C PIC 9(18)V9(18).'],
]

/** Of GnuCOBOL with the words that its -std=ibm and its default have. */
const ofGnuCobol: readonly Construct[] = [
  ['decimal floating point', '01 @R. 05 @A FLOAT-DECIMAL-16. 05 @B USAGE FLOAT-DECIMAL-34. 05 @C PIC X.'],
  [
    'binary of so many bytes with a sign',
    '01 @R. 05 @A PIC S9(2) COMP-X. 05 @B PIC S9(3) COMP-X VALUE -1. 05 @C PIC S9(7) COMP-X. 05 @D PIC S9(10)V99 COMP-X.',
  ],
  ['a handle of something', '01 @R. 05 @A USAGE HANDLE OF WINDOW. 05 @B HANDLE OF THREAD. 05 @C PIC X.'],
  [
    'names for web pages and screens',
    `01 @R. 05 @A PIC X(2) IDENTIFIED "Name". 05 @B PIC X(3) IDENTIFIED BY @A. 05 @C PIC X.
77 @S PIC 9(5) IS SPECIAL-NAMES CRT STATUS.`,
  ],
  [
    'renamings of whole records',
    '01 @R. 05 @A PIC X. 05 @B PIC X(3).\n66 @D RENAMES @R.\n77 @E PIC X(2).\n66 @F RENAMES @E.',
  ],
  [
    'a machine of 64 bits',
    '01 @R.\n>>IF P64 SET\n05 @A PIC X(8).\n>>ELSE\n05 @A PIC X(4).\n>>END-IF\n>>IF NOTHING-OF-IT NOT SET\n05 @B PIC X.\n>>END-IF',
  ],
  [
    'lengths of literals',
    `78 @N VALUE LENGTH OF 'abc'.\n78 @M VALUE LENGTH OF X'00FF'.\n01 @R. 05 @A PIC X(@N). 05 @B PIC X(@M). 05 @C PIC X.`,
  ],
]

/** Of single dialects. */
const more: Readonly<Partial<Record<Dialect, readonly Construct[]>>> = {
  gnucobol: [
    ['more integers', '01 @R. 05 @A BINARY-INT. 05 @B BINARY-INT UNSIGNED. 05 @C BINARY-LONG-LONG.'],
    ...ofGnuCobol,
  ],
  'gnucobol-ibm': ofGnuCobol,
  microfocus: [['larger redefinitions', '01 @R. 05 @A PIC X(2). 05 @B REDEFINES @A PIC X(5). 05 @C PIC X.']],
}

/** LENGTH OF gives the length of the moment. */
const variesInside = (item: Item): boolean =>
  item.children.some((child) => child.occurs?.dependingOn !== undefined || variesInside(child))

test.each(['gnucobol', 'gnucobol-ibm', 'gnucobol-mvs', 'gnucobol-bs2000', 'microfocus'] as const)(
  'every construct has the layout of cobc in dialect %s',
  (dialect) => {
    const constructs = [...common, ...(more[dialect] ?? [])]
    const texts = constructs.map(([, entries], number) =>
      entries.replaceAll('. ', '.\n').replaceAll('@1C', `1C${number}`).replaceAll('@', `Q${number}-`),
    )
    const refused = texts.flatMap((text, number) => {
      const { failures } = compileCopybook({ name: 'T', text }, { dialect, format: 'free' })
      return failures.map((failure) => `${constructs[number]?.[0]}: ${failure.message}`)
    })
    expect(refused).toEqual([])
    const text = texts.join('\n')
    const { layouts, failures } = compileCopybook({ name: 'T', text }, { dialect, format: 'free' })
    expect(failures.map(({ message }) => message)).toEqual([])
    const references = layouts
      .filter(({ root }) => root.name !== undefined)
      .flatMap(referencesOf)
      .filter(({ item }) => !variesInside(item))
    const measured = measure(text, references, dialect)
    const ours = references.map(({ reference, item }) => `${reference} ${item.offset} ${item.length}`)
    const theirs = references.map(({ reference }, at) => `${reference} ${measured[at]?.offset} ${measured[at]?.length}`)
    expect(ours).toEqual(theirs)
  },
)
