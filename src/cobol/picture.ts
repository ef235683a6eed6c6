// PICTURE: from the character-string to category, digits, scale and positions.

import type { FactsOf } from '../error/failure.ts'
import type { Category, CompilerOptions, Picture } from './layout.ts'
import type { CopybookCode } from './mistakes.ts'

/** A character of a picture and how often it stands there; CR and DB are one symbol. */
export interface PictureSymbol {
  readonly symbol: string
  readonly count: number
  /** Index in the picture's text. */
  readonly at: number
}

/** Told about each mistake: the code, its facts, and the index in the picture's text. */
export type PictureComplaint = <C extends CopybookCode>(code: C, facts: FactsOf<C>, at: number) => void

/** Finds the value of a constant used as a repeat, for example `X(NAME-LENGTH)`. */
export type ConstantOf = (name: string) => number | undefined

/** Longest picture before expansion, in characters (IBM Language Reference, PICTURE clause). */
const TEXT_LIMIT = 50
const COUNT_LIMIT = 1_000_000_000
const PLAIN = 'ABEGNPSUVXZ9'

/** Analyses a picture. Undefined after a mistake, which `complain` was told. */
export function analysePicture(
  text: string,
  options: CompilerOptions,
  constant: ConstantOf,
  complain: PictureComplaint,
): Picture | undefined {
  let mistaken = false
  const report: PictureComplaint = (code, facts, at) => {
    mistaken = true
    complain(code, facts, at)
  }
  if (options.dialect === 'ibm' && text.length > TEXT_LIMIT) report('PICTURE_TOO_LONG', { limit: TEXT_LIMIT }, 0)
  const symbols = readSymbols(text, options, constant, report)
  if (mistaken) return undefined
  const category = categoryOf(symbols)
  if (category === undefined) {
    report('PICTURE_MIXED', { picture: text }, 0)
    return undefined
  }
  if (NUMBERS.has(category)) checkNumber(symbols, category, options, report)
  const measures = measure(symbols, category, options)
  if (measures.positions === 0) report('PICTURE_NO_POSITION', { picture: text }, 0)
  checkDigits(symbols, measures.digits, category, options, report)
  if (mistaken) return undefined
  const size = symbols.reduce((sum, { count }) => sum + count, 0)
  const expanded =
    size > COUNT_LIMIT / 4 ? text : symbols.reduce((written, { symbol, count }) => written + symbol.repeat(count), '')
  return { text, expanded, category, signed: isSigned(symbols, category), ...measures }
}

const NUMBERS: ReadonlySet<Category> = new Set<Category>(['numeric', 'numeric-edited', 'external-float'])

/** The currency symbol of pictures: the sign itself when it is one character, else `$`. */
export function currencySymbol({ currencySign, currencySymbol }: CompilerOptions): string {
  return (currencySymbol ?? (currencySign.length === 1 ? currencySign : '$')).toUpperCase()
}

function readSymbols(
  text: string,
  options: CompilerOptions,
  constant: ConstantOf,
  report: PictureComplaint,
): PictureSymbol[] {
  const upper = text.toUpperCase()
  const known = `${PLAIN}0/,.+-*${currencySymbol(options)}`
  const symbols: PictureSymbol[] = []
  let at = 0
  while (at < upper.length) {
    const pair = upper.slice(at, at + 2)
    const symbol = pair === 'CR' || pair === 'DB' ? pair : upper.charAt(at)
    if (symbol.length === 1 && !known.includes(symbol)) {
      report('PICTURE_CHARACTER_UNKNOWN', { character: text.charAt(at) }, at)
      return symbols
    }
    const start = at
    at += symbol.length
    let count = 1
    if (upper.charAt(at) === '(') {
      const close = upper.indexOf(')', at)
      const repeat =
        close < 0 ? { problem: 'has no closing parenthesis' } : readRepeat(upper.slice(at + 1, close), constant)
      if (typeof repeat !== 'number') {
        report('PICTURE_REPEAT_INVALID', repeat, at)
        return symbols
      }
      count = repeat
      at = close + 1
    }
    const last = symbols.at(-1)
    if (last?.symbol === symbol) symbols[symbols.length - 1] = { ...last, count: last.count + count }
    else symbols.push({ symbol, count, at: start })
  }
  return symbols
}

function readRepeat(text: string, constant: ConstantOf): number | { problem: string } {
  const repeat = text.trim()
  const count = /^\d+$/.test(repeat) ? Number(repeat) : constant(repeat)
  if (count === undefined) return { problem: `'${repeat}' is neither a number nor a constant` }
  if (count < 1) return { problem: 'is less than 1' }
  if (count > COUNT_LIMIT) return { problem: 'is too large' }
  return count
}

/** The first row whose characters are all that a picture holds, at least one of `needs` among them, gives the category. */
const CATEGORIES: readonly { readonly category: Category; readonly of: string; readonly needs: string }[] = [
  { category: 'alphabetic', of: 'A', needs: 'A' },
  { category: 'alphanumeric', of: 'AX9', needs: 'AX' },
  { category: 'alphanumeric-edited', of: 'AX9B0/', needs: 'AX' },
  { category: 'national', of: 'N', needs: 'N' },
  { category: 'national-edited', of: 'NB0/', needs: 'N' },
  { category: 'dbcs', of: 'G', needs: 'G' },
  { category: 'dbcs-edited', of: 'GB', needs: 'G' },
  { category: 'utf-8', of: 'U', needs: 'U' },
  { category: 'external-float', of: '+-9.,VE', needs: 'E' },
  { category: 'numeric', of: '9SVP', needs: '9SVP' },
]

function categoryOf(symbols: readonly PictureSymbol[]): Category | undefined {
  const only = (set: string) => symbols.every(({ symbol }) => set.includes(symbol))
  const has = (set: string) => symbols.some(({ symbol }) => set.includes(symbol))
  const row = CATEGORIES.find(({ of, needs }) => only(of) && has(needs))
  return row?.category ?? (has('AXNGUE') ? undefined : 'numeric-edited')
}

function isSigned(symbols: readonly PictureSymbol[], category: Category): boolean {
  if (category === 'numeric') return symbols.some(({ symbol }) => symbol === 'S')
  return NUMBERS.has(category) && symbols.some(({ symbol }) => '+-CRDB'.includes(symbol) && symbol !== 'B')
}

interface Measures {
  readonly digits: number
  readonly scale: number
  readonly positions: number
}

/** Symbols whose first occurrence is a place for the sign or currency and whose others are digits. */
function floating(symbols: readonly PictureSymbol[], currency: string): string | undefined {
  return repeated(symbols, currency)[0]
}

/** The signs and the currency symbol, as far as they stand more than once. */
function repeated(symbols: readonly PictureSymbol[], currency: string): string[] {
  return ['+', '-', currency].filter((sign) => {
    const count = symbols.reduce((sum, { symbol, count }) => (symbol === sign ? sum + count : sum), 0)
    return count > 1
  })
}

function measure(symbols: readonly PictureSymbol[], category: Category, options: CompilerOptions): Measures {
  let positions = 0
  for (const { symbol, count } of symbols) positions += 'VSP'.includes(symbol) ? 0 : symbol.length * count
  if (symbols.some(({ symbol }) => symbol === currencySymbol(options))) positions += options.currencySign.length - 1
  const number = NUMBERS.has(category) ? measureNumber(mantissa(symbols), category, options) : { digits: 0, scale: 0 }
  return { ...number, positions }
}

function measureNumber(
  symbols: readonly PictureSymbol[],
  category: Category,
  options: CompilerOptions,
): Pick<Measures, 'digits' | 'scale'> {
  const point = options.decimalPointIsComma ? ',' : '.'
  const float = category === 'numeric-edited' ? floating(symbols, currencySymbol(options)) : undefined
  const pointAt = symbols.findIndex(({ symbol }) => symbol === 'V' || symbol === point)
  const scalingAt = symbols.findIndex(({ symbol }) => symbol === 'P')
  const firstFloat = symbols.findIndex(({ symbol }) => symbol === float)
  // The sign or currency itself takes the first place of a floating string.
  const stored = symbols.map(({ symbol, count }, index) => {
    if (symbol === float) return index === firstFloat ? count - 1 : count
    return '9Z*'.includes(symbol) ? count : 0
  })
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
  const digits = sum(stored)
  const scaling = symbols[scalingAt]?.count ?? 0
  if (scaling === 0) return { digits, scale: pointAt < 0 ? 0 : sum(stored.slice(pointAt)) }
  // P left of all digits puts the decimal point left of itself: VPP9(3) is 0.00ddd.
  const left = sum(stored.slice(0, scalingAt)) === 0
  return { digits, scale: left ? scaling + digits : -scaling }
}

/** The symbols before an E; the exponent adds no digits. */
function mantissa(symbols: readonly PictureSymbol[]): readonly PictureSymbol[] {
  const exponent = symbols.findIndex(({ symbol }) => symbol === 'E')
  return exponent < 0 ? symbols : symbols.slice(0, exponent)
}

function checkDigits(
  symbols: readonly PictureSymbol[],
  stored: number,
  category: Category,
  options: CompilerOptions,
  report: PictureComplaint,
): void {
  if (!NUMBERS.has(category)) return
  const digits = symbols.reduce((sum, { symbol, count }) => (symbol === 'P' ? sum + count : sum), stored)
  const ibm = options.dialect === 'ibm'
  const limit = category === 'external-float' ? 16 : !ibm ? 38 : options.arith === 'EXTEND' ? 31 : 18
  if (digits <= limit) return
  const option =
    category === 'external-float'
      ? 'a floating-point picture'
      : ibm
        ? `ARITH(${options.arith})`
        : `dialect ${options.dialect}`
  report('DIGITS_TOO_MANY', { digits, limit, option }, 0)
}

/** Rules on the order and number of symbols of a numeric, numeric-edited or floating-point picture. */
function checkNumber(
  symbols: readonly PictureSymbol[],
  category: Category,
  options: CompilerOptions,
  report: PictureComplaint,
): void {
  const point = options.decimalPointIsComma ? ',' : '.'
  const once = ['S', 'V', point, 'CR', 'DB', 'E']
  for (const symbol of once) {
    const found = symbols.filter((candidate) => candidate.symbol === symbol)
    const second = found[1] ?? (found[0] && found[0].count > 1 ? found[0] : undefined)
    if (second) report('PICTURE_TWICE', { character: symbol }, second.at)
  }
  const points = symbols.filter(({ symbol }) => symbol === 'V' || symbol === point)
  if (points.length > 1 && points[0]?.symbol !== points[1]?.symbol) {
    report(
      'PICTURE_ORDER',
      { character: points[1]?.symbol ?? '', rule: 'a picture has one decimal point' },
      points[1]?.at ?? 0,
    )
  }
  symbols.forEach(({ symbol, at }, index) => {
    if (symbol === 'S' && index > 0) report('PICTURE_ORDER', { character: 'S', rule: 'S is the first character' }, at)
    if ((symbol === 'CR' || symbol === 'DB') && index < symbols.length - 1) {
      report('PICTURE_ORDER', { character: symbol, rule: 'it is the last character' }, at)
    }
  })
  checkScaling(symbols, report)
  if (category === 'numeric-edited') checkEdited(symbols, options, report)
  if (category === 'external-float') checkFloat(symbols, report)
}

/** P stands only at the far left (after S and V) or at the far right (before V), in one stretch. */
function checkScaling(symbols: readonly PictureSymbol[], report: PictureComplaint): void {
  const scaling = symbols.filter(({ symbol }) => symbol === 'P')
  const [first, second] = scaling
  if (first === undefined) return
  if (second) report('PICTURE_ORDER', { character: 'P', rule: 'P stands on one side of the digits' }, second.at)
  const isDigit = ({ symbol }: PictureSymbol) => '9Z*+-$'.includes(symbol)
  const index = symbols.indexOf(first)
  const left = symbols.slice(0, index).some(isDigit)
  const right = symbols.slice(index + 1).some(isDigit)
  if (left && right) report('PICTURE_ORDER', { character: 'P', rule: 'P stands left or right of all digits' }, first.at)
  const point = symbols.findIndex(({ symbol }) => symbol === 'V')
  if (point >= 0 && Math.abs(point - index) !== 1) {
    report('PICTURE_ORDER', { character: 'P', rule: 'V stands next to P' }, first.at)
  } else if (point >= 0 && ((left && point < index) || (right && point > index))) {
    report('PICTURE_ORDER', { character: 'P', rule: 'V stands on the outer side of P' }, first.at)
  }
}

function checkEdited(symbols: readonly PictureSymbol[], options: CompilerOptions, report: PictureComplaint): void {
  const currency = currencySymbol(options)
  const float = floating(symbols, currency)
  const find = (wanted: string) => symbols.find(({ symbol }) => symbol === wanted)
  const s = find('S')
  if (s) report('PICTURE_ORDER', { character: 'S', rule: 'an edited picture shows its sign with + - CR or DB' }, s.at)
  const signs = ['+', '-', 'CR', 'DB'].flatMap((sign) => find(sign) ?? [])
  const second = signs[1]
  if (second) report('PICTURE_ORDER', { character: second.symbol, rule: 'a picture has one kind of sign' }, second.at)
  const stars = find('*')
  if (stars && find('Z')) report('PICTURE_ORDER', { character: '*', rule: 'Z and * do not go together' }, stars.at)
  const suppressors = new Set([...'Z*', ...(float === undefined ? [] : [float])])
  if (float !== undefined && (find('Z') ?? stars)) {
    report('PICTURE_ORDER', { character: float, rule: 'a floating sign does not go with Z or *' }, find(float)?.at ?? 0)
  }
  const other = repeated(symbols, currency)[1]
  if (other)
    report('PICTURE_ORDER', { character: other, rule: 'one symbol floats, others stand once' }, find(other)?.at ?? 0)
  const digit = symbols.findIndex(({ symbol }) => symbol === '9')
  const late = symbols.find(({ symbol }, index) => digit >= 0 && index > digit && suppressors.has(symbol))
  if (late) report('PICTURE_ORDER', { character: late.symbol, rule: 'no suppressed digit follows a 9' }, late.at)
  const places = symbols.flatMap(({ symbol }, index) => ('9Z*'.includes(symbol) || symbol === float ? [index] : []))
  symbols.forEach(({ symbol, at }, index) => {
    const fixed = '+-'.includes(symbol) || symbol === currency
    const inside = index > (places[0] ?? 0) && index < (places.at(-1) ?? 0)
    if (fixed && symbol !== float && inside) {
      report('PICTURE_ORDER', { character: symbol, rule: 'it stands before or after all digits' }, at)
    }
  })
}

/** {+|-} mantissa E {+|-} 99 */
function checkFloat(symbols: readonly PictureSymbol[], report: PictureComplaint): void {
  const shape = symbols.map(({ symbol, count }) => `${symbol}${count}`).join(' ')
  const valid = /^[+-]1 (?:9\d+(?: [.,V]1(?: 9\d+)?)?|[.,V]1 9\d+) E1 [+-]1 92$/.test(shape)
  const e = symbols.find(({ symbol }) => symbol === 'E')
  if (!valid) report('PICTURE_ORDER', { character: 'E', rule: 'the form is +9(5).9(5)E+99' }, e?.at ?? 0)
}
