// Parks a flow: stops it safely, says so where operators look, asks the core again now and then, and waits for a decision that is open.

import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import {
  ApplicationFailure,
  condition,
  defineQuery,
  defineUpdate,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import type { InquiryAnswer } from '../../contract/activity.ts'
import type { Resolution } from '../../contract/durable.ts'
import { type FlowState, flowState, type Parked } from '../run/state.ts'
import { jittered } from './ask.ts'
import { mistakeIn } from './decision.ts'
import { runbook } from './runbook.ts'

const stateKey = defineSearchAttributeKey('MainspanState', SearchAttributeType.KEYWORD)
const reasonKey = defineSearchAttributeKey('MainspanReason', SearchAttributeType.KEYWORD)
const adapterKey = defineSearchAttributeKey('MainspanAdapter', SearchAttributeType.KEYWORD)
const transactionKey = defineSearchAttributeKey('MainspanTransaction', SearchAttributeType.KEYWORD)
const parkedAtKey = defineSearchAttributeKey('MainspanParkedAt', SearchAttributeType.DATETIME)

/** How parking ended: by a person, with what the core said then; or by itself. */
export type Unparked<T> =
  | { readonly by: 'person'; readonly decision: Resolution; readonly found: InquiryAnswer | undefined }
  | { readonly by: 'itself'; readonly settled: T }

/**
 * Stops until an operator has decided, or until `again` gives something. It is asked with growing, jittered pauses: many flows that
 * parked in one outage must not all ask at the same moment. Several parked calls are shown one after the other.
 */
export async function park<T = never>(
  what: Omit<Parked, 'since' | 'decision' | 'deciding' | 'found'>,
  again?: () => Promise<T | undefined>,
): Promise<Unparked<T>> {
  const state = flowState()
  const parked: Parked = { ...what, since: new Date().toISOString() }
  state.parked.push(parked)
  if (state.parked[0] === parked) show(state)
  const settled = again ? await untilDecidedOr(parked, again) : await condition(() => parked.decision !== undefined)
  state.parked.splice(state.parked.indexOf(parked), 1)
  show(state)
  const { decision, found } = parked
  if (decision && !isOvertaken(decision, settled)) return { by: 'person', decision, found }
  return { by: 'itself', settled: settled as T }
}

/**
 * What was asked or sent before a decision may end after it. "Applied" is then newer than what the decision rests on: to go on with `retry`
 * would send what has just taken effect. Who undoes the step, or takes it over, does so whatever became of it.
 */
function isOvertaken({ action }: Resolution, settled: unknown): boolean {
  const isApplied = typeof settled === 'object' && settled !== null && 'is' in settled && settled.is === 'applied'
  return isApplied && action !== 'reverse' && action !== 'abandon'
}

async function untilDecidedOr<T>(parked: Parked, again: () => Promise<T | undefined>): Promise<T | undefined> {
  const { askAgainMs, askAgainMaxMs } = flowState().patience
  for (let pause = askAgainMs; ; pause = Math.min(pause * 2, longestPauseMs(askAgainMaxMs))) {
    if (await condition(() => parked.decision !== undefined, jittered(pause))) return undefined
    await condition(() => parked.deciding !== true)
    const settled = parked.decision === undefined ? await again() : undefined
    await condition(() => parked.deciding !== true)
    if (parked.decision !== undefined || settled !== undefined) return settled
  }
}

/** A history has room for some thousand questions; a flow that has waited for weeks asks four times a day. */
function longestPauseMs(askAgainMaxMs: number): number {
  return workflowInfo().continueAsNewSuggested ? Math.max(askAgainMaxMs, 21_600_000) : askAgainMaxMs
}

function show(state: FlowState): void {
  const parked = state.parked[0]
  upsertSearchAttributes([
    { key: stateKey, value: parked ? 'parked' : 'running' },
    { key: reasonKey, value: parked?.reason ?? null },
    { key: adapterKey, value: parked?.step.call.adapter ?? null },
    { key: transactionKey, value: parked?.step.call.transaction ?? null },
    { key: parkedAtKey, value: parked ? new Date(parked.since) : null },
  ])
  setCurrentDetails(parked ? runbook(parked, state) : '')
}

/** Says in the search attributes that the flow is running; `reason` only where something keeps it. */
export function showRunning(reason?: string): void {
  upsertSearchAttributes([
    { key: stateKey, value: 'running' },
    ...(reason === undefined ? [] : [{ key: reasonKey, value: reason }]),
  ])
}

/** What the query `state` answers. */
export interface StateAnswer {
  readonly state: 'running' | 'parked'
  readonly parked: readonly {
    readonly reason: string
    readonly adapter: string
    readonly transaction: string
    readonly reference: string
    readonly since: string
    readonly open: readonly Resolution['action'][]
  }[]
}

const resolveUpdate = defineUpdate<string, [Resolution]>('resolve')
const stateQuery = defineQuery<StateAnswer>('state')

/** Registers the update `resolve` and the query `state`. */
export function listen(state: FlowState): void {
  setHandler(stateQuery, () => answerState(state), {
    description: 'What the operation is doing; what it is parked on.',
  })
  setHandler(resolveUpdate, (resolution) => decide(state, resolution), {
    description:
      'Decides on the parked call: {"action": "retry" | "confirm-applied" | "confirm-not-applied" | "reverse" | "abandon", ' +
      '"by": "who", "note": "why"}. The runbook lists what is open. The core is asked first, where it can be.',
    validator: (resolution) => {
      const mistake = mistakeIn(state.parked[0], resolution)
      if (mistake !== undefined) throw refused(mistake)
    },
  })
}

/** One decision at a time: while one is held against the core, others are refused. Temporal answers a repeated update id with the first answer. */
async function decide(state: FlowState, resolution: Resolution): Promise<string> {
  const parked = state.parked[0]
  // Two updates of one workflow task are validated together, before either has begun.
  const mistake = mistakeIn(parked, resolution)
  if (!parked || mistake !== undefined) throw refused(mistake ?? '')
  parked.deciding = true
  try {
    const refusal = await parked.examine?.(resolution, parked)
    if (refusal !== undefined) throw refused(refusal)
    parked.decision = resolution
  } finally {
    parked.deciding = false
  }
  return `${resolution.action} is taken for ${parked.step.name} (${parked.step.call.reference})${wordOf(parked.found)}`
}

function wordOf(found: InquiryAnswer | undefined): string {
  switch (found?.finding) {
    case undefined:
      return ''
    case 'applied':
      return '; the core says that it was applied'
    case 'absent':
      return '; the core says that it was not applied'
    case 'unclear':
      return '; the core did not answer, so this rests on your word'
    default:
      return '; the core holds something else'
  }
}

function refused(why: string): ApplicationFailure {
  const refusal = ApplicationFailure.nonRetryable(why, 'RESOLUTION_REFUSED')
  // The Temporal UI prints the stack under the message; it would tell an operator nothing.
  refusal.stack = ''
  return refusal
}

function answerState(state: FlowState): StateAnswer {
  const parked = state.parked.map(({ reason, step, since, open }) => {
    const { adapter, transaction, reference } = step.call
    return { reason, adapter, transaction, reference, since, open }
  })
  return { state: parked.length > 0 ? 'parked' : 'running', parked }
}
