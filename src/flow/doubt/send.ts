// One transmission of a step, and what may be repeated without a doubt.

import { ActivityFailure, ApplicationFailure, proxyActivities, sleep, TimeoutFailure } from '@temporalio/workflow'
import {
  type Activities,
  type Answered,
  carriesOutcome,
  type SendAnswer,
  type SendTask,
} from '../../contract/activity.ts'
import { flowState, nextActivityId, type Step } from '../run/state.ts'
import { ownAnswer, timesOf } from './ask.ts'

/**
 * Sends; what is proven not to have been sent is tried again, until the flow's patience ends. The pauses are added up and the clock is
 * not asked: a run after a reset must come to the same end as the one before, which may have gone on and sent it.
 */
export async function send(step: Step, absenceProvenInRun: string, mode: () => SendTask['mode']): Promise<SendAnswer> {
  const { patience } = flowState()
  let waitedMs = 0
  for (let pause = patience.pauseMs; ; pause = Math.min(pause * 2, patience.pauseMaxMs)) {
    const answer = await sendOnce(step, absenceProvenInRun, mode())
    if (answer.outcome !== 'not-sent' || step.traits.effect === 'read' || mode() === 'recall') return answer
    waitedMs += pause
    if (waitedMs > patience.unsentMs) return answer
    await sleep(pause, { summary: `${step.name} could not be sent; tried again after this pause` })
  }
}

async function sendOnce(step: Step, absenceProvenInRun: string, mode: SendTask['mode']): Promise<SendAnswer> {
  const { pauseMs, pauseMaxMs } = flowState().patience
  const { effect, target } = step.traits
  const { startToCloseTimeout, budgetMs } = timesOf(step.traits)
  const repeats = { initialInterval: pauseMs, maximumInterval: pauseMaxMs }
  const { call } = proxyActivities<Activities>({
    startToCloseTimeout,
    retry: effect === 'once' ? { maximumAttempts: 1 } : { maximumAttempts: effect === 'read' ? 4 : 6, ...repeats },
    activityId: nextActivityId(`${step.call.transaction}/${step.mark}`),
    summary: `${step.name} · ${target} · ${step.call.reference}`,
  })
  try {
    return ownAnswer(step, await call({ mode, of: step.of, call: step.call, effect, absenceProvenInRun, budgetMs }))
  } catch (error) {
    return answerOfFailure(step, error)
  }
}

function answerOfFailure(step: Step, error: unknown): SendAnswer {
  if (!(error instanceof ActivityFailure)) throw error
  const cause = error.cause
  if (cause instanceof ApplicationFailure && cause.type === carriesOutcome)
    return ownAnswer(step, cause.details?.[0] as Answered<SendAnswer>)
  if (cause instanceof TimeoutFailure) {
    return { outcome: 'unknown', cause: 'worker-lost', message: 'the worker was lost, or gave no answer in time' }
  }
  return { outcome: 'unknown', cause: 'execution-failed', message: 'the worker failed while it carried the call out' }
}
