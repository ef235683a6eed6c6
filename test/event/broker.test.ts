// Publishing to a real broker: success only when the message is held by a queue, every other end a named Failure.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { DomainEvent } from '../../src/contract/event.ts'
import { type Broker, connectBroker } from '../../src/event/broker.ts'
import { publisher } from '../../src/event/publisher.ts'
import { topologyNames } from '../../src/event/topology.ts'
import { rabbitmq } from '../support/parts.ts'
import { type Bare, bareClient, until } from './support.ts'

let url: string
let bare: Bare
const brokers: Broker[] = []

beforeAll(async () => {
  url = (await rabbitmq()).url
  bare = await bareClient(url)
})
afterAll(async () => {
  await Promise.all(brokers.map((one) => one.close()))
  await bare.close()
})

async function broker(recentEvents = 100): Promise<Broker> {
  const names = topologyNames(`test-${randomUUID()}`)
  const one = await connectBroker({ url, name: 'test', confirmMs: 3000, topology: { names, recentEvents } })
  brokers.push(one)
  return one
}

const event: DomainEvent = {
  id: '7d3a1cde-0f6f-5b7e-9a51-0d3a1f6f2f11',
  name: 'paid',
  operation: 'pay',
  version: 1,
  subject: '0000000042',
  sequence: 1,
  time: '2026-11-23T06:30:00.000Z',
  operationId: 'pay-1',
  data: { amount: '12.50' },
}

describe('an event', () => {
  test('arrives as a CloudEvent', async () => {
    const one = await broker()
    await publisher(one, { source: '/bank' }).publish(event)
    const { content, properties, fields } = await bare.take(one.names.recentEvents)
    expect(JSON.parse(content.toString())).toEqual({
      specversion: '1.0',
      id: event.id,
      source: '/bank',
      type: 'mainspan.pay.v1.paid',
      subject: '0000000042',
      time: event.time,
      datacontenttype: 'application/json',
      dataschema: 'urn:mainspan:event:pay:v1:paid',
      sequence: '1',
      partitionkey: '0000000042',
      operationid: 'pay-1',
      data: { amount: '12.50' },
    })
    expect(fields.routingKey).toBe('pay.v1.paid')
    expect(properties).toMatchObject({
      messageId: event.id,
      contentType: 'application/cloudevents+json',
      deliveryMode: 2,
      headers: { partitionkey: '0000000042' },
    })
  })

  test('that no queue is bound for is a failure, and the next one that is bound for arrives', async () => {
    const one = await broker(0)
    await expect(publisher(one).publish(event)).rejects.toMatchObject({
      code: 'MESSAGE_UNROUTABLE',
      retry: 'later',
      facts: { exchange: one.names.events, key: 'pay.v1.paid' },
    })
    const channel = await bare.model.createChannel()
    const { queue } = await channel.assertQueue('', { exclusive: true })
    await channel.bindQueue(queue, one.names.events, 'pay.v1.#')
    await publisher(one).publish(event)
    expect((await bare.take(queue)).properties.messageId).toBe(event.id)
    await channel.close()
  })

  test('that a full queue refuses is a failure', async () => {
    const one = await broker(0)
    const channel = await bare.model.createChannel()
    const { queue } = await channel.assertQueue('', { exclusive: true, maxLength: 1, overflow: 'reject-publish' })
    await channel.bindQueue(queue, one.names.events, '#')
    const ends = await Promise.allSettled([1, 2, 3, 4].map(() => publisher(one).publish(event)))
    const refused = ends.filter((end) => end.status === 'rejected').map((end) => end.reason.code)
    expect(refused.length).toBeGreaterThan(0)
    expect(new Set(refused)).toEqual(new Set(['MESSAGE_REFUSED']))
    await channel.close()
  })

  test.each([
    ['headers that no frame holds', { headers: { long: 'x'.repeat(70_000) } }],
    ['a correlation id that is too long', { correlationId: 'x'.repeat(256) }],
  ])('with %s is a failure that no repetition mends, and the next one arrives', async (_, wrong) => {
    const one = await broker()
    const message = { exchange: '', routingKey: one.names.commands, body: Buffer.from('{}'), contentType: 'x/y' }
    await expect(one.publish({ ...message, messageId: 'm-1', ...wrong })).rejects.toMatchObject({
      code: 'MESSAGE_UNWRITABLE',
      retry: 'never',
      facts: { exchange: '', key: one.names.commands },
    })
    await one.publish({ ...message, messageId: 'm-2' })
    expect((await bare.take(one.names.commands)).properties.messageId).toBe('m-2')
  })

  test('to an exchange that was deleted is a failure; the broker connection then heals by declaring it again', async () => {
    const one = await broker()
    const channel = await bare.model.createChannel()
    await channel.deleteExchange(one.names.events)
    await expect(publisher(one).publish(event)).rejects.toMatchObject({
      code: 'MESSAGE_UNCONFIRMED',
      facts: { why: expect.stringContaining('NOT_FOUND') },
    })
    await until(() =>
      publisher(one)
        .publish(event)
        .then(() => true)
        .catch(() => false),
    )
    expect(await bare.count(one.names.recentEvents)).toBeGreaterThan(0)
    await channel.close()
  })
})

describe('an answer', () => {
  test('arrives at its queue with its correlation id', async () => {
    const one = await broker()
    const channel = await bare.model.createChannel()
    const { queue } = await channel.assertQueue('', { exclusive: true })
    await publisher(one).reply({ queue, correlationId: 'c-1', id: 'r-1', body: { state: 'completed' } })
    const { content, properties } = await bare.take(queue)
    expect(content.toString()).toBe('{"state":"completed"}')
    expect(properties).toMatchObject({ correlationId: 'c-1', messageId: 'r-1', contentType: 'application/json' })
    await channel.close()
  })

  test('to a queue that is gone is a failure', async () => {
    const answer = { queue: `gone-${randomUUID()}`, correlationId: 'c', id: 'r', body: {} }
    await expect(publisher(await broker()).reply(answer)).rejects.toMatchObject({ code: 'MESSAGE_UNROUTABLE' })
  })
})

describe('a consumer', () => {
  test.each([1, 2, 3])('that closes while a message is dealt with leaves none behind (%d)', async () => {
    const one = await broker()
    const queue = one.names.commands
    await one.publish({ exchange: '', routingKey: queue, body: Buffer.from('{}'), messageId: 'm', contentType: 'x/y' })
    let taken = 0
    const consumer = await one.consume({
      queue,
      prefetch: 5,
      async handle({ signal }) {
        taken += 1
        await new Promise((leaving) => signal.addEventListener('abort', leaving))
        // The acknowledgement comes after the answer to the cancel: nothing but the close is left to carry it.
        await sleep(100)
        return 'ack'
      },
    })
    await until(() => taken === 1)
    await consumer.close()
    expect(await bare.count(queue)).toBe(0)
  })
})

describe('connecting', () => {
  test('a queue that exists with other arguments is named', async () => {
    const names = topologyNames(`test-${randomUUID()}`)
    const channel = await bare.model.createChannel()
    await channel.assertQueue(names.commands, { durable: true })
    await expect(connectBroker({ url, name: 'test', firstMs: 2000, topology: { names } })).rejects.toMatchObject({
      code: 'BROKER_TOPOLOGY_DIFFERS',
      facts: { reason: expect.stringContaining(names.commands) },
    })
    await channel.deleteQueue(names.commands)
    await channel.close()
  })

  test('a broker that is not there is named without its password', async () => {
    const away = connectBroker({ url: 'amqp://user:hush@127.0.0.1:1/', name: 'test', firstMs: 500 })
    await expect(away).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE', facts: { broker: '127.0.0.1:1' } })
    await expect(away).rejects.not.toThrow(/hush/)
  })

  test('the same topology twice is no change', async () => {
    const first = await broker()
    const second = await connectBroker({ url, name: 'again', topology: { names: first.names, recentEvents: 100 } })
    expect(second.up).toBe(true)
    await second.close()
  })
})
