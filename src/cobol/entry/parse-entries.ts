// Words become entries: level numbers, names, clauses; constants of level 78 are kept for later clauses. FD and section headers are passed by.

import { type Mistakes, newScope, type Scope } from '../mistakes.ts'
import type { ResolvedOptions } from '../options.ts'
import { beginsRecord, isHostMember } from '../text/known-members.ts'
import { isRun, type Word } from '../text/word.ts'
import { beginsClause } from './clause-words.ts'
import { readClauses } from './clauses.ts'
import { readConstant } from './constant.ts'
import type { Entry, QualifiedName } from './entry.ts'
import { type Constants, type EntryReader, isLevel, nameProblem, peek, startsEntry } from './reader.ts'

/** The entries of a text in order, and its constants by name. */
export interface ParsedEntries {
  readonly entries: readonly Entry[]
  readonly constants: Constants
}

/** Bytes of an item of the entries that were read so far. */
export type Measure = (parsed: ParsedEntries, name: QualifiedName) => number | undefined

/** Where the entries of a text stand: in which record, and whether more can be added to it. */
interface Reading {
  readonly reader: EntryReader
  scope: Scope
  isOpen: boolean
}

/** All entries of the words that COPY and REPLACE have left. */
export function parseEntries(
  words: readonly Word[],
  options: ResolvedOptions,
  mistakes: Mistakes,
  measure: Measure,
): ParsedEntries {
  const entries: Entry[] = []
  const constants: EntryReader['constants'] = new Map()
  const lengthOf: EntryReader['lengthOf'] = (name) => measure({ entries, constants }, name)
  const reader: EntryReader = { words, at: 0, options, mistakes, constants, tags: new Set(), lengthOf }
  const reading: Reading = { reader, scope: newScope(), isOpen: false }
  while (reader.at < words.length && !mistakes.full) {
    const word = peek(reader)
    if (word === undefined) break
    mistakes.scope = reading.scope
    if (word.kind === 'period') {
      reader.at++
      continue
    }
    if (word.kind === 'gap') {
      passGap(reading, word)
      continue
    }
    if (skipHeader(reader, word)) {
      reading.isOpen = false
      continue
    }
    if (entries.length >= options.limits.entries) {
      mistakes.scope = undefined
      mistakes.add('ENTRIES_TOO_MANY', { limit: options.limits.entries }, word)
      break
    }
    const entry = nextEntry(reading, word)
    if (entry) entries.push(entry)
  }
  return { entries, constants }
}

/** Reads one entry. One that cannot be read leaves a gap in its record. */
function nextEntry(reading: Reading, word: Word): Entry | undefined {
  const { reader } = reading
  const { mistakes } = reader
  const level = word.kind === 'run' && /^\d{1,2}$/.test(word.key) ? Number(word.key) : undefined
  if (level === 1 || level === 77) {
    reading.scope = newScope()
    reader.tags.clear()
  }
  mistakes.scope = reading.scope
  const { scope } = reading
  const before = mistakes.count
  const tags = reader.tags.size > 0
  const entry = readEntry(reader, word, scope)
  if (entry === undefined && (mistakes.count !== before || tags)) scope.gap = true
  if (level === 1 || level === 77) reading.isOpen = level === 1
  else if (level !== undefined && level < 50) reading.isOpen = true
  return entry
}

/** A missing member may go on with the record before it, or bring records of its own. */
function passGap({ reader, scope, isOpen }: Reading, word: Word): void {
  const { mistakes } = reader
  reader.at++
  if (word.missing === undefined) return
  const { member } = word.missing
  const goesOn = isOpen && !beginsRecord(member)
  if (!goesOn && isHostMember(member)) {
    mistakes.note(`member ${member} is not found: it describes no record that is shown here`, word)
    return
  }
  if (goesOn) scope.gap = true
  else mistakes.scope = newScope()
  mistakes.add('COPY_MEMBER_NOT_FOUND', word.missing, word)
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

/** Goes on behind the period, or at a member that is missing: the period may be in it. */
function skipPeriod(reader: EntryReader): void {
  for (let word = peek(reader); word !== undefined && word.kind !== 'gap'; word = peek(reader)) {
    reader.at++
    if (word.kind === 'period') return
  }
}

function readEntry(reader: EntryReader, word: Word, scope: Scope): Entry | undefined {
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
    // A constant serves all records.
    mistakes.scope = undefined
    readConstant(reader, named.name, named.nameWord)
    return undefined
  }
  const entry: Entry = { level, levelWord: word, ...named, clauses: {}, scope, mistaken: false }
  const before = mistakes.count
  readClauses(reader, entry)
  return mistakes.count === before ? entry : { ...entry, mistaken: true }
}

function readName(reader: EntryReader, level: number, levelWord: Word): Pick<Entry, 'name' | 'nameWord'> | undefined {
  const word = peek(reader)
  const { mistakes } = reader
  const special = level === 66 || level === 78 || level === 88
  const isName = word?.kind === 'run' && !beginsClause(word.key, reader.options.dialect)
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
    if (word.kind === 'gap') return
    if (word.kind === 'period') {
      reader.at++
      return
    }
    if (startsEntry(reader)) return
  }
}
