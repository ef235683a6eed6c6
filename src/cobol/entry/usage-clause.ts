// USAGE: all spellings of all dialects, and what each of them stores.

import type { Usage } from '../layout.ts'
import type { Word } from '../text/word.ts'
import type { EntryPart } from './entry.ts'
import { type EntryReader, incomplete, peek, take } from './reader.ts'
import { readSqlType } from './sql-type.ts'

const SPELLINGS = new Map<string, Usage>([
  ['DISPLAY', 'DISPLAY'],
  ['DISPLAY-1', 'DISPLAY-1'],
  ['NATIONAL', 'NATIONAL'],
  ['UTF-8', 'UTF-8'],
  ['BINARY', 'COMP-4'],
  ['PACKED-DECIMAL', 'COMP-3'],
  ['INDEX', 'INDEX'],
  ['POINTER', 'POINTER'],
  ['POINTER-32', 'POINTER-32'],
  ['PROCEDURE-POINTER', 'PROCEDURE-POINTER'],
  ['PROGRAM-POINTER', 'PROCEDURE-POINTER'],
  ['FUNCTION-POINTER', 'FUNCTION-POINTER'],
  ['FLOAT-SHORT', 'COMP-1'],
  ['FLOAT-LONG', 'COMP-2'],
])
for (const word of ['COMP', 'COMPUTATIONAL']) {
  SPELLINGS.set(word, 'COMP-4')
  for (const usage of ['COMP-1', 'COMP-2', 'COMP-3', 'COMP-4', 'COMP-5', 'COMP-6'] as const) {
    SPELLINGS.set(`${word}${usage.slice(4)}`, usage)
  }
}

/** What other compilers than IBM's also call so. */
const OTHER_SPELLINGS = new Map<string, Usage>([
  ['FLOAT', 'COMP-1'],
  ['DOUBLE', 'COMP-2'],
  ['HANDLE', 'POINTER-32'],
  ['FLOAT-DECIMAL-16', 'FLOAT-DECIMAL-16'],
  ['FLOAT-DECIMAL-34', 'FLOAT-DECIMAL-34'],
])

/** Native integers of GnuCOBOL and Micro Focus, with the picture of the same size. */
const NATIVE = new Map([
  ['BINARY-CHAR', '9(2)'],
  ['BINARY-SHORT', '9(4)'],
  ['BINARY-LONG', '9(9)'],
  ['BINARY-INT', '9(9)'],
  ['BINARY-DOUBLE', '9(18)'],
  ['BINARY-LONG-LONG', '9(18)'],
  ['BINARY-C-LONG', '9(18)'],
])

/** The same with their sign in the name. */
const SIGNED_NATIVE = new Map([
  ['SIGNED-SHORT', 'S9(4)'],
  ['SIGNED-INT', 'S9(9)'],
  ['SIGNED-LONG', 'S9(18)'],
  ['UNSIGNED-SHORT', '9(4)'],
  ['UNSIGNED-INT', '9(9)'],
  ['UNSIGNED-LONG', '9(18)'],
])

/** Unsigned binary of as many bytes as its digits need, or its characters say: Micro Focus and GnuCOBOL. */
const BY_SIZE = ['COMP-X', 'COMPUTATIONAL-X']

/** Known words that have no fixed storage here. */
const UNSUPPORTED = ['COMP-N', 'COMPUTATIONAL-N', 'COMP-9', 'SQL', 'FLOAT-EXTENDED', 'BIT']

/** Words that begin a usage without the word USAGE before them. */
export const USAGE_WORDS: readonly string[] = [
  ...SPELLINGS.keys(),
  ...OTHER_SPELLINGS.keys(),
  ...NATIVE.keys(),
  ...SIGNED_NATIVE.keys(),
  ...BY_SIZE,
  ...UNSUPPORTED,
  'OBJECT',
]

/** Takes the usage itself. `picture` is what a native integer implies. Undefined after a mistake. */
export function readUsage(reader: EntryReader, clause: Word): ReadUsage | undefined {
  const read = readKind(reader, clause)
  // IBM's NATIVE phrase: on z/OS it changes nothing.
  if (read) take(reader, 'NATIVE')
  return read
}

interface ReadUsage {
  readonly usage: Usage
  readonly picture?: string
  readonly parts?: readonly EntryPart[]
}

function readKind(reader: EntryReader, clause: Word): ReadUsage | undefined {
  const word = peek(reader)
  if (word === undefined || word.kind !== 'run' || !USAGE_WORDS.includes(word.key)) {
    return incomplete(reader, clause, 'USAGE', 'a usage such as DISPLAY, COMP or COMP-3')
  }
  reader.at++
  const usage = SPELLINGS.get(word.key)
  if (usage !== undefined) return { usage }
  if (word.key === 'OBJECT') return readReference(reader)
  const known = word.key === 'SQL' ? readSqlType(reader) : readOther(reader, word)
  if (known) return known
  reader.mistakes.add('USAGE_UNSUPPORTED', { usage: word.key, dialect: reader.options.dialect }, word)
  while (peek(reader)?.kind === 'run' && word.key === 'SQL') reader.at++
  return undefined
}

function readReference(reader: EntryReader): ReadUsage {
  take(reader, 'REFERENCE')
  take(reader, 'FACTORY')
  take(reader, 'OF')
  if (peek(reader)?.kind === 'run' && !USAGE_ENDS.has(peek(reader)?.key ?? '')) reader.at++
  take(reader, 'ONLY')
  return { usage: 'OBJECT REFERENCE' }
}

/** What IBM's compiler does not have. */
function readOther(reader: EntryReader, { key }: Word): ReadUsage | undefined {
  if (reader.options.dialect === 'ibm') return undefined
  const usage = BY_SIZE.includes(key) ? 'COMP-X' : OTHER_SPELLINGS.get(key)
  if (usage !== undefined) {
    if (key === 'HANDLE') readHandle(reader)
    return { usage }
  }
  const native = NATIVE.get(key)
  if (native !== undefined) {
    const unsigned = take(reader, 'UNSIGNED') !== undefined
    if (!unsigned) take(reader, 'SIGNED')
    return { usage: 'COMP-5', picture: unsigned ? native : `S${native}` }
  }
  const picture = SIGNED_NATIVE.get(key)
  return picture === undefined ? undefined : { usage: 'COMP-5', picture }
}

/** `HANDLE OF WINDOW`: what it is a handle of changes no byte. */
function readHandle(reader: EntryReader): void {
  if (take(reader, 'OF') && peek(reader)?.kind === 'run') reader.at++
}

/** Clauses that may follow OBJECT REFERENCE where no class name stands. */
const USAGE_ENDS = new Set(['OCCURS', 'SYNC', 'SYNCHRONIZED', 'VALUE', 'GLOBAL', 'EXTERNAL', 'REDEFINES', 'IS'])
