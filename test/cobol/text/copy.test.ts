// COPY and REPLACE: which words come out, and which file, line and column they are said to stand at.

import { describe, expect, test } from '@jest/globals'
import { collectMistakes } from '../../../src/cobol/mistakes.ts'
import { type Library, resolveOptions } from '../../../src/cobol/options.ts'
import { expand, memberName } from '../../../src/cobol/text/copy.ts'

function expanded(text: string, members: Readonly<Record<string, string>> = {}) {
  const library: Library = (member, from) => {
    const key = from === undefined ? member : `${from}/${member}`
    const found = members[key]
    return found === undefined ? undefined : { name: `${key}.cpy`, text: found }
  }
  const options = resolveOptions({ format: 'free', library })
  const mistakes = collectMistakes(10)
  const { words } = expand({ name: 'T', text }, options, mistakes)
  const { failures, notes } = mistakes
  return {
    words,
    text: words
      .map((word) => (word.spaced ? ' ' : '') + word.text)
      .join('')
      .trim(),
    failures,
    notes,
  }
}

describe('COPY', () => {
  test.each<[string, string, string, string]>([
    ['plain', 'COPY M.', '05 A PIC X.', '05 A PIC X.'],
    ['a literal name', "COPY 'M'.", '05 A.', '05 A.'],
    ['SUPPRESS', 'COPY M SUPPRESS.', '05 A.', '05 A.'],
    ['Panvalet', '++INCLUDE M\n05 B.', '05 A.', '05 A. 05 B.'],
    ['pseudo-text', 'COPY M REPLACING ==PIC X== BY ==PIC  9(3)==.', '05 A PIC\n   X.', '05 A PIC 9(3).'],
    ['a word', 'COPY M REPLACING A BY B.', '05 A. 05 AA.', '05 B. 05 AA.'],
    ['a literal', "COPY M REPLACING 'X' BY 'Y'.", "05 A VALUE 'X'.", '05 A VALUE Y.'],
    ['an identifier', 'COPY M REPLACING A OF B BY C(1).', '05 T REDEFINES A OF B.', '05 T REDEFINES C(1).'],
    [
      'a tag in colons',
      'COPY M REPLACING ==:TAG:== BY ==ACC==.',
      '05 :TAG:-ID. 05 X-:tag:-Y.',
      '05 ACC-ID. 05 X-ACC-Y.',
    ],
    ['a tag in parentheses', 'COPY M REPLACING ==(TAG)== BY ==ACC==.', '05 (TAG)-ID.', '05 ACC-ID.'],
    ['a repeat in a picture', 'COPY M REPLACING ==:N:== BY ==10==.', '05 A PIC X(:N:).', '05 A PIC X(10).'],
    ['LEADING', 'COPY M REPLACING LEADING ==WS-== BY ==LS-==.', '05 WS-A. 05 A-WS-.', '05 LS-A. 05 A-WS-.'],
    ['TRAILING', 'COPY M REPLACING TRAILING ==-IN== BY ==-OUT==.', '05 A-IN. 05 IN-A.', '05 A-OUT. 05 IN-A.'],
    ['TRAILING by nothing', 'COPY M REPLACING TRAILING ==-IN== BY ====.', '05 A-IN.', '05 A.'],
    ['LEADING takes whole words away', 'COPY M REPLACING LEADING ==A== BY ====.', '05 A B.', '05 B.'],
    ['nothing', 'COPY M REPLACING ==VALUE 1== BY ====.', '05 A PIC 9 VALUE 1.', '05 A PIC 9 .'],
    ['nothing before a word', 'COPY M REPLACING ==:T:== BY ====.', '05 :T:A.', '05 A.'],
    ['the first that matches', 'COPY M REPLACING ==A== BY ==B== ==B== BY ==C==.', '05 A. 05 B.', '05 B. 05 C.'],
    [
      'operands that begin alike',
      'COPY M REPLACING ==A B== BY ==C== ==A== BY ==D==.',
      '05 A B PIC X. 05 A PIC X.',
      '05 C PIC X. 05 D PIC X.',
    ],
    ['several words for one', 'COPY M REPLACING ==A== BY ==B PIC X. 05 C==.', '05 A PIC X.', '05 B PIC X. 05 C PIC X.'],
  ])('%s', (_, copy, member, result) => {
    const { text, failures } = expanded(copy, { M: member })
    expect(failures).toEqual([])
    expect(text).toBe(result)
  })

  test('nested, with REPLACING on both levels, from a library', () => {
    const members = {
      'LIB/OUTER': 'COPY INNER REPLACING ==:I:== BY ==:O:==. 05 :O:-B.',
      INNER: '10 :I:-A.',
    }
    expect(expanded('COPY OUTER OF LIB REPLACING ==:O:== BY ==Z==.', members).text).toBe('10 Z-A. 05 Z-B.')
  })

  test('the same member may be copied twice', () => {
    expect(expanded('COPY M. COPY M.', { M: 'A' }).text).toBe('A A')
  })

  test('words keep the place where they were written, also when one word of them is replaced', () => {
    const { words } = expanded('COPY M REPLACING ==:T:== BY ==X==\n  ==Q== BY ==R S==.', { M: '05\n :T:-A Q.' })
    expect(words.map(({ text, origin, line, column }) => `${text} ${origin.source.name}:${line}:${column}`)).toEqual([
      '05 M.cpy:1:1',
      'X-A M.cpy:2:2',
      'R T:2:14',
      'S T:2:16',
      '. M.cpy:2:9',
    ])
  })

  test('an operand that matches nothing is noted', () => {
    expect(
      expanded('COPY M REPLACING ==WS- X== BY ==B==.', { M: '05 WS-A.' }).notes.map(({ message }) => message),
    ).toEqual(["nothing to replace: 'WS- X' does not occur (LEADING ==WS- X== replaces the start of words)"])
  })
})

describe('REPLACE', () => {
  test.each([
    ['until OFF', 'REPLACE ==A== BY ==B==. A A REPLACE OFF. A', 'B B A'],
    ['until the next', 'REPLACE ==A== BY ==B==. A REPLACE ==A== BY ==C==. A', 'B C'],
    ['ALSO', 'REPLACE ==A== BY ==B==. REPLACE ALSO ==X== BY ==Y==. A X REPLACE LAST OFF. A', 'B Y A'],
    ['in copied text', 'REPLACE ==A== BY ==B==. COPY M.', 'B'],
  ])('%s', (_, text, result) => {
    expect(expanded(text, { M: 'A' }).text).toBe(result)
  })
})

describe('EXEC SQL INCLUDE copies as COPY does', () => {
  test.each<[string, string, string]>([
    ['inside of a record', '01 R. 05 A. EXEC SQL INCLUDE M END-EXEC. 05 C.', '01 R. 05 A. 10 B. 05 C.'],
    ['without a period', '01 R. 05 A.\nEXEC SQL\n INCLUDE M\nEND-EXEC\n05 C.', '01 R. 05 A. 10 B. 05 C.'],
    ['EXECUTE', 'EXECUTE SQL INCLUDE M END-EXEC.', '10 B.'],
    ['a literal name', "EXEC SQL INCLUDE 'M' END-EXEC.", '10 B.'],
    ['a member that includes', 'EXEC SQL INCLUDE OUTER END-EXEC.', '05 A. 10 B.'],
  ])('%s', (_, text, result) => {
    const members = { M: '10 B.', OUTER: '05 A. EXEC SQL INCLUDE M END-EXEC.' }
    const found = expanded(text, members)
    expect(found.failures).toEqual([])
    expect(found.text).toBe(result)
  })

  test('REPLACE holds for what it copies', () => {
    expect(expanded('REPLACE ==B== BY ==Z==. EXEC SQL INCLUDE M END-EXEC.', { M: '10 B.' }).text).toBe('10 Z.')
  })

  test.each(['SQLCA', 'sqlca', 'SQLDA'])('%s of Db2 is known; a member of the library counts before it', (name) => {
    const include = `EXEC SQL INCLUDE ${name} END-EXEC.`
    expect(expanded(include).text).toMatch(/^01 SQL[CD]A\. 05 SQL[CD]AID PIC X\(8\)\./)
    expect(expanded(include, { [name]: '01 OWN.' }).text).toBe('01 OWN.')
  })
})

test('other EXEC blocks are skipped with a note', () => {
  const { text, notes } = expanded(
    'EXEC SQL DECLARE T TABLE ( A CHAR(1) ) END-EXEC. 01 A. EXECUTE SQL INCLUDE END-EXEC\n05 C.',
  )
  expect(text).toBe('01 A. 05 C.')
  expect(notes.map(({ message }) => message)).toEqual([
    'EXEC SQL DECLARE is skipped: it describes no record',
    'EXEC SQL INCLUDE is skipped: it describes no record',
  ])
})

test.each([
  ['deposits/INQACC.cpy', 'INQACC'],
  ['c:\\books\\a.b.cbl', 'A.B'],
  ['entry', 'ENTRY'],
  ['.hidden', '.HIDDEN'],
])('the member of %s is %s', (name, member) => {
  expect(memberName(name)).toBe(member)
})
