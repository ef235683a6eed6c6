// One request at the REST API and its answer: what is remembered for the log, and how values and problems are sent.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Failure, failure } from '../../error/failure.ts'
import type { Principal, TokenReference } from '../../operation/principal.ts'
import { challengeOf } from '../access/challenge.ts'
import { metadataUrl } from '../access/credentials.ts'
import { type Problem, type ProblemContext, problemOf } from '../problem.ts'

/** What the request log and the audit may tell about a request. Never a value that a caller gave, but for a checked request id. */
export interface RequestTrace {
  readonly startedAt: number
  /** Who calls, once that is known. */
  client?: string
  /** For the audit alone. */
  token?: TokenReference | undefined
  consent?: string | undefined
  operation?: string
  version?: number
  operationId?: string
  /** Of a read: under which reference the core was asked, and how long that took. */
  reference?: string
  coreMs?: number
  /** The code of the problem, the outcome of a read, or what stood behind an error on our side. */
  code?: string
  outcome?: string
}

declare module 'fastify' {
  interface FastifyRequest {
    trace: RequestTrace
    /** Who calls, from the hook of the route on. */
    principal: Principal
  }
}

/** Remembers who calls, for the log and the audit. */
export function identified({ trace }: FastifyRequest, { client, token, consent }: Principal): void {
  Object.assign(trace, { client, token, consent })
}

/** Milliseconds as the log shows them. */
export const tenths = (ms: number) => Math.round(ms * 10) / 10

/** Seconds after which a caller may look or try again. */
export const retryAfterSeconds = 1

/** What every problem of this request tells beside itself. */
export function problemContext(
  request: FastifyRequest,
  extras: Omit<ProblemContext, 'requestId'> = {},
): ProblemContext {
  return { requestId: request.id, ...extras }
}

/** Sends a body as JSON. */
export function sendJson(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body))
}

/** Sends problem details, with Retry-After where the same request may succeed soon. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  reply.request.trace.code = problem.code
  if (problem.status === 503 && problem.retryable) reply.header('retry-after', String(retryAfterSeconds))
  return reply.code(problem.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(problem))
}

/** Sends a failure as problem details, with Allow where the method is wrong. A caller that names no host may not speak HTTP/1.1 at all. */
export function refuse(
  reply: FastifyReply,
  error: Failure,
  extras: Omit<ProblemContext, 'requestId'> = {},
): FastifyReply {
  if (error.code === 'METHOD_NOT_ALLOWED') reply.header('allow', String(error.facts.allow))
  if (error.code === 'HOST_MISSING') reply.header('connection', 'close')
  reply.headers(challengeOf(error, () => metadataUrl(reply.request)))
  return sendProblem(reply, problemOf(error, problemContext(reply.request, extras)))
}

/** Throws NOT_ACCEPTABLE when the caller leaves out JSON. */
export function wantJson(request: FastifyRequest): void {
  if (!acceptsJson(request.headers.accept)) throw failure('NOT_ACCEPTABLE', {})
}

/** Whether a caller takes JSON, by its Accept header (RFC 9110 section 12.5.1): the most specific range that covers application/json has a weight above 0. */
export function acceptsJson(header: string | undefined): boolean {
  if (header === undefined || header.trim() === '') return true
  let best = { specificity: -1, weight: 0 }
  for (const part of header.slice(0, 2000).split(',')) {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    const specificity = ['*/*', 'application/*', 'application/json'].indexOf(range)
    if (specificity > best.specificity) best = { specificity, weight: weightOf(parameters) }
  }
  return best.weight > 0
}

function weightOf(parameters: readonly string[]): number {
  const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
  return q === undefined ? 1 : /^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/.test(q) ? Number(q) : 1
}
