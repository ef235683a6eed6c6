// A consumer on a channel that the test plays: what it takes, in which order it acknowledges, and how it ends.

import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import type { ConsumeMessage } from 'amqplib'
import type { BrokerNotice } from '../../../src/event/reconnecting-connection.ts'
import { type Consumer, type Delivery, type Disposition, openConsumer } from '../../../src/event/subscription.ts'
import { StandInModel, settled, soon } from './stand-in.ts'

function messageOf(tag: number, properties: object = {}, redelivered = false): ConsumeMessage {
  const fields = { deliveryTag: tag, redelivered, consumerTag: 't', exchange: '', routingKey: '' }
  return { content: Buffer.from(`body ${tag}`), fields, properties } as unknown as ConsumeMessage
}

type Handle = (delivery: Delivery, consumer: Consumer) => Promise<Disposition>

async function consumer(
  handle: Handle = async () => 'ack',
  before: StandInModel['channel']['before'] = async () => undefined,
) {
  const stand = new StandInModel()
  const restarts: string[] = []
  const notices: BrokerNotice[] = []
  stand.onChannel = (one) => {
    one.before = before
  }
  const options = { queue: 'q', prefetch: 5, handle, notice: (one: BrokerNotice) => void notices.push(one) }
  const { value, lost } = await openConsumer(stand.model, (reason) => restarts.push(reason), options)
  const [channel] = stand.others
  if (!channel) throw new Error('no channel')
  return { channel, asked: channel.asked, restarts, notices, consumer: value, lost }
}

/** A handler that goes on when the test says so. */
function holding() {
  const held: { readonly delivery: Delivery; end(verdict: Disposition): void }[] = []
  const handle: Handle = (delivery) => new Promise((end) => held.push({ delivery, end }))
  return { held, handle }
}

describe('a delivery', () => {
  const taken = async (properties: object, redelivered = false) => {
    const seen: Delivery[] = []
    const { channel } = await consumer(async (delivery) => {
      seen.push(delivery)
      return 'ack'
    })
    channel.deliver(messageOf(1, properties, redelivered))
    await settled()
    const { signal, ...delivery } = seen[0] as Delivery
    expect(signal.aborted).toBe(false)
    return delivery
  }
  const texts = {
    ...{ contentType: 'a/b', contentEncoding: 'utf-8', messageId: 'm', type: 't', correlationId: 'c' },
    ...{ replyTo: 'r', userId: 'u', appId: 'a', expiration: '60000' },
  }
  const body = Buffer.from('body 1')

  test('has the properties of its message', async () => {
    const properties = { ...texts, priority: 0, timestamp: 7, headers: { h: 1 } }
    expect(await taken(properties)).toEqual({ body, ...properties, redelivered: false })
    expect((await taken({}, true)).redelivered).toBe(true)
  })

  test('has none where a message has none, or one of another type', async () => {
    const none = { priority: undefined, timestamp: undefined, headers: {}, redelivered: false, body }
    const noTexts = Object.fromEntries(Object.keys(texts).map((name) => [name, undefined]))
    const wrong = Object.fromEntries(Object.keys(texts).map((name) => [name, 7]))
    const empty = Object.fromEntries(Object.keys(texts).map((name) => [name, '']))
    for (const properties of [{}, { ...wrong, priority: '4', timestamp: '7' }, empty]) {
      expect(await taken(properties)).toEqual({ ...none, ...noTexts })
    }
  })
})

describe('what a handler says', () => {
  test.each<[Disposition, string]>([
    ['ack', 'ack 7'],
    ['requeue', 'nack 7 false true'],
    ['dead', 'nack 7 false false'],
  ])('%s', async (verdict, asked) => {
    const one = await consumer(async () => verdict)
    one.channel.deliver(messageOf(7))
    await settled()
    expect(one.asked).toEqual(['prefetch 5', 'consume q', asked])
    expect(one.notices).toEqual([])
  })

  test('and the channel does not take is told as trouble', async () => {
    const { channel, notices } = await consumer()
    channel.ack = () => {
      throw new Error('Channel closed')
    }
    channel.deliver(messageOf(1))
    await settled()
    expect(notices).toEqual([{ link: 'q', event: 'trouble', reason: 'Channel closed' }])
  })

  test('is waited for: nothing is acknowledged before', async () => {
    const { held, handle } = holding()
    const { channel, asked } = await consumer(handle)
    channel.deliver(messageOf(1))
    channel.deliver(messageOf(2))
    await settled()
    expect(asked.length).toBe(2)
    held[1]?.end('ack')
    held[0]?.end('requeue')
    await settled()
    expect(asked.slice(2)).toEqual(['ack 2', 'nack 1 false true'])
  })

  test.each([
    [new TypeError('a mistake of ours'), 'a mistake of ours'],
    ['a text', 'a text'],
  ])(
    'when it throws the message is delivered again, a moment later, and the trouble is told',
    async (thrown, reason) => {
      const { channel, asked, notices, restarts } = await consumer(() => Promise.reject(thrown))
      channel.deliver(messageOf(3))
      await sleep(100)
      expect(asked.length).toBe(2)
      expect(notices).toEqual([{ link: 'q', event: 'trouble', reason }])
      await soon(() => asked.length > 2)
      expect(asked.slice(2)).toEqual(['nack 3 false true'])
      expect(restarts).toEqual([])
    },
  )
})

describe('a consumer', () => {
  test.each(['prefetch', 'consume'])('whose %s is refused does not stand', async (refused) => {
    const problem = new Error('refused')
    const { restarts } = await consumer(undefined, async (what) => {
      if (what.startsWith(refused)) throw problem
    }).catch((error) => ({ restarts: [error.message] }))
    expect(restarts).toEqual(['refused'])
  })

  test('that the broker cancels has the connection made anew', async () => {
    const { channel, restarts, asked } = await consumer()
    channel.deliver(null)
    await settled()
    expect(restarts).toEqual(['the broker cancelled the consumer of q'])
    expect(asked.length).toBe(2)
  })

  test.each<[string, Error | undefined, string]>([
    ['an error', new Error('PRECONDITION_FAILED'), 'PRECONDITION_FAILED'],
    ['no word', undefined, 'channel closed'],
  ])('whose channel closes with %s acknowledges nothing any more', async (_, error, reason) => {
    const { held, handle } = holding()
    const { channel, asked, restarts, consumer: one } = await consumer(handle)
    channel.deliver(messageOf(1))
    if (error) channel.emit('error', error)
    channel.emit('close')
    expect(restarts).toEqual([reason])
    expect(held[0]?.delivery.signal.aborted).toBe(true)
    held[0]?.end('ack')
    await one.suspend()
    await one.resume()
    await one.drain(1000)
    expect(asked.length).toBe(2)
  })

  test('whose connection is lost tells those who wait', async () => {
    const { held, handle } = holding()
    const { channel, asked, lost, restarts } = await consumer(handle)
    channel.deliver(messageOf(1))
    lost('the cable')
    expect(held[0]?.delivery.signal.aborted).toBe(true)
    held[0]?.end('ack')
    await settled()
    expect([asked.length, restarts]).toEqual([2, []])
  })

  test('that is suspended takes nothing until it is resumed, once each; what it holds stays held', async () => {
    const { held, handle } = holding()
    const { channel, asked, consumer: one } = await consumer(handle)
    channel.deliver(messageOf(1))
    await Promise.all([one.suspend(), one.suspend()])
    expect(held[0]?.delivery.signal.aborted).toBe(false)
    await Promise.all([one.resume(), one.resume()])
    expect(asked.slice(2)).toEqual(['cancel tag 1', 'consume q'])
    await one.suspend()
    expect(asked.slice(4)).toEqual(['cancel tag 2'])
    held[0]?.end('ack')
    await settled()
    expect(asked.slice(5)).toEqual(['ack 1'])
  })

  test('is resumed only when its suspension has been answered', async () => {
    let answer: () => void = () => undefined
    const { asked, consumer: one } = await consumer(undefined, async (what) => {
      if (what.startsWith('cancel'))
        await new Promise<void>((resolve) => {
          answer = resolve
        })
    })
    const both = Promise.all([one.suspend(), one.resume()])
    await settled()
    expect(asked.slice(2)).toEqual(['cancel tag 1'])
    answer()
    await both
    expect(asked.slice(2)).toEqual(['cancel tag 1', 'consume q'])
  })

  test.each([
    [new Error('not now'), 'not now'],
    ['not now', 'not now'],
  ])('that cannot be suspended has the connection made anew', async (thrown, reason) => {
    const { consumer: one, restarts } = await consumer(undefined, async (what) => {
      if (what.startsWith('cancel')) throw thrown
    })
    await one.suspend()
    expect(restarts).toEqual([reason])
  })
})

describe('a consumer that drains', () => {
  test('takes no more, tells those who wait, and asks once more when all in hand are acknowledged', async () => {
    const { held, handle } = holding()
    const { channel, asked, consumer: one } = await consumer(handle)
    channel.deliver(messageOf(1))
    channel.deliver(messageOf(2))
    const drained = one.drain(10_000)
    expect(held.map(({ delivery }) => delivery.signal.aborted)).toEqual([true, true])
    await settled()
    held[0]?.end('ack')
    await settled()
    expect(asked.slice(2)).toEqual(['cancel tag 1', 'ack 1'])
    held[1]?.end('requeue')
    await drained
    expect(asked.slice(2)).toEqual(['cancel tag 1', 'ack 1', 'nack 2 false true', 'prefetch 5'])
    await one.resume()
    expect(asked.length).toBe(6)
  })

  test('is done when the broker has answered to all of it', async () => {
    const answers: (() => void)[] = []
    const { consumer: one } = await consumer(undefined, async (what) => {
      if (what.startsWith('consume') || (what.startsWith('prefetch') && answers.length === 0)) return
      await new Promise<void>((resolve) => answers.push(resolve))
    })
    let isDone = false
    const drained = one.drain(10_000).then(() => {
      isDone = true
    })
    await settled()
    expect([answers.length, isDone]).toEqual([1, false])
    answers[0]?.()
    await settled()
    expect([answers.length, isDone]).toEqual([2, false])
    answers[1]?.()
    await drained
  })

  test('waits no longer than it may', async () => {
    const { handle } = holding()
    const { channel, asked, consumer: one } = await consumer(handle)
    channel.deliver(messageOf(1))
    await one.drain(30)
    expect(asked.slice(2)).toEqual(['cancel tag 1', 'prefetch 5'])
  })

  test('waits only for what is in hand still', async () => {
    const { channel, consumer: one } = await consumer()
    channel.deliver(messageOf(1))
    await settled()
    const since = performance.now()
    await one.drain(20_000)
    expect(performance.now() - since).toBeLessThan(10_000)
  })
})
