// Hostile and broken copybooks: whatever the text, the compiler answers with layouts or with failures of the catalogue, soon, and never throws.

import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { compileCopybook } from '../../src/cobol/compile.ts'
import { layoutTable, layoutTree } from '../../src/cobol/describe-layout.ts'
import type { CompileOptions } from '../../src/cobol/options.ts'
import { copybookErrors } from '../../src/error/data/copybook-errors.ts'
import { fc } from '../support/property.ts'

const RUNS = 2000
const folder = new URL('../../copybooks/deposits/', import.meta.url)
const seeds = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'))
const member = seeds.find((text) => text.includes(':TAG:')) ?? ''

/** Words that begin or fill clauses: what random text is made of, so that it gets past the first word. */
const words =
  '01 05 10 49 66 77 78 88 A B :TAG: FILLER PIC X(5) S9(4)V99 9(3)PPP ZZ9.99- $$,$$9 COMP COMP-3 COMP-5 INDEX POINTER USAGE OCCURS 3 TIMES TO DEPENDING ON REDEFINES RENAMES THRU VALUE ZERO SPACES \'lit" "x" X\'FF\' SYNC SIGN LEADING SEPARATE JUST BLANK WHEN GLOBAL COPY ENTRY REPLACING == BY REPLACE OFF EXEC SQL END-EXEC DATA DIVISION PROCEDURE SECTION FD . , ( ) : - + * > *> >>SOURCE FREE UNBOUNDED AS DEFINED = AND NOT'.split(
    ' ',
  )
const directives = 'IF ELSE\n END-IF\n EVALUATE WHEN  END-EVALUATE\n DEFINE'.split(' ').map((verb) => `\n>>${verb}`)
const soup = fc
  .array(fc.constantFrom(...words, ...directives, '\n', '\n       ', '\t', '      -    '))
  .map((parts) => parts.join(' '))

/** A real copybook with pieces cut out, doubled, moved, or replaced by words and junk. */
const mutated = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.array(fc.tuple(fc.nat(4000), fc.nat(60), fc.oneof(fc.constantFrom(...words), fc.string(), fc.constant(''))), {
      maxLength: 8,
    }),
  )
  .map(([text, edits]) =>
    edits.reduce((before, [at, length, put]) => before.slice(0, at) + put + before.slice(at + length), text),
  )

const options: fc.Arbitrary<Partial<CompileOptions>> = fc.record({
  format: fc.constantFrom('auto', 'fixed', 'variable', 'free'),
  dialect: fc.constantFrom('ibm', 'gnucobol', 'gnucobol-ibm', 'microfocus'),
  library: fc.constantFrom(
    () => undefined,
    (name: string) => ({ name: `${name}.cpy`, text: member }),
  ),
})

test(`${RUNS} mutated texts: layouts or failures with codes, nothing else`, () => {
  let compiled = 0
  const property = fc.property(fc.oneof(mutated, soup, fc.string()), options, (text, asked) => {
    const { layouts, failures, notes } = compileCopybook({ name: 'FUZZ.cpy', text }, asked)
    for (const { code, place, excerpt } of failures) {
      expect(Object.keys(copybookErrors)).toContain(code)
      expect(place?.line).toBeGreaterThan(0)
      expect(place?.column).toBeGreaterThan(0)
      expect(excerpt).toContain('^')
    }
    for (const { place } of notes) expect(place.line).toBeGreaterThan(0)
    expect(layouts.length === 0).toBe(failures.length > 0)
    for (const layout of layouts) {
      compiled++
      expect(layoutTable(layout)).toContain('level')
      expect(layoutTree(layout).length).toBeGreaterThan(0)
      expect(layout.minimumLength).toBeLessThanOrEqual(layout.maximumLength)
    }
  })
  fc.assert(property, { numRuns: RUNS })
  process.stderr.write(`fuzz: ${RUNS} texts, ${compiled} records compiled\n`)
})

const many = 100_000
test.each([
  ['words without a period', 'A '.repeat(many)],
  ['unknown clauses', `01 R ${'FOO SYNC '.repeat(many)}`],
  ['entries without a group', '77 A PIC X. 05 B PIC X.\n'.repeat(many / 10)],
  ['redefinitions of one item', `01 R.\n05 A PIC X.\n${'05 B REDEFINES A PIC X.\n'.repeat(many / 10)}`],
  [
    'redefinitions of a wide group',
    `01 R.\n05 A.\n${'10 C PIC X.\n'.repeat(9999)}${'05 B REDEFINES A PIC X.\n'.repeat(9999)}`,
  ],
  ['counters of one name', `01 R.\n${'05 G.\n10 C PIC 9.\n10 T OCCURS 1 TO 3 DEPENDING ON C PIC X.\n'.repeat(9999)}`],
  ['renamings', `01 R.\n${'05 A PIC X.\n'.repeat(9999)}${'66 B RENAMES A.\n'.repeat(9999)}`],
  ['continuation lines', `       01 A PIC X VALUE "${'X\n      -    "'.repeat(many / 10)}`],
  ['EXEC words in a text about a program', `ID DIVISION. ${'EXEC '.repeat(many)}`],
  ['EXEC words of a program', `PROCEDURE DIVISION. ${'EXEC COPY '.repeat(many)}`],
  ['headers', 'DATA DIVISION.\nWORKING-STORAGE SECTION.\nPROCEDURE DIVISION.\n'.repeat(many / 10)],
  ['records of missing members', '01 R. COPY DOUBLE.\n'.repeat(many / 10)],
  ['literals that go on', `01 A PIC X VALUE 'A'-\n${"'A'-\n".repeat(many / 10)}`],
  ['parentheses of a constant', `78 N VALUE ${'( '.repeat(many)}`],
  ['lengths', `01 R.\n${'05 A PIC X.\n'.repeat(9999)}${'78 N VALUE LENGTH OF R.\n'.repeat(9999)}`],
  ['process statements', 'CBL DEFINE(A=1),LIST\n'.repeat(many / 10)],
  [
    'counters outside',
    `${'01 H. 05 N PIC 9.\n'.repeat(4999)}${'01 R. 05 T PIC X OCCURS 1 TO 3 DEPENDING ON N OF H.\n'.repeat(4999)}`,
  ],
  ['EXEC blocks', 'EXEC SQL END-EXEC '.repeat(many)],
  ['a REPLACE that doubles', `REPLACE ==A== BY ==${'A '.repeat(1000)}==. ${'A '.repeat(many)}`],
  ['a pattern of equal words', `REPLACE ==${'A '.repeat(many)}B== BY ==C==. ${'A '.repeat(many)}`],
  ['directives in each other', `${'>>IF 1 = 1\n'.repeat(many)}${'>>END-IF\n'.repeat(many)}`],
  ['a condition of many', `>>IF ${'1 = 1 AND '.repeat(many)}1 = 1\n01 A PIC X.\n>>END-IF`],
  ['a sum of many', `>>IF ${'1 + '.repeat(many)}1 = 1\n>>END-IF\n01 A PIC X.`],
  ['signs and negations', `>>IF ${'NOT '.repeat(many)} ${'- '.repeat(many)}1 = 1\n>>END-IF\n01 A PIC X.`],
  ['a product of many', `>>IF ${'9999999 * '.repeat(many)}1 = 1\n>>END-IF`],
  ['parentheses', `>>IF ${'( '.repeat(many)}`],
  ['definitions', '>>DEFINE A AS 1\n>>DEFINE A OFF\n'.repeat(many)],
  ['members that copy themselves twice', 'COPY DOUBLE. COPY DOUBLE.'],
  [
    'nested tables of a billion',
    `01 R.\n${[2, 3, 4, 5, 6, 7].map((level) => `0${level} L OCCURS 999999999.\n`).join('')}08 A PIC X.`,
  ],
  ['pictures of a billion', '05 A PIC X(999999999)9(999999999)X(999999999).\n'.repeat(1000)],
  ['a long picture', `01 A PIC ${'9X'.repeat(many)}.`],
  ['one line of a megabyte', `01 A${' '.repeat(1_000_000)}PIC Q.`],
  ['open quotes', `01 A VALUE ${"'\n".repeat(many)}`],
  ['conditions', `01 A PIC X.\n${'88 B VALUE 1 THRU 2, 3.\n'.repeat(many / 10)}`],
])('%s: bounded', (_, text) => {
  let copies = 0
  const library = (name: string) => ({ name: `${name}${copies++}`, text: 'COPY DOUBLE. COPY DOUBLE. 05 A PIC X.' })
  for (const format of ['free', 'fixed'] as const) {
    const { failures, layouts } = compileCopybook({ name: 'HOSTILE.cpy', text }, { format, library })
    expect(failures.length).toBeLessThanOrEqual(101)
    expect(failures.length + layouts.length).toBeGreaterThan(0)
  }
})
