// The decisions on a parked call: what each means, what of the core's word contradicts it, and how it is refused then.
//
//   core says →             applied         absent          differs         many            silent
//   retry                   goes on         sent again      parks again     parks again     parks again
//   confirm-applied         goes on         refused         refused         taken; later    taken; looked up late
//   confirm-not-applied     refused         ends            ends            refused         ends; looked up late
//   reverse                 undone          ends            undone          undone          undone
//   abandon                 ends as it stands, whatever the core says; looked up late
//
// On a reversal confirm-not-applied sends it again: only after the core has said "absent", and never while it is silent.

import { CancellationScope, proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { Activities, InquiryAnswer } from '../../contract/activity.ts'
import type { Resolution, ResolutionAction } from '../../contract/durable.ts'
import { givenUp } from '../run/ending.ts'
import { nextActivityId, type Parked, type Step } from '../run/state.ts'
import { askForDecision, canAsk } from './ask.ts'
import { type Absent, notApplied, type Settled } from './settled.ts'
import { watchLate } from './watch.ts'

/** A decision of a person on a call in doubt. */
interface Decision {
  /** What it does, as the runbook says it. */
  readonly meaning: string
  /** The same where the call undoes another. */
  readonly meaningOfReversal?: string
  /** Whether it is offered for a step at all. */
  readonly isOpen: (step: Step) => boolean
  /** Why what the core says forbids it, in words; undefined when it does not. */
  readonly contradiction?: (found: InquiryAnswer, parked: Parked) => string | undefined
  /** What it ends the doubt with; undefined when the doubt goes on. */
  readonly effect: (taken: TakenDecision) => Settled | Absent | undefined | Promise<never>
}

/** A decision that was taken, what the core said to it, and what that would end the doubt with by itself. */
interface TakenDecision {
  readonly step: Step
  readonly decision: Resolution
  readonly found: InquiryAnswer | undefined
  readonly known: Settled | Absent | undefined
}

/** In the order in which the runbook offers them. */
export const decisions: Readonly<Record<ResolutionAction, Decision>> = {
  retry: {
    meaning: 'the core is asked again; only what is proven to have had no effect is sent again',
    // Without an inquiry a `once` call cannot be tried again by anybody: it would be sent blindly.
    isOpen: ({ traits }) => traits.inquiry !== undefined || traits.effect === 'idempotent',
    effect: ({ step, known }) => {
      if (!canAsk(step)) return { absentIn: workflowInfo().runId, byOperator: true }
      return known && !('is' in known) ? { ...known, byOperator: true } : known
    },
  },
  'confirm-applied': {
    meaning: 'you have seen in the core that it took effect; the flow goes on',
    meaningOfReversal: 'you have seen in the core that the step is undone by this call',
    isOpen: () => true,
    contradiction: againstApplied,
    effect: ({ decision, known }) => (known && 'is' in known ? known : { is: 'applied', reply: decision.reply ?? {} }),
  },
  'confirm-not-applied': {
    meaning:
      'you have seen in the core that it had no effect; it is not sent again, and the steps before it are undone',
    meaningOfReversal:
      'you have seen in the core that the step is not undone; the reversal is sent again, once the core says so too',
    isOpen: () => true,
    contradiction: againstNotApplied,
    // A reversal has to be made, so it is sent again. Anything else is not: hours may have passed, and the customer may have paid in another way.
    effect: ({ step, found }) =>
      step.call.reversing ? { absentIn: found?.run ?? workflowInfo().runId, byOperator: true } : notApplied(step),
  },
  reverse: {
    meaning: 'it is undone by its reversal, and so are the steps before it; nothing is undone that is not there',
    isOpen: ({ traits, call }) => traits.reversal !== undefined && !call.reversing,
    effect: ({ step, found }) => (found?.finding === 'absent' ? notApplied(step) : { is: 'reverse' }),
  },
  abandon: {
    meaning: 'the flow ends as it stands; nothing more is sent or undone, you take over',
    isOpen: () => true,
    effect: abandon,
  },
}

/** The actions that are offered for a parked step, in the order of the runbook. */
export function openActions(step: Step): readonly ResolutionAction[] {
  return (Object.keys(decisions) as ResolutionAction[]).filter((action) => decisions[action].isOpen(step))
}

/** Ends the flow as it stands. What the core said to the person may still change; what it holds that is wrong, they were told. */
export async function abandon({ step, decision, found }: Omit<TakenDecision, 'known'>): Promise<never> {
  if (found === undefined || found.finding === 'unclear') await watchLate(step, 'at most once')
  else if (found.finding === 'applied' || found.finding === 'absent')
    await watchLate(step, found.finding === 'applied' ? 'once' : 'never')
  throw givenUp(decision)
}

/** Whether the core says that one effect stands, or none. Of two, a person's word speaks of one: the late look finds the other. */
export function isCertain(found: InquiryAnswer | undefined): boolean {
  return found !== undefined && found.finding !== 'unclear' && found.finding !== 'ambiguous'
}

/** What an operator's update lacks, before the core is asked; undefined when nothing. */
export function mistakeIn(parked: Parked | undefined, resolution: Resolution | undefined): string | undefined {
  if (!parked) return 'Nothing is parked here: the operation goes on by itself or has ended.'
  if (parked.decision) return `A decision was just taken: ${parked.decision.action} by ${parked.decision.by}.`
  if (parked.deciding) return 'Another decision is being held against the core at this moment. Read the runbook again.'
  if (typeof resolution !== 'object' || resolution === null)
    return 'A decision is a JSON object; copy one of the runbook.'
  const { action, by, note, reference, reply } = resolution
  if (!parked.open.includes(action)) return `'${action}' is not open here. Open: ${parked.open.join(', ')}.`
  if (typeof by !== 'string' || by.trim() === '') return '"by" is missing: say who decides.'
  if (typeof note !== 'string' || note.trim() === '') return '"note" is missing: say why, for the audit.'
  if (reference !== undefined && reference !== parked.step.call.reference) {
    return `The parked call is ${parked.step.call.reference}, not ${reference}: it was decided already. Read the runbook again.`
  }
  if (reply !== undefined && (typeof reply !== 'object' || reply === null || Array.isArray(reply))) {
    return '"reply" is a JSON object with the fields that the core would have given.'
  }
  return undefined
}

/**
 * Holds a decision on a call in doubt against the core, which is asked once. Gives the refusal in words, or undefined when it is taken;
 * `parked.found` then holds what the core said.
 */
export async function examine(resolution: Resolution, parked: Parked): Promise<string | undefined> {
  return await CancellationScope.nonCancellable(async () => {
    const { step } = parked
    const found = canAsk(step) ? await askForDecision(step) : undefined
    const refusal = found && decisions[resolution.action].contradiction?.(found, parked)
    if (refusal !== undefined) return refusal
    if (found) parked.found = found
    const isApplied = found?.finding === 'applied'
    if (resolution.action !== 'confirm-applied' || isApplied || step.call.reversing) return undefined
    return await mistakesInReply(step, resolution)
  })
}

function againstApplied(found: InquiryAnswer, { step, open }: Parked): string | undefined {
  const { name, call } = step
  const entry = `reference ${call.reference}`
  const byHand = call.reversing ? ' What was undone by hand is left to you by abandon.' : ''
  if (found.finding === 'absent')
    return `The core has no entry with ${entry}: ${name} was not applied. ${fits(open, 'confirm-not-applied', 'retry')}${byHand}`
  if (found.finding !== 'differs') return undefined
  const other = `What the core holds under ${entry} is another call (${found.fields.join(', ')}).`
  return `${other} ${fits(open, 'confirm-not-applied', 'abandon')}${byHand}`
}

function againstNotApplied(found: InquiryAnswer, { step, open }: Parked): string | undefined {
  const { name, call } = step
  const entry = `reference ${call.reference}`
  if (found.finding === 'unclear' && call.reversing)
    return `The core does not answer now, and ${name} is not sent again blindly. Try again, or abandon.`
  if (found.finding === 'applied')
    return `The core has an entry with ${entry}: ${name} was applied. ${fits(open, 'confirm-applied', 'retry', 'reverse')}`
  if (found.finding !== 'ambiguous') return undefined
  return `The core has ${found.matches} entries with ${entry}: ${name} was applied. ${fits(open, 'confirm-applied', 'reverse')}`
}

function fits(open: readonly ResolutionAction[], ...actions: ResolutionAction[]): string {
  return `${actions.filter((one) => open.includes(one)).join(' or ')} fits.`
}

/** What a person has typed is held against the transaction's schema: an empty reply never completes an operation. */
async function mistakesInReply(step: Step, { reply = {} }: Resolution): Promise<string | undefined> {
  const { validate } = proxyActivities<Activities>({
    scheduleToCloseTimeout: '5 seconds',
    retry: { maximumAttempts: 1 },
    activityId: nextActivityId(`validate ${step.mark}`),
    summary: `is the typed reply one of ${step.name}?`,
  })
  const mistakes = await validate({ call: step.call, reply }).catch(() => ['it could not be checked now; try again'])
  if (mistakes.length === 0) return undefined
  return `The core does not say, so "reply" must hold what it would have given: ${mistakes.join('; ')}.`
}
