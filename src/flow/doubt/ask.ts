// Questions to the core: did this step take effect? Each answer is held against the step that asked for it.

import { ActivityFailure, ApplicationFailure, proxyActivities, workflowInfo } from '@temporalio/workflow'
import {
  type Activities,
  type Answered,
  type CallIdentity,
  carriesFinding,
  type InquiryAnswer,
  type Traits,
} from '../../contract/activity.ts'
import { flowChanged } from '../run/ending.ts'
import { flowState, nextActivityId, type Step } from '../run/state.ts'

/** The question inside a decision: an operator waits for it. */
const decisionMs = 5000

/** Whether the core can be asked about this step at all. */
export function canAsk(step: Step): boolean {
  return step.traits.inquiry !== undefined
}

/** Asks several times when the core does not say. */
export async function ask(step: Step): Promise<InquiryAnswer> {
  const { inquiries, pauseMs, pauseMaxMs } = flowState().patience
  const { startToCloseTimeout, budgetMs } = timesOf(inquiryOf(step))
  const retry = { maximumAttempts: inquiries, initialInterval: pauseMs, maximumInterval: pauseMaxMs }
  return await inquire(step, { startToCloseTimeout, retry }, budgetMs)
}

/** Asks once. For a flow that is parked and asks by itself now and then. */
export async function askOnce(step: Step): Promise<InquiryAnswer> {
  const { startToCloseTimeout, budgetMs } = timesOf(inquiryOf(step))
  return await inquire(step, { startToCloseTimeout, retry: { maximumAttempts: 1 } }, budgetMs)
}

/** Asks once and waits 5 s at most, whatever keeps the answer: silence is an answer too. */
export async function askForDecision(step: Step): Promise<InquiryAnswer> {
  const options = { scheduleToCloseTimeout: decisionMs, retry: { maximumAttempts: 1 } }
  return await inquire(step, options, Math.floor(decisionMs * 0.9))
}

/** Asks until the core says something, with growing, jittered pauses. Temporal's retries leave no events, so this may go on for months. */
export async function askForEver(step: Step): Promise<InquiryAnswer> {
  const { askAgainMs, askAgainMaxMs } = flowState().patience
  const { startToCloseTimeout, budgetMs } = timesOf(inquiryOf(step))
  const initialInterval = jittered(askAgainMs)
  const retry = { initialInterval, maximumInterval: Math.max(initialInterval, askAgainMaxMs) }
  return await inquire(step, { startToCloseTimeout, retry }, budgetMs)
}

/** How long Temporal waits for one attempt at a call, and how long the worker works on it: a little less, so that it can still answer. */
export function timesOf({ deadlineMs }: Traits) {
  const { marginMs } = flowState().patience
  return { startToCloseTimeout: deadlineMs + marginMs, budgetMs: deadlineMs + Math.floor(marginMs * 0.9) }
}

/** From three quarters of it to five quarters. The sandbox's random numbers are the same in each replay. */
export function jittered(ms: number): number {
  return Math.round(ms * (0.75 + Math.random() / 2))
}

function inquiryOf(step: Step): Step['traits'] {
  return step.siblings[step.traits.inquiry ?? ''] ?? step.traits
}

type Options = Parameters<typeof proxyActivities>[0]

async function inquire(step: Step, options: Options, budgetMs: number): Promise<InquiryAnswer> {
  const activities = proxyActivities<Activities>({
    ...options,
    activityId: nextActivityId(`${step.traits.inquiry}?${step.mark}`),
    summary: `was it applied? ${step.name} · ${inquiryOf(step).target} · ${step.call.reference}`,
  })
  try {
    return ownAnswer(step, await activities.inquire({ of: step.of, call: step.call, budgetMs }))
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error
    const cause = error.cause
    if (cause instanceof ApplicationFailure && cause.type === carriesFinding)
      return ownAnswer(step, cause.details?.[0] as Answered<InquiryAnswer>)
    return { finding: 'unclear', message: 'the inquiry was not answered', run: workflowInfo().runId }
  }
}

/**
 * Gives the answer when it belongs to the step. History answers by position: when the code of a flow has changed, it may hold the
 * answer to another call. Then nothing may go on: the workflow task fails, and the run waits for the code that it began with.
 */
export function ownAnswer<T extends { readonly of: CallIdentity }>(step: Step, answer: T): T {
  const { reference, digest } = step.of
  if (answer.of.reference === reference && answer.of.digest === digest) return answer
  const changed = flowChanged(step.name)
  flowState().changed = changed
  throw changed
}
