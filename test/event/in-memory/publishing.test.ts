// Publishing on a channel that the test plays: what is asked of the broker, and which end each of its answers is.

import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { type OutgoingMessage, openLane, type PublishingLane, publishing } from '../../../src/event/publishing.ts'
import { StandInModel, settled, soon } from './stand-in.ts'

const message: OutgoingMessage = {
  exchange: 'events',
  routingKey: 'pay.v1.paid',
  body: new TextEncoder().encode('{}'),
  messageId: 'm-1',
}
const answer: OutgoingMessage = { ...message, exchange: '', routingKey: 'amq.rabbitmq.reply-to.abc' }
const facts = { exchange: 'events', key: 'pay.v1.paid' }

async function lane() {
  const stand = new StandInModel()
  const restarts: string[] = []
  const prepared = await openLane(stand.model, (reason) => restarts.push(reason))
  return { stand, channel: stand.channel, restarts, send: prepared.value.send, lost: prepared.lost }
}

/** The codes of ends, in order. */
async function codesOf(ends: readonly Promise<void>[]): Promise<readonly string[]> {
  const all = await Promise.allSettled(ends)
  return all.map((end) => (end.status === 'fulfilled' ? 'published' : end.reason.code))
}

describe('a message', () => {
  test('is given to the broker with what it carries and nothing else, to be kept, and to be returned where no queue takes it', async () => {
    const { channel, send } = await lane()
    const properties = {
      ...{ contentType: 'a/b', contentEncoding: 'utf-8', type: 't', correlationId: 'c', replyTo: 'r', appId: 'a' },
      ...{ priority: 0, timestamp: 7, headers: { h: 1 } },
    }
    void send({ ...message, ...properties }, 1000)
    void send({ ...message, messageId: undefined }, 1000)
    for (const { answer } of channel.published) answer()
    expect(channel.published[0]).toMatchObject({ exchange: 'events', key: 'pay.v1.paid', body: '{}' })
    expect(channel.published.map(({ options }) => options)).toEqual([
      { ...properties, messageId: 'm-1', persistent: true, mandatory: true },
      { persistent: true, mandatory: true },
    ])
    expect(channel.published.map(({ options }) => Object.keys(options).length)).toEqual([12, 2])
  })

  test('is published when the broker confirms it, and not before', async () => {
    const { channel, send } = await lane()
    let isPublished = false
    const sent = send(message, 10_000).then(() => {
      isPublished = true
    })
    await settled()
    expect(isPublished).toBe(false)
    channel.published[0]?.answer()
    await sent
  })

  test('that the broker refuses, and one whose channel ends, are told apart', async () => {
    const { channel, send } = await lane()
    const [refused, dropped] = [send(message, 10_000), send(message, 10_000)]
    channel.published[0]?.answer(new Error('message nacked'))
    channel.published[1]?.answer(new Error('channel ended'))
    await expect(refused).rejects.toMatchObject({ code: 'MESSAGE_REFUSED', facts })
    await expect(dropped).rejects.toMatchObject({ code: 'MESSAGE_UNCONFIRMED', facts: { ...facts, ms: 10_000 } })
  })

  test('without an answer ends at its deadline', async () => {
    const { send } = await lane()
    const end = send(message, 20)
    await expect(end).rejects.toMatchObject({ code: 'MESSAGE_UNCONFIRMED', facts: { ms: 20, why: 'no answer' } })
  })

  test.each([
    ['a channel that has closed', 'IllegalOperationError', 'MESSAGE_UNCONFIRMED'],
    ['AMQP that cannot carry it', 'TypeError', 'MESSAGE_UNWRITABLE'],
  ])('that is not taken, by %s', async (_, name, code) => {
    const { channel, send } = await lane()
    const cause = Object.assign(new Error('it says why'), { name })
    channel.onPublish = () => {
      throw cause
    }
    const end = send(message, 10_000)
    await expect(end).rejects.toMatchObject({ code, facts })
    if (code === 'MESSAGE_UNWRITABLE') await expect(end).rejects.toMatchObject({ cause })
    else await expect(end).rejects.toMatchObject({ facts: { why: 'it says why' } })
  })
})

describe('what comes back', () => {
  const returned = ({ exchange, routingKey, messageId }: OutgoingMessage) => ({
    fields: { exchange, routingKey },
    properties: { messageId },
  })

  test('is the message of the same exchange, key and id, one for each return', async () => {
    const { channel, send } = await lane()
    const others: readonly OutgoingMessage[] = [
      { ...message, exchange: 'others' },
      { ...message, routingKey: 'other' },
      { ...message, messageId: 'm-2' },
      { ...message, messageId: undefined },
    ]
    const ends = [...others, message, message, message, message].map((one) => send(one, 10_000))
    channel.emit('return', returned(message))
    channel.emit('return', returned(message))
    channel.emit('return', returned(message))
    for (const { answer } of channel.published) answer()
    expect(await codesOf(ends)).toEqual([
      ...Array(4).fill('published'),
      ...[...Array(3).fill('MESSAGE_UNROUTABLE'), 'published'],
    ])
    await expect(ends[4]).rejects.toMatchObject({ facts })
  })

  test('without a message id is one without', async () => {
    const { channel, send } = await lane()
    const bare = { ...message, messageId: undefined }
    const end = send(bare, 10_000)
    channel.emit('return', returned(bare))
    channel.published[0]?.answer()
    expect(await codesOf([end])).toEqual(['MESSAGE_UNROUTABLE'])
  })
})

describe('a channel', () => {
  test.each<[string, Error | undefined, string]>([
    ['with an error', new Error('NOT_FOUND - no exchange'), 'NOT_FOUND - no exchange'],
    ['without', undefined, 'channel closed'],
  ])('that closes %s ends what is in flight, and has the connection made anew', async (_, error, why) => {
    const { channel, restarts, send } = await lane()
    const confirmed = send(message, 10_000)
    channel.published[0]?.answer()
    const ends = [send(message, 10_000), send(message, 10_000)]
    if (error) channel.emit('error', error)
    channel.emit('close')
    for (const end of ends) await expect(end).rejects.toMatchObject({ code: 'MESSAGE_UNCONFIRMED', facts: { why } })
    await confirmed
    expect(restarts).toEqual([why])
  })

  test('whose connection is lost ends what is in flight with the reason', async () => {
    const { restarts, send, lost } = await lane()
    const end = send(message, 10_000)
    lost('the cable')
    await expect(end).rejects.toMatchObject({ code: 'MESSAGE_UNCONFIRMED', facts: { why: 'the cable' } })
    expect(restarts).toEqual([])
  })

  test('is given up when more than a thousand of its messages are not answered; those that are do not count', async () => {
    const { channel, restarts, send } = await lane()
    const answered = Array.from({ length: 100 }, () => send(message, 5))
    for (const { answer } of channel.published) answer()
    await Promise.all(answered)
    await sleep(30)
    await Promise.allSettled(Array.from({ length: 1000 }, () => send(message, 1)))
    expect(restarts).toEqual([])
    await codesOf([send(message, 1)])
    expect(restarts).toEqual(['too many messages without an answer'])
  })
})

describe('a direct reply', () => {
  const name = answer.routingKey

  test('goes out once its requester is seen to be there, and may reach no queue', async () => {
    const { stand, channel, send } = await lane()
    const end = send(answer, 10_000)
    await soon(() => channel.published.length === 1)
    channel.published[0]?.answer()
    await end
    expect(stand.others.map(({ asked }) => asked)).toEqual([[`check ${name}`, 'close']])
    expect(channel.published[0]?.options).toMatchObject({ mandatory: false, persistent: true })
  })

  test('is one only by the default exchange', async () => {
    const { stand, channel, send } = await lane()
    const ends = [send({ ...answer, exchange: 'events' }, 10_000), send({ ...answer, routingKey: 'answers' }, 10_000)]
    for (const { answer } of channel.published) answer()
    await Promise.all(ends)
    expect([stand.others.length, channel.published.map(({ options }) => options.mandatory)]).toEqual([0, [true, true]])
  })

  test.each<[string, object, string, string | undefined]>([
    ['a requester that is gone', { code: 404 }, 'MESSAGE_UNROUTABLE', undefined],
    ['a look that fails', { code: 403 }, 'MESSAGE_UNCONFIRMED', 'channel closed'],
    ['a look that fails without a code', {}, 'MESSAGE_UNCONFIRMED', 'channel closed'],
  ])('to %s is not published', async (_, more, code, why) => {
    const { stand, channel, send } = await lane()
    const cause = Object.assign(new Error('no'), more)
    stand.onChannel = (one) => {
      one.before = async (what) => {
        if (what !== 'close') throw cause
      }
    }
    const end = send(answer, 10_000)
    await expect(end).rejects.toMatchObject({ code, facts: { exchange: '', key: name } })
    if (why !== undefined) await expect(end).rejects.toMatchObject({ cause, facts: { ms: 10_000, why } })
    expect(channel.published).toEqual([])
    // What the broker says of the channel it closes ends no process.
    expect(() => stand.others[0]?.emit('error', cause)).not.toThrow()
  })

  test('whose look is not answered ends at its deadline', async () => {
    const { stand, channel, send } = await lane()
    stand.onChannel = (one) => {
      one.before = () => new Promise(() => undefined)
    }
    const end = send(answer, 20)
    const unanswered = { exchange: '', key: name, ms: 20, why: 'no answer' }
    await expect(end).rejects.toMatchObject({ code: 'MESSAGE_UNCONFIRMED', facts: unanswered })
    expect(channel.published).toEqual([])
  })

  test('has for its confirm what the look has left of its time', async () => {
    const { stand, send } = await lane()
    stand.onChannel = (one) => {
      one.before = async (what) => void (what !== 'close' && (await sleep(100)))
    }
    const failed = await send(answer, 1000).catch((error) => error)
    expect(failed).toMatchObject({ code: 'MESSAGE_UNCONFIRMED', facts: { why: 'no answer' } })
    expect(failed.facts.ms).toBeLessThanOrEqual(901)
    expect(failed.facts.ms).toBeGreaterThan(0)
    expect(Number.isInteger(failed.facts.ms)).toBe(true)
  })
})

describe('the places of what is in flight', () => {
  /** A link whose lane keeps each message until the test ends it. */
  function link(readyMs = 0) {
    const held: { readonly id: string | undefined; readonly ms: number; end(error?: Error): void }[] = []
    const waits: number[] = []
    const lane: PublishingLane = {
      send: ({ messageId }, ms) =>
        new Promise((resolve, reject) => {
          held.push({ id: messageId, ms, end: (error) => (error ? reject(error) : resolve()) })
        }),
    }
    const ready = async (ms: number) => {
      waits.push(ms)
      await sleep(readyMs)
      return lane
    }
    return { held, waits, link: { ready, up: true, close: async () => undefined } }
  }
  const named = (messageId: string) => ({ ...message, messageId })

  test('are given in order of arrival as they become free, never more than there are', async () => {
    const { held, link: one } = link()
    const { publish } = publishing(one, 10_000, 2)
    const ends = Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((id) => publish(named(id))))
    await soon(() => held.length === 2)
    await sleep(10)
    expect(held.map(({ id }) => id)).toEqual(['a', 'b'])
    held[1]?.end()
    await soon(() => held.length === 3)
    held[0]?.end(new Error('refused'))
    await soon(() => held.length === 4)
    expect(held.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd'])
    held[2]?.end()
    await soon(() => held.length === 5)
    held[3]?.end()
    held[4]?.end()
    expect((await ends).map(({ status }) => status)).toEqual([...['rejected', ...Array(4).fill('fulfilled')]])
    // All of them are free again.
    const more = ['f', 'g', 'h'].map((id) => publish(named(id)))
    await soon(() => held.length === 7)
    await sleep(10)
    expect(held.length).toBe(7)
    for (const { end } of held) end()
    await soon(() => held.length === 8)
    held[7]?.end()
    await Promise.all(more)
  })

  test('one that has been given is not missed when its wait would have been over', async () => {
    const { held, link: one } = link()
    const { publish } = publishing(one, 400, 1)
    const first = publish(named('a'))
    const second = publish(named('b'))
    await sleep(100)
    held[0]?.end()
    await first
    await sleep(100)
    const third = publish(named('c'))
    await sleep(250)
    held[1]?.end()
    await second
    await soon(() => held.length === 3)
    held[2]?.end()
    await third
  })

  test('are waited for until the deadline; who has given up takes none', async () => {
    const { held, link: one } = link()
    const { publish } = publishing(one, 60, 1)
    const first = publish(named('a'))
    const late = await Promise.allSettled([publish(named('b')), publish(named('c'))])
    const reason = expect.objectContaining({ code: 'BROKER_BUSY', facts: { limit: 1, ms: 60 } })
    expect(late).toEqual(Array(2).fill({ status: 'rejected', reason }))
    held[0]?.end()
    await first
    const fourth = publish(named('d'))
    await soon(() => held.length === 2)
    expect(held[1]?.id).toBe('d')
    held[1]?.end()
    await fourth
  })

  test('one that gives up leaves the others in their order', async () => {
    const { held, link: one } = link()
    const { publish } = publishing(one, 200, 1)
    const first = publish(named('a'))
    const early = publish(named('b'))
    await sleep(100)
    const late = publish(named('c'))
    await expect(early).rejects.toMatchObject({ code: 'BROKER_BUSY' })
    held[0]?.end()
    await first
    await soon(() => held.length === 2)
    expect(held[1]?.id).toBe('c')
    held[1]?.end()
    await late
  })

  test('a connection and a confirm have together what is left of the time', async () => {
    const { held, waits, link: one } = link(100)
    const end = publishing(one, 5000, 1).publish(message)
    await soon(() => held.length === 1)
    held[0]?.end()
    await end
    expect(waits[0]).toBeGreaterThan(4000)
    expect(waits[0]).toBeLessThanOrEqual(5000)
    expect(held[0]?.ms).toBeGreaterThan(1000)
    expect(held[0]?.ms).toBeLessThanOrEqual(4905)
    expect(Number.isInteger(held[0]?.ms)).toBe(true)
  })

  test('are free again after a broker that could not be reached', async () => {
    const away = { ready: () => Promise.reject(new Error('away')), up: false, close: async () => undefined }
    const { publish } = publishing(away, 10_000, 1)
    await expect(publish(message)).rejects.toThrow('away')
    await expect(publish(message)).rejects.toThrow('away')
  })
})
