// Numbers from bytes, one digit at a time, BigInt for binary.

import type { Item, Picture } from '../../../src/cobol/layout.ts'

/** Digits as a decimal with its point; a negative zero is zero. */
export function decimal(digits: string, scale: number, negative: boolean): string {
  let text = digits
  if (scale < 0) text += '0'.repeat(-scale)
  if (scale > 0) {
    text = text.padStart(scale + 1, '0')
    text = `${text.slice(0, -scale)}.${text.slice(-scale)}`
  }
  text = text.replace(/^0+(?=\d)/, '')
  return negative && /[1-9]/.test(text) ? `-${text}` : text
}

export function numberIn(item: Item, picture: Picture, own: Uint8Array): string | undefined {
  const hex = Buffer.from(own).toString('hex').toUpperCase()
  switch (item.usage) {
    case 'COMP-4':
    case 'COMP-5':
      return binaryIn(item, picture, own)
    case 'COMP-3':
      return packedIn(picture, hex)
    case 'COMP-6':
      return packedDigitsIn(picture, hex, false)
    default:
      return zonedIn(item, picture, hex)
  }
}

function binaryIn({ usage }: Item, { digits, scale, signed }: Picture, own: Uint8Array): string | undefined {
  const bits = BigInt(`0x${Buffer.from(own).toString('hex')}`)
  const value = signed ? BigInt.asIntN(8 * own.length, bits) : bits
  const magnitude = (value < 0n ? -value : value).toString()
  if (usage === 'COMP-4' && magnitude.length > digits && value !== 0n) return undefined
  return decimal(magnitude, scale, value < 0n)
}

function packedIn(picture: Picture, hex: string): string | undefined {
  const negative = signIn(hex.slice(-1), picture.signed)
  return negative === undefined ? undefined : packedDigitsIn(picture, hex.slice(0, -1), negative)
}

/** One nibble more than there are digits is unused, and zero. */
function packedDigitsIn({ digits, scale }: Picture, found: string, negative: boolean): string | undefined {
  if (!/^\d+$/.test(found) || (found.length > digits && found[0] !== '0')) return undefined
  return decimal(found.slice(-digits), scale, negative)
}

function zonedIn({ sign }: Item, { scale, signed }: Picture, hex: string): string | undefined {
  const pairs = hex.match(/../g) ?? []
  const leading = signed && sign?.position === 'leading'
  let negative: boolean | undefined
  if (signed && sign?.separate) {
    const symbol = leading ? pairs.shift() : pairs.pop()
    negative = new Map([
      ['60', true],
      ['4E', false],
    ]).get(symbol ?? '')
  } else {
    const at = leading ? 0 : pairs.length - 1
    const punched = pairs[at] ?? ''
    negative = signIn(punched[0] ?? '', signed)
    pairs[at] = `F${punched[1]}`
  }
  if (negative === undefined || pairs.some((pair) => !/^F\d$/.test(pair))) return undefined
  return decimal(pairs.map((pair) => pair[1]).join(''), scale, negative)
}

function signIn(nibble: string, signed: boolean): boolean | undefined {
  if ('ACEF'.includes(nibble)) return false
  return 'BD'.includes(nibble) && signed ? true : undefined
}

/** A number of USAGE NATIONAL: its sign is a character of its own. */
export function signedDigitsIn({ sign }: Item, { scale, signed }: Picture, text: string): string | undefined {
  const form = !signed ? /^\d+$/ : sign?.position === 'leading' ? /^[+-]\d+$/ : /^\d+[+-]$/
  return form.test(text) ? decimal(text.replace(/[+-]/, ''), scale, text.includes('-')) : undefined
}
