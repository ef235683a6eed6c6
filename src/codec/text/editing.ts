// Numeric editing by IBM's rules: fixed, floating and suppressing insertion, both ways.
//
// Symbols: 9 digit · Z * suppressed digit · $ + - one alone: sign or currency, several: floating · B 0 / , fixed insertion · . or V the point ·
// CR DB. The pieces of a picture are made once; editing walks them from left to right.

import type { Picture } from '../../cobol/layout.ts'
import { byteAt, unitAt } from '../../codepage/element.ts'

type PicturePiece =
  /** A digit that is always printed. */
  | { readonly kind: 'digit' }
  /** A digit that leading zeros replace by the fill: Z by a blank, * by an asterisk; floating places by a blank. */
  | { readonly kind: 'suppressed'; readonly floating: boolean }
  /** The first of a floating string: room for the symbol only. */
  | { readonly kind: 'anchor' }
  | { readonly kind: 'insert'; readonly text: Characters }
  | { readonly kind: 'point' }
  /** V: no character. */
  | { readonly kind: 'virtual-point' }
  | { readonly kind: 'sign'; readonly plus: Characters; readonly minus: Characters }

/** UTF-16 codes: editing and its check make no strings. */
export type Characters = Uint16Array

export interface EditedPicture {
  readonly digits: number
  readonly scale: number
  readonly signed: boolean
  readonly pieces: readonly PicturePiece[]
  /** The index of the first suppressed place, or -1. */
  readonly first: number
  /** A blank or an asterisk. */
  readonly fill: number
  /** What floats: the currency sign, or a sign. */
  readonly float: { readonly plus: Characters; readonly minus: Characters } | undefined
  readonly point: number
  /** What zero prints where every digit place is suppressed or floating, or the item is blank when zero. */
  readonly vanished: Characters | undefined
  readonly length: number
}

const blank = 0x20
const asterisk = 0x2a
const zero = 0x30
const nine = 0x39
const codes = (text: string): Characters => Uint16Array.from(text, (character) => character.charCodeAt(0))

export interface EditingOptions {
  readonly decimalPointIsComma: boolean
  /** The character of the picture, and the text that it prints. */
  readonly currencySymbol: string
  readonly currencySign: string
  readonly blankWhenZero: boolean
}

/** Analyses the picture of a numeric-edited item (or of a numeric one that is blank when zero). */
export function editedPicture({ expanded, digits, scale, signed }: Picture, options: EditingOptions): EditedPicture {
  const upper = expanded.toUpperCase()
  const { currencySymbol, currencySign } = options
  const floating = floatingSymbol(upper, currencySymbol)
  const pieces = piecesOf(upper, floating, options)
  const float = floating === undefined ? undefined : floatOf(floating, currencySign)
  const picture = {
    pieces,
    digits,
    scale,
    signed,
    first: pieces.findIndex((one) => one.kind === 'suppressed' || one.kind === 'anchor'),
    fill: upper.includes('*') ? asterisk : blank,
    float,
    point: (options.decimalPointIsComma ? ',' : '.').charCodeAt(0),
    length: pieces.reduce((sum, one) => sum + widthOf(one, float), 0),
  }
  return { ...picture, vanished: vanishedOf(picture, options.blankWhenZero) }
}

function vanishedOf(
  { pieces, fill, point, float, length }: Omit<EditedPicture, 'vanished'>,
  blankWhenZero: boolean,
): Characters | undefined {
  if (blankWhenZero) return new Uint16Array(length).fill(blank)
  const places = pieces.filter((one) => one.kind === 'digit' || one.kind === 'suppressed')
  if (places.length === 0 || places.some((one) => one.kind === 'digit')) return undefined
  const vanished = new Uint16Array(length).fill(fill)
  let at = 0
  for (const piece of pieces) {
    if (piece.kind === 'point' && fill === asterisk) vanished[at] = point
    at += widthOf(piece, float)
  }
  return vanished
}

function piecesOf(picture: string, floating: string | undefined, options: EditingOptions): PicturePiece[] {
  const { decimalPointIsComma, currencySign, currencySymbol } = options
  const [point, comma] = decimalPointIsComma ? [',', '.'] : ['.', ',']
  const pieces: PicturePiece[] = []
  let anchored = false
  for (let i = 0; i < picture.length; i++) {
    const symbol = picture.charAt(i)
    if (symbol === floating) {
      pieces.push(anchored ? { kind: 'suppressed', floating: true } : { kind: 'anchor' })
      anchored = true
    } else if (symbol === currencySymbol) pieces.push({ kind: 'insert', text: codes(currencySign) })
    else if (symbol === 'C' || symbol === 'D') {
      pieces.push({ kind: 'sign', plus: codes('  '), minus: codes(symbol === 'C' ? 'CR' : 'DB') })
      i++
    } else pieces.push(pieceOf(symbol, point, comma))
  }
  return pieces
}

/** A symbol that stands at least twice, insertion characters between not counted, floats. */
function floatingSymbol(picture: string, currencySymbol: string): string | undefined {
  return [currencySymbol, '+', '-'].find((symbol) => picture.split(symbol).length > 2)
}

function floatOf(symbol: string, currencySign: string): EditedPicture['float'] {
  if (symbol === '+') return { plus: codes('+'), minus: codes('-') }
  const minus = codes(symbol === '-' ? '-' : currencySign)
  return { plus: symbol === '-' ? codes(' ') : minus, minus }
}

function pieceOf(symbol: string, point: string, comma: string): PicturePiece {
  switch (symbol) {
    case '9':
      return { kind: 'digit' }
    case 'Z':
    case '*':
      return { kind: 'suppressed', floating: false }
    case 'B':
      return { kind: 'insert', text: codes(' ') }
    case '+':
      return { kind: 'sign', plus: codes('+'), minus: codes('-') }
    case '-':
      return { kind: 'sign', plus: codes(' '), minus: codes('-') }
    case 'V':
    case 'P':
      return { kind: 'virtual-point' }
    case point:
      return { kind: 'point' }
    case comma:
      return { kind: 'insert', text: codes(comma) }
    default:
      return { kind: 'insert', text: codes(symbol) }
  }
}

function widthOf(piece: PicturePiece, float: EditedPicture['float']): number {
  switch (piece.kind) {
    case 'insert':
      return piece.text.length
    case 'sign':
      return piece.plus.length
    case 'anchor':
      return float?.plus.length ?? 1
    default:
      return piece.kind === 'virtual-point' ? 0 : 1
  }
}

/** Edits a number into `into`: `digits` as the picture has them, most significant first. */
export function edit(picture: EditedPicture, digits: Uint8Array, negative: boolean, into: Characters): void {
  const { vanished } = picture
  if (vanished && isZero(digits, picture.digits)) into.set(vanished)
  else print(picture, digits, negative, into)
}

function isZero(digits: Uint8Array, count: number): boolean {
  for (let i = 0; i < count; i++) if (digits[i] !== 0) return false
  return true
}

/** The floating symbol takes the last place before the first thing that is not suppressed, but none before its own first place. */
function print(picture: EditedPicture, digits: Uint8Array, negative: boolean, into: Characters): void {
  const { pieces, first, float } = picture
  let suppressing = first >= 0
  let begun = -1
  let anchor = 0
  let next = 0
  let at = 0
  for (const [i, piece] of pieces.entries()) {
    const digit = byteAt(digits, next)
    if (suppressing && begins(piece, digit, next, picture.digits)) {
      begun = at
      suppressing = false
    }
    if (piece.kind === 'sign') into.set(negative ? piece.minus : piece.plus, at)
    else if (suppressing) printSuppressed(picture, piece, into, at, i > first)
    else printPlain(picture, piece, digit, into, at)
    if (piece.kind === 'digit' || piece.kind === 'suppressed') next++
    if (piece.kind === 'anchor') anchor = at
    at += widthOf(piece, float)
  }
  const symbol = negative ? float?.minus : float?.plus
  if (symbol && begun >= 0) into.set(symbol, Math.max(anchor, begun - symbol.length))
}

function printPlain({ point }: EditedPicture, piece: PicturePiece, digit: number, into: Characters, at: number): void {
  if (piece.kind === 'insert') into.set(piece.text, at)
  else if (piece.kind === 'point') into[at] = point
  else if (piece.kind !== 'virtual-point') into[at] = zero + digit
}

/** While leading zeros are suppressed, insertions `behind` the first suppressed place give way to the fill. */
function printSuppressed(
  { fill, float }: EditedPicture,
  piece: PicturePiece,
  into: Characters,
  at: number,
  behind: boolean,
): void {
  if (piece.kind === 'insert' && !behind) into.set(piece.text, at)
  else {
    const isFloating = piece.kind === 'anchor' || (piece.kind === 'suppressed' && piece.floating)
    into.fill(isFloating ? blank : fill, at, at + widthOf(piece, float))
  }
}

/** Whether suppression ends at a piece, where `next` of all digits are printed. */
function begins(piece: PicturePiece, digit: number, next: number, digits: number): boolean {
  switch (piece.kind) {
    case 'digit':
    case 'point':
      return true
    case 'suppressed':
      return digit !== 0
    case 'virtual-point':
      return next < digits
    default:
      return false
  }
}

/** What characters show: no number of the picture, or digits and their sign; blanks where zero prints something else. */
export const showing = { nothing: -1, positive: 0, negative: 1, blanks: 2 } as const
type Showing = (typeof showing)[keyof typeof showing]

/** Finds the number whose editing gives `shown`, and leaves its digits in `digits`. `again` is room for as many characters. */
export function deEdit(picture: EditedPicture, shown: Characters, digits: Uint8Array, again: Characters): Showing {
  findDigits(picture, shown, digits)
  edit(picture, digits, false, again)
  if (isSame(shown, again)) return showing.positive
  if (isBlank(shown)) return picture.vanished ? showing.blanks : showing.nothing
  if (!picture.signed) return showing.nothing
  edit(picture, digits, true, again)
  return isSame(shown, again) ? showing.negative : showing.nothing
}

/** The digits at the digit places; anything else counts as a suppressed zero: editing again shows whether it is. */
function findDigits({ pieces, float }: EditedPicture, shown: Characters, digits: Uint8Array): void {
  let at = 0
  let next = 0
  for (const piece of pieces) {
    if (piece.kind === 'digit' || piece.kind === 'suppressed') {
      const code = unitAt(shown, at)
      digits[next++] = code >= zero && code <= nine ? code - zero : 0
    }
    at += widthOf(piece, float)
  }
}

function isSame(one: Characters, other: Characters): boolean {
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false
  return true
}

function isBlank(shown: Characters): boolean {
  for (let i = 0; i < shown.length; i++) if (shown[i] !== blank) return false
  return true
}
