// What regular expressions are made of, whichever dialect they are written in, and the frame that dialects share: choice,
// sequence, quantifier. A dialect says what an atom is.

import { failure } from '../../error/failure.ts'
import type { CharSet } from './char-set.ts'

/** A parsed pattern. */
export type Expression =
  /** One character. `text` is how JavaScript writes the set, where the dialect knows. */
  | { readonly kind: 'set'; readonly set: CharSet; readonly text?: string }
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'choice'; readonly branches: readonly Expression[] }
  /** `max` is Infinity where there is no upper bound. */
  | { readonly kind: 'repeat'; readonly of: Expression; readonly min: number; readonly max: number }
  /** The place before the first character, or behind the last. */
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }

/** A pattern and how far it has been read: by characters, or by UTF-16 units where the dialect does. */
export interface Cursor {
  readonly pattern: string
  readonly units: readonly string[]
  at: number
  depth: number
}

/** How XML Schema or JavaScript writes patterns. */
export interface Dialect {
  /** Reads one atom and moves on; `inner` reads what stands in parentheses. Throws PATTERN_REFUSED. */
  atom(cursor: Cursor, inner: (cursor: Cursor) => Expression): Expression
  /** Whether `?` behind a quantifier asks for the shortest match. */
  readonly lazy: boolean
  /** Whether a `{` that begins no count is a character. */
  readonly literalBraces: boolean
}

const DEPTH_MAX = 200

/** Throws PATTERN_REFUSED for what is no pattern of the dialect, or uses what cannot be matched in linear time. */
export function parsePattern(pattern: string, units: readonly string[], dialect: Dialect): Expression {
  const cursor: Cursor = { pattern, units, at: 0, depth: 0 }
  const parsed = choice(cursor, dialect)
  if (cursor.at < units.length) throw patternRefused(cursor, 'has a ) without its (')
  return parsed
}

/** The PATTERN_REFUSED of a pattern; `problem` continues the sentence that its text begins. */
export function patternRefused({ pattern }: Pick<Cursor, 'pattern'>, problem: string) {
  return failure('PATTERN_REFUSED', { pattern, problem })
}

/** The next unit; undefined at the end. */
export const peek = ({ units, at }: Cursor, ahead = 0): string | undefined => units[at + ahead]

/** Moves over the next units if they are these. */
export function taken(cursor: Cursor, text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (peek(cursor, index) !== text[index]) return false
  cursor.at += text.length
  return true
}

function choice(cursor: Cursor, dialect: Dialect): Expression {
  if (++cursor.depth > DEPTH_MAX) throw patternRefused(cursor, `is nested deeper than ${DEPTH_MAX}`)
  const branches = [sequence(cursor, dialect)]
  while (taken(cursor, '|')) branches.push(sequence(cursor, dialect))
  cursor.depth -= 1
  return branches.length === 1 && branches[0] ? branches[0] : { kind: 'choice', branches }
}

function sequence(cursor: Cursor, dialect: Dialect): Expression {
  const parts: Expression[] = []
  const inner = (one: Cursor) => choice(one, dialect)
  for (let next = peek(cursor); next !== undefined && next !== '|' && next !== ')'; next = peek(cursor)) {
    parts.push(quantified(cursor, dialect.atom(cursor, inner), dialect))
  }
  return parts.length === 1 && parts[0] ? parts[0] : { kind: 'sequence', parts }
}

function quantified(cursor: Cursor, of: Expression, dialect: Dialect): Expression {
  const counts = quantifier(cursor)
  if (!counts) {
    if (peek(cursor) === '{' && !dialect.literalBraces) throw patternRefused(cursor, 'has a { that begins no count')
    return of
  }
  if (dialect.lazy) taken(cursor, '?')
  return { kind: 'repeat', of, ...counts }
}

const simple: Readonly<Record<string, { readonly min: number; readonly max: number }>> = {
  '?': { min: 0, max: 1 },
  '*': { min: 0, max: Number.POSITIVE_INFINITY },
  '+': { min: 1, max: Number.POSITIVE_INFINITY },
}

function quantifier(cursor: Cursor): { readonly min: number; readonly max: number } | undefined {
  const known = simple[peek(cursor) ?? '']
  if (known) {
    cursor.at += 1
    return known
  }
  if (peek(cursor) !== '{') return undefined
  const end = cursor.units.indexOf('}', cursor.at)
  const counts = /^\{(\d{1,6})(,(\d{1,6})?)?\}$/.exec(cursor.units.slice(cursor.at, end + 1).join(''))
  if (!counts) return undefined
  cursor.at = end + 1
  const min = Number(counts[1])
  const max = counts[2] === undefined ? min : counts[3] === undefined ? Number.POSITIVE_INFINITY : Number(counts[3])
  if (max < min) throw patternRefused(cursor, 'has a count whose end is below its start')
  return { min, max }
}
