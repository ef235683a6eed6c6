// The writers of decimals from JSON as JavaScript made for their very digits: what writePackedJson, writeZonedJson and writeBinaryJson do, with
// the digits gathered in two words on the one way over the text. S9(3)V99 COMP-3, -12.50" :  low = 0x1250D, out = 01 25 0D

import type { DecimalSpec } from './decimal.ts'

/** Words that a sum of digits is kept in, and how a digit is added. */
interface Sum {
  readonly words: string
  readonly add: string
  readonly isZero: string
}

/** Four bits a digit, up to sixteen. */
const nibbleSum = (count: number): Sum =>
  count <= 8
    ? { words: 'low = 0', add: 'low = low << 4 | digit', isZero: 'low === 0' }
    : {
        words: 'high = 0, low = 0',
        add: 'high = high << 4 | low >>> 28; low = low << 4 | digit',
        isZero: '(high | low) === 0',
      }

const numberSum: Sum = { words: 'value = 0', add: 'value = value * 10 + digit', isZero: 'value === 0' }

const bitsAt = (shift: number): string => (shift < 32 ? `low >>> ${shift}` : `high >>> ${shift - 32}`)

/** COMP-3 and COMP-6 of at most sixteen nibbles with the sign. */
export function packedWriteSource(spec: DecimalSpec, length: number, signNibble: boolean): string {
  const sum = nibbleSum(spec.digits + 1)
  const stores = Array.from({ length }, (_, i) => `out[at + ${i}] = ${bitsAt(8 * (length - 1 - i))}`)
  if (signNibble) stores.unshift(`digit = ${spec.signed ? '12 + minus' : '15'}`, sum.add)
  return program(spec, sum, stores)
}

/** Where a zoned decimal has its digits and its sign; -1 for none. */
interface ZonedPlaces {
  readonly from: number
  readonly separateAt: number
  readonly punchAt: number
  readonly zero: number
  readonly plus: number
  readonly minus: number
}

/** DISPLAY of at most sixteen digits, from a table `signs` (digit → the byte that has it and a plus, 10 + digit → a minus). */
export function zonedWriteSource(spec: DecimalSpec, places: ZonedPlaces): string {
  const { from, separateAt, punchAt, zero, plus, minus } = places
  const stores = Array.from({ length: spec.digits }, (_, i) => {
    const digit = `${bitsAt(4 * (spec.digits - 1 - i))} & 15`
    const isSigned = spec.signed && i === punchAt
    return `out[at + ${from + i}] = ${isSigned ? `signs[minus * 10 + (${digit})]` : `${zero} | ${digit}`}`
  })
  if (separateAt >= 0) stores.push(`out[at + ${separateAt}] = ${plus} + minus * ${minus - plus}`)
  return program(spec, nibbleSum(spec.digits), stores)
}

/** Two's complement of at most fifteen digits. */
export function binaryWriteSource(spec: DecimalSpec, length: number, little: boolean): string {
  const stores = Array.from({ length }, (_, right) => {
    return `out[at + ${little ? right : length - 1 - right}] = ${bitsAt(8 * right)}`
  })
  if (length > 4) stores.unshift('const high = Math.floor(value / 4294967296)')
  stores.unshift('const low = value | 0')
  if (spec.signed) stores.unshift('value *= 1 - 2 * minus')
  return program(spec, numberSum, stores)
}

/** The text is looked over as scanDecimal does. */
function program(
  { digits, scale, signed }: DecimalSpec,
  { words, add, isZero }: Sum,
  stores: readonly string[],
): string {
  const lines = [
    signed ? 'const minus = (json[from] ^ 45) - 1 >>> 31, first = from + minus' : 'const first = from',
    `let next = first, digit = 0, seen = 0, ${words}`,
    `while ((digit = json[next] ^ 48) < 10) { ${add}; next++ }`,
    wholeTest(digits - scale),
  ]
  if (scale > 0) lines.push('if (json[next] !== 46) return -1')
  for (let place = 1; place <= scale; place++) {
    lines.push(`digit = json[next + ${place}] ^ 48; seen |= digit + 6; ${add}`)
  }
  lines.push(`const end = next + ${scale > 0 ? scale + 1 : 0}`, 'if (seen > 15 || json[end] !== 34) return -1')
  if (signed) lines.push(`if (${isZero} && minus === 1) return -1`)
  return `return (json, from, out, at) => {\n  ${[...lines, ...stores].join('\n  ')}\n  return end\n}`
}

/** V99 has a zero in front of the point that is not stored. */
function wholeTest(whole: number): string {
  if (whole === 0) return 'if (next !== first + 1 || json[first] !== 48) return -1'
  if (whole === 1) return 'if (next !== first + 1) return -1'
  return `if (next === first || next > first + ${whole} || (json[first] === 48 && next > first + 1)) return -1`
}
