// A saga: steps whose declared reversals undo them, last first, when a later one is refused or fails.

import { CancellationScope } from '@temporalio/workflow'
import type { TransactionRef } from '../contract/adapter.ts'
import type { Resolution } from '../contract/durable.ts'
import { carryOut, targetOf } from './call.ts'
import { ask, canAsk } from './doubt/ask.ts'
import { examine } from './doubt/decision.ts'
import { park } from './doubt/park.ts'
import { settleOrRepair } from './doubt/repair.ts'
import { lookedUpLate } from './doubt/reset.ts'
import type { Settled } from './doubt/settled.ts'
import { markUndone, watchLate } from './doubt/watch.ts'
import { emitCorrection } from './emit.ts'
import { givenUp } from './run/ending.ts'
import { flowState, type Step } from './run/state.ts'
import { nextStep, reversalOf } from './run/step.ts'

export interface Saga {
  /** As `call`, and undone when the flow does not complete. */
  call<Request extends object, Reply extends object>(
    ref: TransactionRef<Request, Reply>,
    request: Request,
  ): Promise<Reply>
  /** Undoes the steps of this saga now. Without it they are undone when the flow is refused, fails or is cancelled. */
  undo(): Promise<void>
}

/** Starts a saga. A flow may have several; when it ends early, all are undone, the newest step first. */
export function saga(): Saga {
  const own: Step[] = []
  return {
    async call<Request extends object, Reply extends object>(ref: TransactionRef<Request, Reply>, request: Request) {
      const step = nextStep(targetOf(ref), request)
      // Before the call: a step in doubt is a step that may have to be undone.
      own.push(step)
      if (step.traits.effect !== 'read') flowState().undoable.push(step)
      return await carryOut<Reply>(step)
    },
    undo: () => undo(own),
  }
}

/**
 * Undoes what was applied, the newest first, one after the other, whatever happens to the workflow meanwhile. `mayBePublished`: a run before
 * this one may have said that it happened; then that is taken back.
 */
export async function undo(steps: readonly Step[], mayBePublished = false): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    for (const step of [...steps].reverse()) {
      if (step.effect !== 'applied') continue
      await undoStep(step)
      if (mayBePublished) await emitCorrection(step)
    }
  })
}

/** Undoes one step, and parks where that cannot be done. */
export async function undoStep(step: Step, reversal = reversalOf(step)): Promise<void> {
  for (let word = 'retry'; word === 'retry'; ) {
    const settled = reversal && (await settleOrRepair(reversal))
    if (isUndone(step, settled)) break
    if (settled?.is === 'rejected' && (await isNotThere(step))) return await leaveUndone(step)
    word = await wordOn(step, reversal, settled)
  }
  await markUndone(step)
}

function isUndone({ traits }: Step, settled: Settled | undefined): boolean {
  if (settled?.is === 'applied') return true
  return settled?.is === 'rejected' && traits.undoneBefore?.includes(settled.reason) === true
}

/** Parks. A core that could not be reached is tried again by itself; a refusal waits for a person. */
async function wordOn(step: Step, reversal: Step | undefined, settled: Settled | undefined): Promise<string> {
  const again =
    reversal && settled?.is === 'failed' ? async () => appliedOrNothing(await settleOrRepair(reversal)) : undefined
  const obstacle = { ...obstacleOf(step, settled), open: openActions(reversal), ...(reversal && { examine }) }
  const unparked = await park<Settled>({ step: reversal ?? step, ...obstacle }, again)
  if (unparked.by === 'itself') return 'undone'
  const { decision } = unparked
  const { action } = decision
  if (action === 'abandon') {
    if (step.restsOn) await watchLate(step, 'at most once')
    throw givenUp(decision)
  }
  if (action === 'confirm-applied' && reversal) await lookedUpLate(reversal, true, unparked.found)
  return action
}

function appliedOrNothing(settled: Settled): Settled | undefined {
  return settled.is === 'applied' ? settled : undefined
}

/** The core has no entry of the step: there is nothing to undo. */
async function isNotThere(step: Step): Promise<boolean> {
  return canAsk(step) && (await ask(step)).finding === 'absent'
}

/** It may still come late. */
async function leaveUndone(step: Step): Promise<void> {
  step.effect = 'none'
  await watchLate(step, 'never')
}

function obstacleOf(step: Step, settled: Settled | undefined) {
  const risk = `${step.name} (reference ${step.call.reference}) stands although the operation does not complete.`
  switch (settled?.is) {
    case 'rejected':
      return { reason: 'reversal-refused', happened: `The core refused to undo ${step.name}: ${settled.reason}.`, risk }
    case 'failed':
      return { reason: 'reversal-failed', happened: `${step.name} could not be undone: ${settled.message}.`, risk }
    default:
      return { reason: 'reversal-missing', happened: `The adapter names no reversal for ${step.name}.`, risk }
  }
}

function openActions(reversal: Step | undefined): readonly Resolution['action'][] {
  return [...(reversal ? (['retry'] as const) : []), 'confirm-applied', 'abandon']
}
