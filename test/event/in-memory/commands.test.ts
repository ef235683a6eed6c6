// What becomes of one command, with a broker that the test plays: what is started, held and delivered again, and who is told.

import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { ResolvedOperation } from '../../../src/contract/catalog.ts'
import type { OperationStatus } from '../../../src/contract/durable.ts'
import { failure } from '../../../src/error/failure.ts'
import { payV1 } from '../support.ts'
import { away, closeConsumers, commands, told, unconfirmed } from './command-consumer.ts'
import { settled, soon } from './stand-in.ts'

afterEach(closeConsumers)

describe('a command', () => {
  test('is started as the client that the broker checked, then acknowledged, and nobody is told anything', async () => {
    const one = await commands()
    expect(one.consumption()).toMatchObject({ queue: 't.commands', prefetch: 50 })
    expect(await one.deliver()).toBe('ack')
    expect(one.starts).toEqual([
      {
        start: {
          ...{ operation: 'pay', version: 1, input: { amount: '1.00' }, client: 'amqp:till', door: 'command' },
          replyTo: { queue: 'answers', correlationId: 'c-1' },
        },
        ...{ workflowType: 'pay', key: 'm-1', summary: 'Pay an amount, by command' },
      },
    ])
    expect([one.published(), one.steered, one.notices]).toEqual([[], [], []])
  })

  test('that wants no answer is started without one', async () => {
    const one = await commands()
    await one.deliver({ replyTo: undefined })
    expect(one.starts[0]?.start).not.toHaveProperty('replyTo')
  })

  test('goes to the operation of its name and version', async () => {
    const other = (name: string, version: number): ResolvedOperation => ({
      ...payV1,
      name,
      version,
      workflowType: name,
    })
    const operations = [other('repay', 1), other('pay', 2), payV1, other('pay', 3)]
    const one = await commands({ catalog: { operations } })
    await one.deliver()
    await one.deliver({ type: 'pay.v3' })
    expect(one.starts.map(({ start }) => `${start.operation} ${start.version}`)).toEqual(['pay 1', 'pay 3'])
  })

  test.each([
    [1000, 1000, 'ack'],
    [999, 1000, 'parked'],
    [undefined, 262_144, 'ack'],
    [undefined, 262_145, 'parked'],
  ])('may be as long as the limit of %p bytes: %p', async (bodyLimit, length, expected) => {
    const one = await commands(bodyLimit === undefined ? {} : { bodyLimit })
    const body = new TextEncoder().encode('{"amount":"1.00"}'.padEnd(length))
    expect(await one.deliver({ body })).toBe('ack')
    expect([one.starts.length, one.published().length]).toEqual(expected === 'ack' ? [1, 0] : [0, 2])
  })
})

describe('while Temporal is away', () => {
  test('a command is held and tried again, nothing else is taken, and that is told once', async () => {
    let tries = 0
    const one = await commands({
      onStart: async () => {
        if (++tries < 4) throw away()
        return true
      },
    })
    expect(await one.deliver()).toBe('ack')
    expect(one.steered).toEqual(['suspend', 'suspend', 'suspend', 'resume'])
    expect(one.notices).toEqual([
      { link: 't.commands', event: 'trouble', reason: expect.stringMatching(/^DURABLE_UNAVAILABLE/) },
    ])
    expect([tries, one.published()]).toEqual([4, []])
  })

  test('a command is tried again only when no other is taken any more, and dealt with when others are taken again', async () => {
    const at: string[][] = []
    const one = await commands({
      ...{ steerMs: 30, pauseMs: 1 },
      onStart: async () => {
        at.push([...one.steered])
        if (at.length === 1) throw away()
        return true
      },
    })
    await one.deliver()
    expect(at).toEqual([[], ['suspend']])
    expect(one.steered).toEqual(['suspend', 'resume'])
  })

  test('what the cause of a trouble says is not told: it may quote what came', async () => {
    let tries = 0
    const cause = new Error('secret of a customer')
    const one = await commands({
      onStart: async () => {
        if (++tries === 1) throw failure('DURABLE_UNAVAILABLE', { why: 'no connection' }, { cause })
        return true
      },
    })
    await one.deliver()
    expect(one.notices.length).toBe(1)
    expect(JSON.stringify(one.notices)).not.toContain('secret')
  })

  test('half a second passes before it is tried again where nobody says how long', async () => {
    let tries = 0
    const one = await commands({
      isPatient: true,
      onStart: async () => {
        if (++tries === 1) throw away()
        return true
      },
    })
    const since = performance.now()
    await one.deliver()
    expect(performance.now() - since).toBeGreaterThanOrEqual(490)
  })

  test('pauses double from the first', async () => {
    const at: number[] = []
    const one = await commands({
      pauseMs: 60,
      onStart: async () => {
        if (at.push(performance.now()) < 4) throw away()
        return true
      },
    })
    await one.deliver()
    const pauses = at.slice(1).map((time, index) => time - (at[index] ?? 0))
    expect(pauses.map((pause, index) => pause >= 60 * 2 ** index - 2)).toEqual([true, true, true])
    expect(pauses[0]).toBeLessThan(600)
  })

  test('and as long as a mistake of the project keeps it from being started', async () => {
    let tries = 0
    const one = await commands({
      onStart: async () => {
        if (++tries === 1) throw failure('BACKEND_MISSING', { adapter: 'bank' })
        return true
      },
    })
    expect([await one.deliver(), tries, one.published()]).toEqual(['ack', 2, []])
  })

  test('a command is delivered again when it was held for as long as it may be', async () => {
    const one = await commands({ holdMs: 60, pauseMs: 10, onStart: () => Promise.reject(away()) })
    expect(await one.deliver()).toBe('requeue')
    expect(one.starts.length).toBeGreaterThan(1)
    expect(one.starts.length).toBeLessThanOrEqual(3)
    expect(one.steered.at(-1)).toBe('resume')
    expect(one.published()).toEqual([])
  })

  test('a command whose channel is gone is held no longer', async () => {
    const leaving = new AbortController()
    const one = await commands({ pauseMs: 20_000, onStart: () => Promise.reject(away()) })
    const since = performance.now()
    const end = one.deliver({ signal: leaving.signal })
    await soon(() => one.steered.length > 0)
    leaving.abort()
    expect(await end).toBe('requeue')
    expect(performance.now() - since).toBeLessThan(10_000)
    expect(one.starts.length).toBe(1)
  })
})

describe('the last delivery that the queue allows', () => {
  const count = (times: number) => ({ headers: { 'x-delivery-count': times } })
  const mistake = new TypeError('a mistake of ours')

  test('is the one beyond its limit: before it a mistake of ours is thrown, on it the command is parked and nobody told', async () => {
    const one = await commands({ onStart: () => Promise.reject(mistake) })
    await expect(one.deliver()).rejects.toBe(mistake)
    await expect(one.deliver(count(2))).rejects.toBe(mistake)
    expect(one.published()).toEqual([])
    expect(await one.deliver(count(3))).toBe('ack')
    const [parked, ...others] = one.published()
    expect([parked?.headers?.['mainspan-reason'], others]).toEqual(['COMMAND_UNSETTLED', []])
    expect(parked?.headers?.['mainspan-message']).toContain('4')
    expect(one.notices).toEqual([
      { link: 't.commands', event: 'trouble', reason: `${parked?.headers?.['mainspan-message']} (a mistake of ours)` },
    ])
    expect(parked?.headers).not.toHaveProperty('mainspan-issues')
  })

  test('is parked too when it was held for too long, unless its channel is gone', async () => {
    const one = await commands({ holdMs: 0, onStart: () => Promise.reject(away()) })
    expect(await one.deliver(count(2))).toBe('requeue')
    expect(one.published()).toEqual([])
    expect(await one.deliver(count(3))).toBe('ack')
    expect(one.published()[0]?.headers?.['mainspan-reason']).toBe('COMMAND_UNSETTLED')
    expect(one.notices.at(-1)?.reason).not.toContain('(')
    expect(await one.deliver({ ...count(3), signal: AbortSignal.abort() })).toBe('requeue')
    expect(one.published().length).toBe(1)
  })

  test.each([
    [0, 'ack'],
    [1, 'thrown'],
  ])('a first delivery is the last one under a limit of %i: %s', async (deliveryLimit, expected) => {
    const one = await commands({ deliveryLimit, onStart: () => Promise.reject(mistake) })
    expect(await one.deliver().catch(() => 'thrown')).toBe(expected)
  })

  test('that succeeds is as any other', async () => {
    const one = await commands()
    expect(await one.deliver(count(3))).toBe('ack')
    expect(one.published()).toEqual([])
  })
})

describe('a command that comes again', () => {
  const common = { id: 'pay-m-1', operation: 'pay', version: 1, startedAt: '2026-01-01T00:00:00Z' }
  const ended: OperationStatus = {
    ...{ ...common, endedAt: '2026-01-01T00:00:01Z', state: 'completed', output: { receipt: 'r' } },
  }
  const again = { onStart: async () => false }

  test('is acknowledged at once, and answered with the end of the run that it started', async () => {
    const waits: unknown[] = []
    const one = await commands({
      ...again,
      wait: async (...asked) => {
        waits.push(asked)
        return ended
      },
    })
    expect(await one.deliver()).toBe('ack')
    await soon(() => one.published().length === 1)
    expect(waits).toEqual([['pay-m-1', 20_000]])
    const [answer] = one.published()
    expect(answer).toEqual({
      ...{ exchange: '', routingKey: 'answers', messageId: 'pay-m-1/again', contentType: 'application/json' },
      ...{ correlationId: 'c-1', body: expect.anything() },
    })
    expect(told(answer)).toEqual({ operationId: 'pay-m-1', state: 'completed', output: { receipt: 'r' } })
    expect(one.notices).toEqual([])
  })

  test('is not answered while its run goes on, where no answer is wanted, nor by the first of its kind', async () => {
    let waited = 0
    const wait = async () => {
      waited += 1
      return { ...common, state: 'running' } satisfies OperationStatus
    }
    const one = await commands({ ...again, wait })
    await one.deliver()
    await soon(() => waited === 1)
    await one.deliver({ replyTo: undefined })
    await settled()
    expect([waited, one.published()]).toEqual([1, []])
    const first = await commands({ wait })
    await first.deliver()
    await settled()
    expect(waited).toBe(1)
  })

  test.each<[string, unknown, string]>([
    ['the store is away', failure('STORE_UNAVAILABLE', { why: 'no' }), 'STORE_UNAVAILABLE'],
    ['we fail', new TypeError('secret of a customer'), 'the gateway failed'],
  ])('and cannot be answered since %s: that is told, and where its end stands', async (_, thrown, why) => {
    const one = await commands({ ...again, wait: () => Promise.reject(thrown) })
    await one.deliver()
    await soon(() => one.notices.length === 1)
    const reason = `a repeated command was not answered (${why}); GET /operations/pay-m-1 tells its end`
    expect(one.notices).toEqual([{ link: 't.commands', event: 'trouble', reason }])
  })

  test('whose requester is gone is told as not answered', async () => {
    const one = await commands({
      ...{ ...again, wait: async () => ended },
      onPublish: async ({ routingKey }) => {
        if (routingKey === 'answers') throw failure('MESSAGE_UNROUTABLE', { exchange: '', key: 'answers' })
      },
    })
    await one.deliver()
    await soon(() => one.notices.length === 1)
    expect(one.notices[0]?.reason).toContain('(MESSAGE_UNROUTABLE)')
  })

  test('is not answered beyond two hundred that wait; each that is answered makes room', async () => {
    const waiting: ((status: OperationStatus) => void)[] = []
    const one = await commands({ ...again, wait: () => new Promise((resolve) => waiting.push(resolve)) })
    for (let turn = 0; turn < 200; turn += 1) await one.deliver()
    expect([waiting.length, one.notices]).toEqual([200, []])
    await one.deliver()
    expect(waiting.length).toBe(200)
    const reason = '200 repeated commands wait for their answer; operation pay-m-1 is not answered again'
    expect(one.notices).toEqual([{ link: 't.commands', event: 'trouble', reason }])
    waiting[0]?.(ended)
    await soon(() => one.published().length === 1)
    await settled()
    await one.deliver()
    await one.deliver()
    expect([waiting.length, one.notices.length]).toEqual([201, 2])
  })

  test('is answered no more once the subscription is closed, and no trouble is told', async () => {
    const waiting: { end(status: OperationStatus): void; fail(error: Error): void }[] = []
    const wait = () => new Promise<OperationStatus>((resolve, reject) => waiting.push({ end: resolve, fail: reject }))
    const one = await commands({ ...again, wait })
    await one.deliver()
    await one.deliver()
    await one.subscription.close()
    waiting[0]?.end(ended)
    waiting[1]?.fail(new Error('closed'))
    await one.deliver()
    await settled()
    expect([waiting.length, one.published(), one.notices]).toEqual([2, [], []])
  })
})

describe('the queue', () => {
  test('is tried with a message of its own, which is acknowledged and starts nothing', async () => {
    const one = await commands()
    const [probe] = one.probes()
    expect(probe).toEqual({
      ...{ exchange: '', routingKey: 't.commands', contentType: 'application/json', type: 'mainspan.probe' },
      ...{ messageId: expect.stringMatching(/^[0-9a-f-]{36}$/), body: new TextEncoder().encode('{}') },
    })
    expect(await one.deliver({ type: 'mainspan.probe', messageId: 'x' })).toBe('ack')
    await sleep(30)
    expect([one.starts, one.published(), one.probes().length]).toEqual([[], [], 1])
  })

  test('is tried no more once the subscription is closed, which is closed when the broker has closed it', async () => {
    const one = await commands({ probeMs: 30, steerMs: 20 })
    await one.subscription.close()
    expect(one.steered).toEqual(['closed'])
    await sleep(60)
    expect(one.probes().length).toBe(1)
  })

  test('that takes no messages is told, and the subscription is not up until it does again', async () => {
    let takes = true
    const one = await commands({
      probeMs: 10,
      onPublish: async () => {
        if (!takes) throw unconfirmed()
      },
    })
    expect(one.subscription.up).toBe(true)
    await soon(() => one.probes().length > 2)
    expect(one.notices).toEqual([])
    takes = false
    await soon(() => one.subscription.up === false)
    const reason = expect.stringMatching(/^the queue takes no messages: MESSAGE_UNCONFIRMED/)
    expect(one.notices[0]).toEqual({ link: 't.commands', event: 'trouble', reason })
    takes = true
    await soon(() => one.subscription.up === true)
    expect(one.notices.at(-1)).toEqual({ link: 't.commands', event: 'up', reason: 'the queue takes messages again' })
    one.down()
    expect(one.subscription.up).toBe(false)
  })

  test('whose first try is not answered yet is waited for by a close, and no trouble is told', async () => {
    let answer: (error: Error) => void = () => undefined
    const one = await commands({
      probeMs: 1,
      onPublish: () =>
        new Promise((_, reject) => {
          answer = reject
        }),
    })
    let isClosed = false
    const closed = one.subscription.close().then(() => {
      isClosed = true
    })
    await settled()
    expect([isClosed, one.steered]).toEqual([false, []])
    answer(unconfirmed())
    await closed
    await sleep(20)
    expect([one.probes().length, one.notices, one.steered]).toEqual([1, [], ['closed']])
  })
})
