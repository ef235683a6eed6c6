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

export interface Connector {
  /** A connected socket, TLS included. Rejects with CORE_UNREACHABLE when every endpoint refused, or CALL_CANCELLED. */
  connect(target: string, signal?: AbortSignal): Promise<Socket>
}

/** Connects to the endpoints in turn; one that refused is tried again only after its rest, or when no other is left. */
export function connector(settings: EndpointSettings, options: ConnectorOptions): Connector {
  const { name, connectMs = 2000, restMs = 5000 } = options
  const restsUntil = new Map<Endpoint, number>()
  let turn = 0

  function candidates(): readonly Endpoint[] {
    const { endpoints } = settings
    const start = turn++ % Math.max(endpoints.length, 1)
    const rotated = [...endpoints.slice(start), ...endpoints.slice(0, start)]
    const rested = rotated.filter((endpoint) => (restsUntil.get(endpoint) ?? 0) <= performance.now())
    return [...rested, ...rotated.filter((endpoint) => !rested.includes(endpoint))]
  }

  async function connect(target: string, signal?: AbortSignal): Promise<Socket> {
    let cause: unknown
    for (const endpoint of candidates()) {
      if (signal?.aborted) throw failure('CALL_CANCELLED', { target })
      try {
        const socket = await open(endpoint, settings.tls, connectMs, signal)
        restsUntil.delete(endpoint)
        return socket
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
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = tls ? connectTls(tlsOptions(endpoint, tls)) : connectPlain(endpoint)
    const ready = tls ? 'secureConnect' : 'connect'
    const settle = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', ended)
      socket.off('error', refuse).off('close', ended).off(ready, accept)
    }
    const refuse = (cause: unknown) => {
      settle()
      socket.destroy()
      reject(cause)
    }
    const ended = () => refuse('ended before it was open')
    const accept = () => {
      settle()
      socket.setNoDelay(true)
      socket.setKeepAlive(true, 30_000)
      resolve(socket)
    }
    const timer = setTimeout(() => refuse(`not open after ${connectMs} ms`), connectMs)
    // Stays for the socket's life: without it a reset between two calls would end the process.
    socket.on('error', () => undefined)
    socket.once('error', refuse).once('close', ended).once(ready, accept)
    signal?.addEventListener('abort', ended)
  })
}

function tlsOptions(endpoint: Endpoint, tls: TlsSettings) {
  const servername = tls.servername ?? (isIP(endpoint.host) ? undefined : endpoint.host)
  return {
    ...endpoint,
    minVersion: 'TLSv1.2' as const,
    rejectUnauthorized: true,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(servername === undefined ? {} : { servername }),
  }
}
