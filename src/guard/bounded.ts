// What is remembered and bounded: callers choose what comes, so that nothing may grow with them.

/** Keeps a value; where there are `most` already, the oldest goes. */
export function keepIn<T>(kept: Map<string, T>, most: number, key: string, value: T): void {
  const [oldest] = kept.keys()
  if (kept.size >= most && oldest !== undefined) kept.delete(oldest)
  kept.set(key, value)
}
