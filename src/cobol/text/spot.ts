// Where a piece of source text was written: its file, line and column, and the COPY statement through which it came.

import type { SourcePosition } from '../../error/failure.ts'
import type { Source } from '../options.ts'
import { ebcdicLines, isEbcdic } from './ebcdic-text.ts'

/** A text that words come from: the copybook itself, or a member and the COPY statement that named it. */
export interface Origin {
  readonly source: Source
  readonly lines: readonly string[]
  /** Whether the text was EBCDIC; its lines no longer are. */
  readonly ebcdic: boolean
  readonly copiedBy: Spot | undefined
}

/** A line and column (from 1) of some text. */
export interface Spot {
  readonly origin: Origin
  readonly line: number
  readonly column: number
}

/** The part of a program that a text is in. `copybook`: no header has come yet, as copybooks have none; `files`: INPUT-OUTPUT SECTION. */
export type Part = 'copybook' | 'identification' | 'environment' | 'files' | 'data' | 'procedure'

/** Where a compilation stands in its text, members of COPY included. */
export interface Standing {
  part: Part
  /** Whether SOURCE-COMPUTER has said WITH DEBUGGING MODE: then lines with a D in column 7 count. */
  debugging: boolean
}

/** A source as an origin: split into lines (CR, LF or CR LF), a byte order mark left out. */
export function originOf(source: Source, copiedBy?: Spot): Origin {
  const { text } = source
  const ebcdic = isEbcdic(text)
  const lines = ebcdic ? ebcdicLines(text) : text.replace(/^\uFEFF/, '').split(/\r\n|[\n\r]/)
  return { source, lines, ebcdic, copiedBy }
}

/** File, line and column of a spot, for a Failure. */
export function placeOf({ origin, line, column }: Spot): SourcePosition {
  return { file: origin.source.name, line, column }
}
