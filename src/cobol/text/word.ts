// Text words: what COPY, REPLACE and the entry parser work on. Every word knows the line and column of the file it was written in.
//
//   05  :TAG:-RATE  PIC 9(3).99.      runs: 05 TAG -RATE PIC 9 3 .99     marks: : : ( )     period: the last one

import { type LogicalLine, locate } from './reference-format.ts'
import type { Origin, Spot } from './spot.ts'

/** One text word of COBOL, and where it was written. */
export interface Word extends Spot {
  /**
   * `run`: characters without white space; `mark`: one of `(` `)` `:` `==`; `literal`: quoted; `period`: a separator period; `gap`: here words are
   * missing, those of `missing`.
   */
  readonly kind: 'run' | 'mark' | 'literal' | 'period' | 'gap'
  /** As written; for a literal its content, doubled quotes made single. */
  readonly text: string
  /** What is compared: upper case for runs, prefix and content for literals. */
  readonly key: string
  /** X, N, NX, G, Z, U, UX … before the quote of a literal. */
  readonly prefix: string
  /** Whether white space, or a comma or semicolon with white space after it, stands before. */
  readonly spaced: boolean
  /** Whether it is the first word of its line. */
  readonly first: boolean
  /** Whether the quote of the literal was never closed. */
  readonly open: boolean
  /** The member that COPY names and no library has. */
  readonly missing?: MissingMember
}

interface MissingMember {
  readonly member: string
  readonly library: string | undefined
}

/** Whether a word is this reserved word (given in upper case). */
export function isRun(word: Word | undefined, key: string): word is Word {
  return word !== undefined && word.kind === 'run' && word.key === key
}

const PREFIXES = new Set(['X', 'N', 'NX', 'G', 'GX', 'Z', 'U', 'UX'])

/** Control characters, blank and the blank that does not break: as much as white space is here. */
const SPACE = '[^!-\\x9f\\xa1-\\uffff]'
/** Where a separator may end: before white space, the end of the line, or the end of pseudo-text. */
const BOUNDARY = `(?=${SPACE}|==|$)`
const BOUNDARY_HERE = new RegExp(BOUNDARY, 'y')
// Not character by character: all of a copybook is cut at the start of a command, when such loops are slow.
/** What stands between words. */
const GAP = new RegExp(`(?:${SPACE}|[,;]${BOUNDARY})+`, 'y')
/** What ends a run, or an end of the line. */
const RUN_END = new RegExp(`${SPACE}|[():"']|==|[.,;]${BOUNDARY}`, 'g')

/** Cuts one logical line into words, appended to `words`. */
export function scanLine(line: LogicalLine, origin: Origin, words: Word[]): void {
  const { text } = line
  let spaced = true
  let first = true
  let at = 0
  while (at < text.length) {
    GAP.lastIndex = at
    if (GAP.test(text)) {
      spaced = true
      at = GAP.lastIndex
      continue
    }
    const found = wordAt(text, at)
    const { kind, text: written, key, prefix, open } = found.word
    const { line: row, column } = locate(line, at)
    // One literal with all members: words are many, and objects of one shape are fast.
    words.push({ kind, text: written, key, prefix, open, spaced, first, origin, line: row, column })
    at = found.end
    spaced = false
    first = false
  }
}

type Bare = Omit<Word, keyof Spot | 'spaced' | 'first'>

function wordAt(text: string, at: number): { word: Bare; end: number } {
  const character = text.charAt(at)
  if (character === '.' && isBoundary(text, at + 1)) return { word: plain('period', '.'), end: at + 1 }
  if (character === '(' || character === ')' || character === ':')
    return { word: plain('mark', character), end: at + 1 }
  if (text.startsWith('==', at)) return { word: plain('mark', '=='), end: at + 2 }
  if (character === '"' || character === "'") return literalAt(text, at, '')
  const end = runEnd(text, at)
  const run = text.slice(at, end)
  const quote = text.charAt(end)
  if ((quote === '"' || quote === "'") && PREFIXES.has(run.toUpperCase()))
    return literalAt(text, end, run.toUpperCase())
  return { word: plain('run', run), end }
}

function plain(kind: 'run' | 'mark' | 'period', text: string): Bare {
  return { kind, text, key: text.toUpperCase(), prefix: '', open: false }
}

function literalAt(text: string, at: number, prefix: string): { word: Bare; end: number } {
  const quote = text.charAt(at)
  const parts: string[] = []
  let from = at + 1
  for (;;) {
    const close = text.indexOf(quote, from)
    const open = close < 0
    parts.push(open ? text.slice(from) : text.slice(from, close))
    if (!open && text.charAt(close + 1) === quote) {
      parts.push(quote)
      from = close + 2
      continue
    }
    const content = parts.join('')
    return {
      word: { kind: 'literal', text: content, key: `${prefix}'${content}`, prefix, open },
      end: open ? text.length : close + 1,
    }
  }
}

function runEnd(text: string, at: number): number {
  RUN_END.lastIndex = at
  const end = RUN_END.exec(text)?.index ?? text.length
  return Math.max(end, at + 1)
}

function isBoundary(text: string, at: number): boolean {
  BOUNDARY_HERE.lastIndex = at
  return BOUNDARY_HERE.test(text)
}
