// Waiting for the end of an operation, with as few questions as possible: a long poll at Temporal tells of the end at once. Parking
// has no such poll, so the status is looked up now and then.

import { WorkflowNotFoundError } from '@temporalio/client'
import type { OperationStatus } from '../../contract/durable.ts'
import { failure, isFailure } from '../../error/failure.ts'
import type { TemporalClient } from '../connection.ts'
import { type End, endOf, headOf, type OperationHead } from '../status.ts'
import { record, type StatusParts, statusIn } from './look-up.ts'
import { orAfter } from './or-after.ts'
import type { Recent } from './recent.ts'

export interface WaitParts extends StatusParts {
  readonly recent: Recent
}

/** An operation that came before may be parked already. */
const firstLookMs = 500
/** One that was started a moment ago ends sooner than it could park, as most do, and needs no look at all. */
const lookEveryMs = 1000

/**
 * The status as soon as the operation has ended or is parked, or when the time is over. Throws OPERATION_ID_UNKNOWN, and
 * DURABLE_UNAVAILABLE or STORE_UNAVAILABLE when nothing can be told.
 */
export async function waitFor(parts: WaitParts, id: string, waitMs: number): Promise<OperationStatus> {
  const until = Date.now() + waitMs
  const known = parts.recent.take(id)
  // It was started a moment ago, and whoever does not wait is told so.
  if (waitMs <= 0 && known?.fresh) return { ...known.head, state: 'running' }
  let poll: Promise<Polled> | undefined
  for (let lookMs = known?.fresh ? lookEveryMs : firstLookMs; ; lookMs = lookEveryMs) {
    const leftMs = Math.max(0, until - Date.now())
    if (leftMs > 0) poll ??= pollEnd(parts.temporal, id, leftMs)
    const polled = await orAfter(Math.min(lookMs, leftMs), poll)
    if (typeof polled === 'object' && !polled.byForce) return ended(parts, id, polled, known?.head)
    const now = await statusIn(parts, id)
    if (!now) throw failure('OPERATION_ID_UNKNOWN', {})
    if (now.state !== 'running' || Date.now() >= until) return now
    if (polled === undefined) continue
    // The poll came back without an end: a new one, a little later.
    poll = undefined
    await orAfter(Math.min(lookMs, until - Date.now()))
  }
}

/** The end, or why it cannot be told: Temporal does not know the operation (yet, or any more), or does not answer. */
type Polled = End | 'unknown' | 'away'

async function pollEnd(temporal: TemporalClient, id: string, ms: number): Promise<Polled> {
  try {
    return await temporal.linger((client) => endOf(client.workflow.getHandle(id)), ms)
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'unknown'
    if (isFailure(error) && error.code === 'DURABLE_UNAVAILABLE') return 'away'
    throw error
  }
}

async function ended(
  parts: WaitParts,
  id: string,
  end: End,
  known: OperationHead | undefined,
): Promise<OperationStatus> {
  const endedAt = new Date().toISOString()
  record(parts, id, end, endedAt)
  const head = known ?? headOf(await parts.temporal.reach((client) => client.workflow.getHandle(id).describe()))
  return { ...head, endedAt, ...end.result }
}
