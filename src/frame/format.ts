// How the records of a data set lie one behind the other. Sources: IBM, DFSMS Using Data Sets (d4357 RDW, d4359 SDW); GnuCOBOL as measured.
//
//   F, FB   [data]…                             every record LRECL bytes; blocking leaves no trace in a copied file
//   V       [LL 0000][data]…                    RDW: LL counts the four bytes of the RDW
//   VB      [LL 0000]([LL 0000][data]…)…        BDW before every block, counting itself; bit 0 set: 31-bit length
//   VS, VBS [LL cc 00][segment]…                SDW: cc 00 whole, 01 first, 10 last, 11 middle segment of a record
//   text    data NL data NL                     line-sequential
//   computed  [data][data]…                     as long as the record's own bytes say: a length field, its type, its counters

import { byteAt } from '../codepage/element.ts'

/** A length in front of a record. */
export interface Descriptor {
  /** Bytes of the length itself: 2 or 4. */
  readonly size: 2 | 4
  readonly endian: 'big' | 'little'
  /** Bytes behind the length that must be zero. */
  readonly reserved: 0 | 2
  /** What to add to the length to get the bytes from the descriptor's first byte to the record's last: 0 for an RDW, 4 where it does not count itself. */
  readonly adjust: number
}

/** RDW, BDW and IMS's LLZZ. */
export const countsItself: Descriptor = { size: 2, endian: 'big', reserved: 2, adjust: 0 }

/** The format of a data set. `length` and `maximum` are bytes of one record; `maximum` is the longest that is read or written. */
export type RecordFormat =
  | { readonly kind: 'fixed'; readonly length: number }
  | { readonly kind: 'variable'; readonly record: Descriptor; readonly block?: Descriptor; readonly maximum?: number }
  | { readonly kind: 'spanned'; readonly block?: Descriptor; readonly maximum?: number }
  | TextFormat
  | ComputedFormat

/** Lines of a line-sequential file, a record each. */
export interface TextFormat {
  readonly kind: 'text'
  /** Bytes that end a line; the first is looked for. */
  readonly newline: readonly [number, ...number[]]
  /** A carriage return before the newline belongs to it. */
  readonly optionalBefore?: number
  /** The byte of a blank in the file's code page: lines lose trailing blanks when written and get them back when read. */
  readonly blank: number
  /** Lines are filled with blanks to this length. */
  readonly length?: number
  readonly maximum?: number
}

/** The length stands in the record, or follows from it. */
export interface ComputedFormat {
  readonly kind: 'computed'
  /** Bytes that every record has, at least 1: `lengthOf` is asked when so many are there. */
  readonly header: number
  /**
   * Length of the whole record that begins at `start`, as far as the bytes before `end` tell. Where it gives more than are there it is asked
   * again when as many are: then it may say more, never less. `number` counts the records read, from 1. Undefined where no record begins.
   */
  readonly lengthOf: (bytes: Uint8Array, start: number, end: number, number: number) => number | undefined
  readonly maximum?: number
}

/** The longest record of V and VB by the architecture, with its RDW. */
export const longestVariable = 32_760
/** What a record may grow to where the format sets no bound of its own. */
export const longestByDefault = 16 * 1024 * 1024

/** Records of GnuCOBOL's variable sequential files by COB_VARSEQ_FORMAT; 0 is its default. Lengths leave out the prefix. */
export function gnucobolVariable(varseq: 0 | 1 | 2 | 3): Extract<RecordFormat, { readonly kind: 'variable' }> {
  const prefixes: readonly Descriptor[] = [
    { size: 2, endian: 'big', reserved: 2, adjust: 4 },
    { size: 4, endian: 'big', reserved: 0, adjust: 4 },
    { size: 4, endian: 'little', reserved: 0, adjust: 4 },
    { size: 2, endian: 'big', reserved: 0, adjust: 2 },
  ]
  return { kind: 'variable', record: prefixes[varseq] ?? countsItself, maximum: longestByDefault }
}

/** A field of the record that holds the record's length. */
export interface LengthField {
  /** Of the field, from the record's start. */
  readonly offset: number
  readonly size: number
  readonly as: 'binary' | 'little-endian' | 'zoned' | 'packed'
  /** What to add to get the length of the whole record. */
  readonly adjust: number
}

/** Records that carry their own length in a field. */
export function lengthFieldFormat(field: LengthField, maximum = longestByDefault): ComputedFormat {
  return {
    kind: 'computed',
    header: field.offset + field.size,
    lengthOf: (bytes, start) => {
      const value = numberAt(bytes, start + field.offset, field)
      return value === undefined ? undefined : value + field.adjust
    },
    maximum,
  }
}

/** Upper-case hexadecimal of some bytes. */
export function hexOf(bytes: Uint8Array, start: number, size: number): string {
  let hex = ''
  for (let at = start; at < start + size; at++) hex += (bytes[at] ?? 0).toString(16).padStart(2, '0')
  return hex.toUpperCase()
}

/** A non-negative number, or undefined where the bytes hold none. At most 8 bytes binary, 15 digits. */
function numberAt(bytes: Uint8Array, start: number, { size, as }: LengthField): number | undefined {
  let value = 0
  for (let index = 0; index < size; index++) {
    const byte = byteAt(bytes, as === 'little-endian' ? start + size - 1 - index : start + index)
    const last = index === size - 1
    if (as === 'zoned') {
      if ((byte & 0x0f) > 9) return undefined
      value = value * 10 + (byte & 0x0f)
    } else if (as === 'packed') {
      if (byte >> 4 > 9 || (!last && (byte & 0x0f) > 9)) return undefined
      value = last ? value * 10 + (byte >> 4) : value * 100 + (byte >> 4) * 10 + (byte & 0x0f)
    } else value = value * 256 + byte
  }
  return Number.isSafeInteger(value) ? value : undefined
}
