// Random clauses of elementary items: mostly plain text and numbers, but every kind of storage that IBM has on a page of one byte a character.

import type { DateFormat } from '../../../src/contract/record.ts'
import type { Random } from './random.ts'
import { digitsOfForm } from './slow-dates.ts'

export function clausesOf(random: Random): string {
  return random.chance(0.6) ? plainClauses(random) : otherClauses(random)
}

function plainClauses(random: Random): string {
  const signed = random.chance(0.6)
  const picture = numberPicture(random, signed)
  const separate = signed ? random.pick(['', '', ' LEADING', ' TRAILING SEPARATE', ' LEADING SEPARATE']) : ''
  switch (random.below(9)) {
    case 0:
    case 1:
      return `PIC X(${1 + random.below(12)})${justified(random)}`
    case 2:
    case 3:
      return `PIC ${picture}${separate && ` SIGN${separate}`}`
    case 4:
    case 5:
      return `PIC ${picture} COMP-3`
    case 6:
      return `PIC ${picture} COMP${synchronized(random)}`
    case 7:
      return `PIC ${picture} COMP-5`
    default:
      return `PIC ${random.pick(['S9(3)PPP', 'SVPP9(3)', '9(2)P', 'VP9(4)'])}${random.pick(['', ' COMP-3', ' COMP'])}`
  }
}

const justified = (random: Random) => (random.chance(0.1) ? ' JUST RIGHT' : '')
const synchronized = (random: Random) => (random.chance(0.2) ? ' SYNC' : '')
/** Of characters in the code page, or in UTF-16. */
const national = (random: Random) => (random.chance(0.3) ? ' NATIONAL' : '')

function numberPicture(random: Random, signed: boolean): string {
  const digits = 1 + random.below(18)
  const decimals = random.below(Math.min(digits, 4) + 1)
  const whole = digits - decimals
  return `${signed ? 'S' : ''}${whole > 0 ? `9(${whole})` : ''}${decimals > 0 ? `V9(${decimals})` : ''}`
}

const externalFloats = ['+9.99E+99', '-9(3)E-99', '+.9(4)E-99', '-9V99E+99']
const pointers = ['POINTER', 'POINTER-32', 'PROCEDURE-POINTER', 'FUNCTION-POINTER', 'INDEX', 'OBJECT REFERENCE']

function otherClauses(random: Random): string {
  switch (random.below(13)) {
    case 0:
      return `PIC ${random.pick(['A(3)', 'A(7)', 'X9A', '9(3)X'])}${justified(random)}`
    case 1:
      return `PIC N(${1 + random.below(6)})${random.pick(['', ' NATIONAL'])}${justified(random)}`
    case 2:
    case 3:
      return nationalNumber(random)
    case 4:
      return `PIC ${random.pick(['U', 'U(3)', 'U(5)', 'U BYTE-LENGTH 7'])}${justified(random)}`
    case 5:
      return `PIC ${random.pick(['9(4)PP', 'VP9(3)', numberPicture(random, false)])} COMP-6`
    case 6:
      return `COMP-1${synchronized(random)}`
    case 7:
      return `COMP-2${synchronized(random)}`
    case 8:
      return `PIC ${random.pick(['XX/XX0BXX', 'A(2)B9X', 'X0X', 'NN/N0BN', 'NBN NATIONAL'])}`
    case 9:
      return `PIC ${numberPicture(random, false)} BLANK WHEN ZERO${national(random)}`
    case 10:
    case 11:
      return `PIC ${editedPicture(random)}${national(random)}`
    default:
      return random.chance(0.4)
        ? `PIC ${random.pick(externalFloats)}${national(random)}`
        : `${random.pick(pointers)}${synchronized(random)}`
  }
}

/** A field of as many digits as a date has, or one more where it is a number. */
export function dateClauses(format: DateFormat, random: Random): string {
  const digits = digitsOfForm(format)
  if (random.chance(0.3)) return `PIC ${random.pick(['X', 'X', 'N'])}(${digits})`
  const usage = random.pick(['', '', ' COMP-3', ' COMP-3', ' COMP', ' COMP-6', ' NATIONAL'])
  const sign = usage === ' COMP-3' && random.chance(0.5) ? 'S' : ''
  return `PIC ${sign}9(${digits + random.pick([0, 0, 1])})${usage}`
}

function nationalNumber(random: Random): string {
  if (random.chance(0.4)) return `PIC ${random.pick(['9(2)PP', 'VP9(3)', numberPicture(random, false)])} NATIONAL`
  const sign = random.pick(['', ' SIGN TRAILING SEPARATE', ' SIGN LEADING SEPARATE'])
  return `PIC ${random.pick(['S9(3)P', 'SVPP9', numberPicture(random, true)])} NATIONAL${sign}`
}

/** Forms that few programs have: scaling, suppression behind the point, a floating sign behind the point. */
const rareEdited = [
  'ZZPP',
  '$$PP',
  '-9PP',
  'PPZZ',
  'VPP99CR',
  '++PPV',
  'VZZ',
  '.ZZ-',
  '.++',
  '$V$$',
  'B.$$9',
  '0ZZ',
  ',$$9',
]

/** A picture of parts: sign and currency, digits that may be suppressed, digits that are printed, decimals, a sign again. */
function editedPicture(random: Random): string {
  if (random.chance(0.1)) return random.pick(rareEdited)
  const suppressor = random.pick(['Z', 'Z', '*', '$', '+', '-', '9'])
  const isFloating = '$+-'.includes(suppressor)
  const sign = '+-'.includes(suppressor) ? '' : random.pick(['', '+', '-', 'CR', 'DB'])
  const isLeading = '+-'.includes(sign) && random.chance(0.5)
  const currency = suppressor !== '$' && random.chance(0.3) ? '$' : ''
  const first = (isFloating ? suppressor : '') + withInsertions(suppressor.repeat(1 + random.below(6)), random)
  const digits = random.chance(0.6) ? withInsertions('9'.repeat(random.below(4)), random) : ''
  const decimals = (digits === '' && random.chance(0.6) ? suppressor : '9').repeat(random.below(4))
  const point = decimals === '' ? '' : random.pick(['.', '.', 'V'])
  const front = random.pick([(isLeading ? sign : '') + currency, currency + (isLeading ? sign : '')])
  const back = random.pick(['', '', 'B', '/']) + (isLeading ? '' : sign)
  const picture = `${random.pick(['', '', '', 'B', '0'])}${front}${first}${digits}${point}${decimals}${back}`
  const isNumber = /^9+(V9+)?$/.test(picture)
  const blank = suppressor !== '*' && random.chance(0.2) ? ' BLANK WHEN ZERO' : ''
  return `${picture}${isNumber ? '-' : ''}${blank}`
}

/** Commas, blanks, zeros and slashes between and behind symbols. */
function withInsertions(symbols: string, random: Random): string {
  return symbols.replace(/./g, (symbol) => symbol + (random.chance(0.2) ? random.pick([',', ',', 'B', '0', '/']) : ''))
}
