// A durable operation as the resource /operations/{id} shows it.

import type { OperationStatus } from '../../contract/durable.ts'
import { attentionTexts } from '../../operation/answer.ts'
import { type Problem, type ProblemContext, problemOfEnd, sentence } from '../problem.ts'

/** A status, or what is known right after the start. */
export type ShownStatus =
  | OperationStatus
  | (Pick<OperationStatus, 'id' | 'operation' | 'version' | 'attention'> & { readonly state: 'running' })

/** What the id of an operation looks like, at the most. */
export const idShape = /^[\x21-\x7e]{1,200}$/

/** Where an operation is found; `basePath` is what stands before it at a gateway in front. */
export function operationUrl(basePath: string, id: string): string {
  return `${basePath}/operations/${encodeURIComponent(id)}`
}

/**
 * `{ id, operation, version, state, self, startedAt?, endedAt? }` and: `reason` and `since` while parked, `output` when
 * completed, `error` (a problem) when rejected, failed or abandoned, and `attention` when something was seen
 * in the core after the end. Who abandoned it, and their note, stay inside.
 */
export function operationBody(status: ShownStatus, context: ProblemContext, basePath: string): object {
  const { id, operation, version, state } = status
  return {
    id,
    operation,
    version,
    state,
    self: operationUrl(basePath, id),
    ...('startedAt' in status && { startedAt: status.startedAt }),
    ...('endedAt' in status && status.endedAt !== undefined && { endedAt: status.endedAt }),
    ...endOf(status, context),
    ...(status.attention && { attention: { ...status.attention, message: attentionTexts[status.attention.reason] } }),
  }
}

function endOf(status: ShownStatus, context: ProblemContext): { readonly error?: Problem } | object {
  switch (status.state) {
    case 'running':
      return {}
    case 'parked':
      return { reason: sentence(status.reason), since: status.since }
    case 'completed':
      return { output: status.output }
    default:
      return { error: problemOfEnd(status, context) }
  }
}
