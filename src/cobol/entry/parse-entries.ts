// Words become entries: level numbers, names, clauses; constants of level 78 are kept for later clauses. FD and section headers are passed by.

import type { Mistakes } from '../mistakes.ts'
import type { ResolvedOptions } from '../options.ts'
import { isRun, type Word } from '../text/word.ts'
import { readClauses } from './clauses.ts'
import { readConstant } from './constant.ts'
import type { Entry } from './entry.ts'
import { type Constants, type EntryReader, isLevel, nameProblem, peek, startsEntry } from './reader.ts'

export interface ParsedEntries {
  readonly entries: readonly Entry[]
  readonly constants: Constants
  /** Whether an entry could not be read and is left out. */
  readonly gaps: boolean
}

/** All entries of the words that COPY and REPLACE have left. */
export function parseEntries(words: readonly Word[], options: ResolvedOptions, mistakes: Mistakes): ParsedEntries {
  const reader: EntryReader = { words, at: 0, options, mistakes, constants: new Map(), tags: new Set() }
  const entries: Entry[] = []
  let gaps = false
  while (reader.at < words.length && !mistakes.full) {
    const word = peek(reader)
    if (word === undefined) break
    if (word.kind === 'period') {
      reader.at++
      continue
    }
    if (skipHeader(reader, word)) continue
    if (entries.length >= options.limits.entries) {
      mistakes.add('ENTRIES_TOO_MANY', { limit: options.limits.entries }, word)
      break
    }
    const before = mistakes.count
    const entry = readEntry(reader, word)
    if (entry) entries.push(entry)
    else if (mistakes.count !== before || reader.tags.size > 0) gaps = true
  }
  return { entries, constants: reader.constants, gaps }
}

/** Sections whose entries describe screens and lists. */
const WITHOUT_RECORDS = new Set(['SCREEN', 'REPORT'])
const DESCRIPTIONS = new Set(['FD', 'SD', 'RD', 'CD'])

/** Passes by `FD name …​.` and `WORKING-STORAGE SECTION.` */
function skipHeader(reader: EntryReader, word: Word): boolean {
  const isSection = isRun(peek(reader, 1), 'SECTION')
  const isDescription = word.kind === 'run' && DESCRIPTIONS.has(word.key)
  if (!isSection && !isDescription) return false
  skipPeriod(reader)
  if (isSection && WITHOUT_RECORDS.has(word.key)) {
    while (peek(reader) !== undefined && !isRun(peek(reader, 1), 'SECTION')) reader.at++
    reader.mistakes.note(`${word.key} SECTION is skipped: it describes no record`, word)
  }
  return true
}

function skipPeriod(reader: EntryReader): void {
  while (peek(reader) !== undefined && peek(reader)?.kind !== 'period') reader.at++
  reader.at++
}

function readEntry(reader: EntryReader, word: Word): Entry | undefined {
  const { mistakes } = reader
  if (word.kind !== 'run' || !/^\d+$/.test(word.key)) {
    mistakes.add('ENTRY_EXPECTED', { found: word.text }, word)
    skipToEntry(reader)
    return undefined
  }
  reader.at++
  const level = Number(word.key)
  if (!isLevel(level) || word.key.length > 2) {
    mistakes.add('LEVEL_UNKNOWN', { level: word.key }, word)
    skipToEntry(reader)
    return undefined
  }
  const named = readName(reader, level, word)
  if (named === undefined) {
    skipToEntry(reader)
    return undefined
  }
  if (level === 78 || isRun(peek(reader), 'CONSTANT')) {
    readConstant(reader, named.name, named.nameWord)
    return undefined
  }
  const entry: Entry = { level, levelWord: word, ...named, clauses: {}, mistaken: false }
  const before = mistakes.count
  readClauses(reader, entry)
  return mistakes.count === before ? entry : { ...entry, mistaken: true }
}

/** Reserved words after a level number that mean: no name here, a FILLER. */
const CLAUSE_WORDS = new Set(
  'PIC PICTURE REDEFINES OCCURS USAGE VALUE VALUES COMP COMP-1 COMP-2 COMP-3 COMP-4 COMP-5 COMP-X BINARY PACKED-DECIMAL'.split(
    ' ',
  ),
)

function readName(reader: EntryReader, level: number, levelWord: Word): Pick<Entry, 'name' | 'nameWord'> | undefined {
  const word = peek(reader)
  const { mistakes } = reader
  const special = level === 66 || level === 77 || level === 78 || level === 88
  const isName = word?.kind === 'run' && !CLAUSE_WORDS.has(word.key)
  if (word?.kind === 'mark' || (isName && peek(reader, 1)?.kind === 'mark' && peek(reader, 1)?.spaced === false)) {
    const tag = tagAt(reader)
    if (!reader.tags.has(tag)) mistakes.add('TAG_NOT_REPLACED', { tag }, word ?? levelWord)
    reader.tags.add(tag)
    return undefined
  }
  if (!isName || word.key === 'FILLER') {
    if (special) {
      mistakes.add('NAME_MISSING', { what: `level ${level}` }, word ?? levelWord)
      return undefined
    }
    if (word?.key === 'FILLER') reader.at++
    return { name: undefined, nameWord: word?.key === 'FILLER' ? word : levelWord }
  }
  const problem = nameProblem(word.key, reader.options)
  if (problem !== undefined) {
    mistakes.add('NAME_INVALID', { name: word.text, problem }, word)
    return undefined
  }
  reader.at++
  return { name: word.key, nameWord: word }
}

/** `:TAG:` or `(TAG)` as it was written. */
function tagAt(reader: EntryReader): string {
  const from = peek(reader)?.kind === 'mark' ? 0 : 1
  const marks = [peek(reader, from), peek(reader, from + 1), peek(reader, from + 2)]
  return marks.map((word) => word?.text ?? '').join('')
}

/** After an entry that cannot be read: goes on behind its period, or at a word that looks like the next level number. */
function skipToEntry(reader: EntryReader): void {
  for (;;) {
    reader.at++
    const word = peek(reader)
    if (word === undefined) return
    if (word.kind === 'period') {
      reader.at++
      return
    }
    if (startsEntry(reader)) return
  }
}
