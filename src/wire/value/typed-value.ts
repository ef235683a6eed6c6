// Values behind texts: `1.0` and `1.00` are one decimal, `12:00:00Z` and `13:00:00+01:00` one moment.

import { compareDecimals, normalDecimal } from './decimal-text.ts'
import { compareMoments, durationKey, momentKey, momentOf } from './moment-text.ts'

/** What the text of a type is; several types of XSD share one. `date`: each type that names a part of a date or time. */
export type Lexical =
  | 'text'
  | 'decimal'
  | 'integer'
  | 'float'
  | 'double'
  | 'boolean'
  | 'base64'
  | 'hex'
  | 'date'
  | 'duration'

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/

/** The same for two texts exactly when they are the same value. A text that is no value of its type stands for itself. */
export function valueKey(lexical: Lexical, text: string): string {
  switch (lexical) {
    case 'decimal':
    case 'integer':
      return DECIMAL.test(text) ? normalDecimal(text).replace(/\.0*$|(\.\d*[1-9])0+$/, '$1') : text
    case 'float':
    case 'double':
      return String(floatOf(lexical, text))
    case 'boolean':
      return text === '1' ? 'true' : text === '0' ? 'false' : text
    case 'base64':
      return text.replaceAll(' ', '')
    case 'hex':
      return text.toUpperCase()
    case 'date': {
      const moment = momentOf(text)
      return moment ? momentKey(moment) : text
    }
    case 'duration':
      return durationKey(text) ?? text
    case 'text':
      return text
  }
}

/** Below 0, 0 or above 0; undefined where neither comes first (NaN; a moment with a zone and one without, near each other). */
export function compareValues(lexical: Lexical, one: string, other: string): number | undefined {
  if (lexical === 'decimal' || lexical === 'integer') return compareDecimals(one, other)
  if (lexical === 'float' || lexical === 'double') {
    const [a, b] = [floatOf(lexical, one), floatOf(lexical, other)]
    return Number.isNaN(a) || Number.isNaN(b) ? undefined : a === b ? 0 : a < b ? -1 : 1
  }
  const [a, b] = [momentOf(one), momentOf(other)]
  return a && b && compareMoments(a, b)
}

/** A float has 24 bits, a double 53; neither is kept as such: texts stay as they were written. */
function floatOf(lexical: 'float' | 'double', text: string): number {
  const value = Number(text.replace('INF', 'Infinity'))
  return lexical === 'float' ? Math.fround(value) : value
}
