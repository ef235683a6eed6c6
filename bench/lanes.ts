// Work in lanes: so many pieces at a time, each lane takes the next one when it is done.

export interface Lanes<T> {
  readonly results: T[]
  readonly seconds: number
}

/** Gives what each piece gave, and how long all took together. */
export async function inLanes<T>(
  count: number,
  concurrency: number,
  work: (index: number) => Promise<T>,
): Promise<Lanes<T>> {
  const results: T[] = []
  let next = 0
  const lane = async () => {
    while (next < count) {
      const index = next
      next += 1
      results.push(await work(index))
    }
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: concurrency }, lane))
  return { results, seconds: (performance.now() - start) / 1000 }
}
