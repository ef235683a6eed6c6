// Walks over the words of the data division: what the clause parsers ask questions of.

import { dialects } from '../dialects.ts'
import type { Literal } from '../layout.ts'
import type { Mistakes } from '../mistakes.ts'
import type { ResolvedOptions } from '../options.ts'
import { isRun, type Word } from '../text/word.ts'
import type { QualifiedName } from './entry.ts'

/** The words of the data division with a position, and what reading them depends on. */
export interface EntryReader {
  readonly words: readonly Word[]
  at: number
  readonly options: ResolvedOptions
  readonly mistakes: Mistakes
  /** Constants of level 78, by upper-case name. */
  readonly constants: Map<string, { readonly literal: Literal; readonly line: number }>
  /** Tags such as `:TAG:` that were already complained about, in the record at hand. */
  readonly tags: Set<string>
  /** Bytes of an item of the entries so far, for LENGTH OF; undefined for one that is not known or not right. */
  readonly lengthOf: (name: QualifiedName) => number | undefined
}

/** The word `ahead` words behind the next one, without taking it; undefined at the end. */
export function peek(reader: EntryReader, ahead = 0): Word | undefined {
  return reader.words[reader.at + ahead]
}

/** Takes the next word if it is one of these reserved words. */
export function take(reader: EntryReader, ...keys: readonly string[]): Word | undefined {
  const word = peek(reader)
  if (word?.kind !== 'run' || !keys.includes(word.key)) return undefined
  reader.at++
  return word
}

/** The next word as a message shows it. */
export function found(reader: EntryReader): string {
  const word = peek(reader)
  if (word === undefined) return 'the end of the text'
  return word.kind === 'period' ? 'the period' : `'${word.text}'`
}

/** Where to point when a clause lacks something: the next word of the entry, or the clause itself. */
export function incomplete(reader: EntryReader, clause: Word, name: string, expected: string): undefined {
  const next = peek(reader)
  const spot = next === undefined || startsEntry(reader) ? clause : next
  reader.mistakes.add('CLAUSE_INCOMPLETE', { clause: name, expected, found: found(reader) }, spot)
  return undefined
}

const AFTER_NUMBERS = new Set(['THRU', 'THROUGH', 'TIMES', 'TO', 'WHEN', 'FALSE', 'DEPENDING'])

/** Whether the next word is the level number of a next entry: the first of its line, with a name or a clause behind it. */
export function startsEntry(reader: EntryReader): boolean {
  const word = peek(reader)
  if (!word?.first || word.kind !== 'run' || !/^\d{1,2}$/.test(word.key) || !isLevel(Number(word.key))) return false
  const next = peek(reader, 1)
  if (next?.kind === 'mark') return true
  return next?.kind === 'run' && /[A-Z]/.test(next.key) && !AFTER_NUMBERS.has(next.key)
}

/** Whether a number is a level number: 1 to 49, 66 (RENAMES), 77, 78 (constant) or 88 (condition). */
export function isLevel(level: number): boolean {
  return (level >= 1 && level <= 49) || level === 66 || level === 77 || level === 78 || level === 88
}

/** A whole number, or a constant that is one. Undefined (nothing taken) when the next word is neither. */
export function takeInteger(reader: EntryReader): number | undefined {
  const word = peek(reader)
  if (word?.kind !== 'run') return undefined
  const value = /^\d{1,10}$/.test(word.key) ? Number(word.key) : constantInteger(reader.constants, word.key)
  if (value !== undefined) reader.at++
  return value
}

/** Constants of level 78, by upper-case name. */
export type Constants = ReadonlyMap<string, { readonly literal: Literal }>

/** The value of a constant that is a whole number without sign. */
export function constantInteger(constants: Constants, name: string): number | undefined {
  const literal = constants.get(name)?.literal
  return literal?.kind === 'number' && /^\d{1,10}$/.test(literal.text) ? Number(literal.text) : undefined
}

/** The hyphen may not be first or last, the underscore not first. */
const NAME = /^(?=.*[A-Z])[A-Z0-9](?:[A-Z0-9_-]*[A-Z0-9_])?$/

/** What is wrong with a data name in upper case; undefined when nothing is. */
export function nameProblem(name: string, { dialect }: ResolvedOptions): string | undefined {
  const { nameLength } = dialects[dialect]
  if (name.length > nameLength) return `it is longer than ${nameLength} characters`
  if (NAME.test(name) || isNationalName(name)) return undefined
  if (name.includes('.')) return 'a period ends an entry only with a space after it'
  if (name.startsWith('-') || name.endsWith('-')) return 'it begins or ends with a hyphen'
  if (name.startsWith('_')) return 'it begins with an underscore'
  return /[A-Z]/.test(name) ? 'it holds a character that names cannot have' : 'it has no letter'
}

/** Names of other alphabets (DBCS names, code points beyond ASCII) are taken as they are. */
function isNationalName(name: string): boolean {
  return /^[\p{L}\p{N}_-]+$/u.test(name) && /[^\u0020-\u007e]/.test(name)
}

/** Takes `NAME [OF|IN GROUP]…`. Undefined (nothing taken) when no name stands there. */
export function takeName(reader: EntryReader): { name: string; groups: string[]; word: Word } | undefined {
  const word = peek(reader)
  if (word?.kind !== 'run' || startsEntry(reader) || nameProblem(word.key, reader.options) !== undefined)
    return undefined
  reader.at++
  const groups: string[] = []
  while ((isRun(peek(reader), 'OF') || isRun(peek(reader), 'IN')) && peek(reader, 1)?.kind === 'run') {
    groups.push(peek(reader, 1)?.key ?? '')
    reader.at += 2
  }
  return { name: word.key, groups, word }
}
