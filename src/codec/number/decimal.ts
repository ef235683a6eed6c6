// Decimal text ⇄ digits. The stage holds one digit (0–9) a byte, most significant first; nothing goes through Number or BigInt.

import { byteAt } from '../../codepage/element.ts'
import { type Refused, refused, type Trace } from '../kind/kind.ts'

/** How many digits a value has in storage and where its decimal point is. `scale` may be negative (9(3)PP) or above `digits` (VPP9). */
export interface DecimalSpec {
  readonly digits: number
  readonly scale: number
  readonly signed: boolean
}

/** Digits on their way between text and storage; as many as the widest binary has. */
export const stage = new Uint8Array(48)
/** What `parseDecimal` found beside the digits. */
export const parsed = { negative: false }

const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const QUOTE = 0x22

/**
 * Writes the decimal of `count` staged digits: `-1234.50`, `0.05`, `12300`. A negative zero has no sign and marks the trace.
 * Gives the new end.
 */
export function appendStaged(
  count: number,
  scale: number,
  negative: boolean,
  out: Uint8Array,
  from: number,
  trace: Trace,
): number {
  let to = from
  let first = 0
  while (first < count && stage[first] === 0) first++
  if (negative) {
    if (first === count) trace.residue = true
    else out[to++] = MINUS
  }
  const whole = count - scale
  if (whole <= 0) {
    out[to++] = ZERO
    out[to++] = POINT
    to = appendZeros(-whole, out, to)
    return appendDigits(0, count, out, to)
  }
  if (scale > 0) {
    to = appendDigits(first < whole ? first : whole - 1, whole, out, to)
    out[to++] = POINT
    return appendDigits(whole, count, out, to)
  }
  if (first === count) return appendZeros(1, out, to)
  return appendZeros(-scale, out, appendDigits(first, count, out, to))
}

function appendDigits(first: number, end: number, out: Uint8Array, from: number): number {
  let to = from
  for (let i = first; i < end; i++) out[to++] = ZERO + byteAt(stage, i)
  return to
}

function appendZeros(count: number, out: Uint8Array, from: number): number {
  for (let i = 0; i < count; i++) out[from + i] = ZERO
  return from + count
}

/** The most characters that `appendStaged` writes. */
export function decimalLength(count: number, scale: number): number {
  return 3 + Math.max(count, scale, count - scale)
}

/**
 * Reads `-1234.50` into the stage as exactly `digits` digits aligned by the scale. Refuses what is no plain decimal, and what does not fit:
 * nothing is cut, neither at the front nor at the back. The sign goes to `parsed`; a negative zero is zero.
 */
export function parseDecimal(text: string, { digits, scale, signed }: DecimalSpec): Refused {
  const length = text.length
  const start = text.charCodeAt(0) === MINUS ? 1 : 0
  const dot = text.indexOf('.')
  const point = dot < 0 ? length : dot
  if (point === start || dot === length - 1 || length > longestDecimal) return refused.notANumber
  if (text.charCodeAt(start) === ZERO && point > start + 1) return refused.notANumber
  for (let i = 0; i < digits; i++) stage[i] = 0
  // The place of the first whole digit in the stage; those behind the point follow it.
  const place = digits - scale - (point - start)
  misfit.seen = 0
  misfit.significant = 0
  if (!stageDigits(text, start, point, place, digits)) return refused.notANumber
  if (dot >= 0 && !stageDigits(text, point + 1, length, place + point - start, digits)) return refused.notANumber
  parsed.negative = start === 1 && misfit.significant !== 0
  if (misfit.seen !== 0) return misfit.seen & 1 ? refused.tooLarge : refused.tooPrecise
  return parsed.negative && !signed ? refused.negative : refused.none
}

/** Where the parts of a decimal in JSON begin; without a point it is -1. */
export const found = { start: 0, point: 0, negative: false }

/**
 * Looks over a decimal in JSON, in the one form that this codec writes: all decimals of the scale, no more digits than the item has, no zeros
 * in front. Only for scales from 0 to `digits`. Gives the position of the closing quote, or -1.
 */
export function scanDecimal(json: Uint8Array, from: number, { digits, scale, signed }: DecimalSpec): number {
  const negative = json[from] === MINUS
  const start = negative ? from + 1 : from
  const point = digitsEnd(json, start)
  const end = scale === 0 ? point : point + 1 + scale
  const whole = point - start
  if (whole > 1 ? json[start] === ZERO || whole > digits - scale : whole === 0) return -1
  // V99: the zero in front of the point is not stored.
  if (whole > digits - scale && json[start] !== ZERO) return -1
  if (scale > 0 && (json[point] !== POINT || digitsEnd(json, point + 1) !== end)) return -1
  if (json[end] !== QUOTE || (negative && (!signed || isZero(json, start, end)))) return -1
  found.start = start
  found.point = scale === 0 ? -1 : point
  found.negative = negative
  return end
}

function digitsEnd(json: Uint8Array, from: number): number {
  let at = from
  while (byteAt(json, at) >= ZERO && byteAt(json, at) <= 0x39) at++
  return at
}

function isZero(json: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (byteAt(json, i) > ZERO) return false
  return true
}

/** Bit 1: a digit in front of the stage, bit 2: one behind it; and the bits of all digits. */
const misfit = { seen: 0, significant: 0 }

/** No field has more characters; a longer text is not looked at. */
const longestDecimal = 400

function stageDigits(text: string, from: number, to: number, firstPlace: number, digits: number): boolean {
  let place = firstPlace
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - ZERO
    if (digit < 0 || digit > 9) return false
    misfit.significant |= digit
    if (place >= 0 && place < digits) stage[place] = digit
    else if (digit !== 0) misfit.seen |= place < 0 ? 1 : 2
    place++
  }
  return true
}

/** A number as a plain decimal, without the exponent that JavaScript writes for 1e-7. What is no number stays what it says. */
export function plainDecimal(value: number): string {
  const text = String(value)
  const [, sign = '', whole, decimals = '', exponent] = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(text) ?? []
  return whole === undefined ? text : `${sign}0.${'0'.repeat(Number(exponent) - 1)}${whole}${decimals}`
}
