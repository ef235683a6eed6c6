// The routes of the operations, and the resource /operations/{id}.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { JsonText } from '../../codec/text/strict-json.ts'
import type { ResolvedOperation } from '../../contract/catalog.ts'
import type { Operations } from '../../contract/durable.ts'
import { failure } from '../../error/failure.ts'
import { gatherInput } from '../input/gather.ts'
import { schemaCheck } from '../input/schema-mistakes.ts'
import type { InputMistake } from '../problem.ts'
import { problemContext, refuse, retryAfterSeconds, sendJson, wantJson } from './exchange.ts'
import { operationBody, operationUrl } from './operation-body.ts'
import { type PatienceLimits, patience } from './prefer.ts'
import type { ReadLane } from './read-lane.ts'
import type { Stopping } from './stopping.ts'
import type { WriteLane } from './write-lane.ts'

/** Adds the route of an operation that has one. */
export function addOperation(
  app: FastifyInstance,
  operation: ResolvedOperation,
  reads: ReadLane,
  writes: WriteLane,
): void {
  const { method, path, transaction } = operation
  if (method === undefined || path === undefined) return
  const check = schemaCheck(operation.inputSchema)
  const isExpress = operation.effect === 'read' && transaction?.definition.effect === 'read'
  app.route({
    method,
    url: routePattern(path),
    handler: async (request, reply) => {
      request.trace.operation = operation.name
      request.trace.version = operation.version
      wantJson(request)
      const gathered = gatherInput(
        operation,
        {
          path: request.params as Readonly<Record<string, string>>,
          query: request.query as ReadonlyMap<string, readonly string[]>,
          body: request.body as JsonText | undefined,
        },
        check,
      )
      if ('mistakes' in gathered) return refuseInput(reply, gathered.mistakes)
      return isExpress && transaction
        ? reads.answer(transaction, gathered.input, reply)
        : writes.answer(operation, gathered.input, reply)
    },
  })
}

function refuseInput(reply: FastifyReply, mistakes: readonly InputMistake[]): FastifyReply {
  return refuse(reply, failure('INPUT_INVALID', { mistakes: mistakes.length }), { errors: mistakes })
}

/** `/v1/accounts/{number}` as the router writes it: `/v1/accounts/:number`; its own special characters doubled or taken as they are. */
export function routePattern(path: string): string {
  return path
    .split('/')
    .map((segment) => (/^\{[^}]+\}$/.test(segment) ? `:${segment.slice(1, -1)}` : segment.replaceAll(':', '::')))
    .join('/')
}

const idShape = /^[\x21-\x7e]{1,200}$/

export interface StatusRouteParts {
  readonly operations: Operations
  readonly limits: PatienceLimits
  readonly basePath: string
  readonly stopping: Stopping
}

/** Adds GET /operations/{id}. With `Prefer: wait=N` the answer is held until the operation has ended or is parked. */
export function addStatusRoute(app: FastifyInstance, parts: StatusRouteParts): void {
  app.get('/operations/:id', async (request: FastifyRequest, reply) => {
    wantJson(request)
    const { id = '' } = request.params as { readonly id?: string }
    const patient = patience(request.headers.prefer, { ...parts.limits, waitMsDefault: 0 })
    let status = idShape.test(id) ? await parts.operations.status(id) : undefined
    if (status === undefined) throw failure('OPERATION_ID_UNKNOWN', {})
    request.trace.operationId = id
    request.trace.operation = status.operation
    request.trace.version = status.version
    if (status.state === 'running' && patient.waitMs > 0) {
      const waiting = parts.operations.wait(id, patient.waitMs).catch(() => undefined)
      status = (await parts.stopping.orStopped(waiting)) ?? status
    }
    request.trace.outcome = status.state
    if (patient.applied !== undefined) reply.header('preference-applied', patient.applied)
    if (status.state === 'running' || status.state === 'parked') reply.header('retry-after', String(retryAfterSeconds))
    const context = problemContext(request, { operation: operationUrl(parts.basePath, id) })
    return sendJson(reply, 200, operationBody(status, context, parts.basePath))
  })
}
