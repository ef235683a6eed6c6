// Activities as the server sees them: attempts, timeouts and retries. A worker that reports too late is not heard.

import { RetryState } from '@temporalio/common'
import { activityFailure, asApplicationFailure, failureOf, timeout } from './failures.ts'
import type { PendingActivity, Run } from './history.ts'
import { payloads } from './payloads.ts'
import type { Job } from './sandbox.ts'
import type { TemporalParts } from './temporal.ts'

/** What the server knows an attempt by. */
export interface Token {
  readonly run: Run
  readonly activity: PendingActivity
  readonly dispatch: number
}

type Tell = (run: Run, job: Job) => void

export class Attempts {
  readonly #parts: TemporalParts
  readonly #tell: Tell
  readonly #goOn: Tell

  /** `tell`: news for the next workflow task. `goOn`: the workflow task under way goes on. */
  constructor(parts: TemporalParts, tell: Tell, goOn: Tell) {
    this.#parts = parts
    this.#tell = tell
    this.#goOn = goOn
  }

  schedule(run: Run, activity: PendingActivity): void {
    const { clock } = this.#parts
    run.activities.set(keyOf(activity), activity)
    if (activity.scheduleToClose > 0) {
      activity.closeTimeout = clock.plan(activity.scheduleToClose, `end of ${activity.type}`, () =>
        this.#fail(run, activity, timeout('SCHEDULE_TO_CLOSE'), RetryState.TIMEOUT),
      )
    }
    this.#dispatch(run, activity, activity.isLocal ? 0 : 1)
  }

  /** The run has ended: nobody waits for these any more. */
  drop(run: Run): void {
    for (const activity of run.activities.values()) this.#forget(run, activity)
  }

  dropLocal(run: Run): void {
    for (const activity of run.activities.values()) if (activity.isLocal) this.#forget(run, activity)
  }

  /**
   * An operator starts an activity again by hand: its options are changed to allow a further attempt, and it is reset. One that runs
   * goes on meanwhile, as the server lets it.
   */
  again(run: Run, activity: PendingActivity): void {
    activity.maximumAttempts = 2
    run.version++
  }

  /** Whether the attempt with this token is still waited for. */
  isHeld(token: unknown): boolean {
    const { run, activity, dispatch } = token as Token
    return isOpen(run, activity) && activity.dispatch === dispatch
  }

  #dispatch(run: Run, activity: PendingActivity, inMs: number): void {
    const { clock, perform } = this.#parts
    const dispatch = ++activity.dispatch
    activity.running = false
    clock.plan(inMs, `${activity.type} ${activity.id}`, () => {
      if (!isOpen(run, activity) || activity.dispatch !== dispatch) return
      activity.running = true
      run.version++
      if (activity.startToClose > 0) {
        activity.timeout = clock.plan(activity.startToClose, `timeout of ${activity.type}`, () =>
          this.#ended(run, activity, dispatch, timeout('START_TO_CLOSE')),
        )
      }
      perform(run, activity, { run, activity, dispatch }).then(
        (result) => this.#done(run, activity, dispatch, result),
        (error: unknown) => this.#ended(run, activity, dispatch, asApplicationFailure(error)),
      )
    })
  }

  #done(run: Run, activity: PendingActivity, dispatch: number, result: unknown): void {
    if (!isOpen(run, activity) || activity.dispatch !== dispatch) return
    this.#forget(run, activity)
    this.#report(run, activity, { completed: { result: payloads.toPayload(result) } })
  }

  /** An attempt has failed; whether there is another, its policy tells. */
  #ended(run: Run, activity: PendingActivity, dispatch: number, error: Error): void {
    const { clock } = this.#parts
    if (!isOpen(run, activity) || activity.dispatch !== dispatch) return
    clock.forget(activity.timeout)
    const { attempt, maximumAttempts, initialInterval, maximumInterval, nonRetryable } = activity
    const { nonRetryable: never, type } = error as { nonRetryable?: boolean; type?: string }
    if (never || nonRetryable.includes(String(type))) {
      this.#fail(run, activity, error, RetryState.NON_RETRYABLE_FAILURE)
      return
    }
    if (maximumAttempts > 0 && attempt >= maximumAttempts) {
      this.#fail(run, activity, error, RetryState.MAXIMUM_ATTEMPTS_REACHED)
      return
    }
    const pause = Math.min(initialInterval * 2 ** (attempt - 1), maximumInterval)
    activity.attempt++
    activity.scheduledAt = clock.now + pause
    this.#dispatch(run, activity, pause)
  }

  #fail(run: Run, activity: PendingActivity, error: Error, retryState: RetryState): void {
    if (!isOpen(run, activity)) return
    this.#forget(run, activity)
    // The last failure of a local activity comes bare, as measured (facts, Temporal 16.3).
    const failure = activity.isLocal ? failureOf(error) : activityFailure(activity, error, retryState)
    this.#report(run, activity, { failed: { failure } })
  }

  #report(run: Run, activity: PendingActivity, result: object): void {
    const job = { resolveActivity: { seq: activity.seq, isLocal: activity.isLocal, result } }
    if (activity.isLocal) this.#goOn(run, job)
    else this.#tell(run, job)
  }

  #forget(run: Run, activity: PendingActivity): void {
    const { clock } = this.#parts
    clock.forget(activity.timeout)
    clock.forget(activity.closeTimeout)
    run.activities.delete(keyOf(activity))
  }
}

function isOpen(run: Run, activity: PendingActivity): boolean {
  return run.state === 'running' && run.activities.get(keyOf(activity)) === activity
}

/** Local and regular activities share one row of numbers in the SDK. */
function keyOf({ seq }: PendingActivity): number {
  return seq
}
