// Packed decimal. COMP-3, S9(5)V99 -12345.67:  12 34 56 7D    (two digits a byte, the sign in the last nibble)
//                 S9(4) +1234:                  01 23 4C       (even digits: the first nibble is an unused pad and must be 0)
//                 COMP-6, 9(5) 12345:           01 23 45       (unsigned, no sign nibble)

import { classOfByte, reader } from './bytes.ts'
import { appendStaged, type DecimalSpec, decimalLength, parseDecimal, parsed, stage } from './decimal.ts'
import { type Finding, type Kind, refused, type Trace } from './kind.ts'

interface PackedSpec extends DecimalSpec {
  readonly length: number
  /** Nibbles that hold digits, with the pad. */
  readonly nibbles: number
  /** COMP-3 has a sign nibble, COMP-6 has none. */
  readonly signNibble: boolean
  /** Sign nibble → 0 plus, 1 minus, | 2 not the preferred one, 4 not valid. */
  readonly signs: Uint8Array
}

/** byte → its two digits as tens * 16 + units (the byte itself), or 0xff. */
const pairs = new Uint8Array(256).map((_, byte) => (byte >> 4 <= 9 && (byte & 15) <= 9 ? byte : 0xff))

const notASign = 4

function signTable(signed: boolean, numproc: 'NOPFD' | 'PFD'): Uint8Array {
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
export function packed(decimal: DecimalSpec, numproc: 'NOPFD' | 'PFD'): Kind {
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

function kindOf(spec: PackedSpec): Kind {
  const { length, digits, scale, signed } = spec
  const maximumText = decimalLength(digits, scale)
  const append = (source: Uint8Array, at: number, out: Uint8Array, to: number, trace: Trace) =>
    appendPacked(source, at, out, to, trace, spec)
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
    initial,
    explain: (source, at) => explainPacked(source, at, spec),
  }
}

function appendPacked(
  source: Uint8Array,
  at: number,
  out: Uint8Array,
  to: number,
  trace: Trace,
  spec: PackedSpec,
): number {
  const { length, nibbles, digits, signNibble } = spec
  const pairsEnd = signNibble ? length - 1 : length
  let n = 0
  for (let i = 0; i < pairsEnd; i++) {
    const pair = pairs[source[at + i] as number] as number
    if (pair === 0xff) return -1
    stage[n++] = pair >> 4
    stage[n++] = pair & 15
  }
  let negative = false
  if (signNibble) {
    const last = source[at + length - 1] as number
    const sign = spec.signs[last & 15] as number
    if (last >> 4 > 9 || sign === notASign) return -1
    if (sign & 2) trace.residue = true
    negative = (sign & 1) !== 0
    stage[n] = last >> 4
  }
  if (nibbles !== digits) {
    if (stage[0] !== 0) return -1
    stage.copyWithin(0, 1, nibbles)
  }
  return appendStaged(digits, spec.scale, negative, out, to, trace)
}

function writePacked(value: string, out: Uint8Array, at: number, spec: PackedSpec) {
  const verdict = parseDecimal(value, spec)
  if (verdict !== refused.none) return verdict
  const { length, nibbles, digits, signNibble } = spec
  let n = digits - nibbles
  for (let i = 0; i < length; i++) {
    const high = n < 0 ? 0 : (stage[n] as number)
    const low = n + 1 < digits ? (stage[n + 1] as number) : 0
    out[at + i] = (high << 4) | low
    n += 2
  }
  if (signNibble) {
    const last = at + length - 1
    out[last] = ((out[last] as number) & 0xf0) | (parsed.negative ? 0x0d : spec.signed ? 0x0c : 0x0f)
  }
  return refused.none
}

function explainPacked(source: Uint8Array, at: number, spec: PackedSpec): Finding {
  const { length, nibbles, digits, signNibble, signed } = spec
  for (let index = 0; index < length; index++) {
    const byte = source[at + index] as number
    const last = signNibble && index === length - 1
    const bad = last ? byte >> 4 > 9 : pairs[byte] === 0xff
    if (bad) return { index, expected: last ? 'a digit and a sign' : 'two digits', found: classOfPair(byte) }
    if (last && spec.signs[byte & 15] === notASign) {
      return { index, expected: signed ? 'a sign, C or D' : 'the sign F', found: signWord(byte & 15) }
    }
  }
  if (nibbles !== digits) return { index: 0, expected: '0 in the unused first nibble', found: 'a digit' }
  return { index: 0, expected: 'digits', found: 'digits' }
}

function classOfPair(byte: number): string {
  const known = classOfByte(byte)
  return known.startsWith('a digit') || known.startsWith('another') || known.startsWith('a control')
    ? 'a nibble that is no digit'
    : known
}

function signWord(nibble: number): string {
  return nibble > 9 ? `the sign ${nibble.toString(16).toUpperCase()}` : 'a digit'
}
