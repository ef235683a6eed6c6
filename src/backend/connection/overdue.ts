// The look at the clock before anything of a call leaves us.
//
// A timer cannot stand for it. When a process goes on after it stood still (SIGSTOP, a frozen machine), what has arrived in the
// meantime is handed over before timers run: a handshake's answer would be followed by the request long after its deadline, while
// somebody else has found that the call had no effect and made it again. The clock is CLOCK_MONOTONIC, which goes on in a stopped
// process. What remains is a pause between the look and the write; no process can close it from inside.

import type { Exchange } from '../../contract/backend.ts'
import { type Failure, failure } from '../../error/failure.ts'

/** Why nothing more of the call may be sent; undefined while it may. `since`: when its exchange began. */
export function overdue(
  adapter: string,
  { target, deadlineMs, until, signal }: Exchange,
  since: number,
): Failure | undefined {
  if (signal?.aborted) return failure('CALL_CANCELLED', { target })
  const now = performance.now()
  if (now - since < deadlineMs && (until === undefined || now < until)) return undefined
  return failure('CALL_OVERDUE', { adapter, target, afterMs: Math.round(now - since) })
}
