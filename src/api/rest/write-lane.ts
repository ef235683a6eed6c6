// The durable lane as REST tells it: a write is started under its Idempotency-Key before anything is answered. Then it is waited for as
// long as the caller likes; after that the caller gets 202 and the URL where the end will be.

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ResolvedOperation } from '../../contract/catalog.ts'
import type { OperationStatus, Operations } from '../../contract/durable.ts'
import type { JsonObject } from '../../contract/json.ts'
import { answerOf } from '../../operation/answer.ts'
import type { Audit } from '../../operation/audit.ts'
import { invoke } from '../../operation/invoke.ts'
import type { Principal } from '../../operation/principal.ts'
import type { Stopping } from '../../operation/stopping.ts'
import { ended } from '../../operation/wait.ts'
import { problemFrom } from '../problem.ts'
import { problemContext, retryAfterSeconds, sendJson, sendProblem } from './exchange.ts'
import { idempotencyKey } from './idempotency-key.ts'
import { operationBody, operationUrl } from './operation-body.ts'
import { type WaitLimits, type WaitPreference, waitPreference } from './prefer.ts'

/** What carries out writes. */
export interface DurableParts {
  readonly operations: Operations
  readonly audit: Audit
  readonly limits: WaitLimits
  readonly basePath: string
  /** When the server begins to stop, those who wait are answered 202 at once. */
  readonly stopping: Stopping
}

/** A validated request. */
export interface RestRequest {
  readonly operation: ResolvedOperation
  readonly input: JsonObject
  readonly principal: Principal
}

/**
 * Starts or attaches, waits, answers. Throws IDEMPOTENCY_KEY_MISSING and IDEMPOTENCY_KEY_MALFORMED before anything happens, and what
 * `invoke` throws. From the moment of the start on there is no answer that leaves the caller in doubt: not when the wait fails,
 * not when the server stops.
 */
export async function answerWrite(parts: DurableParts, asked: RestRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { request } = reply
  const { trace } = request
  const key = idempotencyKey(request.headers['idempotency-key'])
  const preference = waitPreference(request.headers.prefer, parts.limits)
  const { id, started } = await invoke(parts, { ...asked, key, requestId: request.id })
  trace.operationId = id
  reply.header('location', operationUrl(parts.basePath, id))
  if (!started) reply.header('idempotency-replayed', 'true')
  const status = await ended(parts, id, preference.waitMs, () => {
    trace.outcome = 'wait-failed'
  })
  return sendEnd(asked.operation, status ?? asStarted(asked.operation, id), { ...parts, preference }, reply)
}

type RunningStatus = Pick<OperationStatus, 'id' | 'operation' | 'version'> & { readonly state: 'running' }

function asStarted(operation: ResolvedOperation, id: string): RunningStatus {
  return { id, operation: operation.name, version: operation.version, state: 'running' }
}

function sendEnd(
  { method }: ResolvedOperation,
  status: OperationStatus | RunningStatus,
  { preference, basePath }: { readonly preference: WaitPreference; readonly basePath: string },
  reply: FastifyReply,
): FastifyReply {
  reply.request.trace.outcome ??= status.state
  const context = endContext(reply.request, status.id, basePath)
  const answer = answerOf(status)
  const applied = answer.is === 'open' ? preference.appliedAsync : preference.applied
  if (applied !== undefined) reply.header('preference-applied', applied)
  switch (answer.is) {
    case 'open':
      reply.header('retry-after', String(retryAfterSeconds))
      return sendJson(reply, 202, operationBody(status, context, basePath))
    case 'refused':
      return sendProblem(reply, problemFrom(answer.refusal, context))
    case 'completed':
      return sendJson(reply, method === 'POST' ? 201 : 200, answer.output)
  }
}

function endContext(request: FastifyRequest, id: string, basePath: string) {
  return problemContext(request, { operation: operationUrl(basePath, id) })
}
