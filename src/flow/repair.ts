// The repair of an operation whose run was ended by force (terminated, timed out, deleted): a new run of the same flow under the same
// id, so that all references are the same. Each step is asked for at the core. Nothing is sent before a person has decided.
//
//   everything stands      the flow completes as it would have
//   nothing stands         it ends without effect
//   something stands       it parks: send the rest, undo what stands, or leave it

import { condition, workflowInfo } from '@temporalio/workflow'
import type { RecordedAnswer, Resolution } from '../contract/durable.ts'
import { ask, canAsk } from './ask.ts'
import { endEarly, failedWith } from './ending.ts'
import { park } from './park.ts'
import { wasReversed } from './reset.ts'
import { type Absent, type Settled, settle, settleDoubt, watched } from './settle.ts'
import { type FlowState, flowState, type Parked } from './state.ts'
import { reversalOf, type Step } from './step.ts'

interface Progress {
  /** The steps that the flow has asked for so far, but for reads. */
  readonly steps: Step[]
  /** Steps whose answer from the core is still out. */
  asking: number
  /** The first step that is not in effect asks a person; others at the same moment wait for the same word. */
  word?: Promise<'go-on' | 'undo'>
  /** What a person wants. Until then nothing is sent. */
  wanted?: 'go-on' | 'undo'
}

const progresses = new WeakMap<FlowState, Progress>()

function progressOf(state: FlowState): Progress {
  const known = progresses.get(state)
  if (known) return known
  const fresh: Progress = { steps: [], asking: 0 }
  progresses.set(state, fresh)
  return fresh
}

/** Settles a step, or in a repair: asks for it first. `recall`: the flow is cancelled, so that nothing new is wanted. */
export async function settleOrRepair(step: Step, mode: 'send' | 'recall' = 'send'): Promise<Settled> {
  if (flowState().start.repairs === undefined) return await settle(step, mode)
  if (step.traits.effect === 'read') return recordedOf(step) ?? (await settle(step, mode))
  return await repaired(step, mode)
}

async function repaired(step: Step, mode: 'send' | 'recall'): Promise<Settled> {
  const progress = progressOf(flowState())
  if (!progress.steps.includes(step)) progress.steps.push(step)
  // Whoever cancels a repair wants undone what stands.
  if (mode === 'recall') progress.wanted = 'undo'
  progress.asking++
  const found = await whatStands(step).finally(() => progress.asking--)
  if ('is' in found) {
    // A person has decided on a step that the core could not be asked for.
    if (found.is === 'failed' || found.is === 'reverse') progress.wanted = 'undo'
    return await watched(step, step.effect === 'undone' ? withoutEffect(progress) : found)
  }
  // A person who has the call tried again has decided for the rest of the flow too.
  if (found.byOperator) progress.wanted ??= 'go-on'
  if (mayHaveBegun(step)) step.restsOn = 'absence'
  // Steps that are called side by side are looked at together: none may end the flow while another is still asked for.
  await condition(() => progress.asking === 0)
  if (mode === 'recall') return await watched(step, { is: 'failed', ...failedWith('OPERATION_CANCELLED', {}) })
  if (step.call.reversing) {
    await untilReversalIsWanted(step, progress)
    return await settle(step)
  }
  const wanted = nothingCanStand(progress) ? 'undo' : await wantedAfter(step, progress)
  return wanted === 'go-on' ? await sent(step) : await watched(step, withoutEffect(progress))
}

/** What the core says of the step, and where it cannot be asked what history says, or a person. Marks what stands and what was undone. */
async function whatStands(step: Step): Promise<Settled | Absent> {
  const recorded = recordedOf(step)
  const found = recorded?.is === 'rejected' ? recorded : await lookedUp(step, recorded)
  if ('is' in found && found.is === 'applied' && !step.call.reversing) {
    step.effect = 'applied'
    if (await wasUndone(step)) step.effect = 'undone'
  }
  return found
}

async function lookedUp(step: Step, recorded: Settled | undefined): Promise<Settled | Absent> {
  const { runId } = workflowInfo()
  if (!canAsk(step) && recorded) return recorded
  if (!mayHaveBegun(step)) return { absentIn: runId }
  const finding = canAsk(step) ? await ask(step) : undefined
  // The core's own reply tells more than its inquiry.
  if (finding?.finding === 'applied') return recorded ?? { is: 'applied', reply: finding.reply }
  // What is absent may still come: the dead run may have sent it a moment ago.
  return await settleDoubt(step, { outcome: 'withheld', run: runId })
}

/** The answer that the dead run had, where it is the answer to this very call. */
function recordedOf(step: Step): Extract<Settled, { is: 'applied' | 'rejected' }> | undefined {
  const answers: Readonly<Record<string, RecordedAnswer>> = flowState().start.recorded?.answers ?? {}
  const answer = answers[step.call.reference]
  if (answer?.digest !== step.of.digest) return undefined
  const { outcome } = answer
  if (outcome.outcome === 'applied') return { is: 'applied', reply: outcome.reply }
  return { is: 'rejected', reason: outcome.reason, http: outcome.http, reply: outcome.reply }
}

function mayHaveBegun({ call }: Step): boolean {
  return flowState().start.recorded?.begun?.includes(call.reference) ?? true
}

/** The dead run may have been undoing when it was ended; the core still shows the entry then, and beside it the reversal's. */
async function wasUndone(step: Step): Promise<boolean> {
  const reversal = reversalOf(step)
  return reversal !== undefined && mayHaveBegun(reversal) && (await wasReversed(step))
}

/** Hours may lie between the first question and the decision to go on. */
async function sent(step: Step): Promise<Settled> {
  if (canAsk(step) && mayHaveBegun(step)) {
    step.restsOn = undefined
    const settled = await lookedUp(step, undefined)
    if ('is' in settled) return await watched(step, settled)
    step.restsOn = 'absence'
  }
  return await settle(step)
}

/** Nothing stands of what was asked for, and the dead run had asked for nothing more. */
function nothingCanStand({ steps, wanted }: Progress): boolean {
  const { recorded, call } = flowState().start
  if (wanted || steps.some(({ effect }) => effect === 'applied')) return false
  // An operation of one transaction has one step; what else a flow may have called is known from its history alone.
  if (!recorded?.begun) return call !== undefined
  const known = steps.flatMap((step) => [step.call.reference, reversalOf(step)?.call.reference])
  return recorded.begun.every((reference) => known.includes(reference))
}

/** Ends the flow; what stands of it is undone, whether or not it was called by a saga. */
function withoutEffect({ steps }: Progress): Settled {
  const { undoable } = flowState()
  undoable.push(...steps.filter((step) => step.effect === 'applied' && !undoable.includes(step)))
  return { is: 'failed', ...failedWith('OPERATION_WITHOUT_EFFECT', {}) }
}

async function wantedAfter(step: Step, progress: Progress): Promise<'go-on' | 'undo'> {
  if (progress.wanted) return progress.wanted
  progress.word ??= wordOn(step, progress)
  progress.wanted = await progress.word
  return progress.wanted
}

async function wordOn(step: Step, { steps }: Progress): Promise<'go-on' | 'undo'> {
  const standing = steps.filter(({ effect }) => effect === 'applied').map(nameOf)
  const beyond = flowState().start.recorded?.begun ? '' : '; what may have come after it is not known'
  const decision = await decisionOn({
    step,
    reason: 'ended-by-force',
    happened: `${endedBefore()} In effect: ${standing.join(', ') || 'nothing found so far'}. Not in effect: ${nameOf(step)}${beyond}.`,
    risk: 'The operation stands half done as long as nobody decides.',
    open: ['retry', 'reverse', 'abandon'],
    meanings: {
      retry: 'the flow goes on and sends what is not in effect; what may have been sent before is asked for once more',
      reverse: 'what stands is undone by its reversals, and the operation ends without effect',
    },
  })
  return decision.action === 'retry' ? 'go-on' : 'undo'
}

async function untilReversalIsWanted(step: Step, progress: Progress): Promise<void> {
  if (progress.wanted) return
  await decisionOn({
    step,
    reason: 'ended-by-force',
    happened: `${endedBefore()} The operation is not to complete, and ${step.name} has not been made.`,
    risk: `What has the reference ${step.call.reversing?.reference} stands although the operation does not complete.`,
    open: ['retry', 'abandon'],
    meanings: { retry: 'what stands is undone by its reversals' },
  })
  progress.wanted = 'undo'
}

async function decisionOn(what: Parameters<typeof park>[0]): Promise<Resolution> {
  const unparked = await park(what)
  if (unparked.by === 'itself') throw endEarly(failedWith('OPERATION_TERMINATED', {}))
  const { decision } = unparked
  if (decision.action === 'abandon') throw endEarly({ state: 'abandoned', by: decision.by, note: decision.note })
  return decision
}

function endedBefore(): string {
  const { repairs } = flowState().start
  return repairs === 'deleted'
    ? 'The run of this operation was deleted before its result was recorded.'
    : `The run ${repairs} of this operation was ended by force.`
}

function nameOf({ name, call }: Parked['step']): string {
  return `${name} (reference ${call.reference})`
}
