// What the caller asks of the wires of transactions: on which side a field stands, what lies beside a request, and what a reply says.

import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { type CallerOptions, caller } from '../../src/backend/caller.ts'
import type { AdapterDefinition, Inquiry, TransactionDefinition } from '../../src/contract/adapter.ts'
import type { Backend, ExchangeResult, HttpRoute, Wire } from '../../src/contract/backend.ts'
import type { Call } from '../../src/contract/call.ts'
import type { Catalog } from '../../src/contract/catalog.ts'
import type { JsonObject } from '../../src/contract/json.ts'
import { applied, by, rejected, unclear, type Verdict } from '../../src/contract/outcome.ts'
import { failure } from '../../src/error/failure.ts'
import { catalogOf, toldBackend } from './json-wire.ts'
import { standstillClock } from './network.ts'

const common = {
  kind: 'record',
  record: 'x.cpy',
  deadlineMs: 100,
  outcome: by('STATUS', { OK: applied, NF: rejected('not-found', 'not-found'), IF: rejected('no-funds') }),
} as const

const inquiry: Inquiry = {
  ...{ transaction: 'find', by: 'KEY', absent: ['not-found'], matches: 'MATCHES' },
  compares: { 'FOUND-ACCOUNT': 'ACCOUNT', 'FOUND-AMOUNT': 'AMOUNT' },
  ...{ with: { 'OF-ACCOUNT': 'ACCOUNT', 'OF-NOTE': 'NOWHERE' }, gives: { NUMBER: 'FOUND-NUMBER', NOTE: 'FOUND-NOTE' } },
}

function bankOf(asked: Inquiry = inquiry): AdapterDefinition {
  const post: TransactionDefinition = {
    ...{ ...common, program: 'POST', effect: 'once', reference: 'REF', inquiry: asked },
    reversal: { transaction: 'reverse', original: 'ORIGINAL', with: { 'ORIGINAL-AMOUNT': 'AMOUNT' } },
  }
  return {
    ...{ backend: { kind: 'cics-socket', endpoints: 'BANK' }, codePage: 'cp037' },
    transactions: {
      post,
      find: { ...common, program: 'FIND', effect: 'read' },
      reverse: { ...common, program: 'REVERSE', effect: 'once', reference: 'REF' },
      note: { ...common, program: 'NOTE', effect: 'once' },
    },
  }
}

/** The fields of each message; a wire of this test knows no other, and each only on its side. */
const fields: Readonly<Record<string, Readonly<Record<'request' | 'reply', readonly string[]>>>> = {
  post: { request: ['ACCOUNT', 'AMOUNT', 'TOTAL'], reply: ['STATUS', 'NUMBER', 'NOTE'] },
  find: {
    request: ['KEY', 'OF-ACCOUNT', 'OF-NOTE'],
    reply: ['STATUS', 'MATCHES', 'FOUND-ACCOUNT', 'FOUND-AMOUNT', 'FOUND-TOTAL', 'FOUND-NUMBER'],
  },
  reverse: { request: ['ORIGINAL', 'ORIGINAL-AMOUNT'], reply: ['STATUS'] },
  note: { request: ['ACCOUNT', 'AMOUNT'], reply: ['STATUS'] },
}

/** With wires that tell what lies beside a request from what is within it. */
function sided(catalog: Catalog, change: (wire: Wire) => Wire = (wire) => wire): Catalog {
  const [bank] = [...catalog.adapters.values()]
  if (!bank) throw new Error('no adapter')
  const wireOf = (name: string, wire: Wire): Wire => {
    const isOf = (side: 'request' | 'reply', field: string) => fields[name]?.[side].includes(field) === true
    const own: Wire = {
      ...wire,
      encode: (request, beside) => new TextEncoder().encode(JSON.stringify({ within: request, beside })),
      read: (bytes) => wire.read(bytes),
      valueOf: (side, body, field) => (isOf(side, field) ? wire.valueOf(side, body, field) : undefined),
      typeOf: (side, field) => (isOf(side, field) ? wire.typeOf(side, field) : undefined),
      bodyOf: (side, values) => {
        // A wire writes texts into fields that it has.
        const isFit = Object.entries(values).every(([field, value]) => isOf(side, field) && typeof value === 'string')
        if (!isFit) throw new Error('no such field, or no text')
        return wire.bodyOf(side, values)
      },
    }
    return change(own)
  }
  const transactions = [...bank.transactions].map(
    ([name, one]) => [name, { ...one, wire: wireOf(name, one.wire) }] as const,
  )
  return { ...catalog, adapters: new Map([['bank', { ...bank, transactions: new Map(transactions) }]]) }
}

interface Given {
  readonly asked?: Inquiry
  readonly change?: (wire: Wire) => Wire
  readonly options?: CallerOptions
}

function callerOf(backend: Backend, { asked, change, options }: Given = {}) {
  return caller(sided(catalogOf('bank', bankOf(asked)), change), new Map([['bank', backend]]), options)
}

const post: Call = {
  ...{ adapter: 'bank', transaction: 'post', reference: 'REF1' },
  request: { account: '1', amount: '9.99', total: '9.99' },
}
const ok = { status: 'OK' }
const held = { ...ok, matches: '1', 'found-account': '1', 'found-amount': '9.99', 'found-number': '77' }
const lost: ExchangeResult = {
  ...{ kind: 'unknown', why: 'connection-lost-after-send' },
  cause: failure('CORE_CONNECTION_LOST', { adapter: 'bank', target: 'POST', got: 0 }),
}

describe('a request', () => {
  test('has our reference beside it, and nothing there where its transaction has no reference', async () => {
    const backend = toldBackend(() => ok)
    await callerOf(backend).call(post)
    await callerOf(backend).call({ ...post, transaction: 'note' })
    expect(backend.sent).toEqual([
      ['POST', { within: post.request, beside: { REF: 'REF1' } }],
      ['NOTE', { within: post.request, beside: {} }],
    ])
  })

  test('of a reversal holds what the contract takes from the call that is undone', async () => {
    const backend = toldBackend(() => ok)
    const reversing = { transaction: 'post', request: post.request, reference: 'REF1' }
    const reversal = { adapter: 'bank', transaction: 'reverse', request: {}, reference: 'REF2', reversing }
    await callerOf(backend).call(reversal)
    const within = { original: 'REF1', 'original-amount': '9.99' }
    expect(backend.sent).toEqual([['REVERSE', { within, beside: { REF: 'REF2' } }]])
    await expect(callerOf(backend).call({ ...reversal, transaction: 'note' })).rejects.toMatchObject({
      ...{ code: 'REVERSAL_UNDECLARED', facts: { transaction: 'note', undoes: 'post' } },
    })
  })

  test('goes by the route of its wire, where there is one', async () => {
    const route: HttpRoute = { path: '/', headers: {}, accept: 'text/xml' }
    const seen: unknown[] = []
    const backend = toldBackend((exchange) => {
      seen.push(exchange.route)
      return ok
    })
    await callerOf(backend, { change: (wire) => ({ ...wire, route }) }).call(post)
    expect(seen).toEqual([route])
  })
})

describe('an inquiry', () => {
  test.each<[string, Inquiry, JsonObject, unknown]>([
    ['found', inquiry, held, { finding: 'applied', reply: { number: '77' } }],
    ['found twice', inquiry, { ...held, matches: '2' }, { finding: 'ambiguous', matches: 2 }],
    ['of another account', inquiry, { ...held, 'found-account': '2' }, { finding: 'differs', fields: ['ACCOUNT'] }],
    ['absent', inquiry, { status: 'NF' }, { finding: 'absent' }],
    [
      'compared as numbers where only its reply knows a number',
      { ...inquiry, compares: { 'FOUND-AMOUNT': 'TOTAL' } },
      { ...held, 'found-amount': '09.990' },
      { finding: 'applied', reply: { number: '77' } },
    ],
    [
      'compared as numbers where only the request knows a number',
      { ...inquiry, compares: { 'FOUND-TOTAL': 'AMOUNT' } },
      { ...held, 'found-total': '09.990' },
      { finding: 'applied', reply: { number: '77' } },
    ],
  ])('asks by our reference and reads the sides: %s', async (_, asked, told, expected) => {
    const backend = toldBackend(() => told)
    expect(await callerOf(backend, { asked }).inquire(post)).toEqual(expected)
    expect(backend.sent).toEqual([['FIND', { within: { key: 'REF1', 'of-account': '1' }, beside: {} }]])
  })

  test('that asks, compares and gives nothing more proves by its verdict alone', async () => {
    const { with: _, compares: __, gives: ___, matches: ____, ...bare } = inquiry
    const backend = toldBackend(() => ok)
    expect(await callerOf(backend, { asked: bare }).inquire(post)).toEqual({ finding: 'applied', reply: {} })
    expect(backend.sent).toEqual([['FIND', { within: { key: 'REF1' }, beside: {} }]])
  })

  test.each([
    ['0000000001', 'unclear'],
    ['000000001', 'applied'],
    ['+1', 'unclear'],
    ['1x', 'unclear'],
  ])('that counts its matches as %s is %s', async (matches, finding) => {
    const backend = toldBackend(() => ({ ...held, matches }))
    expect(await callerOf(backend).inquire(post)).toMatchObject({ finding })
  })
})

describe('a reply', () => {
  const outcomeWith = (change: (wire: Wire) => Wire, told: JsonObject = ok) =>
    callerOf(
      toldBackend(() => told),
      { change },
    ).call(post)

  test('of another call is said to be one of this core and program, and in which fields', async () => {
    const unechoed = ['REF', 'ACCOUNT']
    const outcome = await outcomeWith((wire) => ({ ...wire, read: (bytes) => ({ ...wire.read(bytes), unechoed }) }))
    expect(outcome).toMatchObject({ outcome: 'unknown', cause: 'reply-of-another-call' })
    expect(outcome).toMatchObject({ message: expect.stringMatching(/bank.*POST.*REF, ACCOUNT/) })
  })

  test('that refuses without a status of its own is a refusal', async () => {
    expect(await outcomeWith((wire) => wire, { status: 'IF' })).toMatchObject({
      outcome: 'rejected',
      status: 'refused',
    })
    expect(await outcomeWith((wire) => wire, { status: 'NF' })).toMatchObject({
      outcome: 'rejected',
      status: 'not-found',
    })
    // As adapters of kept builds said it.
    const verdict = { verdict: 'rejected', reason: 'r' } as unknown as Verdict
    const old = await outcomeWith((wire) => ({ ...wire, read: (bytes) => ({ ...wire.read(bytes), verdict }) }))
    expect(old).toMatchObject({ outcome: 'rejected', status: 'refused' })
  })

  test('that is a fault without a verdict is named by the fault', async () => {
    const outcome = await outcomeWith((wire) => ({ ...wire, faultOf: () => 'Server.Busy' }), { status: 'ZZ' })
    expect(outcome).toMatchObject({
      cause: 'reply-not-understood',
      message: expect.stringContaining('fault Server.Busy'),
    })
  })

  test('without a verdict, of a contract that reads none from a field, is not understood either', async () => {
    const bank = bankOf()
    const { outcome: _, ...noted } = bank.transactions.note as TransactionDefinition & { outcome?: unknown }
    const catalog = catalogOf('bank', { ...bank, transactions: { note: noted as TransactionDefinition } })
    const change = (wire: Wire): Wire => ({ ...wire, read: (bytes) => ({ ...wire.read(bytes), verdict: unclear }) })
    const one = caller(sided(catalog, change), new Map([['bank', toldBackend(() => ok)]]))
    expect(await one.call({ ...post, transaction: 'note' })).toMatchObject({
      ...{ cause: 'reply-not-understood', message: expect.stringContaining('no field') },
    })
  })

  test('that breaks us is thrown: it is no malformed reply', async () => {
    const mistake = new TypeError('a mistake of ours')
    const read = () => {
      throw mistake
    }
    await expect(outcomeWith((wire) => ({ ...wire, read }))).rejects.toBe(mistake)
  })
})

describe('what stands around the exchanges', () => {
  afterEach(() => {
    jest.restoreAllMocks()
  })

  test('a process that stood still may ask, and says what it does not begin', async () => {
    const clock = standstillClock()
    const one = callerOf(toldBackend(() => ok))
    clock.standStill(45_000)
    expect(await one.call(post)).toMatchObject({ outcome: 'not-sent', message: expect.stringContaining('POST') })
    expect(await one.call({ ...post, transaction: 'find', request: {} })).toMatchObject({ outcome: 'applied' })
  })

  test('evidence of one byte is evidence', async () => {
    const backend = toldBackend(() => ({ ...lost, evidence: Uint8Array.of(65) }))
    expect(await callerOf(backend).call(post)).toMatchObject({ evidence: 'QQ==' })
  })

  test('an exchange is told with how long it took', async () => {
    jest.spyOn(performance, 'now').mockReturnValue(1e9)
    const took: number[] = []
    const observe = ({ ms }: { readonly ms: number }) => void took.push(ms)
    const one = callerOf(
      toldBackend(() => ok),
      { options: { observe } },
    )
    await one.call(post)
    expect(took).toEqual([0])
  })

  test('an adapter without a back end is named', async () => {
    const one = caller(sided(catalogOf('bank', bankOf())), new Map())
    await expect(one.call(post)).rejects.toMatchObject({ code: 'BACKEND_MISSING', facts: { adapter: 'bank' } })
  })

  test('a call that is cancelled while it waits is named', async () => {
    let release: () => void = () => undefined
    const backend = toldBackend(async () => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return ok
    })
    const catalog = catalogOf('bank', { ...bankOf(), limits: { concurrent: 1 } })
    const one = caller(sided(catalog), new Map([['bank', backend]]))
    const first = one.call(post)
    const stop = new AbortController()
    const second = one.call(post, { signal: stop.signal })
    stop.abort()
    expect(await second).toMatchObject({ code: 'CALL_CANCELLED', message: expect.stringContaining('POST') })
    release()
    await first
  })

  test('callers that share their gates spare a core together', async () => {
    const gates: NonNullable<CallerOptions['gates']> = new Map()
    const options = { gates, breaker: { failures: 2, readRestMs: 60_000, writeRestMs: 60_000 } }
    const [one, other] = [toldBackend(() => lost), toldBackend(() => ok)]
    const first = callerOf(one, { options })
    for (let turn = 0; turn < 2; turn += 1) await first.call(post)
    const second = callerOf(other, { options })
    expect(await second.call(post)).toMatchObject({ outcome: 'not-sent', code: 'CORE_BREAKER_OPEN' })
    expect(other.sent).toEqual([])
  })
})
