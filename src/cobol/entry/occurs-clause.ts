// OCCURS: fixed and variable tables, keys and indexes.

import { isRun, type Word } from '../text/word.ts'
import { endsNames } from './clause-words.ts'
import type { OccursClause } from './entry.ts'
import { type EntryReader, incomplete, peek, startsEntry, take, takeInteger, takeName } from './reader.ts'

/**
 * OCCURS n [TIMES] | OCCURS [m TO] n|UNBOUNDED [TIMES] DEPENDING [ON] name, then keys and indexes in any order.
 * Undefined after a mistake.
 */
export function readOccurs(reader: EntryReader, clause: Word): OccursClause | undefined {
  const first = takeInteger(reader)
  const firstWord = reader.words[reader.at - 1] ?? clause
  if (first === undefined && !isRun(peek(reader), 'UNBOUNDED')) {
    const word = peek(reader)
    const isName = word?.kind === 'run' && /[A-Z]/.test(word.key) && !startsEntry(reader)
    if (!isName) return incomplete(reader, clause, 'OCCURS', 'the number of occurrences')
    reader.at++
    const code = reader.constants.has(word.key) ? 'CONSTANT_NOT_INTEGER' : 'CONSTANT_UNKNOWN'
    reader.mistakes.add(code, { name: word.text }, word)
    readTail(reader)
    return undefined
  }
  const to = take(reader, 'TO')
  const second = to ? takeInteger(reader) : undefined
  const unbounded = take(reader, 'UNBOUNDED')
  if (to && second === undefined && !unbounded) {
    return incomplete(reader, clause, 'OCCURS', 'the greatest number of occurrences after TO')
  }
  take(reader, 'TIMES')
  const tail = readTail(reader)
  if (tail === undefined) return incomplete(reader, clause, 'OCCURS', 'a name')
  const maximum = unbounded ? Infinity : (second ?? first ?? 0)
  const minimum = to ? (first ?? 1) : tail.dependingOn ? 1 : maximum
  const problem = rangeProblem(minimum, maximum, (to ?? unbounded) !== undefined, tail.dependingOn !== undefined)
  if (problem === undefined) return { minimum, maximum, ...tail }
  reader.mistakes.add('OCCURS_RANGE', { problem }, firstWord)
  return undefined
}

function rangeProblem(minimum: number, maximum: number, range: boolean, variable: boolean): string | undefined {
  if (maximum < 1) return 'needs at least one occurrence'
  if (range && !variable) return `${maximum === Infinity ? 'UNBOUNDED' : `${minimum} TO ${maximum}`} needs DEPENDING ON`
  if (range && minimum > maximum) return `${minimum} TO ${maximum} runs backwards`
  return undefined
}

type Tail = Pick<OccursClause, 'dependingOn' | 'indexedBy' | 'keys'>

function readTail(reader: EntryReader): Tail | undefined {
  let dependingOn: Tail['dependingOn']
  const keys: Tail['keys'][number][] = []
  const indexedBy: string[] = []
  for (;;) {
    if (take(reader, 'DEPENDING')) {
      take(reader, 'ON')
      dependingOn = takeName(reader)
      if (dependingOn === undefined) return undefined
      continue
    }
    const order = take(reader, 'ASCENDING', 'DESCENDING')
    const by = order ?? take(reader, 'INDEXED')
    if (by === undefined) return { dependingOn, indexedBy, keys }
    if (order) {
      take(reader, 'KEY')
      take(reader, 'IS')
    } else take(reader, 'BY')
    const names = takeNames(reader)
    if (names.length === 0) return undefined
    if (order) keys.push({ order: order.key === 'ASCENDING' ? 'ascending' : 'descending', names })
    else indexedBy.push(...names)
  }
}

function takeNames(reader: EntryReader): string[] {
  const names: string[] = []
  for (;;) {
    const word = peek(reader)
    if (word?.kind !== 'run' || endsNames(word.key)) return names
    const name = takeName(reader)
    if (name === undefined) return names
    names.push(name.name)
  }
}
