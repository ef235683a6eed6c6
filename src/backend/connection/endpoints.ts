// Where a core system is reached: its addresses, TLS, and which of them refused lately.

import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type Failure, failure } from '../../error/failure.ts'

export interface Endpoint {
  readonly host: string
  readonly port: number
}

/** PEM texts, not paths. Certificates are always verified, TLS 1.2 is the least. */
export interface TlsSettings {
  /** Authorities to trust instead of the public ones. */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** The name that the certificate must carry; default the endpoint's host. */
  readonly servername?: string
}

/** Where a core is reached and how to get in, with secrets in clear. */
export interface EndpointSettings {
  readonly endpoints: readonly Endpoint[]
  readonly credentials?: { readonly user: string; readonly password: string }
  readonly tls?: TlsSettings
}

export interface ConnectorOptions {
  /** The system's name for messages. */
  readonly name: string
  /** For each endpoint. Default 2000. */
  readonly connectMs?: number
  /** How long an endpoint that refused is left alone while others serve. Default 5000. */
  readonly restMs?: number
}

/** An open connection, TLS included. */
export interface Connection {
  /** To be destroyed, and never ended by `end()`: a socket that is just sending its FIN cannot be reset any more. */
  readonly socket: Socket
  /**
   * Ends it in doubt. A socket that is destroyed finishes: what the kernel still holds, and what the network has taken, arrives and
   * is executed, whoever has given it up. A reset drops what has not arrived.
   */
  reset(): void
  /** Whether a call on it is in doubt: then whatever destroys the socket resets it. */
  inDoubt(doubt: boolean): void
}

/** Opens connections to one of several endpoints. */
export interface Connector {
  /** Rejects with CORE_UNREACHABLE when every endpoint refused, or CALL_CANCELLED. */
  connect(target: string, signal?: AbortSignal): Promise<Connection>
}

/** Connects to the endpoints in turn; one that refused is tried again only after its rest, or when no other is left. */
export function connector(settings: EndpointSettings, options: ConnectorOptions): Connector {
  const { name, connectMs = 2000, restMs = 5000 } = options
  const restsUntil = new Map<Endpoint, number>()
  let turn = 0

  function candidates(): readonly Endpoint[] {
    const { endpoints } = settings
    const start = turn++ % endpoints.length
    const rotated = [...endpoints.slice(start), ...endpoints.slice(0, start)]
    const rested = rotated.filter((endpoint) => (restsUntil.get(endpoint) ?? 0) <= performance.now())
    return [...rested, ...rotated.filter((endpoint) => !rested.includes(endpoint))]
  }

  async function connect(target: string, signal?: AbortSignal): Promise<Connection> {
    let cause: unknown
    for (const endpoint of candidates()) {
      if (signal?.aborted) throw failure('CALL_CANCELLED', { target })
      try {
        const connection = await open(endpoint, settings.tls, connectMs, signal)
        restsUntil.delete(endpoint)
        return connection
      } catch (error) {
        if (signal?.aborted) throw failure('CALL_CANCELLED', { target })
        restsUntil.set(endpoint, performance.now() + restMs)
        cause = error
      }
    }
    throw unreachable(name, cause)
  }

  return { connect }
}

/** CORE_UNREACHABLE with the reason as its cause: a code of Node (ECONNREFUSED, ENOTFOUND, CERT_HAS_EXPIRED …), never data. */
export function unreachable(adapter: string, cause: unknown): Failure {
  return failure('CORE_UNREACHABLE', { adapter }, { cause })
}

function open(
  endpoint: Endpoint,
  tls: TlsSettings | undefined,
  connectMs: number,
  signal: AbortSignal | undefined,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    // Half open: otherwise Node answers the other side's FIN with one of ours, where a reset may be due.
    const plain = connectPlain({ ...endpoint, allowHalfOpen: true })
    const socket = tls ? connectTls({ ...tlsOptions(endpoint, tls), socket: plain }) : plain
    const ready = tls ? 'secureConnect' : 'connect'
    const settle = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', ended)
      socket.off('error', refuse).off('close', ended).off(ready, accept)
    }
    const refuse = (cause: unknown) => {
      settle()
      // The one above closes with it.
      plain.destroy()
      reject(cause)
    }
    const ended = () => refuse('ended before it was open')
    const accept = () => {
      settle()
      plain.setNoDelay(true)
      plain.setKeepAlive(true, 30_000)
      resolve(connectionOver(plain, socket))
    }
    const timer = setTimeout(() => refuse(`not open after ${connectMs} ms`), connectMs)
    // Stays for the socket's life: without it a reset between two calls would end the process. A TLS socket takes the errors of the one below.
    socket.on('error', () => undefined)
    socket.once('error', refuse).once('close', ended).once(ready, accept)
    signal?.addEventListener('abort', ended)
  })
}

/**
 * Of a TLS connection it is the socket below that can be reset. The one above closes with it, a moment later: closed by ourselves it
 * would say so at once, in the midst of whatever a library is doing with what it read.
 */
function connectionOver(plain: Socket, socket: Socket): Connection {
  let doubt = false
  let closing = false
  const reset = () => {
    doubt = false
    plain.resetAndDestroy()
    closing = plain !== socket
  }
  plain.prependOnceListener('close', () => {
    closing = false
  })
  const destroy = socket.destroy.bind(socket)
  // Libraries destroy the sockets they were given, at their own discretion; they still have to hear why.
  socket.destroy = (error) => {
    if (closing) return socket
    if (!doubt) return destroy(error)
    reset()
    if (error) process.nextTick(() => socket.emit('error', error))
    return socket
  }
  return {
    socket,
    reset,
    inDoubt: (now) => {
      doubt = now
    },
  }
}

function tlsOptions(endpoint: Endpoint, tls: TlsSettings) {
  const servername = tls.servername ?? (isIP(endpoint.host) ? undefined : endpoint.host)
  return {
    ...endpoint,
    minVersion: 'TLSv1.2' as const,
    rejectUnauthorized: true,
    ca: tls.ca,
    cert: tls.cert,
    key: tls.key,
    servername,
  }
}
