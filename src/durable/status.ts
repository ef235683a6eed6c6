// The status of an operation, read from what Temporal tells of its workflow.

import { type WorkflowExecutionDescription, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client'
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common'
import type { OperationResult, OperationStatus } from '../contract/durable.ts'
import type { Code } from '../error/catalogue.ts'
import type { Facts } from '../error/entry.ts'
import { type FactsOf, failure } from '../error/failure.ts'
import { withStatus } from '../error/status.ts'
import type { Fingerprint } from './workflow-id.ts'

/** What the memo of every operation holds; encrypted like all payloads. */
export type OperationMemo = {
  readonly operation: string
  readonly version: number
  readonly fingerprint: Fingerprint
  /** Absent in operations of before there was a store. */
  readonly requestedAt?: string
  /** Whose it is. Absent in operations of before callers were told apart. */
  readonly client?: string
}

/** Our memo of a workflow; undefined for one that is none of our operations. */
export function memoOf(description: WorkflowExecutionDescription): OperationMemo | undefined {
  const memo = description.memo as { mainspan?: OperationMemo } | undefined
  return memo?.mainspan
}

/** What is the same in every state. */
export type OperationHead = Pick<OperationStatus, 'id' | 'operation' | 'version' | 'startedAt' | 'client'>

/** Id, name, version, start (RFC 3339) and owner of an operation. */
export function headOf(description: WorkflowExecutionDescription): OperationHead {
  const memo = memoOf(description)
  return {
    id: description.workflowId,
    operation: memo?.operation ?? description.type,
    version: memo?.version ?? 1,
    startedAt: memo?.requestedAt ?? description.startTime.toISOString(),
    ...(memo?.client !== undefined && { client: memo.client }),
  }
}

/** Terminated, timed out: not ended by its own code, so that nobody knows yet what stands. */
export function wasForced({ status }: WorkflowExecutionDescription): boolean {
  return status.name === 'TERMINATED' || status.name === 'TIMED_OUT'
}

export type OpenState =
  | { readonly state: 'running' }
  | { readonly state: 'parked'; readonly reason: string; readonly since: string }

/** How an open workflow stands; undefined when it is closed. From the mutable state, so as new as the last step of the flow, unlike a search. */
export function openState(description: WorkflowExecutionDescription): OpenState | undefined {
  const { typedSearchAttributes, startTime, status } = description
  if (status.name !== 'RUNNING' && status.name !== 'PAUSED') return undefined
  const attributes = new Map(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]))
  if (attributes.get('MainspanState') !== 'parked') return { state: 'running' }
  const since = attributes.get('MainspanParkedAt')
  return {
    state: 'parked',
    reason: String(attributes.get('MainspanReason') ?? ''),
    since: (since instanceof Date ? since : startTime).toISOString(),
  }
}

/** How a workflow ended. `byForce` is no end of the operation: it was terminated or timed out, and what it had done is looked into. */
export interface End {
  readonly result: OperationResult
  readonly byForce: boolean
}

/** Waits for the end of a workflow and reads it. */
export async function endOf(handle: WorkflowHandle): Promise<End> {
  try {
    return { result: recordedResult((await handle.result()) as OperationResult), byForce: false }
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error
    const { cause } = error
    const byForce = cause instanceof TerminatedFailure || cause instanceof TimeoutFailure
    return { result: failedResult(cause), byForce }
  }
}

function failedResult(cause: unknown): OperationResult {
  if (cause instanceof ApplicationFailure) {
    const result = cause.details?.[0] as OperationResult | undefined
    return result?.state === 'failed' ? recordedResult(result) : failed('FLOW_FAILED', { flow: 'of this operation' })
  }
  if (cause instanceof CancelledFailure) return failed('OPERATION_CANCELLED', {})
  return failed('OPERATION_TERMINATED', {})
}

/** A result as a history or a row holds it, also one of a release that kept HTTP's number in the place of the status. */
export function recordedResult(recorded: OperationResult): OperationResult {
  if (recorded.state === 'rejected') return withStatus(recorded, 'refused')
  return recorded.state === 'failed' ? withStatus(recorded, 'internal') : recorded
}

/** The result of an operation that failed with a code of the catalogue. */
export function failed<C extends Code>(code: C, facts: FactsOf<C> & Facts): OperationResult {
  const { what: message, status } = failure(code, facts)
  return { state: 'failed', code, message, status }
}
