// Operations that were started before there was a store: their ids were made without a secret, and they have no rows. As long as
// Temporal knows one of them, each new key is first looked up under the id that it would have had.

import { WorkflowNotFoundError } from '@temporalio/client'
import type { StartRequest } from '../../contract/durable.ts'
import type { OperationStore } from '../../contract/store.ts'
import { failure, isFailure } from '../../error/failure.ts'
import type { TemporalClient } from '../connection.ts'
import { memoOf } from '../status.ts'
import { formerWorkflowIdOf, sameRequest } from '../workflow-id.ts'

/** The operations whose ids were made before the store was. */
export interface FormerIds {
  /**
   * The id of the operation that this key started before there was a store. Throws IDEMPOTENCY_KEY_REUSED when it was another request,
   * DURABLE_UNAVAILABLE when that cannot be told now.
   */
  find(request: StartRequest): Promise<string | undefined>
}

/** Temporal's retention is counted in days: so often is enough. Sooner when the count could not be had. */
const askAgainMs = 3_600_000
const retryMs = 30_000

/** Asks Temporal as long as it still keeps such operations. */
export function formerIds(temporal: TemporalClient, store: OperationStore, taskQueue: string): FormerIds {
  let gone = false
  let askAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | undefined

  /**
   * Finds out whether any is left. Old ones neither come back nor get more, so that once is for ever. A count that cannot be had (the
   * search of Temporal is a part of its own) leaves it open.
   */
  async function ask(): Promise<void> {
    const until = await store.formerIds()
    if (until === undefined) {
      gone = true
      return
    }
    const query = `TaskQueue = "${taskQueue}" AND StartTime < "${until.since}"`
    const counted = await temporal
      .reach((client) => client.workflow.count(query))
      .catch((error: unknown) => {
        if (isFailure(error)) return undefined
        throw error
      })
    askAt = Date.now() + (counted === undefined ? retryMs : askAgainMs)
    if (counted?.count !== 0) return
    await store.formerIdsGone()
    gone = true
  }

  return {
    async find(request) {
      if (!gone && Date.now() >= askAt) {
        asking ??= ask().finally(() => {
          asking = undefined
        })
        await asking
      }
      return gone ? undefined : lookUp(temporal, request)
    },
  }
}

async function lookUp(temporal: TemporalClient, request: StartRequest): Promise<string | undefined> {
  const id = formerWorkflowIdOf(request)
  try {
    const memo = memoOf(await temporal.reach((client) => client.workflow.getHandle(id).describe()))
    if (memo && !sameRequest(request, memo.fingerprint)) {
      throw failure('IDEMPOTENCY_KEY_REUSED', { operation: request.start.operation })
    }
    return id
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined
    throw error
  }
}
