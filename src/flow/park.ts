// Parks a flow: stops it safely, says so where operators look, and waits for one of the decisions that are open.

import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import {
  ApplicationFailure,
  condition,
  defineQuery,
  defineUpdate,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow'
import type { Resolution } from '../contract/durable.ts'
import { runbook } from './runbook.ts'
import { type FlowState, flowState, type Parked } from './state.ts'

const stateKey = defineSearchAttributeKey('MainspanState', SearchAttributeType.KEYWORD)
const reasonKey = defineSearchAttributeKey('MainspanReason', SearchAttributeType.KEYWORD)
const adapterKey = defineSearchAttributeKey('MainspanAdapter', SearchAttributeType.KEYWORD)
const transactionKey = defineSearchAttributeKey('MainspanTransaction', SearchAttributeType.KEYWORD)
const parkedAtKey = defineSearchAttributeKey('MainspanParkedAt', SearchAttributeType.DATETIME)

/** Stops until an operator has decided. Several parked calls are shown one after the other. */
export async function park(what: Omit<Parked, 'since' | 'decision'>): Promise<Resolution> {
  const state = flowState()
  const parked: Parked = { ...what, since: new Date().toISOString() }
  state.parked.push(parked)
  if (state.parked[0] === parked) show(state)
  await condition(() => parked.decision !== undefined)
  state.parked.splice(state.parked.indexOf(parked), 1)
  show(state)
  return parked.decision as Resolution
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

/** Says in the search attributes what the flow is doing; `reason` only where something keeps it. */
export function showState(state: 'running' | 'done', reason?: string): void {
  upsertSearchAttributes([
    { key: stateKey, value: state },
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
      '"by": "who", "note": "why"}. The runbook lists what is open.',
    validator: (resolution) => {
      const mistake = mistakeIn(state, resolution)
      if (mistake === undefined) return
      const refusal = ApplicationFailure.nonRetryable(mistake, 'RESOLUTION_REFUSED')
      // The Temporal UI prints the stack under the message; it would tell an operator nothing.
      refusal.stack = ''
      throw refusal
    },
  })
}

/** Synchronous, so decisions are taken one after the other; Temporal answers a repeated update id with the first answer. */
function decide(state: FlowState, resolution: Resolution): string {
  const parked = state.parked[0]
  if (!parked) return 'nothing is parked'
  parked.decision = resolution
  return `${resolution.action} is taken for ${parked.step.name} (${parked.step.call.reference})`
}

function mistakeIn(state: FlowState, resolution: Resolution | undefined): string | undefined {
  const parked = state.parked[0]
  if (!parked) return 'Nothing is parked here: the operation goes on by itself or has ended.'
  if (parked.decision) return `A decision was just taken: ${parked.decision.action} by ${parked.decision.by}.`
  if (typeof resolution !== 'object' || resolution === null)
    return 'A decision is a JSON object; copy one of the runbook.'
  const { action, by, note, reference, reply } = resolution
  if (!parked.open.includes(action)) {
    return `'${action}' is not open here. Open: ${parked.open.join(', ')}.`
  }
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

function answerState(state: FlowState): StateAnswer {
  const parked = state.parked.map(({ reason, step, since, open }) => {
    const { adapter, transaction, reference } = step.call
    return { reason, adapter, transaction, reference, since, open }
  })
  return { state: parked.length > 0 ? 'parked' : 'running', parked }
}
