// The workflow `watch`: looks a step up long after the flow went on, and parks where the core shows something else than the flow was told.
//
//   core says →   applied        absent           many              differs
//   once          ends           effect-missing   doubled           effect-missing
//   never         late-effect    ends             doubled           late-effect
//   at most once  ends           ends             doubled           ends
//
// What the flow undid later is no contradiction: a reversal has a reference, and a watch, of its own, and the entry is found all the same.

import { CancellationScope, condition, continueAsNew, proxyActivities, setHandler, sleep } from '@temporalio/workflow'
import type { Activities, AttentionTask, InquiryAnswer } from '../../contract/activity.ts'
import { flowContract, type Resolution } from '../../contract/durable.ts'
import { ask, askForDecision, askForEver } from '../doubt/ask.ts'
import { listen, park, showRunning } from '../doubt/park.ts'
import { longestMs } from '../doubt/reset.ts'
import { type Expected, lookAnew, type WatchStart } from '../doubt/watch.ts'
import { emit } from '../emit.ts'
import { earlyResult, flowChanged } from '../run/ending.ts'
import { closeState, flowState, openState, type Parked, type Step } from '../run/state.ts'
import { reversalOf } from '../run/step.ts'
import { undoStep } from '../saga.ts'

/** What a watch gives. */
export type WatchResult =
  | { readonly state: 'as-expected' | 'corrected' }
  | { readonly state: 'abandoned'; readonly by: string; readonly note: string }

const asExpected: WatchResult = { state: 'as-expected' }

type ClearAnswer = Exclude<InquiryAnswer, { finding: 'unclear' }>

/** What is wrong, and how many effects there are more than there should be. */
interface Wrong {
  readonly reason: NonNullable<AttentionTask['reason']>
  readonly shown: string
  readonly surplus: number
}

/**
 * The built-in workflow of watches. The look is owed whatever becomes of the operation; a request to cancel it is heard only where the
 * core is silent, and then a person decides.
 */
export async function watch(start: WatchStart): Promise<WatchResult> {
  if (start.contract !== flowContract)
    throw flowChanged('a run of an older engine, which must be drained by the version before')
  const state = openState(start)
  listen(state)
  const latest: Latest = {}
  setHandler(lookAnew, (newest) => {
    latest.start = newest
    const parked = state.parked[0]
    if (parked) parked.decision ??= { action: 'retry', by: 'mainspan', note: 'the step was settled anew' }
  })
  const cancelled = CancellationScope.current().cancelRequested.catch(() => undefined)
  return await CancellationScope.nonCancellable(async () => {
    // A run of a kept build names activities by the reference alone.
    const step: Step = { ...start.step, mark: start.step.mark ?? start.step.call.reference, effect: 'pending' }
    await condition(() => latest.start !== undefined, longestMs(step) + state.patience.lateMs)
    const result = await lookedAfter(step, start, latest, cancelled)
    if (latest.start) await continueAsNew<typeof watch>(latest.start)
    closeState()
    return result
  })
}

/** What the flow has come to since the watch was started. */
interface Latest {
  start?: WatchStart
}

async function lookedAfter(
  step: Step,
  start: WatchStart,
  latest: Latest,
  cancelled: Promise<undefined>,
): Promise<WatchResult> {
  let attentive = false
  let result: WatchResult | undefined
  while (result === undefined && !latest.start) {
    const looked = await look(step, cancelled)
    const wrong = 'finding' in looked ? wrongIn(looked, start.expected, step) : undefined
    attentive ||= wrong !== undefined
    if (!wrong) result = 'finding' in looked ? asExpected : looked
    else if (!latest.start) result = await attended(step, start, wrong)
  }
  if (attentive) await attend()
  return result ?? asExpected
}

/**
 * A core that is silent is asked for ever, by the retries of one activity, which leave no events; until an operator who knows that it
 * will not answer any more requests the cancellation, and gives the look up with a note.
 */
async function look(step: Step, cancelled: Promise<undefined>): Promise<ClearAnswer | WatchResult> {
  for (;;) {
    const finding = await ask(step)
    if (finding.finding !== 'unclear') return finding
    showRunning('late-look-unanswered')
    const found = await Promise.race([askUntilClear(step), cancelled])
    if (found) {
      showRunning('')
      return found
    }
    const unparked = await park({
      step,
      reason: 'late-look-unanswered',
      happened:
        'The watch was to be cancelled. The core does not answer, so nobody knows whether all is as it should be.',
      risk: 'An effect that came late or twice stays unseen.',
      open: ['retry', 'abandon'],
      meanings,
    })
    if (unparked.by === 'person' && unparked.decision.action === 'abandon') return abandonedBy(unparked.decision)
  }
}

async function askUntilClear(step: Step): Promise<ClearAnswer> {
  for (;;) {
    const found = await askForEver(step)
    if (found.finding !== 'unclear') return found
    await sleep(flowState().patience.askAgainMaxMs)
  }
}

function abandonedBy({ by, note }: Pick<Resolution, 'by' | 'note'>): WatchResult {
  return { state: 'abandoned', by, note }
}

function wrongIn(found: ClearAnswer, expected: Expected, { traits }: Step): Wrong | undefined {
  const never = expected === 'never'
  switch (found.finding) {
    case 'applied':
      return never ? { reason: 'late-effect', shown: 'it took effect', surplus: 1 } : undefined
    case 'absent':
      return expected === 'once' ? { reason: 'effect-missing', shown: 'no entry', surplus: 0 } : undefined
    case 'differs': {
      if (expected === 'at most once') return undefined
      const shown = `an entry that is not what was asked (${found.fields.join(', ')})`
      return { reason: never ? 'late-effect' : 'effect-missing', shown, surplus: 0 }
    }
    case 'ambiguous': {
      const surplus = found.matches - (never ? 0 : 1)
      const isHarmless = traits.effect === 'idempotent' && !never
      return isHarmless ? undefined : { reason: 'doubled', shown: `${found.matches} entries`, surplus }
    }
  }
}

/** Parks until it is settled; undefined when the core is to be asked again. What people see of the operation says so meanwhile. */
async function attended(
  step: Step,
  { expected, reversed }: WatchStart,
  wrong: Wrong,
): Promise<WatchResult | undefined> {
  const noted = attend(wrong.reason)
  const unparked = await park({
    step,
    reason: wrong.reason,
    happened: `${assumed[expected]} Looked up late, the core shows ${wrong.shown} under our reference.`,
    risk: risks[wrong.reason],
    open: openActions(step, wrong),
    meanings,
    examine: (resolution, parked) => examine(resolution, parked, expected),
  })
  const result = unparked.by === 'person' ? await carriedOut(step, wrong, unparked.decision, reversed) : undefined
  // Before it is settled, also where the store is away for long.
  await noted
  return result
}

async function carriedOut(
  step: Step,
  wrong: Wrong,
  decision: Resolution,
  reversed = 0,
): Promise<WatchResult | undefined> {
  if (decision.action === 'abandon') return abandonedBy(decision)
  if (decision.action !== 'reverse') return undefined
  try {
    for (let nth = 1; nth <= wrong.surplus; nth++) await undoStep(step, reversalOf(step, reversed + nth))
  } catch (error) {
    const early = earlyResult(error)
    if (early?.state !== 'abandoned') throw error
    return abandonedBy(early)
  }
  await publishCorrection(step, wrong)
  return { state: 'corrected' }
}

/** Says nothing of account and amount: what leaves as an event is what an operation declares. The reference finds them in the core. */
async function publishCorrection({ call }: Step, { reason, surplus }: Wrong): Promise<void> {
  const { start, operationId } = flowState()
  const { adapter, transaction, reference } = call
  const data = { reason, adapter, transaction, reference, reversed: surplus }
  await emit('effect-corrected', { subject: start.call?.subject ?? operationId, data })
}

/** A decision waits for nobody, so the core is asked once more: what is gone must not be reversed. */
async function examine(resolution: Resolution, parked: Parked, expected: Expected): Promise<string | undefined> {
  if (resolution.action !== 'reverse') return undefined
  const found = await askForDecision(parked.step)
  if (found.finding === 'unclear') return 'The core does not answer now, and nothing is reversed blindly. Try again.'
  const surplus = wrongIn(found, expected, parked.step)?.surplus ?? 0
  if (surplus > 0) return undefined
  return 'The core shows nothing any more that could be reversed. retry looks again, and ends when all is as it should be.'
}

const assumed: Readonly<Record<Expected, string>> = {
  once: 'The operation went on with this call as applied.',
  never: 'The operation went on as if this call had had no effect, and its caller was told so.',
  'at most once': 'The operation was abandoned on this call while the core was silent.',
}

const risks: Readonly<Record<Wrong['reason'], string>> = {
  doubled: 'The effect stands more often than the customer asked for.',
  'late-effect': 'The effect stands although the customer was told that there is none, and may have asked anew.',
  'effect-missing': 'The customer was told of an effect that the core does not show.',
}

const meanings: NonNullable<Parked['meanings']> = {
  retry: 'the core is asked again; the watch ends when it shows what it should',
  reverse: 'what is too much is undone by its reversal, and the event effect-corrected says so; the rest stands',
  abandon: 'the watch ends; you have seen to it by hand, and `note` says how',
}

function openActions({ traits, call }: Step, { surplus }: Wrong): readonly Resolution['action'][] {
  const reversible = surplus > 0 && traits.reversal !== undefined && !call.reversing
  return [...(reversible ? (['reverse'] as const) : []), 'retry', 'abandon']
}

async function attend(reason?: Wrong['reason']): Promise<void> {
  const { attend } = proxyActivities<Activities>({
    startToCloseTimeout: '10 seconds',
    retry: { maximumInterval: '1 minute' },
    summary: reason === undefined ? 'the attention is settled' : `the operation needs attention: ${reason}`,
  })
  await attend({ operationId: flowState().operationId, ...(reason && { reason }) })
}
