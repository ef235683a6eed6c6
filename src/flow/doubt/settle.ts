// Brings one step to an outcome that is certain, however long that takes: send, ask, send again, or wait for a person.
// Nothing leaves here in doubt; what rests on absence or on a person's word is looked up once more, late (watch.ts).

import { sleep, workflowInfo } from '@temporalio/workflow'
import type { InquiryAnswer, SendAnswer, SendTask } from '../../contract/activity.ts'
import type { JsonObject } from '../../contract/json.ts'
import { type Status, statusOf } from '../../error/status.ts'
import { endEarly, type FailedResult, failedWith } from '../run/ending.ts'
import { flowState } from '../run/state.ts'
import type { Step } from '../run/step.ts'
import { ask, askOnce, canAsk } from './ask.ts'
import { examine, openActions } from './decision.ts'
import { park, type Unparked } from './park.ts'
import { longestMs, undoneBeforeReset } from './reset.ts'
import { send } from './send.ts'
import { watchLate } from './watch.ts'

/**
 * `failed` and `rejected` are certain: nothing took effect. `butFailed`: it took effect, and yet the flow cannot go on.
 * `reverse`: an operator wants the step undone whatever became of it.
 */
export type Settled =
  | { readonly is: 'applied'; readonly reply: JsonObject; readonly butFailed?: FailedResult }
  | { readonly is: 'rejected'; readonly reason: string; readonly status: Status; readonly reply: JsonObject }
  | { readonly is: 'failed'; readonly code: string; readonly message: string; readonly status: Status }
  | { readonly is: 'reverse' }

export type InDoubt = Extract<SendAnswer, { outcome: 'unknown' | 'abended' | 'withheld' }>
/** Proof that the step had no effect, as the run in which it was found. */
export type Absent = { readonly absentIn: string; readonly byOperator?: boolean }

/**
 * What is wanted now, since a flow can be cancelled while a step is settled. `recall`: nothing is sent any more, and only what may have
 * been sent is settled.
 */
export type Mode = () => SendTask['mode']

/** Calls the core and settles every doubt. Must run where cancellation of the workflow does not reach it. */
export async function settle(step: Step, mode: Mode = () => 'send'): Promise<Settled> {
  return await watched(step, await settleByAsking(step, mode))
}

/** Has the step looked up late where its outcome does not rest on the core's own answer. */
export async function watched(step: Step, settled: Settled): Promise<Settled> {
  // A step that is to be reversed is looked up after its reversal, which tells whether it was there (saga.ts).
  const isOwed = step.restsOn !== undefined || flowState().watched.has(step.call.reference)
  if (isOwed && settled.is !== 'reverse') {
    await watchLate(step, settled.is === 'applied' ? 'once' : 'never')
    step.restsOn = undefined
  }
  return settled
}

async function settleByAsking(step: Step, mode: Mode): Promise<Settled> {
  let grounds = workflowInfo().firstExecutionRunId
  let resends = 0
  for (;;) {
    const answer = await send(step, grounds, mode)
    if (!isInDoubt(answer)) return certain(step, answer)
    const gaveUp = withoutEffect(step, answer, resends + 1)
    if (step.traits.effect === 'read') return gaveUp
    const settled = await settleAfter(step, answer)
    if ('is' in settled) return settled
    if (mode() === 'recall' && !settled.byOperator) return gaveUp
    resends = settled.byOperator ? 0 : resends + 1
    if (!settled.byOperator && isEnough(answer, resends)) return gaveUp
    if (!settled.byOperator && isTooLate(step)) return tooLate(step)
    grounds = settled.absentIn
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

/** Waits until the core can no longer apply the call, asks it, and parks the flow where the core cannot tell. */
export async function settleDoubt(step: Step, answer: InDoubt): Promise<Settled | Absent> {
  let finding = canAsk(step) ? await askAfterQuiescence(step, answer) : undefined
  for (;;) {
    const known = finding && conclusion(step, answer, finding)
    if (known) return known
    const again = canAsk(step) && (async () => conclusion(step, answer, await askOnce(step)))
    const what = { step, ...doubtOf(step, answer, finding), open: openActions(step), examine }
    const unparked: Unparked<Settled | Absent> = await park(what, again || undefined)
    if (unparked.by === 'itself') return unparked.settled
    const decided = await byDecision(step, answer, unparked)
    if (decided) return decided
    finding = unparked.found
  }
}

/** What the core's word ends the doubt with; undefined where it does not tell. */
function conclusion(step: Step, answer: InDoubt, finding: InquiryAnswer): Settled | Absent | undefined {
  const isDuplicate = answer.outcome === 'unknown' && answer.cause === 'duplicate-reference'
  if (finding.finding === 'applied') {
    // What the run before a reset had sent again nobody knows here: found once, it may still come a second time.
    if (finding.run !== workflowInfo().firstExecutionRunId) step.restsOn ??= 'absence'
    return { is: 'applied', reply: finding.reply }
  }
  if (finding.finding === 'differs' && isDuplicate)
    return { is: 'failed', ...failedWith('REFERENCE_TAKEN', { call: step.name }) }
  // A core that knows the reference and finds no entry contradicts itself: nothing is sent on the strength of that.
  if (finding.finding === 'absent' && !isDuplicate) return { absentIn: finding.run }
  return undefined
}

type Decided = Extract<Unparked<never>, { by: 'person' }>

/** Ends the flow as it stands. What the core said to the person may still change; what it holds that is wrong, they were told. */
async function abandon(step: Step, { decision: { by, note }, found }: Decided): Promise<never> {
  if (found === undefined || found.finding === 'unclear') await watchLate(step, 'at most once')
  else if (found.finding === 'applied' || found.finding === 'absent')
    await watchLate(step, found.finding === 'applied' ? 'once' : 'never')
  throw endEarly({ state: 'abandoned', by, note })
}

/** What a decision ends the doubt with; undefined after a `retry` that did not settle it. */
async function byDecision(step: Step, answer: InDoubt, decided: Decided): Promise<Settled | Absent | undefined> {
  const { decision, found } = decided
  const known = found && conclusion(step, answer, found)
  if (!tellsOne(found) && decision.action !== 'retry') step.restsOn = 'word'
  switch (decision.action) {
    case 'confirm-applied':
      return known && 'is' in known ? known : { is: 'applied', reply: decision.reply ?? {} }
    case 'confirm-not-applied':
      // A reversal has to be made, so it is sent again. Anything else is not: hours may have passed, and the customer may have paid in another way.
      if (step.call.reversing) return { absentIn: found?.run ?? workflowInfo().runId, byOperator: true }
      return notApplied(step)
    case 'reverse':
      return found?.finding === 'absent' ? notApplied(step) : { is: 'reverse' }
    case 'abandon':
      return await abandon(step, decided)
    case 'retry':
      if (!canAsk(step)) return { absentIn: workflowInfo().runId, byOperator: true }
      return known && !('is' in known) ? { ...known, byOperator: true } : known
  }
}

/** Whether the core says that one effect stands, or none. Of two, a reversal undoes one: the late look finds the other. */
function tellsOne(found: InquiryAnswer | undefined): boolean {
  return found !== undefined && found.finding !== 'unclear' && found.finding !== 'ambiguous'
}

function notApplied(step: Step): Settled {
  step.restsOn ??= 'absence'
  return { is: 'failed', ...failedWith('CALL_NOT_APPLIED', { call: step.name }) }
}

async function askAfterQuiescence(step: Step, answer: InDoubt): Promise<InquiryAnswer> {
  const waitMs = quiescenceMs(step, answer)
  if (waitMs > 0) await sleep(waitMs, { summary: `${step.name} may still run in the core; asked after this pause` })
  return await ask(step)
}

/** How long the core may still be at work on the call, counted from its answer, or the lack of one. */
function quiescenceMs(step: Step, answer: InDoubt): number {
  if (answer.outcome === 'abended') return 0
  const { deadlineMs, quiescenceMs } = step.traits
  if (answer.outcome === 'withheld') return longestMs(step)
  switch (answer.cause) {
    case 'duplicate-reference':
      return 0
    case 'no-reply-before-deadline':
    case 'reply-not-understood':
      return quiescenceMs
    // What is malformed, or another's, says nothing about when ours ends.
    case 'reply-malformed':
    case 'reply-of-another-call':
    case 'connection-lost-after-send':
    case 'execution-failed':
    case 'reset-by-hand':
      return deadlineMs + quiescenceMs
    // Temporal counts from when it handed the task out, or by what an operator has set since; the worker, by its own clock, from later.
    case 'worker-lost':
      return longestMs(step)
  }
}

function interruption(): string {
  return flowState().start.repairs
    ? 'The call was made by a run that was ended by force'
    : 'The call was started again by hand'
}

function toldOf(answer: InDoubt): string {
  if (answer.outcome === 'abended') return `The program ended with abend ${answer.abendCode}.`
  if (answer.outcome === 'withheld') return `${interruption()}, and may have taken effect before.`
  return `The call may have taken effect: ${answer.message} (${answer.cause}).`
}

function doubtOf(step: Step, answer: InDoubt, finding: InquiryAnswer | undefined) {
  const told = toldOf(answer)
  const risk = step.call.reversing
    ? `The step is undone twice or not at all if ${step.name} is decided wrongly.`
    : `The effect of ${step.name} happens twice or never if it is decided wrongly.`
  const found = (reason: string, what: string) => ({ reason, happened: `${told} ${what}`, risk })
  switch (finding?.finding) {
    case 'ambiguous':
      return found('in-doubt-ambiguous', `The inquiry found ${finding.matches} matches.`)
    case 'differs':
      return found('in-doubt-differs', `The core holds another call under the reference: ${finding.fields.join(', ')}.`)
    case 'absent':
      return found('in-doubt-unclear', 'The core knows the reference, and its inquiry finds no entry.')
    case 'unclear':
      return found('in-doubt-unclear', `The inquiry did not tell: ${finding.message}.`)
    default:
      return found('in-doubt-no-inquiry', 'The adapter names no inquiry for it.')
  }
}
