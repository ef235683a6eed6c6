// REPLACING of COPY, and REPLACE: operands, and matching of text words. White space never counts; the first operand that matches wins.

import type { TextMistakes } from '../mistakes.ts'
import { isRun, type Word } from './word.ts'

/** One `==from== BY ==to==`; with LEADING or TRAILING it replaces a part of a word. */
export interface Replacement {
  readonly part: 'whole' | 'leading' | 'trailing'
  readonly from: readonly Word[]
  readonly to: readonly Word[]
}

/** A place in a list of words, moved by those who read. */
export interface WordReader {
  readonly words: readonly Word[]
  at: number
}

/** Reads `==a== BY ==b== …` up to the period (left standing). Undefined after a mistake in their form. */
export function readReplacements(
  reader: WordReader,
  statement: Word,
  mistakes: TextMistakes,
): Replacement[] | undefined {
  const found: Replacement[] = []
  let count = 0
  for (
    let word = reader.words[reader.at];
    word !== undefined && word.kind !== 'period';
    word = reader.words[reader.at]
  ) {
    const replacement = readReplacement(reader, statement, mistakes)
    if (replacement === undefined) return undefined
    if (isSensible(replacement, word, statement, mistakes)) found.push(replacement)
    count++
  }
  if (count === 0) mistakes.add('COPY_INCOMPLETE', { statement: statement.key, expected: 'what to replace' }, statement)
  return found
}

function readReplacement(reader: WordReader, statement: Word, mistakes: TextMistakes): Replacement | undefined {
  const word = reader.words[reader.at]
  const part = isRun(word, 'LEADING') ? 'leading' : isRun(word, 'TRAILING') ? 'trailing' : 'whole'
  if (part !== 'whole') reader.at++
  const from = readOperand(reader)
  const by = from && isRun(reader.words[reader.at], 'BY')
  if (by) reader.at++
  const to = by ? readOperand(reader) : undefined
  if (from !== undefined && to !== undefined) return { part, from, to }
  const expected = from === undefined ? 'a text, or the == that closes it,' : by ? 'the text after BY' : 'BY'
  mistakes.add('COPY_INCOMPLETE', { statement: statement.key, expected }, reader.words[reader.at] ?? word ?? statement)
  return undefined
}

function isSensible({ part, from, to }: Replacement, word: Word, statement: Word, mistakes: TextMistakes): boolean {
  if (from.length === 0) mistakes.add('COPY_OPERAND_EMPTY', { statement: statement.key }, word)
  else if (part !== 'whole' && !(isPart(from) && (to.length === 0 || isPart(to)))) {
    mistakes.add('COPY_PARTIAL_INVALID', { word: word.key }, word)
  } else return true
  return false
}

function isPart(words: readonly Word[]): boolean {
  return words.length === 1 && words[0]?.kind === 'run'
}

/** Pseudo-text, a literal, or a word with its qualifiers and subscripts. Undefined when it is missing or not closed. */
function readOperand(reader: WordReader): Word[] | undefined {
  const { words } = reader
  const first = words[reader.at]
  if (first === undefined || first.kind === 'period') return undefined
  const from = reader.at
  if (first.kind === 'mark' && first.key === '==') {
    let end = from + 1
    while (end < words.length && words[end]?.key !== '==') end++
    reader.at = end + 1
    return end < words.length ? words.slice(from + 1, end) : undefined
  }
  reader.at++
  for (;;) {
    const word = words[reader.at]
    const joined = word !== undefined && !word.spaced && word.kind !== 'period'
    const qualified = (isRun(word, 'OF') || isRun(word, 'IN')) && words[reader.at + 1]?.kind === 'run'
    if (joined) reader.at++
    else if (qualified) reader.at += 2
    else return words.slice(from, reader.at)
  }
}

/** Comparisons allowed for each word of room: patterns of many equal words would else take quadratic time. */
const COMPARISONS = 3

/**
 * Replaces in `words`, appending the result to `into`. Gives how often each operand matched; undefined when the result
 * would have more than `room` words, or finding it takes too long.
 */
export function replaceWords(
  words: readonly Word[],
  replacements: readonly Replacement[],
  into: Word[],
  room: number,
): number[] | undefined {
  const matches = replacements.map(() => 0)
  const finder = finderOf(replacements)
  let at = 0
  while (at < words.length) {
    const word = words[at]
    if (word === undefined || into.length > room || finder.comparisons > room * COMPARISONS) break
    const which = finder.find(words, at)
    const replacement = replacements[which]
    if (replacement === undefined) {
      into.push(word)
      at++
      continue
    }
    matches[which] = (matches[which] ?? 0) + 1
    at += replacement.part === 'whole' ? replacement.from.length : 1
    const next = into.length
    for (const put of substitute(word, replacement)) into.push(put)
    const following = words[at]
    // Nothing put in its place: the next word stands as far from the previous one as this word did.
    if (into.length === next && following && word.spaced && !following.spaced) {
      into.push({ ...following, spaced: true, first: word.first || following.first })
      at++
    }
  }
  return at < words.length || into.length > room ? undefined : matches
}

/** Finds the first operand that matches; operands are looked up by their first word. */
function finderOf(replacements: readonly Replacement[]) {
  const partial: number[] = []
  const whole = new Map<string, number[]>()
  replacements.forEach(({ part, from }, index) => {
    const key = from[0]?.key ?? ''
    const same = whole.get(key)
    if (part !== 'whole') partial.push(index)
    else if (same) same.push(index)
    else whole.set(key, [index])
  })
  return {
    comparisons: 0,
    find(words: readonly Word[], at: number): number {
      const possible = [...(whole.get(words[at]?.key ?? '') ?? []), ...partial].sort((left, right) => left - right)
      for (const index of possible) {
        const { part, from } = replacements[index] ?? { part: 'whole', from: [] }
        let matched = 0
        while (matched < from.length && matchesWord(words[at + matched], from[matched], part)) matched++
        this.comparisons += matched + 1
        if (matched === from.length) return index
      }
      return -1
    },
  }
}

function matchesWord(word: Word | undefined, wanted: Word | undefined, part: Replacement['part']): boolean {
  if (word === undefined || wanted === undefined || word.kind !== wanted.kind) return false
  if (part === 'leading') return word.key.startsWith(wanted.key)
  return part === 'trailing' ? word.key.endsWith(wanted.key) : word.key === wanted.key
}

/** What stands in place of the match. One word takes the place where the old one was written, several keep their own. */
function substitute(word: Word, { part, from, to }: Replacement): Word[] {
  const { spaced, first, line, column, origin } = word
  if (part !== 'whole') {
    const cut = from[0]?.text.length ?? 0
    const put = to[0]?.text ?? ''
    const text = part === 'leading' ? put + word.text.slice(cut) : word.text.slice(0, -cut) + put
    return text === '' ? [] : [{ ...word, text, key: text.toUpperCase() }]
  }
  return to.map((put, index) => {
    const spot = to.length === 1 ? { line, column, origin } : {}
    return { ...put, ...spot, spaced: index === 0 ? spaced : put.spaced, first: index === 0 && first }
  })
}

/** Joins runs that replacing has put side by side: `ACC` + `-ID` → `ACC-ID`. */
export function joinRuns(words: readonly Word[]): Word[] {
  const joined: Word[] = []
  for (const word of words) {
    const last = joined.at(-1)
    if (last?.kind === 'run' && word.kind === 'run' && !word.spaced) {
      joined[joined.length - 1] = { ...last, text: last.text + word.text, key: last.key + word.key }
    } else joined.push(word)
  }
  return joined
}
