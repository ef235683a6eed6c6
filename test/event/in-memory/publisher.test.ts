// How events and answers of flows go to the broker, and what is declared there for them and for commands.

import { describe, expect, test } from '@jest/globals'
import type { DomainEvent } from '../../../src/contract/event.ts'
import { publisher } from '../../../src/event/publisher.ts'
import type { OutgoingMessage } from '../../../src/event/publishing.ts'
import { type Declarer, declareTopology, type TopologyOptions, topologyNames } from '../../../src/event/topology.ts'

const event: DomainEvent = {
  ...{ id: 'e-1', name: 'paid', operation: 'pay', version: 2, subject: '0000000042', sequence: 3 },
  ...{ time: '2026-11-23T06:30:00.000Z', operationId: 'pay-1', data: { amount: '12.50' } },
}

describe('the publisher', () => {
  function publishing(source?: string) {
    const published: OutgoingMessage[] = []
    const broker = { names: topologyNames('t'), publish: async (one: OutgoingMessage) => void published.push(one) }
    return { published, publisher: publisher(broker, source === undefined ? {} : { source }) }
  }
  const bodyOf = (message: OutgoingMessage | undefined) => JSON.parse(Buffer.from(message?.body ?? []).toString())

  test('writes an event as a structured CloudEvent, in order by its subject', async () => {
    const { published, publisher } = publishing('/bank')
    await publisher.publish(event)
    expect(published).toEqual([
      {
        ...{ exchange: 't.events', routingKey: 'pay.v2.paid', messageId: 'e-1', type: 'mainspan.pay.v2.paid' },
        ...{ contentType: 'application/cloudevents+json', headers: { partitionkey: '0000000042' } },
        body: expect.anything(),
      },
    ])
    expect(bodyOf(published[0])).toEqual({
      ...{ specversion: '1.0', id: 'e-1', source: '/bank', type: 'mainspan.pay.v2.paid', subject: '0000000042' },
      ...{ time: event.time, datacontenttype: 'application/json', dataschema: 'urn:mainspan:event:pay:v2:paid' },
      ...{ sequence: '3', partitionkey: '0000000042', operationid: 'pay-1', data: { amount: '12.50' } },
    })
  })

  test('names itself where nobody named the installation', async () => {
    const { published, publisher } = publishing()
    await publisher.publish(event)
    expect(bodyOf(published[0]).source).toBe('urn:mainspan')
  })

  test('sends an answer to the queue that asked', async () => {
    const { published, publisher } = publishing()
    await publisher.reply({ queue: 'q', correlationId: 'c', id: 'r', body: { state: 'completed' } })
    expect(published).toEqual([
      {
        ...{ exchange: '', routingKey: 'q', messageId: 'r', contentType: 'application/json', correlationId: 'c' },
        body: expect.anything(),
      },
    ])
    expect(bodyOf(published[0])).toEqual({ state: 'completed' })
  })
})

describe('what is declared', () => {
  async function declared(options: Partial<TopologyOptions> = {}): Promise<readonly (readonly unknown[])[]> {
    const asked: unknown[][] = []
    const note =
      (what: string) =>
      async (...args: unknown[]) =>
        void asked.push([what, ...args])
    const channel: Declarer = {
      ...{ assertExchange: note('exchange'), assertQueue: note('queue'), bindQueue: note('bind') },
    }
    await declareTopology(channel, { names: topologyNames('t'), ...options })
    return asked
  }
  const durable = { durable: true }
  const quorum = (more: object = {}) => ({ durable: true, arguments: { 'x-queue-type': 'quorum', ...more } })
  const commands = (limit: number) => ({
    ...{ 'x-delivery-limit': limit, 'x-dead-letter-exchange': 't.parked' },
    ...{ 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' },
  })
  const recent = (length: number) => [
    ['queue', 't.events.recent', quorum({ 'x-max-length': length, 'x-overflow': 'drop-head' })],
    ['bind', 't.events.recent', 't.events', '#'],
  ]
  const all = (limit: number) => [
    ['exchange', 't.parked', 'fanout', durable],
    ['queue', 't.parked', quorum()],
    ['bind', 't.parked', 't.parked', ''],
    ['exchange', 't.commands', 'topic', durable],
    ['queue', 't.commands', quorum(commands(limit))],
    ['bind', 't.commands', 't.commands', '#'],
    ['exchange', 't.events', 'topic', durable],
  ]

  test('outlives the broker, keeps what is parked, and bounds what nobody reads', async () => {
    expect(await declared()).toEqual([...all(20), ...recent(100_000)])
    expect(await declared({ deliveryLimit: 3, recentEvents: 10 })).toEqual([...all(3), ...recent(10)])
  })

  test('is declared one after the other, and a refusal of any is thrown', async () => {
    const whole = (await declared()).length
    for (let at = 0; at < whole; at += 1) {
      const refusal = new Error(`refused ${at}`)
      let asked = 0
      const take = async () => {
        if (asked++ === at) throw refusal
      }
      const channel: Declarer = { assertExchange: take, assertQueue: take, bindQueue: take }
      await expect(declareTopology(channel, { names: topologyNames('t') })).rejects.toBe(refusal)
      expect(asked).toBe(at + 1)
    }
  })

  test('without a queue of recent events is the same but for it', async () => {
    expect(await declared({ recentEvents: 0 })).toEqual(all(20))
  })
})

test('names are those of the product where no prefix is given', () => {
  expect(topologyNames()).toEqual({
    ...{ events: 'mainspan.events', recentEvents: 'mainspan.events.recent' },
    ...{ commands: 'mainspan.commands', parked: 'mainspan.parked' },
  })
})
