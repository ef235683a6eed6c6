// The operations as the doors see them: started once for each key, waited for, asked about, decided on.

import { setMaxListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import {
  Client,
  isGrpcDeadlineError,
  isGrpcServiceError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client'
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import {
  flowContract,
  type OperationStatus,
  type Operations,
  type Resolution,
  type StartRequest,
} from '../contract/durable.ts'
import { failure } from '../error/failure.ts'
import { openConnection } from './connection.ts'
import { dataConverter } from './payload/data-converter.ts'
import type { DurableSettings } from './settings.ts'
import { memoOf, type OperationMemo, statusOf } from './status.ts'
import { fingerprintOf, sameRequest, workflowIdOf } from './workflow-id.ts'

/** No call to Temporal lasts longer, whatever happens to it. */
const deadlineMs = 5000
const stateKey = defineSearchAttributeKey('MainspanState', SearchAttributeType.KEYWORD)

export interface ConnectedOperations extends Operations {
  /** Whether Temporal answers now. */
  ready(): Promise<boolean>
  close(): Promise<void>
}

/** Connects when first used, so that a gateway starts before Temporal does. Every failure to reach it is DURABLE_UNAVAILABLE. */
export function connectOperations(settings: DurableSettings): ConnectedOperations {
  const { connection, namespace, close } = openConnection(settings, deadlineMs)
  const client = new Client({ connection, namespace, dataConverter: dataConverter(settings.payloadKeys) })

  const reach = <T>(ask: () => Promise<T>) => reached(client, ask)
  const status = (id: string) => reach(() => statusIn(client, id))
  return {
    start: (request) => reach(() => start(client, settings, request)),
    status,
    wait: (id, waitMs) => waitFor(client, id, waitMs, status),
    async resolve(id, resolution) {
      await reach(() => decide(client, id, resolution))
      return known(await status(id))
    },
    async ready() {
      try {
        await reach(() => connection.workflowService.getSystemInfo({}))
        return true
      } catch {
        return false
      }
    },
    close,
  }
}

async function start(client: Client, settings: DurableSettings, request: StartRequest) {
  const { start, workflowType, summary } = request
  const id = workflowIdOf(request)
  const { operation, version } = start
  const memo: OperationMemo = { operation, version, fingerprint: fingerprintOf(request) }
  try {
    await client.workflow.start(workflowType, {
      workflowId: id,
      taskQueue: settings.taskQueue,
      args: [
        {
          ...start,
          contract: flowContract,
          requestedAt: new Date().toISOString(),
          ...(settings.patience && { patience: settings.patience }),
        },
      ],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      memo: { mainspan: memo },
      typedSearchAttributes: [{ key: stateKey, value: 'running' }],
      // 200 bytes are the most that Temporal takes.
      staticSummary: summary.slice(0, 66),
    })
    return { id, started: true }
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
  const earlier = memoOf(await client.workflow.getHandle(id).describe())
  if (earlier && !sameRequest(request, earlier.fingerprint)) throw failure('IDEMPOTENCY_KEY_REUSED', { operation })
  return { id, started: false }
}

async function statusIn(client: Client, id: string): Promise<OperationStatus | undefined> {
  const handle = client.workflow.getHandle(id)
  try {
    return await statusOf(await handle.describe(), handle)
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined
    throw error
  }
}

function known(status: OperationStatus | undefined): OperationStatus {
  if (!status) throw failure('OPERATION_ID_UNKNOWN', {})
  return status
}

/** A long poll tells of the end at once; parking has no such poll, so the status is read now and then. */
async function waitFor(
  client: Client,
  id: string,
  waitMs: number,
  status: (id: string) => Promise<OperationStatus | undefined>,
): Promise<OperationStatus> {
  const until = Date.now() + waitMs
  const over = new AbortController()
  // Each round of the long poll listens anew.
  setMaxListeners(0, over.signal)
  const handle = client.workflow.getHandle(id)
  const ended = client
    .withAbortSignal(over.signal, () => handle.result())
    .then(
      () => true,
      () => true,
    )
  try {
    for (let everyMs = 200; ; everyMs = Math.min(everyMs * 2, 1000)) {
      const leftMs = until - Date.now()
      if (leftMs > 0) await Promise.race([ended, pause(Math.min(everyMs, leftMs), undefined, { signal: over.signal })])
      const now = known(await status(id))
      if (now.state !== 'running' || Date.now() >= until) return now
    }
  } finally {
    over.abort()
  }
}

async function decide(client: Client, id: string, resolution: Resolution): Promise<void> {
  try {
    await client.workflow.getHandle(id).executeUpdate('resolve', { args: [resolution] })
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) {
      throw failure('RESOLUTION_REFUSED', { why: error.cause?.message ?? 'the flow refused it' })
    }
    if (!(error instanceof WorkflowNotFoundError)) throw error
    if ((await statusIn(client, id)) === undefined) throw failure('OPERATION_ID_UNKNOWN', {})
    throw failure('RESOLUTION_REFUSED', { why: 'the operation has ended' })
  }
}

/** Runs one exchange with Temporal within the deadline; whatever keeps it from answering is DURABLE_UNAVAILABLE. */
async function reached<T>(client: Client, ask: () => Promise<T>): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + deadlineMs, ask)
  } catch (error) {
    const why = unreachable(error)
    if (why === undefined) throw error
    throw failure('DURABLE_UNAVAILABLE', { why }, { cause: error })
  }
}

function unreachable(error: unknown): string | undefined {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return 'no worker answered in time'
  const inner = error instanceof ServiceError && error.cause ? error.cause : error
  if (isGrpcDeadlineError(inner)) return 'no answer in time'
  if (isGrpcServiceError(inner)) return inner.details || inner.message
  return error instanceof ServiceError ? error.message : undefined
}
