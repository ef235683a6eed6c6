// Settles a doubt by asking the core: what to ask, and what its answer proves about the call in doubt.

import { sameValue } from '../codec/same-value.ts'
import type { Inquiry } from '../contract/adapter.ts'
import type { Wire } from '../contract/backend.ts'
import type { Call } from '../contract/call.ts'
import type { JsonObject } from '../contract/json.ts'
import type { InquiryFinding, Outcome } from '../contract/outcome.ts'

/** The fields of the inquiry's request: our reference of the call in doubt, and what else of its request helps. */
export function inquiryOf(inquiry: Inquiry, call: Call, doubtful: Wire): Readonly<Record<string, string>> {
  return { ...copied(inquiry.with, doubtful, call.request), [inquiry.by]: call.reference }
}

/** Field of the new request → value of a field of an earlier one. */
export function copied(
  names: Readonly<Record<string, string>> | undefined,
  wire: Wire,
  request: Call['request'],
): Readonly<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const [to, from] of Object.entries(names ?? {})) {
    const value = wire.valueOf('request', request, from)
    if (value !== undefined) values[to] = value
  }
  return values
}

/** The two sides of an inquiry. */
export interface Sides {
  readonly asking: Wire
  readonly doubtful: Wire
  /** What the call in doubt asked for, by field. */
  readonly asked: (field: string) => string | undefined
}

/**
 * What the inquiry's own outcome proves. Only a rejection that the contract lists as such proves absence; only exactly
 * one match, for the account, amount and direction that were asked for, proves that the call was applied. An inquiry that
 * itself failed, or an answer that contradicts itself, proves nothing.
 */
export function findingOf(inquiry: Inquiry, answer: Outcome, sides: Sides): InquiryFinding {
  const { asking, doubtful } = sides
  if (answer.outcome === 'rejected') {
    if (inquiry.absent.includes(answer.reason)) return { finding: 'absent' }
    return unclear(`the inquiry was rejected: ${answer.reason}`)
  }
  if (answer.outcome === 'abended') return unclear(`the inquiry abended: ${answer.abendCode}`)
  if (answer.outcome !== 'applied') return unclear(answer.message)
  const found = counted(inquiry, answer.reply, asking) ?? compared(inquiry, answer.reply, sides)
  if (found) return found
  const values: Record<string, string> = {}
  for (const [to, from] of Object.entries(inquiry.gives ?? {})) {
    const value = asking.valueOf('reply', answer.reply, from)
    if (value !== undefined) values[to] = value
  }
  return { finding: 'applied', reply: doubtful.bodyOf('reply', values) }
}

/** Undefined for exactly one match, and where nothing counts them. */
function counted({ matches: field }: Inquiry, reply: JsonObject, asking: Wire): InquiryFinding | undefined {
  if (field === undefined) return undefined
  const matches = wholeNumber(asking.valueOf('reply', reply, field))
  if (matches === undefined) return unclear(`${field} of the inquiry's reply is no number`)
  if (matches > 1) return { finding: 'ambiguous', matches }
  return matches === 1 ? undefined : unclear(`the inquiry found an entry and counts none in ${field}`)
}

/** Undefined when the core holds what was asked for, as far as the contract compares it. */
function compared({ compares = {} }: Inquiry, reply: JsonObject, sides: Sides): InquiryFinding | undefined {
  const { asking, doubtful, asked } = sides
  const fields: string[] = []
  for (const [field, from] of Object.entries(compares)) {
    const held = asking.valueOf('reply', reply, field)
    if (held === undefined) return unclear(`${field} is not in the inquiry's reply`)
    const asNumbers = asking.typeOf('reply', field) === 'number' || doubtful.typeOf('request', from) === 'number'
    if (!sameValue(held, asked(from), asNumbers)) fields.push(from)
  }
  return fields.length > 0 ? { finding: 'differs', fields } : undefined
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

function unclear(message: string): InquiryFinding {
  return { finding: 'unclear', message }
}
