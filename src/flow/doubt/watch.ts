// Has a step looked up once more, late: by a watch, a workflow of its own (late-look.ts), so that the flow goes on and nobody waits for it.

import { defineSearchAttributeKey, SearchAttributeType, WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import {
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowCancellationType,
  defineSignal,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  startChild,
  workflowInfo,
} from '@temporalio/workflow'
import { flowContract, type OperationStart } from '../../contract/durable.ts'
import { flowState, type Step } from '../run/state.ts'

/** How often the core should have applied a call, by what the flow went on with. After `abandon` on a silent core either may be. */
export type Expected = 'once' | 'never' | 'at most once'

/** The argument of a watch: the part of the operation's that it needs, without the customer's input and the way back to a sender. */
export interface WatchStart extends OperationStart {
  /** The id of the operation. */
  readonly watches: string
  readonly step: Omit<Step, 'effect' | 'restsOn'>
  readonly expected: Expected
  /** How many of its effects the flow has undone: the next reversal has a reference of its own. */
  readonly reversed?: number
}

/** Tells a watch that runs what is expected now, and to look so much later. */
export const lookAnew = defineSignal<[WatchStart]>('lookAnew')

const stateKey = defineSearchAttributeKey('MainspanState', SearchAttributeType.KEYWORD)

/** A running watch can end between the refused start and the signal, and be started again by another; hardly five times. */
const rounds = 5

/**
 * Returns as soon as the watch is in Temporal's keeping. Called where an outcome rests on absence or on a person's word: after a call was
 * sent again, given up or decided on.
 *
 * There is one watch for each reference, without a counter in its id: what is expected is about the entry under the reference, and only
 * the newest word on it is true. A second send, or the run after a reset, tells the watch that runs already to begin anew; a second
 * watch beside it would go on with an expectation that no longer holds, and cry wolf.
 */
export async function watchLate(step: Step, expected: Expected, reversed = 0): Promise<void> {
  if (!isWorthALook(step, expected)) return
  flowState().watched.add(step.call.reference)
  const start = { ...watchOf(step, expected), ...(reversed > 0 && { reversed }) }
  const workflowId = `${workflowInfo().workflowId}/watch/${step.call.reference}`
  await CancellationScope.nonCancellable(async () => {
    for (let round = 0; round < rounds; round++) {
      if ((await began(workflowId, start)) || (await signalled(workflowId, start))) return
    }
  })
}

/** Says that the step was undone, also to its late look: what is too much of it is undone by a reversal with a reference of its own. */
export async function markUndone(step: Step): Promise<void> {
  step.effect = 'undone'
  if (step.restsOn !== undefined || flowState().watched.has(step.call.reference)) await watchLate(step, 'once', 1)
}

/**
 * A core that refuses a known reference rules a second effect out, but neither a late first one nor a person who confirmed what is
 * not there.
 */
function isWorthALook({ traits, restsOn }: Step, expected: Expected): boolean {
  if (traits.effect === 'read' || traits.inquiry === undefined) return false
  const onlyDoubling = expected === 'at most once' || (expected === 'once' && restsOn !== 'word')
  return !(onlyDoubling && (traits.deduplicates === true || traits.effect === 'idempotent'))
}

function watchOf(step: Step, expected: Expected): WatchStart {
  const { start, patience } = flowState()
  const { operation, version, client, door, call } = start
  const { effect, restsOn, ...watched } = step
  return {
    contract: flowContract,
    operation,
    version,
    client,
    door,
    ...(call && { call }),
    input: {},
    patience,
    watches: start.watches ?? workflowInfo().workflowId,
    step: watched,
    expected,
  }
}

async function began(workflowId: string, start: WatchStart): Promise<boolean> {
  try {
    await startChild('watch', {
      workflowId,
      args: [start],
      // The operation may end, be cancelled or be ended by force: the look is owed all the same.
      parentClosePolicy: ParentClosePolicy.ABANDON,
      cancellationType: ChildWorkflowCancellationType.ABANDON,
      typedSearchAttributes: [{ key: stateKey, value: 'running' }],
      staticSummary: `looked up late: ${start.step.name} · ${start.step.call.reference}`,
    })
    return true
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false
    throw error
  }
}

async function signalled(workflowId: string, start: WatchStart): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(lookAnew, start)
    return true
  } catch (error) {
    // It has ended meanwhile.
    if (error instanceof ApplicationFailure) return false
    throw error
  }
}
