// Numeric editing by IBM's rules, with strings: prints everything, then takes back what is suppressed.
//   $$,$$9.99CR  0000512 −   $0,005.12CR  →      $5.12CR

import type { Picture } from '../../../src/cobol/layout.ts'
import { decimal } from './slow-numbers.ts'

/** One symbol of a picture, the digit that it has, and what it prints while nothing is suppressed. */
interface Place {
  readonly symbol: string
  readonly digit: string | undefined
  readonly prints: string
}

/** The number whose editing gives a text; blanks are zero wherever zero prints no digit. */
export function editedNumber(picture: Picture, text: string, blankWhenZero: boolean): string | undefined {
  const { digits, scale, signed } = picture
  const found = digitsIn(picture, text)
  for (const negative of signed ? [false, true] : [false]) {
    if (edited(picture, found, negative, blankWhenZero) === text) return decimal(found, scale, negative)
  }
  const zero = '0'.repeat(digits)
  const isBlank = /^ *$/.test(text) && !/\d/.test(edited(picture, zero, false, blankWhenZero))
  return isBlank ? decimal(zero, scale, false) : undefined
}

/** The characters at the places of digits; what is none is a suppressed zero, or wrong. */
function digitsIn(picture: Picture, text: string): string {
  const places = placesOf(picture, '0'.repeat(picture.digits), false)
  let at = 0
  let digits = ''
  for (const { digit, prints } of places) {
    const shown = text.slice(at, at + prints.length)
    if (digit !== undefined) digits += /^\d$/.test(shown) ? shown : '0'
    at += prints.length
  }
  return digits
}

/** `digits` are as many as the picture has. */
export function edited(picture: Picture, digits: string, negative: boolean, blankWhenZero: boolean): string {
  const places = placesOf(picture, digits, negative)
  const isZero = /^0*$/.test(digits)
  const isAllSuppressed = !places.some(({ symbol }) => symbol === '9')
  if (isZero && blankWhenZero) return ' '.repeat(widthOf(places))
  if (isZero && isAllSuppressed) return vanished(places)
  return suppressed(places, negative)
}

function placesOf({ expanded }: Picture, digits: string, negative: boolean): Place[] {
  const floating = floatingIn(expanded)
  const left = digits.split('')
  let isAnchored = false
  return (expanded.match(/CR|DB|./g) ?? []).map((symbol) => {
    if (symbol === floating && !isAnchored) {
      isAnchored = true
      return { symbol, digit: undefined, prints: ' ' }
    }
    if (symbol !== floating && !'9Z*'.includes(symbol)) {
      return { symbol, digit: undefined, prints: printed(symbol, negative) }
    }
    const digit = left.shift() ?? '0'
    return { symbol, digit, prints: digit }
  })
}

/** A sign or currency that stands more than once. */
const floatingIn = (expanded: string) => ['$', '+', '-'].find((symbol) => expanded.split(symbol).length > 2)

function printed(symbol: string, negative: boolean): string {
  if (symbol === '+') return negative ? '-' : '+'
  if (symbol === '-') return negative ? '-' : ' '
  if (symbol === 'CR' || symbol === 'DB') return negative ? symbol : '  '
  if (symbol === 'V' || symbol === 'P') return ''
  return symbol === 'B' ? ' ' : symbol
}

const widthOf = (places: readonly Place[]) => places.reduce((sum, { prints }) => sum + prints.length, 0)

/** Zero where no digit is a 9: nothing is left, of asterisks the point. */
function vanished(places: readonly Place[]): string {
  if (!places.some(({ symbol }) => symbol === '*')) return ' '.repeat(widthOf(places))
  return places.map(({ symbol, prints }) => (symbol === '.' ? '.' : '*'.repeat(prints.length))).join('')
}

/** Suppression begins at the first place for it, and stops at the first digit that is a 9 or not zero, or at the decimal point: . V or the P before. */
function suppressed(places: readonly Place[], negative: boolean): string {
  const floating = floatingIn(places.map(({ symbol }) => symbol).join(''))
  const isPlace = ({ symbol }: Place) => 'Z*'.includes(symbol) || symbol === floating
  const first = places.findIndex(isPlace)
  if (first < 0) return places.map(({ prints }) => prints).join('')
  const stop = places.findIndex(
    ({ symbol, digit }) => '9.VP'.includes(symbol) || (digit !== undefined && digit !== '0'),
  )
  const fill = places[first]?.symbol === '*' ? '*' : ' '
  const shown = places.map(({ prints }, at) => (at >= first && at < stop ? fill.repeat(prints.length) : prints))
  // What floats stands right before the rest, but not before its own first place.
  if (floating !== undefined) shown[Math.max(first, stop - 1)] = printed(floating, negative)
  return shown.join('')
}
