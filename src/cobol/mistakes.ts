// Collects the mistakes and notes of one compilation, each with its place, its lines of source and a caret.

import type { copybookErrors } from '../error/copybook-errors.ts'
import { type FactsOf, type Failure, failure, type Place } from '../error/failure.ts'
import type { Note } from './layout.ts'
import { placeOf, type Spot } from './text/spot.ts'

export type CopybookCode = keyof typeof copybookErrors

export interface Mistakes {
  readonly failures: readonly Failure[]
  readonly notes: readonly Note[]
  /** Whether so many mistakes were found that going on is pointless. */
  readonly full: boolean
  add<C extends CopybookCode>(code: C, facts: FactsOf<C>, spot: Spot): void
  note(message: string, spot: Spot): void
}

/** Widest source line that an excerpt shows. */
const EXCERPT_WIDTH = 160

/** An empty collection that stops at `limit` mistakes with MISTAKES_TOO_MANY. */
export function collectMistakes(limit: number): Mistakes {
  const failures: Failure[] = []
  const notes: Note[] = []
  const seen = new Set<string>()
  return {
    failures,
    notes,
    get full() {
      return failures.length > limit
    },
    add(code, facts, spot) {
      const place = placeOf(spot)
      const key = `${code} ${place.file}:${place.line}:${place.column}`
      if (failures.length > limit || seen.has(key)) return
      seen.add(key)
      const options = { place, excerpt: excerpt(spot, place) }
      failures.push(
        failures.length < limit ? failure(code, facts, options) : failure('MISTAKES_TOO_MANY', { limit }, options),
      )
    },
    note(message, spot) {
      if (notes.length < limit) notes.push({ message, place: placeOf(spot) })
    },
  }
}

/**
 * The line before and the line itself, with numbers, and a caret below the column; then the COPY statements it came through.
 *
 *       13 |     05  CA-BALANCE   PIC S9(11)V99 COMP-3.
 *       14 |     05  CA-RATE      PIC 9(3)Q9.
 *          |                              ^
 */
function excerpt(spot: Spot, place: Place): string {
  const { lines } = spot.origin
  const width = String(place.line).length + 2
  const shown: string[] = []
  for (const number of [place.line - 1, place.line]) {
    const line = lines[number - 1]
    if (line !== undefined) shown.push(`${String(number).padStart(width)} | ${visible(line)}`.trimEnd())
  }
  if (place.column <= EXCERPT_WIDTH) shown.push(`${' '.repeat(width)} | ${' '.repeat(place.column - 1)}^`)
  for (let copied = spot.origin.copiedBy; copied !== undefined; copied = copied.origin.copiedBy) {
    const { file, line, column } = placeOf(copied)
    shown.push(`${' '.repeat(width)} = copied by ${file}:${line}:${column}`)
  }
  return shown.join('\n')
}

/** A source line as a terminal may show it: one column a character, so that the caret stands right. */
function visible(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  return line.slice(0, EXCERPT_WIDTH).replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
}
