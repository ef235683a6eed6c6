// Reserved words that begin a clause: where one stands, no name does.

import type { CompilerOptions } from '../layout.ts'
import { USAGE_WORDS } from './usage-clause.ts'

const CLAUSES = new Set(
  'PIC PICTURE USAGE SIGN LEADING TRAILING REDEFINES OCCURS VALUE VALUES SYNC SYNCHRONIZED JUST JUSTIFIED BLANK GROUP-USAGE GLOBAL EXTERNAL'.split(
    ' ',
  ),
)

/** Usages that IBM's compiler reserves the words of. */
const RESERVED =
  /^(?:COMP(?:UTATIONAL)?(?:-[1-5])?|BINARY|PACKED-DECIMAL|DISPLAY(?:-1)?|NATIONAL|UTF-8|INDEX|POINTER(?:-32)?|(?:PROCEDURE|FUNCTION)-POINTER)$/

/** Whether a word right behind a level number begins a clause, so that the item has no name. */
export function beginsClause(word: string, dialect: CompilerOptions['dialect']): boolean {
  return CLAUSES.has(word) || RESERVED.test(word) || (dialect !== 'ibm' && USAGE_WORDS.includes(word))
}

const TABLE_PHRASES = ['ASCENDING', 'DESCENDING', 'INDEXED', 'DEPENDING']

/** Whether a word ends the list of keys or indexes of a table. */
export function endsNames(word: string): boolean {
  return TABLE_PHRASES.includes(word) || CLAUSES.has(word) || USAGE_WORDS.includes(word)
}
