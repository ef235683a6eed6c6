// Text in a field of fixed length: padded with blanks, cut only on request and never inside a character or a run.

import { failure } from '../error/failure.ts'
import type { CodePage } from './page.ts'

export interface FieldTextOptions {
  /** JUSTIFIED RIGHT: blanks on the left, and a cut takes from the left. */
  readonly justified?: boolean
  /** Cut what does not fit, as MOVE does. Default: such text is an error. */
  readonly cut?: boolean
}

/**
 * Bytes of a text in a field of `length` bytes. A run of two-byte characters is closed by SI inside the field: a cut drops whole
 * characters and keeps room for SI, and blanks follow the SI. Throws TEXT_TOO_LONG, and what the page throws for its characters.
 */
export function encodeField(page: CodePage, text: string, length: number, options: FieldTextOptions = {}): Uint8Array {
  let bytes = page.encode(text)
  if (bytes.length > length) {
    if (!options.cut) throw failure('TEXT_TOO_LONG', { codePage: page.name, needed: bytes.length, room: length })
    bytes = cutToFit(page, text, length, options.justified === true)
  }
  if (bytes.length === length) return bytes
  const field = new Uint8Array(length).fill(page.fromUnicode(0x20))
  field.set(bytes, options.justified ? length - bytes.length : 0)
  return field
}

/** The most characters from one end of the text whose bytes fit. The byte length grows with the characters, so halving finds them. */
function cutToFit(page: CodePage, text: string, length: number, fromLeft: boolean): Uint8Array {
  const characters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment)
  const kept = (count: number): Uint8Array =>
    page.encode((fromLeft ? characters.slice(characters.length - count) : characters.slice(0, count)).join(''))
  let fits = 0
  let tooMany = characters.length
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1
    if (kept(middle).length <= length) fits = middle
    else tooMany = middle
  }
  return kept(fits)
}
