// Copybooks in EBCDIC, fetched in binary: recognised, and read like those that were translated.

import { describe, expect, test } from '@jest/globals'
import { compileCopybook } from '../../../src/cobol/compile.ts'
import { layoutTable } from '../../../src/cobol/describe-layout.ts'
import { ebcdicLines, isEbcdic } from '../../../src/cobol/text/ebcdic-text.ts'
import { codePage } from '../../../src/codepage/code-page.ts'

const lines = [
  '       01  PARTY.',
  '      * THE NAME, PADDED; TAX OF 1,000.00 AND 100 %',
  "           05  PARTY-NAME            PIC X(6) VALUE 'A-B/C'.",
  '           05  PARTY-TAX             PIC $$,$$9.99- OCCURS 2 TIMES.',
]
const inPage = (page: string, text: string) => Buffer.from(codePage(page).encode(text)).toString('latin1')
const cards = (page: string) => lines.map((line) => inPage(page, line.padEnd(80))).join('')
const compiled = (text: string) => compileCopybook({ name: 'PARTY.cpy', text })

describe('cards and lines of EBCDIC', () => {
  const [plain] = compiled(lines.join('\n')).layouts
  test.each([
    ['cards', cards('cp037')],
    ['cards of another page', cards('cp273')],
    ['lines with NL', lines.map((line) => inPage('cp1047', line)).join('\u0015')],
    ['lines with LF', lines.map((line) => inPage('cp037', line)).join('\u0025')],
    ['lines with CR and LF', lines.map((line) => inPage('cp037', line)).join('\r\u0025')],
  ])('%s', (_, text) => {
    const { layouts, failures, notes } = compiled(text)
    expect(failures).toEqual([])
    expect(layouts.map(layoutTable)).toEqual([plain && layoutTable(plain)])
    expect(notes.map(({ message }) => message)).toEqual(['the text is EBCDIC, fetched in binary: read as such'])
  })

  test('members too', () => {
    const library = () => ({ name: 'PART.cpy', text: inPage('cp037', '           05  A PIC X(4).'.padEnd(80)) })
    const { layouts, failures } = compileCopybook(
      { name: 'R', text: '       01 R.\n           COPY PART.' },
      { library },
    )
    expect(failures).toEqual([])
    expect(layouts[0]?.maximumLength).toBe(4)
  })

  test('a comment may hold any character, the text only those of all pages', () => {
    const comment = [...lines, '      * für [alle]'].map((line) => inPage('cp273', line.padEnd(80))).join('')
    expect(compiled(comment).failures).toEqual([])
    const value = [...lines, "           05  Z PIC X VALUE '['."]
      .map((line) => inPage('cp037', line.padEnd(80)))
      .join('')
    expect(compiled(value).failures.map(({ code, place }) => `${code} ${place?.line}`)).toEqual(['COPYBOOK_EBCDIC 5'])
  })
})

test.each([
  ['', false],
  ['       01  A PIC X.', false],
  ['\t01\tA\tPIC\tX.\n\t05\tB\tPIC\tX.', false],
  ['@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@', true],
  ['x@example.com,y@example.com', false],
])('%j is EBCDIC: %s', (text, expected) => {
  expect(isEbcdic(text)).toBe(expected)
})

test('every character of COBOL is translated', () => {
  const all = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .<(+&$*);-/,%_>?:'="`
  expect(ebcdicLines(inPage('cp500', all))).toEqual([all.slice(0, 80), all.slice(80)])
})
