// How a step can end for its flow, and the doubt before that.

import type { SendAnswer, SendTask } from '../../contract/activity.ts'
import type { JsonObject } from '../../contract/json.ts'
import type { Status } from '../../error/status.ts'
import { type FailedResult, failedWith } from '../run/ending.ts'
import type { Step } from '../run/state.ts'

/**
 * `failed` and `rejected` are certain: nothing took effect. `butFailed`: it took effect, and yet the flow cannot go on.
 * `reverse`: an operator wants the step undone whatever became of it.
 */
export type Settled =
  | { readonly is: 'applied'; readonly reply: JsonObject; readonly butFailed?: FailedResult }
  | { readonly is: 'rejected'; readonly reason: string; readonly status: Status; readonly reply: JsonObject }
  | { readonly is: 'failed'; readonly code: string; readonly message: string; readonly status: Status }
  | { readonly is: 'reverse' }

/** An answer that leaves open whether the call took effect. */
export type InDoubt = Extract<SendAnswer, { outcome: 'unknown' | 'abended' | 'withheld' }>
/** Proof that the step had no effect, as the run in which it was found. */
export type Absent = { readonly absentIn: string; readonly byOperator?: boolean }

/**
 * What is wanted now, since a flow can be cancelled while a step is settled. `recall`: nothing is sent any more, and only what may have
 * been sent is settled.
 */
export type Mode = () => SendTask['mode']

/** The step had no effect, by the core's word or a person's; what is owed is a late look. */
export function notApplied(step: Step): Settled {
  step.restsOn ??= 'absence'
  return { is: 'failed', ...failedWith('CALL_NOT_APPLIED', { call: step.name }) }
}
