// The whole compiler on the copybooks that ship with the product, and on whole programs.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { compileCopybook } from '../../src/cobol/compile.ts'
import type { Layout } from '../../src/cobol/layout.ts'
import type { Library } from '../../src/cobol/options.ts'

const folder = new URL('../../copybooks/deposits/', import.meta.url)
const library: Library = (member) => {
  const url = new URL(`${member}.cpy`, folder)
  return existsSync(url) ? { name: `deposits/${member}.cpy`, text: readFileSync(url, 'utf8') } : undefined
}

function compiled(file: string) {
  return compileCopybook({ name: `deposits/${file}`, text: readFileSync(new URL(file, folder), 'utf8') }, { library })
}

/** Records of a text in free format. */
function compile(text: string): readonly Layout[] {
  const { layouts, failures } = compileCopybook({ name: 'T', text }, { format: 'free' })
  expect(failures.map(({ message }) => message)).toEqual([])
  return layouts
}

describe('the copybooks of the example bank', () => {
  const records = readdirSync(folder).filter((file) => file !== 'ENTRY.cpy')

  test.each(records)('%s compiles to one record', (file) => {
    const { layouts, failures } = compiled(file)
    expect(failures).toEqual([])
    expect(layouts).toHaveLength(1)
  })

  test('a member that needs REPLACING says so, once', () => {
    const { layouts, failures } = compiled('ENTRY.cpy')
    expect(layouts.map(({ name }) => name)).toEqual([])
    expect(failures.map(({ code }) => code)).toEqual(['TAG_NOT_REPLACED'])
  })

  test('LSTENT: the tag of the copied entry is replaced, the table depends on its counter', () => {
    const layout = compiled('LSTENT.cpy').layouts[0]
    const table = layout?.root.children[1]?.children[2]
    expect(table?.children.map(({ name }) => name)).toContain('LE-ENTRY-NUMBER')
    expect(table?.occurs).toMatchObject({ minimum: 0, maximum: 50, counter: { name: 'LE-ENTRY-COUNT' } })
    expect(layout).toMatchObject({ minimumLength: 18, maximumLength: 18 + 50 * 86 })
  })
})

describe('whole programs', () => {
  test('the data divisions are taken, SPECIAL-NAMES are obeyed, screens are passed by', () => {
    const text = `IDENTIFICATION DIVISION. PROGRAM-ID. P. AUTHOR. O'BRIEN.
ENVIRONMENT DIVISION. SPECIAL-NAMES. CURRENCY SIGN IS 'EUR' WITH PICTURE SYMBOL 'W' DECIMAL-POINT IS COMMA.
DATA DIVISION. FILE SECTION. FD F RECORD CONTAINS 80. 01 F-REC. 05 A PIC WZ.ZZ9,99.
SCREEN SECTION. 01 S. 05 LINE 1 COLUMN 2 VALUE 'X'.
WORKING-STORAGE SECTION. 01 W PIC 9(3).
PROCEDURE DIVISION. COPY NOWHERE. STOP RUN.
ID DIVISION. PROGRAM-ID. Q. ENVIRONMENT DIVISION. SPECIAL-NAMES. CURRENCY SIGN. DECIMAL-POINT. DATA DIVISION. LINKAGE SECTION. 01 L PIC X.
PROCEDURE DIVISION USING L.`
    const layouts = compile(text)
    expect(layouts.map(({ name, maximumLength }) => `${name} ${maximumLength}`)).toEqual(['F-REC 11', 'W 3', 'L 1'])
    expect(layouts[0]?.root.children[0]?.picture).toMatchObject({ digits: 6, scale: 2 })
    expect(layouts[0]?.options).toMatchObject({ currencySign: 'EUR', currencySymbol: 'W', decimalPointIsComma: true })
  })
  test.each(['PROGRAM', 'FUNCTION', 'METHOD'])(
    'a data division ends with END %s, where no procedure division follows',
    (what) => {
      const text = `PROGRAM-ID. P.\nDATA DIVISION.\nWORKING-STORAGE SECTION.\n01 A.\n 05 END-DATE PIC X(8).\nEND ${what} P.
PROGRAM-ID. Q.\nREMARKS. 01 B PIC X.\nWORKING-STORAGE SECTION.\n01 C PIC X.\nEND ${what} Q.`
      expect(compile(text).map(({ name, maximumLength }) => `${name} ${maximumLength}`)).toEqual(['A 8', 'C 1'])
    },
  )
  test('CURRENCY SIGN in hexadecimal is told', () => {
    const text = "ENVIRONMENT DIVISION. SPECIAL-NAMES. CURRENCY IS X'9F'. DATA DIVISION. 01 A PIC $9."
    const { layouts, notes } = compileCopybook({ name: 'T', text }, { format: 'free' })
    expect(layouts[0]?.options.currencySign).toBe('$')
    expect(notes.map(({ message }) => message.split(':')[0])).toEqual(['a CURRENCY SIGN in hexadecimal is not read'])
  })
  test('CURRENCY SIGN without a symbol', () => {
    const text = "ENVIRONMENT DIVISION. SPECIAL-NAMES. CURRENCY IS '£'. DATA DIVISION. 01 A PIC £9."
    expect(compile(text)[0]?.maximumLength).toBe(2)
  })
})
