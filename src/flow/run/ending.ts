// How a flow ends early: refused by the core, failed with nothing in doubt, or given up by an operator.

import { ApplicationFailure } from '@temporalio/workflow'
import type { OperationResult, Resolution } from '../../contract/durable.ts'
import type { JsonObject } from '../../contract/json.ts'
import { rowOf } from '../../error/entry.ts'
import { flowErrors } from '../../error/flow-errors.ts'

type FlowErrors = typeof flowErrors
type FlowCode = keyof FlowErrors
/** The result of a flow that failed with nothing in doubt. */
export type FailedResult = Extract<OperationResult, { state: 'failed' }>

const early = 'ENDED_EARLY'

/** The code of the flow has changed under a run: not a failure of the operation, so it fails the workflow task and nothing else. */
export class FlowChanged extends Error {
  override readonly name = 'FlowChanged'
}

/** The error for a call that history answers otherwise than the code asks. `call` names it, `deposits.post`. */
export function flowChanged(call: string): FlowChanged {
  return new FlowChanged(
    `FLOW_CHANGED: ${flowErrors.FLOW_CHANGED.message({ call })}; ${flowErrors.FLOW_CHANGED.hint({ call })}`,
  )
}

/** Ends the flow with this result, after its sagas have been undone; not undone when it is `abandoned`. */
export function endEarly(result: OperationResult, reply?: JsonObject): ApplicationFailure {
  const what =
    'message' in result ? result.message : `given up by ${result.state === 'abandoned' ? result.by : 'the flow'}`
  return ApplicationFailure.create({ type: early, message: what, nonRetryable: true, details: [result, reply ?? null] })
}

/** Ends the flow as it stands, by the word of a person. */
export function givenUp({ by, note }: Pick<Resolution, 'by' | 'note'>): ApplicationFailure {
  return endEarly({ state: 'abandoned', by, note })
}

/** The result that an error of `endEarly` carries. */
export function earlyResult(error: unknown): OperationResult | undefined {
  if (!(error instanceof ApplicationFailure) || error.type !== early) return undefined
  return error.details?.[0] as OperationResult
}

/** The core's reply that a refusal carries. */
export function earlyReply(error: unknown): JsonObject | undefined {
  if (!(error instanceof ApplicationFailure) || error.type !== early) return undefined
  return (error.details?.[1] as JsonObject | null) ?? undefined
}

/** The result of a flow that failed with a code of the catalogue. Only this family is at hand here: the sandbox stays small. */
export function failedWith<C extends FlowCode>(code: C, facts: Parameters<FlowErrors[C]['message']>[0]): FailedResult {
  const row = rowOf(flowErrors, code)
  return { state: 'failed', code, message: row.message(facts), status: row.status }
}
