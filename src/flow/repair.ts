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
import { type Absent, type Settled, settle, settleDoubt } from './settle.ts'
import { type FlowState, flowState, type Parked } from './state.ts'
import { reversalOf, type Step } from './step.ts'
import { watchLate } from './watch.ts'

interface Progress {
  /** The steps that the flow has asked for, but for reads; later than what the dead run has begun, there is nothing. */
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
  if (mode === 'recall') progress.wanted = 'undo'
  const found = await whatStands(step, progress)
  if (!('is' in found)) return await afterAbsence(step, found, progress, mode)
  if (found.is !== 'applied') {
    // A person has decided on a step that could not be asked for; or the core refused it, and would again.
    if (found.is !== 'rejected') progress.wanted = 'undo'
    return found
  }
  if (step.call.reversing || !(await wasUndone(step))) {
    step.effect = 'applied'
    return found
  }
  step.effect = 'undone'
  return withoutEffect(progress)
}

/** What the core says of the step, and where it cannot be asked what history says, or a person. */
async function whatStands(step: Step, progress: Progress): Promise<Settled | Absent> {
  const recorded = recordedOf(step)
  if (recorded?.is === 'rejected' || (recorded && !canAsk(step))) return recorded
  const { runId } = workflowInfo()
  if (!mayHaveBegun(step)) return { absentIn: runId }
  progress.asking++
  try {
    const finding = canAsk(step) ? await ask(step) : undefined
    // What stands, stands. What is absent may still come: the dead run may have sent it a moment ago.
    const settled: Settled | Absent =
      finding?.finding === 'applied'
        ? { is: 'applied', reply: finding.reply }
        : await settleDoubt(step, { outcome: 'withheld', run: runId })
    // The core's reply tells more than its inquiry.
    return 'is' in settled && settled.is === 'applied' ? (recorded ?? settled) : settled
  } finally {
    progress.asking--
  }
}

/** The answer that the dead run had, where it is the answer to this very call. */
function recordedOf(step: Step): Extract<Settled, { is: 'applied' | 'rejected' }> | undefined {
  const answers: Readonly<Record<string, RecordedAnswer>> = flowState().start.recorded?.answers ?? {}
  const answer = answers[step.call.reference]
  if (answer?.digest !== step.of.digest) return undefined
  const { outcome, ...rest } = answer.outcome
  return { is: outcome, ...rest } as Extract<Settled, { is: 'applied' | 'rejected' }>
}

function mayHaveBegun({ call }: Step): boolean {
  const { recorded } = flowState().start
  return recorded === undefined || recorded.begun.includes(call.reference)
}

/** The dead run may have been undoing when it was ended; the core still shows the entry then, and beside it the reversal's. */
async function wasUndone(step: Step): Promise<boolean> {
  const reversal = reversalOf(step)
  return reversal !== undefined && mayHaveBegun(reversal) && (await wasReversed(step))
}

async function afterAbsence(step: Step, absent: Absent, progress: Progress, mode: 'send' | 'recall'): Promise<Settled> {
  // A person who has the call tried again has decided for the rest of the flow too.
  if (absent.byOperator) progress.wanted ??= 'go-on'
  // Steps that are called side by side are looked at together: none may end the flow while another is still asked for.
  await condition(() => progress.asking === 0)
  if (mode === 'recall' || (!progress.wanted && nothingCanStand(progress))) return await nothingOf(step, progress)
  const wanted = step.call.reversing ? await wantedOfReversal(step, progress) : await wantedOf(step, progress)
  if (wanted === 'go-on' || step.call.reversing) return await settle(step)
  return await nothingOf(step, progress)
}

/** Nothing stands of what was asked for, and the dead run had asked for nothing more. */
function nothingCanStand({ steps }: Progress): boolean {
  const { recorded, call } = flowState().start
  if (steps.some(({ effect }) => effect === 'applied')) return false
  // An operation of one transaction has one step; what else a flow may have called is known from its history alone.
  if (!recorded) return call !== undefined
  return recorded.begun.every((reference) => steps.some((step) => step.call.reference === reference))
}

async function nothingOf(step: Step, progress: Progress): Promise<Settled> {
  if (mayHaveBegun(step)) await watchLate(step, 'never')
  return withoutEffect(progress)
}

/** Ends the flow; what stands of it is undone, whether or not it was called by a saga. */
function withoutEffect({ steps }: Progress): Settled {
  const { undoable } = flowState()
  undoable.push(...steps.filter((step) => step.effect === 'applied' && !undoable.includes(step)))
  return { is: 'failed', ...failedWith('OPERATION_WITHOUT_EFFECT', {}) }
}

async function wantedOf(step: Step, progress: Progress): Promise<'go-on' | 'undo'> {
  if (progress.wanted) return progress.wanted
  progress.word ??= wordOn(step, progress)
  progress.wanted = await progress.word
  return progress.wanted
}

async function wordOn(step: Step, { steps }: Progress): Promise<'go-on' | 'undo'> {
  const standing = steps.filter(({ effect }) => effect === 'applied')
  const decision = await decisionOn({
    step,
    reason: 'ended-by-force',
    happened: [
      endedBefore(),
      `In effect: ${standing.map(nameOf).join(', ') || 'nothing that it can be asked for by now'}.`,
      `Not in effect: ${nameOf(step)}${flowState().start.recorded ? '' : '; what may have come after it is not known, as the history is gone'}.`,
    ].join(' '),
    risk: 'The operation stands half done as long as nobody decides.',
    open: ['retry', 'reverse', 'abandon'],
    meanings: {
      retry:
        'the flow goes on and sends what is not in effect; each step that may have been sent before is asked for first',
      reverse: 'what stands is undone by its reversals, and the operation ends without effect',
    },
  })
  return decision.action === 'retry' ? 'go-on' : 'undo'
}

async function wantedOfReversal(step: Step, progress: Progress): Promise<'go-on' | 'undo'> {
  if (progress.wanted) return progress.wanted
  await decisionOn({
    step,
    reason: 'ended-by-force',
    happened: `${endedBefore()} The flow is not to complete, and ${step.name} has not been made.`,
    risk: `${step.call.reversing?.reference} stands although the operation does not complete.`,
    open: ['retry', 'abandon'],
    meanings: { retry: 'what stands is undone by its reversals' },
  })
  progress.wanted = 'undo'
  return progress.wanted
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
