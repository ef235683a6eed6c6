// Every refusal of the REST door as an RFC 9457 problem, made from the error catalogue.
//
//   { "type": "urn:mainspan:problem:INPUT_INVALID", "title": …, "status": 400, "detail": …, "instance": "urn:mainspan:request:…",
//     "code": "INPUT_INVALID", "retryable": false, "hint": …, "errors": [ { "in": "body", "pointer": "/amount", "message": … } ] }

import type { Attention, AttentionReason, OperationResult } from '../contract/durable.ts'
import { type Code, catalogue } from '../error/catalogue.ts'
import { edgeErrors } from '../error/edge-errors.ts'
import type { Entry, Facts } from '../error/entry.ts'
import { type Failure, failure, isFailure } from '../error/failure.ts'
import { flowErrors } from '../error/flow-errors.ts'
import { httpOf, isCallers, type Status } from '../error/status.ts'

/** One mistake in an input: where it stands, and what to do about it. */
export interface InputMistake {
  readonly in: 'body' | 'path' | 'query'
  /** JSON Pointer (RFC 6901) into the input; for `path` and `query` its first step names the parameter. */
  readonly pointer: string
  readonly message: string
}

export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance: string
  readonly code: string
  /** Whether the same request may succeed later, unchanged and without harm. */
  readonly retryable: boolean
  readonly hint?: string
  /** Why the core system refused: a stable word in kebab-case. */
  readonly reason?: string
  readonly errors?: readonly InputMistake[]
  /** The URL of the durable operation that this is the end of. */
  readonly operation?: string
}

export interface ProblemContext {
  /** The id of the request, for the log. */
  readonly requestId: string
  readonly errors?: readonly InputMistake[]
  readonly operation?: string
}

/** The problem that a caller sees of an error. Of errors on our side it tells no more than the catalogue's title. */
export function problemOf(error: Failure, context: ProblemContext): Problem {
  const told = isCallers(error.status) || Object.hasOwn(edgeErrors, error.code)
  return {
    ...head(error.code, error.status, context),
    detail: told ? error.what : 'the request cannot be dealt with at present',
    hint: told
      ? error.hint
      : 'try again later; repeat a write with the same Idempotency-Key, which begins nothing twice',
    ...tail(context),
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
 * The problem that an ended operation answers with; undefined when it completed. It never says more than is certain: what was seen after
 * the end comes before what the end said, and an operation that was ended by force is told as one that is being looked into.
 */
export function problemOfResult(end: OperationEnd, context: ProblemContext): Problem | undefined {
  const problem = problemOfEnd(end, context)
  if (problem === undefined || end.attention === undefined) return problem
  return { ...problem, detail: attentionTexts[end.attention.reason], hint: sendNothing }
}

function problemOfEnd(result: OperationResult, context: ProblemContext): Problem | undefined {
  if (result.state === 'completed') return undefined
  if (result.state === 'rejected') return rejection(result.reason, result.status, context)
  if (result.state === 'abandoned') return problemOf(failure('OPERATION_ABANDONED', {}), context)
  const { code, message, status } = result
  return { ...head(code, status, context), ...failedText(code, message, status), retryable: false, ...tail(context) }
}

const sameAgain = 'the same Idempotency-Key gives this answer again'

/** Texts of flows are the catalogue's own, made for customers. Of any other error on our side no more is told than that it left nothing. */
function failedText(code: string, message: string, status: Status): Pick<Problem, 'detail' | 'hint'> {
  if (Object.hasOwn(flowErrors, code)) {
    const { hint, retry } = flowErrors[code as keyof typeof flowErrors] as Entry<Facts>
    return { detail: message, hint: retry === 'inquire' ? hint({}) : `${hint({})}; ${sameAgain}` }
  }
  const detail = isCallers(status) ? message.replace(`${code}: `, '') : 'the operation could not be carried out'
  return { detail, hint: `nothing of it remains in effect; ${sameAgain}, only a new key starts anew` }
}

/** The problem of a read that was not sent, by the code that says why; which system it was, and where, stays inside. */
export function notSent(code: string, context: ProblemContext): Problem {
  const row = Object.hasOwn(catalogue, code) ? (catalogue[code as Code] as Entry<Facts>) : undefined
  return {
    ...head(row ? code : 'CORE_UNREACHABLE', 'unavailable', context),
    detail: 'the core system cannot be asked at present; nothing was sent',
    retryable: true,
    hint: 'try again later',
    ...tail(context),
  }
}

/** The problem of an answer by the core that means no. */
export function rejection(reason: string, status: Status, context: ProblemContext): Problem {
  const { hint, ...problem } = problemOf(failure('CORE_REJECTED', { reason }), context)
  return { ...problem, status: httpOf(isCallers(status) ? status : 'refused'), reason, ...(hint && { hint }) }
}

/** What went wrong, as an error of the catalogue: the HTTP library's own errors are the caller's, all else is ours. */
export function failureOf(error: unknown, limits: { readonly bodyBytesMax: number }): Failure {
  if (isFailure(error)) return error
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return failure('BODY_TOO_LARGE', { limit: limits.bodyBytesMax })
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return failure('MEDIA_TYPE_UNSUPPORTED', {})
  if (code === 'FST_ERR_MAX_PARAM_LENGTH') return failure('URI_TOO_LONG', {})
  if (code === 'FST_ERR_BAD_URL') return failure('REQUEST_MALFORMED', { problem: 'the path is badly encoded' })
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return failure('REQUEST_MALFORMED', { problem: 'the request is not complete or not well formed' }, { cause: error })
  }
  return failure('DOOR_FAULT', {}, { cause: error })
}

type Head = Pick<Problem, 'type' | 'title' | 'status' | 'instance' | 'code' | 'retryable'>

function head(code: string, status: Status, context: ProblemContext): Head {
  const row = Object.hasOwn(catalogue, code) ? (catalogue[code as Code] as Entry<Facts>) : undefined
  return {
    type: `urn:mainspan:problem:${code}`,
    title: row?.title ?? 'Operation failed',
    status: httpOf(status),
    instance: `urn:mainspan:request:${context.requestId}`,
    code,
    retryable: row?.retry === 'later',
  }
}

function tail(context: ProblemContext): Pick<Problem, 'errors' | 'operation'> {
  return {
    ...(context.errors && { errors: context.errors }),
    ...(context.operation !== undefined && { operation: context.operation }),
  }
}
