// The built-in workflow of operations that one transaction backs, without any flow code.

import type { TraitsTable } from '../../contract/activity.ts'
import type { JsonObject } from '../../contract/json.ts'
import { carryOut } from '../call.ts'
import { emit } from '../emit.ts'
import { flow, type Workflow } from '../flow.ts'
import { endEarly, failedWith } from '../run/ending.ts'
import { flowState } from '../run/state.ts'
import { nextStep } from '../run/step.ts'

/** `runTransaction` over the transactions of a catalog; the worker's entry exports it under that name. */
export function runTransactionOf(table: TraitsTable): Workflow {
  return flow(async (input: JsonObject) => {
    const { start, operationId } = flowState()
    const { operation, call } = start
    const siblings = table[call?.adapter ?? '']
    const traits = siblings?.[call?.transaction ?? '']
    if (!call || !siblings || !traits) throw endEarly(failedWith('TRANSACTION_MISSING', { operation }))
    const { adapter, transaction, event, eventFields, subject } = call
    const reply = await carryOut(nextStep({ adapter, transaction, traits, siblings }, input))
    const data = eventFields ? { ...picked(input, eventFields.request), ...picked(reply, eventFields.reply) } : reply
    if (event !== undefined) await emit(event, { subject: subject ?? operationId, data })
    return reply
  })
}

/** The fields that are there: optional ones may not be. */
function picked(values: JsonObject, names: readonly string[] = []): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)))
}
