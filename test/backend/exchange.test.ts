// What one call asks of a back end, and what the observer is told of it.

import { describe, expect, test } from '@jest/globals'
import { type CallerOptions, caller } from '../../src/backend/caller.ts'
import type { AdapterDefinition } from '../../src/contract/adapter.ts'
import type { Backend, Exchange, ExchangeResult } from '../../src/contract/backend.ts'
import type { Call, CallLimits } from '../../src/contract/call.ts'
import type { JsonObject } from '../../src/contract/json.ts'
import { applied, by, duplicate, rejected } from '../../src/contract/outcome.ts'
import { failure } from '../../src/error/failure.ts'
import { catalogOf, toldBackend } from './json-wire.ts'

const outcome = by('STATUS', { OK: applied, DU: duplicate, NF: rejected('not-found') })
const bank: AdapterDefinition = {
  backend: { kind: 'cics-socket', endpoints: 'BANK' },
  codePage: 'cp037',
  transactions: {
    post: {
      kind: 'record',
      record: 'x.cpy',
      program: 'POST',
      effect: 'once',
      reference: 'REF',
      deadlineMs: 100,
      outcome,
    },
  },
}
const post: Call = { adapter: 'bank', transaction: 'post', request: { amount: '9.99' }, reference: 'REF1' }

function callerOf(backend: Backend, options: CallerOptions = {}) {
  return caller(catalogOf('bank', bank), new Map([['bank', backend]]), options)
}

const lost: ExchangeResult = {
  kind: 'unknown',
  why: 'connection-lost-after-send',
  cause: failure('CORE_CONNECTION_LOST', { adapter: 'bank', target: 'POST', got: 0 }),
}
const refused: ExchangeResult = { kind: 'not-sent', cause: failure('CORE_UNREACHABLE', { adapter: 'bank' }) }

describe('an exchange', () => {
  async function exchangeOf(call: Call, limits?: CallLimits): Promise<Exchange> {
    const seen: Exchange[] = []
    const backend = toldBackend((exchange) => {
      seen.push(exchange)
      return { status: 'OK' }
    })
    await callerOf(backend).call(call, limits)
    return seen[0] as Exchange
  }

  test('carries the reference, the limits of the transaction, and nothing that was not asked for', async () => {
    const exchange = await exchangeOf(post)
    expect(exchange).toStrictEqual({
      ...{ target: 'POST', correlation: 'REF1', deadlineMs: 100, maxReplyBytes: 1000 },
      payload: expect.anything(),
      accepts: expect.any(Function),
    })
  })

  test('carries the signal and the time of whoever asked', async () => {
    const { signal } = new AbortController()
    expect(await exchangeOf(post, { signal, until: 12_345 })).toMatchObject({ signal, until: 12_345 })
  })

  test.each([
    ['adapter', { ...post, adapter: 'other' }],
    ['transaction', { ...post, transaction: 'other' }],
  ])('is none where the %s is not known, which is named', async (name, call) => {
    const { adapter, transaction } = call
    await expect(callerOf(toldBackend(() => lost)).call(call)).rejects.toMatchObject({
      code: 'TRANSACTION_UNKNOWN',
      facts: { adapter, transaction, [name]: 'other' },
    })
  })

  test.each<[string, ExchangeResult | JsonObject, string | undefined]>([
    ['an answer', { status: 'OK' }, undefined],
    ['a refusal', { status: 'NF' }, undefined],
    ['a reply that is not understood', { status: 'ZZ' }, 'reply-not-understood'],
    ['a reference that is known', { status: 'DU' }, 'duplicate-reference'],
    ['what was not sent', refused, 'CORE_UNREACHABLE'],
  ])('with %s is told to the observer with its code', async (_, told, code) => {
    const notes: { readonly code?: string | undefined; readonly ms: number }[] = []
    await callerOf(
      toldBackend(() => told),
      { observe: (note) => void notes.push(note) },
    ).call(post)
    expect(notes.map((note) => note.code)).toEqual([code])
    expect(notes[0]?.ms).toBeGreaterThanOrEqual(0)
    expect(notes[0]?.ms).toBeLessThan(60_000)
  })

  test('that is unknown keeps the bytes that came, and none where none came', async () => {
    const evidence = (bytes: Uint8Array) =>
      callerOf(toldBackend(() => ({ ...lost, evidence: bytes }))).call(post) as Promise<{ readonly evidence?: string }>
    expect((await evidence(new Uint8Array([1, 2]))).evidence).toBe('AQI=')
    expect(await evidence(new Uint8Array())).not.toHaveProperty('evidence')
  })
})
