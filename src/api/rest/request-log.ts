// One log line and one record in the audit for each request, from a list of fields that are safe to keep: no URL, no header, no body, no
// message.

import type { FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { membersOf } from '../../contract/json.ts'
import type { Failure } from '../../error/failure.ts'
import type { Audit, AuditRecord, RecordedAfter } from '../../operation/audit.ts'
import { tenths } from './exchange.ts'

/** Told of each request when it is answered, or, without a status, when its caller hangs up before. */
export interface AnsweredRequests {
  readonly log: Logger
  tell(request: FastifyRequest, status: number | undefined): void
}

/** Logs and records each request once: when it is answered, or when its caller hangs up before; whichever comes first. */
export function answered(log: Logger, audit: Audit): AnsweredRequests {
  const told = new WeakSet<FastifyRequest>()
  return {
    log,
    tell(request, status) {
      if (told.has(request)) return
      told.add(request)
      logRequest(log, request, status)
      const record = recordOf(request, status)
      if (record) audit.note(record)
    },
  }
}

function logRequest(log: Logger, request: FastifyRequest, status: number | undefined): void {
  const { startedAt, token: _token, consent: _consent, ...traced } = request.trace
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

/** For the audit: calls of operations, looks at their state, and whatever was refused; not health and the pages. */
function recordOf({ id, trace }: FastifyRequest, status: number | undefined): AuditRecord<RecordedAfter> | undefined {
  const { client, token, consent, operation, version, operationId, code } = trace
  const outcome = trace.outcome ?? (status === undefined ? 'hung-up' : undefined)
  const isRefusal = code !== undefined && trace.outcome === undefined
  if (!isRefusal && operation === undefined) return undefined
  return {
    ...{ event: isRefusal ? 'refused' : 'called', api: 'rest', client, token, consent, requestId: id },
    ...{ operation, version, operationId, outcome, code },
  }
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
