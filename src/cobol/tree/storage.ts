// How many bytes an elementary item takes, on which boundary SYNCHRONIZED puts it, and which pictures go with which usage.

import { type DialectRules, dialects } from '../dialects.ts'
import type { Category, CompilerOptions, Item, Picture, Usage } from '../layout.ts'

type Elementary = Pick<Item, 'picture' | 'usage' | 'sign'>

/** Bytes of one occurrence (IBM Language Reference, USAGE and PICTURE clauses; GnuCOBOL and Micro Focus where they differ). */
export function lengthOf({ picture, usage, sign }: Elementary, options: CompilerOptions): number {
  const digits = picture?.digits ?? 0
  const positions = (picture?.positions ?? 0) + (sign?.separate ? 1 : 0)
  switch (usage) {
    case 'DISPLAY':
      return positions
    case 'NATIONAL':
    case 'DISPLAY-1':
      return positions * 2
    case 'UTF-8':
      return positions * 4
    case 'COMP-1':
      return 4
    case 'COMP-2':
      return 8
    case 'COMP-3':
      return Math.floor(digits / 2) + 1
    case 'COMP-6':
      return Math.ceil(digits / 2)
    case 'COMP-X':
      return isOfBytes(picture) ? positions : bytesOfDigits(digits)
    case 'COMP-4':
      return binaryLength(digits, picture?.signed ?? false, dialects[options.dialect].binarySizes)
    case 'COMP-5':
      return nativeLength(picture, dialects[options.dialect].nativeSizes)
    case 'INDEX':
      return options.dialect === 'ibm' && options.lp === 64 ? 8 : 4
    case 'POINTER-32':
      return 4
    case 'PROCEDURE-POINTER':
    case 'FLOAT-DECIMAL-16':
      return 8
    case 'FLOAT-DECIMAL-34':
      return 16
    case 'POINTER':
    case 'FUNCTION-POINTER':
    case 'OBJECT REFERENCE':
      return options.lp === 64 ? 8 : 4
  }
}

/** Most digits of 1, 2 … 8 bytes in Micro Focus COBOL, unsigned and signed. */
const MICROFOCUS_UNSIGNED = [2, 4, 7, 9, 12, 14, 16, 19]
const MICROFOCUS_SIGNED = [2, 4, 6, 9, 11, 14, 16, 18]

/** Fewest bytes that hold all numbers of so many digits without sign. */
function bytesOfDigits(digits: number): number {
  return MICROFOCUS_UNSIGNED.findIndex((most) => digits <= most) + 1
}

/** Digits of the greatest number that so many bytes hold. */
export function digitsOfBytes(bytes: number): number {
  return String(256n ** BigInt(bytes) - 1n).length
}

/** Whether the picture says how many bytes a number has, instead of its digits: PIC X(4) COMP-5. */
function isOfBytes(picture: Picture | undefined): boolean {
  return picture?.expanded.startsWith('X') ?? false
}

function nativeLength(picture: Picture | undefined, sizes: DialectRules['nativeSizes']): number {
  const { digits = 0, positions = 0, signed = false } = picture ?? {}
  if (!isOfBytes(picture)) return binaryLength(digits, signed, sizes)
  // GnuCOBOL has no other sizes.
  return sizes === '1--8' ? positions : ([1, 2, 4].find((bytes) => positions <= bytes) ?? 8)
}

function binaryLength(digits: number, signed: boolean, sizes: DialectRules['binarySizes']): number {
  if (sizes === '1--8') {
    const bytes = (signed ? MICROFOCUS_SIGNED : MICROFOCUS_UNSIGNED).findIndex((most) => digits <= most)
    return bytes < 0 ? 16 : bytes + 1
  }
  if (sizes === '1-2-4-8' && digits <= 2) return 1
  if (digits <= 4) return 2
  if (digits <= 9) return 4
  return digits <= 18 ? 8 : 16
}

/** The boundary that SYNCHRONIZED asks for; 1 where it has no effect (characters, zoned and packed numbers). */
export function boundaryOf({ usage }: Elementary, length: number, { dialect, lp }: CompilerOptions): number {
  const { alignment } = dialects[dialect]
  if (alignment === 'none') return 1
  switch (usage) {
    case 'COMP-4':
    case 'COMP-5':
    case 'COMP-X':
      // IBM puts 8-byte numbers on a word, others on their own length; numbers of 3, 5, 6 or 7 bytes are never aligned.
      return alignment === 'word' ? Math.min(length, 4) : [2, 4, 8, 16].includes(length) ? length : 1
    case 'COMP-1':
      return 4
    case 'COMP-2':
      return 8
    case 'POINTER-32':
      return 4
    case 'INDEX':
    case 'POINTER':
    case 'PROCEDURE-POINTER':
    case 'FUNCTION-POINTER':
    case 'OBJECT REFERENCE':
      return alignment === 'word' ? (lp === 64 ? 8 : 4) : length
    default:
      return 1
  }
}

const BY_SIZE_DIGITS = 18

type Conflict =
  | { readonly code: 'USAGE_PICTURE_CONFLICT' }
  | { readonly code: 'DIGITS_TOO_MANY'; readonly facts: { digits: number; limit: number; option: string } }

/** Whether a usage and a picture contradict each other. */
export function usageConflict(picture: Picture, usage: Usage, { dialect }: CompilerOptions): Conflict | undefined {
  if (!goTogether(picture, usage, dialect)) return { code: 'USAGE_PICTURE_CONFLICT' }
  const digits = picture.digits
  if (usage === 'COMP-X' && digits > BY_SIZE_DIGITS && !picture.expanded.startsWith('X')) {
    return { code: 'DIGITS_TOO_MANY', facts: { digits, limit: BY_SIZE_DIGITS, option: 'COMP-X' } }
  }
  const limit = dialects[dialect].binaryDigits
  if ((usage === 'COMP-4' || usage === 'COMP-5') && digits > limit) {
    return { code: 'DIGITS_TOO_MANY', facts: { digits, limit, option: 'a binary usage' } }
  }
  return undefined
}

/** The categories that a usage can store; usages that take no picture are not here. */
const CATEGORIES: Readonly<Partial<Record<Usage, readonly Category[]>>> = {
  DISPLAY: ['alphabetic', 'alphanumeric', 'alphanumeric-edited', 'numeric', 'numeric-edited', 'external-float'],
  'DISPLAY-1': ['dbcs', 'dbcs-edited'],
  NATIONAL: ['national', 'national-edited', 'numeric', 'numeric-edited', 'external-float'],
  'UTF-8': ['utf-8'],
  'COMP-3': ['numeric'],
  'COMP-4': ['numeric'],
  'COMP-5': ['numeric'],
  'COMP-6': ['numeric'],
  'COMP-X': ['numeric'],
}

function goTogether({ category, signed }: Picture, usage: Usage, dialect: CompilerOptions['dialect']): boolean {
  const isUnsigned = usage === 'COMP-6' || (usage === 'COMP-X' && dialect === 'microfocus')
  return (CATEGORIES[usage]?.includes(category) ?? false) && !(isUnsigned && signed)
}
