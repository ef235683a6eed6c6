// Requests that the HTTP parser gave up on. Their answer has its turn on the connection: what was asked before on it, and may have begun
// an operation, is answered first. A parser's error written at once would be taken for the answer of the request before.

import { randomUUID } from 'node:crypto'
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Failure, failure } from '../../error/failure.ts'
import { httpOf } from '../../error/status.ts'
import { problemOf } from '../problem.ts'
import type { Unrouted } from '../rest/path-methods.ts'

/** One connection and what is under way on it. */
interface ClientConnection {
  /** Requests whose answer is not written yet. */
  readonly open: Set<IncomingMessage>
  /** The newest request that has begun. */
  newest?: IncomingMessage
  /** What is to be answered last, before the connection ends. */
  refusal?: Failure
}

/** An error of the HTTP parser: its code, and how many bytes of which packet it had read. */
interface ParserError extends Error {
  readonly code?: string
  readonly bytesParsed?: number
  readonly rawPacket?: unknown
}

export interface BrokenRequests {
  /** For the server's event `clientError`. */
  refuse(error: ParserError, socket: Duplex): void
  /** Begins to follow the requests of a server; before its first connection. */
  follow(server: Server): void
}

/** `headers` stand on every answer; `unrouted` tells what a path takes in place of a method that the parser does not know. */
export function brokenRequests(headers: Readonly<Record<string, string>>, unrouted: Unrouted): BrokenRequests {
  const connections = new WeakMap<Duplex, ClientConnection>()

  function connectionOf(socket: Duplex): ClientConnection {
    const known = connections.get(socket) ?? { open: new Set() }
    connections.set(socket, known)
    return known
  }

  function begun(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request
    const connection = connectionOf(socket)
    connection.open.add(request)
    connection.newest = request
    response.once('close', () => {
      connection.open.delete(request)
      if (connection.refusal) endInTurn(socket, connection, connection.refusal)
    })
  }

  /** A request that came whole is answered by its handler; only the one that the error is about can be incomplete. */
  function endInTurn(socket: Duplex, { open, newest }: ClientConnection, refusal: Failure): void {
    if ([...open].some(({ complete }) => complete)) return
    const wasAnswered = newest !== undefined && !newest.complete && !open.has(newest)
    if (wasAnswered || !socket.writable) socket.destroy()
    else socket.end(bareAnswer(refusal, headers))
  }

  function refuseInTurn(socket: Duplex, refusal: Failure): void {
    const connection = connectionOf(socket)
    // What comes after the first error is no HTTP any more.
    if (connection.refusal) return
    connection.refusal = refusal
    endInTurn(socket, connection, refusal)
  }

  return {
    refuse(error, socket) {
      if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
      else refuseInTurn(socket, refusalOf(error, unrouted))
    },
    follow(server) {
      server.prependListener('request', begun)
      // Without a listener the connection would be cut, with all answers under way.
      server.on('connect', (_request, socket) =>
        refuseInTurn(socket, failure('REQUEST_MALFORMED', { problem: 'CONNECT is not a method of this server' })),
      )
    },
  }
}

function refusalOf(error: ParserError, unrouted: Unrouted): Failure {
  if (error.code === 'HPE_HEADER_OVERFLOW') return failure('HEADERS_TOO_LARGE', {})
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return failure('REQUEST_TIMED_OUT', {})
  const unknown = error.code === 'HPE_INVALID_METHOD' ? requestLineAt(error) : undefined
  if (unknown) return unrouted(unknown.method, unknown.url)
  return failure('REQUEST_MALFORMED', { problem: 'the request is not HTTP as it should be' })
}

/** A whole request line (RFC 9112 section 3) around the place where the parser stopped in its method; undefined where there is none. */
function requestLineAt({ rawPacket, bytesParsed = 0 }: ParserError): { method: string; url: string } | undefined {
  const text = Buffer.isBuffer(rawPacket) ? rawPacket.toString('latin1') : ''
  const begun = /[!#$%&'*+.^_`|~0-9A-Za-z-]{0,32}$/.exec(text.slice(Math.max(0, bytesParsed - 32), bytesParsed))
  const line = text.slice(bytesParsed - (begun?.[0].length ?? 0))
  const [, method, url] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) (\/[\x21-\x7e]*) HTTP\/1\.[01]\r?\n/.exec(line) ?? []
  return method === undefined || url === undefined ? undefined : { method, url }
}

/** A whole answer with a problem, for a connection that ends with it. */
export function bareAnswer(failed: Failure, headers: Readonly<Record<string, string>>): string {
  const status = httpOf(failed.status)
  const body = JSON.stringify(problemOf(failed, { requestId: randomUUID() }))
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(failed.code === 'METHOD_NOT_ALLOWED' ? [`allow: ${failed.facts.allow}`] : []),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n')
}
