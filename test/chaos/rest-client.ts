// A client over REST as it should be: one key a request, asked again while nothing certain was said, at another gateway when one is silent.

import type { Order, State, Told } from './ledger.ts'

export interface RestClient {
  /** One request; `retry` when nothing certain came of it. */
  ask(order: Order, waitSeconds: number): Promise<Told>
  /** The status of an operation, with what it says beside the result; undefined when nobody answers. */
  status(op: number, id: string): Promise<Status | undefined>
}

export interface Status {
  readonly told: Told
  readonly attention?: string
  readonly reason?: string
}

/** `url` gives a gateway that should be up; another one each time. */
export function restClient(url: () => string | undefined): RestClient {
  return {
    async ask(order, waitSeconds) {
      const { method, path, body } = requestOf(order)
      const headers = {
        'content-type': 'application/json',
        'idempotency-key': order.key,
        prefer: `wait=${waitSeconds}`,
      }
      const init = { method, headers, body: JSON.stringify(body) }
      const answer = await exchange(url(), path, init, (waitSeconds + 12) * 1000)
      return answer ? toldOf(order.op, answer) : { op: order.op, by: 'http', state: 'retry' }
    },
    async status(op, id) {
      const answer = await exchange(url(), `/operations/${encodeURIComponent(id)}`, {}, 8000)
      return answer && statusOf(op, id, answer)
    },
  }
}

interface HttpAnswer {
  readonly http: number
  readonly location: string | null
  readonly body: Readonly<Record<string, unknown>>
}

async function exchange(
  base: string | undefined,
  path: string,
  init: RequestInit,
  timeoutMs: number,
): Promise<HttpAnswer | undefined> {
  if (base === undefined) return undefined
  try {
    const response = await fetch(new URL(path, base), { ...init, signal: AbortSignal.timeout(timeoutMs) })
    const text = await response.text()
    const body = text === '' ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>)
    return { http: response.status, location: response.headers.get('location'), body }
  } catch {
    // A gateway that is dead, stopped or on its way down: nothing was said.
    return undefined
  }
}

function toldOf(op: number, { http, location, body }: HttpAnswer): Told {
  const id = idIn(location ?? body.operation)
  const common = { op, by: 'http', http, ...(id !== undefined && { id }) } as const
  if (http === 200 || http === 201) return { ...common, state: 'completed', receipt: body }
  if (http === 202) return { ...common, state: body.state === 'parked' ? 'parked' : 'running' }
  if (body.operation !== undefined) return { ...common, ...refusalOf(body) }
  return body.retryable === true || http >= 500
    ? { ...common, state: 'retry', ...wordsOf(body) }
    : { ...common, state: 'refused', ...wordsOf(body) }
}

function statusOf(op: number, id: string, { http, body }: HttpAnswer): Status | undefined {
  if (http !== 200) return http === 404 ? { told: { op, by: 'status', http, state: 'refused', id } } : undefined
  const common = { op, by: 'status', http, id } as const
  const { state, attention, reason } = body as { state: State; attention?: { reason?: string }; reason?: string }
  const beside = {
    ...(attention && { attention: String(attention.reason) }),
    ...(reason !== undefined && { reason: String(reason) }),
  }
  switch (state) {
    case 'completed':
      return { told: { ...common, state, receipt: body.output as Readonly<Record<string, unknown>> }, ...beside }
    case 'running':
    case 'parked':
      return { told: { ...common, state }, ...beside }
    default:
      return { told: { ...common, ...wordsOf(body.error as Readonly<Record<string, unknown>>), state }, ...beside }
  }
}

function refusalOf(problem: Readonly<Record<string, unknown>>): Pick<Told, 'state' | 'code' | 'text'> {
  const words = wordsOf(problem)
  if (words.code === 'CORE_REJECTED') return { ...words, state: 'rejected' }
  return { ...words, state: words.code === 'OPERATION_ABANDONED' ? 'abandoned' : 'failed' }
}

function wordsOf(problem: Readonly<Record<string, unknown>> = {}): Pick<Told, 'code' | 'text'> {
  const text = [problem.detail, problem.hint].filter((part) => typeof part === 'string').join('; ')
  return { ...(typeof problem.code === 'string' && { code: problem.code }), ...(text !== '' && { text }) }
}

function idIn(url: unknown): string | undefined {
  return typeof url === 'string' ? decodeURIComponent(url.split('/').at(-1) ?? '') : undefined
}

function requestOf(order: Order): { readonly method: string; readonly path: string; readonly body: object } {
  const { customerNumber, accountNumber, ...rest } = inputOf(order) as Readonly<Record<string, unknown>>
  switch (order.kind) {
    case 'transfer':
      return { method: 'POST', path: '/v1/transfers', body: rest }
    case 'entry':
      return { method: 'POST', path: '/v1/entries', body: { accountNumber, ...rest } }
    case 'raise':
      return { method: 'POST', path: `/v1/customers/${customerNumber}/credit-limit-raises`, body: rest }
    case 'address':
      return { method: 'PUT', path: `/v1/customers/${customerNumber}/address`, body: rest }
  }
}

/** The input of the operation, as a command carries it. */
export function inputOf({ kind, op, from, to, direction, amount, currency }: Order): object {
  switch (kind) {
    case 'transfer':
      return { from, to, amount, currency, text: `order ${op}` }
    case 'entry':
      return { accountNumber: from, direction, amount, currency, text: `order ${op}` }
    case 'raise':
      return { customerNumber: from, raiseBy: amount, currency }
    case 'address':
      return {
        customerNumber: from,
        address: { kind: 'HOME', line: [`Order ${amount}`], city: 'Bristol', country: 'GB' },
      }
  }
}

/** The operation of the product that an order is for. */
export const operationOf = {
  transfer: 'transferFunds',
  entry: 'postEntry',
  raise: 'raiseCreditLimit',
  address: 'changeAddress',
} as const
