// Brings one step to an outcome that is certain, however long that takes: send, ask, send again, or wait for a person.
// Nothing leaves here in doubt.

import {
  ActivityFailure,
  ApplicationFailure,
  proxyActivities,
  sleep,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow'
import {
  type Activities,
  carriesFinding,
  carriesOutcome,
  type InquiryAnswer,
  type SendAnswer,
  type SendTask,
} from '../contract/activity.ts'
import type { Resolution } from '../contract/durable.ts'
import type { JsonObject } from '../contract/json.ts'
import type { Outcome } from '../contract/outcome.ts'
import { endEarly, type FailedResult, failedWith } from './ending.ts'
import { park } from './park.ts'
import { flowState } from './state.ts'
import { identityOf, reversalOf, type Step } from './step.ts'

/**
 * `failed` and `rejected` are certain: nothing took effect. `butFailed`: it took effect, and yet the flow cannot go on.
 * `reverse`: an operator wants the step undone whatever became of it.
 */
export type Settled =
  | { readonly is: 'applied'; readonly reply: JsonObject; readonly butFailed?: FailedResult }
  | { readonly is: 'rejected'; readonly reason: string; readonly http: number; readonly reply: JsonObject }
  | { readonly is: 'failed'; readonly code: string; readonly message: string; readonly http: number }
  | { readonly is: 'reverse' }

type InDoubt = Extract<SendAnswer, { outcome: 'unknown' | 'abended' | 'withheld' }>
/** Proof that the step had no effect, as the run in which it was found. */
type Absent = { readonly absentIn: string; readonly byOperator?: boolean }

/**
 * Calls the core and settles every doubt. Must run where cancellation of the workflow does not reach it.
 * `recall`: sends nothing, and only settles what a run before a reset may have sent.
 */
export async function settle(step: Step, mode: SendTask['mode'] = 'send'): Promise<Settled> {
  let grounds = workflowInfo().firstExecutionRunId
  let resends = 0
  for (;;) {
    const answer = await send(step, grounds, mode)
    if (!isInDoubt(answer)) return certain(step, answer)
    const gaveUp = withoutEffect(step, answer, resends + 1)
    if (step.traits.effect === 'read') return gaveUp
    const settled = await settleDoubt(step, answer)
    if (answer.outcome === 'withheld') {
      const undone = await undoneBeforeReset(step, settled, answer.run)
      if (undone) return undone
    }
    if ('is' in settled) return settled
    if (mode === 'recall') return gaveUp
    if (settled.byOperator) resends = 0
    else if (answer.outcome === 'abended' || ++resends > flowState().patience.resends) return gaveUp
    grounds = settled.absentIn
  }
}

function isInDoubt(answer: SendAnswer): answer is InDoubt {
  return answer.outcome === 'unknown' || answer.outcome === 'abended' || answer.outcome === 'withheld'
}

function certain(step: Step, answer: Exclude<SendAnswer, InDoubt>): Settled {
  switch (answer.outcome) {
    case 'applied':
      return { is: 'applied', reply: answer.reply }
    case 'rejected':
      return { is: 'rejected', reason: answer.reason, http: answer.http, reply: answer.reply }
    case 'unfit':
      return { is: 'failed', code: answer.code, message: answer.message, http: answer.http }
    case 'not-sent':
      return { is: 'failed', ...failedWith('CORE_UNREACHABLE', { adapter: step.call.adapter }) }
  }
}

function withoutEffect(step: Step, answer: InDoubt, times: number): Settled {
  return answer.outcome === 'abended'
    ? { is: 'failed', ...failedWith('CORE_ABENDED', { call: step.name, abendCode: answer.abendCode }) }
    : { is: 'failed', ...failedWith('CORE_UNANSWERED', { call: step.name, times }) }
}

/**
 * One transmission; what is proven not to have been sent is tried again, until the flow's patience ends. The pauses are added up
 * and the clock is not asked: a run after a reset must come to the same end as the one before, which may have gone on and sent it.
 */
async function send(step: Step, grounds: string, mode: SendTask['mode']): Promise<SendAnswer> {
  const { patience } = flowState()
  let waitedMs = 0
  for (let pause = patience.pauseMs; ; pause = Math.min(pause * 2, patience.pauseMaxMs)) {
    const answer = await sendOnce(step, grounds, mode)
    if (answer.outcome !== 'not-sent' || step.traits.effect === 'read' || mode === 'recall') return answer
    waitedMs += pause
    if (waitedMs > patience.unsentMs) return answer
    await sleep(pause, { summary: `${step.name} could not be sent; tried again after this pause` })
  }
}

async function sendOnce(step: Step, grounds: string, mode: SendTask['mode']): Promise<SendAnswer> {
  const { patience } = flowState()
  const { effect, deadlineMs, target } = step.traits
  const timeoutMs = deadlineMs + patience.marginMs
  const retry =
    effect === 'once'
      ? { maximumAttempts: 1 }
      : {
          maximumAttempts: effect === 'read' ? 4 : 6,
          initialInterval: patience.pauseMs,
          maximumInterval: patience.pauseMaxMs,
        }
  const { call } = proxyActivities<Activities>({
    startToCloseTimeout: timeoutMs,
    retry,
    summary: `${step.name} · ${target} · ${step.call.reference}`,
  })
  try {
    return await call({
      mode,
      of: identityOf(step.call),
      call: step.call,
      effect,
      grounds,
      budgetMs: deadlineMs + Math.floor(patience.marginMs * 0.9),
    })
  } catch (error) {
    return answerOfFailure(error)
  }
}

function answerOfFailure(error: unknown): SendAnswer {
  if (!(error instanceof ActivityFailure)) throw error
  const cause = error.cause
  if (cause instanceof ApplicationFailure && cause.type === carriesOutcome) return cause.details?.[0] as Outcome
  if (cause instanceof TimeoutFailure) {
    return { outcome: 'unknown', cause: 'worker-lost', message: 'the worker was lost, or gave no answer in time' }
  }
  return { outcome: 'unknown', cause: 'execution-failed', message: 'the worker failed while it carried the call out' }
}

/** Waits until the core can no longer apply the call, asks it, and parks the flow where the core cannot tell. */
async function settleDoubt(step: Step, answer: InDoubt): Promise<Settled | Absent> {
  let finding = await askAfterQuiescence(step, answer)
  for (;;) {
    if (finding?.finding === 'applied') return { is: 'applied', reply: finding.reply }
    if (finding?.finding === 'absent') return { absentIn: finding.run }
    const decision = await park({ step, ...doubtOf(step, answer, finding), open: openActions(step) })
    switch (decision.action) {
      case 'confirm-applied':
        return { is: 'applied', reply: decision.reply ?? {} }
      case 'confirm-not-applied':
        // A reversal has to be made, so it is sent again. Anything else is not: hours may have passed, and the customer may have paid in another way.
        if (step.call.reversing) return { absentIn: workflowInfo().runId, byOperator: true }
        return { is: 'failed', ...failedWith('CALL_NOT_APPLIED', { call: step.name }) }
      case 'reverse':
        return { is: 'reverse' }
      case 'abandon':
        throw endEarly({ state: 'abandoned', by: decision.by, note: decision.note })
      case 'retry':
        if (step.traits.inquiry === undefined) return { absentIn: workflowInfo().runId, byOperator: true }
        finding = await inquire(step)
        if (finding.finding === 'absent') return { absentIn: finding.run, byOperator: true }
    }
  }
}

async function askAfterQuiescence(step: Step, answer: InDoubt): Promise<InquiryAnswer | undefined> {
  if (step.traits.inquiry === undefined) return undefined
  const waitMs = quiescenceMs(step, answer)
  if (waitMs > 0) await sleep(waitMs, { summary: `${step.name} may still run in the core; asked after this pause` })
  return await inquire(step)
}

/** How long the core may still be at work on the call, counted from its answer, or the lack of one. */
function quiescenceMs(step: Step, answer: InDoubt): number {
  if (answer.outcome === 'abended') return 0
  const { deadlineMs, quiescenceMs } = step.traits
  if (answer.outcome === 'withheld') return longestMs(step)
  switch (answer.cause) {
    case 'no-reply-before-deadline':
    case 'reply-malformed':
    case 'reply-not-understood':
    case 'reply-of-another-call':
    case 'duplicate-reference':
      return quiescenceMs
    case 'connection-lost-after-send':
    case 'execution-failed':
    case 'worker-lost':
    case 'reset-by-hand':
      return deadlineMs + quiescenceMs
  }
}

/** The attempt before a reset may have been handed to a worker just now, and may still wait for its connection. */
function longestMs({ traits }: Step): number {
  return traits.deadlineMs + flowState().patience.marginMs + traits.quiescenceMs
}

/**
 * After a reset: whether the run before had begun to undo the flow. Then going on would leave half of it standing, so the flow
 * fails, and what still stands is undone.
 */
async function undoneBeforeReset(step: Step, settled: Settled | Absent, run: string): Promise<Settled | undefined> {
  const applied = 'is' in settled && settled.is === 'applied' ? settled : undefined
  const reversed = { is: 'failed', ...failedWith('CALL_REVERSED', { call: step.name }) } as const
  if (applied && run !== workflowInfo().firstExecutionRunId && (await wasReversed(step))) return reversed
  const undone = step.call.reversing ? undefined : await firstUndone(run)
  if (undone === undefined) return undefined
  return applied ? { ...applied, butFailed: failedWith('CALL_REVERSED', { call: undone }) } : reversed
}

/**
 * Asks once for each run after a reset whether the steps that stand were undone by the run before. Gives the name of the first
 * that was; all that were are marked.
 */
export async function firstUndone(run: string): Promise<string | undefined> {
  const state = flowState()
  if (run === state.standsIn) return undefined
  let first: string | undefined
  for (const step of state.undoable) {
    if (step.effect !== 'applied' || !(await wasReversed(step))) continue
    step.effect = 'undone'
    first ??= step.name
  }
  state.standsIn = run
  return first
}

/** As `firstUndone`, where nothing has been waited for yet: a reversal of the run before may still be under way. */
export async function firstUndoneAfterPause(run: string): Promise<string | undefined> {
  const applied = flowState().undoable.filter(({ effect }) => effect === 'applied')
  const waitMs = Math.max(0, ...applied.map((step) => longestMs(reversalOf(step) ?? step)))
  if (waitMs > 0) await sleep(waitMs, { summary: 'the run before the reset may still be undoing steps' })
  return await firstUndone(run)
}

async function wasReversed(step: Step): Promise<boolean> {
  const reversal = reversalOf(step)
  if (!reversal) return false
  for (;;) {
    const finding = reversal.traits.inquiry === undefined ? undefined : await inquire(reversal)
    if (finding?.finding === 'applied') return true
    if (finding?.finding === 'absent') return false
    const decision = await park({
      step: reversal,
      reason: 'reset-in-doubt',
      happened: `The workflow was reset. Whether ${step.name} was undone before, the core does not tell.`,
      risk: `The flow goes on without the effect of ${step.name}, or undoes what is needed, if it is decided wrongly.`,
      open: openActions(reversal),
    })
    if (decision.action === 'abandon') throw endEarly({ state: 'abandoned', by: decision.by, note: decision.note })
    if (decision.action !== 'retry') return decision.action === 'confirm-applied'
  }
}

/** Asks the core whether the step took effect, several times when it does not say. */
async function inquire(step: Step): Promise<InquiryAnswer> {
  const { patience } = flowState()
  const traits = step.siblings[step.traits.inquiry ?? ''] ?? step.traits
  const activities = proxyActivities<Activities>({
    startToCloseTimeout: traits.deadlineMs + patience.marginMs,
    retry: {
      maximumAttempts: patience.inquiries,
      initialInterval: patience.pauseMs,
      maximumInterval: patience.pauseMaxMs,
    },
    summary: `was it applied? ${step.name} · ${traits.target} · ${step.call.reference}`,
  })
  try {
    const budgetMs = traits.deadlineMs + Math.floor(patience.marginMs * 0.9)
    return await activities.inquire({ of: identityOf(step.call), call: step.call, budgetMs })
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error
    const cause = error.cause
    if (cause instanceof ApplicationFailure && cause.type === carriesFinding) return cause.details?.[0] as InquiryAnswer
    return { finding: 'unclear', message: 'the inquiry was not answered', run: workflowInfo().runId }
  }
}

function toldOf(answer: InDoubt): string {
  if (answer.outcome === 'abended') return `The program ended with abend ${answer.abendCode}.`
  if (answer.outcome === 'withheld') return 'The call was started again by hand, and may have taken effect before.'
  return `The call may have taken effect: ${answer.message} (${answer.cause}).`
}

function doubtOf(step: Step, answer: InDoubt, finding: InquiryAnswer | undefined) {
  const told = toldOf(answer)
  const risk = step.call.reversing
    ? `The step is undone twice or not at all if ${step.name} is decided wrongly.`
    : `The effect of ${step.name} happens twice or never if it is decided wrongly.`
  switch (finding?.finding) {
    case 'ambiguous':
      return { reason: 'in-doubt-ambiguous', happened: `${told} The inquiry found ${finding.matches} matches.`, risk }
    case 'unclear':
      return { reason: 'in-doubt-unclear', happened: `${told} The inquiry did not tell: ${finding.message}.`, risk }
    default:
      return { reason: 'in-doubt-no-inquiry', happened: `${told} The adapter names no inquiry for it.`, risk }
  }
}

/** Without an inquiry a `once` call cannot be tried again by anybody: it would be sent blindly. */
function openActions(step: Step): readonly Resolution['action'][] {
  const { effect, inquiry, reversal } = step.traits
  return [
    ...(inquiry !== undefined || effect === 'idempotent' ? (['retry'] as const) : []),
    'confirm-applied',
    'confirm-not-applied',
    ...(reversal !== undefined && !step.call.reversing ? (['reverse'] as const) : []),
    'abandon',
  ]
}
