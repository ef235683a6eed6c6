// What is parked is the command that came: every property and header, so that moved back it is the same command of the same client.

import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Channel, GetMessage, Options } from 'amqplib'
import type { ResolvedOperation } from '../../src/contract/catalog.ts'
import type { StartRequest } from '../../src/contract/durable.ts'
import { type Broker, connectBroker, type Subscription } from '../../src/event/broker.ts'
import { consumeCommands } from '../../src/event/commands.ts'
import { topologyNames } from '../../src/event/topology.ts'
import { rabbitmq } from '../support/parts.ts'
import { byCommand } from '../support/principals.ts'
import { type Bare, bareClient, payV1, until } from './support.ts'

let bare: Bare
let sender: Channel
let broker: Broker
let subscription: Subscription
let starts: StartRequest[]
let deployed: ResolvedOperation[]
let onStart: () => void

const payV3 = { ...payV1, version: 3 }

beforeAll(async () => {
  bare = await bareClient((await rabbitmq()).url)
  sender = await bare.model.createChannel()
})
afterAll(() => bare.close())

beforeEach(async () => {
  starts = []
  deployed = [payV1]
  onStart = () => undefined
  const names = topologyNames(`test-${randomUUID()}`)
  broker = await connectBroker({ url: (await rabbitmq()).url, name: 'test', topology: { names, deliveryLimit: 3 } })
  subscription = await consumeCommands({
    broker,
    identify: byCommand,
    catalog: {
      get operations() {
        return deployed
      },
    },
    operations: {
      async start(request) {
        const isNew = !starts.some((one) => one.key === request.key && one.start.client === request.start.client)
        starts.push(request)
        onStart()
        return { id: request.key, started: isNew }
      },
      wait: () => Promise.reject(new Error('nothing is waited for')),
    },
  })
})
afterEach(async () => {
  await subscription.close()
  await broker.close()
})

/** The user of the test's own connection. */
const user = 'guest'

/** As it lies in the parking queue, moved by a shovel or by hand: no tool may set a user_id that is not its own. */
function moveBack({ content, properties }: GetMessage): void {
  const { userId, ...others } = properties
  sender.publish('', broker.names.commands, content, others as Options.Publish)
}

const came: Options.Publish = {
  messageId: 'm3',
  type: 'pay.v3',
  appId: 'payments',
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  correlationId: 'c-1',
  replyTo: 'answers-of-nobody',
  priority: 4,
  timestamp: 1_795_000_000,
  headers: {
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    tenant: 'north',
    attempts: 3,
    nested: { list: ['a', true, null], when: { '!': 'timestamp', value: 1_795_000_000 } },
  },
}
const body = Buffer.from('{"amount":"1.00"}')

describe('a command to an operation that is not deployed yet', () => {
  test.each<[string, Options.Publish, string]>([
    ['of a sender that names itself', came, 'amqp:payments'],
    ['of a user that the broker checked', { ...came, userId: user }, `amqp:${user}`],
  ])('%s is parked as it came, and moved back it is the same command', async (_, properties, client) => {
    sender.publish(broker.names.commands, 'x', body, properties)
    const parked = await bare.take(broker.names.parked)
    const { headers, userId, ...kept } = properties
    expect(parked.content).toEqual(body)
    expect(parked.properties).toMatchObject(kept)
    expect(parked.properties.headers).toMatchObject({ ...headers, 'mainspan-reason': 'OPERATION_UNKNOWN' })
    expect(parked.properties.userId).toBeUndefined()

    deployed = [payV1, payV3]
    moveBack(parked)
    await until(() => starts.length === 1)
    // The sender repeats its own copy.
    sender.publish(broker.names.commands, 'x', body, properties)
    await until(() => starts.length === 2)
    expect(starts.map(({ key, start }) => [start.client, key])).toEqual([
      [client, 'm3'],
      [client, 'm3'],
    ])
  })

  test('and parked a second time it still has all, with the newer reason', async () => {
    sender.publish(broker.names.commands, 'x', body, { ...came, userId: user })
    const first = await bare.take(broker.names.parked)
    moveBack(first)
    const second = await bare.take(broker.names.parked)
    const at = 'mainspan-parked-at'
    expect(second.properties).toEqual({
      ...first.properties,
      headers: { ...first.properties.headers, [at]: second.properties.headers?.[at] },
    })
  })

  test('is not given a content type or a message id that it came without', async () => {
    const { contentType, messageId, ...bareProperties } = came
    sender.publish(broker.names.commands, 'x', body, bareProperties)
    const { properties } = await bare.take(broker.names.parked)
    expect([properties.contentType, properties.messageId]).toEqual([undefined, undefined])
    // Without a content type it is JSON, before it was parked and after.
    deployed = [payV1, payV3]
    sender.publish(broker.names.commands, 'x', body, { ...bareProperties, messageId: 'm4' })
    await until(() => starts.length === 1)
  })

  test('does not vanish from the parking queue when its time is over, which stands in a header', async () => {
    await subscription.close()
    sender.publish(broker.names.commands, 'x', body, { ...came, expiration: '60000' })
    subscription = await consumeCommands({
      broker,
      identify: byCommand,
      catalog: { operations: [payV1] },
      operations: { start: () => Promise.reject(new Error('unused')), wait: () => Promise.reject(new Error('unused')) },
    })
    const { properties } = await bare.take(broker.names.parked)
    expect([properties.expiration, properties.headers?.['mainspan-expiration']]).toEqual([undefined, '60000'])
  })
})

test.each<[string, string, string]>([
  ['an amount given twice', '{"amount":"1.00","amount":"1000.00"}', '[]'],
  ['a number that loses digits', '{"amount":"1.00","count":12345678901234567890.5}', '"/count"'],
  ['the name __proto__', '{"amount":"1.00","__proto__":{}}', '[]'],
])('%s is parked and nothing is started', async (_, text, issues) => {
  sender.publish(broker.names.commands, 'x', Buffer.from(text), { ...came, type: 'pay.v1' })
  const { properties } = await bare.take(broker.names.parked)
  expect(properties.headers?.['mainspan-reason']).toBe('COMMAND_MALFORMED')
  expect(String(properties.headers?.['mainspan-issues'] ?? '[]')).toContain(issues)
  expect(starts).toEqual([])
})

test('a command that breaks us until the delivery limit keeps its user, so that it stays the same command', async () => {
  let isBroken = true
  onStart = () => {
    if (isBroken) throw new TypeError('a mistake of ours')
  }
  sender.publish(broker.names.commands, 'x', body, { ...came, type: 'pay.v1', userId: user })
  const parked = await bare.take(broker.names.parked)
  isBroken = false
  moveBack(parked)
  await until(() => starts.length > 4)
  expect(new Set(starts.map(({ start, key }) => `${start.client} ${key}`))).toEqual(new Set([`amqp:${user} m3`]))
})

test('a message with headers that cannot be written again is parked by the broker', async () => {
  // Fits a frame, but not together with the reason.
  const headers = { long: 'x'.repeat(65_300) }
  sender.publish(broker.names.commands, 'x', Buffer.from('{'), { ...came, headers })
  const { properties, content } = await bare.take(broker.names.parked)
  expect(content.toString()).toBe('{')
  expect(properties).toMatchObject({ messageId: 'm3', appId: 'payments', replyTo: 'answers-of-nobody' })
  expect(properties.headers?.['x-death']?.[0]).toMatchObject({ reason: 'rejected', queue: broker.names.commands })
  expect(properties.headers?.long).toBe(headers.long)
})
