// Waiting for a promise, but not for ever.

/** What the work gives, or undefined when the time is over first. The work goes on. */
export async function orAfter<T>(ms: number, work?: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined)
  })
  try {
    return await (work ? Promise.race([work, over]) : over)
  } finally {
    clearTimeout(timer)
  }
}
