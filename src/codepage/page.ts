// What a code page offers, whatever its kind.

/** How a code page is to be made where there is a choice. */
export interface CodePageOptions {
  /**
   * Exchange NL and LF: X'15' is U+000A and X'25' is U+0085, as Unix System Services files have it (ICU's `,swaplfnl`).
   * Default: X'15' is U+0085 and X'25' is U+000A (IBM CDRA).
   */
  readonly swaplfnl?: boolean
  /** Put U+FFFD for bytes and SUB for characters that the page lacks. Default: such text is an error. */
  readonly substitute?: boolean
}

/** A code page by its CCSID: bytes ⇄ text. */
export interface CodePage {
  /** `cp037`, `cp930`, `ascii`, `utf-8` …; with `,swaplfnl` where that was asked for. */
  readonly name: string
  /** EBCDIC of one byte a character; EBCDIC with SO/SI runs of two bytes; one byte a character of the ASCII family; UTF-8. */
  readonly kind: 'single' | 'mixed' | 'ascii' | 'utf-8'
  /** The single-byte part: 256 UTF-16 units, U+FFFD where a byte has no character of its own. */
  readonly toUnicode: Uint16Array
  /** The byte of a character in the single-byte part, or -1. */
  fromUnicode(codePoint: number): number
  /** Text of the bytes from `start` to `end`. Throws CODE_PAGE_BYTES_INVALID (offset from `start`) unless substituting. */
  decode(bytes: Uint8Array, start?: number, end?: number): string
  /** Bytes of a text, as many as it takes. Throws CODE_PAGE_CHARACTER_MISSING (position in UTF-16 units) unless substituting. */
  encode(text: string): Uint8Array
  /** The two-byte part of a mixed page, without SO and SI: what PIC G fields hold. */
  readonly double?: DoubleBytePage
  /** Both directions in pieces, for streams of a mixed page, where a cut may fall inside a run. Other single-byte pages need no state. */
  readonly pieces?: TextPieces
}

export interface TextPieces {
  /** `end` gives what an unfinished run leaves, or throws. */
  decoder(): { write(bytes: Uint8Array): string; end(): string }
  /** `last` closes an open run. */
  encoder(): { write(text: string, last: boolean): Uint8Array }
}

/** Two bytes a character, no shifts. */
export interface DoubleBytePage {
  /** Name of the page's two-byte part by its CCSID, for example `cp300`. */
  readonly name: string
  decode(bytes: Uint8Array, start?: number, end?: number): string
  encode(text: string): Uint8Array
}

/** Stands in a table for a byte that has no character, and in substituted text. */
export const unmapped = 0xfffd

/** Between them stand the two-byte characters of a mixed page. */
export const shiftOut = 0x0e
/** SI, X'0F': ends the two-byte characters that SO, X'0E', began. */
export const shiftIn = 0x0f

/** Whether a byte is a shift of its page, and no character. */
export function isShift({ kind }: CodePage, byte: number): boolean {
  return kind === 'mixed' && (byte === shiftOut || byte === shiftIn)
}
