// The status of an operation, read from its row in the store: of those that Temporal has forgotten, or never heard of.

import type { OperationResult, OperationStatus } from '../../contract/durable.ts'
import type { OperationRow } from '../../contract/store.ts'
import { recordedResult } from '../status.ts'
import { orderOf } from './order.ts'

/** The result that stands in the row; undefined as long as the operation is open. */
export function resultOfRow({ state, result }: OperationRow): OperationResult | undefined {
  if (state === 'noted' || state === 'started' || !result) return undefined
  return recordedResult(result as OperationResult)
}

/** What the row alone tells: the end, once it stands there; before that only that the operation is under way. */
export function statusOfRow(row: OperationRow): OperationStatus {
  const { id, operation, version, notedAt, endedAt, attention } = row
  const { requestedAt: startedAt = notedAt, client } = orderOf(row).start
  const common = { id, operation, version, startedAt, client, ...(attention && { attention }) }
  const result = resultOfRow(row)
  return result ? { ...common, ...(endedAt !== undefined && { endedAt }), ...result } : { ...common, state: 'running' }
}
