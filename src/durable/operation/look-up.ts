// The status of one operation from both who know it. Temporal tells how it stands as long as it remembers it; the store tells that it
// is on its way before Temporal has it, how it ended after Temporal has forgotten it, and what was seen afterwards.

import { type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client'
import type { OperationStatus } from '../../contract/durable.ts'
import type { OperationRow, OperationStore } from '../../contract/store.ts'
import type { TemporalClient } from '../connection.ts'
import { type End, endOf, headOf, openState } from '../status.ts'
import { orAfter } from './or-after.ts'
import { orderOf } from './order.ts'
import { resultOfRow, statusOfRow } from './row-status.ts'

/** Where the status of an operation is read. */
export interface StatusParts {
  readonly temporal: TemporalClient
  readonly store: OperationStore
  readonly notice: (problem: unknown) => void
}

/** What Temporal knows; undefined when it does not know the id. */
interface Seen {
  readonly description: WorkflowExecutionDescription
  readonly end: End | undefined
}

/** When one of the two has answered and that is enough, the other one is waited for no longer than this. */
const graceMs = 500

/** Undefined when neither knows it. Throws DURABLE_UNAVAILABLE or STORE_UNAVAILABLE when the one that could tell cannot be reached. */
export async function statusIn(parts: StatusParts, id: string): Promise<OperationStatus | undefined> {
  const [seeing, finding] = [settled(see(parts.temporal, id)), settled(parts.store.find(id))]
  // What Temporal says of a run that stands, or that ended by itself, is enough without the store.
  const isEnough = (seen: PromiseSettledResult<Seen | undefined> | undefined) =>
    known(seen) !== undefined && !known(seen)?.end?.byForce
  const row = await Promise.race([
    finding,
    seeing.then((seen) => (isEnough(seen) ? orAfter(graceMs, finding) : finding)),
  ])
  // The row of an operation that is only noted is enough without Temporal.
  const seen = await (known(row)?.state === 'noted' ? orAfter(graceMs, seeing) : seeing)
  const [run, stored] = [known(seen), known(row)]
  if (run && (isEnough(seen) || row?.status === 'fulfilled')) return statusOf(parts, run, stored)
  if (row?.status === 'rejected') throw row.reason
  if (seen?.status === 'rejected' && (stored === undefined || stored.state === 'started')) throw seen.reason
  return stored && statusOfRow(stored)
}

async function settled<T>(work: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.allSettled([work])
  return result
}

function known<T>(settled: PromiseSettledResult<T> | undefined): T | undefined {
  return settled?.status === 'fulfilled' ? settled.value : undefined
}

async function see(temporal: TemporalClient, id: string): Promise<Seen | undefined> {
  try {
    return await temporal.reach(async (client) => {
      const handle = client.workflow.getHandle(id)
      const description = await handle.describe()
      return { description, end: openState(description) ? undefined : await endOf(handle) }
    })
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined
    throw error
  }
}

/**
 * A run that was ended by force is not the end of its operation: what it had done is looked into, and a repair goes on with it within a
 * minute.
 */
function statusOf(parts: StatusParts, { description, end }: Seen, row: OperationRow | undefined): OperationStatus {
  // The run that Temporal shows only closes it, and may still be under way.
  if (row?.state === 'not-begun') return statusOfRow(row)
  const head = { ...(row && { client: orderOf(row).start.client }), ...headOf(description) }
  const common = { ...head, ...(row?.attention && { attention: row.attention }) }
  if (!end) return { ...common, ...(openState(description) ?? { state: 'running' }) }
  const result = resultIn(end, row)
  if (!result) return { ...common, state: 'running' }
  const endedAt = (description.closeTime ?? new Date()).toISOString()
  if (row && row.state !== 'ended') record(parts, row.id, { result, byForce: false }, endedAt)
  return { ...common, endedAt, ...result }
}

function resultIn({ result, byForce }: End, row: OperationRow | undefined) {
  return byForce ? row && resultOfRow(row) : result
}

/** Keeps the end of an operation, if it is one. Nobody waits for that: what is lost here is written by the sweep. */
export function record({ store, notice }: StatusParts, id: string, { result, byForce }: End, endedAt: string): void {
  if (!byForce) store.ended(id, result, endedAt).catch(notice)
}
