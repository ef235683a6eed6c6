// A mistake refuses the records that it spoils, and no other: which layouts, failures and notes there are for what is asked for.

import { describe, expect, test } from '@jest/globals'
import { type CompiledCopybook, compileCopybook } from '../../src/cobol/compile.ts'
import { layoutTable } from '../../src/cobol/describe-layout.ts'
import { fc } from '../support/property.ts'

const library = (member: string) => (member === 'TAGGED' ? { name: 'TAGGED.cpy', text: '05 :T:-A PIC X.' } : undefined)

const compile = (text: string, records?: readonly string[]) =>
  compileCopybook({ name: 'TEST.cpy', text }, { format: 'free', library, records })

const summary = ({ layouts, failures, notes }: CompiledCopybook) => ({
  layouts: layouts.map(({ name }) => name),
  failures: failures.map(({ code }) => code),
  notes: notes.map(({ message }) => message),
})

const good = '01 GOOD.\n 05 A PIC X(4).\n'
const bad = '01 BAD.\n 05 A PIC Q.\n'

describe('one of several records', () => {
  test.each([
    ['a mistake before it', `${bad}${good}`],
    ['a mistake behind it', `${good}${bad}`],
    ['a level 01 that cannot be read', `${good}01 BAD-.\n 05 B PIC X.\n 88 C VALUE 1.\n66 D RENAMES B.\n`],
    ['a level 77 that cannot be read', `77 BAD- PIC X.\n${good}`],
    ['a counter that is nowhere', `01 BAD. 05 B PIC X OCCURS 1 TO 5 DEPENDING ON NOWHERE.\n${good}`],
    ['a redefinition of another record that is nowhere', `${good}01 BAD REDEFINES NOWHERE PIC X.\n`],
    ['a member of another record', `01 BAD. COPY NOWHERE.\n${good}`],
    ['a member inside of an entry of another record', `01 BAD. 05 B PIC X COPY NOWHERE.\n${good}`],
    ['a member of records of its own', `WORKING-STORAGE SECTION. COPY NOWHERE.\n${good}`],
    ['tags in other records', `01 B. COPY TAGGED.\n01 C. COPY TAGGED.\n${good}`],
    ['an entry that is none', `01 BAD. HELLO WORLD. 05 B PIC X.\n${good}`],
  ])('%s', (_, text) => {
    expect(summary(compile(text, ['good'])).layouts).toContain('GOOD')
    expect(summary(compile(text, ['good'])).failures).toEqual([])
    expect(summary(compile(text)).layouts).toEqual([])
    expect(summary(compile(text)).failures).not.toEqual([])
  })

  test.each([
    ['its own mistake', `${good} 05 B PIC Q.\n01 BAD. 05 C PIC Q.`, ['PICTURE_CHARACTER_UNKNOWN'], 1],
    ['a member that may go on with it', `${good} COPY NOWHERE.\n${bad}`, ['COPY_MEMBER_NOT_FOUND'], 1],
    ['a constant that it cannot have', `${good} 05 B PIC X OCCURS N.\n${bad}`, ['CONSTANT_UNKNOWN'], 1],
    ['a constant that may be another', `78 N VALUE 1.\n78 N VALUE 2.\n${good}`, ['NAME_DUPLICATE'], 0],
    ['conditional compilation', `>>IF X\n>>END-IF\n${good}`, ['DIRECTIVE_VARIABLE_UNKNOWN'], 0],
    ['an item below a level 77', `05 A PIC X.\n77 B PIC X.\n05 C PIC X.\n${good}`, ['LEVEL_MISPLACED'], 0],
    ['a record that is not there', bad, ['PICTURE_CHARACTER_UNKNOWN'], 0],
    ['a tag, which another record has as well', `01 B. COPY TAGGED.\n${good} COPY TAGGED.`, ['TAG_NOT_REPLACED'], 1],
  ] as const)('is refused for %s', (_, text, failures, others) => {
    const found = summary(compile(text, ['GOOD']))
    expect(found.failures).toEqual(failures)
    expect(found.layouts).toEqual([])
    expect(found.notes).toHaveLength(others)
  })

  test('notes tell what was left out, and why', () => {
    expect(summary(compile(`${bad}01 MORE. COPY NOWHERE.\n${good}`, ['GOOD']))).toEqual({
      layouts: ['GOOD'],
      failures: [],
      notes: [
        "BAD left out: picture character 'Q' is not known (PICTURE_CHARACTER_UNKNOWN)",
        'MORE left out: member NOWHERE is not found (COPY_MEMBER_NOT_FOUND)',
      ],
    })
  })

  test('too many mistakes refuse everything: the text is not read to its end', () => {
    const text = `${good}01 BAD.\n${' 05 B PIC Q.\n'.repeat(3)}`
    const { layouts, failures } = compileCopybook(
      { name: 'T', text },
      { format: 'free', records: ['GOOD'], limits: { mistakes: 2 } },
    )
    expect(layouts.map(({ name }) => name)).toEqual([])
    expect(failures.map(({ code }) => code)).toEqual(['MISTAKES_TOO_MANY'])
  })
})

describe('members that only the mainframe has', () => {
  test.each(['DFHAID', 'DFHBMSCA', 'CMQV', 'CEEIGZCT'])('%s between the records is noted', (member) => {
    const text = `WORKING-STORAGE SECTION. COPY ${member}.\n${good}`
    expect(summary(compile(text))).toEqual({
      layouts: ['GOOD'],
      failures: [],
      notes: [`member ${member} is not found: it describes no record that is shown here`],
    })
  })
  test('in the environment division one is noted, as it holds no SPECIAL-NAMES', () => {
    const text = `ENVIRONMENT DIVISION. COPY DFHXYZ.\nDATA DIVISION.\n${good}`
    expect(summary(compile(text))).toMatchObject({
      layouts: ['GOOD'],
      notes: ['member DFHXYZ is not found: it describes no record here'],
    })
  })
  test('DFHAID begins a record of its own; what might go on with a record leaves that out', () => {
    expect(summary(compile(`${good}COPY DFHAID.\n01 OTHER PIC X.`)).layouts).toEqual(['GOOD', 'OTHER'])
    expect(summary(compile(`${good}COPY CMQODV.\n01 OTHER PIC X.`)).layouts).toEqual(['OTHER'])
  })
  test('a record that is asked for needs them, and so does a text of nothing else', () => {
    const text = '01 MQOD. COPY CMQODV.\n'
    expect(summary(compile(`${text}${good}`, ['MQOD'])).failures).toEqual(['COPY_MEMBER_NOT_FOUND'])
    expect(summary(compile(text)).failures).toEqual(['COPY_MEMBER_NOT_FOUND'])
  })
  test('their absence hides no other mistake', () => {
    expect(summary(compile(`01 MQOD. COPY CMQODV.\n${bad}${good}`))).toMatchObject({
      layouts: [],
      failures: ['COPY_MEMBER_NOT_FOUND', 'PICTURE_CHARACTER_UNKNOWN'],
    })
    expect(summary(compile('01 MQOD. COPY CMQODV. 05 B PIC Q.\n01 OTHER PIC X.')).failures).toContain(
      'PICTURE_CHARACTER_UNKNOWN',
    )
  })
})

describe('items that are as long as what the program is given', () => {
  test.each(['01 TEXT-GIVEN PIC X ANY LENGTH.', '01 TEXT-GIVEN DYNAMIC LENGTH PIC X.'])('%s is left out', (text) => {
    expect(summary(compile(`${good}${text}\n01 OTHER PIC X.`))).toMatchObject({
      layouts: ['GOOD', 'OTHER'],
      failures: [],
      notes: [expect.stringMatching(/^TEXT-GIVEN left out: (?:ANY|DYNAMIC) has no fixed storage/)],
    })
    expect(summary(compile(`${good}${text}`, ['TEXT-GIVEN'])).failures).toEqual(['CLAUSE_UNSUPPORTED'])
    expect(summary(compile(text)).failures).toEqual(['CLAUSE_UNSUPPORTED'])
  })
})

const piece = fc.constantFrom<string>(
  ' 05 A PIC X(3).',
  ' 05 B PIC S9(4) COMP SYNC.',
  ' 05 G.\n  10 H PIC 9 OCCURS 3.',
  ' 05 N PIC 9.\n 05 T PIC X OCCURS 1 TO 5 DEPENDING ON N.',
  " 88 C VALUE 'A' THRU 'Z'.",
)
const broken = fc.constantFrom<string>(
  ' 05 A PIC Q.',
  ' 05 A-.',
  ' 05',
  ' 99 A PIC X.',
  ' COPY NOWHERE.',
  ' COPY TAGGED.',
  ' HELLO WORLD',
  ' 05 A PIC X(3)',
  ' 05 A REDEFINES Z PIC X.',
  ' 05 A PIC X OCCURS 0 TIMES.',
  " 05 A PIC X VALUE 'open.",
  ' 05 FILLER',
)

test('whatever is wrong in one record, the others have the layout that they have alone, or none', () => {
  const record = fc.array(piece, { minLength: 1, maxLength: 4 })
  const property = fc.property(record, record, record, broken, fc.nat(), (first, second, third, wrong, at) => {
    const text = (name: string, pieces: readonly string[]) => [`01 ${name}.`, ' 05 Z1 PIC X.', ...pieces].join('\n')
    const spoiled = second.toSpliced(at % (second.length + 1), 0, wrong)
    const whole = [text('FIRST', first), text('SECOND', spoiled), text('THIRD', third)].join('\n')
    for (const [name, pieces] of [
      ['FIRST', first],
      ['THIRD', third],
    ] as const) {
      const [alone] = compile(text(name, pieces)).layouts
      const { layouts, failures } = compile(whole, [name])
      const found = layouts.find((layout) => layout.name === name)
      expect(found === undefined).toBe(failures.length > 0)
      if (found && alone) expect(layoutTable(found)).toBe(layoutTable(alone))
    }
    expect(compile(whole, ['SECOND']).failures).not.toEqual([])
  })
  fc.assert(property, { numRuns: 500 })
})
