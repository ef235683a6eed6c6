// Failures and answers as they stand in histories, to and fro.

import {
  ActivityFailure,
  ApplicationFailure,
  defaultFailureConverter,
  type ProtoFailure,
  type RetryState,
  TimeoutFailure,
} from '@temporalio/common'
import type { PendingActivity, UpdateAnswer } from './history.ts'
import { payloads } from './payloads.ts'
import type { Command } from './sandbox.ts'

export function errorOf(failure: ProtoFailure): Error {
  return defaultFailureConverter.failureToError(failure, payloads)
}

/** How a regular activity fails for the flow: with what the worker reported as its cause. */
export function activityFailure({ type, id }: PendingActivity, cause: Error, retryState: RetryState): ProtoFailure {
  const error = new ActivityFailure('Activity task failed', type, id, retryState, 'worker', cause)
  return failureOf(error)
}

export function failureOf(error: unknown): ProtoFailure {
  return defaultFailureConverter.errorToFailure(error, payloads)
}

export function timeout(kind: 'START_TO_CLOSE' | 'SCHEDULE_TO_CLOSE'): Error {
  return new TimeoutFailure(`activity ${kind} timeout`, undefined, kind)
}

/** As the worker makes one of whatever an activity throws. */
export function asApplicationFailure(error: unknown): ApplicationFailure {
  return error instanceof ApplicationFailure ? error : ApplicationFailure.fromError(error as Error)
}

type UpdateResponse = NonNullable<Command['updateResponse']>

/** What the sender of an update hears; undefined while it has only been accepted. */
export function updateAnswer({ completed, rejected }: UpdateResponse): UpdateAnswer | undefined {
  if (completed) return { taken: true, words: String(payloads.fromPayload(completed)) }
  return rejected ? { taken: false, words: errorOf(rejected).message } : undefined
}
