// Where a piece of source text was written: its file, line and column, and the COPY statement through which it came.

import type { SourcePosition } from '../../error/failure.ts'
import type { Source } from '../options.ts'

/** A text that words come from: the copybook itself, or a member and the COPY statement that named it. */
export interface Origin {
  readonly source: Source
  readonly lines: readonly string[]
  readonly copiedBy: Spot | undefined
}

/** A line and column (from 1) of some text. */
export interface Spot {
  readonly origin: Origin
  readonly line: number
  readonly column: number
}

export function originOf(source: Source, copiedBy?: Spot): Origin {
  return { source, lines: source.text.replace(/^\uFEFF/, '').split(/\r\n|[\n\r]/), copiedBy }
}

export function placeOf({ origin, line, column }: Spot): SourcePosition {
  return { file: origin.source.name, line, column }
}
