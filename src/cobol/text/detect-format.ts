// Tells the reference format from the look of a text. Each line votes; the user can always overrule with --format.

import type { ReferenceFormat } from '../options.ts'
import { processStatement } from './process-statement.ts'

/** What the first words of an entry, a header or a COPY statement look like. */
const BEGINS =
  /^(?:\d{1,2}\s+[A-Z0-9:(]|\d{1,2}\s*$|COPY\s|REPLACE\s|FD\s|SD\s|EXEC\s|[A-Z-]+\s+(?:DIVISION|SECTION)\b|\*>)/i
const INDICATORS = ' */-Dd$'
const LINES_LOOKED_AT = 2000

/** Free when more lines can only be free than can only be fixed; variable when text goes on past column 72. */
export function detectFormat(lines: readonly string[]): ReferenceFormat {
  let free = 0
  let fixed = 0
  const bodies: string[] = []
  for (const raw of lines.slice(0, LINES_LOOKED_AT)) {
    const line = raw.replace(/\t/g, '        ').trimEnd()
    if (line === '' || processStatement(line) !== undefined) continue
    const vote = voteOf(line)
    if (vote > 0) fixed++
    if (vote < 0) free++
    if (!'*/'.includes(line.charAt(6) || ' ')) bodies.push(line)
  }
  if (free > fixed) return 'free'
  return runsOver(bodies) ? 'variable' : 'fixed'
}

/** 1: only fixed format explains the line; -1: only free format does; 0: both do. */
function voteOf(line: string): number {
  const sequence = line.slice(0, 6)
  const indicator = line.charAt(6)
  const fixedText = line.slice(7, 72).trim()
  const freeText = line.trim()
  if (sequence.trim() === '') return indicator !== '' && '*/-'.includes(indicator) && !freeText.startsWith('*>') ? 1 : 0
  if (freeText.startsWith('*')) return freeText.startsWith('*>') ? -1 : 0
  if (/^\d{6}$/.test(sequence) && INDICATORS.includes(indicator)) return 1
  if (BEGINS.test(fixedText) && INDICATORS.includes(indicator)) return 1
  if (BEGINS.test(freeText)) return -1
  if (indicator !== '' && '*/'.includes(indicator)) return 1
  return INDICATORS.includes(indicator) ? 0 : -1
}

/** Whether text (not sequence numbers or change marks) stands right of column 72. */
function runsOver(lines: readonly string[]): boolean {
  const long = lines.filter((line) => line.length > 72)
  if (long.some((line) => line.length > 80)) return true
  if (long.length === 0 || long.length * 2 > lines.length) return false
  return long.some((line) => line.charAt(71) !== ' ' && !/^[A-Z0-9]{1,8}$/i.test(line.slice(72).trim()))
}
