// What a caller is told of an operation, whichever API it came by: completed, still under way, or refused, in the words of the catalogue.

import type { Attention, AttentionReason, OperationResult } from '../contract/durable.ts'
import type { JsonObject } from '../contract/json.ts'
import type { Outcome } from '../contract/outcome.ts'
import { catalogue } from '../error/catalogue.ts'
import { edgeErrors } from '../error/edge/edge-errors.ts'
import { rowNamed } from '../error/entry.ts'
import { type Failure, failure } from '../error/failure.ts'
import { flowErrors } from '../error/flow-errors.ts'
import { isCallers, type Status } from '../error/status.ts'

/** `open`: the operation runs on, or waits for a person; its end is told where its id is asked for. */
export type Answer =
  | { readonly is: 'completed'; readonly output: JsonObject }
  | { readonly is: 'open'; readonly state: 'running' | 'parked' }
  | { readonly is: 'refused'; readonly refusal: Refusal }

/** Why an operation was not begun, or did not complete. Never more than is certain, and nothing of what stands behind our own errors. */
export interface Refusal {
  /** A code of the catalogue, or the one that a flow ended with. */
  readonly code: string
  readonly title: string
  readonly status: Status
  readonly detail: string
  readonly hint?: string
  /** Why the core refused: a stable word in kebab-case. */
  readonly reason?: string
  /** Whether the same request may succeed later, unchanged and without harm. */
  readonly retryable: boolean
}

/** What is told of an operation as it stands. Without `attention` nothing was seen in the core after its end. */
export function answerOf(standing: OperationStanding): Answer {
  if (standing.state === 'running' || standing.state === 'parked') return { is: 'open', state: standing.state }
  const refusal = refusalOfEnd(standing)
  if (refusal) return { is: 'refused', refusal }
  return { is: 'completed', output: standing.state === 'completed' ? standing.output : {} }
}

type OperationStanding = OperationEnd | { readonly state: 'running' } | { readonly state: 'parked' }

/**
 * What is told of a read by the express lane. Doubt about a read is no more than a reason to ask again: what got no answer may be asked for
 * later; an abend, or an answer that makes no sense, is the core's fault.
 */
export function answerOfRead(outcome: Outcome): Exclude<Answer, { is: 'open' }> {
  if (outcome.outcome === 'applied') return { is: 'completed', output: outcome.reply }
  return { is: 'refused', refusal: refusalOfRead(outcome) }
}

function refusalOfRead(outcome: Exclude<Outcome, { outcome: 'applied' }>): Refusal {
  switch (outcome.outcome) {
    case 'rejected':
      return rejection(outcome.reason, outcome.status)
    case 'not-sent':
      return notSent(outcome.code)
    case 'abended':
      return refusalOf(failure('READ_FAILED', {}))
    case 'unknown': {
      const noAnswer = outcome.cause === 'no-reply-before-deadline' || outcome.cause === 'connection-lost-after-send'
      return refusalOf(failure(noAnswer ? 'READ_UNANSWERED' : 'READ_FAILED', {}))
    }
  }
}

/** What a caller is told of an error. Of errors on our side it is no more than the catalogue's title. */
export function refusalOf(error: Failure): Refusal {
  const isShown = isCallers(error.status) || Object.hasOwn(edgeErrors, error.code)
  return {
    ...head(error.code, error.status),
    detail: isShown ? error.what : 'the request cannot be dealt with at present',
    hint: isShown
      ? error.hint
      : 'try again later; repeat a write with the same Idempotency-Key, which begins nothing twice',
  }
}

/** The end of an operation, and what was seen after it. */
export type OperationEnd = OperationResult & { readonly attention?: Attention }

/** What a customer has to know of an operation after whose end something was seen in the core. */
export const attentionTexts: Readonly<Record<AttentionReason, string>> = {
  doubled: 'an effect of this operation stands twice in the core; the bank is looking into it',
  'late-effect':
    'an effect of this operation came after it had been taken for not applied; the bank is looking into it',
  'effect-missing':
    'the core does not show an effect of this operation that was confirmed; the bank is looking into it',
}

const sendNothing = 'ask again at the URL of the operation, and send nothing anew before it says what became of it'

/**
 * Why an operation ended without completing; undefined when it completed. What was seen after the end comes before what the end said, and
 * an operation that was ended by force is told as one that is being looked into.
 */
export function refusalOfEnd(end: OperationEnd): Refusal | undefined {
  const refusal = refusalOfResult(end)
  if (refusal === undefined || end.attention === undefined) return refusal
  return { ...refusal, detail: attentionTexts[end.attention.reason], hint: sendNothing }
}

function refusalOfResult(result: OperationResult): Refusal | undefined {
  if (result.state === 'completed') return undefined
  if (result.state === 'rejected') return rejection(result.reason, result.status)
  if (result.state === 'abandoned') return refusalOf(failure('OPERATION_ABANDONED', {}))
  const { code, message, status } = result
  return { ...head(code, status), ...failedText(code, message, status), retryable: false }
}

const sameAgain = 'the same Idempotency-Key gives this answer again'

/** Texts of flows are the catalogue's own, made for customers. Of any other error on our side no more is told than that it left nothing. */
function failedText(code: string, message: string, status: Status): Pick<Refusal, 'detail' | 'hint'> {
  const row = rowNamed(flowErrors, code)
  if (row) {
    const { hint, retry } = row
    return { detail: message, hint: retry === 'inquire' ? hint({}) : `${hint({})}; ${sameAgain}` }
  }
  const detail = isCallers(status) ? message.replace(`${code}: `, '') : 'the operation could not be carried out'
  return { detail, hint: `nothing of it remains in effect; ${sameAgain}, only a new key starts anew` }
}

/** A read that was not sent, by the code that says why; which system it was, and where, stays inside. */
export function notSent(code: string): Refusal {
  return {
    ...head(Object.hasOwn(catalogue, code) ? code : 'CORE_UNREACHABLE', 'unavailable'),
    detail: 'the core system cannot be asked at present; nothing was sent',
    retryable: true,
    hint: 'try again later',
  }
}

/** An answer by the core that means no. */
export function rejection(reason: string, status: Status): Refusal {
  const refusal = refusalOf(failure('CORE_REJECTED', { reason }))
  return { ...refusal, status: isCallers(status) ? status : 'refused', reason }
}

function head(code: string, status: Status): Pick<Refusal, 'code' | 'title' | 'status' | 'retryable'> {
  const row = rowNamed(catalogue, code)
  return { code, title: row?.title ?? 'Operation failed', status, retryable: row?.retry === 'later' }
}
