// The storage kind of an elementary item: the only switch on USAGE and PICTURE category.

import type { CompilerOptions, Item } from '../../cobol/layout.ts'
import type { CodePage } from '../../codepage/code-page.ts'
import { failure } from '../../error/failure.ts'
import type { Kind } from '../kind/kind.ts'
import { opaque } from '../kind/opaque.ts'
import { binary } from '../number/binary.ts'
import { float } from '../number/float.ts'
import { nationalZoned } from '../number/national-zoned.ts'
import { packed, packedWithoutSign } from '../number/packed.ts'
import { asciiZoned, ebcdicZoned, type ZonedAlphabet, zoned } from '../number/zoned.ts'
import { numericEdited, textEdited } from '../text/edited.ts'
import { text } from '../text/text.ts'
import { varyingText } from '../text/varying-text.ts'
import { dbcs, mixedText, national, nationalScript, pageScript, utf8Text } from '../text/wide-text.ts'

/** What decides about storage beside the item itself. */
export interface StorageContext {
  readonly page: CodePage
  readonly options: CompilerOptions
}

/** Throws LAYOUT_OPTION_INVALID where the code page cannot hold the item. */
export function kindOfItem(item: Item, context: StorageContext): Kind {
  const { options } = context
  const { picture, usage, length } = item
  switch (usage) {
    case 'COMP-1':
    case 'COMP-2':
      return float(length, options.float, options.endian === 'little')
    case 'COMP-3':
      return packed(numberOf(item), options.numproc)
    case 'COMP-6':
      return packedWithoutSign(numberOf(item))
    case 'COMP-4':
      return binary(numberOf(item), length, { little: false, full: options.trunc !== 'STD' })
    case 'COMP-5':
      return binary(numberOf(item), length, { little: options.endian === 'little', full: true })
    case 'COMP-X':
      return binary(numberOf(item), length, { little: false, full: true })
    case 'DISPLAY':
    case 'NATIONAL':
    case 'DISPLAY-1':
    case 'UTF-8':
      return picture ? characterKind(item, context) : opaque(length)
    default:
      return opaque(length)
  }
}

/** A group as one text: for conditions on groups and for level 66. */
export function kindOfBytes(length: number, { page }: StorageContext): Kind {
  return textKind(length, false, page)
}

/** A length and the text that it counts, as of a VARCHAR column. */
export interface VaryingPair {
  readonly count: Item
  readonly text: Item
}

/** The pair that a group is; undefined for any other. */
export function pairOf({ children }: Item): VaryingPair | undefined {
  const [count, text, ...others] = children
  if (!count || !text || others.length > 0 || children.some(({ occurs, redefines }) => occurs || redefines))
    return undefined
  const isCount = count.picture?.category === 'numeric' && count.picture.scale === 0 && /^COMP-[45]$/.test(count.usage)
  const kind = `${text.picture?.category} ${text.usage}`
  return isCount && (kind === 'alphanumeric DISPLAY' || kind === 'national NATIONAL') ? { count, text } : undefined
}

/** A pair as one text. Db2 uses the whole range of the length, whatever TRUNC says. */
export function kindOfPair({ count, text }: VaryingPair, { page, options }: StorageContext): Kind {
  const script = text.usage === 'NATIONAL' ? nationalScript(options.endian === 'little') : pageScript(page)
  const length = kindOfItem(count, { page, options: { ...options, trunc: 'BIN' } })
  return varyingText(length, text.picture?.positions ?? 0, script)
}

/** The bytes of digits and signs in DISPLAY items. */
export function alphabetOf({ page, options }: StorageContext): ZonedAlphabet {
  if (page.kind === 'single' || page.kind === 'mixed') return ebcdicZoned(options.numproc, options.zonedata)
  return asciiZoned(options.dialect === 'ibm' ? 'ebcdic' : 'ascii')
}

function numberOf({ picture }: Item) {
  return { digits: picture?.digits ?? 0, scale: picture?.scale ?? 0, signed: picture?.signed ?? false }
}

function textKind(length: number, justified: boolean, page: CodePage): Kind {
  if (page.kind === 'mixed') return mixedText(length, justified, page)
  if (page.kind === 'utf-8') return utf8Text(length, justified, length)
  return text(length, page, justified)
}

function characterKind(item: Item, context: StorageContext): Kind {
  const { page, options } = context
  const { picture, length, justified, usage } = item
  const little = options.endian === 'little'
  switch (picture?.category) {
    case 'numeric':
      return usage === 'NATIONAL'
        ? nationalZoned(numberOf(item), item.sign, little)
        : zoned(numberOf(item), item.sign, alphabetOf(context))
    case 'numeric-edited':
      return numericEdited(item, picture, context)
    case 'alphanumeric-edited':
    case 'national-edited':
    case 'dbcs-edited':
      return textEdited(item, context)
    case 'national':
      return national(length >> 1, justified, little)
    case 'dbcs': {
      const { double } = page
      if (!double) {
        throw failure('LAYOUT_OPTION_INVALID', {
          option: 'codePage',
          problem: `${item.name ?? 'FILLER'} holds two-byte characters, and ${page.name} has none; take a mixed page such as cp939`,
        })
      }
      return dbcs(length >> 1, justified, { double })
    }
    case 'external-float':
      return usage === 'NATIONAL' ? national(length >> 1, false, little) : textKind(length, false, page)
    case 'utf-8':
      return utf8Text(length, justified, picture.positions)
    default:
      return textKind(length, justified, page)
  }
}
