// Every refusal of the REST API as an RFC 9457 problem, made from the error catalogue.
//
//   { "type": "urn:mainspan:problem:INPUT_INVALID", "title": …, "status": 400, "detail": …, "instance": "urn:mainspan:request:…",
//     "code": "INPUT_INVALID", "retryable": false, "hint": …, "errors": [ { "in": "body", "pointer": "/amount", "message": … } ] }

import { membersOf } from '../contract/json.ts'
import { type Failure, failure, isFailure } from '../error/failure.ts'
import { httpOf } from '../error/status.ts'
import { type OperationEnd, type Refusal, refusalOf, refusalOfEnd } from '../operation/answer.ts'

/** One mistake in an input: where it stands, and what to do about it. */
export interface InputMistake {
  readonly in: 'body' | 'path' | 'query'
  /** JSON Pointer (RFC 6901) into the input; for `path` and `query` its first step names the parameter. */
  readonly pointer: string
  readonly message: string
}

/** Problem details (RFC 9457) with the members that are ours: `code`, `retryable`, `hint`, `reason`, `errors`, `operation`. */
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

/** What a problem takes from the request that it answers. */
export interface ProblemContext {
  /** The id of the request, for the log. */
  readonly requestId: string
  readonly errors?: readonly InputMistake[]
  readonly operation?: string
}

/** So many characters of a text are shown. */
export const problemTextMax = 2000

const firstCharacters = new RegExp(`^[^]{0,${problemTextMax}}`, 'u')

/** A text as problems show it: in one line, and not longer than `problemTextMax`. */
export function sentence(text: string): string {
  return firstCharacters.exec(text.replace(/\p{Cc}/gu, ' '))?.[0] ?? ''
}

/** A refusal as a problem. */
export function problemFrom(refusal: Refusal, { requestId, errors, operation }: ProblemContext): Problem {
  const { code, title, status, detail, hint, reason, retryable } = refusal
  return {
    type: `urn:mainspan:problem:${code}`,
    title: sentence(title),
    status: httpOf(status),
    detail: sentence(detail),
    instance: `urn:mainspan:request:${requestId}`,
    code,
    retryable,
    ...(hint !== undefined && { hint: sentence(hint) }),
    ...(reason !== undefined && { reason: sentence(reason) }),
    ...(errors && { errors: errors.map((one) => ({ ...one, message: sentence(one.message) })) }),
    ...(operation !== undefined && { operation }),
  }
}

/** The problem that a caller sees of an error. */
export function problemOf(error: Failure, context: ProblemContext): Problem {
  return problemFrom(refusalOf(error), context)
}

/** The problem that an ended operation answers with; undefined when it completed. */
export function problemOfEnd(end: OperationEnd, context: ProblemContext): Problem | undefined {
  const refusal = refusalOfEnd(end)
  return refusal && problemFrom(refusal, context)
}

/** What went wrong, as an error of the catalogue: the HTTP library's own errors are the caller's, all else is ours. */
export function failureOf(error: unknown, limits: { readonly bodyBytesMax: number }): Failure {
  if (isFailure(error)) return error
  const { code, statusCode } = membersOf(error)
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return failure('BODY_TOO_LARGE', { limit: limits.bodyBytesMax })
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return failure('MEDIA_TYPE_UNSUPPORTED', {})
  if (code === 'FST_ERR_MAX_PARAM_LENGTH') return failure('URI_TOO_LONG', {})
  if (code === 'FST_ERR_BAD_URL') return failure('REQUEST_MALFORMED', { problem: 'the path is badly encoded' })
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return failure('REQUEST_MALFORMED', { problem: 'the request is not complete or not well formed' }, { cause: error })
  }
  return failure('DOOR_FAULT', {}, { cause: error })
}
