// Edited items. Numeric-edited: the value is a decimal string; decoding de-edits and checks that editing gives the same bytes again.
//     ZZZ,ZZ9.99-  -1234.50  →  "  1,234.50-"         $$,$$9.99CR  -5  →  "    $5.00CR"
// Alphanumeric-edited: the value is the text without the inserted characters.   XX/XX0BXX  "ABCDEF"  →  "AB/CD0 EF"

import type { CompilerOptions, Item } from '../../cobol/layout.ts'
import { currencySymbol } from '../../cobol/picture.ts'
import type { CodePage } from '../../codepage/code-page.ts'
import { classOfByte } from '../kind/bytes.ts'
import { type Finding, type Kind, type Refused, refused } from '../kind/kind.ts'
import { decimalLength, parseDecimal, parsed, stage } from '../number/decimal.ts'
import { deEdit, edit, editedPicture } from './editing.ts'

interface EditedContext {
  readonly page: CodePage
  readonly options: CompilerOptions
}

/** Characters of an item ⇄ its bytes: one byte each, or one UTF-16 unit for USAGE NATIONAL. */
interface Characters {
  readonly length: number
  read(source: Uint8Array, at: number): string
  /** False where a character does not exist in the page. */
  write(text: string, out: Uint8Array, at: number): boolean
  readonly blank: number
}

function charactersOf(item: Item, { page, options }: EditedContext): Characters {
  const blank = Math.max(0, page.fromUnicode(0x20))
  if (item.usage !== 'NATIONAL') {
    return {
      length: item.length,
      blank,
      read: (source, at) =>
        String.fromCharCode(...Array.from(source.subarray(at, at + item.length), (byte) => page.toUnicode[byte] ?? 0)),
      write: (text, out, at) => {
        let missing = false
        for (let i = 0; i < text.length; i++) {
          const byte = page.fromUnicode(text.charCodeAt(i))
          missing ||= byte < 0
          out[at + i] = byte
        }
        return !missing
      },
    }
  }
  const low = options.endian === 'little' ? 0 : 1
  const units = item.length >> 1
  return {
    length: units,
    blank: 0x20,
    read: (source, at) => {
      let text = ''
      for (let i = at; i < at + item.length; i += 2) {
        text += String.fromCharCode((source[i + low] as number) | ((source[i + 1 - low] as number) << 8))
      }
      return text
    },
    write: (text, out, at) => {
      for (let i = 0; i < units; i++) {
        const unit = text.charCodeAt(i)
        out[at + 2 * i + low] = unit & 0xff
        out[at + 2 * i + 1 - low] = unit >> 8
      }
      return true
    },
  }
}

/** A numeric-edited item, or a numeric DISPLAY item with BLANK WHEN ZERO. */
export function numericEdited(item: Item, context: EditedContext): Kind {
  const characters = charactersOf(item, context)
  const { decimalPointIsComma, currencySign } = context.options
  const picture = editedPicture(item.picture?.expanded ?? '', {
    decimalPointIsComma,
    currencySign,
    currencySymbol: currencySymbol(context.options),
    blankWhenZero: item.blankWhenZero,
  })
  const { digits, scale, signed } = picture
  const maximumText = decimalLength(digits, scale)
  const write = (value: string, out: Uint8Array, at: number): Refused => {
    const verdict = parseDecimal(value, picture)
    if (verdict !== refused.none) return verdict
    const text = edit(picture, stage.subarray(0, digits), parsed.negative)
    return characters.write(text, out, at) ? refused.none : refused.notInCodePage
  }
  const initial = new Uint8Array(item.length)
  write('0', initial, 0)
  return {
    length: item.length,
    shape: { type: 'decimal', digits, scale, signed },
    maximumText,
    plain: true,
    read: (source, at, trace) => {
      const text = characters.read(source, at)
      const shown = deEdit(picture, text)
      if (shown && !shown.canonical) trace.residue = true
      return shown?.value
    },
    write,
    initial,
    explain: (source, at): Finding => explainEdited(characters, source, at, item.picture?.text),
  }
}

function explainEdited({ blank }: Characters, source: Uint8Array, at: number, picture: string | undefined): Finding {
  return {
    index: 0,
    expected: `a number edited as ${picture}`,
    found: `other text that begins with ${classOfByte(source[at], blank)}`,
  }
}

/** An alphanumeric-edited item (also national-edited): blanks, zeros and slashes of the picture are inserted. */
export function textEdited(item: Item, context: EditedContext): Kind {
  const characters = charactersOf(item, context)
  const symbols = Array.from(item.picture?.expanded ?? '')
  const inserted = (symbol: string) => (symbol === 'B' ? ' ' : symbol === '0' || symbol === '/' ? symbol : undefined)
  const places = symbols.filter((symbol) => inserted(symbol) === undefined).length
  const write = (value: string, out: Uint8Array, at: number): Refused => {
    if (value.length > places) return refused.tooLong
    let next = 0
    const text = symbols.map((symbol) => inserted(symbol) ?? value[next++] ?? ' ').join('')
    return characters.write(text, out, at) ? refused.none : refused.notInCodePage
  }
  const initial = new Uint8Array(item.length)
  write('', initial, 0)
  return {
    length: item.length,
    shape: { type: 'text', maximum: places },
    maximumText: 6 * places,
    plain: false,
    read: (source, at, trace) => {
      const text = characters.read(source, at)
      let value = ''
      for (const [i, symbol] of symbols.entries()) {
        const fixed = inserted(symbol)
        if (fixed === undefined) value += text[i]
        else if (text[i] !== fixed) trace.residue = true
      }
      const trimmed = value.replace(/[ \0]+$/, '')
      if (trimmed.includes('\ufffd')) return undefined
      if (value.slice(trimmed.length).includes('\0')) trace.residue = true
      return trimmed
    },
    write,
    initial,
    explain: (source, at): Finding => ({
      index: 0,
      expected: 'characters of the code page',
      found: classOfByte(source[at], characters.blank),
    }),
  }
}
