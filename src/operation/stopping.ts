// The end of a server as those who wait see it. Not a bare promise: each race against a promise that is still open would
// keep its losers in memory for as long as the server lives.

/** Lets those who wait for an operation go as soon as the process begins to stop. */
export interface Stopping {
  readonly begun: boolean
  /** What the work gives, or undefined as soon as the server begins to stop. */
  orStopped<T>(work: Promise<T>): Promise<T | undefined>
  /** From now on nobody waits. */
  begin(): void
}

/** A `Stopping` that has not begun. */
export function stopping(): Stopping {
  const waiting = new Set<() => void>()
  let begun = false
  return {
    get begun() {
      return begun
    },
    orStopped<T>(work: Promise<T>): Promise<T | undefined> {
      if (begun) return Promise.resolve(undefined)
      return new Promise((resolve, reject) => {
        const stop = () => resolve(undefined)
        waiting.add(stop)
        work.then(resolve, reject).finally(() => waiting.delete(stop))
      })
    },
    begin() {
      begun = true
      for (const stop of waiting) stop()
      waiting.clear()
    },
  }
}
