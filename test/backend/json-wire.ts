// A wire whose bytes are JSON, and a back end that answers what a test says: for tests of what stands between the two.

import { type AdapterDefinition, echoPairs, type TransactionDefinition } from '../../src/contract/adapter.ts'
import type { Backend, Exchange, ExchangeResult, Wire } from '../../src/contract/backend.ts'
import type { Catalog, ResolvedTransaction } from '../../src/contract/catalog.ts'
import type { JsonObject } from '../../src/contract/json.ts'
import { applied, unclear, type Verdict } from '../../src/contract/outcome.ts'
import { failure } from '../../src/error/failure.ts'

const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

/** Names of the adapter are the JSON's own, in upper case. */
export function jsonWire(definition: TransactionDefinition): Wire {
  const verdictOf = (body: JsonObject): Verdict => {
    const { outcome } = definition
    return outcome ? (outcome.verdicts[String(body[outcome.field.toLowerCase()])] ?? unclear) : applied
  }
  return {
    target: definition.kind === 'record' ? definition.program : definition.operation,
    requestSchema: {},
    replySchema: {},
    maxReplyBytes: 1000,
    encode: (request, fields) => {
      if (request.amount === 'too much') throw failure('RECORD_TOO_SHORT', { record: 'R', needed: 1, got: 0 })
      return bytesOf({ ...request, ...lower(fields ?? {}) })
    },
    read: (reply, sent) => {
      const text = new TextDecoder().decode(reply)
      if (!text.startsWith('{')) throw failure('RECORD_TOO_SHORT', { record: 'R', needed: 60, got: reply.length })
      const body = JSON.parse(text) as JsonObject
      const asked = JSON.parse(sent ? new TextDecoder().decode(sent) : '{}') as JsonObject
      const unechoed = echoPairs(definition.echoes).flatMap(([back, out]) =>
        body[back.toLowerCase()] === asked[out.toLowerCase()] ? [] : [back],
      )
      return { body, verdict: verdictOf(body), ...(unechoed.length > 0 && { unechoed }) }
    },
    typeOf: (_side, field) => (field.endsWith('AMOUNT') ? 'number' : 'text'),
    valueOf: (_side, body, field) => {
      const value = body[field.toLowerCase()]
      return value === undefined ? undefined : String(value)
    },
    bodyOf: (_side, values) => lower(values),
  }
}

function lower(values: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key.toLowerCase(), value]))
}

export function catalogOf(name: string, definition: AdapterDefinition): Catalog {
  const transactions = new Map<string, ResolvedTransaction>()
  for (const [transaction, one] of Object.entries(definition.transactions)) {
    transactions.set(transaction, { adapter: name, name: transaction, definition: one, wire: jsonWire(one) })
  }
  const adapter = { name, file: `adapters/${name}.ts`, definition, transactions }
  return { root: '.', adapters: new Map([[name, adapter]]), operations: [], flows: new Map(), files: {} }
}

export interface ToldBackend extends Backend {
  /** What was sent, in order: target and JSON. */
  readonly sent: readonly (readonly [string, JsonObject])[]
}

/** Answers each exchange with what `answer` says; an object is a reply's JSON. */
export function toldBackend(
  answer: (
    exchange: Exchange,
    request: JsonObject,
  ) => ExchangeResult | JsonObject | Promise<ExchangeResult | JsonObject>,
): ToldBackend {
  const sent: [string, JsonObject][] = []
  return {
    sent,
    exchange: async (exchange) => {
      const request = JSON.parse(new TextDecoder().decode(exchange.payload)) as JsonObject
      sent.push([exchange.target, request])
      const told = await answer(exchange, request)
      return isResult(told) ? told : { kind: 'reply', bytes: bytesOf(told) }
    },
    close: () => Promise.resolve(),
  }
}

function isResult(told: ExchangeResult | JsonObject): told is ExchangeResult {
  return 'kind' in told
}
