// What a flow calls a core with: one step, one certain answer.

import { CancellationScope, CancelledFailure } from '@temporalio/workflow'
import { type TraitsTable, traitsOf } from '../contract/activity.ts'
import type { TransactionRef } from '../contract/adapter.ts'
import type { JsonObject } from '../contract/json.ts'
import { settleOrRepair } from './doubt/repair.ts'
import { settle } from './doubt/settle.ts'
import type { Mode, Settled } from './doubt/settled.ts'
import { endEarly, failedWith } from './run/ending.ts'
import { flowState, type Step } from './run/state.ts'
import { type CallTarget, nextStep } from './run/step.ts'

/**
 * Calls one transaction and gives the core's reply once it is certain. A timeout, a lost connection or a lost worker is
 * settled first: by the inquiry, by sending again what is proven to have had no effect, or by an operator.
 *
 * Throws what ends the flow: a refusal (`rejectionOf` reads it), or a failure with nothing in doubt. To undo the step when a
 * later one fails, call it through `saga()`.
 */
export async function call<Request extends object, Reply extends object>(
  ref: TransactionRef<Request, Reply>,
  request: Request,
): Promise<Reply> {
  return await carryOut<Reply>(nextStep(targetOf(ref), request))
}

/** The transaction of a call, with the traits of its adapter's other transactions. */
export function targetOf(ref: Pick<TransactionRef, 'adapter' | 'transaction' | 'definition' | 'siblings'>): CallTarget {
  const { adapter, transaction, definition } = ref
  const siblings: TraitsTable[string] = Object.fromEntries(
    Object.entries(ref.siblings).map(([name, sibling]) => [name, traitsOf(sibling)]),
  )
  return { adapter, transaction, traits: traitsOf(definition), siblings }
}

/** Settles a step and gives its reply. A cancelled flow starts no new step; of the one it has begun it finds out what became of it. */
export async function carryOut<Reply extends object = JsonObject>(step: Step): Promise<Reply> {
  const state = flowState()
  const scope = CancellationScope.current()
  const mode: Mode = () => (scope.consideredCancelled ? 'recall' : 'send')
  state.underWay++
  try {
    // A repair asks on: what comes after this step may stand as well.
    if (mode() === 'recall' && state.start.repairs === undefined) return await recall(step)
    const settled = await CancellationScope.nonCancellable(() => settleOrRepair(step, mode))
    return replyOf(step, settled, scope) as Reply
  } finally {
    state.underWay--
  }
}

/** The reply of a step that took effect; every other outcome is thrown, and ends the flow. */
function replyOf(step: Step, settled: Settled, scope: CancellationScope): JsonObject {
  switch (settled.is) {
    case 'applied':
      step.effect = 'applied'
      if (settled.butFailed) throw endEarly(settled.butFailed)
      return settled.reply
    case 'rejected': {
      step.effect = 'none'
      const { reason, status } = settled
      throw endEarly(
        { state: 'rejected', reason, status, message: `${step.name} was refused: ${reason}` },
        settled.reply,
      )
    }
    case 'failed': {
      step.effect = 'none'
      if (scope.consideredCancelled) throw cancelled()
      const { code, message, status } = settled
      throw endEarly({ state: 'failed', code, message, status })
    }
    case 'reverse': {
      step.effect = 'applied'
      const { undoable } = flowState()
      if (!undoable.includes(step)) undoable.push(step)
      throw endEarly(failedWith('OPERATOR_REVERSED', { call: step.name }))
    }
  }
}

/** After a reset, the run before may have made this step already; then it is there to be undone. */
async function recall(step: Step): Promise<never> {
  const mayBeThere = step.traits.effect === 'once'
  const settled = mayBeThere && (await CancellationScope.nonCancellable(() => settle(step, () => 'recall')))
  step.effect = settled && (settled.is === 'applied' || settled.is === 'reverse') ? 'applied' : 'none'
  throw cancelled()
}

function cancelled(): CancelledFailure {
  return new CancelledFailure('the operation was cancelled')
}
