// Each way in which a call can end, through a real Temporal server.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Call } from '../../src/contract/call.ts'
import { order, type Rig, rig } from '../support/rig.ts'
import { doubled, type Fault, reset, standing } from '../support/scripted-core.ts'

let it: Rig
beforeAll(async () => {
  it = await rig()
})
beforeEach(() => reset(it.core))
afterAll(() => it.close())

const isDebit = ({ request }: Call) => request.direction === 'D'
const isCredit = ({ request }: Call) => request.direction === 'C'
const directions = () => it.core.calls.map((call) => (call.reversing ? 'undo' : call.request.direction))

/** Misbehaves on the first transmissions to one side: one fault each. */
function faultsOn(side: (call: Call) => boolean, ...faults: Fault[]): void {
  it.core.onCall = (call, nth) => (side(call) ? faults[nth] : undefined)
}

describe('a flow of two posts', () => {
  test('completes, with one event, and each call once', async () => {
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({
      state: 'completed',
      operation: 'moveMoney',
      version: 1,
      output: { debit: { balance: '900.00' }, credit: { balance: '900.00' } },
    })
    expect(directions()).toEqual(['D', 'C'])
    expect(it.core.calls.map(({ reference }) => reference)).toEqual([
      expect.stringMatching(/^[A-Z2-7]{16}$/),
      expect.stringMatching(/^[A-Z2-7]{16}$/),
    ])
    expect(it.core.events).toEqual([
      expect.objectContaining({ name: 'money-moved', subject: order.from, sequence: 1, operationId: id }),
    ])
    expect(it.core.inquiries).toEqual([])
  })

  test('the real transferFunds completes', async () => {
    const id = await it.begin('transferFunds', { ...order, currency: 'EUR', text: 'rent' })
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    expect(it.core.calls.map(({ adapter, transaction }) => `${adapter}.${transaction}`)).toEqual([
      'deposits.post',
      'deposits.post',
    ])
    expect(it.core.events).toEqual([expect.objectContaining({ name: 'funds-transferred', data: expect.anything() })])
  })

  test('a refused debit ends as rejected and undoes nothing', async () => {
    faultsOn(isDebit, { do: 'refuse', reason: 'insufficient-funds' })
    const status = await it.settled(await it.begin('moveMoney'))
    expect(status).toMatchObject({ state: 'rejected', reason: 'insufficient-funds', status: 'refused' })
    expect(directions()).toEqual(['D'])
    expect(it.core.events).toEqual([])
  })

  test('a refused credit undoes the debit by its reference', async () => {
    faultsOn(isCredit, { do: 'refuse', reason: 'account-blocked' })
    expect(await it.settled(await it.begin('moveMoney'))).toMatchObject({
      state: 'rejected',
      reason: 'account-blocked',
    })
    const [debit, , undo] = it.core.calls
    expect(undo).toMatchObject({
      transaction: 'reverse',
      reversing: { transaction: 'post', reference: debit?.reference, request: { account: order.from } },
    })
    expect(undo?.reference).not.toBe(debit?.reference)
    expect(standing(it.core)).toEqual([])
  })

  test('a request that does not fit the record fails with its code, and is not sent', async () => {
    faultsOn(isCredit, { do: 'unfit' })
    const status = await it.settled(await it.begin('moveMoney'))
    expect(status).toMatchObject({ state: 'failed', code: 'RECORD_TOO_SHORT', status: 'invalid' })
    expect(standing(it.core)).toEqual([])
  })
})

describe('not sent', () => {
  test('is tried again with the same reference until it can be sent', async () => {
    faultsOn(isDebit, { do: 'not-sent' }, { do: 'not-sent' })
    expect(await it.settled(await it.begin('moveMoney'))).toMatchObject({ state: 'completed' })
    expect(directions()).toEqual(['D', 'D', 'D', 'C'])
    expect(new Set(it.core.calls.filter(isDebit).map(({ reference }) => reference)).size).toBe(1)
    expect(it.core.inquiries).toEqual([])
  })

  test('fails when patience ends, with the step before undone', async () => {
    it.core.onCall = (call) => (isCredit(call) ? { do: 'not-sent' } : undefined)
    const status = await it.settled(await it.begin('moveMoney'))
    expect(status).toMatchObject({ state: 'failed', code: 'CORE_UNREACHABLE', status: 'unavailable' })
    expect(standing(it.core)).toEqual([])
  })
})

describe('unknown', () => {
  const causes: readonly [string, Fault][] = [
    ['the reply is lost', { do: 'lose', booked: true }],
    ['the worker makes a mistake after', { do: 'abend', booked: true }],
    ['it is booked late', { do: 'late', ms: 50 }],
    ['the worker is lost', { do: 'hang', booked: true }],
  ]
  test.each(causes)('%s: found by the inquiry, and never sent again', async (_, fault) => {
    faultsOn(isDebit, fault)
    expect(await it.settled(await it.begin('moveMoney'))).toMatchObject({
      state: 'completed',
      output: { debit: { entryNumber: expect.stringMatching(/^E-/) } },
    })
    expect(directions()).toEqual(['D', 'C'])
    expect(it.core.inquiries).toHaveLength(1)
  })

  // The deadline of a posting is 300 ms and its quiescence 100 ms.
  test.each<[string, Fault, readonly number[]]>([
    ['no reply before the deadline', { do: 'lose', booked: true }, [100]],
    ['a reply that is not understood', { do: 'lose', booked: true, cause: 'reply-not-understood' }, [100]],
    ['a malformed reply', { do: 'lose', booked: true, cause: 'reply-malformed' }, [400]],
    ['the reply to another call', { do: 'lose', booked: true, cause: 'reply-of-another-call' }, [400]],
    ['a lost connection', { do: 'lose', booked: true, cause: 'connection-lost-after-send' }, [400]],
    ['a fault of ours', { do: 'crash' }, [400]],
    ['an abend', { do: 'abend', booked: true }, []],
  ])('after %s the core has its time before it is asked', async (_, fault, waits) => {
    faultsOn(isDebit, fault)
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    const { events } = await it.client.workflow.getHandle(id).fetchHistory()
    const timers = (events ?? []).flatMap(({ timerStartedEventAttributes: timer }) => timer?.startToFireTimeout ?? [])
    expect(timers.map(({ seconds, nanos }) => Number(seconds) * 1000 + Number(nanos) / 1_000_000)).toEqual(waits)
  })

  const absences: readonly [string, Fault][] = [
    ['the request is lost', { do: 'lose', booked: false }],
    ['the worker is lost before it sends', { do: 'hang', booked: false }],
    ['the worker fails', { do: 'crash' }],
  ]
  test.each(absences)('%s: proven absent, sent again with the same reference', async (_, fault) => {
    faultsOn(isCredit, fault)
    expect(await it.settled(await it.begin('moveMoney'))).toMatchObject({ state: 'completed' })
    expect(directions()).toEqual(['D', 'C', 'C'])
    expect(it.core.inquiries).toHaveLength(1)
    expect(doubled(it.core)).toEqual([])
  })

  test('an inquiry without an answer is repeated', async () => {
    faultsOn(isCredit, { do: 'lose', booked: true })
    it.core.onInquiry = (_, nth) => (nth === 0 ? 'unclear' : undefined)
    expect(await it.settled(await it.begin('moveMoney'))).toMatchObject({ state: 'completed' })
    expect(it.core.inquiries).toHaveLength(2)
  })

  test('an inquiry that is lost with its worker is one without an answer', async () => {
    faultsOn(isCredit, { do: 'lose', booked: true })
    it.core.onInquiry = () => 'hang'
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'in-doubt-unclear' })
    expect(it.core.inquiries).toHaveLength(2)
    it.core.onInquiry = () => undefined
    await it.operations.resolve(id, { action: 'retry', by: 'ops', note: 'the worker is back' })
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
  })

  test('absent again and again ends in a failure, with the step before undone', async () => {
    it.core.onCall = (call) => (isCredit(call) ? { do: 'lose', booked: false } : undefined)
    const status = await it.settled(await it.begin('moveMoney'))
    expect(status).toMatchObject({ state: 'failed', code: 'CORE_UNANSWERED', status: 'unavailable' })
    expect(it.core.calls.filter(isCredit)).toHaveLength(3)
    expect(standing(it.core)).toEqual([])
  })
})

describe('abended', () => {
  test('and proven absent: fails with the abend code, with the step before undone', async () => {
    faultsOn(isCredit, { do: 'abend' })
    const status = await it.settled(await it.begin('moveMoney'))
    expect(status).toMatchObject({ state: 'failed', code: 'CORE_ABENDED', message: expect.stringContaining('ASRA') })
    expect(it.core.calls.filter(isCredit)).toHaveLength(1)
    expect(standing(it.core)).toEqual([])
  })
})

describe('effects other than once', () => {
  test('reads and idempotent calls are repeated by policy, without an inquiry', async () => {
    it.core.onCall = (_, nth) => [{ do: 'lose', booked: false } as const, { do: 'not-sent' } as const][nth]
    expect(await it.settled(await it.begin('readAndTag'))).toMatchObject({ state: 'completed' })
    expect(it.core.calls.map(({ transaction }) => transaction)).toEqual(['read', 'read', 'read', 'tag', 'tag', 'tag'])
    expect(it.core.inquiries).toEqual([])
  })

  test('a read without an answer fails; there is nothing to settle', async () => {
    it.core.onCall = () => ({ do: 'lose', booked: false })
    expect(await it.settled(await it.begin('readAndTag'))).toMatchObject({ state: 'failed', code: 'CORE_UNANSWERED' })
  })
})

test('a flow may have its own answer to a refusal', async () => {
  it.core.onCall = ({ request }) =>
    request.account === order.from ? { do: 'refuse', reason: 'insufficient-funds' } : undefined
  expect(await it.settled(await it.begin('orElse'))).toMatchObject({ state: 'completed' })
})

test('an operation of one transaction needs no flow, and emits its event', async () => {
  const call = { adapter: 'bank', transaction: 'post', event: 'entry-posted', subject: order.from }
  const id = await it.begin('postEntry', { account: order.from, direction: 'D', amount: '1.00' }, { call })
  expect(await it.settled(id)).toMatchObject({
    state: 'completed',
    operation: 'postEntry',
    output: { balance: '900.00' },
  })
  expect(it.core.events).toEqual([
    expect.objectContaining({ name: 'entry-posted', operation: 'postEntry', subject: order.from, sequence: 1 }),
  ])
})

test('its event tells what was asked and what the core said, as far as it is declared and there', async () => {
  const eventFields = { request: ['account', 'amount', 'text'], reply: ['balance'] }
  const call = { adapter: 'bank', transaction: 'post', event: 'entry-posted', eventFields, subject: order.from }
  const id = await it.begin('postEntry', { account: order.from, direction: 'D', amount: '1.00' }, { call })
  expect(await it.settled(id)).toMatchObject({ state: 'completed' })
  expect(it.core.events.map(({ data }) => data)).toEqual([{ account: order.from, amount: '1.00', balance: '900.00' }])
})

test('a command is answered with its result', async () => {
  faultsOn(isDebit, { do: 'refuse', reason: 'account-blocked' })
  const replyTo = { queue: 'answers', correlationId: 'c-1' }
  const id = await it.begin('moveMoney', order, { replyTo })
  await it.settled(id)
  expect(it.core.replies).toEqual([
    { ...replyTo, id: expect.any(String), body: expect.objectContaining({ operationId: id, state: 'rejected' }) },
  ])
})

test('an event is published until the broker holds it, with the same id', async () => {
  it.core.onPublish = (nth) => nth >= 2
  expect(await it.settled(await it.begin('moveMoney'))).toMatchObject({ state: 'completed' })
  expect(it.core.events).toHaveLength(3)
  expect(new Set(it.core.events.map(({ id }) => id)).size).toBe(1)
})
