// Calls and inquiries between a wire of JSON and a back end that answers what it is told.

import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { type CallerOptions, caller } from '../../src/backend/caller.ts'
import type { AdapterDefinition, TransactionDefinition } from '../../src/contract/adapter.ts'
import type { Backend, ExchangeResult } from '../../src/contract/backend.ts'
import type { Call } from '../../src/contract/call.ts'
import type { JsonObject } from '../../src/contract/json.ts'
import { applied, by, duplicate, rejected } from '../../src/contract/outcome.ts'
import { failure } from '../../src/error/failure.ts'
import { catalogOf, toldBackend } from './json-wire.ts'
import { standstillClock } from './network.ts'

const refusals = { NF: rejected('not-found', 'not-found'), IF: rejected('no-funds') }
const verdicts = by('STATUS', { OK: applied, DU: duplicate, ...refusals })
const notFound = { outcome: 'rejected', reason: 'not-found', status: 'not-found' }
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
        compares: { 'FOUND-ACCOUNT': 'ACCOUNT', 'FOUND-AMOUNT': 'AMOUNT' },
        with: { ACCOUNT: 'ACCOUNT', MISSING: 'NOWHERE' },
        gives: { NUMBER: 'FOUND-NUMBER', NOTHING: 'NOWHERE' },
      },
      reversal: { transaction: 'reverse', original: 'ORIGINAL', with: { 'ORIGINAL-AMOUNT': 'AMOUNT' } },
    },
    find: { ...common, program: 'FIND', effect: 'read', echoes: ['KEY'] },
    reverse: {
      ...common,
      program: 'REVERSE',
      effect: 'once',
      reference: 'REF',
      inquiry: {
        transaction: 'find',
        by: 'KEY',
        absent: ['not-found'],
        compares: { 'FOUND-ORIGINAL': 'ORIGINAL' },
      },
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
    [
      'a reference that the core knows',
      { status: 'DU' },
      {
        outcome: 'unknown',
        cause: 'duplicate-reference',
        message: 'CORE_REFERENCE_KNOWN: bank says that it knows the reference of this call of POST already',
        evidence: Buffer.from('{"status":"DU"}').toString('base64'),
      },
    ],
    ['rejected', { status: 'NF' }, { ...notFound, reply: { status: 'NF' } }],
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

  test('what no later attempt can cure is thrown, not answered as not sent', async () => {
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

/** What the core says of the entry that it holds. */
const held = { status: 'OK', matches: '1', 'found-account': '1', 'found-amount': '9.99', key: 'REF1' }
const unclear = (message: string) => ({ finding: 'unclear', message: expect.stringContaining(message) })

describe('inquire', () => {
  test.each<[string, ExchangeResult | JsonObject, unknown]>([
    ['found once', { ...held, 'found-number': '77' }, { finding: 'applied', reply: { number: '77' } }],
    [
      'found once, written otherwise',
      { ...held, 'found-account': '1  ', 'found-amount': '09.990' },
      { finding: 'applied', reply: {} },
    ],
    ['found twice', { ...held, matches: '2' }, { finding: 'ambiguous', matches: 2 }],
    ['not found', { status: 'NF', key: 'REF1' }, { finding: 'absent' }],
    ['of another account', { ...held, 'found-account': '2' }, { finding: 'differs', fields: ['ACCOUNT'] }],
    ['of another amount', { ...held, 'found-amount': '-9.99' }, { finding: 'differs', fields: ['AMOUNT'] }],
    [
      'of another account and amount',
      { ...held, 'found-account': '01', 'found-amount': '9.9' },
      { finding: 'differs', fields: ['ACCOUNT', 'AMOUNT'] },
    ],
    ['an amount that is no number', { ...held, 'found-amount': 'x' }, { finding: 'differs', fields: ['AMOUNT'] }],
    [
      'no account to compare',
      { status: 'OK', matches: '1', key: 'REF1' },
      unclear("FOUND-ACCOUNT is not in the inquiry's reply"),
    ],
    ['of another reference', { ...held, key: 'REF2' }, unclear('CORE_REPLY_ASTRAY')],
    ['absence of another reference', { status: 'NF', key: 'REF2' }, unclear('CORE_REPLY_ASTRAY')],
    ['no reference', { status: 'NF' }, unclear('KEY of it does not repeat what was asked')],
    ['found and counted none', { ...held, matches: '0' }, unclear('counts none')],
    ['no count', { status: 'OK', key: 'REF1' }, unclear("MATCHES of the inquiry's reply is no number")],
    ['another rejection', { status: 'IF', key: 'REF1' }, unclear('the inquiry was rejected: no-funds')],
    ['a status without a verdict', { status: 'ZZ', key: 'REF1' }, unclear('STATUS')],
    ['abended', { kind: 'abended', abendCode: 'ASRA' }, unclear('the inquiry abended: ASRA')],
    ['not sent', refused, unclear('bank could not be reached; nothing was sent')],
    ['lost', lost, unclear('CORE_CONNECTION_LOST')],
    ['garbage', garbage, unclear('CORE_REPLY_MALFORMED')],
  ])('%s', async (_, told, expected) => {
    const backend = toldBackend(() => told)
    expect(await callerOf(backend).inquire(post)).toEqual(expected)
    expect(backend.sent).toEqual([['FIND', { account: '1', key: 'REF1' }]])
  })

  test.each([
    ['what was to be reversed', 'REF1', { finding: 'applied', reply: {} }],
    ['something else', 'REF9', { finding: 'differs', fields: ['ORIGINAL'] }],
  ])("a reversal's own inquiry, without a count: it reversed %s", async (_, original, expected) => {
    const backend = toldBackend(() => ({ status: 'OK', key: 'REF2', 'found-original': original }))
    const reversing = { transaction: 'post', request: post.request, reference: 'REF1' }
    const reversal: Call = { adapter: 'bank', transaction: 'reverse', request: {}, reference: 'REF2', reversing }
    expect(await callerOf(backend).inquire(reversal)).toEqual(expected)
    expect(backend.sent).toEqual([['FIND', { key: 'REF2' }]])
  })

  test('none declared: unclear, and nothing is sent', async () => {
    const backend = toldBackend(() => ({ status: 'OK' }))
    const finding = await callerOf(backend).inquire({ ...post, transaction: 'note' })
    expect(finding).toEqual({ finding: 'unclear', message: 'note declares no inquiry' })
    expect(backend.sent).toEqual([])
  })
})

describe('a reply that is not ours', () => {
  const echoing: AdapterDefinition = {
    ...bank,
    transactions: {
      ...bank.transactions,
      post: { ...bank.transactions.post, echoes: ['REF', 'ACCOUNT'] } as TransactionDefinition,
    },
  }
  test.each<[string, JsonObject, string, boolean]>([
    ['ours', { status: 'OK', ref: 'REF1', account: '1' }, 'applied', true],
    ['a refusal of ours', { status: 'NF', ref: 'REF1', account: '1' }, 'rejected', true],
    ['a known reference', { status: 'DU', ref: 'REF1', account: '1' }, 'unknown duplicate-reference', true],
    ['of another reference', { status: 'OK', ref: 'REF2', account: '1' }, 'unknown reply-of-another-call', false],
    ['of another account', { status: 'OK', ref: 'REF1', account: '2' }, 'unknown reply-of-another-call', false],
    ['a refusal of another call', { status: 'NF', ref: 'REF2', account: '1' }, 'unknown reply-of-another-call', false],
    [
      'a known reference of another call',
      { status: 'DU', ref: 'REF2', account: '1' },
      'unknown reply-of-another-call',
      false,
    ],
    ['without an echo', { status: 'OK' }, 'unknown reply-of-another-call', false],
    [
      'with a status that means nothing',
      { status: 'ZZ', ref: 'REF1', account: '1' },
      'unknown reply-not-understood',
      false,
    ],
  ])('%s', async (_, told, expected, kept) => {
    let accepted: boolean | undefined
    const bytes = new TextEncoder().encode(JSON.stringify(told))
    const backend = toldBackend((exchange) => {
      accepted = exchange.accepts?.(bytes)
      return { kind: 'reply', bytes }
    })
    const outcome = await callerOf(backend, echoing).call(post)
    expect(outcome.outcome === 'unknown' ? `unknown ${outcome.cause}` : outcome.outcome).toBe(expected)
    // What the back end hears while it still holds the connection.
    expect(accepted).toBe(kept)
  })
})

describe('how long a call may go on', () => {
  test('the back end hears of the end and of the signal', async () => {
    const heard: unknown[] = []
    const backend = toldBackend(({ until, signal }) => {
      heard.push(until, signal)
      return { ...held, status: 'OK' }
    })
    const { signal } = new AbortController()
    await callerOf(backend).call(post, { until: 17, signal })
    await callerOf(backend).inquire(post, { until: 18 })
    await callerOf(backend).call(post)
    expect(heard).toEqual([17, signal, 18, undefined, undefined, undefined])
  })
})

describe('a process that has stood still', () => {
  afterEach(() => {
    jest.restoreAllMocks()
  })
  test('begins nothing that must happen once for a while: it may be older than it looks', async () => {
    const clock = standstillClock()
    const backend = toldBackend(() => held)
    const one = callerOf(backend)
    clock.standStill(4000)
    expect((await one.call(post)).outcome).toBe('applied')
    clock.standStill(45_000)
    expect(await one.call(post)).toMatchObject({ outcome: 'not-sent', code: 'PROCESS_STOOD_STILL' })
    expect((await one.inquire(post)).finding).toBe('applied')
    expect(await one.call(post)).toMatchObject({ outcome: 'not-sent' })
    clock.standStill(2500)
    expect((await one.call(post)).outcome).toBe('applied')
    expect(backend.sent.map(([target]) => target)).toEqual(['POST', 'FIND', 'POST'])
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

  test('a core that closes while a call waits: not sent', async () => {
    let at = '2026-01-10T23:29:59Z'
    const backend = toldBackend(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      at = '2026-01-10T23:30:00Z'
      return held
    })
    const closed = { ...bank, limits: { concurrent: 1 }, hours: { zone: 'Europe/London', closed: ['23:30-00:15'] } }
    const one = callerOf(backend, closed, { now: () => new Date(at) })
    const outcomes = await Promise.all([one.call(post), one.call(post)])
    expect(outcomes.map((outcome) => ('code' in outcome ? outcome.code : outcome.outcome))).toEqual([
      'applied',
      'CORE_CLOSED',
    ])
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
    const backend = toldBackend(() => (down ? refused : held))
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
