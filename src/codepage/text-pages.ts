// Pages of files that never were EBCDIC, as GnuCOBOL and Micro Focus write them: ASCII, ISO 8859-1, UTF-8.

import { failure } from '../error/failure.ts'
import { type CodePage, unmapped } from './page.ts'
import { characterMissing, inverse, singleBytePage } from './single-byte.ts'

const asciiSubstitute = 0x1a

/** The first `size` code points of Unicode, a byte each: 128 is ASCII, 256 is ISO 8859-1. */
export function asciiPage(name: string, size: 0x80 | 0x100, substitute: boolean): CodePage {
  const toUnicode = Uint16Array.from({ length: 256 }, (_, byte) => (byte < size ? byte : unmapped))
  const table = { toUnicode, fromUnicode: inverse(toUnicode, new Uint8Array(256)) }
  return singleBytePage(name, 'ascii', table, substitute ? asciiSubstitute : undefined)
}

/** UTF-8. The single-byte part is ASCII. */
export function utf8Page(substitute: boolean): CodePage {
  const ascii = asciiPage('ascii', 0x80, substitute)
  const decoder = new TextDecoder('utf-8', { fatal: !substitute, ignoreBOM: true })
  const encoder = new TextEncoder()
  return {
    name: 'utf-8',
    kind: 'utf-8',
    toUnicode: ascii.toUnicode,
    fromUnicode: ascii.fromUnicode,
    decode: (bytes, start = 0, end = bytes.length) => {
      const part = bytes.subarray(start, end)
      try {
        return decoder.decode(part)
      } catch (cause) {
        const facts = { codePage: 'utf-8', offset: firstInvalid(part), problem: 'not a well-formed sequence' }
        throw failure('CODE_PAGE_BYTES_INVALID', facts, { cause })
      }
    },
    encode: (text) => {
      if (!substitute) {
        const position = loneSurrogate(text)
        if (position >= 0) throw characterMissing('utf-8', text, position)
      }
      return encoder.encode(text)
    },
  }
}

/** Offset of the first byte that does not belong to a well-formed sequence: where the first U+FFFD of a lenient decode stands. */
function firstInvalid(bytes: Uint8Array): number {
  let offset = 0
  for (const character of new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)) {
    const codePoint = character.codePointAt(0) ?? unmapped
    const isWritten = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd
    if (codePoint === unmapped && !isWritten) break
    offset += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4
  }
  return offset
}

/** Position of a surrogate without its partner, or -1. */
function loneSurrogate(text: string): number {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0xd800 || unit > 0xdfff) continue
    const next = text.charCodeAt(at + 1)
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return at
    at++
  }
  return -1
}
