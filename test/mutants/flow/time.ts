// Virtual time for the tests of flows: their timers, their clocks, and the way in which a test is waited for. Nothing here takes real time.

import { setTimeout as reallySleep } from 'node:timers/promises'
import { Clock, type Planned } from '../../explore/clock.ts'
import type { Exports } from '../run/modules.ts'
import type { Wait } from '../run/suite.ts'

export interface VirtualTime {
  readonly clock: Clock
  /** In the place of the global names. */
  readonly globals: Readonly<Record<string, unknown>>
  /** In the place of `node:timers/promises`. */
  readonly promises: Exports
  readonly wait: Wait
}

const begin = Date.UTC(2026, 0, 5, 10)
/** More steps, and more virtual ms, than any test takes. */
const mostSteps = 50_000
const longestMs = 3_600_000
/** So many real ms a test may wait for what is no matter of time: a file, a program. */
const quietMs = 20_000

export function virtualTime(): VirtualTime {
  const clock = new Clock(begin)
  const after = (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
    timer(
      clock,
      clock.plan(ms, 'timer', () => run(...args)),
    )
  const never = (planned: { readonly planned: Planned } | undefined) => clock.forget(planned?.planned)
  const sleep = (ms?: number, value?: unknown, { signal }: { readonly signal?: AbortSignal } = {}) =>
    slept(clock, ms, signal).then(() => value)
  const dates = dateOf(clock)
  return {
    clock,
    globals: {
      ...{ setTimeout: after, clearTimeout: never, Date: dates },
      performance: { now: () => clock.now - begin },
    },
    promises: { setTimeout: sleep },
    wait: (work) => waited(clock, work),
  }
}

function timer(clock: Clock, planned: Planned) {
  const one = { planned, unref: () => one, ref: () => one, [Symbol.dispose]: () => clock.forget(planned) }
  return one
}

function dateOf(clock: Clock): DateConstructor {
  return class extends Date {
    constructor(...given: [] | [number]) {
      super(...(given.length === 0 ? ([clock.now] as const) : given))
    }
    static override now(): number {
      return clock.now
    }
    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof Date
    }
  } as DateConstructor
}

function slept(clock: Clock, ms = 0, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => reject(signal?.reason)
    if (signal?.aborted) return end()
    signal?.addEventListener('abort', end, { once: true })
    clock.plan(ms, 'sleep', () => {
      signal?.removeEventListener('abort', end)
      resolve()
    })
  })
}

/** Goes on from moment to moment until the work is done. */
async function waited(clock: Clock, work: Promise<unknown>): Promise<void> {
  let isDone = false
  const done = work.finally(() => {
    isDone = true
  })
  done.catch(() => undefined)
  const until = clock.now + longestMs
  let quiet = 0
  for (let steps = 0; ; steps++) {
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
    if (isDone) break
    if (steps > mostSteps) throw new Error(`it does not end within ${mostSteps} steps`)
    if (clock.step(until)) continue
    if (++quiet > quietMs) throw new Error('it does not end: nothing is left to happen')
    await reallySleep(1)
  }
  await done
}
