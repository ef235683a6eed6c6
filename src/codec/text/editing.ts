// Numeric editing by IBM's rules: fixed, floating and suppressing insertion, both ways.
//
// Symbols: 9 digit · Z * suppressed digit · $ + - one alone: sign or currency, several: floating · B 0 / , fixed insertion · . or V the point ·
// CR DB. The pieces of a picture are made once; editing walks them from left to right.

type Piece =
  /** A digit that is always printed. */
  | { readonly kind: 'digit' }
  /** A digit that leading zeros replace by the fill: Z by a blank, * by an asterisk; floating places by a blank. */
  | { readonly kind: 'suppressed'; readonly floating: boolean }
  /** The first of a floating string: room for the symbol only. */
  | { readonly kind: 'anchor' }
  | { readonly kind: 'insert'; readonly text: string }
  | { readonly kind: 'point' }
  /** V: no character. */
  | { readonly kind: 'virtual-point' }
  | { readonly kind: 'sign'; readonly plus: string; readonly minus: string }

export interface EditedPicture {
  readonly digits: number
  readonly scale: number
  readonly signed: boolean
  readonly pieces: readonly Piece[]
  readonly fill: ' ' | '*'
  /** What floats: the currency sign, or a sign. */
  readonly float: { readonly plus: string; readonly minus: string } | undefined
  readonly point: string
  /** Every digit place is suppressed or floating: zero prints nothing but fill. */
  readonly vanishing: boolean
  readonly blankWhenZero: boolean
  readonly length: number
}

export interface EditingOptions {
  readonly decimalPointIsComma: boolean
  /** The character of the picture, and the text that it prints. */
  readonly currencySymbol: string
  readonly currencySign: string
  readonly blankWhenZero: boolean
}

/** Analyses the expanded picture of a numeric-edited item (or of a numeric one that is blank when zero). */
export function editedPicture(expanded: string, options: EditingOptions): EditedPicture {
  const upper = expanded.toUpperCase()
  const { currencySymbol, currencySign } = options
  const floating = floatingSymbol(upper, currencySymbol)
  const pieces = piecesOf(upper, floating, options)
  const float = floating === undefined ? undefined : floatOf(floating, currencySign)
  const places = pieces.filter((one) => one.kind === 'digit' || one.kind === 'suppressed')
  const anchorWidth = float?.plus.length ?? 1
  return {
    pieces,
    ...countDigits(pieces, upper),
    signed: /[+-]|CR|DB/.test(upper),
    fill: upper.includes('*') ? '*' : ' ',
    float,
    point: options.decimalPointIsComma ? ',' : '.',
    vanishing: places.length > 0 && places.every((one) => one.kind === 'suppressed'),
    blankWhenZero: options.blankWhenZero,
    length: pieces.reduce((sum, one) => sum + (one.kind === 'anchor' ? anchorWidth : widthOf(one)), 0),
  }
}

function piecesOf(picture: string, floating: string | undefined, options: EditingOptions): Piece[] {
  const { decimalPointIsComma, currencySign, currencySymbol } = options
  const [point, comma] = decimalPointIsComma ? [',', '.'] : ['.', ',']
  const pieces: Piece[] = []
  let anchored = false
  for (let i = 0; i < picture.length; i++) {
    const symbol = picture[i] as string
    if (symbol === floating) {
      pieces.push(anchored ? { kind: 'suppressed', floating: true } : { kind: 'anchor' })
      anchored = true
    } else if (symbol === currencySymbol) pieces.push({ kind: 'insert', text: currencySign })
    else if (symbol === 'C' || symbol === 'D') {
      pieces.push({ kind: 'sign', plus: '  ', minus: symbol === 'C' ? 'CR' : 'DB' })
      i++
    } else pieces.push(pieceOf(symbol, point, comma))
  }
  return pieces
}

/** A symbol that stands at least twice, insertion characters between not counted, floats. */
function floatingSymbol(picture: string, currencySymbol: string): string | undefined {
  return [currencySymbol, '+', '-'].find((symbol) => picture.split(symbol).length > 2)
}

function floatOf(symbol: string, currencySign: string) {
  if (symbol === '+') return { plus: '+', minus: '-' }
  return symbol === '-' ? { plus: ' ', minus: '-' } : { plus: currencySign, minus: currencySign }
}

function pieceOf(symbol: string, point: string, comma: string): Piece {
  switch (symbol) {
    case '9':
      return { kind: 'digit' }
    case 'Z':
    case '*':
      return { kind: 'suppressed', floating: false }
    case 'B':
      return { kind: 'insert', text: ' ' }
    case '+':
      return { kind: 'sign', plus: '+', minus: '-' }
    case '-':
      return { kind: 'sign', plus: ' ', minus: '-' }
    case 'V':
    case 'P':
      return { kind: 'virtual-point' }
    case point:
      return { kind: 'point' }
    case comma:
      return { kind: 'insert', text: comma }
    default:
      return { kind: 'insert', text: symbol }
  }
}

function widthOf(piece: Piece): number {
  if (piece.kind === 'insert') return piece.text.length
  if (piece.kind === 'sign') return piece.plus.length
  return piece.kind === 'virtual-point' ? 0 : 1
}

function countDigits(pieces: readonly Piece[], picture: string): { digits: number; scale: number } {
  const isDigit = (one: Piece) => one.kind === 'digit' || one.kind === 'suppressed'
  const point = picture.includes('V')
    ? pieces.findIndex((one, i) => one.kind === 'virtual-point' && picture[i] === 'V')
    : pieces.findIndex((one) => one.kind === 'point')
  const digits = pieces.filter(isDigit).length
  const decimals = point < 0 ? 0 : pieces.slice(point).filter(isDigit).length
  const leading = /^[^9Z*]*P+/.exec(picture)?.[0].replace(/[^P]/g, '').length ?? 0
  const trailing = leading > 0 ? 0 : (picture.match(/P/g)?.length ?? 0)
  if (leading > 0) return { digits, scale: digits + leading }
  return { digits, scale: trailing > 0 ? -trailing : decimals }
}

/** The text of a number: `digits` as the picture has them, most significant first. */
export function edit(picture: EditedPicture, digits: Uint8Array, negative: boolean): string {
  const zero = digits.every((digit) => digit === 0)
  if (zero && (picture.blankWhenZero || (picture.vanishing && picture.fill === ' '))) return ' '.repeat(picture.length)
  if (zero && picture.vanishing) {
    return picture.pieces.map((one) => (one.kind === 'point' ? picture.point : '*'.repeat(widthOf(one)))).join('')
  }
  return printed(picture, digits, negative)
}

/** The text so far, and whether leading zeros are still suppressed. */
interface Printing {
  text: string
  next: number
  suppressing: boolean
  /** Length of the text when the first thing was printed that is not suppressed: there the floating symbol ends. */
  begun: number
}

/** While leading zeros are suppressed, insertions give way to the fill; the floating symbol takes the last place before the first digit. */
function printed(picture: EditedPicture, digits: Uint8Array, negative: boolean): string {
  const { pieces, float } = picture
  const first = pieces.findIndex(isSuppressible)
  const printing: Printing = { text: '', next: 0, suppressing: first >= 0, begun: -1 }
  for (const [i, piece] of pieces.entries()) {
    printing.text += textOf(piece, printing, picture, digits, negative, i > first)
  }
  const { text, begun } = printing
  if (!float || begun < 0) return text
  const symbol = negative ? float.minus : float.plus
  return text.slice(0, begun - symbol.length) + symbol + text.slice(begun)
}

const isSuppressible = (piece: Piece) => piece.kind === 'suppressed' || piece.kind === 'anchor'

function begin(printing: Printing): void {
  if (printing.suppressing) printing.begun = printing.text.length
  printing.suppressing = false
}

/** What one piece prints; `inside`: behind the start of the suppressed places, where insertions give way. */
function textOf(
  piece: Piece,
  printing: Printing,
  picture: EditedPicture,
  digits: Uint8Array,
  negative: boolean,
  inside: boolean,
): string {
  switch (piece.kind) {
    case 'anchor':
      return ' '.repeat(picture.float?.plus.length ?? 1)
    case 'digit':
      begin(printing)
      return String(digits[printing.next++])
    case 'suppressed': {
      const digit = digits[printing.next++]
      if (digit !== 0) begin(printing)
      return printing.suppressing ? (piece.floating ? ' ' : picture.fill) : String(digit)
    }
    case 'point':
      begin(printing)
      return picture.point
    case 'virtual-point':
      if (printing.next > 0 && printing.next < digits.length) begin(printing)
      return ''
    case 'insert':
      return printing.suppressing && inside ? picture.fill.repeat(piece.text.length) : piece.text
    case 'sign':
      return negative ? piece.minus : piece.plus
  }
}

/** The decimal that a text shows, and whether it is how the number is edited; undefined where it is no number of this picture. */
export function deEdit(picture: EditedPicture, text: string): { value: string; canonical: boolean } | undefined {
  const { digits, scale, vanishing, blankWhenZero } = picture
  if (/^ *$/.test(text)) {
    if (!vanishing && !blankWhenZero) return undefined
    const value = decimalOf('0'.repeat(digits), scale, false)
    return { value, canonical: edit(picture, new Uint8Array(digits), false) === text }
  }
  const found = digitsIn(picture, text)
  if (found === undefined) return undefined
  const stored = Uint8Array.from(found, Number)
  for (const negative of [false, true]) {
    if ((negative && !picture.signed) || edit(picture, stored, negative) !== text) continue
    return { value: decimalOf(found, scale, negative), canonical: !negative || /[1-9]/.test(found) }
  }
  return undefined
}

/** The characters at the digit places; anything that is no digit counts as a suppressed zero: editing again shows whether it is. */
function digitsIn({ pieces, digits, float }: EditedPicture, text: string): string | undefined {
  let at = 0
  let found = ''
  for (const piece of pieces) {
    const width = piece.kind === 'anchor' ? (float?.plus.length ?? 1) : widthOf(piece)
    if (piece.kind === 'digit' || piece.kind === 'suppressed') {
      const shown = text.slice(at, at + width)
      found += shown >= '0' && shown <= '9' ? shown : '0'
    }
    at += width
  }
  return found.length === digits && at === text.length ? found : undefined
}

function decimalOf(digits: string, scale: number, negative: boolean): string {
  const sign = negative && /[1-9]/.test(digits) ? '-' : ''
  if (scale <= 0) {
    const whole = digits.replace(/^0+(?=\d)/, '')
    return sign + (whole === '0' ? whole : whole + '0'.repeat(-scale))
  }
  const padded = digits.padStart(scale + 1, '0')
  return `${sign}${padded.slice(0, -scale).replace(/^0+(?=\d)/, '')}.${padded.slice(-scale)}`
}
