// Edited items. Numeric-edited: the value is a decimal string; decoding de-edits and checks that editing gives the same bytes again.
//     ZZZ,ZZ9.99-  -1234.50  →  "  1,234.50-"         $$,$$9.99CR  -5  →  "    $5.00CR"
// Alphanumeric-edited: the value is the text without the inserted characters.   XX/XX0BXX  "ABCDEF"  →  "AB/CD0 EF"

import type { CompilerOptions, Item, Picture } from '../../cobol/layout.ts'
import { currencySymbol } from '../../cobol/picture.ts'
import type { CodePage } from '../../codepage/code-page.ts'
import { byteAt, unitAt } from '../../codepage/element.ts'
import { classOfByte, reader } from '../kind/bytes.ts'
import { type Finding, type Kind, type Refused, refused, type Trace } from '../kind/kind.ts'
import { appendStaged, decimalLength, parseDecimal, parsed, stage } from '../number/decimal.ts'
import { type Characters, deEdit, edit, editedPicture, showing } from './editing.ts'

interface EditedContext {
  readonly page: CodePage
  readonly options: CompilerOptions
}

/** Characters of an item ⇄ its bytes: one byte each, or one UTF-16 unit for USAGE NATIONAL. */
interface Storage {
  readonly length: number
  read(source: Uint8Array, at: number, into: Characters): void
  /** False where a character does not exist in the page. */
  write(characters: Characters, out: Uint8Array, at: number): boolean
  readonly blank: number
}

function storageOf({ usage, length }: Item, { page, options }: EditedContext): Storage {
  if (usage !== 'NATIONAL') {
    return {
      length,
      blank: Math.max(0, page.fromUnicode(0x20)),
      read: (source, at, into) => {
        for (let i = 0; i < length; i++) into[i] = unitAt(page.toUnicode, byteAt(source, at + i))
      },
      write: (characters, out, at) => {
        let missing = false
        for (let i = 0; i < length; i++) {
          const byte = page.fromUnicode(unitAt(characters, i))
          missing ||= byte < 0
          out[at + i] = byte
        }
        return !missing
      },
    }
  }
  const low = options.endian === 'little' ? 0 : 1
  const units = length >> 1
  return {
    length: units,
    blank: 0x20,
    read: (source, at, into) => {
      for (let i = 0; i < units; i++) {
        into[i] = byteAt(source, at + 2 * i + low) | (byteAt(source, at + 2 * i + 1 - low) << 8)
      }
    },
    write: (characters, out, at) => {
      for (let i = 0; i < units; i++) {
        const unit = unitAt(characters, i)
        out[at + 2 * i + low] = unit & 0xff
        out[at + 2 * i + 1 - low] = unit >> 8
      }
      return true
    },
  }
}

/** A numeric-edited item, or a numeric DISPLAY item with BLANK WHEN ZERO. */
export function numericEdited(item: Item, given: Picture, context: EditedContext): Kind {
  const storage = storageOf(item, context)
  const { decimalPointIsComma, currencySign } = context.options
  const picture = editedPicture(given, {
    decimalPointIsComma,
    currencySign,
    currencySymbol: currencySymbol(context.options),
    blankWhenZero: item.blankWhenZero,
  })
  const { digits, scale, signed } = picture
  const maximumText = decimalLength(digits, scale)
  const characters = new Uint16Array(picture.length)
  const again = new Uint16Array(picture.length)
  const append = (source: Uint8Array, at: number, out: Uint8Array, to: number, trace: Trace): number => {
    storage.read(source, at, characters)
    const shown = deEdit(picture, characters, stage, again)
    if (shown === showing.nothing) return -1
    if (shown === showing.blanks) trace.residue = true
    return appendStaged(digits, scale, shown === showing.negative, out, to, trace)
  }
  const write = (value: string, out: Uint8Array, at: number): Refused => {
    const verdict = parseDecimal(value, picture)
    if (verdict !== refused.none) return verdict
    edit(picture, stage, parsed.negative, characters)
    return storage.write(characters, out, at) ? refused.none : refused.notInCodePage
  }
  const initial = new Uint8Array(item.length)
  write('0', initial, 0)
  return {
    length: item.length,
    shape: { type: 'decimal', digits, scale, signed },
    maximumText,
    plain: true,
    append,
    read: reader(append, maximumText),
    write,
    initial,
    explain: (source, at): Finding => explainEdited(storage, source, at, given.text),
  }
}

function explainEdited({ blank }: Storage, source: Uint8Array, at: number, picture: string): Finding {
  return {
    index: 0,
    expected: `a number edited as ${picture}`,
    found: `other text that begins with ${classOfByte(source[at], blank)}`,
  }
}

/** An alphanumeric-edited item (also national-edited): blanks, zeros and slashes of the picture are inserted. */
export function textEdited(item: Item, context: EditedContext): Kind {
  const storage = storageOf(item, context)
  // In UTF-16 this is a character as any other.
  const unmappedCharacter = item.usage === 'NATIONAL' ? undefined : '\ufffd'
  const symbols = Array.from(item.picture?.expanded ?? '')
  const inserted = (symbol: string) => (symbol === 'B' ? ' ' : symbol === '0' || symbol === '/' ? symbol : undefined)
  const places = symbols.filter((symbol) => inserted(symbol) === undefined).length
  const characters = new Uint16Array(storage.length)
  const write = (value: string, out: Uint8Array, at: number): Refused => {
    if (value.length > places) return refused.tooLong
    let next = 0
    for (const [i, symbol] of symbols.entries()) {
      characters[i] = (inserted(symbol) ?? value[next++] ?? ' ').charCodeAt(0)
    }
    return storage.write(characters, out, at) ? refused.none : refused.notInCodePage
  }
  const initial = new Uint8Array(item.length)
  write('', initial, 0)
  return {
    length: item.length,
    shape: { type: 'text', maximum: places },
    maximumText: 6 * places,
    plain: false,
    read: (source, at, trace) => {
      storage.read(source, at, characters)
      let value = ''
      for (const [i, symbol] of symbols.entries()) {
        const fixed = inserted(symbol)
        const character = String.fromCharCode(characters[i] ?? 0)
        if (fixed === undefined) value += character
        else if (character !== fixed) trace.residue = true
      }
      const trimmed = value.replace(/[ \0]+$/, '')
      if (unmappedCharacter && trimmed.includes(unmappedCharacter)) return undefined
      if (value.slice(trimmed.length).includes('\0')) trace.residue = true
      return trimmed
    },
    write,
    initial,
    explain: (source, at): Finding => ({
      index: 0,
      expected: 'characters of the code page',
      found: classOfByte(source[at], storage.blank),
    }),
  }
}
