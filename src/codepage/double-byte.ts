// Two bytes a character: reads the rows of double/*.ts and gives both directions of text, without shifts.
//
// A row is the code of its first character, a blank, and the characters of the codes that follow:
//   42A0 ab1c      X'42A0' is a, X'42A1' is b, one code is left out, X'42A3' is c
//   42C1 A-I       nine successive codes, nine successive characters
//   4040 {3000}    a character that cannot be seen, by its code point; {304B+309A} one code for two code points
//   4C41 >一       the code decodes to this character, which another code encodes
// Codes run X'41' to X'FE' in the second byte, then go on with the next first byte. Of ASCII only digits and - > { } + occur, as signs.

import { failure } from '../error/failure.ts'
import { byteAt, unitAt } from './element.ts'
import { type DoubleBytePage, unmapped } from './page.ts'
import { characterMissing } from './single-byte.ts'

/** Both directions between double-byte codes and Unicode. */
export interface DoubleByteTable {
  /** 65 536 entries by code: a UTF-16 unit, `unmapped`, or a lone high surrogate X'D800' + index into `longer`. */
  readonly toUnicode: Uint16Array
  /** 65 536 entries by UTF-16 unit: the code, or 0. */
  readonly fromUnicode: Uint16Array
  /** Texts of more than one UTF-16 unit. */
  readonly longer: readonly string[]
  readonly fromLonger: ReadonlyMap<string, number>
}

const longerFrom = 0xd800
const firstTrail = 0x41
const lastTrail = 0xfe
const notations = /(\d+)|(>?)(?:\{([0-9A-F+]+)\}|(.))(-)?/gu

/** Builds the tables from rows; later rows override earlier ones. */
export function doubleByteTable(rows: readonly string[]): DoubleByteTable {
  const longer: string[] = []
  const table = {
    toUnicode: new Uint16Array(0x10000).fill(unmapped),
    fromUnicode: new Uint16Array(0x10000),
    longer,
    fromLonger: new Map<string, number>(),
  }
  for (const row of rows.join('\n').trim().split('\n')) readRow(row.trim(), table)
  return table
}

type MutableDoubleByteTable = { -readonly [K in keyof DoubleByteTable]: DoubleByteTable[K] } & {
  longer: string[]
  fromLonger: Map<string, number>
}

function readRow(row: string, table: MutableDoubleByteTable): void {
  let code = Number.parseInt(row.slice(0, 4), 16)
  let runFrom = -1
  for (const [, skip, decodeOnly, hex, character = '', dash] of row.slice(5).matchAll(notations)) {
    if (skip !== undefined) {
      for (let left = Number(skip); left > 0; left--) code = following(code)
      continue
    }
    const text = hex === undefined ? character : fromCodePoints(hex)
    const last = text.codePointAt(0) ?? 0
    for (let codePoint = runFrom < 0 ? last : runFrom + 1; codePoint < last; codePoint++) {
      code = enter(table, code, String.fromCodePoint(codePoint), false)
    }
    code = enter(table, code, text, decodeOnly === '>')
    runFrom = dash === undefined ? -1 : last
  }
}

function fromCodePoints(hex: string): string {
  return String.fromCodePoint(...hex.split('+').map((one) => Number.parseInt(one, 16)))
}

function following(code: number): number {
  return (code & 0xff) === lastTrail ? code - lastTrail + 0x100 + firstTrail : code + 1
}

/** Enters one character and gives the code after it. */
function enter(table: MutableDoubleByteTable, code: number, text: string, decodeOnly: boolean): number {
  forget(table, code)
  if (text.length === 1) {
    table.toUnicode[code] = text.charCodeAt(0)
    if (!decodeOnly) table.fromUnicode[text.charCodeAt(0)] = code
  } else {
    table.toUnicode[code] = longerFrom + table.longer.push(text) - 1
    if (!decodeOnly) table.fromLonger.set(text, code)
  }
  return following(code)
}

/** A larger page may give a code of the smaller one another character: the old one is no longer encoded. */
function forget(table: MutableDoubleByteTable, code: number): void {
  const unit = unitAt(table.toUnicode, code)
  if (unit !== unmapped && table.fromUnicode[unit] === code) table.fromUnicode[unit] = 0
}

/** Text of the code, or undefined where it has none. */
export function textOfCode(table: DoubleByteTable, code: number): string | undefined {
  const unit = unitAt(table.toUnicode, code)
  if (unit === unmapped) return undefined
  return unit >= longerFrom && unit < longerFrom + table.longer.length
    ? table.longer[unit - longerFrom]
    : String.fromCharCode(unit)
}

/** The code of the character at a position and how many UTF-16 units it takes; code 0 where the page has none. */
export function codeAt(table: DoubleByteTable, text: string, at: number): { code: number; units: number } {
  if (table.longer.length > 0) {
    // Two code points in one code (か゚) and characters beyond the basic plane come first: longest match.
    for (const units of [3, 2]) {
      const code = at + units <= text.length ? table.fromLonger.get(text.slice(at, at + units)) : undefined
      if (code !== undefined) return { code, units }
    }
  }
  return { code: unitAt(table.fromUnicode, text.charCodeAt(at)), units: 1 }
}

/** The two-byte part of a mixed page by itself, as PIC G fields hold it. */
export function doubleBytePage(name: string, table: DoubleByteTable, substitute: boolean): DoubleBytePage {
  return {
    name,
    decode: (bytes, start = 0, end = bytes.length) => decodeDouble(name, table, substitute, bytes.subarray(start, end)),
    encode: (text) => encodeDouble(name, table, substitute, text),
  }
}

/** What a double-byte page substitutes for a missing character. */
export const doubleSubstitute = 0xfefe

function decodeDouble(codePage: string, table: DoubleByteTable, substitute: boolean, bytes: Uint8Array): string {
  if (bytes.length % 2 === 1 && !substitute) {
    throw failure('CODE_PAGE_BYTES_INVALID', { codePage, offset: bytes.length - 1, problem: 'half a character' })
  }
  const parts: string[] = []
  for (let offset = 0; offset < bytes.length; offset += 2) {
    const text = textOfCode(table, (byteAt(bytes, offset) << 8) | (bytes[offset + 1] ?? 0))
    if (text === undefined && !substitute) {
      throw failure('CODE_PAGE_BYTES_INVALID', { codePage, offset, problem: 'the page has no character for this code' })
    }
    parts.push(text ?? '\ufffd')
  }
  return parts.join('')
}

function encodeDouble(codePage: string, table: DoubleByteTable, substitute: boolean, text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2)
  let length = 0
  for (let at = 0; at < text.length; ) {
    const found = codeAt(table, text, at)
    if (found.code === 0 && !substitute) throw characterMissing(codePage, text, at)
    const code = found.code || doubleSubstitute
    bytes[length++] = code >> 8
    bytes[length++] = code & 0xff
    at += found.code === 0 ? characterLength(text, at) : found.units
  }
  return bytes.subarray(0, length)
}

/** UTF-16 units of the code point at a position. */
export function characterLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}
