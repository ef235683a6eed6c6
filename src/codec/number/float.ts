// COMP-1 and COMP-2. IBM hexadecimal floating point: bit 0 sign, bits 1–7 characteristic c (excess 64, base 16), then a fraction F of 24 or 56 bits:
//     value = (-1)^sign · F / 2^24 (2^56) · 16^(c - 64)            -118.625 = C2 76 A0 00
// IEEE 754 where the compiler option or the platform says so. The value in JSON is the shortest decimal that gives the same bits back.

import { byteAt } from '../../codepage/element.ts'
import { classOfByte } from '../kind/bytes.ts'
import { type Finding, type Kind, type Refused, refused } from '../kind/kind.ts'

/** A decimal as an integer times a power of ten. */
interface ScaledInteger {
  readonly negative: boolean
  readonly digits: bigint
  readonly exponent: number
}

interface FloatFormat {
  /** Shortest decimal of the bits (big-endian); undefined where they are no number. */
  readonly toText: (bits: bigint) => string | undefined
  /** The bits that are written for the same number. */
  readonly canonical: (bits: bigint) => bigint
  /** Bits of the nearest number; undefined where it is out of range. */
  readonly toBits: (decimal: ScaledInteger) => bigint | undefined
}

/** A floating-point item of 4 or 8 bytes. */
export function float(length: number, format: 'HFP' | 'IEEE', little: boolean): Kind {
  const { toText, canonical, toBits } = format === 'HFP' ? hexadecimal(length) : ieee(length)
  const view = new DataView(new ArrayBuffer(length))
  const load = (source: Uint8Array, at: number): bigint => {
    for (let i = 0; i < length; i++) view.setUint8(little ? length - 1 - i : i, byteAt(source, at + i))
    return length === 8 ? view.getBigUint64(0) : BigInt(view.getUint32(0))
  }
  const write = (value: string, out: Uint8Array, at: number): Refused => {
    const decimal = parse(value)
    if (!decimal) return refused.notANumber
    let bits = toBits(decimal)
    if (bits === undefined) return refused.tooLarge
    for (let i = length - 1; i >= 0; i--) {
      out[little ? at + length - 1 - i : at + i] = Number(bits & 0xffn)
      bits >>= 8n
    }
    return refused.none
  }
  return {
    length,
    shape: { type: 'float' },
    maximumText: 40,
    plain: true,
    read: (source, at, trace) => {
      const bits = load(source, at)
      if (canonical(bits) !== bits) trace.residue = true
      return toText(bits)
    },
    write,
    initial: new Uint8Array(length),
    explain: (source, at): Finding => ({
      index: 0,
      expected: 'a finite number',
      found: classOfByte(source[at]) === 'HIGH-VALUE' ? 'HIGH-VALUE' : 'infinity or no number',
    }),
  }
}

const longest = 60

function parse(text: string): ScaledInteger | undefined {
  if (text.length > longest) return undefined
  const [all, sign, whole = '', decimals = '', exponent = '0'] =
    /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:e([+-]?\d{1,3}))?$/i.exec(text) ?? []
  if (all === undefined) return undefined
  return { negative: sign === '-', digits: BigInt(whole + decimals), exponent: Number(exponent) - decimals.length }
}

/** `digits` · 10^(`point` - number of digits), written as JavaScript writes numbers. */
function format(negative: boolean, digits: string, point: number): string {
  const trimmed = digits.replace(/0+$/, '')
  const count = trimmed.length
  const sign = negative ? '-' : ''
  if (point > 21 || point < -5) {
    const rest = count > 1 ? `.${trimmed.slice(1)}` : ''
    return `${sign}${trimmed[0]}${rest}e${point > 0 ? '+' : '-'}${Math.abs(point - 1)}`
  }
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${trimmed}`
  if (point >= count) return sign + trimmed + '0'.repeat(point - count)
  return `${sign}${trimmed.slice(0, point)}.${trimmed.slice(point)}`
}

/** Quotient to the nearest, a tie to the even one. */
function roundedQuotient(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator
  const twice = 2n * (numerator - quotient * denominator)
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n)
  return up ? quotient + 1n : quotient
}

const powers: bigint[] = []

function ten(exponent: number): bigint {
  const power = powers[exponent] ?? 10n ** BigInt(exponent)
  powers[exponent] = power
  return power
}

function hexadecimal(length: number): FloatFormat {
  const fractionBits = 8 * length - 8
  const most = length === 4 ? 9 : 18
  const signBit = 1n << BigInt(8 * length - 1)

  const toBits = ({ negative, digits, exponent }: ScaledInteger): bigint | undefined => {
    if (digits === 0n) return 0n
    const numerator = exponent > 0 ? digits * ten(exponent) : digits
    const denominator = exponent < 0 ? ten(-exponent) : 1n
    // The least c for which the value is below 16^(c - 64).
    let c = 64 + Math.ceil((bitLength(numerator) - bitLength(denominator) - 1) / 4)
    while (c <= 128 && !belowPower16(numerator, denominator, c - 64)) c++
    if (c > 127) return undefined
    if (c < 0) c = 0
    let fraction = fractionAt(numerator, denominator, c, fractionBits)
    if (fraction >> BigInt(fractionBits) !== 0n) {
      c++
      fraction = fractionAt(numerator, denominator, c, fractionBits)
    }
    if (c > 127 || fraction === 0n) return undefined
    return (negative ? signBit : 0n) | (BigInt(c) << BigInt(fractionBits)) | fraction
  }

  const least = 1n << BigInt(fractionBits - 4)
  const canonical = (bits: bigint): bigint => {
    let fraction = bits & (16n * least - 1n)
    if (fraction === 0n) return 0n
    let c = (bits & (signBit - 1n)) >> BigInt(fractionBits)
    for (; fraction < least && c > 0n; c--) fraction <<= 4n
    return (bits & signBit) | (c << BigInt(fractionBits)) | fraction
  }

  const toText = (bits: bigint): string => {
    const normal = canonical(bits)
    const fraction = normal & (16n * least - 1n)
    if (fraction === 0n) return '0'
    const negative = (normal & signBit) !== 0n
    const shift = 4 * (Number((normal >> BigInt(fractionBits)) & 0x7fn) - 64) - fractionBits
    const unit = shift > 0 ? 1n << BigInt(shift) : 1n
    const value: Rational = { numerator: fraction * unit, denominator: shift < 0 ? 1n << BigInt(-shift) : 1n }
    const point = pointOf(value, Math.log10(Number(fraction)) + shift * Math.log10(2))
    const isRead = (digits: bigint, count: number): boolean => {
      const distance = distanceOf(value, digits, count - point, unit)
      // Below a power of sixteen, the next number is sixteen times nearer.
      if (distance === 'near' || (distance === 'near below' && fraction !== least)) return true
      return distance !== 'far' && toBits({ negative, digits, exponent: point - count }) === normal
    }
    /** Of so many digits: the nearest decimal, or the one above it where only numbers below are so near. */
    const shortest = (count: number): bigint | undefined => {
      const digits = digitsOf(value, point, count)
      if (isRead(digits, count)) return digits
      return fraction === least && isRead(digits + 1n, count) ? digits + 1n : undefined
    }
    // What fewer digits say, more can say too, so the fewest that give the bits back are found by halving.
    let [low, high] = [1, most]
    while (low < high) {
      const middle = (low + high) >> 1
      if (shortest(middle) !== undefined) high = middle
      else low = middle + 1
    }
    return text(shortest(low) ?? digitsOf(value, point, most), low, point, negative)
  }
  return { toText, canonical, toBits }
}

interface Rational {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** Whether digits · 10^-scale is less than half a unit away from a value, or more; a unit is `unit` / denominator. */
function distanceOf({ numerator, denominator }: Rational, digits: bigint, scale: number, unit: bigint) {
  const up = ten(Math.max(scale, 0))
  const twice = 2n * (digits * denominator * ten(Math.max(-scale, 0)) - numerator * up)
  const size = unit * up
  if (twice < 0n) return -twice < size ? 'near below' : -twice > size ? 'far' : 'between'
  return twice < size ? 'near' : twice > size ? 'far' : 'between'
}

function text(digits: bigint, count: number, point: number, negative: boolean): string {
  const written = digits.toString()
  return format(negative, written, point + written.length - count)
}

const bitLength = (value: bigint): number => value.toString(2).length

/** value < 16^exponent */
function belowPower16(numerator: bigint, denominator: bigint, exponent: number): boolean {
  const shift = BigInt(Math.abs(4 * exponent))
  return exponent >= 0 ? numerator < denominator << shift : numerator << shift < denominator
}

/** round(value / 16^(c - 64) · 2^bits) */
function fractionAt(numerator: bigint, denominator: bigint, c: number, bits: number): bigint {
  const shift = bits - 4 * (c - 64)
  return shift >= 0
    ? roundedQuotient(numerator << BigInt(shift), denominator)
    : roundedQuotient(numerator, denominator << BigInt(-shift))
}

/** The power of ten just above the value: value = 0.d… · 10^point. `logarithm` is nearly the value's. */
function pointOf({ numerator, denominator }: Rational, logarithm: number): number {
  let point = Math.ceil(logarithm)
  while (below(numerator, denominator, point)) point--
  while (!below(numerator, denominator, point)) point++
  return point
}

/** value < 10^point */
function below(numerator: bigint, denominator: bigint, point: number): boolean {
  return point >= 0 ? numerator < denominator * ten(point) : numerator * ten(-point) < denominator
}

function digitsOf({ numerator, denominator }: Rational, point: number, count: number): bigint {
  const shift = count - point
  return shift >= 0
    ? roundedQuotient(numerator * ten(shift), denominator)
    : roundedQuotient(numerator, denominator * ten(-shift))
}

/** The next decimal of as many digits, away from zero: -1.25e-7 → -126e-9. */
function farther(exponential: string): string {
  const [mantissa = '', exponent = ''] = exponential.split('e')
  const decimals = mantissa.split('.')[1]?.length ?? 0
  const digits = Number(mantissa.replace('.', ''))
  return `${digits + Math.sign(digits)}e${Number(exponent) - decimals}`
}

function ieee(length: number): FloatFormat {
  const view = new DataView(new ArrayBuffer(8))
  const numberOf = (bits: bigint): number => {
    if (length === 8) view.setBigUint64(0, bits)
    else view.setUint32(0, Number(bits))
    return length === 8 ? view.getFloat64(0) : view.getFloat32(0)
  }
  const bitsOf = (value: number): bigint => {
    if (length === 8) view.setFloat64(0, value)
    else view.setFloat32(0, value)
    return length === 8 ? view.getBigUint64(0) : BigInt(view.getUint32(0))
  }
  const signBit = 1n << BigInt(8 * length - 1)
  return {
    canonical: (bits) => (bits === signBit ? 0n : bits),
    toText: (bits) => {
      const value = numberOf(bits)
      if (!Number.isFinite(value)) return undefined
      if (value === 0) return '0'
      if (length === 8) return String(value)
      // Below a power of two, the next number is twice as near.
      const isPower = (bits & 0x7fffffn) === 0n
      for (let count = 1; count < 9; count++) {
        const near = value.toExponential(count - 1)
        const short = [near, ...(isPower ? [farther(near)] : [])].map(Number).find((one) => Math.fround(one) === value)
        if (short !== undefined) return String(short)
      }
      return String(Number(value.toExponential(8)))
    },
    toBits: ({ negative, digits, exponent }) => {
      const value = Number(`${digits}e${exponent}`)
      const stored = length === 8 ? value : Math.fround(value)
      if (!Number.isFinite(stored) || (stored === 0 && digits !== 0n)) return undefined
      return bitsOf(negative && stored !== 0 ? -stored : stored)
    },
  }
}
