// Exchanges with a service over HTTP: one POST, one reply, bounded in bytes and time. Knows nothing of what is inside the envelope.
//
//   no connection (refused, DNS, TLS)                                 not-sent
//   the request has begun to leave us: reset, end, silence            unknown
//   200, 500 or 400 with the media type of the contract               reply (the wire tells a fault from an answer)
//   any other status or media type, no body, too many bytes           unknown
//
// A gateway in between answers 502, 503 and 504 after its own timeouts: such a status is no proof that nothing ran.

import { Pool } from 'undici'
import type { SoapBackend } from '../contract/adapter.ts'
import type { Backend, Exchange, ExchangeResult, HttpRoute } from '../contract/backend.ts'
import type { UnknownCause } from '../contract/outcome.ts'
import { type Failure, failure, isFailure } from '../error/failure.ts'
import { type Connector, connector, type EndpointSettings } from './connection/endpoints.ts'
import { Turnstile } from './limit/turnstile.ts'

export interface SoapSettings extends EndpointSettings {
  /** The adapter's name, for messages. */
  readonly name?: string
  /** Connections at once. Default 20. */
  readonly concurrent?: number
  /** Calls that may wait for a connection. Default 200. */
  readonly queueLength?: number
  /** How long a call may wait for one. Default 2000. */
  readonly queueMs?: number
  readonly connectMs?: number
  readonly restMs?: number
  /** From the first byte of the request to the status line of the reply. Default: the call's deadline. */
  readonly firstByteMs?: number
  /** A connection unused for so long is closed; keep it below the service's own limit. Default 3000. */
  readonly idleMs?: number
}

export function soapBackend(definition: SoapBackend, settings: SoapSettings): Backend {
  const name = settings.name ?? definition.endpoints
  const { concurrent = 20, queueLength = 200, queueMs = 2000, idleMs = 3000 } = settings
  const turnstile = new Turnstile({ name, most: concurrent, queueLength, queueMs })
  const service: Reached = {
    name,
    host: hostOf(settings),
    firstByteMs: settings.firstByteMs,
    pool: poolOver(connector(settings, { ...settings, name }), settings.tls !== undefined, concurrent, idleMs),
  }
  return {
    exchange: async (exchange) => {
      const { route, target, signal } = exchange
      if (!route) return notSent(failure('SOAP_WSDL_INVALID', { name: target, problem: 'has no route' }))
      try {
        const leave = await turnstile.enter(target, signal)
        return await post(service, exchange, route).finally(leave)
      } catch (cause) {
        if (isFailure(cause)) return notSent(cause)
        throw cause
      }
    },
    close: () => service.pool.destroy(),
  }
}

/** A service and the way to it. */
interface Reached {
  readonly name: string
  readonly host: string
  readonly firstByteMs: number | undefined
  readonly pool: Pool
}

/** undici keeps the connections; where they lead, and which endpoint rests, is decided by our own connector. */
function poolOver(connect: Connector, tls: boolean, connections: number, idleMs: number): Pool {
  return new Pool(tls ? 'https://service' : 'http://service', {
    connections,
    pipelining: 1,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
    // Both deadlines are ours.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 16_384,
    connect: (_options, callback) => {
      connect.connect('a connection').then(
        (socket) => callback(null, socket),
        (cause: unknown) => callback(cause as Error, null),
      )
    },
  })
}

function hostOf({ endpoints, tls }: EndpointSettings): string {
  const [first] = endpoints
  const host = tls?.servername ?? (first?.host.includes(':') ? `[${first.host}]` : first?.host)
  return `${host}:${first?.port}`
}

/** What has happened on the way to a reply. */
interface Progress {
  sent: boolean
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  readonly chunks: Uint8Array[]
  size: number
}

function post(service: Reached, exchange: Exchange, route: HttpRoute): Promise<ExchangeResult> {
  const { target, payload, maxReplyBytes, deadlineMs, signal } = exchange
  const adapter = service.name
  const progress: Progress = { sent: false, status: 0, headers: {}, chunks: [], size: 0 }
  return new Promise((resolve) => {
    let stop: (() => void) | undefined
    let settled = false
    const timers: NodeJS.Timeout[] = []
    const settle = (result: ExchangeResult) => {
      if (settled) return
      settled = true
      for (const timer of timers) clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
      resolve(result)
    }
    /** Ends the exchange for good: a connection with anything left to say is closed. */
    const giveUp = (why: UnknownCause, cause: Failure) => {
      settle(progress.sent ? unknown(why, cause, evidenceOf(progress)) : notSent(cause))
      stop?.()
    }
    const cancel = () => giveUp('no-reply-before-deadline', failure('CALL_CANCELLED', { target }))
    const late = (waitedMs: number) => () =>
      giveUp('no-reply-before-deadline', failure('CORE_NO_REPLY', { adapter, target, deadlineMs: waitedMs }))
    const malformed = (problem: string) =>
      giveUp('reply-malformed', failure('CORE_REPLY_MALFORMED', { adapter, target, problem }))

    if (signal?.aborted) return cancel()
    signal?.addEventListener('abort', cancel)
    // Until a connection is there nothing has left us; the connector has deadlines of its own.
    const headers = { ...route.headers, accept: route.accept, host: service.host }
    service.pool.dispatch(
      { path: route.path, method: 'POST', headers, body: payload, reset: false },
      {
        onRequestStart: (controller) => {
          stop = () => controller.abort(failure('CALL_CANCELLED', { target }))
          if (signal?.aborted) return cancel()
          progress.sent = true
          timers.push(setTimeout(late(deadlineMs), deadlineMs))
          if (service.firstByteMs !== undefined) timers.push(setTimeout(late(service.firstByteMs), service.firstByteMs))
        },
        onResponseStart: (_controller, status, received) => {
          if (service.firstByteMs !== undefined) clearTimeout(timers[1])
          progress.status = status
          progress.headers = received
          if (Number(received['content-length'] ?? 0) > maxReplyBytes) malformed(`more than ${maxReplyBytes} bytes`)
        },
        onResponseData: (_controller, chunk) => {
          const room = maxReplyBytes - progress.size
          progress.chunks.push(chunk.subarray(0, Math.max(room, 0)))
          progress.size += chunk.length
          if (chunk.length > room) malformed(`more than ${maxReplyBytes} bytes`)
        },
        onResponseEnd: () => settle(replyOf(adapter, exchange, route, progress)),
        onResponseError: (_controller, error) => {
          if (isFailure(error) && !progress.sent) return settle(notSent(error))
          if (!progress.sent) return settle(notSent(failure('CORE_UNREACHABLE', { adapter }, { cause: error })))
          if (error.name === 'HTTPParserError' || error.name === 'HeadersOverflowError') return malformed('no HTTP')
          giveUp('connection-lost-after-send', failure('CORE_CONNECTION_LOST', { adapter, target, got: progress.size }))
        },
      },
    )
  })
}

function replyOf(adapter: string, { target }: Exchange, route: HttpRoute, progress: Progress): ExchangeResult {
  const { status, headers } = progress
  const bytes = evidenceOf(progress)
  const malformed = (problem: string) =>
    unknown('reply-malformed', failure('CORE_REPLY_MALFORMED', { adapter, target, problem }), bytes)
  if (status !== 200 && status !== 500 && status !== 400) {
    return unknown(
      'execution-failed',
      failure('CORE_EXECUTION_FAILED', { adapter, target, why: `HTTP ${status}` }),
      bytes,
    )
  }
  const type = String(headers['content-type'] ?? '').toLowerCase()
  const media = type.split(';', 1)[0]?.trim() ?? ''
  if (media !== route.accept) return malformed(`HTTP ${status} with a media type other than ${route.accept}`)
  const charset = /charset\s*=\s*"?([^\s";]+)/.exec(type)?.[1]
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'us-ascii')
    return malformed('a character set other than UTF-8')
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') return malformed('a content encoding that was not asked for')
  if (bytes.length === 0) return malformed('an empty body')
  // An error status with an answer contradicts itself. The wire reads a fault wherever one is.
  if (status !== 200 && !Buffer.from(bytes).includes('Fault')) return malformed(`HTTP ${status} without a fault`)
  return { kind: 'reply', bytes }
}

function evidenceOf({ chunks }: Progress): Uint8Array {
  return new Uint8Array(Buffer.concat(chunks))
}

function notSent(cause: Failure): ExchangeResult {
  return { kind: 'not-sent', cause }
}

function unknown(why: UnknownCause, cause: Failure, evidence: Uint8Array): ExchangeResult {
  return { kind: 'unknown', why, cause, ...(evidence.length > 0 && { evidence }) }
}
