// A kind of back end that the product does not have, as somebody would add it: JSON over HTTP. Its definition, description and transport.

import { type CicsSocketBackend, echoPairs, type SoapTransaction } from '../../src/contract/adapter.ts'
import type { Backend, ExchangeResult, Wire } from '../../src/contract/backend.ts'
import type { JsonObject } from '../../src/contract/json.ts'
import { applied, unclear } from '../../src/contract/outcome.ts'
import { failure } from '../../src/error/failure.ts'
import type { ConnectSettings, Protocol } from '../../src/protocols.ts'

export interface HttpJsonBackend extends Pick<CicsSocketBackend, 'endpoints' | 'tls'> {
  readonly kind: 'http-json'
}

export interface HttpJsonTransaction extends Omit<SoapTransaction, 'kind' | 'operation'> {
  readonly kind: 'http-json'
  readonly path: string
}

function wireOf({ path, outcome, echoes }: HttpJsonTransaction): Wire {
  const body = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as JsonObject
  const textOf = (value: unknown) => (value === undefined ? undefined : String(value))
  return {
    target: path,
    route: { path, headers: { 'content-type': 'application/json' }, accept: 'application/json' },
    requestSchema: { type: 'object' },
    replySchema: { type: 'object' },
    maxReplyBytes: 10_000,
    encode: (request, fields) => new TextEncoder().encode(JSON.stringify({ ...request, ...fields })),
    read: (bytes, sent) => {
      const reply = body(bytes)
      const asked = sent ? body(sent) : reply
      const unechoed = echoPairs(echoes).flatMap(([back, out]) => (reply[back] === asked[out] ? [] : [back]))
      const verdict = outcome ? outcome.verdicts[String(reply[outcome.field])] : applied
      return { body: reply, verdict: verdict ?? unclear, ...(unechoed.length > 0 && { unechoed }) }
    },
    typeOf: () => 'text',
    valueOf: (_side, from, field) => textOf(from[field]),
    bodyOf: (_side, values) => values,
  }
}

function backend(_definition: HttpJsonBackend, { name, endpoints: [first] }: ConnectSettings): Backend {
  return {
    exchange: async ({ route, payload, deadlineMs, target }): Promise<ExchangeResult> => {
      const request = { method: 'POST', body: payload, headers: { ...route?.headers } }
      try {
        const signal = AbortSignal.timeout(deadlineMs)
        const reply = await fetch(`http://${first?.host}:${first?.port}${route?.path}`, { ...request, signal })
        return { kind: 'reply', bytes: new Uint8Array(await reply.arrayBuffer()) }
      } catch {
        const cause = failure('CORE_NO_REPLY', { adapter: name, target, deadlineMs })
        return { kind: 'unknown', why: 'no-reply-before-deadline', cause }
      }
    },
    close: async () => undefined,
  }
}

export const httpJson: Protocol<HttpJsonBackend, HttpJsonTransaction> = {
  transactions: 'http-json',
  declaredBy: 'httpJson({ … })',
  settings: ['endpoints', 'tls'],
  check: ({ transactions }, report) => {
    for (const [name, { path }] of transactions) {
      if (path.startsWith('/')) continue
      report.mistake(['transactions', name, 'path'], 'ROUTE_INVALID', { route: path, problem: 'is no path' })
    }
  },
  wires: () => ({ of: (_name, transaction) => wireOf(transaction), knows: () => true }),
  connect: backend,
}
