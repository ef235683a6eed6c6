// The decisions on a parked call: what each means, what of the core's word contradicts it, and how it is refused then.
//
//   core says →             applied         absent          differs         many            silent
//   retry                   goes on         sent again      parks again     parks again     parks again
//   confirm-applied         goes on         refused         refused         taken           taken; looked up late
//   confirm-not-applied     refused         ends            ends            refused         ends; looked up late
//   reverse                 undone          ends            undone          undone          undone
//   abandon                 ends as it stands, whatever the core says; looked up late
//
// On a reversal confirm-not-applied sends it again: only after the core has said "absent", and never while it is silent.

import { CancellationScope, proxyActivities } from '@temporalio/workflow'
import type { Activities, InquiryAnswer } from '../../contract/activity.ts'
import type { Resolution } from '../../contract/durable.ts'
import { nextActivityId, type Parked } from '../run/state.ts'
import type { Step } from '../run/step.ts'
import { askForDecision, canAsk } from './ask.ts'

type Action = Resolution['action']

/** What each decision does, as the runbook says it. */
export const meanings: Readonly<Record<Action, string>> = {
  retry: 'the core is asked again; only what is proven to have had no effect is sent again',
  'confirm-applied': 'you have seen in the core that it took effect; the flow goes on',
  'confirm-not-applied':
    'you have seen in the core that it had no effect; it is not sent again, and the steps before it are undone',
  reverse: 'it is undone by its reversal, and so are the steps before it; nothing is undone that is not there',
  abandon: 'the flow ends as it stands; nothing more is sent or undone, you take over',
}

/** The same for a call that undoes another. */
export const reversalMeanings: Readonly<Partial<Record<Action, string>>> = {
  'confirm-applied': 'you have seen in the core that the step is undone by this call',
  'confirm-not-applied':
    'you have seen in the core that the step is not undone; the reversal is sent again, once the core says so too',
}

/** Without an inquiry a `once` call cannot be tried again by anybody: it would be sent blindly. */
export function openActions(step: Step): readonly Action[] {
  const { effect, inquiry, reversal } = step.traits
  return [
    ...(inquiry !== undefined || effect === 'idempotent' ? (['retry'] as const) : []),
    'confirm-applied',
    'confirm-not-applied',
    ...(reversal !== undefined && !step.call.reversing ? (['reverse'] as const) : []),
    'abandon',
  ]
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
    const refusal = found && contradiction(resolution.action, found, parked)
    if (refusal !== undefined) return refusal
    if (found) parked.found = found
    const told = found?.finding === 'applied'
    if (resolution.action !== 'confirm-applied' || told || step.call.reversing) return undefined
    return await mistakesInReply(step, resolution)
  })
}

function contradiction(action: Action, found: InquiryAnswer, { step, open }: Parked): string | undefined {
  const { name, call } = step
  const entry = `reference ${call.reference}`
  const fits = (...actions: Action[]) => `${actions.filter((one) => open.includes(one)).join(' or ')} fits.`
  const byHand = call.reversing ? ' What was undone by hand is left to you by abandon.' : ''
  if (action === 'confirm-applied' && found.finding === 'absent')
    return `The core has no entry with ${entry}: ${name} was not applied. ${fits('confirm-not-applied', 'retry')}${byHand}`
  if (action === 'confirm-applied' && found.finding === 'differs') {
    const other = `What the core holds under ${entry} is another call (${found.fields.join(', ')}).`
    return `${other} ${fits('confirm-not-applied', 'abandon')}${byHand}`
  }
  if (action === 'confirm-not-applied' && found.finding === 'unclear' && call.reversing)
    return `The core does not answer now, and ${name} is not sent again blindly. Try again, or abandon.`
  if (action === 'confirm-not-applied' && found.finding === 'applied')
    return `The core has an entry with ${entry}: ${name} was applied. ${fits('confirm-applied', 'retry', 'reverse')}`
  if (action === 'confirm-not-applied' && found.finding === 'ambiguous')
    return `The core has ${found.matches} entries with ${entry}: ${name} was applied. ${fits('confirm-applied', 'reverse')}`
  return undefined
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
