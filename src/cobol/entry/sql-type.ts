// SQL TYPE IS …: the host variables that Db2's precompiler and coprocessor put into a program (Db2 for z/OS and for i, Embedded SQL programming:
// LOB, ROWID and binary host variables in COBOL).
//
//   05 DOC USAGE IS SQL TYPE IS CLOB(30K).      05 DOC.  49 DOC-LENGTH PIC S9(9) COMP-5.  49 DOC-DATA PIC X(30720).

import type { Usage } from '../layout.ts'
import type { EntryPart } from './entry.ts'
import { type EntryReader, peek, take, takeName } from './reader.ts'

/** What a SQL type is in COBOL: an item of a picture, or a group of parts. */
export interface SqlType {
  readonly usage: Usage
  readonly picture?: string
  readonly parts?: readonly EntryPart[]
}

/** Reads from behind the word SQL. Undefined for a type that is not known: then nothing is taken. */
export function readSqlType(reader: EntryReader): SqlType | undefined {
  const { at } = reader
  take(reader, 'TYPE')
  take(reader, 'IS')
  if (take(reader, 'XML')) take(reader, 'AS')
  const type = readNamed(reader)
  if (type === undefined) reader.at = at
  return type
}

const fullword: SqlType = { usage: 'COMP-5', picture: 'S9(9)' }
const part = (suffix: string, picture: string, usage: Usage = 'DISPLAY'): EntryPart => ({ suffix, picture, usage })
const counted = (most: number): SqlType => ({
  usage: 'DISPLAY',
  parts: [part('-LEN', 'S9(4)', 'COMP-5'), part('-TEXT', `X(${most})`)],
})
const fileReference: SqlType = {
  usage: 'DISPLAY',
  parts: [
    part('-NAME-LENGTH', 'S9(9)', 'COMP-5'),
    part('-DATA-LENGTH', 'S9(9)', 'COMP-5'),
    part('-FILE-OPTION', 'S9(9)', 'COMP-5'),
    part('-NAME', 'X(255)'),
  ],
}

function readNamed(reader: EntryReader): SqlType | undefined {
  const word = peek(reader)
  if (word?.kind !== 'run') return undefined
  reader.at++
  if (/^(?:RESULT-SET|[BC]LOB|DBCLOB|TABLE)-LOCATOR$/.test(word.key)) {
    take(reader, 'VARYING')
    return fullword
  }
  if (/^(?:[BC]LOB|DBCLOB)-FILE$/.test(word.key)) return fileReference
  switch (word.key) {
    case 'ROWID':
      return counted(40)
    case 'TABLE':
      return readTableLocator(reader)
    case 'BLOB':
    case 'CLOB':
    case 'DBCLOB':
      return readLarge(reader, word.key === 'DBCLOB')
    case 'CHAR':
    case 'CHARACTER':
      return take(reader, 'LARGE') && take(reader, 'OBJECT') && readLarge(reader, false)
    case 'VARBINARY':
      return readVarying(reader)
    case 'BINARY':
      return readBinary(reader)
    default:
      return undefined
  }
}

/** `TABLE LIKE name AS LOCATOR`. */
function readTableLocator(reader: EntryReader): SqlType | undefined {
  if (!take(reader, 'LIKE')) return undefined
  if (peek(reader)?.kind === 'literal') reader.at++
  else if (takeName(reader) === undefined) return undefined
  return take(reader, 'AS') && take(reader, 'LOCATOR') ? fullword : undefined
}

function readLarge(reader: EntryReader, isGraphic: boolean): SqlType | undefined {
  const most = readSize(reader)
  if (most === undefined) return undefined
  const data = isGraphic ? part('-DATA', `G(${most})`, 'DISPLAY-1') : part('-DATA', `X(${most})`)
  return { usage: 'DISPLAY', parts: [part('-LENGTH', 'S9(9)', 'COMP-5'), data] }
}

function readVarying(reader: EntryReader): SqlType | undefined {
  const most = readSize(reader)
  return most === undefined ? undefined : counted(most)
}

/** `BINARY(n)`, `BINARY VARYING(n)`, `BINARY LARGE OBJECT(n)`. */
function readBinary(reader: EntryReader): SqlType | undefined {
  if (take(reader, 'VARYING')) return readVarying(reader)
  if (take(reader, 'LARGE')) return take(reader, 'OBJECT') && readLarge(reader, false)
  const most = readSize(reader)
  return most === undefined ? undefined : { usage: 'DISPLAY', picture: `X(${most})` }
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }

/** `(80000)`, `(30K)`, `(2 M)`. */
function readSize(reader: EntryReader): number | undefined {
  if (peek(reader)?.key !== '(') return undefined
  reader.at++
  const [, digits, unit = ''] = /^(\d{1,10})([KMG]?)$/.exec(peek(reader)?.key ?? '') ?? []
  if (digits === undefined) return undefined
  reader.at++
  const own = unit === '' ? (take(reader, 'K', 'M', 'G')?.key ?? '') : unit
  if (peek(reader)?.key !== ')') return undefined
  reader.at++
  return Number(digits) * (UNITS[own] ?? 1)
}
