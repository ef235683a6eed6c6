// The texts of a decimal that a schema takes: its pattern, its greatest length, and its bounds as numbers.
//
//   S9(3)V99 COMP-3   ^-?(0|[1-9][0-9]{0,2})\.[0-9]{2}$      as many digits as the PICTURE has
//   9(4) COMP-5       ^(0|[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$      what two bytes hold

import type { DecimalShape } from './kind/kind.ts'

/** Regular expression and greatest length of a decimal string. */
export function decimalPattern(shape: DecimalShape): { pattern: string; maxLength: number } {
  const { digits, scale, signed, most } = shape
  const whole = digits - Math.max(0, scale)
  const length = Math.max(1, whole) + Math.max(0, -scale) + (scale > 0 ? 1 + scale : 0)
  const maxLength = length + (signed ? 1 : 0)
  if (most === undefined) return { pattern: `^${signed ? '-?' : ''}${unboundedTexts(shape)}$`, maxLength }
  const texts = boundedTexts(most, scale)
  if (!signed) return { pattern: `^${texts}$`, maxLength }
  const least = patternOf(pointed(String(BigInt(most) + 1n), scale))
  return { pattern: `^(-?${texts}|-${least})$`, maxLength }
}

/** Least and greatest value as JSON numbers. Exact up to 15 digits. */
export function decimalBounds({ digits, scale, signed, most }: DecimalShape): { minimum: number; maximum: number } {
  const value = (unscaled: string) => Number(`${unscaled}e${-scale}`)
  const maximum = most ?? '9'.repeat(digits)
  const least = most === undefined ? maximum : String(BigInt(most) + 1n)
  return { minimum: signed ? -value(least) : 0, maximum: value(maximum) }
}

/** Any digits. */
function unboundedTexts({ digits, scale }: DecimalShape): string {
  const whole = digits - Math.max(0, scale)
  const zeros = scale < 0 ? `0{${-scale}}` : ''
  const integer =
    whole <= 0 ? '0' : zeros === '' && whole === 1 ? '[0-9]' : `(0|[1-9]${anyDigits(0, whole - 1)}${zeros})`
  const leading = scale > digits ? `0{${scale - digits}}` : ''
  const decimals = scale > 0 ? `\\.${leading}[0-9]{${Math.min(scale, digits)}}` : ''
  return `${integer}${decimals}`
}

/** The texts from zero to `most`, which is given without its point: those with fewer whole digits, then one alternative for each digit that is less. */
function boundedTexts(most: string, scale: number): string {
  const whole = most.length - Math.max(0, scale)
  const decimals = scale > 0 ? `\\.[0-9]{${scale}}` : ''
  const zeros = scale < 0 ? `0{${-scale}}` : ''
  const fewer = whole > 1 ? [`0${decimals}`, `[1-9]${anyDigits(0, whole - 2)}${zeros}${decimals}`] : []
  const equal = [...most].flatMap((digit, index) => {
    const least = index === 0 && whole > 1 ? 1 : 0
    const last = index === most.length - 1
    const greatest = Number(digit) - (last ? 0 : 1)
    if (greatest < least) return []
    const choice = least === greatest ? String(least) : `[${least}-${greatest}]`
    return [patternOf(pointed(`${most.slice(0, index)}#${most.slice(index + 1).replace(/./g, '*')}`, scale), choice)]
  })
  return `(${[...fewer, ...equal].join('|')})`
}

/** The digits with their point: 12345 is 123.45, 0.0012345, 1234500. */
function pointed(unscaled: string, scale: number): string {
  if (scale <= 0) return unscaled + '0'.repeat(-scale)
  const all = unscaled.padStart(scale + 1, '0')
  return `${all.slice(0, -scale)}.${all.slice(-scale)}`
}

/** A regular expression for a text in which `#` is a choice of digits and `*` any digit. */
function patternOf(text: string, choice = ''): string {
  return text
    .replace('.', '\\.')
    .replace('#', choice)
    .replace(/\*+/g, ({ length }) => anyDigits(length, length))
}

function anyDigits(least: number, most: number): string {
  if (most === 0) return ''
  if (least < most) return `[0-9]{${least},${most}}`
  return most === 1 ? '[0-9]' : `[0-9]{${most}}`
}
