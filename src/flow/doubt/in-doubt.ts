// A call in doubt: the core is asked once it can no longer apply the call, and a person where the core cannot tell.

import { sleep, workflowInfo } from '@temporalio/workflow'
import type { InquiryAnswer } from '../../contract/activity.ts'
import { failedWith } from '../run/ending.ts'
import { flowState, type Step } from '../run/state.ts'
import { ask, askOnce, canAsk } from './ask.ts'
import { decisions, examine, isCertain, openActions } from './decision.ts'
import { park, type Unparked } from './park.ts'
import { longestMs } from './reset.ts'
import type { Absent, InDoubt, Settled } from './settled.ts'

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

/** What a decision ends the doubt with; undefined after a `retry` that did not settle it. */
async function byDecision(
  step: Step,
  answer: InDoubt,
  { decision, found }: Decided,
): Promise<Settled | Absent | undefined> {
  const known = found && conclusion(step, answer, found)
  if (!isCertain(found) && decision.action !== 'retry') step.restsOn = 'word'
  return await decisions[decision.action].effect({ step, decision, found, known })
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

function happenedIn(answer: InDoubt): string {
  if (answer.outcome === 'abended') return `The program ended with abend ${answer.abendCode}.`
  if (answer.outcome === 'withheld') return `${interruption()}, and may have taken effect before.`
  return `The call may have taken effect: ${answer.message} (${answer.cause}).`
}

function doubtOf(step: Step, answer: InDoubt, finding: InquiryAnswer | undefined) {
  const happened = happenedIn(answer)
  const risk = step.call.reversing
    ? `The step is undone twice or not at all if ${step.name} is decided wrongly.`
    : `The effect of ${step.name} happens twice or never if it is decided wrongly.`
  const found = (reason: string, what: string) => ({ reason, happened: `${happened} ${what}`, risk })
  switch (finding?.finding) {
    case 'ambiguous':
      return found('in-doubt-ambiguous', `The inquiry found ${finding.matches} matches.`)
    case 'differs':
      return found('in-doubt-differs', `The core holds another call under the reference: ${finding.fields.join(', ')}.`)
    case 'absent':
      return found('in-doubt-unclear', 'The core knows the reference, and its inquiry finds no entry.')
    case 'unclear':
      return found('in-doubt-unclear', `The inquiry was not clear: ${finding.message}.`)
    default:
      return found('in-doubt-no-inquiry', 'The adapter names no inquiry for it.')
  }
}
