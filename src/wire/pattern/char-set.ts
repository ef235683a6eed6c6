// Sets of characters (code points of Unicode) as sorted ranges.

/** `[from, to, from, to, …]`, both ends included, in order, neither touching nor overlapping. */
export type CharSet = readonly number[]

const LAST = 0x10ffff

/** Every code point, U+0000 to U+10FFFF. */
export const anyCharacter: CharSet = [0, LAST]
/** The empty set. */
export const noCharacter: CharSet = []

/** The set of ranges that may come in any order and overlap: `[from, to, from, to, …]`. */
export function setOf(ranges: readonly number[]): CharSet {
  const pairs: (readonly [number, number])[] = []
  for (let at = 0; at + 1 < ranges.length; at += 2) pairs.push([ranges[at] ?? 0, ranges[at + 1] ?? 0])
  pairs.sort(([a], [b]) => a - b)
  const joined: number[] = []
  for (const [from, to] of pairs) {
    const end = joined.at(-1)
    if (end === undefined || from > end + 1) joined.push(from, to)
    else joined[joined.length - 1] = Math.max(end, to)
  }
  return joined
}

/** The characters that are in any of the sets. */
export function union(...sets: readonly CharSet[]): CharSet {
  return setOf(sets.flat())
}

/** Every character that is not in the set. */
export function complement(set: CharSet): CharSet {
  const others: number[] = []
  let from = 0
  for (let at = 0; at + 1 < set.length; at += 2) {
    const start = set[at] ?? 0
    if (start > from) others.push(from, start - 1)
    from = (set[at + 1] ?? 0) + 1
  }
  if (from <= LAST) others.push(from, LAST)
  return others
}

/** The characters of a set that are not in the other. */
export function subtract(set: CharSet, other: CharSet): CharSet {
  return complement(union(complement(set), other))
}

/** Whether a character is in the set, by binary search. */
export function has(set: CharSet, point: number): boolean {
  let low = 0
  let high = set.length / 2
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((set[middle * 2 + 1] ?? 0) < point) low = middle + 1
    else high = middle
  }
  return low * 2 < set.length && (set[low * 2] ?? 0) <= point
}

/** The characters of a text, for short sets: `charactersOf(' \t')`. */
export function charactersOf(text: string): CharSet {
  return setOf([...text].flatMap((one) => [one.codePointAt(0) ?? 0, one.codePointAt(0) ?? 0]))
}
