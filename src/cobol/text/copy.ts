// COPY and EXEC SQL INCLUDE: put the words of library members in the place of the statement. Other EXEC blocks are skipped, REPLACE works on
// the result.

import type { CompilerOptions } from '../layout.ts'
import { type Mistakes, mistakesWhere } from '../mistakes.ts'
import type { ResolvedOptions, Source } from '../options.ts'
import { type Compilation, variablesOf, variableValue, wordsOf } from './conditional.ts'
import { headerAt, keepData, matters } from './data-division.ts'
import { knownMember } from './known-members.ts'
import { joinRuns, type Replacement, readReplacements, replaceWords, type WordReader } from './replacing.ts'
import { originOf, type Spot, type Standing } from './spot.ts'
import { isRun, type Word } from './word.ts'

interface Expansion extends Compilation {
  /** Names of the texts that are being copied, the outermost first. */
  readonly chain: readonly string[]
  /** Words and characters of all members so far; shared by all levels. */
  readonly spent: { words: number; overrun: boolean }
}

/** The words of a copybook after COPY and REPLACE, and the settings of pictures that its text makes. */
export interface Expanded {
  readonly words: readonly Word[]
  /** What the text itself says about pictures. */
  readonly settings: Partial<CompilerOptions>
}

/** All words of the data divisions after conditional compilation, COPY and REPLACE, EXEC blocks left out. */
export function expand(source: Source, options: ResolvedOptions, mistakes: Mistakes): Expanded {
  const spent = { words: 0, overrun: false }
  const standing: Standing = { part: 'copybook', debugging: false }
  const here = mistakesWhere(mistakes, () => matters(standing))
  const variables = variablesOf(options)
  const expansion = { options, mistakes: here, variables, standing, chain: [source.name], spent }
  const words: Word[] = []
  for (const passage of wordsOf(originOf(source), expansion)) expandCopies(passage, expansion, words)
  const { words: kept, settings } = keepData(applyReplace(words, { ...expansion, mistakes }), mistakes)
  return { words: joinRuns(kept), settings }
}

/** `deposits/INQACC.cpy` → `INQACC`. */
export function memberName(name: string): string {
  const file = name.split(/[\\/]/).at(-1) ?? name
  return file.replace(/(?!^)\.[^.]*$/, '').toUpperCase()
}

/** A passage while its statements are carried out. */
interface Passing extends WordReader {
  /** Where the last END-EXEC stands: no block closes behind it. */
  readonly lastEnd: number
}

function expandCopies(words: readonly Word[], expansion: Expansion, expanded: Word[]): void {
  const reader: Passing = { words, at: 0, lastEnd: words.findLastIndex((word) => isRun(word, 'END-EXEC')) }
  while (reader.at < words.length && !expansion.spent.overrun) {
    const word = words[reader.at]
    if (word === undefined) break
    if (follow(reader, expansion, expanded)) continue
    const member = statementAt(reader, word, expansion)
    if (member === undefined) {
      if (keepsWords(expansion.standing)) expanded.push(word)
      reader.at++
      spend(expansion, 1, word)
    } else {
      for (const copied of member) expanded.push(copied)
      spend(expansion, member.length, word)
    }
  }
}

/** Whether single words may still be needed: of texts about a program and of its statements, only the headers are. */
function keepsWords({ part }: Standing): boolean {
  return part !== 'identification' && part !== 'procedure'
}

/** Passes by a header that begins another part of the program. */
function follow(reader: WordReader, { standing }: Expansion, expanded: Word[]): boolean {
  const header = headerAt(reader.words, reader.at, standing.part)
  const word = reader.words[reader.at]
  if (standing.part === 'environment' && isRun(word, 'DEBUGGING')) standing.debugging = true
  if (header === undefined) return false
  standing.part = header.part
  for (const one of reader.words.slice(reader.at, reader.at + header.length)) expanded.push(one)
  reader.at += header.length
  return header.length > 0
}

/** What a COPY or EXEC statement puts in its place; undefined where no statement begins. */
function statementAt(reader: Passing, word: Word, expansion: Expansion): Word[] | undefined {
  if (isRun(word, 'EXEC') || isRun(word, 'EXECUTE')) return execBlock(reader, word, expansion)
  if (isRun(word, 'FROM')) return constantFrom(reader, expansion)
  // It holds beyond the statements of a program, for the next one of the text.
  if (expansion.standing.part === 'procedure' && isRun(word, 'REPLACE')) return replaceWordsAt(reader)
  return isRun(word, 'COPY') || isRun(word, '++INCLUDE') ? copyStatement(reader, word, expansion) : undefined
}

/** Counts words against the limit; nested members count at every level, which bounds the work as well as the result. */
function spend(expansion: Expansion, words: number, spot: Spot): void {
  const { spent, options, mistakes } = expansion
  spent.words += words
  if (spent.words <= options.limits.words || spent.overrun) return
  spent.overrun = true
  mistakes.add('WORDS_TOO_MANY', { limit: options.limits.words }, spot)
}

/** `CONSTANT [IS GLOBAL] FROM variable`: AS the value that the compilation variable has here. Undefined for any other FROM. */
function constantFrom(reader: WordReader, { variables, mistakes }: Expansion): Word[] | undefined {
  const { words, at } = reader
  let before = at - 1
  while (isRun(words[before], 'IS') || isRun(words[before], 'GLOBAL')) before--
  const [from, name] = [words[at], words[at + 1]]
  if (!isRun(words[before], 'CONSTANT') || from === undefined || name?.kind !== 'run') return undefined
  const value = variableValue(variables, name.key)
  if (value === undefined) mistakes.add('DIRECTIVE_VARIABLE_UNKNOWN', { name: name.key }, name)
  reader.at += 2
  const text = String(value ?? 1)
  const literal: Word =
    typeof value === 'string' ? { ...name, kind: 'literal', text, key: `'${text}` } : { ...name, text, key: text }
  return [{ ...from, text: 'AS', key: 'AS' }, typeof value === 'boolean' ? name : literal]
}

/** All words of a REPLACE statement; its pseudo-text may hold periods of its own. */
function replaceWordsAt(reader: WordReader): Word[] {
  const from = reader.at
  let inside = false
  for (let word = reader.words[reader.at]; word; word = reader.words[reader.at]) {
    reader.at++
    if (word.key === '==') inside = !inside
    if (word.kind === 'period' && !inside) break
  }
  return reader.words.slice(from, reader.at)
}

/** `EXEC SQL INCLUDE member END-EXEC` copies as COPY does; every other block is skipped. */
function execBlock(reader: Passing, exec: Word, expansion: Expansion): Word[] {
  const { words } = reader
  const { mistakes } = expansion
  const [kind, verb, name] = words.slice(reader.at + 1, reader.at + 4)
  let end = reader.at
  while (end < reader.lastEnd && !isRun(words[end], 'END-EXEC')) end++
  if (end > reader.lastEnd) {
    mistakes.add('EXEC_NOT_CLOSED', { kind: kind?.key ?? '' }, exec)
    // The word alone may stand in a text about the program.
    reader.at = matters(expansion.standing) ? words.length : reader.at + 1
    return []
  }
  const includes = isRun(kind, 'SQL') && isRun(verb, 'INCLUDE') && name?.kind !== 'period' && name !== words[end]
  reader.at = words[end + 1]?.kind === 'period' ? end + 2 : end + 1
  if (includes && name) return memberWords(name, undefined, exec, [], expansion)
  mistakes.note(`EXEC ${kind?.key ?? ''} ${verb?.key ?? ''} is skipped: it describes no record`, exec)
  return []
}

/** Reads `COPY member [OF library] [SUPPRESS] [REPLACING …].` and gives the member's words, already replaced. */
function copyStatement(reader: WordReader, copy: Word, expansion: Expansion): Word[] {
  const { mistakes } = expansion
  const { words } = reader
  reader.at++
  const name = words[reader.at]
  if (name === undefined || (name.kind !== 'run' && name.kind !== 'literal')) {
    mistakes.add('COPY_INCOMPLETE', { statement: copy.key, expected: 'the name of a member' }, copy)
    return []
  }
  reader.at++
  const library = readLibrary(reader)
  while (isRun(words[reader.at], 'SUPPRESS') || isRun(words[reader.at], 'PRINTING')) reader.at++
  let replacements: Replacement[] = []
  if (isRun(words[reader.at], 'REPLACING')) {
    reader.at++
    const read = readReplacements(reader, copy, mistakes)
    if (read === undefined) return skipStatement(reader)
    replacements = read
  }
  if (words[reader.at]?.kind === 'period') reader.at++
  else if (copy.key === 'COPY') {
    mistakes.add('COPY_INCOMPLETE', { statement: 'COPY', expected: 'the period at its end' }, words[reader.at] ?? name)
  }
  return memberWords(name, library, copy, replacements, expansion)
}

/** The words of a member, already replaced; a gap where no library has it. */
function memberWords(
  name: Word,
  library: string | undefined,
  statement: Word,
  replacements: readonly Replacement[],
  expansion: Expansion,
): Word[] {
  const member = findMember(name, library, statement, expansion)
  if (member === 'missing') return gapFor(name, library, expansion)
  if (member === undefined) return []
  const nested = { ...expansion, chain: [...expansion.chain, member.name] }
  const copied: Word[] = []
  for (const passage of wordsOf(originOf(member, statement), nested)) expandCopies(passage, nested, copied)
  return replacements.length === 0 ? copied : replaced(copied, replacements, expansion)
}

/** Whether it matters is known where the words around it are read: to which record they belong. */
function gapFor(name: Word, library: string | undefined, { standing }: Expansion): Word[] {
  return matters(standing) ? [{ ...name, kind: 'gap', missing: { member: name.text, library } }] : []
}

function readLibrary(reader: WordReader): string | undefined {
  const of = reader.words[reader.at]
  if (!isRun(of, 'OF') && !isRun(of, 'IN')) return undefined
  const library = reader.words[reader.at + 1]
  reader.at += 2
  return library?.text
}

function skipStatement(reader: WordReader): [] {
  while (reader.at < reader.words.length && reader.words[reader.at]?.kind !== 'period') reader.at++
  reader.at++
  return []
}

function findMember(
  name: Word,
  library: string | undefined,
  copy: Word,
  expansion: Expansion,
): Source | 'missing' | undefined {
  const { mistakes, chain, options } = expansion
  const member = name.text
  if (chain.length > options.limits.copyDepth) {
    mistakes.add('COPY_TOO_DEEP', { limit: options.limits.copyDepth }, copy)
    return undefined
  }
  const source = options.library(member, library, copy.origin.source) ?? knownMember(member)
  if (source === undefined) return 'missing'
  if (chain.includes(source.name)) {
    const circle = [...chain.slice(chain.indexOf(source.name)), source.name]
    mistakes.add('COPY_RECURSIVE', { chain: circle.map(memberName).join(' → ') }, name)
    return undefined
  }
  return source
}

function replaced(words: readonly Word[], replacements: readonly Replacement[], expansion: Expansion): Word[] {
  const [first] = words
  if (first === undefined) return []
  const into: Word[] = []
  const { words: room } = expansion.options.limits
  const matches = replaceWords(words, replacements, into, room)
  if (matches === undefined) {
    expansion.spent.overrun = true
    expansion.mistakes.add('WORDS_TOO_MANY', { limit: room }, replacements[0]?.from[0] ?? first)
    return []
  }
  replacements.forEach(({ from }, index) => {
    const [begin] = from
    if (begin && matches[index] === 0) {
      const text = from.map((word) => (word.spaced && word !== begin ? ` ${word.text}` : word.text)).join('')
      expansion.mistakes.note(
        `nothing to replace: '${text}' does not occur (LEADING ==${text}== replaces the start of words)`,
        begin,
      )
    }
  })
  return joinRuns(into)
}

/** `REPLACE ==a== BY ==b==.` holds until the next REPLACE or REPLACE OFF. */
function applyReplace(words: Word[], expansion: Expansion): Word[] {
  const result: Word[] = []
  let active: readonly Replacement[] = []
  let from = 0
  for (let at = 0; at <= words.length && !expansion.spent.overrun; at++) {
    const statement = words[at]
    if (statement !== undefined && !isRun(statement, 'REPLACE')) continue
    const stretch = words.slice(from, at)
    const put = active.length === 0 ? stretch : replaced(stretch, active, expansion)
    for (const word of put) result.push(word)
    if (statement === undefined) break
    if (active.length > 0) spend(expansion, put.length, statement)
    const reader: WordReader = { words, at: at + 1 }
    active = replaceStatement(reader, statement, active, expansion)
    from = reader.at
    at = from - 1
  }
  return result
}

/** Reads `REPLACE [ALSO] … .` or `REPLACE [LAST] OFF.` and gives what is active after it. */
function replaceStatement(
  reader: WordReader,
  statement: Word,
  active: readonly Replacement[],
  { mistakes }: Expansion,
): readonly Replacement[] {
  const { words } = reader
  const also = isRun(words[reader.at], 'ALSO')
  if (also || isRun(words[reader.at], 'LAST')) reader.at++
  const off = isRun(words[reader.at], 'OFF')
  const read = off ? [] : (readReplacements(reader, statement, mistakes) ?? [])
  skipStatement(reader)
  return also ? [...read, ...active] : read
}
