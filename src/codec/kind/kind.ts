// What every storage kind offers to the codec: bytes → text of the value, text of the value → bytes, and the reason when either fails.

/** Set by readers when the value alone would not give the same bytes back, so that the record needs a `$residue`. */
export interface Trace {
  residue: boolean
}

/** Why a value cannot be written. 0 is success; `refusal` in run/run.ts makes a Failure of it. */
export const refused = {
  none: 0,
  notANumber: 1,
  tooLarge: 2,
  tooPrecise: 3,
  negative: 4,
  tooLong: 5,
  notInCodePage: 6,
  notADate: 7,
  notHex: 8,
  notACount: 9,
} as const
/** 0 or the reason, as `Kind.write` gives it. */
export type Refused = (typeof refused)[keyof typeof refused]
/** A reason without the 0. */
export type WriteRefusal = Exclude<Refused, typeof refused.none>

/** What is wrong with the bytes of a field: never the bytes themselves. `index` counts from the field's first byte. */
export interface Finding {
  readonly index: number
  readonly expected: string
  readonly found: string
}

/** A decimal of at most so many digits. */
export interface DecimalShape {
  readonly type: 'decimal'
  readonly digits: number
  readonly scale: number
  readonly signed: boolean
  /** The greatest value without its point, where that is less than all nines: of two's complement, whose least value is one more below zero. */
  readonly most?: string
}

/** How the value looks in JSON, for schemas and types. */
export type Shape =
  | DecimalShape
  | { readonly type: 'text'; readonly maximum: number }
  | { readonly type: 'float' }
  | { readonly type: 'hex'; readonly bytes: number }
  | { readonly type: 'date'; readonly pattern: string; readonly format: string | undefined; readonly nullable: boolean }

/** A program that gives a function, and the tables that it uses by name. Equal programs over the same tables are made once. */
export interface Special {
  readonly program: () => string
  readonly tables: Readonly<Record<string, Uint8Array | Uint16Array>>
}

/** One way of storing a value, with its lengths and tables fixed. All functions work on `length` bytes from `at`. */
export interface Kind {
  readonly length: number
  readonly shape: Shape
  /** The most bytes that `append` writes, or that the value takes in UTF-8. */
  readonly maximumText: number
  /** Whether the value's text is printable ASCII without `"` and `\`: goes into JSON as it is. */
  readonly plain: boolean
  /** Writes the value's text as Latin-1 from `to` on; gives the new end, or -1 for bytes that are not valid. Only where every value is Latin-1. */
  readonly append?: (source: Uint8Array, at: number, out: Uint8Array, to: number, trace: Trace) => number
  /** How to make a function that does the same as `append` for this very field. */
  readonly special?: Special
  /** The same as UTF-8 with JSON escapes, without the quotes. Only for kinds that are not `plain`. */
  readonly appendJson?: (source: Uint8Array, at: number, out: Uint8Array, to: number, trace: Trace) => number
  /** The value; null where the bytes say that there is none; undefined for bytes that are not valid. */
  readonly read: (source: Uint8Array, at: number, trace: Trace) => string | null | undefined
  /** Writes the canonical bytes of a value. May leave garbage when it refuses. */
  readonly write: (value: string, out: Uint8Array, at: number) => Refused
  /**
   * Writes the canonical bytes of a JSON string from its first character on; gives the position of its closing quote, or -1 for what only
   * `write` can judge: anything but the text that `appendJson` and `append` give, and characters that JSON escapes.
   */
  readonly writeJson?: (json: Uint8Array, from: number, out: Uint8Array, at: number) => number
  /** How to make a function that does the same as `writeJson` for this very field. */
  readonly specialWrite?: Special
  /** Bytes of an item that nothing was moved to: blanks, zeros. */
  readonly initial: Uint8Array
  /** What is wrong with bytes that `read` gave undefined for. */
  readonly explain: (source: Uint8Array, at: number) => Finding
}
