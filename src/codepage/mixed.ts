// Mixed pages: single bytes, and between SO (X'0E') and SI (X'0F') runs of two bytes a character.
//
//   C1 0E 458F 0F C2      A国B in 930, 939, 1390, 1399

import { failure } from '../error/failure.ts'
import { rows as japanese, moreRows as moreJapanese } from './double/japanese.ts'
import { rows as korean, moreRows as moreKorean } from './double/korean.ts'
import { moreRows as moreSimplified, rows as simplified } from './double/simplified-chinese.ts'
import { moreRows as moreTraditional, rows as traditional } from './double/traditional-chinese.ts'
import {
  characterLength,
  codeAt,
  type DoubleByteTable,
  doubleBytePage,
  doubleByteTable,
  textOfCode,
} from './double-byte.ts'
import { unitAt } from './element.ts'
import { type CodePage, shiftIn, shiftOut, unmapped } from './page.ts'
import { characterMissing, type SingleByteTable } from './single-byte.ts'

const singleSubstitute = 0x3f

/** Mixed page → the CCSID of its two-byte part. The rows are read when a page is asked for. */
const doubleParts: Readonly<Record<string, string>> = {
  '930': '300',
  '933': '834',
  '935': '837',
  '937': '835',
  '939': '300',
  '1364': '4930',
  '1371': '9027',
  '1388': '4933',
  '1390': '16684',
  '1399': '16684',
}

const doubleRows: Readonly<Record<string, readonly string[]>> = {
  '300': [japanese],
  '16684': [japanese, moreJapanese],
  '834': [korean],
  '4930': [korean, moreKorean],
  '837': [simplified],
  '4933': [simplified, moreSimplified],
  '835': [traditional],
  '9027': [traditional, moreTraditional],
}

const doubleTables = new Map<string, DoubleByteTable>()

function doubleTableOf(ccsid: string): DoubleByteTable {
  const known = doubleTables.get(ccsid)
  if (known) return known
  const table = doubleByteTable(doubleRows[ccsid] ?? [])
  doubleTables.set(ccsid, table)
  return table
}

/** Whether a page of this number is mixed. */
export function isMixedPage(ccsid: string): boolean {
  return Object.hasOwn(doubleParts, ccsid)
}

/** Numbers of all mixed pages. */
export function mixedPages(): readonly string[] {
  return Object.keys(doubleParts)
}

/** Both parts of a mixed page, and how it treats what it lacks. */
interface MixedTable {
  readonly name: string
  readonly single: SingleByteTable
  readonly double: DoubleByteTable
  readonly substitute: boolean
}

/** A page over its two parts. SO and SI are no characters: text that contains U+000E or U+000F cannot be written. */
export function mixedPage(name: string, ccsid: string, single: SingleByteTable, substitute: boolean): CodePage {
  const table = mixedTable(name, ccsid, single, substitute)
  return {
    name,
    kind: 'mixed',
    toUnicode: single.toUnicode,
    fromUnicode: (codePoint) => single.fromUnicode[codePoint] ?? -1,
    decode: (bytes, start = 0, end = bytes.length) => {
      const decoder = mixedDecoder(table)
      return decoder.write(bytes.subarray(start, end)) + decoder.end()
    },
    encode: (text) => mixedEncoder(table).write(text, true),
    double: doubleBytePage(`cp${doubleParts[ccsid]}`, table.double, substitute),
    pieces: { decoder: () => mixedDecoder(table), encoder: () => mixedEncoder(table) },
  }
}

/** Takes SO and SI out of the single-byte part and adds the two-byte part. */
function mixedTable(name: string, ccsid: string, single: SingleByteTable, substitute: boolean): MixedTable {
  for (const shift of [shiftOut, shiftIn]) {
    single.toUnicode[shift] = unmapped
    single.fromUnicode[shift] = -1
  }
  return { name, single, double: doubleTableOf(doubleParts[ccsid] ?? ''), substitute }
}

/** Decodes in pieces: a run or a character may be cut anywhere between two calls of `write`. */
function mixedDecoder(table: MixedTable): { write(bytes: Uint8Array): string; end(): string } {
  const { single, double, substitute } = table
  let inside = false
  let lead = -1
  let offset = 0
  const invalid = (problem: string, at = offset): string => {
    if (substitute) return '\ufffd'
    throw failure('CODE_PAGE_BYTES_INVALID', { codePage: table.name, offset: at, problem })
  }
  const shift = (byte: number): string => {
    const problem = inside === (byte === shiftOut) ? shiftProblem(byte) : undefined
    const half = lead >= 0
    lead = -1
    inside = byte === shiftOut
    if (half) return invalid('half a character before SI', offset - 1)
    return problem === undefined ? '' : invalid(problem)
  }
  const character = (byte: number): string => {
    if (!inside) {
      const unit = unitAt(single.toUnicode, byte)
      return unit === unmapped ? invalid('the page has no character for this byte') : String.fromCharCode(unit)
    }
    if (lead < 0) {
      lead = byte
      return ''
    }
    const text = textOfCode(double, (lead << 8) | byte)
    lead = -1
    return text ?? invalid('the page has no character for this code', offset - 1)
  }
  return {
    write: (bytes) => {
      const parts: string[] = []
      for (const byte of bytes) {
        parts.push(byte === shiftOut || byte === shiftIn ? shift(byte) : character(byte))
        offset++
      }
      return parts.join('')
    },
    end: () => (inside ? invalid(lead < 0 ? 'a run of two-byte characters without SI' : 'half a character') : ''),
  }
}

function shiftProblem(byte: number): string {
  return byte === shiftOut ? 'SO inside a run of two-byte characters' : 'SI without SO'
}

/** Encodes in pieces. What may go on in the next piece (half a surrogate pair, か before ゚) is held back until `last`. */
function mixedEncoder(table: MixedTable): { write(text: string, last: boolean): Uint8Array } {
  let inside = false
  let held = ''
  const write = (piece: string, last: boolean): Uint8Array => {
    const text = held + piece
    const bytes = new Uint8Array(text.length * 4 + 2)
    let length = 0
    let at = 0
    const shiftTo = (run: boolean): void => {
      if (run !== inside) bytes[length++] = run ? shiftOut : shiftIn
      inside = run
    }
    while (at < text.length && (last || text.length - at > 2)) {
      const { code, double, units } = mixedCodeAt(table, text, at)
      shiftTo(double)
      if (double) bytes[length++] = code >> 8
      bytes[length++] = code & 0xff
      at += units
    }
    held = text.slice(at)
    if (last) shiftTo(false)
    return bytes.subarray(0, length)
  }
  return { write }
}

/** One byte or one two-byte code for the character at a position. */
function mixedCodeAt(table: MixedTable, text: string, at: number): { code: number; double: boolean; units: number } {
  const found = codeAt(table.double, text, at)
  const byte = found.units > 1 ? -1 : unitAt(table.single.fromUnicode, text.charCodeAt(at))
  if (byte >= 0) return { code: byte, double: false, units: 1 }
  if (found.code !== 0) return { code: found.code, double: true, units: found.units }
  if (!table.substitute) throw characterMissing(table.name, text, at)
  return { code: singleSubstitute, double: false, units: characterLength(text, at) }
}
