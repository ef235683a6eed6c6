// Exchanges with a service over HTTP: one POST, one reply, bounded in bytes and time. Knows nothing of what is inside the envelope.
//
//   no connection (refused, DNS, TLS), or a contract of https and no TLS   not-sent
//   the time is over when the connection is there                     not-sent   the clock is read, see connection/overdue.ts
//   the request has begun to leave us: reset, end, silence            unknown
//   200, 500 or 400 with the media type of the contract               reply (the wire tells a fault from an answer)
//   any other status or media type, no body, too many bytes           unknown
//
// A gateway in between answers 502, 503 and 504 after its own timeouts: such a status is no proof that nothing ran.
//
// undici writes and reads, and keeps connections; one client of it is one connection here, so that the connection of a call in doubt
// can be reset: closed in the usual way, it would still deliver what is on its way. undici never sends a POST twice by itself: it
// repeats only requests that were queued behind another on the same connection, and here none is.

import { Client } from 'undici'
import type { SoapBackend } from '../contract/adapter.ts'
import type { Backend, Exchange, ExchangeResult, HttpRoute } from '../contract/backend.ts'
import type { UnknownCause } from '../contract/outcome.ts'
import { type Failure, failure, isFailure } from '../error/failure.ts'
import { type Connection, type Connector, connector, type EndpointSettings } from './connection/endpoints.ts'
import { withoutContinue } from './connection/interim-reply.ts'
import { overdue } from './connection/overdue.ts'
import { ConcurrencyLimiter, type Leave } from './limit/concurrency-limiter.ts'

/** Where the service is reached, and how its connections are kept. Times in ms. */
export interface SoapSettings extends EndpointSettings {
  /** The adapter's name, for messages. */
  readonly name?: string
  /** Connections at once; without it as many as there are calls, which the gate before the core limits (limit/gate.ts). */
  readonly concurrent?: number
  /** Calls that may wait for a connection. Default 200. */
  readonly queueLength?: number
  /** How long a call may wait for one. Default 2000. */
  readonly queueMs?: number
  readonly connectMs?: number
  readonly restMs?: number
  /** A connection unused for so long is closed; keep it below the service's own limit. Default 3000. */
  readonly idleMs?: number
}

/** SOAP over HTTP/1.1: one POST for each exchange. Opens no connection before the first call. */
export function soapBackend(definition: SoapBackend, settings: SoapSettings): Backend {
  const name = settings.name ?? definition.endpoints
  const { concurrent = Number.POSITIVE_INFINITY, queueLength = 200, queueMs = 2000, idleMs = 3000 } = settings
  const limiter = new ConcurrencyLimiter({ name, most: concurrent, queueLength, queueMs })
  const connect = connector(settings, { ...settings, name })
  const service: Reached = { name, host: hostOf(settings) }
  const busy = new Set<ClientLane>()
  const free: ClientLane[] = []
  let closed = false

  /** What carried anything but a good reply is reset, unless it has been, and is not used again. */
  async function exchangeOver(lane: ClientLane, exchange: Exchange, since: number): Promise<ExchangeResult> {
    let clean = false
    busy.add(lane)
    try {
      const result = await post(service, lane, exchange, since)
      clean = result.kind === 'reply' && (exchange.accepts?.(result.bytes) ?? true)
      return result
    } finally {
      busy.delete(lane)
      if (clean) keep(lane)
      else abandon(lane)
    }
  }

  function keep(lane: ClientLane): void {
    lane.connection()?.inDoubt(false)
    free.push(lane)
  }

  return {
    exchange: async (exchange) => {
      const { target, signal, route } = exchange
      if (route?.secure && !settings.tls) return notSent(failure('TLS_SETTING_MISSING', { name }))
      const since = performance.now()
      let leave: Leave | undefined
      try {
        leave = await limiter.enter(target, signal)
        if (closed) throw failure('CORE_UNREACHABLE', { adapter: name })
        return await exchangeOver(free.pop() ?? laneOver(connect, idleMs), exchange, since)
      } catch (cause) {
        if (isFailure(cause)) return notSent(cause)
        throw cause
      } finally {
        leave?.()
      }
    },
    close: async () => {
      closed = true
      for (const lane of busy) abandon(lane)
      await Promise.all(free.splice(0).map(({ client }) => client.destroy()))
    },
  }
}

/** Its call ends as on a lost connection, or has ended; nothing of it arrives any more. */
function abandon({ client, connection }: ClientLane): void {
  connection()?.reset()
  void client.destroy()
}

/** A service and what is said to it beside the message. */
interface Reached {
  readonly name: string
  readonly host: string
}

/** One connection at a time, kept between calls, for one call at a time. */
interface ClientLane {
  readonly client: Client
  /** Before each call: what comes next is the beginning of a reply. */
  expectReply(): void
  /** That of the moment, where there is one. */
  readonly connection: () => Connection | undefined
}

/** Where a connection leads, whether it has TLS, and which endpoint rests, is decided by our own connector. */
function laneOver(connect: Connector, idleMs: number): ClientLane {
  let connection: Connection | undefined
  let expectReply: (() => void) | undefined
  const client = new Client('http://service', {
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
    // Both deadlines are ours.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 16_384,
    connect: (_options, callback) => {
      connect.connect('a connection').then(
        (made) => {
          connection = made
          expectReply = withoutContinue(made.socket)
          callback(null, made.socket)
        },
        (cause: unknown) => callback(cause as Error, null),
      )
    },
  })
  return { client, connection: () => connection, expectReply: () => expectReply?.() }
}

function hostOf({ endpoints, tls }: EndpointSettings): string {
  const [first] = endpoints
  const host = tls?.servername ?? (first?.host.includes(':') ? `[${first.host}]` : first?.host)
  return `${host}:${first?.port}`
}

/** What has happened on the way to a reply. */
interface ReplyProgress {
  sent: boolean
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  readonly chunks: Uint8Array[]
  size: number
}

function post(service: Reached, lane: ClientLane, exchange: Exchange, since: number): Promise<ExchangeResult> {
  const { route, target, maxReplyBytes, deadlineMs, signal } = exchange
  if (!route) throw failure('SOAP_WSDL_INVALID', { name: target, problem: 'has no route' })
  const adapter = service.name
  const progress: ReplyProgress = { sent: false, status: 0, headers: {}, chunks: [], size: 0 }
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined
    // The first one counts, as of any promise.
    const settle = (result: ExchangeResult) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
      resolve(result)
    }
    /** Ends the exchange for good: what was sent and has not arrived is dropped with the connection (see exchangeOver). */
    const giveUp = (why: UnknownCause, cause: Failure) =>
      settle(progress.sent ? unknown(why, cause, evidenceOf(progress)) : notSent(cause))
    // Cut off before its deadline: the service may have the whole of it before it.
    const cancel = () => giveUp('connection-lost-after-send', failure('CALL_CANCELLED', { target }))
    const late = () => giveUp('no-reply-before-deadline', failure('CORE_NO_REPLY', { adapter, target, deadlineMs }))
    const malformed = (problem: string) =>
      giveUp('reply-malformed', failure('CORE_REPLY_MALFORMED', { adapter, target, problem }))

    if (signal?.aborted) return cancel()
    signal?.addEventListener('abort', cancel)
    // Until a connection is there nothing has left us; the connector has deadlines of its own.
    lane.client.dispatch(
      {
        path: route.path,
        method: 'POST',
        headers: headersOf(service, exchange, route),
        body: bodyOf(exchange, () => overdue(adapter, exchange, since)),
      },
      {
        onRequestStart: (controller) => {
          const why = overdue(adapter, exchange, since)
          // undici writes head and body as soon as this returns; what it is aborted with comes back as the error.
          if (why) return controller.abort(why)
          progress.sent = true
          lane.expectReply()
          lane.connection()?.inDoubt(true)
          timer = setTimeout(late, deadlineMs)
        },
        onResponseStart: (_controller, status, received) => {
          progress.status = status
          progress.headers = received
          if (Number(received['content-length']) > maxReplyBytes) malformed(`more than ${maxReplyBytes} bytes`)
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

function headersOf(service: Reached, { payload }: Exchange, route: HttpRoute): Record<string, string> {
  return {
    ...route.headers,
    accept: route.accept,
    host: service.host,
    'content-length': String(payload.length),
  }
}

/** A longer request is handed over in pieces: what a kernel does not take at once would leave later without a look at the clock. */
const PIECE = 16_384

/** undici takes iterators, though its types do not tell. */
function bodyOf({ payload }: Exchange, late: () => Failure | undefined): Uint8Array {
  if (payload.length <= PIECE) return payload
  return inPieces(payload, late) as unknown as Uint8Array
}

/** undici asks for the next piece when the socket's buffer has room: at most that buffer waits in this process after a look. */
async function* inPieces(payload: Uint8Array, late: () => Failure | undefined): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < payload.length; at += PIECE) {
    const why = late()
    if (why) throw why
    yield payload.subarray(at, at + PIECE)
  }
}

function replyOf(adapter: string, { target }: Exchange, route: HttpRoute, progress: ReplyProgress): ExchangeResult {
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
  const media = type.split(';')[0]?.trim()
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

function evidenceOf({ chunks }: ReplyProgress): Uint8Array {
  return new Uint8Array(Buffer.concat(chunks))
}

function notSent(cause: Failure): ExchangeResult {
  return { kind: 'not-sent', cause }
}

function unknown(why: UnknownCause, cause: Failure, evidence: Uint8Array): ExchangeResult {
  return { kind: 'unknown', why, cause, ...(evidence.length > 0 && { evidence }) }
}
