// Puts virtual time in the place of the process's clocks, for what activities and the caller ask: the clocks, intervals, and signals that
// end a wait. Budgets never run out here before a deadline does, so that a signal which never comes is enough.

import type { Clock } from './clock.ts'

const quiet = new AbortController().signal
let clock: Clock | undefined
let begun = 0

/** From now on this clock is what the process's clocks show. */
export function useTimeOf(now: Clock, begin: number): void {
  if (clock === undefined) {
    performance.now = () => (clock?.now ?? 0) - begun
    Date.now = () => clock?.now ?? 0
    globalThis.setInterval = ((run: () => void, everyMs: number) => beating(run, everyMs)) as typeof setInterval
    AbortSignal.timeout = () => quiet
    AbortSignal.any = () => quiet
    Error.stackTraceLimit = 0
  }
  clock = now
  begun = begin
}

function beating(run: () => void, everyMs: number): Pick<NodeJS.Timeout, 'unref'> {
  clock?.beat(run, everyMs)
  return { unref: () => undefined as never }
}
