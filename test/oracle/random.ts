// Chance from a printed seed: the same seed gives the same records on every machine.

export interface Chance {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number
  between(least: number, most: number): number
  /** True once in `n`. */
  oneIn(n: number): boolean
  pick<T>(from: readonly T[]): T
  digits(count: number): string
}

/** mulberry32. */
export function chance(seed: number): Chance {
  let state = seed >>> 0
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * limit)
  }
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    oneIn: (n) => below(n) === 0,
    pick: (from) => {
      const one = from[below(from.length)]
      if (one === undefined) throw new Error('nothing to pick from')
      return one
    },
    digits: (count) => Array.from({ length: count }, () => below(10)).join(''),
  }
}
