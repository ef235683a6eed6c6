// Random numbers from a seed: the same seed gives the same run of faults. xorshift of 32 bits (Marsaglia, 13-17-5).

export interface Random {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  pick<T>(values: readonly [T, ...T[]]): T
  /** One of the values; a weight says how often beside the others. */
  weighted<T>(values: readonly (readonly [number, T])[]): T
}

/** The numbers of a seed. `stream` keeps apart what uses the same seed for different things. */
export function random(seed: number, stream = 0): Random {
  // Neighbouring seeds begin with neighbouring states: mixed (murmur3's finaliser), so that their first numbers differ as well.
  let state = mixed((seed >>> 0) ^ Math.imul(stream + 1, 0x9e3779b9)) || 1
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 0x1_0000_0000
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (probability) => next() < probability,
    pick: (values) => values[below(values.length)] ?? values[0],
    weighted(values) {
      let left = next() * values.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, value] of values) {
        left -= weight
        if (left < 0) return value
      }
      const last = values.at(-1)
      if (last === undefined) throw new Error('nothing to choose from')
      return last[1]
    },
  }
}

function mixed(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
