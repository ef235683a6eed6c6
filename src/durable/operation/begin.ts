// Starting the workflow of a noted operation, once, whoever tries: Temporal's uniqueness of ids is the lock. What cannot be started in
// time is closed under the same lock, by a workflow that only says so.

import { WorkflowExecutionAlreadyStartedError, type WorkflowExecutionDescription } from '@temporalio/client'
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import type { OperationStore } from '../../contract/store.ts'
import type { TemporalClient } from '../connection.ts'
import { failed, memoOf, type OperationMemo } from '../status.ts'
import { type Fingerprint, sameRequest } from '../workflow-id.ts'
import type { StartOrder } from './order.ts'

/** The workflow type that closes what was not begun; exported by src/flow/builtin/not-begun.ts. */
const notBegun = 'notBegun'
const stateKey = defineSearchAttributeKey('MainspanState', SearchAttributeType.KEYWORD)

/** A noted operation, as far as its start needs it. */
export interface NotedOperation {
  readonly id: string
  readonly order: StartOrder
  readonly fingerprint: Fingerprint
}

/**
 * - `begun`: this call has started it.
 * - `there`: it had been started before.
 * - `closed`: it had been closed as not begun before.
 * - `other`: another request has its id, of which the store does not know.
 */
export type Beginning = 'begun' | 'there' | 'closed' | 'other'

/** Starts noted operations, or closes them as not begun. */
export interface Starts {
  /** Starts it and writes down where it has got to. Throws DURABLE_UNAVAILABLE. */
  begin(noted: NotedOperation): Promise<Beginning>
  /** Closes it as not begun, or writes down that it had been begun. Throws DURABLE_UNAVAILABLE. */
  close(noted: NotedOperation): Promise<void>
}

export interface StartsParts {
  readonly temporal: TemporalClient
  readonly store: OperationStore
  readonly taskQueue: string
  /** Told what could not be written down; the starter writes it down later. */
  readonly notice: (problem: unknown) => void
}

/** `Starts` over Temporal and the store. */
export function starts({ temporal, store, taskQueue, notice }: StartsParts): Starts {
  /** Gives what has the id already; undefined when this call has started it. */
  async function start({ id, order, fingerprint }: NotedOperation, workflowType: string) {
    const { operation, version, requestedAt, client } = order.start
    const common = { operation, version, fingerprint, client }
    const memo: OperationMemo = { ...common, ...(requestedAt !== undefined && { requestedAt }) }
    try {
      await temporal.reach((client) =>
        client.workflow.start(workflowType, {
          workflowId: id,
          taskQueue,
          args: [order.start],
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          workflowIdConflictPolicy: 'FAIL',
          memo: { mainspan: memo },
          typedSearchAttributes: [{ key: stateKey, value: 'running' }],
          staticSummary: order.summary,
        }),
      )
      return undefined
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    }
    return temporal.reach((client) => client.workflow.getHandle(id).describe())
  }

  // Nobody waits for these; a mark that is lost is made again by the starter.
  const started = (id: string) => void store.started(id).catch(notice)
  const closed = (id: string) => void store.notBegun(id, failed('OPERATION_NOT_BEGUN', {})).catch(notice)

  return {
    async begin(noted) {
      const there = await start(noted, noted.order.workflowType)
      if (there === undefined) {
        started(noted.id)
        return 'begun'
      }
      if (there.type === notBegun) {
        closed(noted.id)
        return 'closed'
      }
      if (isOther(noted, there)) {
        await store.withdraw(noted.id).catch(notice)
        return 'other'
      }
      started(noted.id)
      return 'there'
    },

    async close(noted) {
      const there = await start(noted, notBegun)
      if (there === undefined || there.type === notBegun) closed(noted.id)
      else started(noted.id)
    },
  }
}

function isOther({ order }: NotedOperation, there: WorkflowExecutionDescription): boolean {
  const memo = memoOf(there)
  return memo !== undefined && !sameRequest(order, memo.fingerprint)
}
