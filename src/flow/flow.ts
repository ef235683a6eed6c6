// Makes a workflow of a flow author's function: listens to operators, undoes sagas, and ends with one of the results callers know.

import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  CancelledFailure,
  condition,
  isCancellation,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow'
import { flowContract, type OperationResult, type OperationStart } from '../contract/durable.ts'
import { asJson } from '../contract/json.ts'
import { listen, showRunning } from './doubt/park.ts'
import { confirmStanding } from './doubt/repair.ts'
import { isLaterRun } from './doubt/reset.ts'
import { strays } from './doubt/strays.ts'
import { answerCommand } from './emit.ts'
import { earlyResult, FlowChanged, failedWith } from './run/ending.ts'
import { closeState, flowState, openState } from './run/state.ts'
import { undo } from './saga.ts'

/** A workflow as Temporal starts it. */
export type Workflow = (start: OperationStart) => Promise<OperationResult>

/**
 * Wraps a flow: `export const transferFunds = flow(async (order: TransferOrder): Promise<TransferReceipt> => { … })`.
 * What the function returns is the output. A refusal by the core ends as `rejected`, with its sagas undone; a failure with
 * nothing in doubt as `failed`, which is also how Temporal shows it. Any other error is a mistake in the code: the run stays
 * open, and goes on when the code is corrected.
 */
export function flow<Input, Output extends object>(run: (input: Input) => Promise<Output>): Workflow {
  return async (start) => {
    if (start.contract !== flowContract) throw new FlowChanged(olderEngine)
    const state = openState(start)
    listen(state)
    if (
      workflowInfo()
        .typedSearchAttributes.getAll()
        .every(({ key }) => key.name !== 'MainspanState')
    )
      showRunning()
    const ending = await endingOf(() => run(start.input as Input))
    // What the author's code may have caught: after it, no result is true.
    if (state.changed) throw state.changed
    if (start.replyTo) await answerCommand(start.replyTo, ending.result)
    if (ending.result.state === 'completed' && isLaterRun()) await undoStrays()
    if (!allHandlersFinished()) await untilHolds(allHandlersFinished)
    closeState()
    if (ending.cancelled) throw ending.cancelled
    if (ending.result.state !== 'failed') return ending.result
    const { code, message } = ending.result
    throw ApplicationFailure.create({ type: code, message, nonRetryable: true, details: [ending.result] })
  }
}

const olderEngine =
  'FLOW_CHANGED: this run began on an older engine; end it with that version first, as docs/changing-flows.md says'

interface Ending {
  readonly result: OperationResult
  readonly cancelled?: CancelledFailure
}

async function endingOf(run: () => Promise<object>): Promise<Ending> {
  const state = flowState()
  const ending = await ranTo(run)
  // Of steps that are called side by side the first failure ends the function; the others may still take effect.
  if (state.underWay > 0) await untilHolds(() => state.underWay === 0)
  if (ending.result.state === 'abandoned' || ending.result.state === 'completed') return ending
  return (await undoAll()) ?? ending
}

/** Also in a cancelled flow. Asked for only where it does not hold yet: every scope and promise of a run is seen in the worker's CPU. */
function untilHolds(holds: () => boolean): Promise<void> {
  return CancellationScope.nonCancellable(() => condition(holds))
}

async function ranTo(run: () => Promise<object>): Promise<Ending> {
  try {
    const output = asJson(await run())
    if (flowState().start.repairs !== undefined) await confirmStanding()
    return { result: { state: 'completed', output } }
  } catch (error) {
    return endingByError(error)
  }
}

function endingByError(error: unknown): Ending {
  const early = earlyResult(error)
  if (early) return { result: early }
  if (isCancellation(error)) {
    const cancelled = error instanceof CancelledFailure ? error : new CancelledFailure('the operation was cancelled')
    return { result: failedWith('OPERATION_CANCELLED', {}), cancelled }
  }
  if (error instanceof TemporalFailure)
    return { result: failedWith('FLOW_FAILED', { flow: workflowInfo().workflowType }) }
  throw error
}

/** Undoes every saga, and what only earlier runs have made; an operator can give the flow up while it does. */
async function undoAll(): Promise<Ending | undefined> {
  try {
    const { isLater, standing } = await strays()
    await undo([...flowState().undoable, ...standing], isLater)
    return undefined
  } catch (error) {
    return { result: abandonedBy(error) }
  }
}

/**
 * A run after a reset or a repair may complete on another way than the run before, whose calls then stand beside its own. Comes last: the
 * history that a reset copies holds nothing behind it.
 */
async function undoStrays(): Promise<void> {
  try {
    const { isLater, standing } = await strays()
    await undo(standing, isLater)
  } catch (error) {
    // Given up by a person: it stays as it is, and so does the result.
    abandonedBy(error)
  }
}

function abandonedBy(error: unknown): OperationResult {
  const abandoned = earlyResult(error)
  if (!abandoned) throw error
  return abandoned
}
