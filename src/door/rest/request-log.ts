// One log line for each request, from a list of fields that are safe to keep: no URL, no header, no body, no message.

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Failure } from '../../error/failure.ts'
import { clientOf } from '../client.ts'

export function logRequest(log: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const { startedAt, ...told } = request.trace
  log.info(
    {
      requestId: request.id,
      client: clientOf(request),
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: Math.round((performance.now() - startedAt) * 10) / 10,
      ...told,
    },
    'request',
  )
}

/** An error on our side: its codes and where it was raised, without its text, which may quote what a caller sent. */
export function logFault(log: Logger, request: FastifyRequest, failed: Failure): void {
  const cause = failed.cause ?? failed
  const { name, code, stack } =
    cause instanceof Error ? (cause as Error & { code?: unknown }) : ({} as Partial<Error> & { code?: unknown })
  log.error(
    {
      requestId: request.id,
      code: failed.code,
      cause: typeof code === 'string' ? code : (name ?? typeof cause),
      at: stack
        ?.split('\n')
        .filter((line) => /^ {4}at /.test(line))
        .slice(0, 10),
    },
    'fault',
  )
}
