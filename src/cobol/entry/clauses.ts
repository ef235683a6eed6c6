// The clauses of a data description entry, one parser each. A clause that is wrong is reported and left out; parsing goes on behind it.

import type { Sign } from '../layout.ts'
import { isRun, type Word } from '../text/word.ts'
import type { Clauses, Entry, Said, ValueRange } from './entry.ts'
import { beginsLiteral, takeLiteral } from './literal.ts'
import { readOccurs } from './occurs-clause.ts'
import { type EntryReader, incomplete, peek, startsEntry, take, takeInteger, takeName } from './reader.ts'
import { readUsage, USAGE_WORDS } from './usage-clause.ts'

type ClauseParser = (reader: EntryReader, entry: Entry, word: Word) => void

/** Sets a clause once; a second one is a mistake, named as the user knows the clause. */
export function say<K extends keyof Clauses>(
  reader: EntryReader,
  { clauses }: Entry,
  key: K,
  said: NonNullable<Clauses[K]> & Said<unknown>,
  clause: string,
): void {
  if (clauses[key] === undefined) clauses[key] = said
  else reader.mistakes.add('CLAUSE_DUPLICATE', { clause }, said.word)
}

const picture: ClauseParser = (reader, entry, word) => {
  take(reader, 'IS')
  const words: Word[] = []
  for (let next = peek(reader); next !== undefined; next = peek(reader)) {
    const joined = words.length === 0 ? !startsEntry(reader) || /^9+$/.test(next.key) : !next.spaced
    if (!joined || next.kind === 'period' || next.kind === 'literal') break
    words.push(next)
    reader.at++
  }
  const [first, ...others] = words
  if (!first) return incomplete(reader, word, 'PICTURE', 'a character-string')
  const text = words.map((part) => part.text).join('')
  say(reader, entry, 'picture', { value: { text, words: [first, ...others] }, word: first }, 'PICTURE')
  const byteLength = take(reader, 'BYTE-LENGTH')
  if (byteLength) {
    take(reader, 'IS')
    const value = takeInteger(reader)
    if (value === undefined) return incomplete(reader, byteLength, 'BYTE-LENGTH', 'a number of bytes')
    say(reader, entry, 'byteLength', { value, word: byteLength }, 'BYTE-LENGTH')
  }
}

const usage: ClauseParser = (reader, entry, word) => {
  if (word.key === 'USAGE') take(reader, 'IS')
  else reader.at--
  const usageWord = peek(reader) ?? word
  const read = readUsage(reader, word)
  if (read === undefined) return
  if (read.parts) return say(reader, entry, 'parts', { value: read.parts, word: usageWord }, 'USAGE')
  say(reader, entry, 'usage', { value: read.usage, word: usageWord }, 'USAGE')
  if (read.picture !== undefined) say(reader, entry, 'implied', { value: read.picture, word: usageWord }, 'USAGE')
}

const sign: ClauseParser = (reader, entry, word) => {
  if (word.key === 'SIGN') take(reader, 'IS')
  else reader.at--
  const position = take(reader, 'LEADING', 'TRAILING')
  if (position === undefined) return incomplete(reader, word, 'SIGN', 'LEADING or TRAILING')
  const separate = take(reader, 'SEPARATE') !== undefined
  if (separate) take(reader, 'CHARACTER')
  const value: Sign = { position: position.key === 'LEADING' ? 'leading' : 'trailing', separate }
  say(reader, entry, 'sign', { value, word }, 'SIGN')
}

const redefines: ClauseParser = (reader, entry, word) => {
  const target = takeName(reader)
  if (target === undefined) return incomplete(reader, word, 'REDEFINES', 'the name of the redefined item')
  say(reader, entry, 'redefines', { value: target.name, word: target.word }, 'REDEFINES')
}

const renames: ClauseParser = (reader, entry, word) => {
  const from = takeName(reader)
  if (from === undefined) return incomplete(reader, word, 'RENAMES', 'the name of an item')
  const thru = take(reader, 'THRU', 'THROUGH')
  const through = thru ? takeName(reader) : from
  if (through === undefined) return incomplete(reader, word, 'RENAMES', 'the name of the last item')
  say(reader, entry, 'renames', { value: { from, through }, word }, 'RENAMES')
}

const occurs: ClauseParser = (reader, entry, word) => {
  const value = readOccurs(reader, word)
  if (value !== undefined) say(reader, entry, 'occurs', { value, word }, 'OCCURS')
}

const values: ClauseParser = (reader, entry, word) => {
  take(reader, 'IS', 'ARE')
  const ranges: ValueRange[] = []
  do {
    const from = takeLiteral(reader, 'VALUE')
    if (from === undefined) return
    const thru = take(reader, 'THRU', 'THROUGH')
    const through = thru ? takeLiteral(reader, 'THRU') : undefined
    if (thru && through === undefined) return
    ranges.push(through === undefined ? { from } : { from, through })
  } while (beginsLiteral(reader))
  if (isRun(peek(reader), 'IN')) reader.at += 2
  say(reader, entry, 'values', { value: ranges, word }, 'VALUE')
}

/** `WHEN SET TO FALSE IS literal` of a level 88, and the older `FALSE IS literal`. */
const whenFalse: ClauseParser = (reader, _entry, word) => {
  take(reader, 'SET')
  take(reader, 'TO')
  if (word.key !== 'FALSE' && !take(reader, 'FALSE')) return incomplete(reader, word, 'WHEN SET TO FALSE', 'FALSE')
  take(reader, 'IS')
  takeLiteral(reader, 'WHEN SET TO FALSE')
}

const synchronized: ClauseParser = (reader, entry, word) => {
  take(reader, 'LEFT', 'RIGHT')
  say(reader, entry, 'synchronized', { value: true, word }, 'SYNCHRONIZED')
}

const justified: ClauseParser = (reader, entry, word) => {
  take(reader, 'RIGHT')
  say(reader, entry, 'justified', { value: true, word }, 'JUSTIFIED')
}

const blank: ClauseParser = (reader, entry, word) => {
  take(reader, 'WHEN')
  if (!take(reader, 'ZERO', 'ZEROS', 'ZEROES')) return incomplete(reader, word, 'BLANK WHEN ZERO', 'ZERO')
  say(reader, entry, 'blankWhenZero', { value: true, word }, 'BLANK WHEN ZERO')
}

const groupUsage: ClauseParser = (reader, entry, word) => {
  take(reader, 'IS')
  const kind = take(reader, 'NATIONAL', 'UTF-8')
  if (kind === undefined) return incomplete(reader, word, 'GROUP-USAGE', 'NATIONAL or UTF-8')
  say(reader, entry, 'groupUsage', { value: kind.key === 'UTF-8' ? 'UTF-8' : 'NATIONAL', word }, 'GROUP-USAGE')
}

/** A clause that changes no byte: noted. `operands` words follow it. */
function ignored(clause: string, operands: (reader: EntryReader) => void = () => undefined): ClauseParser {
  return (reader, _entry, word) => {
    operands(reader)
    reader.mistakes.note(`${clause} is ignored: it changes no byte of the record`, word)
  }
}

const unsupported: ClauseParser = (reader, _entry, word) => {
  reader.mistakes.add('CLAUSE_UNSUPPORTED', { clause: word.key }, word)
  skipClause(reader)
}

/** `IS` before EXTERNAL or GLOBAL. */
const is: ClauseParser = (reader, _entry, word) => {
  const next = peek(reader)
  if (next && ['EXTERNAL', 'GLOBAL', 'TYPEDEF', 'SPECIAL-NAMES'].includes(next.key)) return
  incomplete(reader, word, 'IS', 'EXTERNAL or GLOBAL')
}

const external = ignored('EXTERNAL', (reader) => {
  if (take(reader, 'AS', 'BY') && beginsLiteral(reader)) reader.at++
})
/** `IS SPECIAL-NAMES CURSOR` or `CRT STATUS`: what a screen puts there. */
const specialNames = ignored('SPECIAL-NAMES', (reader) => {
  take(reader, 'CURSOR', 'CRT')
  take(reader, 'STATUS')
})
/** The name of an item in XML and in web pages. */
const identified = ignored('IDENTIFIED', (reader) => {
  take(reader, 'BY')
  if (takeName(reader) === undefined && beginsLiteral(reader)) reader.at++
})
const dateFormat = ignored('DATE FORMAT', (reader) => {
  take(reader, 'FORMAT')
  take(reader, 'IS')
  reader.at++
})

const PARSERS: ReadonlyMap<string, ClauseParser> = new Map<string, ClauseParser>([
  ['PIC', picture],
  ['PICTURE', picture],
  ['USAGE', usage],
  ...USAGE_WORDS.map((word): [string, ClauseParser] => [word, usage]),
  ['SIGN', sign],
  ['LEADING', sign],
  ['TRAILING', sign],
  ['REDEFINES', redefines],
  ['RENAMES', renames],
  ['OCCURS', occurs],
  ['VALUE', values],
  ['VALUES', values],
  ['WHEN', whenFalse],
  ['FALSE', whenFalse],
  ['SYNC', synchronized],
  ['SYNCHRONIZED', synchronized],
  ['JUST', justified],
  ['JUSTIFIED', justified],
  ['BLANK', blank],
  ['GROUP-USAGE', groupUsage],
  ['IS', is],
  ['EXTERNAL', external],
  ['GLOBAL', ignored('GLOBAL')],
  ['VOLATILE', ignored('VOLATILE')],
  ['BASED', ignored('BASED')],
  ['THREAD-LOCAL', ignored('THREAD-LOCAL')],
  ['DATE', dateFormat],
  ['SPECIAL-NAMES', specialNames],
  ['IDENTIFIED', identified],
  ...['TYPEDEF', 'TYPE', 'DYNAMIC', 'ANY', 'LIKE', 'SAME', 'PROPERTY', 'CONSTANT'].map(
    (word): [string, ClauseParser] => [word, unsupported],
  ),
])

/** Reads clauses up to the period of the entry (taken) or the start of the next one. */
export function readClauses(reader: EntryReader, entry: Entry): void {
  for (let word = peek(reader); word !== undefined; word = peek(reader)) {
    if (word.kind === 'period') {
      reader.at++
      return
    }
    if (word.missing) {
      missing(reader, word, word.missing)
      return
    }
    if (startsEntry(reader) || reader.mistakes.full) break
    const parser = word.kind === 'run' ? PARSERS.get(word.key) : undefined
    reader.at++
    const before = reader.mistakes.count
    if (parser !== undefined) parser(reader, entry, word)
    else reader.mistakes.add('CLAUSE_UNKNOWN', { word: word.text, like: similar(word.key) }, word)
    if (reader.mistakes.count !== before) skipClause(reader)
  }
  const last = reader.words[reader.at - 1]
  // A literal that is not closed has swallowed the period.
  if (last && !last.open) reader.mistakes.add('PERIOD_MISSING', {}, { ...last, column: last.column + width(last) })
}

/** A member inside of an entry: its clauses, its period and what may follow are not known. */
function missing(reader: EntryReader, word: Word, member: NonNullable<Word['missing']>): void {
  reader.at++
  if (reader.mistakes.scope) reader.mistakes.scope.gap = true
  reader.mistakes.add('COPY_MEMBER_NOT_FOUND', member, word)
}

function width({ kind, text, prefix }: Word): number {
  return kind === 'literal' ? text.length + prefix.length + 2 : text.length
}

/** Goes on to the next word that begins a clause, ends the entry or begins another. */
function skipClause(reader: EntryReader): void {
  for (let word = peek(reader); word !== undefined; word = peek(reader)) {
    if (word.kind === 'period' || startsEntry(reader) || (word.kind === 'run' && PARSERS.has(word.key))) return
    reader.at++
  }
}

/** The clause word that a misspelt one is nearest to. */
function similar(word: string): string | undefined {
  const near = [...PARSERS.keys()].map((key) => ({ key, distance: editDistance(word.slice(0, 20), key) }))
  const best = near.reduce((left, right) => (right.distance < left.distance ? right : left))
  return best.distance <= Math.max(1, Math.floor(best.key.length / 3)) ? best.key : undefined
}

/** Levenshtein's distance: insertions, deletions and substitutions. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (left.charAt(i - 1) === right.charAt(j - 1) ? 0 : 1)
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, substituted))
    }
    row = next
  }
  return row[right.length] ?? 0
}
