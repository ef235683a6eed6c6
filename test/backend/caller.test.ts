// Calls and inquiries between a wire of JSON and a back end that answers what it is told.

import { describe, expect, test } from '@jest/globals'
import { type CallerOptions, caller } from '../../src/backend/caller.ts'
import type { AdapterDefinition } from '../../src/contract/adapter.ts'
import type { Backend, ExchangeResult } from '../../src/contract/backend.ts'
import type { Call } from '../../src/contract/call.ts'
import type { JsonObject } from '../../src/contract/json.ts'
import { applied, by, rejected } from '../../src/contract/outcome.ts'
import { failure } from '../../src/error/failure.ts'
import { catalogOf, toldBackend } from './json-wire.ts'

const verdicts = by('STATUS', { OK: applied, DU: applied, NF: rejected('not-found', 404), IF: rejected('no-funds') })
const common = { kind: 'record', record: 'x.cpy', deadlineMs: 100, outcome: verdicts } as const
const bank: AdapterDefinition = {
  backend: { kind: 'cics-socket', endpoints: 'BANK' },
  codePage: 'cp037',
  transactions: {
    post: {
      ...common,
      program: 'POST',
      effect: 'once',
      reference: 'REF',
      inquiry: {
        transaction: 'find',
        by: 'KEY',
        absent: ['not-found'],
        matches: 'MATCHES',
        with: { ACCOUNT: 'ACCOUNT', MISSING: 'NOWHERE' },
        gives: { NUMBER: 'FOUND-NUMBER', NOTHING: 'NOWHERE' },
      },
      reversal: { transaction: 'reverse', original: 'ORIGINAL', with: { 'ORIGINAL-AMOUNT': 'AMOUNT' } },
    },
    find: { ...common, program: 'FIND', effect: 'read' },
    reverse: {
      ...common,
      program: 'REVERSE',
      effect: 'once',
      reference: 'REF',
      inquiry: { transaction: 'find', by: 'KEY', absent: ['not-found'] },
    },
    note: { ...common, program: 'NOTE', effect: 'once' },
  },
}

const post: Call = {
  adapter: 'bank',
  transaction: 'post',
  request: { account: '1', amount: '9.99' },
  reference: 'REF1',
}

function callerOf(backend: Backend, definition = bank, options: CallerOptions = {}) {
  return caller(catalogOf('bank', definition), new Map([['bank', backend]]), options)
}

const lost: ExchangeResult = {
  kind: 'unknown',
  why: 'connection-lost-after-send',
  cause: failure('CORE_CONNECTION_LOST', { adapter: 'bank', target: 'POST', got: 0 }),
}
const refused: ExchangeResult = { kind: 'not-sent', cause: failure('CORE_UNREACHABLE', { adapter: 'bank' }) }
const garbage: ExchangeResult = { kind: 'reply', bytes: new TextEncoder().encode('garbage') }

describe('call', () => {
  test.each<[string, ExchangeResult | JsonObject, unknown]>([
    ['applied', { status: 'OK', n: 1 }, { outcome: 'applied', reply: { status: 'OK', n: 1 } }],
    ['already applied', { status: 'DU' }, { outcome: 'applied', reply: { status: 'DU' } }],
    ['rejected', { status: 'NF' }, { outcome: 'rejected', reason: 'not-found', http: 404, reply: { status: 'NF' } }],
    ['abended', { kind: 'abended', abendCode: 'ASRA' }, { outcome: 'abended', abendCode: 'ASRA' }],
    [
      'not sent',
      refused,
      { outcome: 'not-sent', code: 'CORE_UNREACHABLE', message: 'bank could not be reached; nothing was sent' },
    ],
    [
      'lost',
      lost,
      {
        outcome: 'unknown',
        cause: 'connection-lost-after-send',
        message: 'CORE_CONNECTION_LOST: the connection to bank ended during POST, 0 bytes of its reply had come',
      },
    ],
    [
      'a status without a verdict',
      { status: 'ZZ' },
      {
        outcome: 'unknown',
        cause: 'reply-not-understood',
        message: 'CORE_REPLY_UNCLEAR: the contract of bank does not say what STATUS of the reply to POST means',
        evidence: Buffer.from('{"status":"ZZ"}').toString('base64'),
      },
    ],
    [
      'a reply that cannot be read',
      garbage,
      {
        outcome: 'unknown',
        cause: 'reply-malformed',
        message: 'CORE_REPLY_MALFORMED: the reply of bank to POST is malformed: record R needs 60 bytes but has 7',
        evidence: Buffer.from('garbage').toString('base64'),
      },
    ],
  ])('%s', async (_, told, expected) => {
    const backend = toldBackend(() => told)
    expect(await callerOf(backend).call(post)).toEqual(expected)
    expect(backend.sent).toEqual([['POST', { account: '1', amount: '9.99', ref: 'REF1' }]])
  })

  test('evidence is bounded', async () => {
    const backend = toldBackend(() => ({ kind: 'reply', bytes: new Uint8Array(100_000).fill(65) }))
    const outcome = await callerOf(backend).call(post)
    const evidence = outcome.outcome === 'unknown' ? (outcome.evidence ?? '') : ''
    expect(Buffer.from(evidence, 'base64').length).toBe(32 * 1024)
  })

  test('a reversal names the call to undo and takes from it what the contract says', async () => {
    const backend = toldBackend(() => ({ status: 'OK' }))
    const reversing = { transaction: 'post', request: post.request, reference: 'REF1' }
    await callerOf(backend).call({ adapter: 'bank', transaction: 'reverse', request: {}, reference: 'REF2', reversing })
    expect(backend.sent).toEqual([['REVERSE', { 'original-amount': '9.99', original: 'REF1', ref: 'REF2' }]])
  })

  test.each<[string, Call, string]>([
    ['a value that does not fit', { ...post, request: { amount: 'too much' } }, 'RECORD_TOO_SHORT'],
    ['a transaction that nobody declared', { ...post, transaction: 'nope' }, 'TRANSACTION_UNKNOWN'],
    ['an adapter that nobody declared', { ...post, adapter: 'nope' }, 'TRANSACTION_UNKNOWN'],
    [
      'a reversal that nobody declared',
      { ...post, transaction: 'note', reversing: { transaction: 'post', request: {}, reference: 'REF1' } },
      'REVERSAL_UNDECLARED',
    ],
  ])('%s is thrown, and nothing is sent', async (_, call, code) => {
    const backend = toldBackend(() => ({ status: 'OK' }))
    await expect(callerOf(backend).call(call)).rejects.toMatchObject({ code })
    expect(backend.sent).toEqual([])
  })

  test('an adapter without a back end', async () => {
    const one = caller(catalogOf('bank', bank), new Map())
    await expect(one.call(post)).rejects.toMatchObject({ code: 'BACKEND_MISSING' })
  })

  test('what no later attempt can mend is thrown, not answered as not sent', async () => {
    const cause = failure('COMMAREA_TOO_LONG', { needed: 40_000, most: 32_763 })
    const backend = toldBackend(() => ({ kind: 'not-sent', cause }))
    await expect(callerOf(backend).call(post)).rejects.toBe(cause)
  })

  test('each exchange is told to the observer, without data', async () => {
    const notes: object[] = []
    const observe = ({ ms: _, ...note }: { ms: number }) => void notes.push(note)
    await callerOf(
      toldBackend(() => lost),
      bank,
      { observe },
    ).call(post)
    const note = { adapter: 'bank', transaction: 'post', reference: 'REF1', result: 'unknown' }
    expect(notes).toEqual([{ ...note, code: 'CORE_CONNECTION_LOST' }])
  })
})

describe('inquire', () => {
  test.each<[string, ExchangeResult | JsonObject, unknown]>([
    [
      'found once',
      { status: 'OK', matches: '1', 'found-number': '77' },
      { finding: 'applied', reply: { number: '77' } },
    ],
    ['found twice', { status: 'OK', matches: '2' }, { finding: 'ambiguous', matches: 2 }],
    ['not found', { status: 'NF' }, { finding: 'absent' }],
    ['found and counted none', { status: 'OK', matches: '0' }, { finding: 'unclear', message: expect.any(String) }],
    ['no count', { status: 'OK' }, { finding: 'unclear', message: "MATCHES of the inquiry's reply is no number" }],
    ['another rejection', { status: 'IF' }, { finding: 'unclear', message: 'the inquiry was rejected: no-funds' }],
    [
      'a status without a verdict',
      { status: 'ZZ' },
      { finding: 'unclear', message: expect.stringContaining('STATUS') },
    ],
    ['abended', { kind: 'abended', abendCode: 'ASRA' }, { finding: 'unclear', message: 'the inquiry abended: ASRA' }],
    ['not sent', refused, { finding: 'unclear', message: 'bank could not be reached; nothing was sent' }],
    ['lost', lost, { finding: 'unclear', message: expect.stringContaining('CORE_CONNECTION_LOST') }],
    ['garbage', garbage, { finding: 'unclear', message: expect.stringContaining('CORE_REPLY_MALFORMED') }],
  ])('%s', async (_, told, expected) => {
    const backend = toldBackend(() => told)
    expect(await callerOf(backend).inquire(post)).toEqual(expected)
    expect(backend.sent).toEqual([['FIND', { account: '1', key: 'REF1' }]])
  })

  test("a reversal's own inquiry, without a count", async () => {
    const backend = toldBackend(() => ({ status: 'OK' }))
    const reversal: Call = { adapter: 'bank', transaction: 'reverse', request: {}, reference: 'REF2' }
    expect(await callerOf(backend).inquire(reversal)).toEqual({ finding: 'applied', reply: {} })
    expect(backend.sent).toEqual([['FIND', { key: 'REF2' }]])
  })

  test('none declared: unclear, and nothing is sent', async () => {
    const backend = toldBackend(() => ({ status: 'OK' }))
    const finding = await callerOf(backend).inquire({ ...post, transaction: 'note' })
    expect(finding).toEqual({ finding: 'unclear', message: 'note declares no inquiry' })
    expect(backend.sent).toEqual([])
  })
})

describe('what stands before the core', () => {
  test('closed hours: not sent, and when it opens', async () => {
    const backend = toldBackend(() => ({ status: 'OK' }))
    const closed = { ...bank, hours: { zone: 'Europe/London', closed: ['23:30-00:15'] } }
    const at = (instant: string) => callerOf(backend, closed, { now: () => new Date(instant) }).call(post)
    expect(await at('2026-01-10T23:45:30Z')).toEqual({
      outcome: 'not-sent',
      code: 'CORE_CLOSED',
      message: 'bank is closed until 2026-01-11T00:15:00.000Z; nothing was sent',
    })
    expect(backend.sent).toEqual([])
    expect((await at('2026-01-11T00:15:00Z')).outcome).toBe('applied')
  })

  test('never more calls at once than the core allows', async () => {
    let inside = 0
    let most = 0
    const backend = toldBackend(async () => {
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setTimeout(resolve, 5))
      inside -= 1
      return { status: 'OK' }
    })
    const one = callerOf(backend, { ...bank, limits: { concurrent: 3 } }, { queueLength: 5 })
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => one.call(post)))
    expect(most).toBe(3)
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([...Array(8).fill('applied'), 'not-sent', 'not-sent'])
  })

  test('a cancelled call that waits is not sent', async () => {
    const stop = new AbortController()
    let release: () => void = () => undefined
    const backend = toldBackend(async () => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return { status: 'OK' }
    })
    const one = callerOf(backend, { ...bank, limits: { concurrent: 1 } })
    const first = one.call(post)
    const second = one.call(post, { signal: stop.signal })
    stop.abort()
    expect(await second).toMatchObject({ outcome: 'not-sent', code: 'CALL_CANCELLED' })
    release()
    expect(await first).toMatchObject({ outcome: 'applied' })
    expect(backend.sent.length).toBe(1)
  })

  test('after failures in a row writes are not sent; a read that succeeds lets them through again', async () => {
    let down = true
    const backend = toldBackend(() => (down ? refused : { status: 'OK', matches: '1' }))
    const breaker = { failures: 3, readRestMs: 0, writeRestMs: 60_000 }
    const one = callerOf(backend, bank, { breaker })
    for (let turn = 0; turn < 3; turn += 1) await one.call(post)
    expect(await one.call(post)).toMatchObject({ outcome: 'not-sent', code: 'CORE_BREAKER_OPEN' })
    expect(backend.sent.length).toBe(3)
    expect(await one.inquire(post)).toMatchObject({ finding: 'unclear' })
    expect(await one.call(post)).toMatchObject({ outcome: 'not-sent', code: 'CORE_BREAKER_OPEN' })
    down = false
    expect(await one.inquire(post)).toMatchObject({ finding: 'applied' })
    expect(await one.call(post)).toMatchObject({ outcome: 'applied' })
  })
})
