// Binary integers in two's complement: COMP, COMP-4, BINARY, COMP-5, INDEX. S9(4) -2:  FF FE   (big-endian; COMP-5 may be little-endian)
// 1, 2, 3 … 8 or 16 bytes. Up to 38 digits, by division of 16-bit limbs: no BigInt when reading.

import { reader } from './bytes.ts'
import { appendStaged, type DecimalSpec, decimalLength, parseDecimal, parsed, stage } from './decimal.ts'
import { type Finding, type Kind, type Refused, refused, type Trace } from './kind.ts'

interface BinarySpec extends DecimalSpec {
  readonly length: number
  readonly little: boolean
  /** Whether a value with more digits than the PICTURE is not valid: TRUNC(STD). */
  readonly cut: boolean
  /** Digits of the widest value that the bytes can hold. */
  readonly capacity: number
}

/** A binary item. With `full` (TRUNC(OPT), TRUNC(BIN), COMP-5) all values of the bytes are valid, else those that fit the PICTURE. */
export function binary(decimal: DecimalSpec, length: number, options: { little: boolean; full: boolean }): Kind {
  const bits = 8n * BigInt(length) - (decimal.signed ? 1n : 0n)
  const capacity = String(2n ** bits).length
  const spec: BinarySpec = { ...decimal, length, little: options.little, cut: !options.full, capacity }
  const digits = options.full ? capacity : decimal.digits
  const { scale, signed } = decimal
  const maximumText = decimalLength(capacity, scale)
  const append = (source: Uint8Array, at: number, out: Uint8Array, to: number, trace: Trace) =>
    appendBinary(source, at, out, to, trace, spec)
  return {
    length,
    shape: { type: 'decimal', digits, scale, signed },
    maximumText,
    plain: true,
    append,
    read: reader(append, maximumText),
    write: (value, out, at) => writeBinary(value, out, at, spec),
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
  const { length, little, signed, digits, scale } = spec
  let count: number
  let negative = false
  if (length <= 6) {
    let value = 0
    for (let i = 0; i < length; i++) value = value * 256 + (source[little ? at + length - 1 - i : at + i] as number)
    if (signed && value >= 2 ** (8 * length - 1)) {
      value = 2 ** (8 * length) - value
      negative = true
    }
    count = stageNumber(value)
  } else {
    negative = loadLimbs(source, at, spec)
    count = stageLimbs()
  }
  // At least as many as the scale needs, so that VPP9 and V99 find their places.
  if (spec.cut && count > digits && significant(count) > digits) return -1
  return appendStaged(count, scale, negative, out, to, trace)
}

function significant(count: number): number {
  let first = 0
  while (first < count && stage[first] === 0) first++
  return count - first
}

const width = 40

function stageNumber(value: number): number {
  let rest = value
  for (let i = 15; i >= 0; i--) {
    const next = Math.floor(rest / 10)
    stage[i] = rest - next * 10
    rest = next
  }
  return 16
}

const limbs = new Uint16Array(8)

/** Puts the magnitude into eight limbs, most significant first; true when the value is negative. */
function loadLimbs(source: Uint8Array, at: number, { length, little, signed }: BinarySpec): boolean {
  const byte = (fromRight: number) =>
    fromRight >= length ? 0 : (source[little ? at + fromRight : at + length - 1 - fromRight] as number)
  const negative = signed && byte(length - 1) >= 0x80
  for (let i = 0; i < 8; i++) limbs[7 - i] = byte(2 * i) | (byte(2 * i + 1) << 8)
  if (!negative) return false
  const used = (length + 1) >> 1
  let carry = 1
  for (let i = 7; i >= 8 - used; i--) {
    const inverted = (~(limbs[i] as number) & (length % 2 && i === 8 - used ? 0xff : 0xffff)) + carry
    limbs[i] = inverted
    carry = inverted > 0xffff ? 1 : 0
  }
  return true
}

function stageLimbs(): number {
  for (let end = width; end > 0; end -= 4) {
    let remainder = 0
    for (let i = 0; i < 8; i++) {
      const value = remainder * 0x10000 + (limbs[i] as number)
      const quotient = Math.floor(value / 10000)
      limbs[i] = quotient
      remainder = value - quotient * 10000
    }
    for (let i = end - 1; i >= end - 4; i--) {
      const next = Math.floor(remainder / 10)
      stage[i] = remainder - next * 10
      remainder = next
    }
  }
  return width
}

function writeBinary(value: string, out: Uint8Array, at: number, spec: BinarySpec): Refused {
  const { length, little, signed, scale, cut, digits, capacity } = spec
  const count = cut ? Math.min(digits, capacity) : capacity
  const verdict = parseDecimal(value, { digits: count, scale, signed })
  if (verdict !== refused.none) return verdict
  let rest = 0n
  let small = 0
  if (count <= 15) for (let i = 0; i < count; i++) small = small * 10 + (stage[i] as number)
  else for (let i = 0; i < count; i++) rest = rest * 10n + BigInt(stage[i] as number)
  if (count <= 15) rest = BigInt(small)
  const bits = 8 * length
  const limit = signed ? 1n << BigInt(bits - 1) : 1n << BigInt(bits)
  if (parsed.negative ? rest > limit : rest >= limit) return refused.tooLarge
  if (parsed.negative) rest = (1n << BigInt(bits)) - rest
  for (let i = length - 1; i >= 0; i--) {
    out[little ? at + length - 1 - i : at + i] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return refused.none
}
