// Waiting for the end of an operation, for as long as the caller likes and the process serves.

import type { OperationStatus, Operations } from '../contract/durable.ts'
import type { Stopping } from './stopping.ts'

export interface WaitContext {
  readonly operations: Pick<Operations, 'wait'>
  /** When the process begins to stop, those who wait hear so at once. */
  readonly stopping: Stopping
}

/**
 * The status as soon as the operation has ended or is parked, or when the time is over; undefined when it cannot be told now, or the
 * process stops. The operation itself runs on in any case. `failed` hears that the wait failed.
 */
export async function ended(
  { operations, stopping }: WaitContext,
  id: string,
  waitMs: number,
  failed: () => void = () => undefined,
): Promise<OperationStatus | undefined> {
  const waiting = operations.wait(id, waitMs).catch(() => {
    failed()
    return undefined
  })
  return await stopping.orStopped(waiting)
}
