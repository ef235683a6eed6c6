// What cannot be a command, with a broker that the test plays: what is parked with which reason, and what its sender is told.

import { afterEach, describe, expect, test } from '@jest/globals'
import { failure } from '../../../src/error/failure.ts'
import type { Delivery } from '../../../src/event/subscription.ts'
import { payV1 } from '../support.ts'
import { away, closeConsumers, commands, delivery, reused, told, unconfirmed, unwritable } from './command-consumer.ts'

afterEach(closeConsumers)

describe('what cannot be a command', () => {
  test('is parked as it came, with the reason, and then its sender is told', async () => {
    const one = await commands()
    expect(await one.deliver({ type: 'pay.v2', headers: { tenant: 'north', 'x-delivery-count': 2 } })).toBe('ack')
    const [parked, answer] = one.published()
    expect(parked).toEqual({
      ...{ exchange: 't.parked', routingKey: 't.commands', body: delivery().body, contentType: 'application/json' },
      ...{ contentEncoding: undefined, messageId: 'm-1', type: 'pay.v2', correlationId: 'c-1', replyTo: 'answers' },
      ...{ appId: undefined, priority: 4, timestamp: 7 },
      headers: {
        ...{ tenant: 'north', 'mainspan-reason': 'OPERATION_UNKNOWN', 'mainspan-queue': 't.commands' },
        'mainspan-message': expect.stringContaining('pay v2'),
        'mainspan-hint': expect.any(String),
        'mainspan-parked-at': expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        ...{ 'mainspan-user': 'till', 'mainspan-expiration': '60000' },
      },
    })
    expect(answer).toEqual({
      ...{ exchange: '', routingKey: 'answers', messageId: 'm-1/refused', contentType: 'application/json' },
      ...{ correlationId: 'c-1', body: expect.anything() },
    })
    expect(told(answer)).toEqual({
      ...{ state: 'refused', code: 'OPERATION_UNKNOWN', issues: [] },
      ...{ message: parked?.headers?.['mainspan-message'], hint: parked?.headers?.['mainspan-hint'] },
    })
    const reason = parked?.headers?.['mainspan-message']
    expect(one.notices).toEqual([{ link: 't.commands', event: 'trouble', reason }])
    expect([one.starts, one.steered]).toEqual([[], []])
  })

  test('names each mistake of its input, to the parking queue and to its sender', async () => {
    const one = await commands()
    const body = new TextEncoder().encode('{"amount":"1","more":1}')
    expect(await one.deliver({ body })).toBe('ack')
    const [parked, answer] = one.published()
    expect(told(answer)).toMatchObject({ code: 'COMMAND_INPUT_INVALID', message: expect.stringContaining('pay v1') })
    const paths = (issues: { path: string }[]) => issues.map(({ path }) => path).sort()
    expect(paths(told(answer).issues)).toEqual(['/amount', '/more'])
    expect(paths(JSON.parse(String(parked?.headers?.['mainspan-issues'])))).toEqual(['/amount', '/more'])
    expect(told(answer).message).toContain('2')
  })

  test('names the place of a number that loses digits, and how to give it', async () => {
    const one = await commands()
    const body = new TextEncoder().encode('{"amount":"1.00","count":12345678901234567890.5}')
    await one.deliver({ body })
    const issue = { path: '/count', message: expect.stringMatching(/as a string, in double quotes$/) }
    const message = expect.stringContaining('a number has more digits than a JSON number holds exactly')
    expect(told(one.published()[1])).toMatchObject({ code: 'COMMAND_MALFORMED', message, issues: [issue] })
    expect(JSON.parse(String(one.published()[0]?.headers?.['mainspan-issues']))).toEqual([issue])
  })

  test('is told twenty of its mistakes, in at most 4000 characters of a header', async () => {
    const issues = Array.from({ length: 30 }, (_, at) => ({ path: `/${at}/${'x'.repeat(300)}`, message: 'no' }))
    const operations = [{ ...payV1, parse: () => ({ issues }) }]
    const one = await commands({ catalog: { operations } })
    await one.deliver()
    const [parked, answer] = one.published()
    expect(told(answer).issues).toEqual(issues.slice(0, 20))
    expect(parked?.headers?.['mainspan-issues']).toBe(JSON.stringify(issues.slice(0, 20)).slice(0, 4000))
    const short = issues.map((_, at) => ({ path: `/${at}`, message: 'no' }))
    const other = await commands({ catalog: { operations: [{ ...payV1, parse: () => ({ issues: short }) }] } })
    await other.deliver()
    expect(JSON.parse(String(other.published()[0]?.headers?.['mainspan-issues']))).toEqual(short.slice(0, 20))
  })

  test('whose sender wants no answer is parked without one', async () => {
    const one = await commands()
    await one.deliver({ type: 'pay.v2', replyTo: undefined })
    expect(one.published().length).toBe(1)
  })

  test.each<[string, Partial<Delivery>, string | undefined, RegExp]>([
    ['by its message id where it has no correlation id', { correlationId: undefined }, 'm-1', /^m-1\/refused$/],
    ['without a message id under one of ours', { messageId: undefined }, 'c-1', /^unnamed-[0-9a-f-]{36}\/refused$/],
    ['under an id that a message may have', { messageId: 'x'.repeat(255) }, 'c-1', /^x{247}\/refused$/],
  ])('its sender is told %s', async (_, part, correlationId, id) => {
    const one = await commands()
    await one.deliver({ type: 'pay.v2', ...part })
    expect(one.published()[1]).toMatchObject({ correlationId, messageId: expect.stringMatching(id) })
  })

  test('parked a second time it has the newer reason, and no mistakes or counts of before', async () => {
    const one = await commands()
    const before = {
      ...{ 'mainspan-issues': '[]', 'x-delivery-count': 1, 'mainspan-reason': 'OLD', 'mainspan-user': 'bank' },
    }
    const came = { userId: undefined, expiration: undefined }
    await one.deliver({ type: 'pay.v2', headers: before, ...came })
    const headers = one.published()[0]?.headers ?? {}
    expect(headers).toMatchObject({ 'mainspan-reason': 'OPERATION_UNKNOWN', 'mainspan-user': 'bank' })
    for (const none of ['mainspan-issues', 'x-delivery-count', 'mainspan-expiration']) {
      expect(Object.keys(headers)).not.toContain(none)
    }
    await one.deliver({ type: 'pay.v2', headers: {}, ...came })
    expect(Object.keys(one.published()[2]?.headers ?? {})).not.toContain('mainspan-user')
  })

  test('an id that came before with another input is parked, and its sender told', async () => {
    const one = await commands({ onStart: () => Promise.reject(reused()) })
    expect(await one.deliver()).toBe('ack')
    expect(one.starts.length).toBe(1)
    expect(one.published().map(({ exchange }) => exchange)).toEqual(['t.parked', ''])
    expect(told(one.published()[1])).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', issues: [] })
    expect(one.steered).toEqual([])
  })

  test('that cannot be written together with the reason is left to the broker, and its sender told', async () => {
    const one = await commands({
      onPublish: async ({ exchange }) => {
        if (exchange === 't.parked') throw unwritable()
      },
    })
    expect(await one.deliver({ type: 'pay.v2' })).toBe('dead')
    expect(one.published().map(({ exchange }) => exchange)).toEqual(['t.parked', ''])
    expect(one.notices.map(({ reason }) => reason?.split(':', 1)[0])).toEqual([
      ...['OPERATION_UNKNOWN', 'MESSAGE_UNWRITABLE'],
    ])
  })

  test('is parked as soon as the broker takes it, and its sender told then', async () => {
    let tries = 0
    const one = await commands({
      onPublish: async ({ exchange }) => {
        if (exchange === 't.parked' && ++tries < 3) throw unconfirmed()
      },
    })
    expect(await one.deliver({ type: 'pay.v2' })).toBe('ack')
    expect(one.published().map(({ exchange }) => exchange)).toEqual(['t.parked', 't.parked', 't.parked', ''])
    expect(one.notices.map(({ reason }) => reason?.split(':', 1)[0])).toEqual([
      ...['OPERATION_UNKNOWN', 'MESSAGE_UNCONFIRMED', 'MESSAGE_UNCONFIRMED'],
    ])
  })

  test('that cannot be parked in time is delivered again, and its sender not told', async () => {
    const one = await commands({
      holdMs: 20,
      onPublish: async ({ exchange }) => {
        if (exchange === 't.parked') throw unconfirmed()
      },
    })
    expect(await one.deliver({ type: 'pay.v2' })).toBe('requeue')
    expect(one.published().some(({ exchange }) => exchange === '')).toBe(false)
  })

  test('is no trouble where its sender is gone, and one of ours where we fail to tell it', async () => {
    let thrown: unknown = failure('MESSAGE_UNROUTABLE', { exchange: '', key: 'answers' })
    const one = await commands({
      onPublish: async ({ routingKey }) => {
        if (routingKey === 'answers') throw thrown
      },
    })
    expect(await one.deliver({ type: 'pay.v2' })).toBe('ack')
    expect(one.notices.length).toBe(1)
    thrown = new TypeError('a mistake of ours')
    await expect(one.deliver({ type: 'pay.v2' })).rejects.toBe(thrown)
  })

  test('a mistake of ours in parking is none of the sender', async () => {
    const mistake = new TypeError('a mistake of ours')
    const one = await commands({
      onPublish: async ({ exchange }) => {
        if (exchange === 't.parked') throw mistake
      },
    })
    await expect(one.deliver({ type: 'pay.v2' })).rejects.toBe(mistake)
  })

  test('a refusal of the parking itself is none of the sender either', async () => {
    const refusal = reused()
    const one = await commands({
      onPublish: async ({ exchange }) => {
        if (exchange === 't.parked') throw refusal
      },
    })
    await expect(one.deliver({ type: 'pay.v2' })).rejects.toBe(refusal)
  })

  test('a mistake of ours in reading is none of the sender either', async () => {
    const mistake = new TypeError('a mistake of ours')
    const identify = () => {
      throw mistake
    }
    const one = await commands({ identify })
    await expect(one.deliver()).rejects.toBe(mistake)
    expect(one.published()).toEqual([])
  })

  test('what may pass while it is read is no mistake of the sender', async () => {
    const passing = away()
    const one = await commands({ identify: () => Promise.reject(passing) })
    await expect(one.deliver()).rejects.toBe(passing)
    expect(one.published()).toEqual([])
  })
})
