// Spreads calls evenly: so many a second, each a moment after the one before.

import { failure } from '../../error/failure.ts'

/** Resolves when the next call may go. Rejects with CORE_BUSY when its turn is too far off, or CALL_CANCELLED. */
export type RateLimiter = (target: string, signal?: AbortSignal) => Promise<void>

/** No limit without `perSecond`. A call waits `queueMs` at most. */
export function rateLimiter(name: string, perSecond: number | undefined, queueMs: number): RateLimiter {
  if (perSecond === undefined) return () => Promise.resolve()
  const gap = 1000 / perSecond
  let next = 0
  return async (target, signal) => {
    const now = performance.now()
    const turn = Math.max(next, now)
    if (turn - now > queueMs) throw failure('CORE_BUSY', { adapter: name, waiting: Math.round((turn - now) / gap) })
    next = turn + gap
    if (turn > now) await pause(turn - now, target, signal)
  }
}

function pause(ms: number, target: string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = () => {
      clearTimeout(timer)
      reject(failure('CALL_CANCELLED', { target }))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', cancel)
      resolve()
    }, ms)
    if (signal?.aborted) cancel()
    else signal?.addEventListener('abort', cancel, { once: true })
  })
}
