// The durable lane: a write is started under its Idempotency-Key before anything is answered. Then it is waited for as
// long as the caller likes; after that the caller gets 202 and the URL where the end will be. From the moment of the
// start on there is no answer that leaves the caller in doubt: not when the wait fails, not when the server stops.

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ResolvedOperation } from '../../contract/catalog.ts'
import { type OperationStart, type OperationStatus, type Operations, transactionStart } from '../../contract/durable.ts'
import type { JsonObject } from '../../contract/json.ts'
import { clientOf } from '../client.ts'
import { problemOfResult } from '../problem.ts'
import { problemContext, retryAfterSeconds, sendJson, sendProblem } from './exchange.ts'
import { idempotencyKey } from './idempotency-key.ts'
import { operationBody, operationUrl } from './operation-body.ts'
import { type Patience, type PatienceLimits, patience } from './prefer.ts'
import type { Stopping } from './stopping.ts'

export interface WriteLane {
  /**
   * Starts or attaches, waits, answers. Throws IDEMPOTENCY_KEY_MISSING and IDEMPOTENCY_KEY_MALFORMED before anything
   * happens, and what `Operations.start` throws.
   */
  answer(operation: ResolvedOperation, input: JsonObject, reply: FastifyReply): Promise<FastifyReply>
}

export interface WriteLaneParts {
  readonly operations: Operations
  readonly limits: PatienceLimits
  readonly basePath: string
  /** When the server begins to stop, those who wait are answered 202 at once. */
  readonly stopping: Stopping
}

export function writeLane(parts: WriteLaneParts): WriteLane {
  return {
    async answer(operation, input, reply) {
      const { request } = reply
      const key = idempotencyKey(request.headers['idempotency-key'])
      const patient = patience(request.headers.prefer, parts.limits)
      const { id, started } = await parts.operations.start({
        start: startOf(operation, input, request),
        workflowType: operation.workflowType,
        key,
        summary: `${operation.definition.summary ?? `${operation.name} v${operation.version}`}, by REST`,
      })
      request.trace.operationId = id
      reply.header('location', operationUrl(parts.basePath, id))
      if (!started) reply.header('idempotency-replayed', 'true')
      const status = await awaited(parts, id, patient.waitMs, request)
      return sendEnd(operation, status ?? asStarted(operation, id), patient, parts.basePath, reply)
    },
  }
}

function startOf(operation: ResolvedOperation, input: JsonObject, request: FastifyRequest): OperationStart {
  const { name, version } = operation
  return {
    operation: name,
    version,
    input,
    client: clientOf(request),
    door: 'rest',
    ...transactionStart(operation, input),
  }
}

/** The status at the end of the wait; undefined when it cannot be told now. The operation itself runs on in any case. */
async function awaited(
  { operations, stopping }: WriteLaneParts,
  id: string,
  waitMs: number,
  request: FastifyRequest,
): Promise<OperationStatus | undefined> {
  const waiting = operations.wait(id, waitMs).catch(() => {
    request.trace.outcome = 'wait-failed'
    return undefined
  })
  return await stopping.orStopped(waiting)
}

type Started = Pick<OperationStatus, 'id' | 'operation' | 'version'> & { readonly state: 'running' }

function asStarted(operation: ResolvedOperation, id: string): Started {
  return { id, operation: operation.name, version: operation.version, state: 'running' }
}

function sendEnd(
  operation: ResolvedOperation,
  status: OperationStatus | Started,
  patient: Patience,
  basePath: string,
  reply: FastifyReply,
): FastifyReply {
  reply.request.trace.outcome ??= status.state
  const context = problemContext(reply.request, { operation: operationUrl(basePath, status.id) })
  if (status.state === 'running' || status.state === 'parked') {
    if (patient.appliedAsync !== undefined) reply.header('preference-applied', patient.appliedAsync)
    reply.header('retry-after', String(retryAfterSeconds))
    return sendJson(reply, 202, operationBody(status, context, basePath))
  }
  if (patient.applied !== undefined) reply.header('preference-applied', patient.applied)
  const problem = problemOfResult(status, context)
  if (problem !== undefined) return sendProblem(reply, problem)
  return sendJson(reply, operation.method === 'POST' ? 201 : 200, status.state === 'completed' ? status.output : {})
}
