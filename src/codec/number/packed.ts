// Packed decimal. COMP-3, S9(5)V99 -12345.67:  12 34 56 7D    (two digits a byte, the sign in the last nibble)
//                 S9(4) +1234:                  01 23 4C       (even digits: the first nibble is an unused pad and must be 0)
//                 COMP-6, 9(5) 12345:           01 23 45       (unsigned, no sign nibble)

import type { CompilerOptions } from '../../cobol/layout.ts'
import { byteAt, unitAt } from '../../codepage/element.ts'
import { classOfByte, reader } from '../kind/bytes.ts'
import { type Finding, type Kind, refused, type Trace } from '../kind/kind.ts'
import {
  appendStaged,
  type DecimalSpec,
  decimalLength,
  found,
  parseDecimal,
  parsed,
  scanDecimal,
  stage,
} from './decimal.ts'
import { packedSource } from './packed-source.ts'
import { packedWriteSource } from './write-source.ts'

interface PackedSpec extends DecimalSpec {
  readonly length: number
  /** Nibbles that hold digits, with the pad. */
  readonly nibbles: number
  /** COMP-3 has a sign nibble, COMP-6 has none. */
  readonly signNibble: boolean
  /** Bytes that hold two digits each. */
  readonly pairsEnd: number
  /** The first nibble belongs to no digit. */
  readonly padded: boolean
  readonly split: number
  readonly straddles: boolean
  /** Sign nibble → 0 plus, 1 minus, | 2 not the preferred one, 4 not valid. */
  readonly signs: Uint8Array
}

/** byte → its two digits in ASCII, the first in the low byte; `notDigits` is set where a nibble is none. */
const pairs = new Uint16Array(256).map((_, byte) =>
  byte >> 4 <= 9 && (byte & 15) <= 9 ? (0x30 + (byte >> 4)) | ((0x30 + (byte & 15)) << 8) : 0x8000,
)
const notDigits = 0x8000

const notASign = 4

function signTable(signed: boolean, numproc: CompilerOptions['numproc']): Uint8Array {
  const table = new Uint8Array(16).fill(notASign)
  if (numproc === 'NOPFD') {
    table.fill(2, 0x0a)
    table[0x0b] = table[0x0d] = signed ? 3 : notASign
  }
  if (signed) {
    table[0x0c] = 0
    table[0x0d] = 1
  } else table[0x0f] = 0
  return table
}

/** COMP-3: floor(n / 2) + 1 bytes. NOPFD takes any sign A–F (B and D minus), PFD the preferred one only; written are C, D and for unsigned items F. */
export function packed(decimal: DecimalSpec, numproc: CompilerOptions['numproc']): Kind {
  const length = (decimal.digits >> 1) + 1
  return kindOf({
    ...decimal,
    length,
    nibbles: 2 * length - 1,
    signNibble: true,
    signs: signTable(decimal.signed, numproc),
  })
}

/** COMP-6: ceil(n / 2) bytes without a sign. */
export function packedWithoutSign(decimal: DecimalSpec): Kind {
  const length = (decimal.digits + 1) >> 1
  return kindOf({
    ...decimal,
    signed: false,
    length,
    nibbles: 2 * length,
    signNibble: false,
    signs: signTable(false, 'PFD'),
  })
}

type Given = Omit<PackedSpec, 'pairsEnd' | 'padded' | 'split' | 'straddles'>

function kindOf(given: Given): Kind {
  const { length, digits, scale, signed, nibbles, signNibble } = given
  const whole = nibbles - scale
  const spec: PackedSpec = {
    ...given,
    pairsEnd: signNibble ? length - 1 : length,
    padded: nibbles !== digits,
    split: whole >> 1,
    straddles: whole % 2 === 1,
  }
  const maximumText = decimalLength(digits, scale) + 2
  const scaled = scale < 0 || scale > digits
  const append: NonNullable<Kind['append']> = scaled
    ? (source, at, out, to, trace) => appendPackedScaled(source, at, out, to, trace, spec)
    : (source, at, out, to, trace) => appendPacked(source, at, out, to, trace, spec)
  const initial = new Uint8Array(length)
  writePacked('0', initial, 0, spec)
  return {
    length,
    shape: { type: 'decimal', digits, scale, signed },
    maximumText,
    plain: true,
    append,
    read: reader(append, maximumText),
    write: (value, out, at) => writePacked(value, out, at, spec),
    ...(!scaled && {
      special: {
        program: () => packedSource({ ...spec, signs: signNibble ? [...spec.signs] : undefined }),
        tables: { pairs },
      },
    }),
    ...(!scaled && { writeJson: (json, from, out, at) => writePackedJson(json, from, out, at, spec) }),
    ...(!scaled &&
      nibbles < 16 && {
        specialWrite: { program: () => packedWriteSource(spec, length, signNibble), tables: {} },
      }),
    initial,
    explain: (source, at) => explainPacked(source, at, spec),
  }
}

/**
 * Pairs of digits go from a table straight to the output. The point falls before byte `split`, or between its nibbles when `straddles`:
 *
 *     S9(5)V99   12 34 56 7D   7 nibbles, 5 whole: split 2, straddles: 12 34 5|6 7D
 */
function appendPacked(
  source: Uint8Array,
  at: number,
  out: Uint8Array,
  from: number,
  trace: Trace,
  spec: PackedSpec,
): number {
  const { pairsEnd, signNibble } = spec
  if (spec.padded && byteAt(source, at) > 15) return -1
  if (signNibble && byteAt(source, at + pairsEnd) > 0x9f) return -1
  let to = signNibble ? appendSign(source, at, out, from, trace, spec) : from
  if (to < 0) return -1
  to = appendWhole(source, at, out, to, spec)
  if (to < 0 || spec.scale === 0) return to
  out[to++] = 0x2e
  let first = at + spec.split
  if (spec.straddles) {
    const middle = unitAt(pairs, byteAt(source, first++))
    if (middle === notDigits) return -1
    out[to++] = middle >> 8
  }
  to = appendPairs(source, first, at + pairsEnd, out, to)
  if (to >= 0 && signNibble) out[to++] = 0x30 | (byteAt(source, at + pairsEnd) >> 4)
  return to
}

function appendSign(
  source: Uint8Array,
  at: number,
  out: Uint8Array,
  to: number,
  trace: Trace,
  { signs, pairsEnd }: PackedSpec,
): number {
  const sign = byteAt(signs, byteAt(source, at + pairsEnd) & 15)
  if (sign === 0) return to
  if (sign === notASign) return -1
  if (sign & 2) trace.residue = true
  if ((sign & 1) === 0) return to
  if (isZero(source, at, pairsEnd)) {
    trace.residue = true
    return to
  }
  out[to] = 0x2d
  return to + 1
}

/** The digits before the point, at least one. */
function appendWhole(
  source: Uint8Array,
  at: number,
  out: Uint8Array,
  from: number,
  { split, straddles }: PackedSpec,
): number {
  const end = at + split
  let first = at
  while (first < end && source[first] === 0) first++
  let to = from
  if (first < end) {
    const byte = byteAt(source, first)
    const pair = unitAt(pairs, byte)
    if (pair === notDigits) return -1
    if (byte > 15) out[to++] = pair & 0xff
    out[to++] = pair >> 8
    to = appendPairs(source, first + 1, end, out, to)
  } else if (!straddles) out[to++] = 0x30
  if (straddles && to >= 0) out[to++] = 0x30 | (byteAt(source, end) >> 4)
  return to
}

function appendPairs(source: Uint8Array, first: number, end: number, out: Uint8Array, from: number): number {
  let to = from
  let seen = 0
  for (let i = first; i < end; i++) {
    const pair = unitAt(pairs, byteAt(source, i))
    seen |= pair
    out[to] = pair & 0xff
    out[to + 1] = pair >> 8
    to += 2
  }
  return seen & notDigits ? -1 : to
}

function isZero(source: Uint8Array, at: number, pairsEnd: number): boolean {
  for (let i = 0; i < pairsEnd; i++) if (source[at + i] !== 0) return false
  return byteAt(source, at + pairsEnd) < 16
}

/** For P in the picture, where zeros that are not stored belong to the value. */
function appendPackedScaled(
  source: Uint8Array,
  at: number,
  out: Uint8Array,
  to: number,
  trace: Trace,
  spec: PackedSpec,
): number {
  const { length, digits, nibbles, signNibble, signs } = spec
  let negative = false
  for (let n = 0; n < nibbles; n++) {
    const byte = byteAt(source, at + (n >> 1))
    const digit = n & 1 ? byte & 15 : byte >> 4
    const place = n - (nibbles - digits)
    if (digit > 9 || (place < 0 && digit !== 0)) return -1
    if (place >= 0) stage[place] = digit
  }
  if (signNibble) {
    const sign = byteAt(signs, byteAt(source, at + length - 1) & 15)
    if (sign === notASign) return -1
    if (sign & 2) trace.residue = true
    negative = (sign & 1) !== 0
  }
  return appendStaged(digits, spec.scale, negative, out, to, trace)
}

function writePacked(value: string, out: Uint8Array, at: number, spec: PackedSpec) {
  const verdict = parseDecimal(value, spec)
  if (verdict !== refused.none) return verdict
  const { length, nibbles, digits, signNibble } = spec
  let n = digits - nibbles
  for (let i = 0; i < length; i++) {
    const high = n < 0 ? 0 : byteAt(stage, n)
    const low = n + 1 < digits ? byteAt(stage, n + 1) : 0
    out[at + i] = (high << 4) | low
    n += 2
  }
  if (signNibble) {
    const last = at + length - 1
    out[last] = (byteAt(out, last) & 0xf0) | (parsed.negative ? 0x0d : spec.signed ? 0x0c : 0x0f)
  }
  return refused.none
}

/** From the last digit to the first. */
function writePackedJson(json: Uint8Array, from: number, out: Uint8Array, at: number, spec: PackedSpec): number {
  const end = scanDecimal(json, from, spec)
  if (end < 0) return -1
  const { start, point, negative } = found
  let next = end - 1
  let i = at + spec.length - 1
  if (spec.signNibble) {
    out[i--] = ((byteAt(json, next--) & 15) << 4) | (negative ? 0x0d : spec.signed ? 0x0c : 0x0f)
  }
  for (; i >= at; i--) {
    if (next === point) next--
    const low = next >= start ? byteAt(json, next--) & 15 : 0
    if (next === point) next--
    const high = next >= start ? byteAt(json, next--) & 15 : 0
    out[i] = (high << 4) | low
  }
  return end
}

/** The first byte that is wrong; where none is, only the unused nibble can be. */
function explainPacked(source: Uint8Array, at: number, spec: PackedSpec): Finding {
  const { length, signNibble, signed } = spec
  for (let index = 0; index < length; index++) {
    const byte = byteAt(source, at + index)
    const last = signNibble && index === length - 1
    const bad = last ? byte >> 4 > 9 : pairs[byte] === notDigits
    if (bad) return { index, expected: last ? 'a digit and a sign' : 'two digits', found: classOfPair(byte) }
    if (last && spec.signs[byte & 15] === notASign) {
      return { index, expected: signed ? 'a sign, C or D' : 'the sign F', found: signWord(byte) }
    }
  }
  return { index: 0, expected: '0 in the unused first nibble', found: 'a digit' }
}

function classOfPair(byte: number): string {
  const known = classOfByte(byte)
  return known.startsWith('a digit') || known.startsWith('another') || known.startsWith('a control')
    ? 'a nibble that is no digit'
    : known
}

/** Blanks and zeros that were moved in as text are the usual cause. */
function signWord(byte: number): string {
  if (byte === 0x40 || byte === 0x00) return classOfByte(byte)
  const nibble = byte & 15
  return nibble > 9 ? `the sign ${nibble.toString(16).toUpperCase()}` : 'a digit'
}
