// The characters that an automaton tells apart: all that are in the same sets are one class.

import type { CharSet } from './char-set.ts'

/** Classes of characters, numbered from 0. */
export interface Alphabet {
  /** How many classes there are. */
  readonly size: number
  /** The class of a character. */
  classOf(point: number): number
  /** For each class 1 where it is in the set, else 0. */
  classesOf(set: CharSet): Uint8Array
}

const SMALL = 256

/** The fewest classes such that each set is a union of some. */
export function alphabetOf(all: Iterable<CharSet>): Alphabet {
  const sets = [...new Set(all)]
  const starts = [...new Set([0, ...sets.flatMap(boundariesOf)])].filter((one) => one <= 0x10ffff).sort((a, b) => a - b)
  const signatures = starts.map(() => '')
  for (const [index, set] of sets.entries()) {
    for (const at of insideOf(set, starts)) signatures[at] += `${index},`
  }
  const classes = [...new Set(signatures)]
  const ids = Uint16Array.from(signatures, (one) => classes.indexOf(one))
  const members = new Map(sets.map((set) => [set, new Uint8Array(classes.length)]))
  for (const set of sets) for (const at of insideOf(set, starts)) members.get(set)?.fill(1, ids[at], (ids[at] ?? 0) + 1)
  const small = Uint16Array.from({ length: SMALL }, (_, point) => ids[positionOf(starts, point)] ?? 0)
  return {
    size: classes.length,
    classOf: (point) => (point < SMALL ? (small[point] ?? 0) : (ids[positionOf(starts, point)] ?? 0)),
    classesOf: (set) => members.get(set) ?? new Uint8Array(classes.length),
  }
}

/** Where a set begins and where what follows it does. */
function boundariesOf(set: CharSet): number[] {
  return set.map((point, index) => (index % 2 === 0 ? point : point + 1))
}

/** The stretches, by their position in `starts`, that lie in a set. */
function* insideOf(set: CharSet, starts: readonly number[]): Generator<number> {
  let range = 0
  for (const [at, start] of starts.entries()) {
    while (range < set.length && (set[range + 1] ?? 0) < start) range += 2
    if (range >= set.length) return
    if ((set[range] ?? 0) <= start) yield at
  }
}

/** The last of the starts that is not behind the character. */
function positionOf(starts: readonly number[], point: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((starts[middle] ?? 0) <= point) low = middle
    else high = middle - 1
  }
  return low
}
