// The HTTP server behind the REST API: limits in bytes and time, strict bodies, security headers, problems for every error.

import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, Server } from 'node:http'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { readJson } from '../../codec/text/strict-json.ts'
import { type Failure, failure } from '../../error/failure.ts'
import { httpOf } from '../../error/status.ts'
import type { Stopping } from '../../operation/stopping.ts'
import { Peers } from '../access/peers.ts'
import { shareConnections } from '../connection/address-share.ts'
import { bareAnswer, brokenRequests } from '../connection/broken-request.ts'
import { followExpectations, hostOrExpectationMistake } from '../connection/expectation.ts'
import { serverOver } from '../connection/tls.ts'
import { failureOf } from '../problem.ts'
import type { RestSettings } from '../settings.ts'
import { refuse } from './exchange.ts'
import { refuseUnrouted, type Unrouted } from './path-methods.ts'
import { type AnsweredRequests, logFault } from './request-log.ts'

/** The HTTP server, without routes: limits of time and size, request ids, security headers, problem details for every error. */
export function restServer(settings: RestSettings, answered: AnsweredRequests, stopping: Stopping): FastifyInstance {
  const { log } = answered
  const onError = errorHandler(settings, log)
  const broken = brokenRequests(securityHeaders, (method, url) => unrouted(method, url))
  const app = Fastify({
    logger: false,
    requestIdHeader: false,
    genReqId: requestId,
    bodyLimit: settings.bodyBytesMax,
    serverFactory: (listener) => httpServer(settings, listener),
    routerOptions: { maxParamLength: 300, querystringParser: queryValues },
    frameworkErrors: onError,
    clientErrorHandler: broken.refuse,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  })
  const unrouted: Unrouted = refuseUnrouted(app)
  app.server.maxConnections = settings.connectionsMax
  shareConnections(app.server, {
    connectionsMax: settings.addressConnectionsMax,
    // Before the handshake nothing can be said.
    answer: settings.tls ? undefined : () => bareAnswer(failure('CONNECTIONS_TOO_MANY', {}), securityHeaders),
    log,
  })
  broken.follow(app.server)
  followExpectations(app.server)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) =>
    readJson(body),
  )
  app.decorateRequest('trace')
  app.decorateRequest('principal')
  app.decorate('publicUrl', settings.publicUrl)
  app.decorate('certificateProxy', settings.certificateProxy)
  app.decorate('peers', new Peers(settings.tls?.clientAuthorities))
  // Hooks without promises: each would cost every request some turns of the event loop.
  app.addHook('onRequest', (request, reply, done) => {
    request.trace = { startedAt: performance.now() }
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) answered.tell(request, undefined)
    })
    reply.headers(securityHeaders).header('x-request-id', request.id)
    done(stopping.begun ? failure('DOOR_CLOSING', {}) : refusalOf(request, settings, unrouted))
  })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (stopping.begun) reply.header('connection', 'close') // or the connection would outlive the last answer
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    answered.tell(request, reply.statusCode)
    done()
  })
  app.setErrorHandler(onError)
  return app
}

function httpServer(settings: RestSettings, listener: RequestListener): Server {
  const options = {
    maxHeaderSize: settings.headerBytesMax,
    headersTimeout: settings.headersMs,
    requestTimeout: settings.requestMs,
    keepAliveTimeout: settings.keepAliveMs,
    requireHostHeader: false, // asked for with the other headers, so that its absence is told as a problem
    connectionsCheckingInterval: Math.min(1000, settings.headersMs),
  }
  const server = serverOver(settings.tls, options, listener)
  // Silence on a connection; a caller who waits for an answer is silent, too.
  server.setTimeout(settings.waitMsMax + settings.requestMs)
  return server
}

/** What is wrong with a request before its body is looked at: a body that nobody takes is never asked for. */
function refusalOf(request: FastifyRequest, settings: RestSettings, unrouted: Unrouted): Failure | undefined {
  if (request.url.length > settings.urlLengthMax) return failure('URI_TOO_LONG', {})
  const twice = givenTwice(request.raw)
  if (twice !== undefined) {
    return failure('REQUEST_MALFORMED', { problem: `the header ${twice} is given more than once` })
  }
  const mistake = hostOrExpectationMistake(request.raw)
  if (mistake) return mistake
  if (request.is404) return unrouted(request.method, request.url)
  return isPlainJson(request) ? undefined : failure('MEDIA_TYPE_UNSUPPORTED', {})
}

/** No answer may be kept by a cache, read as another type, or shown inside another page. */
const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** Headers that have one value; of two, a gateway in front may have looked at the other one. */
const singleHeaders = new Set([
  'host',
  'content-type',
  'content-encoding',
  'authorization',
  'dpop',
  'client-cert',
  'idempotency-key',
])

/** The name of such a header that came twice. Read from the raw list: of some, Node keeps the first without a word. */
function givenTwice({ rawHeaders }: IncomingMessage): string | undefined {
  const seen = new Set<string>()
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? ''
    if (!singleHeaders.has(name)) continue
    if (seen.has(name)) return name
    seen.add(name)
  }
  return undefined
}

/** The caller's own id where it is short and plain, since it goes to the log; otherwise a new one. */
function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[A-Za-z0-9._-]{8,64}$/.test(given) ? given : randomUUID()
}

/** Parameters with all their values, in order. A map, since a caller chooses the names. */
function queryValues(query: string): { [key: string]: unknown } {
  const values = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(query)) {
    values.set(name, [...(values.get(name) ?? []), value])
  }
  return values as unknown as { [key: string]: unknown }
}

/** Whether the body, if there is one, has no compression and no other character set than UTF-8. */
function isPlainJson({ headers }: FastifyRequest): boolean {
  const coding = headers['content-encoding']
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(headers['content-type'] ?? '')?.[1]
  return (
    (coding === undefined || coding.toLowerCase() === 'identity') &&
    (charset === undefined || charset.toLowerCase() === 'utf-8')
  )
}

function errorHandler(settings: RestSettings, log: Logger) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    request.trace ??= { startedAt: performance.now() } // a path that the router refused went past the hooks
    const failed = failureOf(error, settings)
    if (httpOf(failed.status) === 500) logFault(log, request, failed)
    return refuse(reply.headers(securityHeaders).header('x-request-id', request.id), failed)
  }
}
