// What every operation may answer beside its output: problems by status, and the headers of answers.

import { verdictsOf } from '../../contract/adapter.ts'
import type { ResolvedOperation, ResolvedTransaction } from '../../contract/catalog.ts'
import { type Failure, failure } from '../../error/failure.ts'
import { httpOf, type Status } from '../../error/status.ts'
import { notSent, rejection } from '../../operation/answer.ts'
import { problemFrom, problemOf, problemOfEnd } from '../problem.ts'
import { retryAfterSeconds } from '../rest/exchange.ts'
import { restDefaults } from '../settings.ts'
import { limited } from './limits.ts'

/** The request of the examples. */
export const exampleRequest = { requestId: '8e03978e-40d5-43dd-bc93-6894a57f9324' }

/** The headers of answers, for `components.headers`. */
export const headers = {
  Location: {
    description: 'The durable operation.',
    schema: { type: 'string', format: 'uri-reference', maxLength: restDefaults.urlLengthMax },
    example: '/operations/8e03978e-40d5-43dd-bc93-6894a57f9324',
  },
  RetryAfter: {
    description: 'Seconds to wait before asking again.',
    schema: limited({ type: 'integer', minimum: 1, maximum: 60 }),
    example: retryAfterSeconds,
  },
  PreferenceApplied: {
    description: 'What of `Prefer` was followed.',
    schema: limited({ type: 'string', pattern: '^(?:respond-async|(?:respond-async, )?wait=[0-9]{1,9})$' }),
    example: 'wait=10',
  },
  IdempotencyReplayed: {
    description: '`true` when this key had started the operation before.',
    schema: { const: 'true' },
    example: 'true',
  },
  RequestId: {
    description: "The request's id in the log: your own from `X-Request-Id`, or a new one.",
    schema: limited({ type: 'string', pattern: '^[A-Za-z0-9._-]{8,64}$' }),
    example: exampleRequest.requestId,
  },
} as const

/** `headersOf('Location')`: references by the names of HTTP; every answer has X-Request-Id. */
export function headersOf(...names: readonly (keyof typeof headerNames)[]): object {
  return Object.fromEntries(
    [...names, 'X-Request-Id' as const].map((name) => [name, { $ref: `#/components/headers/${headerNames[name]}` }]),
  )
}

const headerNames = {
  Location: 'Location',
  'Retry-After': 'RetryAfter',
  'Preference-Applied': 'PreferenceApplied',
  'Idempotency-Replayed': 'IdempotencyReplayed',
  'WWW-Authenticate': 'Challenge',
  'X-Request-Id': 'RequestId',
} as const

/** Mistakes in how a request is sent rather than in what it says; one entry of the description stands for all of them. */
export const protocolStatuses = [404, 405, 406, 408, 413, 414, 415, 417, 431] as const

const statusNames: Readonly<Record<(typeof protocolStatuses)[number], string>> = {
  404: 'unknown path',
  405: 'wrong method',
  406: 'Accept without JSON',
  408: 'too slow',
  413: 'body too large',
  414: 'path too long',
  415: 'not JSON',
  417: 'unknown Expect',
  431: 'headers too large',
}

/** An answer that is a problem, with examples by name. */
export function problemResponse(
  description: string,
  examples: Readonly<Record<string, object>>,
  ...names: (keyof typeof headerNames)[]
) {
  const shown = Object.entries(examples).map(([name, value]) => [name, { value }])
  return {
    description,
    headers: headersOf(...names),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(shown),
      },
    },
  }
}

/** What an answer with the end of a write carries beside it. */
const endHeaders = ['Location', 'Preference-Applied', 'Idempotency-Replayed'] as const
const exampleEnd = { ...exampleRequest, operation: headers.Location.example }
const orEnd = 'Or, with `operation`: the end of the operation; `code` says what it was.'

function endedBy({ code, what, status }: Failure): object {
  return problemOfEnd({ state: 'failed', code, message: what, status }, exampleEnd) ?? {}
}

const inputExample = problemOf(failure('INPUT_INVALID', { mistakes: 1 }), {
  ...exampleRequest,
  errors: [
    {
      in: 'body',
      pointer: '/amount',
      message: 'must be given as a string, in double quotes, so that no digit is lost',
    },
  ],
})

/** Answers that several operations share, for `components.responses`. */
export const sharedResponses = {
  BadRequest: problemResponse('A mistake in the request. Nothing was done.', { inputInvalid: inputExample }),
  BadWrite: problemResponse('A mistake in the request, or no good Idempotency-Key. Nothing was done.', {
    inputInvalid: inputExample,
    keyMissing: problemOf(failure('IDEMPOTENCY_KEY_MISSING', {}), exampleRequest),
  }),
  NotFound: problemResponse('There is no such operation.', {
    unknown: problemOf(failure('OPERATION_ID_UNKNOWN', {}), exampleRequest),
  }),
  Ended: problemResponse(
    'The operation did not complete: it was cancelled or undone, or an operator ended it by hand.',
    {
      abandoned: problemOf(failure('OPERATION_ABANDONED', {}), exampleEnd),
      withoutEffect: endedBy(failure('OPERATION_WITHOUT_EFFECT', {})),
    },
    ...endHeaders,
  ),
  OtherMistake: problemResponse(
    `A mistake in how the request is sent: ${protocolStatuses.map((status) => `${status} ${statusNames[status]}`).join(', ')}. Nothing was done.`,
    { notAcceptable: problemOf(failure('NOT_ACCEPTABLE', {}), exampleRequest) },
  ),
  Fault: problemResponse('A fault of this service.', {
    fault: problemOf(failure('DOOR_FAULT', {}), exampleRequest),
  }),
  WriteFault: problemResponse(
    `A fault of this service: send the request again with the same Idempotency-Key. ${orEnd}`,
    {
      fault: problemOf(failure('DOOR_FAULT', {}), exampleRequest),
      endedByForce: endedBy(failure('OPERATION_TERMINATED', {})),
    },
    ...endHeaders,
  ),
  BadGateway: problemResponse('The core system ended abnormally, or gave an answer that makes no sense.', {
    failed: problemOf(failure('READ_FAILED', {}), exampleRequest),
  }),
  WriteBadGateway: problemResponse(
    'The core system ended abnormally and undid its work. This is the end of the operation.',
    { abended: endedBy(failure('CORE_ABENDED', { call: 'deposits.post', abendCode: 'ASRA' })) },
    ...endHeaders,
  ),
  Unavailable: problemResponse(
    'Not now; try again later.',
    { unreachable: problemFrom(notSent('CORE_UNREACHABLE'), exampleRequest) },
    'Retry-After',
  ),
  WriteUnavailable: problemResponse(
    `Not now: send the request again later with the same Idempotency-Key, which begins nothing twice. ${orEnd}`,
    {
      notRecorded: problemOf(failure('DURABLE_UNAVAILABLE', { why: 'no answer' }), exampleRequest),
      unanswered: endedBy(failure('CORE_UNANSWERED', { call: 'deposits.post', times: 3 })),
      notBegun: endedBy(failure('OPERATION_NOT_BEGUN', {})),
    },
    'Retry-After',
    ...endHeaders,
  ),
} as const

/** How the core may refuse what a transaction asks: status → reasons, in the order of the adapter. */
export function rejectionsOf(transaction: ResolvedTransaction): ReadonlyMap<Status, readonly string[]> {
  const { definition } = transaction
  const found = new Map<Status, string[]>()
  for (const verdict of verdictsOf(definition)) {
    if (verdict.verdict !== 'rejected') continue
    const reasons = found.get(verdict.status) ?? []
    if (!reasons.includes(verdict.reason)) found.set(verdict.status, [...reasons, verdict.reason])
  }
  return found
}

/** The responses for refusals by the core, one for each status. */
export function rejectionResponses(
  rejections: ReadonlyMap<Status, readonly string[]>,
  operation: ResolvedOperation,
): Readonly<Record<string, object>> {
  const isWrite = operation.effect === 'write'
  const responses = [...rejections].map(([status, reasons]) => {
    const keyReused = status === 'refused' && isWrite
    const known = operation.transaction
      ? `Reasons: ${reasons.map((reason) => `\`${reason}\``).join(', ')}.`
      : '`reason` says why.'
    const description = [
      `The core system said no; nothing remains changed. ${known}`,
      ...(keyReused ? [keyReusedText] : []),
    ].join(' ')
    const examples = reasons.map((reason) => [
      camel(reason),
      problemFrom(rejection(reason, status), isWrite ? exampleEnd : exampleRequest),
    ])
    const shown = { ...(operation.transaction && Object.fromEntries(examples)), ...(keyReused && keyReusedExample) }
    return [String(httpOf(status)), problemResponse(description, shown, ...(isWrite ? endHeaders : []))] as const
  })
  return Object.fromEntries(responses)
}

const keyReusedText =
  '`IDEMPOTENCY_KEY_REUSED`, or `REFERENCE_TAKEN` from the core: the key came before with another input.'
const keyReusedExample = {
  keyReused: problemOf(failure('IDEMPOTENCY_KEY_REUSED', { operation: 'transferFunds' }), exampleRequest),
}

/** The 422 of a write whose core refuses nothing with this status. */
export function keyReused(): object {
  return problemResponse(keyReusedText, keyReusedExample, ...endHeaders)
}

function camel(reason: string): string {
  return reason.replace(/-+([a-z0-9])/g, (_dash, letter: string) => letter.toUpperCase())
}

/** A reference to one of the shared answers. */
export function shared(name: keyof typeof sharedResponses | 'Unauthorized' | 'Forbidden'): object {
  return { $ref: `#/components/responses/${name}` }
}
