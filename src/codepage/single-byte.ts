// Pages of one byte a character: built from their row in single-byte-pages.ts, and the two directions of text over such a table.

import { failure } from '../error/failure.ts'
import { byteAt, unitAt } from './element.ts'
import { type CodePage, unmapped } from './page.ts'
import { differences, grid037, singleParts } from './single-byte-pages.ts'

/** One byte a character, both ways. */
export interface SingleByteTable {
  /** 256 UTF-16 units; `unmapped` where a byte has none. */
  readonly toUnicode: Uint16Array
  /** 65 536 entries: the byte of a UTF-16 unit, or -1. */
  readonly fromUnicode: Int16Array
}

/** Whether the tables have a page of this number, written without leading zeros but for 037. */
export function isSingleBytePage(ccsid: string): boolean {
  return ccsid === '037' || Object.hasOwn(differences, ccsid)
}

/** Numbers of all single-byte EBCDIC pages, 037 first. */
export function singleBytePages(): readonly string[] {
  return ['037', ...Object.keys(differences)]
}

/** Builds the tables of a page that `isSingleBytePage` knows, or of the single-byte part of a mixed page. */
export function singleByteTable(ccsid: string): SingleByteTable {
  const decodeOnly = new Uint8Array(256)
  const toUnicode = codeUnits(differences[ccsid] ?? singleParts[ccsid], decodeOnly)
  return { toUnicode, fromUnicode: inverse(toUnicode, decodeOnly) }
}

/** The byte of each UTF-16 unit, or -1. Bytes marked in `decodeOnly` leave their character to another byte. */
export function inverse(toUnicode: Uint16Array, decodeOnly: Uint8Array): Int16Array {
  const bytes = new Int16Array(0x10000).fill(-1)
  for (const [byte, unit] of toUnicode.entries()) {
    if (unit !== unmapped && decodeOnly[byte] === 0) bytes[unit] = byte
  }
  return bytes
}

function codeUnits(row: string | undefined, decodeOnly: Uint8Array): Uint16Array {
  if (row === undefined) return Uint16Array.from(grid037.trim().split(/\s+/), (hex) => Number.parseInt(hex, 16))
  const [base = '037', ...changes] = row.split(/\s+/)
  const table = codeUnits(differences[base], decodeOnly)
  for (const change of changes) applyChange(change, table, decodeOnly)
  return table
}

function applyChange(change: string, table: Uint16Array, decodeOnly: Uint8Array): void {
  const at = change.startsWith('>') ? 1 : 0
  const byte = Number.parseInt(change.slice(at, at + 2), 16)
  const written = change.slice(at + 2)
  table[byte] = written.startsWith('=') ? Number.parseInt(written.slice(1) || 'FFFD', 16) : written.charCodeAt(0)
  decodeOnly[byte] = at
}

/** A page over a table. `substitute` is the byte put for characters that the page lacks; without it they are an error. */
export function singleBytePage(
  name: string,
  kind: 'single' | 'ascii',
  table: SingleByteTable,
  substitute: number | undefined,
): CodePage {
  const { toUnicode, fromUnicode } = table
  return {
    name,
    kind,
    toUnicode,
    fromUnicode: (codePoint) => fromUnicode[codePoint] ?? -1,
    decode: (bytes, start = 0, end = bytes.length) => {
      const units = new Uint16Array(Math.max(0, end - start))
      for (let at = 0; at < units.length; at++) {
        const unit = unitAt(toUnicode, byteAt(bytes, start + at))
        if (unit === unmapped && substitute === undefined) throw byteMissing(name, at)
        units[at] = unit
      }
      return textOf(units)
    },
    encode: (text) => encodeSingle(text, name, fromUnicode, substitute),
  }
}

function encodeSingle(text: string, name: string, fromUnicode: Int16Array, substitute: number | undefined): Uint8Array {
  const bytes = new Uint8Array(text.length)
  let length = 0
  for (let at = 0; at < text.length; at++) {
    let byte = unitAt(fromUnicode, text.charCodeAt(at))
    if (byte < 0) {
      if (substitute === undefined) throw characterMissing(name, text, at)
      byte = substitute
      if ((text.codePointAt(at) ?? 0) > 0xffff) at++
    }
    bytes[length++] = byte
  }
  return length === bytes.length ? bytes : bytes.subarray(0, length)
}

const unitsAtOnce = 8192

/** A string of UTF-16 units. */
export function textOf(units: Uint16Array): string {
  if (units.length <= unitsAtOnce) return Reflect.apply(String.fromCharCode, null, units)
  const parts: string[] = []
  for (let at = 0; at < units.length; at += unitsAtOnce) {
    parts.push(Reflect.apply(String.fromCharCode, null, units.subarray(at, at + unitsAtOnce)))
  }
  return parts.join('')
}

/** The error for a character that a page lacks; the character itself goes into the detail, since it may be customer data. */
export function characterMissing(codePage: string, text: string, position: number) {
  const codePoint = text.codePointAt(position) ?? 0
  return failure('CODE_PAGE_CHARACTER_MISSING', { codePage, position }, { detail: { codePoint } })
}

function byteMissing(codePage: string, offset: number) {
  return failure('CODE_PAGE_BYTES_INVALID', { codePage, offset, problem: 'the page has no character for this byte' })
}
