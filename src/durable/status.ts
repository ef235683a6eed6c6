// Reads the status of an operation from what Temporal tells of its workflow.

import { type WorkflowExecutionDescription, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client'
import { ApplicationFailure, CancelledFailure } from '@temporalio/common'
import type { OperationResult, OperationStatus } from '../contract/durable.ts'
import type { Code } from '../error/catalogue.ts'
import type { Facts } from '../error/entry.ts'
import { type FactsOf, failure } from '../error/failure.ts'
import type { Fingerprint } from './workflow-id.ts'

/** What the memo of every operation holds; encrypted like all payloads. */
export interface OperationMemo {
  readonly operation: string
  readonly version: number
  readonly fingerprint: Fingerprint
}

export function memoOf(description: WorkflowExecutionDescription): OperationMemo | undefined {
  const memo = description.memo as { mainspan?: OperationMemo } | undefined
  return memo?.mainspan
}

export async function statusOf(
  description: WorkflowExecutionDescription,
  handle: WorkflowHandle,
): Promise<OperationStatus> {
  const memo = memoOf(description)
  const common = {
    id: description.workflowId,
    operation: memo?.operation ?? description.type,
    version: memo?.version ?? 1,
    startedAt: description.startTime.toISOString(),
  }
  if (description.status.name === 'RUNNING' || description.status.name === 'PAUSED') {
    return { ...common, ...runningState(description) }
  }
  // Its repair follows within a minute, and only that knows what became of it.
  if (wasForced(description)) return { ...common, state: 'running' }
  const endedAt = description.closeTime?.toISOString()
  return { ...common, ...(endedAt !== undefined && { endedAt }), ...(await resultOf(handle)) }
}

/** Terminated, timed out: not ended by its own code, so that nobody knows yet what stands. */
export function wasForced({ status }: WorkflowExecutionDescription): boolean {
  return status.name === 'TERMINATED' || status.name === 'TIMED_OUT'
}

type Open =
  | { readonly state: 'running' }
  | { readonly state: 'parked'; readonly reason: string; readonly since: string }

// From the mutable state, so it is as new as the last step of the flow, unlike a search.
function runningState({ typedSearchAttributes, startTime }: WorkflowExecutionDescription): Open {
  const attributes = new Map(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]))
  if (attributes.get('MainspanState') !== 'parked') return { state: 'running' }
  const since = attributes.get('MainspanParkedAt')
  return {
    state: 'parked',
    reason: String(attributes.get('MainspanReason') ?? ''),
    since: (since instanceof Date ? since : startTime).toISOString(),
  }
}

async function resultOf(handle: WorkflowHandle): Promise<OperationResult> {
  try {
    return (await handle.result()) as OperationResult
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error
    return failedResult(error.cause)
  }
}

function failedResult(cause: unknown): OperationResult {
  if (cause instanceof ApplicationFailure) {
    const result = cause.details?.[0] as OperationResult | undefined
    return result?.state === 'failed' ? result : failed('FLOW_FAILED', { flow: 'of this operation' })
  }
  if (cause instanceof CancelledFailure) return failed('OPERATION_CANCELLED', {})
  return failed('OPERATION_TERMINATED', {})
}

function failed<C extends Code>(code: C, facts: FactsOf<C> & Facts): OperationResult {
  const { message, http } = failure(code, facts)
  return { state: 'failed', code, message: message.slice(code.length + 2), http }
}
