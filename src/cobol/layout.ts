// The layout of a record: every item of a copybook with its picture, usage, offset and length. What the codec, the schemas and the CLI work from.

import type { SourcePosition } from '../error/failure.ts'

/** The categories of IBM's Language Reference that a PICTURE can give an item. */
export type Category =
  | 'alphabetic'
  | 'alphanumeric'
  | 'alphanumeric-edited'
  | 'numeric'
  | 'numeric-edited'
  | 'national'
  | 'national-edited'
  | 'dbcs'
  | 'dbcs-edited'
  | 'utf-8'
  | 'external-float'

/** A PICTURE, analysed. */
export interface Picture {
  /** As written, for example `S9(11)V99`. */
  readonly text: string
  /** All repeats written out. */
  readonly expanded: string
  readonly category: Category
  readonly signed: boolean
  /** Count of 9s that are stored (for an edited picture: digit positions). P is not counted. */
  readonly digits: number
  /** Decimals of the value: S9(3)V99 → 2; 9(3)PP → -2; VPP9(3) → 5. */
  readonly scale: number
  /** Character positions in storage for USAGE DISPLAY, NATIONAL, DISPLAY-1 or UTF-8, without a separate sign. */
  readonly positions: number
}

/** How an elementary item is stored. The words are IBM's phrases where it has one. */
export type Usage =
  | 'DISPLAY'
  | 'DISPLAY-1'
  | 'NATIONAL'
  | 'UTF-8'
  | 'COMP-1'
  | 'COMP-2'
  | 'COMP-3'
  | 'COMP-4'
  | 'COMP-5'
  | 'COMP-6'
  | 'COMP-X'
  | 'INDEX'
  | 'POINTER'
  | 'POINTER-32'
  | 'PROCEDURE-POINTER'
  | 'FUNCTION-POINTER'
  | 'OBJECT REFERENCE'
  | 'FLOAT-DECIMAL-16'
  | 'FLOAT-DECIMAL-34'

/** Where a DISPLAY number has its sign, and whether it takes a byte of its own (SIGN IS … SEPARATE CHARACTER). */
export interface Sign {
  readonly position: 'leading' | 'trailing'
  readonly separate: boolean
}

/** A literal of a VALUE clause. `bytes` literals are hexadecimal; figurative constants keep their name. */
export type Literal =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'bytes'; readonly hex: string }
  | { readonly kind: 'figurative'; readonly name: 'ZERO' | 'SPACE' | 'LOW-VALUE' | 'HIGH-VALUE' | 'QUOTE' | 'NULL' }
  | { readonly kind: 'all'; readonly literal: Literal }

/** A level 88: a name for some values of the item above it. */
export interface Condition {
  readonly name: string
  readonly values: readonly { readonly from: Literal; readonly through?: Literal }[]
  readonly place: SourcePosition
}

/** How often an item occurs; for OCCURS … DEPENDING ON with the item that counts. */
export interface Occurs {
  /** Least number of occurrences; equal to `maximum` for a fixed table. */
  readonly minimum: number
  readonly maximum: number
  /** The counter's name as written, and the item it was resolved to. */
  readonly dependingOn?: string
  readonly counter?: Item
  /** The other record that holds the counter, or `DFHEIBLK` of CICS: the bytes of this one do not say how often it occurs. */
  readonly outside?: string
  readonly indexedBy: readonly string[]
  readonly keys: readonly { readonly order: 'ascending' | 'descending'; readonly names: readonly string[] }[]
}

/** One item: group or elementary. Offsets and lengths are in bytes. */
export interface Item {
  readonly level: number
  /** Undefined for FILLER. Upper case. */
  readonly name: string | undefined
  /** Undefined for a group. */
  readonly picture: Picture | undefined
  /** For a group: `DISPLAY`, or the group's own usage (a national or UTF-8 group). */
  readonly usage: Usage
  readonly sign: Sign | undefined
  readonly justified: boolean
  readonly blankWhenZero: boolean
  readonly synchronized: boolean
  /** From the start of the record, from 0, of the first occurrence, with every variable table before it at its maximum. */
  readonly offset: number
  /** Of one occurrence, with every variable table inside at its maximum; without slack around it. */
  readonly length: number
  /** From the start of one occurrence to the next: `length` plus the slack at its end. */
  readonly stride: number
  /** Slack bytes right before this item. */
  readonly slackBefore: number
  /** Whether its place depends on a counter: a table with DEPENDING ON stands before it. */
  readonly variablyLocated: boolean
  readonly occurs: Occurs | undefined
  /** The item whose storage this one shares; the first of the set, never another redefinition. */
  readonly redefines: Item | undefined
  readonly value: Literal | undefined
  readonly conditions: readonly Condition[]
  readonly children: readonly Item[]
  readonly parent: Item | undefined
  readonly place: SourcePosition
}

/** A level 66: a second name for the bytes from one item to another. */
export interface Renames {
  readonly name: string
  readonly from: Item
  readonly through: Item
  readonly offset: number
  readonly length: number
  readonly place: SourcePosition
}

/** One level-01 or level-77 record (or the items of a copybook that starts lower, under a record of the copybook's name). */
export interface Layout {
  /** Name of the 01 item; the copybook's own name where the copybook starts at a lower level. */
  readonly name: string
  readonly root: Item
  readonly renames: readonly Renames[]
  /** With every variable table at its minimum, and at its maximum. */
  readonly minimumLength: number
  readonly maximumLength: number
  readonly options: CompilerOptions
  /** The code page that the program's own CBL or PROCESS statement names, for example `cp1140`. */
  readonly codePage?: string
}

/** Compiler options that change a layout or the range of values, by IBM's names. */
export interface CompilerOptions {
  /** IBM's compiler; GnuCOBOL as it is, or with its -std of the same name; Micro Focus with byte storage. */
  readonly dialect: 'ibm' | 'gnucobol' | 'gnucobol-ibm' | 'gnucobol-mvs' | 'gnucobol-bs2000' | 'microfocus'
  readonly trunc: 'STD' | 'OPT' | 'BIN'
  readonly numproc: 'NOPFD' | 'PFD'
  /** PFD: the zone of every digit is F, else the bytes are not valid. NOPFD, MIG (as INVDATA): zones are not looked at. */
  readonly zonedata: 'PFD' | 'NOPFD' | 'MIG'
  readonly arith: 'COMPAT' | 'EXTEND'
  readonly nsymbol: 'NATIONAL' | 'DBCS'
  readonly lp: 32 | 64
  readonly float: 'HFP' | 'IEEE'
  readonly endian: 'big' | 'little'
  readonly decimalPointIsComma: boolean
  /** What is printed for the currency, for example `$` or `EUR`. */
  readonly currencySign: string
  /** What stands for it in a PICTURE, where that is another character than the sign itself (`$` when the sign is longer). */
  readonly currencySymbol?: string
}

/** A remark that is no error: a clause that has no effect on the layout. */
export interface Note {
  readonly message: string
  readonly place: SourcePosition
}
