// Calls that only an earlier run of the operation has made: the run after a reset or a repair may end before it comes to them, or go
// another way. They are no part of what this run says, so none of them may stand.

import { CancellationScope, proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { Activities, Begun, TraitsTable } from '../../contract/activity.ts'
import type { Call } from '../../contract/call.ts'
import { localFirst } from '../run/local-first.ts'
import { flowState, type Step } from '../run/state.ts'
import { stepOf } from '../run/step.ts'
import { settleDoubt } from './in-doubt.ts'
import { isLaterRun, wasReversed } from './reset.ts'
import { markUndone, watchLate } from './watch.ts'

export interface Strays {
  /** Whether another run was before this one, which may have said what happened. */
  readonly isLater: boolean
  /** The steps of earlier runs that stand and that this run has not asked for, in the order in which they were made. */
  readonly standing: readonly Step[]
}

/**
 * Asked for by every run that does not complete, by its first one too: a reset copies what was asked here, and the run after it must ask
 * the same again.
 */
export async function strays(): Promise<Strays> {
  return await CancellationScope.nonCancellable(async () => {
    const known = flowState().references
    const { isLater, calls, transactions } = await begun()
    const standing: Step[] = []
    for (const call of calls) {
      // A reversal is asked for with the step that it undoes.
      if (call.reversing || known.has(call.reference)) continue
      const step = strayOf(call, transactions)
      if (step && (await stands(step))) standing.push(step)
    }
    return { isLater, standing }
  })
}

async function begun(): Promise<Begun> {
  const task = { isLater: isLaterRun() }
  const summary = 'what earlier runs of this operation had begun'
  const patient = { startToCloseTimeout: '30 seconds', retry: { maximumInterval: '1 minute' } } as const
  return await localFirst(
    summary,
    (activities) => activities.begun(task),
    () => proxyActivities<Activities>({ ...patient, activityId: 'begun', summary }).begun(task),
  )
}

function strayOf({ adapter, transaction, request, reference }: Call, transactions: TraitsTable): Step | undefined {
  const siblings = transactions[adapter]
  const traits = siblings?.[transaction]
  return siblings && traits && stepOf({ adapter, transaction, traits, siblings }, { request, reference })
}

async function stands(step: Step): Promise<boolean> {
  const settled = await settleDoubt(step, { outcome: 'withheld', run: workflowInfo().runId })
  step.restsOn ??= 'absence'
  if (!('is' in settled) || settled.is === 'failed' || settled.is === 'rejected') {
    await watchLate(step, 'never')
    return false
  }
  const isUndone = await wasReversed(step)
  if (isUndone) await markUndone(step)
  else step.effect = 'applied'
  return !isUndone
}
