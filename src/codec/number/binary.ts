// Binary integers in two's complement: COMP, COMP-4, BINARY, COMP-5, COMP-X, INDEX. S9(4) -2:  FF FE   (big-endian; COMP-5 may be little-endian)
// 1, 2, 3 … 8 or 16 bytes. Up to 38 digits, by division of 16-bit limbs: no BigInt when reading.

import { byteAt, unitAt } from '../../codepage/element.ts'
import { reader } from '../kind/bytes.ts'
import { type DecimalShape, type Finding, type Kind, type Refused, refused, type Trace } from '../kind/kind.ts'
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
import { binaryWriteSource } from './write-source.ts'

interface BinarySpec extends DecimalSpec {
  readonly length: number
  readonly little: boolean
  /** Whether a value with more digits than the PICTURE is not valid: TRUNC(STD). */
  readonly cut: boolean
  /** Digits of the widest value that the bytes can hold. */
  readonly capacity: number
  /** 2^(bits - 1): from there on signed values are negative. */
  readonly half: number
}

/** A binary item. With `full` (TRUNC(OPT), TRUNC(BIN), COMP-5) all values of the bytes are valid, else those that fit the PICTURE. */
export function binary(decimal: DecimalSpec, length: number, options: { little: boolean; full: boolean }): Kind {
  const bits = 8n * BigInt(length) - (decimal.signed ? 1n : 0n)
  const capacity = String(2n ** bits).length
  const spec: BinarySpec = {
    ...decimal,
    length,
    little: options.little,
    cut: !options.full,
    capacity,
    half: 2 ** (8 * length - 1),
  }
  const { scale, signed } = decimal
  const shape: DecimalShape = options.full
    ? { type: 'decimal', digits: capacity, scale, signed, most: String(2n ** bits - 1n) }
    : { type: 'decimal', digits: decimal.digits, scale, signed }
  const maximumText = decimalLength(capacity, scale)
  const append = (source: Uint8Array, at: number, out: Uint8Array, to: number, trace: Trace) =>
    appendBinary(source, at, out, to, trace, spec)
  const isShort = length <= 8 && scale >= 0 && scale <= decimal.digits && decimal.digits < Math.min(capacity, 19)
  return {
    length,
    shape,
    maximumText,
    plain: true,
    append,
    read: reader(append, maximumText),
    write: (value, out, at) => writeBinary(value, out, at, spec),
    ...(isShort && { writeJson: (json, from, out, at) => writeBinaryJson(json, from, out, at, spec) }),
    ...(isShort &&
      decimal.digits <= 15 && {
        specialWrite: { program: () => binaryWriteSource(decimal, length, options.little), tables: {} },
      }),
    initial: new Uint8Array(length),
    explain: (): Finding => ({
      index: 0,
      expected: `at most ${decimal.digits} digits, as TRUNC(STD) stores`,
      found: 'a larger number',
    }),
  }
}

function appendBinary(
  source: Uint8Array,
  at: number,
  out: Uint8Array,
  to: number,
  trace: Trace,
  spec: BinarySpec,
): number {
  const { length, signed, digits, scale } = spec
  let count: number
  let negative = false
  if (length <= 4) {
    const bits = load(source, at, length, spec.little)
    negative = signed && bits >>> 0 >= spec.half
    count = stageNumber(negative ? (2 * spec.half - (bits >>> 0)) | 0 : bits, spec.capacity)
  } else if (length === 8 && !spec.little && isExact(source, at, signed)) {
    negative = signed && byteAt(source, at) >= 0x80
    count = stageExact(source, at, negative)
  } else {
    negative = loadLimbs(source, at, spec)
    count = stageLimbs(spec.capacity)
  }
  if (spec.cut && count > digits && significant(count) > digits) return -1
  return appendStaged(count, scale, negative, out, to, trace)
}

function significant(count: number): number {
  let first = 0
  while (first < count && stage[first] === 0) first++
  return count - first
}

/** The bits as a signed number, which never takes memory. */
function load(source: Uint8Array, at: number, length: number, little: boolean): number {
  let value = 0
  if (little) for (let i = length - 1; i >= 0; i--) value = (value << 8) | byteAt(source, at + i)
  else for (let i = 0; i < length; i++) value = (value << 8) | byteAt(source, at + i)
  return value
}

/** Stages an integer below 2^32, given as 32 bits, as `count` digits. */
function stageNumber(bits: number, count: number): number {
  let rest = bits >>> 0
  for (let i = count - 1; i >= 0; i--) {
    const next = (rest / 10) >>> 0
    stage[i] = rest - next * 10
    rest = next
  }
  return count
}

/** Whether the magnitude of eight bytes is below 2^52: the first twelve bits are all the same. */
function isExact(source: Uint8Array, at: number, signed: boolean): boolean {
  const first = byteAt(source, at)
  const second = byteAt(source, at + 1) >> 4
  return (first === 0 && second === 0) || (signed && first === 0xff && second === 0xf)
}

/** Stages such a number as 18 digits, in halves of nine. */
function stageExact(source: Uint8Array, at: number, negative: boolean): number {
  const value = load(source, at, 4, false) * 0x1_0000_0000 + (load(source, at + 4, 4, false) >>> 0)
  const magnitude = negative ? -value : value
  const upper = Math.floor(magnitude / 1e9)
  stageDigits(upper, 0, 9)
  stageDigits(magnitude - upper * 1e9, 9, 18)
  return 18
}

function stageDigits(value: number, from: number, to: number): void {
  let rest = value >>> 0
  for (let i = to - 1; i >= from; i--) {
    const next = (rest / 10) >>> 0
    stage[i] = rest - next * 10
    rest = next
  }
}

const limbs = new Uint16Array(8)

/** Puts the magnitude into eight limbs, most significant first; true when the value is negative. */
function loadLimbs(source: Uint8Array, at: number, { length, little, signed }: BinarySpec): boolean {
  const step = little ? 1 : -1
  const last = little ? at : at + length - 1
  const negative = signed && byteAt(source, last + step * (length - 1)) >= 0x80
  limbs.fill(negative ? 0xffff : 0)
  for (let right = 0; right < length; right++) {
    const i = 7 - (right >> 1)
    const byte = byteAt(source, last + step * right)
    limbs[i] = right & 1 ? (unitAt(limbs, i) & 0xff) | (byte << 8) : (unitAt(limbs, i) & 0xff00) | byte
  }
  if (negative) negateLimbs()
  return negative
}

/** Two's complement of all 128 bits. */
function negateLimbs(): void {
  let carry = 1
  for (let i = 7; i >= 0; i--) {
    const value = (~unitAt(limbs, i) & 0xffff) + carry
    limbs[i] = value
    carry = value >> 16
  }
}

/** Stages the limbs: four digits a division by 10,000. */
function stageLimbs(capacity: number): number {
  const count = (capacity + 3) & ~3
  let first = 0
  while (first < 7 && limbs[first] === 0) first++
  for (let end = count; end > 0; end -= 4) {
    let remainder = 0
    for (let i = first; i < 8; i++) {
      const value = remainder * 0x10000 + unitAt(limbs, i)
      const quotient = (value / 10000) | 0
      limbs[i] = quotient
      remainder = value - quotient * 10000
    }
    for (let i = end - 1; i >= end - 4; i--) {
      const next = (remainder / 10) | 0
      stage[i] = remainder - next * 10
      remainder = next
    }
  }
  return count
}

function writeBinary(value: string, out: Uint8Array, at: number, spec: BinarySpec): Refused {
  const { length, little, signed, scale, cut, digits, capacity } = spec
  const count = cut ? Math.min(digits, capacity) : capacity
  const verdict = parseDecimal(value, { digits: count, scale, signed })
  if (verdict !== refused.none) return verdict
  if (!packLimbs(count, spec)) return refused.tooLarge
  for (let right = 0; right < length; right++) {
    const limb = unitAt(limbs, 7 - (right >> 1))
    out[little ? at + right : at + length - 1 - right] = right & 1 ? limb >> 8 : limb & 0xff
  }
  return refused.none
}

/** Up to 18 digits as two numbers of nine, these as two words of 32 bits. */
function writeBinaryJson(json: Uint8Array, from: number, out: Uint8Array, at: number, spec: BinarySpec): number {
  const end = scanDecimal(json, from, spec)
  if (end < 0) return -1
  const { point, negative } = found
  const middle = end - 9 - (point >= end - 9 ? 1 : 0)
  const upper = integerIn(json, found.start, middle, point)
  const lower = integerIn(json, Math.max(found.start, middle), end, point)
  // upper × 10⁹ + lower, where 10⁹ = 15258 × 2¹⁶ + 51712
  const tops = upper * 15258
  const rest = upper * 51712 + lower + (tops % 0x1_0000) * 0x1_0000
  let low = rest % 0x1_0000_0000
  let high = Math.floor(tops / 0x1_0000) + Math.floor(rest / 0x1_0000_0000)
  if (negative) {
    low = -low >>> 0
    high = low === 0 ? -high >>> 0 : ~high >>> 0
  }
  const { length, little } = spec
  for (let right = 0; right < length; right++) {
    out[little ? at + right : at + length - 1 - right] = right < 4 ? low >>> (8 * right) : high >>> (8 * right - 32)
  }
  return end
}

function integerIn(json: Uint8Array, from: number, to: number, point: number): number {
  let value = 0
  for (let i = from; i < to; i++) if (i !== point) value = value * 10 + (byteAt(json, i) & 15)
  return value
}

/** The staged digits as two's complement in the limbs; false when they do not fit the bytes. */
function packLimbs(count: number, { length, signed }: BinarySpec): boolean {
  const { negative } = parsed
  limbs.fill(0)
  for (let i = 0; i < count; i++) if (multiplyAdd(byteAt(stage, i)) !== 0) return false
  for (let right = length; right < 16; right++) if (limbByte(right) !== 0) return false
  const top = limbByte(length - 1)
  if (signed && top >= 0x80) {
    let rest = top & 0x7f
    for (let right = 0; right < length - 1; right++) rest |= limbByte(right)
    if (!negative || rest !== 0) return false
  }
  if (negative) negateLimbs()
  return true
}

const limbByte = (right: number): number => (unitAt(limbs, 7 - (right >> 1)) >> (right & 1 ? 8 : 0)) & 0xff

/** limbs = limbs × 10 + digit; gives what does not fit. */
function multiplyAdd(digit: number): number {
  let carry = digit
  for (let i = 7; i >= 0; i--) {
    const value = unitAt(limbs, i) * 10 + carry
    limbs[i] = value
    carry = value >> 16
  }
  return carry
}
