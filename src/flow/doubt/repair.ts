// The repair of an operation whose run was ended by force (terminated, timed out, deleted): a new run of the same flow under the same
// id, so that all references are the same. Each step is asked for at the core. Nothing is sent before a person has decided.
//
//   everything stands      the flow completes as it would have
//   nothing stands         it ends without effect
//   something stands       it parks: send the rest, undo what stands, or leave it

import { CancellationScope, condition, sleep, workflowInfo } from '@temporalio/workflow'
import type { RecordedAnswer, Resolution } from '../../contract/durable.ts'
import { statusOf } from '../../error/status.ts'
import { endEarly, type FailedResult, failedWith, givenUp } from '../run/ending.ts'
import { type FlowState, flowState, type Parked, type Step } from '../run/state.ts'
import { reversalOf } from '../run/step.ts'
import { ask, canAsk } from './ask.ts'
import { settleDoubt } from './in-doubt.ts'
import { park } from './park.ts'
import { longestMs, wasReversed } from './reset.ts'
import { settle, watched } from './settle.ts'
import type { Absent, Mode, Settled } from './settled.ts'
import { markUndone, watchLate } from './watch.ts'

interface RepairProgress {
  /** When the repair began: what the dead run had sent can take effect for some time after it. */
  readonly since: number
  /** The steps that the flow has asked for so far, but for reads. */
  readonly steps: Step[]
  /** Steps of which it is known whether the dead run had undone them, and those that it had. */
  readonly checked: Set<Step>
  readonly undone: Set<Step>
  /** Steps whose answer from the core is still out. */
  asking: number
  /** The first step that is not in effect asks a person; others at the same moment wait for the same word. */
  word?: Promise<Resolution>
  /** What a person wants. Until then nothing is sent. */
  wanted?: Wanted
}

type Wanted = 'go-on' | 'undo'

const progresses = new WeakMap<FlowState, RepairProgress>()

function progressOf(state: FlowState): RepairProgress {
  const known = progresses.get(state)
  if (known) return known
  const fresh: RepairProgress = { since: Date.now(), steps: [], checked: new Set(), undone: new Set(), asking: 0 }
  if (state.start.recorded?.cancelled) fresh.wanted = 'undo'
  progresses.set(state, fresh)
  return fresh
}

/** Settles a step, or in a repair: asks for it first. In a flow that is cancelled nothing new is wanted. */
export function settleOrRepair(step: Step, mode: Mode = () => 'send'): Promise<Settled> {
  return flowState().start.repairs === undefined ? settle(step, mode) : settledInRepair(step, mode)
}

async function settledInRepair(step: Step, mode: Mode): Promise<Settled> {
  const state = flowState()
  if (step.traits.effect === 'read') return recordedOf(step) ?? (await settle(step))
  if (state.start.codeUnknown) return await handedOver(step)
  const progress = progressOf(state)
  if (!progress.steps.includes(step)) progress.steps.push(step)
  if (mode() === 'recall') progress.wanted = 'undo'
  return await repaired(step, progress)
}

/**
 * Before a repair says that something has happened: nothing of it may have been undone by the dead run, for the reason of its own that
 * this run does not have: a decision, say.
 */
export async function confirmStanding(): Promise<void> {
  const progress = progressOf(flowState())
  const isUndone = await CancellationScope.nonCancellable(() => undoneBefore(progress))
  if (isUndone) throw endEarly(withoutEffect(progress))
}

async function repaired(step: Step, progress: RepairProgress): Promise<Settled> {
  progress.asking++
  const found = await whatStands(step).finally(() => progress.asking--)
  // The dead run may have sent it again just before: found once, it may still come a second time.
  if (mayHaveBegun(step)) step.restsOn ??= 'absence'
  if ('is' in found) {
    // A person has decided on a step that the core could not be asked for.
    if (found.is === 'failed' || found.is === 'reverse') progress.wanted = 'undo'
    return await watched(step, found)
  }
  // A person who has the call tried again has decided for the rest of the flow too.
  if (found.byOperator) progress.wanted ??= 'go-on'
  if (step.call.reversing) {
    await untilReversalIsWanted(step, progress)
    return await settle(step)
  }
  // Steps that are called side by side are looked at together: none may end the flow while another is still asked for.
  await condition(() => progress.asking === 0)
  const endsHere = (await undoneBefore(progress)) || nothingCanStand(progress)
  const wanted = endsHere ? 'undo' : await wantedAfter(step, progress)
  return wanted === 'go-on' ? await sent(step) : await watched(step, { is: 'failed', ...withoutEffect(progress) })
}

/** What the core says of the step, and where it cannot be asked what history says, or a person. */
async function whatStands(step: Step): Promise<Settled | Absent> {
  const recorded = recordedOf(step)
  const found = recorded?.is === 'rejected' ? recorded : await lookedUp(step, recorded)
  if ('is' in found && found.is === 'applied' && !step.call.reversing) step.effect = 'applied'
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
  return { is: 'rejected', reason: outcome.reason, status: statusOf(outcome, 'refused'), reply: outcome.reply }
}

function mayHaveBegun({ call }: Step): boolean {
  return flowState().start.recorded?.begun?.includes(call.reference) ?? true
}

/**
 * Whether the dead run had undone steps that the core still shows as applied; marks them. A reversal that is absent may still come, so
 * it is asked for again when it no longer can.
 */
async function undoneBefore(progress: RepairProgress): Promise<boolean> {
  const { steps, checked, undone, since } = progress
  const open: { step: Step; dueAt: number }[] = []
  for (const step of steps) {
    const reversal = step.effect === 'applied' && !checked.has(step) ? reversalOf(step) : undefined
    if (!reversal || !mayHaveBegun(reversal)) continue
    const found = canAsk(reversal) ? await ask(reversal) : undefined
    if (found?.finding === 'applied') undone.add(step)
    else open.push({ step, dueAt: since + longestMs(reversal) })
    checked.add(step)
  }
  const restMs = Math.max(0, ...open.map(({ dueAt }) => dueAt)) - Date.now()
  if (restMs > 0) await sleep(restMs, { summary: 'the run before may still be undoing steps' })
  for (const { step } of open) if (await wasReversed(step)) undone.add(step)
  for (const step of undone) if (step.effect !== 'undone') await markUndone(step)
  return undone.size > 0
}

/** Hours may lie between the first question and the decision to go on. */
async function sent(step: Step): Promise<Settled> {
  if (canAsk(step) && mayHaveBegun(step)) {
    step.restsOn = 'absence'
    const settled = await lookedUp(step, undefined)
    if ('is' in settled) return await watched(step, settled)
    step.restsOn = 'absence'
  }
  return await settle(step)
}

/** Nothing stands of what was asked for, and the dead run had asked for nothing more. */
function nothingCanStand(progress: RepairProgress): boolean {
  if (progress.wanted || progress.steps.some(({ effect }) => effect === 'applied')) return false
  const { recorded, call } = flowState().start
  // An operation of one transaction has one step; what else a flow may have called is known from its history alone.
  return recorded?.begun ? unseenBy(progress).length === 0 : call !== undefined
}

/** What the dead run had called, and this one has not come to. */
function unseenBy({ steps }: RepairProgress): readonly string[] {
  const known = steps.flatMap((step) => [step.call.reference, reversalOf(step)?.call.reference])
  return (flowState().start.recorded?.begun ?? []).filter((reference) => !known.includes(reference))
}

/** Ends the flow; what stands of it is undone, whether or not it was called by a saga. */
function withoutEffect({ steps }: RepairProgress): FailedResult {
  const { undoable } = flowState()
  undoable.push(...steps.filter((step) => step.effect === 'applied' && !undoable.includes(step)))
  return failedWith('OPERATION_WITHOUT_EFFECT', {})
}

async function wantedAfter(step: Step, progress: RepairProgress): Promise<Wanted> {
  if (progress.wanted) return progress.wanted
  progress.word ??= wordOn(step, progress)
  const word = await progress.word
  if (word.action === 'abandon') return await leftTo(word, step)
  progress.wanted = word.action === 'retry' ? 'go-on' : 'undo'
  return progress.wanted
}

async function wordOn(step: Step, { steps }: RepairProgress): Promise<Resolution> {
  const standing = steps.filter(({ effect }) => effect === 'applied').map(nameOf)
  const beyond = flowState().start.recorded?.begun ? '' : '; what may have come after it is not known'
  return await decisionOn({
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
}

async function untilReversalIsWanted(step: Step, progress: RepairProgress): Promise<void> {
  if (progress.wanted) return
  const decision = await decisionOn({
    step,
    reason: 'ended-by-force',
    happened: `${endedBefore()} The operation is not to complete, and ${step.name} has not been made.`,
    risk: `What has the reference ${step.call.reversing?.reference} stands although the operation does not complete.`,
    open: ['retry', 'abandon'],
    meanings: { retry: 'what stands is undone by its reversals' },
  })
  if (decision.action === 'abandon') await leftTo(decision, step)
  progress.wanted = 'undo'
}

/** What this code would ask for need not be what was called, so that neither a completion nor an undoing of it would be true. */
async function handedOver(step: Step): Promise<never> {
  const decision = await decisionOn({
    step,
    reason: 'ended-by-force',
    happened: `${endedBefore()} Other flows may have become current since, so nobody knows under which references it made its calls.`,
    risk: 'What it had done stands, perhaps by half, until somebody has compared the core with the request.',
    open: ['abandon'],
  })
  throw givenUp(decision)
}

async function decisionOn(what: Parameters<typeof park>[0]): Promise<Resolution> {
  const unparked = await park(what)
  if (unparked.by === 'itself') throw endEarly(failedWith('OPERATION_TERMINATED', {}))
  return unparked.decision
}

/** Ends the flow as it stands. The person was told that the step is not in effect: should it come to be, the late look says so. */
async function leftTo(decision: Resolution, step: Step): Promise<never> {
  if (mayHaveBegun(step)) await watchLate(step, 'never')
  throw givenUp(decision)
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
