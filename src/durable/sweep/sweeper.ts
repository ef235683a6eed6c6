// Finds what was ended by force and starts its repair, and records results that no gateway has waited for.
//
//   a run of ours was terminated or timed out       visibility tells, at once
//   a run is gone from Temporal altogether          the store has a row for it
//   a run ended by itself and nobody waited         the store has no result for it
//
// A cancelled run ends by its own code, which undoes what it had done, so nothing is to be repaired after it. A reset terminates the run
// before it, but then another run is the latest of its id.

import {
  type Client,
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionDescription,
  WorkflowNotFoundError,
  type WorkflowStartOptions,
} from '@temporalio/client'
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import type { SweepRowsTask, SweepRunsTask, SweptRows, SweptRuns, Unmended } from '../../contract/activity.ts'
import type { OperationRow, OperationStore } from '../../contract/store.ts'
import { isFailure } from '../../error/failure.ts'
import { orderOf } from '../operation/order.ts'
import { endOf, openState, wasForced } from '../status.ts'
import { deployment, onBuildOf } from '../version/deployment.ts'
import { endedRun, type RunId } from './ended-run.ts'

/** What a sweep needs of the store. */
export type SweptStore = Pick<OperationStore, 'begun' | 'ended'>

export interface SweeperParts {
  readonly client: Client
  readonly taskQueue: string
  readonly store: SweptStore
}

/** Each call looks at one page. */
export interface Sweeper {
  runs(task: SweepRunsTask): Promise<SweptRuns>
  rows(task: SweepRowsTask): Promise<SweptRows>
}

const runsAtOnce = 50
const rowsAtOnce = 100
/** A younger row may be on its way: its start is answered before the row says so, and its gateway writes the result. */
const rowAgeMs = 60_000

const stateKey = defineSearchAttributeKey('MainspanState', SearchAttributeType.KEYWORD)

/** A sweeper over Temporal and the store. */
export function sweeper(parts: SweeperParts): Sweeper {
  return {
    runs: (task) => sweptRuns(parts, task),
    rows: (task) => sweptRows(parts, task),
  }
}

async function sweptRuns({ client, taskQueue }: SweeperParts, { since, page }: SweepRunsTask): Promise<SweptRuns> {
  const query = [
    'ExecutionStatus IN ("Terminated", "TimedOut")',
    `CloseTime >= "${since}"`,
    'MainspanState IN ("running", "parked")',
    `TaskQueue = "${taskQueue}"`,
  ].join(' AND ')
  const { executions, nextPageToken } = await client.workflowService.listWorkflowExecutions({
    namespace: client.options.namespace,
    query,
    pageSize: runsAtOnce,
    ...(page !== undefined && { nextPageToken: Buffer.from(page, 'base64') }),
  })
  const unmended: Unmended[] = []
  let repaired = 0
  for (const { execution } of executions ?? []) {
    const { workflowId, runId } = execution ?? {}
    if (!workflowId || !runId) continue
    if (await tried(workflowId, unmended, () => repairedRun(client, { workflowId, runId }))) repaired++
  }
  const next = nextPageToken?.length ? Buffer.from(nextPageToken).toString('base64') : undefined
  return { repaired, unmended, ...(next !== undefined && { page: next }) }
}

async function sweptRows({ client, taskQueue, store }: SweeperParts, { page }: SweepRowsTask): Promise<SweptRows> {
  const unmended: Unmended[] = []
  let [repaired, recorded] = [0, 0]
  const rows = await store.begun(new Date(Date.now() - rowAgeMs).toISOString(), rowsAtOnce, page)
  for (const row of rows) {
    const settled = await tried(row.id, unmended, () => settledRow(client, taskQueue, row))
    if (settled === 'repaired') repaired++
    if (typeof settled !== 'object') continue
    await store.ended(row.id, settled.result, settled.endedAt)
    recorded++
  }
  const last = rows.length === rowsAtOnce ? rows.at(-1) : undefined
  return { repaired, recorded, unmended, ...(last && { page: last.id }) }
}

/** One that cannot be repaired keeps none of the others from it. */
async function tried<T>(id: string, unmended: Unmended[], repair: () => Promise<T>): Promise<T | undefined> {
  try {
    return await repair()
  } catch (error) {
    // Without what foreign errors quote: this stands in Temporal in clear.
    const why = isFailure(error) ? error.message : isGrpcServiceError(error) ? error.details : 'not readable'
    unmended.push({ id, why })
    return undefined
  }
}

type RowSettled = 'repaired' | { readonly result: OperationRow['start']; readonly endedAt: string } | undefined

async function settledRow(client: Client, taskQueue: string, row: OperationRow): Promise<RowSettled> {
  const description = await describedOrGone(client, row.id)
  if (description === undefined) return (await repairedRow(client, taskQueue, row)) ? 'repaired' : undefined
  if (openState(description)) return undefined
  if (wasForced(description)) return (await repairedRun(client, description)) ? 'repaired' : undefined
  const { result, byForce } = await endOf(client.workflow.getHandle(row.id, description.runId))
  const endedAt = (description.closeTime ?? description.startTime).toISOString()
  return byForce ? undefined : { result: { ...result }, endedAt }
}

async function describedOrGone(client: Client, id: string): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await client.workflow.getHandle(id).describe()
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined
    throw error
  }
}

/** Starts the repair of a run that was ended by force, if it is still the latest of its operation. */
async function repairedRun(client: Client, { workflowId, runId }: RunId): Promise<boolean> {
  const description = await describedOrGone(client, workflowId)
  if (description?.runId !== runId || !wasForced(description)) return false
  const { workflowType, taskQueue, start } = await endedRun(client, { workflowId, runId })
  const summary = await description.staticSummary()
  return await begun(client, workflowType, {
    workflowId,
    taskQueue,
    args: [start],
    ...(description.memo && { memo: description.memo }),
    ...(summary && { staticSummary: summary }),
    // With the code that the operation began with.
    ...onBuildOf(description),
  })
}

/** Starts the repair of an operation whose run Temporal does not know any more, from what the store keeps of it. */
async function repairedRow(client: Client, taskQueue: string, row: OperationRow): Promise<boolean> {
  const { workflowType, start, summary } = orderOf(row)
  const { id: workflowId, operation, version, fingerprint } = row
  const requestedAt = start.requestedAt ?? row.notedAt
  // One transaction is called under the same reference by every build.
  const { currentSince } = deployment(client, client.options.namespace, taskQueue)
  const isKnown = start.call !== undefined || (await currentSince()) < Date.parse(requestedAt)
  return await begun(client, workflowType, {
    workflowId,
    taskQueue,
    args: [{ ...start, repairs: 'deleted', ...(!isKnown && { codeUnknown: true }) }],
    memo: { mainspan: { operation, version, fingerprint, requestedAt } },
    staticSummary: summary,
  })
}

/** Of two sweeps at the same moment one starts it. */
async function begun(client: Client, workflowType: string, options: WorkflowStartOptions): Promise<boolean> {
  try {
    await client.workflow.start(workflowType, {
      ...options,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      typedSearchAttributes: [{ key: stateKey, value: 'running' }],
    })
    return true
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false
    throw error
  }
}
