// Requests that the HTTP parser gave up on. Their answer has its turn on the connection: what was asked before on it, and may have begun
// an operation, is answered first. A parser's error written at once would be taken for the answer of the request before.

import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Failure, failure } from '../../error/failure.ts'
import { httpOf } from '../../error/status.ts'
import { problemOf } from '../problem.ts'

/** One connection and what is under way on it. */
interface ClientConnection {
  /** Requests whose answer is not written yet. */
  readonly open: Set<IncomingMessage>
  /** The newest request that has begun. */
  newest?: IncomingMessage
  /** What is to be answered last, before the connection ends. */
  refusal?: Failure
}

export interface BrokenRequests {
  /** For the server's event `clientError`. */
  refuse(error: Error & { readonly code?: string }, socket: Duplex): void
  /** Begins to follow the requests of a server; before its first connection. */
  follow(server: Server): void
}

/** `headers` stand on every answer. */
export function brokenRequests(headers: Readonly<Record<string, string>>): BrokenRequests {
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
    else socket.end(answerOf(refusal, headers))
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
      else refuseInTurn(socket, refusalOf(error.code))
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

function refusalOf(code: string | undefined): Failure {
  if (code === 'HPE_HEADER_OVERFLOW') return failure('HEADERS_TOO_LARGE', {})
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return failure('REQUEST_TIMED_OUT', {})
  return failure('REQUEST_MALFORMED', { problem: 'the request is not HTTP as it should be' })
}

function answerOf(failed: Failure, headers: Readonly<Record<string, string>>): string {
  const status = httpOf(failed.status)
  const body = JSON.stringify(problemOf(failed, { requestId: randomUUID() }))
  return [
    `HTTP/1.1 ${status} ${reasonPhrase[status]}`,
    'connection: close',
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n')
}

const reasonPhrase: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
}
