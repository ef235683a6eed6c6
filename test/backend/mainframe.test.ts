// The caller against the real bank and the real customer service: each fault is one outcome, and the journal says whether it is true.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { caller } from '../../src/backend/caller.ts'
import { cicsSocketBackend } from '../../src/backend/cics-socket.ts'
import { soapBackend } from '../../src/backend/soap.ts'
import { loadCatalog } from '../../src/catalog/load.ts'
import type { Backend } from '../../src/contract/backend.ts'
import type { Call, Caller } from '../../src/contract/call.ts'
import type { Outcome } from '../../src/contract/outcome.ts'
import { Box } from '../mainframe/box.ts'
import { mainframe } from '../support/parts.ts'

let bank: Box
let service: Box
let one: Caller
/** Calls the customer service over connections of its own. */
let newCustomers: () => { readonly caller: Caller; readonly backend: Backend }
const backends = new Map<string, Backend>()

beforeAll(async () => {
  const { programs } = await mainframe()
  bank = new Box(`${programs}/bank`)
  service = new Box(`${programs}/customers`)
  await Promise.all([bank.start(), service.start()])
  const catalog = await loadCatalog(process.cwd())
  const at = ({ port }: Box) => ({ endpoints: [{ host: '127.0.0.1', port }], restMs: 0 })
  const definition = (name: string) => catalog.adapters.get(name)?.definition.backend
  const [cics, soap] = [definition('deposits'), definition('customers')]
  if (cics?.kind !== 'cics-socket' || soap?.kind !== 'soap') throw new Error('adapters have changed')
  backends.set('deposits', cicsSocketBackend(cics, { name: 'deposits', ...at(bank) }))
  backends.set('customers', soapBackend(soap, { name: 'customers', ...at(service), idleMs: 1 }))
  newCustomers = () => {
    const backend = soapBackend(soap, { name: 'customers', ...at(service) })
    return { backend, caller: caller(catalog, new Map([['customers', backend]])) }
  }
  one = caller(catalog, backends, { breaker: { failures: 1_000_000 } })
})
afterAll(async () => {
  await Promise.all([...backends.values()].map((backend) => backend.close()))
  await Promise.all([bank.remove(), service.remove()])
})
beforeEach(() => Promise.all([bank.ask({ command: 'clear' }), service.ask({ command: 'clear' })]))

let count = 0
const nextReference = () => `TEST${String(++count).padStart(12, '0')}`

function post(changes: object = {}): Call {
  const request = {
    accountNumber: '1000000001',
    direction: 'C',
    amount: '1.25',
    currency: 'EUR',
    text: 'TEST',
    ...changes,
  }
  return { adapter: 'deposits', transaction: 'post', request, reference: nextReference() }
}

function raise(): Call {
  const request = { customerNumber: '00010001', raiseBy: '1.50', currency: 'EUR' }
  return { adapter: 'customers', transaction: 'raiseCreditLimit', request, reference: nextReference() }
}

/** An outcome in one line. */
function line(outcome: Outcome): string {
  switch (outcome.outcome) {
    case 'rejected':
      return `rejected ${outcome.reason}`
    case 'abended':
      return `abended ${outcome.abendCode}`
    case 'not-sent':
      return `not-sent ${outcome.code}`
    case 'unknown':
      return `unknown ${outcome.cause}`
    case 'applied':
      return 'applied'
  }
}

const effectsOf = (box: Box, { reference }: Call) =>
  box.effects().filter((effect) => effect.reference === reference).length

describe('the bank', () => {
  test('a post changes the balance by the exact amount, once, and is found', async () => {
    const call = post()
    const read: Call = {
      adapter: 'deposits',
      transaction: 'inquireAccount',
      request: { accountNumber: '1000000001' },
      reference: 'R',
    }
    const before = await one.call(read)
    const outcome = await one.call(call)
    const after = await one.call(read)
    if (before.outcome !== 'applied' || outcome.outcome !== 'applied' || after.outcome !== 'applied')
      throw new Error('not applied')
    const cents = (text: unknown) => BigInt(String(text).replace('.', ''))
    expect(cents(after.reply.balance) - cents(before.reply.balance)).toBe(125n)
    expect(outcome.reply.balance).toBe(after.reply.balance)
    expect(effectsOf(bank, call)).toBe(1)
    expect(await one.inquire(call)).toMatchObject({
      finding: 'applied',
      reply: { entryNumber: outcome.reply.entryNumber },
    })
  })

  test('a reversal names the post, and the reversal itself is found', async () => {
    const call = post()
    await one.call(call)
    const { transaction, request, reference } = call
    const reversal: Call = {
      adapter: 'deposits',
      transaction: 'reverse',
      request: {},
      reference: nextReference(),
      reversing: { transaction, request, reference },
    }
    expect(line(await one.call(reversal))).toBe('applied')
    expect(await one.inquire(reversal)).toMatchObject({ finding: 'applied' })
    expect(line(await one.call({ ...reversal, reference: nextReference() }))).toBe('rejected already-reversed')
  })

  test('a reference used twice is ambiguous', async () => {
    const call = post()
    await one.call(call)
    await one.call(call)
    expect(await one.inquire(call)).toEqual({ finding: 'ambiguous', matches: 2 })
  })

  test('a reference that stands for another request is found out', async () => {
    const call = post()
    await one.call(call)
    const other = { ...call, request: { ...call.request, amount: '2.50', direction: 'D' } }
    expect(await one.inquire(other)).toEqual({ finding: 'differs', fields: ['PE-DIRECTION', 'PE-AMOUNT'] })
    const { transaction, request, reference } = call
    const reversal = (of: string): Call => ({
      adapter: 'deposits',
      transaction: 'reverse',
      request: {},
      reference: 'TESTREVERSALS001',
      reversing: { transaction, request, reference: of },
    })
    expect(line(await one.call(reversal(reference)))).toBe('applied')
    expect(await one.inquire(reversal(reference))).toMatchObject({ finding: 'applied' })
    expect(await one.inquire(reversal('TEST000000009999'))).toEqual({
      finding: 'differs',
      fields: ['RE-ORIGINAL-REFERENCE'],
    })
  })

  test.each([
    ['an account that is not there', { accountNumber: '9999999999' }, 'rejected account-not-found'],
    ['a blocked account', { accountNumber: '1000000005' }, 'rejected account-blocked'],
    ['another currency', { currency: 'USD' }, 'rejected wrong-currency'],
    [
      'more than is there',
      { accountNumber: '1000000008', currency: 'GBP', direction: 'D', amount: '99999.00' },
      'rejected insufficient-funds',
    ],
  ])('%s', async (_, changes, expected) => {
    const call = post(changes)
    expect(line(await one.call(call))).toBe(expected)
    expect(effectsOf(bank, call)).toBe(0)
    expect(await one.inquire(call)).toEqual({ finding: 'absent' })
  })

  test('a list of entries, longer than its request', async () => {
    const call: Call = {
      adapter: 'deposits',
      transaction: 'listEntries',
      request: { accountNumber: '1000000001' },
      reference: 'R',
    }
    expect(line(await one.call(call))).toBe('applied')
  })

  test.each<[string, object, string, 0 | 1]>([
    ['refuse', {}, 'not-sent CORE_REFUSED', 0],
    ['refuse', { program: 'POSTENT' }, 'not-sent CORE_REFUSED', 0],
    ['trm-code', { code: '03' }, 'not-sent CORE_REFUSED', 0],
    ['trm-code', { code: '05' }, 'not-sent CORE_REFUSED', 0],
    ['trm-code', { code: '0A' }, 'not-sent CORE_REFUSED', 0],
    ['drop-before-execution', {}, 'unknown connection-lost-after-send', 0],
    ['abend', { code: 'AEI9' }, 'abended AEI9', 0],
    ['failed', {}, 'unknown execution-failed', 0],
    ['delay', { ms: 50 }, 'applied', 1],
    ['apply-then-drop', {}, 'unknown connection-lost-after-send', 1],
    ['apply-then-answer-late', { ms: 2300 }, 'unknown no-reply-before-deadline', 1],
    ['partial-frame', {}, 'unknown reply-malformed', 1],
    ['wrong-length', { bytes: 7 }, 'unknown reply-malformed', 1],
    ['wrong-length', { bytes: -7 }, 'unknown no-reply-before-deadline', 1],
    ['garbage', {}, 'unknown reply-malformed', 1],
  ])('%s %j', async (fault, more, expected, effects) => {
    const call = post()
    // Cuts the connections that are kept: the fault meets a new one.
    await bank.plan([{ fault: 'down' }])
    await bank.plan([{ fault, count: 1, ...more }])
    expect(line(await one.call(call))).toBe(expected)
    expect(effectsOf(bank, call)).toBe(effects)
    await bank.ask({ command: 'clear' })
    expect((await one.inquire(call)).finding).toBe(effects === 1 ? 'applied' : 'absent')
  })

  test('down: not sent, and served again when it is back', async () => {
    await bank.plan([{ fault: 'down' }])
    expect(line(await one.call(post()))).toBe('not-sent CORE_UNREACHABLE')
    await bank.ask({ command: 'clear' })
    expect(line(await one.call(post()))).toBe('applied')
  })

  test('killed in the middle of 60 calls: every call is settled by the inquiry, and the journal agrees', async () => {
    const calls = Array.from({ length: 60 }, () => post())
    const outcomes = Promise.all(calls.map((call) => one.call(call)))
    await new Promise((resolve) => setTimeout(resolve, 20))
    await bank.restart('SIGKILL')
    for (const [index, outcome] of (await outcomes).entries()) {
      const call = calls[index]
      if (!call) continue
      const effects = effectsOf(bank, call)
      const settled = outcome.outcome === 'unknown' ? (await one.inquire(call)).finding : line(outcome)
      expect(['applied', 'absent', 'not-sent CORE_REFUSED', 'not-sent CORE_UNREACHABLE']).toContain(settled)
      expect(effects).toBe(settled === 'applied' ? 1 : 0)
    }
  })
})

describe('a core that knows its references', () => {
  let knowing: Box
  let knowingService: Box
  let caring: Caller
  const own: Backend[] = []
  beforeAll(async () => {
    const { programs } = await mainframe()
    const environment = { MAINFRAME_DEDUPE: '1' }
    knowing = new Box(`${programs}/bank`, environment)
    knowingService = new Box(`${programs}/customers`, environment)
    await Promise.all([knowing.start(), knowingService.start()])
    const settings = (name: string, { port }: Box) => ({ name, endpoints: [{ host: '127.0.0.1', port }] })
    own.push(
      cicsSocketBackend({ kind: 'cics-socket', endpoints: 'X', persistent: true }, settings('deposits', knowing)),
      soapBackend({ kind: 'soap', endpoints: 'X', wsdl: 'x' }, settings('customers', knowingService)),
    )
    const byName = new Map(own.map((backend, index) => [index === 0 ? 'deposits' : 'customers', backend]))
    caring = caller(await loadCatalog(process.cwd()), byName)
  })
  afterAll(async () => {
    await Promise.all(own.map((backend) => backend.close()))
    await Promise.all([knowing.remove(), knowingService.remove()])
  })

  test('a posting sent twice is one, and the inquiry tells whether it is this one', async () => {
    const call = post()
    expect(line(await caring.call(call))).toBe('applied')
    expect(line(await caring.call(call))).toBe('unknown duplicate-reference')
    expect(await caring.inquire(call)).toMatchObject({ finding: 'applied' })
    const other = { ...call, request: { ...call.request, amount: '99.00' } }
    expect(line(await caring.call(other))).toBe('unknown duplicate-reference')
    expect(await caring.inquire(other)).toEqual({ finding: 'differs', fields: ['PE-AMOUNT'] })
    expect(effectsOf(knowing, call)).toBe(1)
  })

  test('a raise sent twice is one, and the receipt of another is not taken for its own', async () => {
    const call = raise()
    expect(line(await caring.call(call))).toBe('applied')
    expect(line(await caring.call(call))).toBe('applied')
    const other = { ...call, request: { ...call.request, raiseBy: '99.00' } }
    expect(line(await caring.call(other))).toBe('unknown reply-of-another-call')
    expect(await caring.inquire(other)).toEqual({ finding: 'differs', fields: ['raiseBy'] })
    expect(effectsOf(knowingService, call)).toBe(1)
  })
})

describe('the customer service', () => {
  const get: Call = {
    adapter: 'customers',
    transaction: 'getCustomer',
    request: { customerNumber: '00010001' },
    reference: 'R',
  }
  const limit = async () => {
    const outcome = await one.call(get)
    if (outcome.outcome !== 'applied') throw new Error(line(outcome))
    return outcome.reply.customer as { readonly creditLimit: string; readonly address: readonly unknown[] }
  }

  test('amounts as text, lists as lists', async () => {
    const { creditLimit, address } = await limit()
    expect(creditLimit).toMatch(/^\d+\.\d\d$/)
    expect(Array.isArray(address)).toBe(true)
  })

  test('a raise is applied once and found, its number beyond 2^53 exact', async () => {
    const call = raise()
    const outcome = await one.call(call)
    if (outcome.outcome !== 'applied') throw new Error(line(outcome))
    expect(outcome.reply.decisionNumber).toMatch(/^\d{16,}$/)
    expect(effectsOf(service, call)).toBe(1)
    expect(await one.inquire(call)).toEqual({ finding: 'applied', reply: outcome.reply })
  })

  test('a reference that stands for another raise is found out', async () => {
    const call = raise()
    await one.call(call)
    const other = { ...call, request: { ...call.request, raiseBy: '2.50' } }
    expect(await one.inquire(other)).toEqual({ finding: 'differs', fields: ['raiseBy'] })
  })

  test('an address is changed', async () => {
    const address = { kind: 'WORK', line: ['1 & 2 <Lane>', 'Ünter'], city: 'Zürich', country: 'CH' }
    const call: Call = {
      adapter: 'customers',
      transaction: 'changeAddress',
      request: { customerNumber: '00010002', address },
      reference: nextReference(),
    }
    expect(line(await one.call(call))).toBe('applied')
    const outcome = await one.call({ ...get, request: { customerNumber: '00010002' } })
    const customer = outcome.outcome === 'applied' ? (outcome.reply.customer as { address: object[] }) : undefined
    expect(customer?.address).toContainEqual(address)
  })

  test('faults of the contract are rejections', async () => {
    expect(await one.call({ ...get, request: { customerNumber: '99999999' } })).toEqual({
      outcome: 'rejected',
      reason: 'customer-not-found',
      status: 'not-found',
      reply: { fault: 'CustomerNotFound', detail: { CustomerNotFound: { customerNumber: '99999999' } } },
    })
  })

  test.each<[string, object, string, 0 | 1]>([
    ['refuse', {}, 'unknown connection-lost-after-send', 0],
    ['drop-before-execution', {}, 'unknown connection-lost-after-send', 0],
    ['soap-fault', {}, 'unknown reply-not-understood', 0],
    ['http-500', {}, 'unknown reply-malformed', 0],
    ['html-503', {}, 'unknown execution-failed', 0],
    ['delay', { ms: 50 }, 'applied', 1],
    ['apply-then-drop', {}, 'unknown connection-lost-after-send', 1],
    ['apply-then-answer-late', { ms: 2300 }, 'unknown no-reply-before-deadline', 1],
    ['apply-then-http-500', {}, 'unknown reply-malformed', 1],
    ['apply-then-html-503', {}, 'unknown execution-failed', 1],
    ['partial-frame', {}, 'unknown connection-lost-after-send', 1],
    ['garbage', {}, 'unknown reply-malformed', 1],
    ['empty-200', {}, 'unknown reply-malformed', 1],
    ['truncated-xml', {}, 'unknown reply-malformed', 1],
    ['comment-in-amount', {}, 'applied', 1],
    ['cdata-in-amount', {}, 'applied', 1],
  ])('%s', async (fault, more, expected, effects) => {
    const call = raise()
    await service.plan([{ fault, count: 1, ...more }])
    // Of a connection that was kept the service would not refuse the call.
    const fresh = newCustomers()
    expect(line(await fresh.caller.call(call))).toBe(expected)
    await fresh.backend.close()
    expect(effectsOf(service, call)).toBe(effects)
    await service.ask({ command: 'clear' })
    expect((await one.inquire(call)).finding).toBe(effects === 1 ? 'applied' : 'absent')
  })

  test.each(['comment-in-amount', 'cdata-in-amount'])('%s does not change the amount', async (fault) => {
    const before = await limit()
    await service.plan([{ fault, count: 1 }])
    expect((await limit()).creditLimit).toBe(before.creditLimit)
  })

  test('down: not sent', async () => {
    await service.plan([{ fault: 'down' }])
    const outcome = line(await one.call(raise()))
    expect(['not-sent CORE_UNREACHABLE', 'unknown connection-lost-after-send']).toContain(outcome)
    expect(line(await one.call(raise()))).toBe('not-sent CORE_UNREACHABLE')
  })
})
