// Whole programs: only the data division describes records. What SPECIAL-NAMES says about pictures is taken along.

import type { CompilerOptions } from '../layout.ts'
import type { Mistakes } from '../mistakes.ts'
import { isHostMember } from './known-members.ts'
import type { Part, Standing } from './spot.ts'
import { isRun, type Word } from './word.ts'

/** Whether what is written there can change a record. */
export function matters({ part }: Standing): boolean {
  return part === 'copybook' || part === 'environment' || part === 'data'
}

const DIVISIONS: ReadonlyMap<string, Part> = new Map([
  ['IDENTIFICATION', 'identification'],
  ['ID', 'identification'],
  ['ENVIRONMENT', 'environment'],
  ['DATA', 'data'],
  ['PROCEDURE', 'procedure'],
])

/** Sections of a program whose division header is left out, as other compilers than IBM's allow. */
const SECTIONS: ReadonlyMap<string, Part> = new Map([
  ['CONFIGURATION', 'environment'],
  ['INPUT-OUTPUT', 'files'],
  ...['FILE', 'WORKING-STORAGE', 'LOCAL-STORAGE', 'LINKAGE', 'COMMUNICATION', 'SCREEN', 'REPORT'].map(
    (section): [string, Part] => [section, 'data'],
  ),
])

const PARAGRAPHS: ReadonlyMap<string, Part> = new Map([
  ...['PROGRAM-ID', 'FUNCTION-ID', 'CLASS-ID', 'INTERFACE-ID'].map((id): [string, Part] => [id, 'identification']),
  ...['SOURCE-COMPUTER', 'OBJECT-COMPUTER', 'SPECIAL-NAMES', 'REPOSITORY'].map((paragraph): [string, Part] => [
    paragraph,
    'environment',
  ]),
  ['FILE-CONTROL', 'files'],
  ['I-O-CONTROL', 'files'],
])

/** What `END PROGRAM name.` ends; what follows is another program. */
const ENDED = new Set(['PROGRAM', 'FUNCTION', 'CLASS', 'INTERFACE', 'METHOD', 'FACTORY', 'OBJECT'])

/** The header of a division, section or paragraph that begins another part; `length` in words, 0 for one that stays in the text. */
export function headerAt(
  words: readonly Word[],
  at: number,
  part: Part,
): { readonly part: Part; readonly length: number } | undefined {
  const word = words[at]
  if (word?.kind !== 'run') return undefined
  const closes = words[at + 1]?.kind === 'period'
  const division = isRun(words[at + 1], 'DIVISION') ? DIVISIONS.get(word.key) : undefined
  // The header is kept up to its period only by its absence: `PROCEDURE DIVISION USING X.` goes with its division.
  if (division) return { part: division, length: words[at + 2]?.kind === 'period' ? 3 : 2 }
  if (word.key === 'END' && word.first && ENDED.has(words[at + 1]?.key ?? ''))
    return { part: 'identification', length: 2 }
  if (part === 'procedure' || !word.first) return undefined
  const section = isRun(words[at + 1], 'SECTION') ? SECTIONS.get(word.key) : undefined
  const begun = section ?? (closes ? PARAGRAPHS.get(word.key) : undefined)
  return begun ? { part: begun, length: 0 } : undefined
}

/**
 * The words that describe records: those of data divisions; all as long as no header has come. With them what SPECIAL-NAMES says. A member that
 * the environment division misses may hold SPECIAL-NAMES and so is a mistake.
 */
export function keepData(
  words: readonly Word[],
  mistakes: Mistakes,
): { readonly words: Word[]; readonly settings: Partial<CompilerOptions> } {
  const kept: Word[] = []
  let settings: Partial<CompilerOptions> = {}
  let part: Part = 'copybook'
  for (let at = 0; at < words.length; at++) {
    const header = headerAt(words, at, part)
    part = header?.part ?? part
    if (header && header.length > 0) {
      at += header.length - 1
      continue
    }
    const word = words[at]
    if (word === undefined) break
    if (part === 'copybook' || part === 'data') kept.push(word)
    else if (part === 'environment') {
      settings = { ...settings, ...settingAt(words, at, mistakes) }
      missing(word, mistakes)
    }
  }
  return { words: kept, settings }
}

function missing(word: Word, mistakes: Mistakes): void {
  if (word.missing === undefined) return
  const { member } = word.missing
  if (isHostMember(member)) mistakes.note(`member ${member} is not found: it describes no record here`, word)
  else mistakes.add('COPY_MEMBER_NOT_FOUND', word.missing, word)
}

/** `DECIMAL-POINT [IS] COMMA`, `CURRENCY [SIGN] [IS] 'EUR' [[WITH] PICTURE SYMBOL '$']`. */
function settingAt(words: readonly Word[], at: number, mistakes: Mistakes): Partial<CompilerOptions> {
  const word = words[at]
  const skip = (from: number, key: string) => (isRun(words[from], key) ? from + 1 : from)
  if (isRun(word, 'DECIMAL-POINT')) {
    return isRun(words[skip(at + 1, 'IS')], 'COMMA') ? { decimalPointIsComma: true } : {}
  }
  if (!isRun(word, 'CURRENCY')) return {}
  const signAt = skip(skip(at + 1, 'SIGN'), 'IS')
  const sign = words[signAt]
  if (sign?.kind !== 'literal' || sign.text === '') return {}
  if (sign.prefix !== '') {
    mistakes.note('a CURRENCY SIGN in hexadecimal is not read: which character it is depends on the code page', sign)
    return {}
  }
  const symbolAt = skip(skip(skip(signAt + 1, 'WITH'), 'PICTURE'), 'SYMBOL')
  const symbol = isRun(words[symbolAt - 1], 'SYMBOL') ? words[symbolAt]?.text : undefined
  if (symbol !== undefined) return { currencySign: sign.text, currencySymbol: symbol }
  if (sign.text.length === 1) return { currencySign: sign.text }
  // Each compiler would take another symbol for it, and count other bytes.
  const expected = 'PICTURE SYMBOL and the character that stands for it in pictures'
  mistakes.add(
    'CLAUSE_INCOMPLETE',
    { clause: 'CURRENCY SIGN', expected, found: 'a sign of several characters alone' },
    sign,
  )
  return {}
}
