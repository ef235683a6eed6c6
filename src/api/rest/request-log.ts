// One log line for each request, from a list of fields that are safe to keep: no URL, no header, no body, no message.

import type { FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { membersOf } from '../../contract/json.ts'
import type { Failure } from '../../error/failure.ts'
import { tenths } from './exchange.ts'

const logged = new WeakSet<FastifyRequest>()

/** Logs a request when it is answered, or, without a status, when its caller hangs up before; whichever comes first. */
export function logRequest(log: Logger, request: FastifyRequest, status: number | undefined): void {
  if (logged.has(request)) return
  logged.add(request)
  const { startedAt, ...traced } = request.trace
  log.info(
    {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      ...(status === undefined ? { hungUp: true } : { status }),
      ms: tenths(performance.now() - startedAt),
      ...traced,
    },
    'request',
  )
}

/** An error on our side: its codes and where it was raised, without its text, which may quote what a caller sent. */
export function logFault(log: Logger, request: FastifyRequest, failed: Failure): void {
  const cause = failed.cause ?? failed
  const { code } = membersOf(cause)
  const { name, stack } = cause instanceof Error ? cause : {}
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
