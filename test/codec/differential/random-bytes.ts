// Random bytes of elementary items: mostly what a program would have stored there, with every sign and unusual padding; sometimes wrong.

import type { Item, Picture } from '../../../src/cobol/layout.ts'
import { codePage } from '../../../src/codepage/code-page.ts'
import type { DateFormat } from '../../../src/contract/record.ts'
import type { Random } from './random.ts'
import { edited } from './slow-editing.ts'

const page = codePage('cp037')

export function fieldBytes(item: Item, random: Random): number[] {
  const { length, usage, picture, name } = item
  if (name === undefined) return Array.from({ length }, () => random.pick([0x40, 0x40, 0x40, 0, random.below(256)]))
  switch (usage) {
    case 'COMP-3':
      return packedBytes(item, random)
    case 'COMP-4':
      return binaryBytes(item, random)
    case 'COMP-6':
      return packedDigits(item, random)
    case 'COMP-1':
    case 'COMP-2':
      return floatBytes(length, random)
    case 'NATIONAL':
      return random.chance(0.03) ? anyBytes(length, random) : utf16Bytes(item, random)
    case 'UTF-8':
      return utf8Bytes(item, random)
    case 'DISPLAY':
      return picture ? displayBytes(item, picture, random) : anyBytes(length, random)
    default:
      return anyBytes(length, random)
  }
}

/** Days and times, mostly real ones; zeros, and blanks in a text. */
export function dateBytes(item: Item, format: DateFormat, random: Random): number[] {
  const { picture, usage, length } = item
  const isText = picture?.category !== 'numeric'
  const blank = isText && random.chance(0.1)
  const parts = format.match(/YYYY|CYY|DDD|../g) ?? []
  const digits = random.chance(0.1) ? '0'.repeat(format.length) : parts.map((part) => partOf(part, random)).join('')
  const text = isText ? (blank ? ' '.repeat(format.length) : digits) : digits.padStart(picture.digits, '0')
  switch (usage) {
    case 'NATIONAL':
      return [...Buffer.from(text, 'utf16le').swap16()]
    case 'COMP-3':
      return [...Buffer.from(`${text.padStart(2 * length - 1, '0')}${picture?.signed ? 'C' : 'F'}`, 'hex')]
    case 'COMP-6':
      return [...Buffer.from(text.padStart(2 * length, '0'), 'hex')]
    case 'COMP-4':
      return [
        ...Buffer.from(
          BigInt(text)
            .toString(16)
            .padStart(2 * length, '0'),
          'hex',
        ),
      ]
    default:
      return [...page.encode(text)]
  }
}

const leastAndMost: Readonly<Record<string, readonly [number, number]>> = {
  YYYY: [1890, 2100],
  YY: [0, 99],
  CYY: [0, 200],
  MM: [1, 12],
  DD: [1, 29],
  DDD: [1, 366],
  HH: [0, 23],
  SS: [0, 59],
}

/** A part of a date or time, sometimes beyond what it may be. */
function partOf(part: string, random: Random): string {
  const [least, most] = leastAndMost[part] ?? [0, 0]
  const value = random.chance(0.03) ? random.below(100) : least + random.below(most - least + 1)
  return String(value).padStart(part.length, '0')
}

const anyBytes = (length: number, random: Random) => Array.from({ length }, () => random.below(256))

const digitOf = (random: Random) => (random.chance(0.3) ? 0 : random.below(10))

function displayBytes(item: Item, picture: Picture, random: Random): number[] {
  switch (picture.category) {
    case 'numeric':
      return zonedBytes(item, random)
    case 'numeric-edited':
    case 'external-float':
      return [...page.encode(charactersOf(item, picture, random))]
    default:
      return textBytes(item.length, random)
  }
}

function packedBytes({ length, picture }: Item, random: Random): number[] {
  const bytes = Array.from({ length }, () => (digitOf(random) << 4) | digitOf(random))
  if ((picture?.digits ?? 0) % 2 === 0) bytes[0] = (bytes[0] as number) & 15
  const signs = picture?.signed ? [0xc, 0xc, 0xd, 0xd, 0xa, 0xb, 0xe, 0xf] : [0xf, 0xf, 0xf, 0xc, 0xa, 0xe]
  bytes[length - 1] = ((bytes[length - 1] as number) & 0xf0) | random.pick(signs)
  return bytes
}

function packedDigits({ length, picture }: Item, random: Random): number[] {
  const bytes = Array.from({ length }, () => (digitOf(random) << 4) | digitOf(random))
  const isPadded = (picture?.digits ?? 0) % 2 === 1
  if (isPadded && !random.chance(0.03)) bytes[0] = (bytes[0] as number) & 15
  return bytes
}

function binaryBytes({ length, picture }: Item, random: Random): number[] {
  const limit = 10n ** BigInt(picture?.digits ?? 1)
  let value = (BigInt(random.below(2 ** 31)) * BigInt(random.below(2 ** 31))) % limit
  if (picture?.signed && random.chance(0.5)) value = BigInt.asUintN(8 * length, -value)
  return Array.from({ length }, (_, i) => Number((value >> BigInt(8 * (length - 1 - i))) & 0xffn))
}

function zonedBytes({ length, picture, sign }: Item, random: Random): number[] {
  const bytes = Array.from({ length }, () => 0xf0 + digitOf(random))
  const signed = picture?.signed === true
  const zones = signed ? [0xc0, 0xc0, 0xd0, 0xd0, 0xa0, 0xb0, 0xe0, 0xf0] : [0xf0, 0xf0, 0xf0, 0xc0, 0xa0]
  const at = sign?.position === 'leading' && signed ? 0 : length - 1
  bytes[at] = sign?.separate && signed ? random.pick([0x4e, 0x60]) : random.pick(zones) | digitOf(random)
  return bytes
}

function textBytes(length: number, random: Random): number[] {
  if (length === 1) return [random.pick([0xc1, 0xc2, 0xc2, 0x40, 0])]
  const used = random.below(length + 1)
  const characters = [0xc1, 0xd1, 0xe9, 0xf1, 0x40, 0x7f, 0xe0, 0x15, 0x00, 0x43, random.below(256)]
  return Array.from({ length }, (_, i) => (i < used ? random.pick(characters) : random.chance(0.05) ? 0 : 0x40))
}

/** Few decimals, powers of sixteen, any bits, and what is not normalised. */
function floatBytes(length: number, random: Random): number[] {
  const any = anyBytes(length, random)
  switch (random.below(5)) {
    case 0:
      return floatOf(random.below(100_000) / random.pick([1, 10, 100, 1000]), length, random)
    case 1:
      return any.fill(0, 2).with(1, 0x10)
    case 2:
      return any.with(0, 0x3e + random.below(6))
    case 3:
      return any.fill(0, 1, 1 + random.below(length))
    default:
      return any
  }
}

/** The float next to a number that is not negative; more digits than a double has are left zero. */
function floatOf(value: number, length: number, random: Random): number[] {
  let power = 0
  while (value >= 16 ** power) power++
  const bits = length === 4 ? 24 : 48
  const fraction = BigInt(Math.round((value / 16 ** power) * 2 ** bits)) << BigInt(length === 4 ? 0 : 8)
  const hex = fraction.toString(16).padStart(2 * length - 2, '0')
  return [random.pick([0x40, 0xc0]) + power, ...Buffer.from(hex.slice(0, 2 * length - 2), 'hex')]
}

function utf16Bytes(item: Item, random: Random): number[] {
  const { picture, length } = item
  const text = picture ? charactersOf(item, picture, random) : ''
  return [...Buffer.from(text, 'utf16le').swap16().subarray(0, length)]
}

function utf8Bytes({ length, picture, justified }: Item, random: Random): number[] {
  const most = picture?.positions ?? 1
  const count = random.below(most + 1) + (random.chance(0.05) ? 1 : 0)
  const characters = ['A', 'é', '€', '日', '😀', '"', ' ', '\0', '\ufffd', '\ufeff']
  const text = Buffer.from(Array.from({ length: count }, () => random.pick(characters)).join(''))
  const bytes = Buffer.alloc(length, ' ')
  const used = text.subarray(0, length)
  bytes.set(used, justified ? length - used.length : 0)
  if (random.chance(0.03)) bytes[random.below(length)] = random.pick([0x80, 0xc3, 0xed, 0xff])
  return [...bytes]
}

/** The characters of an item: a number in its form, or text. */
function charactersOf(item: Item, picture: Picture, random: Random): string {
  const { digits, signed, positions, expanded } = picture
  const digit = () => String(digitOf(random))
  switch (picture.category) {
    case 'numeric': {
      const sign = signed ? random.pick(['+', '-', '-', random.chance(0.05) ? ' ' : '+']) : ''
      const number = digitsOf(digits, random)
      return item.sign?.position === 'leading' ? sign + number : number + sign
    }
    case 'numeric-edited':
      if (random.chance(0.06)) return ' '.repeat(edited(picture, '0'.repeat(digits), false, false).length)
      return edited(picture, digitsOf(digits, random), signed && random.chance(0.5), item.blankWhenZero)
    case 'external-float':
      return expanded
        .replace('V', '')
        .replace(/[9+-]/g, (symbol) => (symbol === '9' ? digit() : random.pick(['+', '-'])))
    default:
      return unitsOf(positions, random)
  }
}

/** With zeros in front, as most amounts have them, and sometimes nothing but zeros. */
function digitsOf(count: number, random: Random): string {
  const zeros = random.chance(0.15) ? count : random.below(count)
  return Array.from({ length: count }, (_, i) => (i < zeros ? 0 : digitOf(random))).join('')
}

function unitsOf(length: number, random: Random): string {
  const used = random.below(length + 1)
  const units = [0x41, 0x20, 0xe9, 0x20ac, 0x65e5, 0xd83d, 0xde00, 0xfffd, 0xfeff, 0x22, 0, random.below(65536)]
  const unitAt = (i: number) => (i < used ? random.pick(units) : random.chance(0.05) ? 0 : 0x20)
  return Array.from({ length }, (_, i) => String.fromCharCode(unitAt(i))).join('')
}
