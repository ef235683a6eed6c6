// Text of one byte a character (PIC X, PIC A): trimmed at the end, padded with blanks; JUSTIFIED RIGHT the other way round.
// Blanks and LOW-VALUEs at the end are not part of the value; which of them stood there is residue where it was not blanks.

import { byteAt, unitAt } from '../../codepage/element.ts'
import { type CodePage, isShift, unmapped } from '../../codepage/page.ts'
import { classOfByte, reader } from '../kind/bytes.ts'
import { type Finding, type Kind, type Refused, refused, type Trace } from '../kind/kind.ts'
import { appendJsonUnit } from './json-text.ts'

/** A single-byte page as tables: made once a page. */
export interface TextTables {
  readonly toUnicode: Uint16Array
  /** UTF-16 unit → byte, or -1. */
  readonly fromUnicode: Int16Array
  /** ASCII character → its byte; 0 for characters that JSON escapes, and those without a byte. */
  readonly fromAscii: Uint8Array
  /** byte → its character, where that is Latin-1. */
  readonly latin: Uint8Array
  /** byte → its character where that is printable ASCII that JSON takes as it is, else 0. */
  readonly ascii: Uint8Array
  /** byte → 0, or 1: another byte is written for its character, or 2: no character. */
  readonly defects: Uint8Array
  readonly hasDefects: boolean
  readonly isLatin: boolean
  readonly blank: number
}

const QUOTE = 0x22
const tablesOf = new WeakMap<CodePage, TextTables>()

/** The tables of a page; of a mixed one, those of its single-byte part. */
export function textTables(page: CodePage): TextTables {
  const known = tablesOf.get(page)
  if (known) return known
  const { toUnicode } = page
  const fromUnicode = new Int16Array(0x10000).fill(-1)
  // No other characters have a byte, and to ask for all 65 536 takes longer than all else of a start.
  for (const unit of toUnicode) fromUnicode[unit] = page.fromUnicode(unit)
  for (const [byte, unit] of toUnicode.entries()) if (isShift(page, byte)) fromUnicode[unit] = -1
  const defects = toUnicode.map((unit, byte) => {
    if (unit === unmapped || isShift(page, byte)) return 2
    return fromUnicode[unit] === byte ? 0 : 1
  })
  const tables: TextTables = {
    toUnicode,
    fromUnicode,
    fromAscii: Uint8Array.from({ length: 256 }, (_, unit) =>
      unit >= 0x20 && unit < 0x7f && unit !== QUOTE && unit !== 0x5c ? Math.max(0, unitAt(fromUnicode, unit)) : 0,
    ),
    latin: Uint8Array.from(toUnicode, (unit) => (unit < 0x100 ? unit : 0x3f)),
    ascii: Uint8Array.from(toUnicode, (unit) =>
      unit >= 0x20 && unit < 0x7f && unit !== 0x22 && unit !== 0x5c ? unit : 0,
    ),
    defects: Uint8Array.from(defects),
    hasDefects: defects.some((defect) => defect !== 0),
    isLatin: toUnicode.every((unit) => unit < 0x100 || unit === unmapped),
    blank: Math.max(0, page.fromUnicode(0x20)),
  }
  tablesOf.set(page, tables)
  return tables
}

interface TextSpec extends TextTables {
  readonly length: number
  readonly justified: boolean
}

/** A text item of `length` bytes in a page of kind `single` or `ascii`; in a mixed one, what has no two-byte characters. */
export function text(length: number, page: CodePage, justified: boolean): Kind {
  const spec: TextSpec = { ...textTables(page), length, justified }
  const append = (source: Uint8Array, at: number, out: Uint8Array, to: number, trace: Trace) =>
    appendText(source, at, out, to, trace, spec)
  return {
    length,
    shape: { type: 'text', maximum: length },
    maximumText: 6 * length,
    plain: false,
    ...(spec.isLatin ? { append } : {}),
    appendJson: (source, at, out, to, trace) => appendTextJson(source, at, out, to, trace, spec),
    read: spec.isLatin ? reader(append, length) : (source, at, trace) => readText(source, at, trace, spec),
    write: (value, out, at) => writeText(value, out, at, spec),
    ...(!justified && { writeJson: (json, from, out, at) => writeTextJson(json, from, out, at, spec) }),
    ...(!justified && {
      specialWrite: { program: () => textWriteSource(spec), tables: { fromAscii: spec.fromAscii } },
    }),
    initial: new Uint8Array(length).fill(spec.blank),
    explain: (source, at) => explainText(source, at, spec),
  }
}

/** Ends of the value inside the field, as `start` and what is returned. */
const trimmed = { start: 0 }

function trim(source: Uint8Array, at: number, trace: Trace, { length, justified, blank }: TextSpec): number {
  let start = at
  let end = at + length
  if (justified) {
    while (start < end && source[start] === blank) start++
  } else {
    while (end > at && source[end - 1] === blank) end--
    if (end > at && source[end - 1] === 0) {
      trace.residue = true
      while (end > at && (source[end - 1] === 0 || source[end - 1] === blank)) end--
    }
  }
  trimmed.start = start
  return end
}

/** Whether all bytes have characters; marks those whose character is written with another byte. */
function checkDefects(source: Uint8Array, start: number, end: number, trace: Trace, defects: Uint8Array): boolean {
  let seen = 0
  for (let i = start; i < end; i++) seen |= byteAt(defects, byteAt(source, i))
  if (seen & 2) return false
  if (seen & 1) trace.residue = true
  return true
}

function appendText(source: Uint8Array, at: number, out: Uint8Array, to: number, trace: Trace, spec: TextSpec): number {
  const end = trim(source, at, trace, spec)
  const start = trimmed.start
  if (spec.hasDefects && !checkDefects(source, start, end, trace, spec.defects)) return -1
  const { latin } = spec
  let next = to
  for (let i = start; i < end; i++) out[next++] = byteAt(latin, byteAt(source, i))
  return next
}

function readText(source: Uint8Array, at: number, trace: Trace, spec: TextSpec): string | undefined {
  const end = trim(source, at, trace, spec)
  const start = trimmed.start
  if (spec.hasDefects && !checkDefects(source, start, end, trace, spec.defects)) return undefined
  let value = ''
  for (let i = start; i < end; i++) value += String.fromCharCode(unitAt(spec.toUnicode, byteAt(source, i)))
  return value
}

function appendTextJson(
  source: Uint8Array,
  at: number,
  out: Uint8Array,
  to: number,
  trace: Trace,
  spec: TextSpec,
): number {
  const end = trim(source, at, trace, spec)
  const start = trimmed.start
  if (spec.hasDefects && !checkDefects(source, start, end, trace, spec.defects)) return -1
  const { ascii } = spec
  let next = to
  for (let i = start; i < end; i++) {
    const byte = byteAt(ascii, byteAt(source, i))
    if (byte === 0) return appendEscaped(source, i, end, out, next, spec)
    out[next++] = byte
  }
  return next
}

function appendEscaped(
  source: Uint8Array,
  from: number,
  end: number,
  out: Uint8Array,
  to: number,
  spec: TextSpec,
): number {
  let next = to
  for (let i = from; i < end; i++) {
    const byte = byteAt(source, i)
    const ascii = byteAt(spec.ascii, byte)
    if (ascii !== 0) out[next++] = ascii
    else next = appendJsonUnit(unitAt(spec.toUnicode, byte), out, next)
  }
  return next
}

function writeText(value: string, out: Uint8Array, at: number, spec: TextSpec): Refused {
  const { length, fromUnicode, blank, justified } = spec
  const size = value.length
  if (size > length) return refused.tooLong
  const start = justified ? at + length - size : at
  let seen = 0
  for (let i = 0; i < size; i++) {
    const byte = unitAt(fromUnicode, value.charCodeAt(i))
    seen |= byte
    out[start + i] = byte
  }
  if (seen < 0) return refused.notInCodePage
  if (justified) out.fill(blank, at, start)
  else out.fill(blank, at + size, at + length)
  return refused.none
}

function writeTextJson(json: Uint8Array, from: number, out: Uint8Array, at: number, spec: TextSpec): number {
  const { fromAscii, blank } = spec
  const end = at + spec.length
  let next = from
  let to = at
  for (let byte = byteAt(fromAscii, byteAt(json, next)); byte !== 0; byte = byteAt(fromAscii, byteAt(json, ++next))) {
    if (to === end) return -1
    out[to++] = byte
  }
  if (json[next] !== QUOTE) return -1
  while (to < end) out[to++] = blank
  return next
}

/** A program that gives the same for a text of this very length. */
const textWriteSource = ({ length, blank }: TextSpec) => `return (json, from, out, at) => {
  let i = 0, byte = 0
  while (i < ${length} && (byte = fromAscii[json[from + i]]) !== 0) out[at + i++] = byte
  const end = from + i
  if (json[end] !== ${QUOTE}) return -1
  while (i < ${length}) out[at + i++] = ${blank}
  return end
}`

function explainText(source: Uint8Array, at: number, { length, defects, blank }: TextSpec): Finding {
  let index = 0
  while (index < length - 1 && defects[byteAt(source, at + index)] !== 2) index++
  return { index, expected: 'a character of the code page', found: classOfByte(source[at + index], blank) }
}
