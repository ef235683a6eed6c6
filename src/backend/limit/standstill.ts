// Whether this process has just gone on after it stood still.
//
// A call may have been handed to the process before it stood still and begin after it: its time is then counted from too late, and
// somebody else may have found that it had no effect and made it again. What is handed over anew is as good as ever, so that for a
// short while after a standstill nothing that must happen once is begun.

/** A timer that runs so often shows that the process lives. */
const BEAT_MS = 500
/** A longer gap is a standstill; a shorter one is within the margins of every call. */
const GAP_MS = 5000
/** What was handed over before has begun after so long. */
const AFTER_MS = 2000

export interface Standstill {
  /** True for a short while after a standstill. */
  readonly recent: () => boolean
}

/** Watches the clock from now on; keeps no process alive. */
export function watchStandstill(): Standstill {
  let last = performance.now()
  let ended = Number.NEGATIVE_INFINITY
  const look = () => {
    const now = performance.now()
    if (now - last > GAP_MS) ended = now
    last = now
    return now
  }
  setInterval(look, BEAT_MS).unref()
  return { recent: () => look() - ended < AFTER_MS }
}
