// The value of one elementary item from its bytes, the obvious slow way. Undefined: the bytes are none of its kind.

import type { Item, Picture } from '../../../src/cobol/layout.ts'
import { editedNumber } from './slow-editing.ts'
import { floatIn } from './slow-float.ts'
import { decimal, numberIn, signedDigitsIn } from './slow-numbers.ts'

export function valueOfItem(item: Item, own: Uint8Array, toUnicode: Uint16Array): string | undefined {
  const { usage, picture, blankWhenZero } = item
  if (usage === 'COMP-1' || usage === 'COMP-2') return floatIn(own)
  if (!picture) return hexOf(own)
  const isNational = usage === 'NATIONAL'
  if (picture.category === 'numeric' && !isNational) return numberIn(item, picture, own)
  const text = charactersIn(item, own, toUnicode)
  if (text === undefined) return undefined
  switch (picture.category) {
    case 'numeric':
      return signedDigitsIn(item, picture, text)
    case 'numeric-edited':
      return editedNumber(picture, text, blankWhenZero)
    case 'alphanumeric-edited':
    case 'national-edited':
      return trimmed(withoutInsertions(picture, text), false)
    default:
      return textIn(item, picture, text)
  }
}

/** What an item without a value shows where its policy is `zero`. */
export function zeroOf({ picture }: Item): string {
  const isNumber = picture?.category === 'numeric' || picture?.category === 'numeric-edited'
  return isNumber ? decimal('0'.repeat(picture.digits), picture.scale, false) : ''
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase()
}

/** UTF-16 for NATIONAL, UTF-8, and one byte a character of the code page. */
function charactersIn({ usage }: Item, own: Uint8Array, toUnicode: Uint16Array): string | undefined {
  if (usage === 'UTF-8') {
    const text = Buffer.from(own).toString('utf8')
    return Buffer.from(text).equals(own) ? text : undefined
  }
  const units = usage === 'NATIONAL' ? (hexOf(own).match(/..../g) ?? []) : []
  const codes =
    usage === 'NATIONAL'
      ? units.map((unit) => Number.parseInt(unit, 16))
      : Array.from(own, (byte) => toUnicode[byte] as number)
  return codes.map((code) => String.fromCharCode(code)).join('')
}

/** PIC U(3) has room for twelve bytes, but only for three characters. */
function textIn({ justified }: Item, { positions }: Picture, text: string): string | undefined {
  const value = trimmed(text, justified)
  return [...value].length > positions ? undefined : value
}

/** Blanks stand before a value that is justified; blanks and NULs behind any other. */
const trimmed = (text: string, justified: boolean) =>
  justified ? text.replace(/^ +/, '') : text.replace(/[\0 ]+$/, '')

function withoutInsertions({ expanded }: Picture, text: string): string {
  return [...text.split('')].filter((_, place) => !'B0/'.includes(expanded[place] ?? '')).join('')
}
