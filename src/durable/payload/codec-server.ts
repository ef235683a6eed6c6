// The codec server: the Temporal UI and the temporal program send payloads here to show them, or type them in, in clear.
//
//   POST /decode, POST /encode     { "payloads": [ { "metadata": { "encoding": BASE64, … }, "data": BASE64 }, … ] }     both ways
//
// Contract: https://docs.temporal.io/codec-server. Whoever gets an answer reads customer data. So a page in a browser must come
// from the Temporal UI, and whoever has no token must be on this machine: without one it listens on loopback only.

import { createHash, timingSafeEqual } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import type { Payload } from '@temporalio/common'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import { membersOf } from '../../contract/json.ts'
import { type Failure, failure, isFailure } from '../../error/failure.ts'
import { httpOf } from '../../error/status.ts'
import type { PayloadKey } from '../settings.ts'
import { payloadCodec } from './payload-codec.ts'

/** Where the codec server listens, whom it answers, and with which keys. */
export interface CodecServerSettings {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** Wanted as `Authorization: Bearer TOKEN` when it is set. */
  readonly token?: string
  /** The base URL of the Temporal UI; without it no page in a browser may ask. */
  readonly ui?: string
  readonly payloadKeys: readonly PayloadKey[]
  /** Asked before payloads are shown in clear; what it throws is answered in their place. */
  readonly looked?: (payloads: number) => Promise<void>
  /** Told of each request that was not answered in clear. */
  readonly refused?: (error: Failure) => void
}

/** A running codec server. */
export interface CodecServer {
  readonly url: string
  close(): Promise<void>
}

/** Payloads of one request may be as large as Temporal takes them, in base64 twice: as they are stored and as they are sent. */
const bodyBytesMax = 16 * 1024 * 1024

const payloadSchema = z.object({ metadata: z.record(z.string(), z.string()).nullish(), data: z.string().nullish() })
/**
 * Protobuf's JSON: an empty list is left out or null, and what has no value is null. Each payload has its answer, null too, since clients
 * count them.
 */
const bodySchema = z.object({
  payloads: z
    .array(payloadSchema.nullable().transform((payload) => payload ?? {}))
    .max(10_000)
    .nullish()
    .transform((payloads) => payloads ?? []),
})
type WirePayload = z.output<typeof payloadSchema>

/** An address that only this machine reaches. */
const isLoopback = (host: string) => /^(?:127(?:\.\d{1,3}){3}|localhost|::1)$/.test(host)

/**
 * Serves until it is closed. Throws CODEC_TOKEN_MISSING without a token on an address that others reach, PAYLOAD_KEYS_INVALID, or
 * CODEC_SERVER_UNOPENED when the port is taken.
 */
export async function startCodecServer(settings: CodecServerSettings): Promise<CodecServer> {
  // config.ts says the same at the start of the product; whoever starts the server otherwise is held to it too.
  if (!settings.token && !isLoopback(settings.host)) throw failure('CODEC_TOKEN_MISSING', { host: settings.host })
  const [first, ...others] = settings.payloadKeys
  const codec = first && payloadCodec([first, ...others])
  const app = Fastify({ logger: false, bodyLimit: bodyBytesMax, requestTimeout: 30_000, forceCloseConnections: true })
  app.server.maxConnections = 200
  app.removeContentTypeParser('text/plain') // a page of any origin may send that without asking first
  app.addHook('onRequest', admission(settings))
  app.options('/*', async (_request, reply) => reply.code(204).headers(preflight).send())
  for (const direction of ['decode', 'encode'] as const) {
    app.post(`/${direction}`, async (request) => {
      const { success, data } = bodySchema.safeParse(request.body)
      if (!success) throw failure('CODEC_REQUEST_INVALID', { problem: 'the body is not {"payloads":[…]}' })
      const payloads = data.payloads.map(fromWire)
      if (direction === 'decode') await settings.looked?.(payloads.length)
      return { payloads: (codec ? await codec[direction](payloads) : payloads).map(toWire) }
    })
  }
  app.setNotFoundHandler((request, reply) => {
    const problem = `${request.method} at this path is not known; POST /decode and POST /encode are`
    return refuse(reply, failure('CODEC_REQUEST_INVALID', { problem }), 404)
  })
  app.setErrorHandler((error, _request, reply) => {
    const failed = failureOf(error)
    settings.refused?.(failed.error)
    return refuse(reply, failed.error, failed.status)
  })
  const { host, port } = settings
  await app.listen({ host, port }).catch((cause: NodeJS.ErrnoException) => {
    throw failure('CODEC_SERVER_UNOPENED', { host, port, reason: cause.code ?? cause.message }, { cause })
  })
  const bound = app.server.address() as AddressInfo
  const name = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  return { url: `http://${name}:${bound.port}`, close: () => app.close() }
}

/** Lets in pages of the Temporal UI and programs, both with the token where there is one. */
function admission({ token, ui }: CodecServerSettings) {
  const origins = ui === undefined ? [] : originsOf(ui)
  return async ({ headers, method }: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.headers({ 'cache-control': 'no-store', vary: 'origin', 'x-content-type-options': 'nosniff' })
    if (headers.origin !== undefined) {
      if (!origins.includes(headers.origin)) throw failure('CODEC_ORIGIN_REFUSED', {})
      reply.header('access-control-allow-origin', headers.origin).header('access-control-allow-credentials', 'true')
    }
    // A browser asks with OPTIONS what it may send, and sends no token with that.
    if (token === undefined || method === 'OPTIONS') return
    if (!sameText(headers.authorization ?? '', `Bearer ${token}`)) throw failure('CODEC_TOKEN_REFUSED', {})
  }
}

const preflight = {
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'content-type, x-namespace, authorization, authorization-extras',
  'access-control-allow-private-network': 'true',
  'access-control-max-age': '600',
}

/** A UI on this machine is reached by either of two names. */
function originsOf(ui: string): string[] {
  const { origin, protocol, hostname, port } = new URL(ui)
  const isLocal = hostname === '127.0.0.1' || hostname === 'localhost'
  return isLocal ? ['127.0.0.1', 'localhost'].map((name) => new URL(`${protocol}//${name}:${port}`).origin) : [origin]
}

/** Takes as long for a near miss as for a wild guess. */
function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

function fromWire({ metadata, data }: WirePayload): Payload {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value, 'base64')])
  return { metadata: Object.fromEntries(entries), data: Buffer.from(data ?? '', 'base64') }
}

function toWire({ metadata, data }: Payload): WirePayload {
  const base64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64')
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)])
  return { metadata: Object.fromEntries(entries), data: base64(data) }
}

/** A payload that cannot be read is told as the request's mistake; what the HTTP library refuses keeps its status. */
function failureOf(error: unknown): { readonly error: Failure; readonly status: number } {
  if (isFailure(error)) return { error, status: error.code.startsWith('PAYLOAD_') ? 422 : httpOf(error.status) }
  const { statusCode: status, code = '' } = membersOf(error)
  const statusCode = typeof status === 'number' ? status : 500
  const problem = statusCode < 500 ? `it is not JSON as it should be (${code})` : 'the codec server failed'
  return { error: failure('CODEC_REQUEST_INVALID', { problem }, { cause: error }), status: statusCode }
}

function refuse(reply: FastifyReply, { code, what, hint }: Failure, status: number): FastifyReply {
  const type = `urn:mainspan:problem:${code}`
  const problem = { type, status, code, detail: what, hint }
  return reply.code(status).type('application/problem+json').send(JSON.stringify(problem))
}
