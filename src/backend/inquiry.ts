// Settles a doubt by asking the core: what to ask, and what its answer proves about the call in doubt.

import type { Inquiry } from '../contract/adapter.ts'
import type { Wire } from '../contract/backend.ts'
import type { Call } from '../contract/call.ts'
import type { Finding, Outcome } from '../contract/outcome.ts'

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

/**
 * What the inquiry's own outcome proves. Only a rejection that the contract lists as such proves absence; only exactly
 * one match proves that the call was applied. An inquiry that itself failed, or an answer that contradicts itself,
 * proves nothing.
 */
export function findingOf(inquiry: Inquiry, answer: Outcome, asking: Wire, doubtful: Wire): Finding {
  if (answer.outcome === 'rejected') {
    if (inquiry.absent.includes(answer.reason)) return { finding: 'absent' }
    return unclear(`the inquiry was rejected: ${answer.reason}`)
  }
  if (answer.outcome === 'abended') return unclear(`the inquiry abended: ${answer.abendCode}`)
  if (answer.outcome !== 'applied') return unclear(answer.message)
  if (inquiry.matches !== undefined) {
    const matches = wholeNumber(asking.valueOf('reply', answer.reply, inquiry.matches))
    if (matches === undefined) return unclear(`${inquiry.matches} of the inquiry's reply is no number`)
    if (matches > 1) return { finding: 'ambiguous', matches }
    if (matches === 0) return unclear(`the inquiry found an entry and counts none in ${inquiry.matches}`)
  }
  const values: Record<string, string> = {}
  for (const [to, from] of Object.entries(inquiry.gives ?? {})) {
    const value = asking.valueOf('reply', answer.reply, from)
    if (value !== undefined) values[to] = value
  }
  return { finding: 'applied', reply: doubtful.bodyOf('reply', values) }
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

function unclear(message: string): Finding {
  return { finding: 'unclear', message }
}
