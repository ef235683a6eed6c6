// Whole programs: only the data division describes records. What SPECIAL-NAMES says about pictures is taken along.

import type { CompilerOptions } from '../layout.ts'
import { isRun, type Word } from './word.ts'

export interface DataDivision {
  /** The words of data divisions; all words as long as there are no division headers, as copybooks have none. */
  keep(words: readonly Word[]): Word[]
  /** DECIMAL-POINT IS COMMA and CURRENCY SIGN, where the program has them. */
  settings(): Partial<CompilerOptions>
}

const DIVISIONS = new Set(['IDENTIFICATION', 'ID', 'ENVIRONMENT', 'DATA', 'PROCEDURE'])

/** Follows the divisions of a program through its text, which comes in pieces. */
export function dataDivision(): DataDivision {
  let settings: Partial<CompilerOptions> = {}
  let division: string | undefined
  return {
    settings: () => settings,
    keep(words) {
      const kept: Word[] = []
      for (let at = 0; at < words.length; at++) {
        const word = words[at]
        if (word === undefined) break
        if (word.kind === 'run' && DIVISIONS.has(word.key) && isRun(words[at + 1], 'DIVISION')) {
          division = word.key
          // The header is kept up to its period only by its absence: `PROCEDURE DIVISION USING X.` goes with its division.
          at += words[at + 2]?.kind === 'period' ? 2 : 1
        } else if (division === undefined || division === 'DATA') kept.push(word)
        else if (division === 'ENVIRONMENT') settings = { ...settings, ...settingAt(words, at) }
      }
      return kept
    },
  }
}

/** `DECIMAL-POINT [IS] COMMA`, `CURRENCY [SIGN] [IS] 'EUR' [[WITH] PICTURE SYMBOL '$']`. */
function settingAt(words: readonly Word[], at: number): Partial<CompilerOptions> {
  const word = words[at]
  const skip = (from: number, key: string) => (isRun(words[from], key) ? from + 1 : from)
  if (isRun(word, 'DECIMAL-POINT')) {
    return isRun(words[skip(at + 1, 'IS')], 'COMMA') ? { decimalPointIsComma: true } : {}
  }
  if (!isRun(word, 'CURRENCY')) return {}
  const signAt = skip(skip(at + 1, 'SIGN'), 'IS')
  const sign = words[signAt]
  if (sign?.kind !== 'literal' || sign.text === '') return {}
  const symbolAt = skip(skip(skip(signAt + 1, 'WITH'), 'PICTURE'), 'SYMBOL')
  const symbol = isRun(words[symbolAt - 1], 'SYMBOL') ? words[symbolAt]?.text : undefined
  return symbol === undefined ? { currencySign: sign.text } : { currencySign: sign.text, currencySymbol: symbol }
}
