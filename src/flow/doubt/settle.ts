// Brings one step to an outcome that is certain, however long that takes: send, ask, send again, or wait for a person.
// Nothing leaves here in doubt; what rests on absence or on a person's word is looked up once more, late (watch.ts).

import { workflowInfo } from '@temporalio/workflow'
import type { SendAnswer } from '../../contract/activity.ts'
import { statusOf } from '../../error/status.ts'
import { failedWith } from '../run/ending.ts'
import { flowState, type Step } from '../run/state.ts'
import { settleDoubt } from './in-doubt.ts'
import { undoneBeforeReset } from './reset.ts'
import { send } from './send.ts'
import type { Absent, InDoubt, Mode, Settled } from './settled.ts'
import { watchLate } from './watch.ts'

/** Calls the core and settles every doubt. Must run where cancellation of the workflow does not reach it. */
export async function settle(step: Step, mode: Mode = () => 'send'): Promise<Settled> {
  const settled = await settleByAsking(step, mode)
  return isLookOwed(step, settled) ? await watched(step, settled) : settled
}

/** Has the step looked up late where its outcome does not rest on the core's own answer. */
export async function watched(step: Step, settled: Settled): Promise<Settled> {
  if (!isLookOwed(step, settled)) return settled
  await watchLate(step, settled.is === 'applied' ? 'once' : 'never')
  step.restsOn = undefined
  return settled
}

/** A step that is to be reversed is looked up after its reversal, which tells whether it was there (saga.ts); one that was undone is already. */
function isLookOwed(step: Step, settled: Settled): boolean {
  if (settled.is === 'reverse' || step.effect === 'undone') return false
  return step.restsOn !== undefined || flowState().watched.has(step.call.reference)
}

async function settleByAsking(step: Step, mode: Mode): Promise<Settled> {
  let absenceProvenInRun = workflowInfo().firstExecutionRunId
  let resends = 0
  for (;;) {
    const answer = await send(step, absenceProvenInRun, mode)
    if (!isInDoubt(answer)) return certain(step, answer)
    const gaveUp = withoutEffect(step, answer, resends + 1)
    if (step.traits.effect === 'read') return gaveUp
    const settled = await settleAfter(step, answer)
    if ('is' in settled) return settled
    if (mode() === 'recall' && !settled.byOperator) return gaveUp
    resends = settled.byOperator ? 0 : resends + 1
    if (!settled.byOperator && isEnough(answer, resends)) return gaveUp
    if (!settled.byOperator && isTooLate(step)) return tooLate(step)
    absenceProvenInRun = settled.absentIn
  }
}

async function settleAfter(step: Step, answer: InDoubt): Promise<Settled | Absent> {
  const settled = await settleDoubt(step, answer)
  // The same of another attempt of this run.
  if (!('is' in settled) || answer.outcome === 'withheld') step.restsOn ??= 'absence'
  const undone = answer.outcome === 'withheld' ? await undoneBeforeReset(step, settled, answer.run) : undefined
  return undone ?? settled
}

function isInDoubt(answer: SendAnswer): answer is InDoubt {
  return answer.outcome === 'unknown' || answer.outcome === 'abended' || answer.outcome === 'withheld'
}

/** What abended does so again; and what was sent so often without an answer is given up. */
function isEnough(answer: InDoubt, resends: number): boolean {
  return answer.outcome === 'abended' || resends > flowState().patience.resends
}

function tooLate(step: Step): Settled {
  return { is: 'failed', ...failedWith('CALL_TOO_LATE', { call: step.name }) }
}

/** Whether the customer may have paid in another way meanwhile. A reversal is always wanted. */
function isTooLate({ call }: Step): boolean {
  const { start, patience } = flowState()
  const askedAt = Date.parse(start.requestedAt ?? '')
  return !call.reversing && Date.now() - askedAt > patience.resendWithinMs
}

function certain(step: Step, answer: Exclude<SendAnswer, InDoubt>): Settled {
  switch (answer.outcome) {
    case 'applied':
      return { is: 'applied', reply: answer.reply }
    case 'rejected':
      return { is: 'rejected', reason: answer.reason, status: statusOf(answer, 'refused'), reply: answer.reply }
    case 'unfit':
      return { is: 'failed', code: answer.code, message: answer.message, status: statusOf(answer, 'internal') }
    case 'not-sent':
      return { is: 'failed', ...failedWith('CORE_UNREACHABLE', { adapter: step.call.adapter }) }
  }
}

function withoutEffect(step: Step, answer: InDoubt, times: number): Settled {
  return answer.outcome === 'abended'
    ? { is: 'failed', ...failedWith('CORE_ABENDED', { call: step.name, abendCode: answer.abendCode }) }
    : { is: 'failed', ...failedWith('CORE_UNANSWERED', { call: step.name, times }) }
}
