// Decimal text ⇄ digits. The stage holds one digit (0–9) a byte, most significant first; nothing goes through Number or BigInt.

import { type Refused, refused, type Trace } from './kind.ts'

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
  if (first === count) {
    if (negative) trace.residue = true
  } else if (negative) out[to++] = MINUS
  const whole = count - scale
  if (whole <= 0) {
    out[to++] = ZERO
    out[to++] = POINT
    for (let i = whole; i < 0; i++) out[to++] = ZERO
    for (let i = 0; i < count; i++) out[to++] = ZERO + (stage[i] as number)
    return to
  }
  if (scale <= 0) {
    if (first === count) {
      out[to++] = ZERO
      return to
    }
    for (let i = first; i < count; i++) out[to++] = ZERO + (stage[i] as number)
    for (let i = scale; i < 0; i++) out[to++] = ZERO
    return to
  }
  if (first >= whole) first = whole - 1
  for (let i = first; i < whole; i++) out[to++] = ZERO + (stage[i] as number)
  out[to++] = POINT
  for (let i = whole; i < count; i++) out[to++] = ZERO + (stage[i] as number)
  return to
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
  let point = text.indexOf('.')
  if (point < 0) point = length
  else if (point === length - 1) return refused.notANumber
  if (point === start || length > 400) return refused.notANumber
  if (text.charCodeAt(start) === ZERO && point > start + 1) return refused.notANumber
  stage.fill(0, 0, digits)
  let zero = true
  // The place of the first whole digit in the stage; one more to the right with each character.
  let place = digits - scale - (point - start)
  let verdict: Refused = refused.none
  for (let i = start; i < length; i++) {
    if (i === point) continue
    const digit = text.charCodeAt(i) - ZERO
    if (digit < 0 || digit > 9) return refused.notANumber
    if (digit !== 0) {
      zero = false
      if (place < 0) verdict = refused.tooLarge
      else if (place >= digits) verdict ||= refused.tooPrecise
      else stage[place] = digit
    }
    place++
  }
  parsed.negative = start === 1 && !zero
  if (verdict !== refused.none) return verdict
  return parsed.negative && !signed ? refused.negative : refused.none
}
