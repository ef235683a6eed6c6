// What somebody wants of a data set: plain values that can be sent to another thread, made at the border from a command line or from settings.

import type { ProgramOptions, ReferenceFormat, Source } from '../../cobol/options.ts'
import type { RecordOptions } from '../../contract/record.ts'
import type { LengthField, RecordFormat } from '../../frame/format.ts'

/** Which records there are, and how they are described, framed and shown. */
export interface RecordsRequest {
  readonly copybook: CopybookText
  /** How the programs were compiled. */
  readonly compiler: Partial<CompilerRequest>
  /** The level 01 to take; undefined for the only one. */
  readonly record: string | undefined
  readonly codec: CodecRequest
  /** Which records are of which type; none where there is one type. */
  readonly select: readonly SelectRequest[]
  readonly format: FormatRequest
  /** What of a file is read; records are written without it. */
  readonly offsets: FileOffsets
  /** Which records stand below which; none where each record is by itself. */
  readonly parents: readonly ParentRequest[]
}

/** A record type and the one above it. */
export interface ParentRequest {
  readonly child: string
  readonly parent: string
}

/** Records → lines of JSON. */
export interface DecodeRequest extends RecordsRequest {
  /** The data set; `-` for standard input. */
  readonly path: string
  /** Records passed over at the start; roots, where records stand below each other. */
  readonly skip: number
  /** Records read at most; roots, where records stand below each other. */
  readonly count: number | undefined
  /** Bytes of JSON that a root may take with all records below it. */
  readonly rootLimit: number
  /** Leave out `$residue`. */
  readonly canonical: boolean
  /** Report records that cannot be read, and go on. */
  readonly keepGoing: boolean
}

/** Bytes of a file that belong to no record. */
export interface FileOffsets {
  /** At its start. */
  readonly start: number
  /** At its end. */
  readonly end: number
}

/** Lines of JSON → records. */
export interface EncodeRequest extends RecordsRequest {
  /** One JSON object a line; `-` for standard input. */
  readonly path: string
  readonly blockSize: number | undefined
  /** Cut texts that do not fit, as MOVE does. */
  readonly cut: boolean
}

/** The text of a copybook, and where its members are. */
export interface CopybookText {
  readonly source: Source
  readonly folders: readonly string[]
}

/** Options of the compiler. */
export interface CompilerRequest extends ProgramOptions {
  readonly format: ReferenceFormat
}

/** How fields are named, read and shown. */
export interface CodecRequest extends RecordOptions {
  /** Its name; undefined for that of the copybook, or cp037. */
  readonly codePage: string | undefined
  readonly undeclaredViews: 'all' | 'first'
}

/** Records of one type; all that is given must hold. */
export interface SelectRequest {
  /** The level 01. */
  readonly name: string
  readonly place?: 'header' | 'trailer'
  readonly length?: number
  readonly at?: SelectedBytes
}

/** What stands at an offset: a text of the code page, or bytes in hexadecimal. */
export type SelectedBytes =
  | { readonly offset: number; readonly text: string }
  | { readonly offset: number; readonly hex: string }

/** X'15', X'0A', X'0D0A', X'25'. */
export type Newline = 'nl' | 'lf' | 'crlf' | 'lf-ebcdic'

/** How records lie in a file, as far as that does not follow from the layout and the code page. */
export type FormatRequest =
  /** Not said: F, or `by-layout` where record types of different lengths are all told by their bytes. */
  | { readonly kind: 'unsaid' }
  /** One behind the other, each as long as its layout and its counters say. `lengths`: of record types that the file has longer or shorter. */
  | { readonly kind: 'by-layout'; readonly lengths: Readonly<Record<string, number>> }
  /** Without a length, that of the layout. */
  | { readonly kind: 'fixed'; readonly length: number | undefined }
  /** Without a newline, that of the code page. */
  | { readonly kind: 'text'; readonly newline: Newline | undefined }
  | { readonly kind: 'length-field'; readonly field: LengthField }
  | Extract<RecordFormat, { readonly kind: 'variable' | 'spanned' }>
