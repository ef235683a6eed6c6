// DISPLAY numeric (zoned decimal). S9(4) -1234, trailing overpunch:  F1 F2 F3 D4
//                                            leading overpunch:   D1 F2 F3 F4
//                                            trailing separate:   F1 F2 F3 F4 60     (+ is 4E, - is 60)
// In records of the ASCII family digits are X'30'–X'39'; the overpunched byte follows one of two conventions (`asciiSigns`).

import type { CompilerOptions, Sign } from '../../cobol/layout.ts'
import { byteAt } from '../../codepage/element.ts'
import { classOfByte, reader } from '../kind/bytes.ts'
import { type Finding, type Kind, refused, type Special, type Trace } from '../kind/kind.ts'
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
import { zonedWriteSource } from './write-source.ts'
import { zonedSource } from './zoned-source.ts'

/** Bytes of digits and signs. In `signed` and `unsigned`: digit | flags for the byte that may carry a sign. */
export interface ZonedAlphabet {
  readonly zero: number
  readonly plus: number
  readonly minus: number
  readonly blank: number
  /** The bytes with a sign that the encoder writes: ten plus, ten minus. */
  readonly signs: Uint8Array
  /** byte → digit, or `invalid`; and the digit's ASCII character, or a value with the high bit. */
  readonly digit: Uint8Array
  readonly ascii: Uint8Array
  readonly signed: Uint8Array
  readonly unsigned: Uint8Array
  /** Whether the zones of digits are not looked at: then `digit` knows bytes with others than the encoder writes. */
  readonly loose: boolean
}

const invalid = 0xff
const minusFlag = 0x10
const residueFlag = 0x20

const alphabets = new Map<string, ZonedAlphabet>()

/** Made once, so that fields of one alphabet share the code that is made for them. */
function known(name: string, make: () => ZonedAlphabet): ZonedAlphabet {
  const alphabet = alphabets.get(name) ?? make()
  alphabets.set(name, alphabet)
  return alphabet
}

/**
 * EBCDIC: zone C plus, D minus, F unsigned. NOPFD takes any zone A–F (A C E F plus, B D minus); PFD the preferred ones only. With ZONEDATA(NOPFD)
 * or (MIG) digits may have any zone: a blank or LOW-VALUE is the digit 0.
 */
export function ebcdicZoned(
  numproc: CompilerOptions['numproc'],
  zonedata: CompilerOptions['zonedata'] = 'PFD',
): ZonedAlphabet {
  const loose = zonedata !== 'PFD'
  return known(`${numproc} ${loose}`, () => makeEbcdic(numproc, loose))
}

function makeEbcdic(numproc: CompilerOptions['numproc'], loose: boolean): ZonedAlphabet {
  const digit = new Uint8Array(256).fill(invalid)
  const signed = new Uint8Array(256).fill(invalid)
  const unsigned = new Uint8Array(256).fill(invalid)
  for (let d = 0; d <= 9; d++) {
    for (let zone = 0x00; loose && zone < 0xf0; zone += 0x10) {
      digit[zone + d] = d
      signed[zone + d] = d | residueFlag
      unsigned[zone + d] = d | residueFlag
    }
    digit[0xf0 + d] = d
    if (numproc === 'NOPFD') {
      for (const zone of [0xa0, 0xe0, 0xf0]) signed[zone + d] = d | residueFlag
      for (const zone of [0xa0, 0xc0, 0xe0]) unsigned[zone + d] = d | residueFlag
      signed[0xb0 + d] = d | minusFlag | residueFlag
    }
    signed[0xc0 + d] = d
    signed[0xd0 + d] = d | minusFlag
    unsigned[0xf0 + d] = d
  }
  const run = (from: number) => Array.from({ length: 10 }, (_, d) => from + d)
  return {
    zero: 0xf0,
    plus: 0x4e,
    minus: 0x60,
    blank: 0x40,
    signs: Uint8Array.from([...run(0xc0), ...run(0xd0)]),
    digit,
    ascii: asciiOf(digit),
    signed,
    unsigned,
    loose,
  }
}

/** ASCII: `ascii` signs are 0–9 and p–y (GnuCOBOL, Micro Focus); `ebcdic` signs are the EBCDIC ones translated: {A–I and }J–R. */
export function asciiZoned(asciiSigns: 'ascii' | 'ebcdic'): ZonedAlphabet {
  return known(asciiSigns, () => makeAscii(asciiSigns))
}

function makeAscii(asciiSigns: 'ascii' | 'ebcdic'): ZonedAlphabet {
  const digit = new Uint8Array(256).fill(invalid)
  const signed = new Uint8Array(256).fill(invalid)
  const codes = (text: string) => Array.from(text, (one) => one.charCodeAt(0))
  const positive = codes(asciiSigns === 'ascii' ? '0123456789' : '{ABCDEFGHI')
  const negative = codes(asciiSigns === 'ascii' ? 'pqrstuvwxy' : '}JKLMNOPQR')
  for (let d = 0; d <= 9; d++) {
    digit[0x30 + d] = d
    signed[0x30 + d] = d | residueFlag
  }
  for (const [d, byte] of positive.entries()) signed[byte] = d
  for (const [d, byte] of negative.entries()) signed[byte] = d | minusFlag
  return {
    zero: 0x30,
    plus: 0x2b,
    minus: 0x2d,
    blank: 0x20,
    signs: Uint8Array.from([...positive, ...negative]),
    digit,
    ascii: asciiOf(digit),
    signed,
    unsigned: digit,
    loose: false,
  }
}

const asciiOf = (digit: Uint8Array) => digit.map((one) => (one === invalid ? 0xff : 0x30 + one))

/** Where an item has its sign and its digits. */
export interface SignPlaces {
  /** Index of the byte that is a separate sign, and of the byte that carries an overpunch; -1 without. */
  readonly separateAt: number
  readonly punchAt: number
  /** Index of the first digit. */
  readonly from: number
}

interface ZonedSpec extends DecimalSpec, SignPlaces {
  readonly alphabet: ZonedAlphabet
  readonly punch: Uint8Array
  /** Digits before the point. */
  readonly whole: number
}

/** Unsigned items carry a sign zone too: F. */
export function signPlaces({ digits, signed }: DecimalSpec, sign: Sign | undefined): SignPlaces {
  const separate = signed && sign?.separate === true
  const leading = sign?.position === 'leading'
  return {
    separateAt: separate ? (leading ? 0 : digits) : -1,
    punchAt: separate ? -1 : leading && signed ? 0 : digits - 1,
    from: separate && leading ? 1 : 0,
  }
}

/** A zoned item of `digits` bytes, one more with a separate sign. */
export function zoned(decimal: DecimalSpec, sign: Sign | undefined, alphabet: ZonedAlphabet): Kind {
  const { digits, scale, signed } = decimal
  const places = signPlaces(decimal, sign)
  const length = digits + (places.separateAt < 0 ? 0 : 1)
  const spec: ZonedSpec = {
    ...decimal,
    ...places,
    alphabet,
    punch: signed ? alphabet.signed : alphabet.unsigned,
    whole: digits - scale,
  }
  const maximumText = decimalLength(digits, scale)
  const append: NonNullable<Kind['append']> =
    alphabet.loose || scale < 0 || scale > digits || (spec.punchAt === 0 && digits > 1)
      ? (source, at, out, to, trace) => appendZonedStaged(source, at, out, to, trace, spec)
      : (source, at, out, to, trace) => appendZoned(source, at, out, to, trace, spec)
  const initial = new Uint8Array(length)
  writeZoned('0', initial, 0, spec)
  return {
    length,
    shape: { type: 'decimal', digits, scale, signed },
    maximumText,
    plain: true,
    append,
    read: reader(append, maximumText),
    ...(!alphabet.loose && scale >= 0 && scale <= digits && { special: specialOf(spec) }),
    write: (value, out, at) => writeZoned(value, out, at, spec),
    ...(scale >= 0 &&
      scale <= digits && { writeJson: (json, start, out, at) => writeZonedJson(json, start, out, at, spec) }),
    ...(scale >= 0 && scale <= digits && digits <= 16 && { specialWrite: specialWriteOf(spec) }),
    initial,
    explain: (source, at) => explainZoned(source, at, spec),
  }
}

function specialOf(spec: ZonedSpec): Special {
  const { plus, minus, ascii } = spec.alphabet
  return { program: () => zonedSource({ ...spec, plus, minus }), tables: { ascii, punch: spec.punch } }
}

function specialWriteOf(spec: ZonedSpec): Special {
  const { zero, plus, minus, signs } = spec.alphabet
  return { program: () => zonedWriteSource(spec, { ...spec, zero, plus, minus }), tables: { signs } }
}

/** The sign first, then digits through a table, one a byte; the overpunched digit last. */
function appendZoned(
  source: Uint8Array,
  at: number,
  out: Uint8Array,
  from: number,
  trace: Trace,
  spec: ZonedSpec,
): number {
  const sign = signOf(source, at, trace, spec)
  if (sign < 0) return -1
  const { whole, scale, alphabet, punchAt } = spec
  const first = at + spec.from
  let to = from
  if (sign & minusFlag) {
    if (isZero(source, first, spec)) trace.residue = true
    else out[to++] = 0x2d
  }
  const point = first + whole
  const end = first + spec.digits - (punchAt < 0 ? 0 : 1)
  let i = first
  while (i < point - 1 && source[i] === alphabet.zero) i++
  if (whole === 0) out[to++] = 0x30
  to = appendRun(source, i, scale > 0 ? point : end, alphabet.ascii, out, to)
  if (to >= 0 && scale > 0) {
    out[to++] = 0x2e
    to = appendRun(source, point, end, alphabet.ascii, out, to)
  }
  if (to >= 0 && punchAt >= 0) out[to++] = 0x30 | (sign & 15)
  return to
}

function appendRun(
  source: Uint8Array,
  first: number,
  end: number,
  table: Uint8Array,
  out: Uint8Array,
  from: number,
): number {
  let to = from
  let seen = 0
  for (let i = first; i < end; i++) {
    const digit = byteAt(table, byteAt(source, i))
    seen |= digit
    out[to++] = digit
  }
  return seen & 0x80 ? -1 : to
}

/** For a leading overpunch, for zones that are not looked at, and for P in the picture, where zeros that are not stored belong to the value. */
function appendZonedStaged(
  source: Uint8Array,
  at: number,
  out: Uint8Array,
  to: number,
  trace: Trace,
  spec: ZonedSpec,
): number {
  const sign = signOf(source, at, trace, spec)
  if (sign < 0) return -1
  const { digits, alphabet, punchAt, from } = spec
  for (let i = 0; i < digits; i++) {
    const digit = byteAt(alphabet.digit, byteAt(source, at + from + i))
    if (i === punchAt) stage[i] = sign & 15
    else if (digit === invalid) return -1
    else {
      stage[i] = digit
      if (source[at + from + i] !== alphabet.zero + digit) trace.residue = true
    }
  }
  return appendStaged(digits, spec.scale, (sign & minusFlag) !== 0, out, to, trace)
}

/** The overpunched digit with `minusFlag`, or `minusFlag` alone from a separate sign; -1 when it is not valid. */
function signOf(source: Uint8Array, at: number, trace: Trace, spec: ZonedSpec): number {
  const { alphabet, separateAt, punchAt } = spec
  if (punchAt < 0) {
    const sign = source[at + separateAt]
    if (sign === alphabet.plus) return 0
    return sign === alphabet.minus ? minusFlag : -1
  }
  const punched = byteAt(spec.punch, byteAt(source, at + punchAt))
  if (punched === invalid) return -1
  if (punched & residueFlag) trace.residue = true
  return punched
}

function isZero(source: Uint8Array, first: number, { digits, punchAt, punch, alphabet }: ZonedSpec): boolean {
  for (let i = 0; i < digits; i++) {
    const byte = byteAt(source, first + i)
    if (((i === punchAt ? byteAt(punch, byte) : byteAt(alphabet.digit, byte)) & 15) !== 0) return false
  }
  return true
}

function writeZoned(value: string, out: Uint8Array, at: number, spec: ZonedSpec) {
  const verdict = parseDecimal(value, spec)
  if (verdict !== refused.none) return verdict
  const { digits, alphabet, separateAt, punchAt, from } = spec
  for (let i = 0; i < digits; i++) out[at + from + i] = alphabet.zero + byteAt(stage, i)
  if (separateAt >= 0) out[at + separateAt] = parsed.negative ? alphabet.minus : alphabet.plus
  else if (spec.signed) {
    out[at + punchAt] = byteAt(alphabet.signs, byteAt(stage, punchAt) + (parsed.negative ? 10 : 0))
  }
  return refused.none
}

/** From the last digit to the first. */
function writeZonedJson(json: Uint8Array, start: number, out: Uint8Array, at: number, spec: ZonedSpec): number {
  const end = scanDecimal(json, start, spec)
  if (end < 0) return -1
  const { point } = found
  const { digits, alphabet, separateAt, punchAt } = spec
  const first = at + spec.from
  let next = end - 1
  for (let i = first + digits - 1; i >= first; i--) {
    if (next === point) next--
    out[i] = alphabet.zero + (next >= found.start ? byteAt(json, next--) & 15 : 0)
  }
  if (separateAt >= 0) out[at + separateAt] = found.negative ? alphabet.minus : alphabet.plus
  else if (spec.signed) {
    const digit = byteAt(out, at + punchAt) - alphabet.zero
    out[at + punchAt] = byteAt(alphabet.signs, digit + (found.negative ? 10 : 0))
  }
  return end
}

/** The first byte that is wrong; the last where all others are right. */
function explainZoned(source: Uint8Array, at: number, spec: ZonedSpec): Finding {
  const { digits, alphabet, separateAt, punchAt, punch, signed } = spec
  const last = digits - (separateAt < 0 ? 1 : 0)
  const isRight = (index: number): boolean => {
    const byte = byteAt(source, at + index)
    if (index === separateAt) return byte === alphabet.plus || byte === alphabet.minus
    return (index === punchAt ? punch : alphabet.digit)[byte] !== invalid
  }
  let index = 0
  while (index < last && isRight(index)) index++
  const digit = signed && index === punchAt ? 'a digit with a sign' : 'a digit'
  const expected = index === separateAt ? 'a sign, + or -' : digit
  return { index, expected, found: classOf(byteAt(source, at + index), alphabet, index === punchAt) }
}

/**
 * In EBCDIC records: what a transfer in text mode makes of digits. F0–F9 become X'30'–X'39', and the signed ones { (C0), A–I, } (D0), J–R the same
 * characters in ASCII: X'7B', X'41'–X'49', X'7D', X'4A'–X'52'.
 */
function classOf(byte: number, { zero, blank }: ZonedAlphabet, isPunched: boolean): string {
  if (zero !== 0xf0) return classOfByte(byte, blank)
  if (byte >= 0x30 && byte <= 0x39) return 'an ASCII digit, as after a transfer in text mode'
  const isSign = byte === 0x7b || byte === 0x7d || (byte >= 0x41 && byte <= 0x52)
  return isSign && isPunched
    ? 'a sign in ASCII ({ A–I } J–R), as after a transfer in text mode'
    : classOfByte(byte, blank)
}
