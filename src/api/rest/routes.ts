// The routes of the operations, and the resource /operations/{id}.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { JsonText } from '../../codec/text/strict-json.ts'
import type { ResolvedOperation } from '../../contract/catalog.ts'
import { failure } from '../../error/failure.ts'
import { type ExpressLane, expressTransaction } from '../../operation/express.ts'
import { authorize, type HttpCredentials, type Identify, maySee } from '../../operation/principal.ts'
import { ended } from '../../operation/wait.ts'
import { credentialsOf } from '../access/credentials.ts'
import type { InputMistake } from '../problem.ts'
import { identified, problemContext, refuse, retryAfterSeconds, sendJson, wantJson } from './exchange.ts'
import { gatherInput, type RequestParts } from './gather.ts'
import { idShape, operationBody, operationUrl } from './operation-body.ts'
import { waitPreference } from './prefer.ts'
import { answerRead } from './read-lane.ts'
import { answerWrite, type DurableParts } from './write-lane.ts'

/** What the routes of operations stand on. */
export interface RouteParts extends DurableParts {
  readonly express: ExpressLane
  readonly identify: Identify<HttpCredentials>
}

/** Adds the route of an operation that has one. */
export function addOperation(app: FastifyInstance, operation: ResolvedOperation, parts: RouteParts): void {
  const { method, path, name, version } = operation
  if (method === undefined || path === undefined) return
  const transaction = expressTransaction(operation)
  app.route({
    method,
    url: routePattern(path),
    // Before the body is read: who may not ask learns nothing of what is asked for.
    onRequest: async (request: FastifyRequest) => {
      request.trace.operation = name
      request.trace.version = version
      await identify(request, parts)
      authorize(request.principal, operation.definition)
    },
    handler: async (request: FastifyRequest<Routed>, reply) => {
      wantJson(request)
      const { principal } = request
      const gathered = gatherInput(operation, partsOf(request))
      if ('mistakes' in gathered) return refuseInput(reply, gathered.mistakes)
      const { input } = gathered
      if (transaction) return await answerRead(parts.express, transaction, input, reply)
      return await answerWrite(parts, { operation, input, principal }, reply)
    },
  })
}

async function identify(request: FastifyRequest, parts: Pick<RouteParts, 'identify'>): Promise<void> {
  request.principal = await parts.identify(credentialsOf(request))
  identified(request, request.principal)
}

/** What the router and the parsers of server.ts leave in a request. */
interface Routed {
  readonly Params: Readonly<Record<string, string>>
  readonly Querystring: ReadonlyMap<string, readonly string[]>
  readonly Body: JsonText | undefined
}

function partsOf({ params, query, body }: FastifyRequest<Routed>): RequestParts {
  return { path: params, query, body }
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

/** Adds GET /operations/{id}, for whoever began it: for anybody else there is no such operation. With `Prefer: wait=N` the answer is held until the operation has ended or is parked. */
export function addStatusRoute(app: FastifyInstance, parts: Omit<RouteParts, 'express'>): void {
  const onRequest = (request: FastifyRequest) => identify(request, parts)
  app.get('/operations/:id', { onRequest }, async (request: FastifyRequest<Routed>, reply) => {
    wantJson(request)
    const { id = '' } = request.params
    const preference = waitPreference(request.headers.prefer, { ...parts.limits, waitMsDefault: 0 })
    let status = idShape.test(id) ? await parts.operations.status(id) : undefined
    if (status === undefined || !maySee(request.principal, status)) throw failure('OPERATION_ID_UNKNOWN', {})
    request.trace.operationId = id
    request.trace.operation = status.operation
    request.trace.version = status.version
    if (status.state === 'running' && preference.waitMs > 0) {
      status = (await ended(parts, id, preference.waitMs)) ?? status
    }
    request.trace.outcome = status.state
    if (preference.applied !== undefined) reply.header('preference-applied', preference.applied)
    if (status.state === 'running' || status.state === 'parked') reply.header('retry-after', String(retryAfterSeconds))
    const context = problemContext(request, { operation: operationUrl(parts.basePath, id) })
    return sendJson(reply, 200, operationBody(status, context, parts.basePath))
  })
}
