// CBL and PROCESS statements: what they say counts, and what is not read is told.

import { describe, expect, test } from '@jest/globals'
import { compileCopybook } from '../../../src/cobol/compile.ts'
import type { CompileOptions } from '../../../src/cobol/options.ts'
import { processStatement } from '../../../src/cobol/text/process-statement.ts'

const program = (entries: string) => `       ID DIVISION.
       PROGRAM-ID. P.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  REC.
${entries}
`

function compiled(statements: string, entries = '           05  A PIC N.', options: Partial<CompileOptions> = {}) {
  const { layouts, failures, notes } = compileCopybook(
    { name: 'P.cbl', text: `${statements}\n${program(entries)}` },
    options,
  )
  const [layout] = layouts
  return {
    layout,
    options: layout?.options,
    names: layout?.root.children.map(({ name }) => name),
    failures: failures.map(({ code }) => code),
    notes: notes.map(({ message }) => message),
  }
}

describe('a statement begins', () => {
  test.each([
    ['in column 1', 'CBL LIST', 'LIST'],
    ['in column 8', '       PROCESS TRUNC(BIN),LIST', 'TRUNC(BIN),LIST'],
    ['behind a sequence number', '000100 CBL LIST', 'LIST'],
    ['anywhere, in small letters', '   cbl list', 'list'],
    ['and ends at column 72', `       CBL LIST${' '.repeat(57)}P0000100`, `LIST${' '.repeat(57)}`],
  ])('%s', (_, line, options) => {
    expect(processStatement(line)).toBe(options)
  })
  test.each([
    '       CBLX LIST',
    '       05 PROCESS PIC X.',
    'ABC100 CBL LIST',
    '       PROCESS-DATE PIC X',
    '      *CBL LIST',
  ])('%s is none', (line) => {
    expect(processStatement(line)).toBeUndefined()
  })
})

describe('options of the compiler', () => {
  test.each<[string, Record<string, unknown>]>([
    ['NSYMBOL(DBCS)', { nsymbol: 'DBCS' }],
    ['NS(NAT)', { nsymbol: 'NATIONAL' }],
    ['TRUNC(BIN)', { trunc: 'BIN' }],
    ['trunc(opt)', { trunc: 'OPT' }],
    ['NUMPROC(PFD)', { numproc: 'PFD' }],
    ['ARITH(COMPAT)', { arith: 'COMPAT' }],
    ['AR(E)', { arith: 'EXTEND' }],
    ['ZONEDATA(MIG)', { zonedata: 'MIG' }],
    ['INVDATA(FORCENUMCMP,CLEANSIGN)', { zonedata: 'MIG' }],
    ['NOINVDATA', { zonedata: 'PFD' }],
    ['LP(64)', { lp: 64 }],
    ["CURRENCY('#')", { currencySign: '#' }],
    ['TRUNC(BIN),NSYMBOL(DBCS)', { trunc: 'BIN', nsymbol: 'DBCS' }],
    ['TRUNC(BIN) NSYMBOL(DBCS), LP(64)', { trunc: 'BIN', nsymbol: 'DBCS', lp: 64 }],
  ])('CBL %s', (statement, options) => {
    const found = compiled(`       CBL ${statement}`)
    expect(found).toMatchObject({ options, failures: [], notes: [] })
  })

  test('several statements, comments and directives between them', () => {
    const found = compiled('CBL TRUNC(BIN)\n      * NUMPROC(PFD)\n      >>DEFINE X AS 1\n\n       PROCESS LP(64)')
    expect(found).toMatchObject({ options: { trunc: 'BIN', lp: 64, numproc: 'NOPFD' }, failures: [], notes: [] })
  })

  test('PIC N is what NSYMBOL says', () => {
    expect(compiled('       CBL NSYMBOL(DBCS)').layout?.root.children[0]?.usage).toBe('DISPLAY-1')
    expect(compiled('').layout?.root.children[0]?.usage).toBe('NATIONAL')
  })

  test('CODEPAGE is kept for those who read the data', () => {
    expect(compiled('       CBL CODEPAGE(1140)').layout?.codePage).toBe('cp1140')
    expect(compiled('       CBL CP(37)').layout?.codePage).toBe('cp037')
    expect(compiled('').layout).not.toHaveProperty('codePage')
  })

  test('ARITH(COMPAT) refuses what it cannot hold', () => {
    expect(compiled('       CBL ARITH(COMPAT)', '           05  A PIC 9(19).').failures).toEqual(['DIGITS_TOO_MANY'])
  })

  test.each([
    ['LIST,MAP', ['not read: LIST, MAP; the other options of the statement are']],
    ['TRUNC(SOME),LP(64)', ['not read: TRUNC(SOME); the other options of the statement are']],
    [
      "DEFINE(A=B),CODEPAGE('X'),CURRENCY('EUR')",
      ["not read: DEFINE(A=B), CODEPAGE('X'), CURRENCY('EUR'); the other options of the statement are"],
    ],
  ])('what is not read is told: CBL %s', (statement, notes) => {
    expect(compiled(`       CBL ${statement}`).notes).toEqual(notes)
  })

  test('so are the directives of Micro Focus', () => {
    expect(compiled('      $SET IBMCOMP').notes).toEqual(['not read: $SET IBMCOMP'])
    expect(compiled('      $SET SOURCEFORMAT"FIXED"').notes).toEqual([])
  })

  test('the program counts more than what was asked for, and says so', () => {
    const found = compiled('       CBL TRUNC(BIN),LP(64)', undefined, { trunc: 'STD', lp: 64 })
    expect(found).toMatchObject({
      options: { trunc: 'BIN', lp: 64 },
      notes: ['the program is compiled with trunc BIN, which counts more than the STD asked for'],
    })
  })

  test('a statement behind the first line of text is none of the program', () => {
    const { layouts } = compileCopybook({ name: 'T', text: '       01 A PIC N.\n       CBL NSYMBOL(DBCS)' })
    expect(layouts[0]?.root.usage).toBe('NATIONAL')
  })
})

describe('compilation variables', () => {
  const lines = (condition: string) => `           05  A PIC X.
      >>IF ${condition}
           05  B PIC X.
      >>END-IF`
  test.each([
    ['DEFINE(RELEASE=2)', 'RELEASE = 2'],
    ["DEF(REGION='EU',RELEASE=2)", "REGION = 'EU' AND RELEASE = 2"],
    ['DEFINE(TEST)', 'TEST'],
    ["DEFINE(TEST=B'1')", 'TEST'],
    ['CICS', 'IGY-CICS'],
    ["CICS('COBOL3,SP')", 'IGY-CICS'],
    ['NOCICS', 'NOT IGY-CICS'],
    ['SQL', 'IGY-SQL'],
    ['DYNAM', 'IGY-DYNAM'],
    ['NOTHREAD', 'NOT IGY-THREAD'],
    ['ARCH(12)', 'IGY-ARCH >= 10'],
    ['OPT(2)', 'IGY-OPTIMIZE = 2'],
    ['LP(64)', 'IGY-LP = 64'],
  ])('CBL %s: %s', (statement, condition) => {
    expect(compiled(`       CBL ${statement}`, lines(condition))).toMatchObject({ names: ['A', 'B'], failures: [] })
  })

  test('of the program before those asked for, and so of --define before those predefined', () => {
    const asked = { define: { RELEASE: 1, 'IGY-CICS': false } }
    expect(compiled('       CBL DEFINE(RELEASE=2),CICS', lines('RELEASE = 2 AND NOT IGY-CICS'), asked)).toMatchObject({
      names: ['A', 'B'],
      notes: ['the program is compiled with RELEASE 2, which counts more than the 1 asked for'],
    })
  })

  test('without knowledge they are unknown where a line of data depends on them, and only there', () => {
    expect(compiled('', lines('IGY-CICS')).failures).toEqual(['DIRECTIVE_VARIABLE_UNKNOWN'])
    const code =
      '           05  A PIC X.\n       PROCEDURE DIVISION.\n      >>IF IGY-ARCH > 10\n           GOBACK.\n      >>END-IF'
    expect(compiled('', code)).toMatchObject({ names: ['A'], failures: [] })
  })
})
