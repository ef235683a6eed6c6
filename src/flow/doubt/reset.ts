// After an operator's reset of the workflow: what the run before had done, and what of it it had undone.

import { sleep, workflowInfo } from '@temporalio/workflow'
import type { InquiryAnswer } from '../../contract/activity.ts'
import { failedWith } from '../run/ending.ts'
import { flowState, type Step } from '../run/state.ts'
import { reversalOf } from '../run/step.ts'
import { ask, canAsk } from './ask.ts'
import { abandon, examine, isCertain, openActions } from './decision.ts'
import { park } from './park.ts'
import type { Absent, Settled } from './settled.ts'
import { markUndone, watchLate } from './watch.ts'

/** Whether another run of the operation was before this one: it may have made calls, and said what happened. */
export function isLaterRun(): boolean {
  const { runId, firstExecutionRunId } = workflowInfo()
  return runId !== firstExecutionRunId || flowState().start.repairs !== undefined
}

/** The attempt before a reset may have been handed to a worker just now, and may still wait for its connection. */
export function longestMs({ traits }: Step): number {
  return traits.deadlineMs + flowState().patience.marginMs + traits.quiescenceMs
}

/**
 * After a reset: whether the run before had begun to undo the flow. Then going on would leave half of it standing, so the flow
 * fails, and what still stands is undone.
 */
export async function undoneBeforeReset(
  step: Step,
  settled: Settled | Absent,
  run: string,
): Promise<Settled | undefined> {
  const applied = 'is' in settled && settled.is === 'applied' ? settled : undefined
  const reversed = { is: 'failed', ...failedWith('CALL_REVERSED', { call: step.name }) } as const
  if (applied && run !== workflowInfo().firstExecutionRunId && (await wasReversed(step))) {
    await markUndone(step)
    return reversed
  }
  const undone = step.call.reversing ? undefined : await firstUndone(run)
  if (undone === undefined) return undefined
  return applied ? { ...applied, butFailed: failedWith('CALL_REVERSED', { call: undone }) } : reversed
}

/**
 * Asks once for each run after a reset whether the steps that stand were undone by the run before. Gives the name of the first
 * that was; all that were are marked.
 */
async function firstUndone(run: string): Promise<string | undefined> {
  const state = flowState()
  if (run === state.reversalsCheckedInRun) return undefined
  let first: string | undefined
  for (const step of state.undoable) {
    if (step.effect !== 'applied' || !(await wasReversed(step))) continue
    await markUndone(step)
    first ??= step.name
  }
  state.reversalsCheckedInRun = run
  return first
}

/** As `firstUndone`, where nothing has been waited for yet: a reversal of the run before may still be under way. */
export async function firstUndoneAfterPause(run: string): Promise<string | undefined> {
  const applied = flowState().undoable.filter(({ effect }) => effect === 'applied')
  const waitMs = Math.max(0, ...applied.map((step) => longestMs(reversalOf(step) ?? step)))
  if (waitMs > 0) await sleep(waitMs, { summary: 'the run before the reset may still be undoing steps' })
  return await firstUndone(run)
}

/** What was sent before may still come, once or once more, whatever the core and a person say now. Gives `isMade`. */
export async function lookedUpLate(
  reversal: Step,
  isMade: boolean,
  found: InquiryAnswer | undefined,
): Promise<boolean> {
  if (!isCertain(found)) reversal.restsOn = 'word'
  await watchLate(reversal, isMade ? 'once' : 'never')
  return isMade
}

/** Whether a run before had the step undone; a person is asked where the core does not tell. */
export async function wasReversed(step: Step): Promise<boolean> {
  const reversal = reversalOf(step)
  if (!reversal) return false
  const before = flowState().start.repairs ? 'The run before was ended by force.' : 'The workflow was reset.'
  let finding = canAsk(reversal) ? await ask(reversal) : undefined
  for (;;) {
    if (finding?.finding === 'applied' || finding?.finding === 'absent')
      return await lookedUpLate(reversal, finding.finding === 'applied', finding)
    const unparked = await park({
      step: reversal,
      reason: 'reset-in-doubt',
      happened: `${before} Whether ${step.name} was undone before, the core does not tell.`,
      risk: `The flow goes on without the effect of ${step.name}, or undoes what is needed, if it is decided wrongly.`,
      open: openActions(reversal),
      examine,
    })
    if (unparked.by === 'itself') continue
    const { decision, found } = unparked
    if (decision.action === 'abandon') return await abandon({ step: reversal, decision, found })
    if (decision.action !== 'retry') return await lookedUpLate(reversal, decision.action === 'confirm-applied', found)
    finding = found
  }
}
