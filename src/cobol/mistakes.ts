// Collects the mistakes and notes of one compilation, each with its place, its lines of source and a caret.

import type { copybookErrors } from '../error/data/copybook-errors.ts'
import { type FactsOf, type Failure, failure, type SourcePosition } from '../error/failure.ts'
import type { Note } from './layout.ts'
import { placeOf, type Spot } from './text/spot.ts'

/** A code of the catalogue that a copybook can be refused with. */
export type CopybookCode = keyof typeof copybookErrors

/** A record while it is compiled, from its level 01 or 77 to the next: what its mistakes spoil. */
export interface Scope {
  /** Whether text of it is missing (a member, an entry that cannot be read), so that a group may only seem to be empty. */
  gap: boolean
  spoiled: boolean
}

/** A record of which nothing is spoiled yet. */
export function newScope(): Scope {
  return { gap: false, spoiled: false }
}

/** A mistake and what it spoils. */
export interface Mistake {
  readonly failure: Failure
  /** The records whose text holds it. */
  readonly scopes: ReadonlySet<Scope>
  /** Whether it may be in the way of every record. */
  readonly everywhere: boolean
}

/** Collects the mistakes and remarks of one compilation, each with its place in the text. */
export interface Mistakes {
  /** In the order of the text; what is written in a copied member comes where it is copied. */
  readonly all: readonly Mistake[]
  readonly failures: readonly Failure[]
  readonly notes: readonly Note[]
  readonly count: number
  /** Whether so many mistakes were found that going on is pointless. */
  readonly full: boolean
  /** The record that is worked on; undefined where a mistake spoils all of them. */
  scope: Scope | undefined
  /** Adds a mistake, unless one was already found at the same place: the first is the most exact. */
  add<C extends CopybookCode>(code: C, facts: FactsOf<C>, spot: Spot): void
  note(message: string, spot: Spot): void
}

/** What the passes over the text need of it. */
export type TextMistakes = Pick<Mistakes, 'add' | 'note'>

interface FoundMistake {
  readonly failure: Failure
  readonly path: readonly number[]
  readonly scopes: Set<Scope>
  everywhere: boolean
}

/** Widest source line that an excerpt shows. */
const EXCERPT_WIDTH = 120

/** An empty collection that stops at `limit` mistakes with MISTAKES_TOO_MANY. */
export function collectMistakes(limit: number): Mistakes {
  const found: FoundMistake[] = []
  const notes: Note[] = []
  const seen = new Map<string, FoundMistake>()
  const inOrder = () => found.sort((left, right) => comparePaths(left.path, right.path))
  return {
    notes,
    scope: undefined,
    get all() {
      return inOrder()
    },
    get failures() {
      return inOrder().map((mistake) => mistake.failure)
    },
    get count() {
      return found.length
    },
    get full() {
      return found.length > limit
    },
    add(code, facts, spot) {
      if (this.scope) this.scope.spoiled = true
      const path = pathOf(spot)
      const key = path.join(':')
      const known = seen.get(key)
      if (known) spoil(known, this.scope)
      if (found.length > limit || known) return
      const place = placeOf(spot)
      const options = { place, excerpt: excerpt(spot, place) }
      const last = found.length === limit
      const one = {
        failure: last ? failure('MISTAKES_TOO_MANY', { limit }, options) : failure(code, facts, options),
        path: last ? [Infinity] : path,
        scopes: new Set<Scope>(),
        everywhere: last,
      }
      spoil(one, this.scope)
      seen.set(key, one)
      found.push(one)
    },
    note(message, spot) {
      if (notes.length < limit) notes.push({ message, place: placeOf(spot) })
    },
  }
}

function spoil(found: FoundMistake, scope: Scope | undefined): void {
  if (scope) found.scopes.add(scope)
  else found.everywhere = true
}

/** Behind these the rest of the text is not read, wherever they are found. */
const ENDING: ReadonlySet<CopybookCode> = new Set<CopybookCode>(['COPYBOOK_TOO_LONG', 'WORDS_TOO_MANY'])

/** What the passes over the text tell, as long as `counts` says that it matters here; the rest is passed by. */
export function mistakesWhere(mistakes: Mistakes, counts: () => boolean): TextMistakes {
  return {
    add: (code, facts, spot) => {
      if (counts() || ENDING.has(code)) mistakes.add(code, facts, spot)
    },
    note: (message, spot) => {
      if (counts()) mistakes.note(message, spot)
    },
  }
}

/** Lines and columns from the copybook through its COPY statements to the spot. */
function pathOf({ origin, line, column }: Spot): number[] {
  return [...(origin.copiedBy ? pathOf(origin.copiedBy) : []), line, column]
}

function comparePaths(left: readonly number[], right: readonly number[]): number {
  const differs = left.findIndex((part, index) => part !== right[index])
  return differs < 0 ? left.length - right.length : (left[differs] ?? 0) - (right[differs] ?? 0)
}

/**
 * The line before and the line itself, with numbers, and a caret below the column; then the COPY statements it came through.
 *
 *       13 |     05  CA-BALANCE   PIC S9(11)V99 COMP-3.
 *       14 |     05  CA-RATE      PIC 9(3)Q9.
 *          |                              ^
 */
function excerpt(spot: Spot, place: SourcePosition): string {
  const { lines } = spot.origin
  const width = String(place.line).length + 2
  // Of a very long line, the part around the column.
  const from = place.column > EXCERPT_WIDTH ? place.column - EXCERPT_WIDTH / 2 : 0
  const shown: string[] = []
  for (const number of [place.line - 1, place.line]) {
    const line = lines[number - 1]?.slice(from, from + EXCERPT_WIDTH)
    if (line !== undefined) shown.push(`${String(number).padStart(width)} | ${visible(line)}`.trimEnd())
  }
  shown.push(`${' '.repeat(width)} | ${' '.repeat(place.column - 1 - from)}^`)
  for (let copied = spot.origin.copiedBy; copied !== undefined; copied = copied.origin.copiedBy) {
    const { file, line, column } = placeOf(copied)
    shown.push(`${' '.repeat(width)} = copied by ${file}:${line}:${column}`)
  }
  return shown.join('\n')
}

/** A source line as a terminal may show it: one column a character, so that the caret stands right. */
function visible(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  return line.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, ' ')
}
