// Commands from a real broker: acknowledged after the start, parked with the reason when they cannot be started, held while Temporal is away.

import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Channel } from 'amqplib'
import type { OperationStatus, StartRequest } from '../../src/contract/durable.ts'
import { failure } from '../../src/error/failure.ts'
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
let answers: string
let starts: StartRequest[]
/** What the durable side does with a start; each test says so. */
let onStart: (request: StartRequest) => Promise<void>

beforeAll(async () => {
  bare = await bareClient((await rabbitmq()).url)
  sender = await bare.model.createChannel()
})
afterAll(() => bare.close())

beforeEach(async () => {
  starts = []
  onStart = async () => undefined
  const names = topologyNames(`test-${randomUUID()}`)
  broker = await connectBroker({ url: (await rabbitmq()).url, name: 'test', topology: { names, deliveryLimit: 3 } })
  answers = (await sender.assertQueue('', { exclusive: true })).queue
  subscription = await consumeCommands({
    broker,
    identify: byCommand,
    catalog: { operations: [payV1] },
    operations: {
      async start(request) {
        starts.push(request)
        await onStart(request)
        return { id: `pay-${request.key}`, started: true }
      },
      wait: ended,
    },
    prefetch: 5,
    bodyLimit: 2000,
    pauseMs: 100,
  })
})
afterEach(async () => {
  await subscription.close()
  await broker.close()
})

const good = { specversion: '1.0', id: 'e-1', source: '/shop', type: 'mainspan.pay.v1', data: { amount: '1.00' } }

function send(event: unknown, contentType = 'application/cloudevents+json'): void {
  const body = typeof event === 'string' ? event : JSON.stringify(event)
  const options = { contentType, messageId: 'm-1', replyTo: answers, correlationId: 'c-1', persistent: true }
  sender.publish(broker.names.commands, 'anything', Buffer.from(body), options)
}

/** That nothing is left on the queue, neither waiting nor unacknowledged: both would come again after the consumer has gone. */
async function expectDealtWith(): Promise<void> {
  await subscription.close()
  expect(await bare.count(broker.names.commands)).toBe(0)
}

describe('a command', () => {
  test('is started with its identity and acknowledged', async () => {
    send(good)
    await until(() => starts.length === 1)
    expect(starts[0]).toEqual({
      start: {
        operation: 'pay',
        version: 1,
        input: { amount: '1.00' },
        client: 'amqp:/shop',
        door: 'command',
        replyTo: { queue: answers, correlationId: 'c-1' },
      },
      workflowType: 'pay',
      key: 'e-1',
      summary: 'Pay an amount, by command',
    })
    await expectDealtWith()
    expect(await bare.count(broker.names.parked)).toBe(0)
  })

  test('is not acknowledged before the start has returned', async () => {
    let release: () => void = () => undefined
    onStart = () =>
      new Promise((resolve) => {
        release = resolve
      })
    send(good)
    await until(() => starts.length === 1)
    // The connection is lost in the middle of the start, so the broker delivers the command again.
    const other = await consumeAgain()
    release()
    await until(() => starts.length === 2)
    expect(starts[1]?.key).toBe('e-1')
    release()
    await other.close()
    expect(await bare.count(broker.names.commands)).toBe(0)
  })
})

/** An operation that has ended. */
async function ended(id: string): Promise<OperationStatus> {
  const output = { receipt: 'r-1' }
  return {
    id,
    operation: 'pay',
    version: 1,
    startedAt: '2026-01-01T00:00:00Z',
    endedAt: '2026-01-01T00:00:01Z',
    state: 'completed',
    output,
  }
}

test('a command that came before is answered from the run that it started', async () => {
  await subscription.close()
  subscription = await consumeAgain()
  send(good)
  const answer = await bare.take(answers)
  expect(JSON.parse(answer.content.toString())).toEqual({
    operationId: 'e-1',
    state: 'completed',
    output: { receipt: 'r-1' },
  })
  expect(answer.properties.correlationId).toBe('c-1')
})

/** Closes the consumer while it holds a message, and opens another. */
async function consumeAgain(): Promise<Subscription> {
  const closing = broker.close()
  broker = await connectBroker({
    url: (await rabbitmq()).url,
    name: 'test',
    topology: { names: broker.names, deliveryLimit: 3 },
  })
  const again = await consumeCommands({
    broker,
    identify: byCommand,
    catalog: { operations: [payV1] },
    operations: {
      async start(request) {
        starts.push(request)
        return { id: request.key, started: false }
      },
      wait: ended,
    },
  })
  await closing
  return again
}

describe('parked with the reason, and its sender told', () => {
  test.each<[string, unknown, string, string]>([
    ['no JSON', '{', 'application/json', 'COMMAND_MALFORMED'],
    [
      'an unknown operation',
      { ...good, type: 'mainspan.steal.v1' },
      'application/cloudevents+json',
      'OPERATION_UNKNOWN',
    ],
    ['an unknown version', { ...good, type: 'mainspan.pay.v2' }, 'application/cloudevents+json', 'OPERATION_UNKNOWN'],
    ['a bad input', { ...good, data: { amount: '1' } }, 'application/cloudevents+json', 'COMMAND_INPUT_INVALID'],
    ['a body too large', 'x'.repeat(2001), 'application/json', 'COMMAND_MALFORMED'],
  ])('%s', async (_, event, contentType, code) => {
    send(event, contentType)
    const parked = await bare.take(broker.names.parked)
    expect(parked.content.toString()).toBe(typeof event === 'string' ? event : JSON.stringify(event))
    expect(parked.properties).toMatchObject({ messageId: 'm-1', replyTo: answers, correlationId: 'c-1' })
    expect(parked.properties.headers).toMatchObject({
      'mainspan-reason': code,
      'mainspan-queue': broker.names.commands,
    })
    const answer = await bare.take(answers)
    expect(JSON.parse(answer.content.toString())).toMatchObject({ state: 'refused', code })
    expect(answer.properties.correlationId).toBe('c-1')
    expect(starts).toEqual([])
    await expectDealtWith()
  })

  test('which fields of the input are wrong', async () => {
    send({ ...good, data: { amount: '1', more: 1 } })
    const answer = JSON.parse((await bare.take(answers)).content.toString())
    expect(answer.issues.map((one: { path: string }) => one.path).sort()).toEqual(['/amount', '/more'])
  })

  test('an id that came before with another input', async () => {
    onStart = async () => {
      throw failure('IDEMPOTENCY_KEY_REUSED', { operation: 'pay v1' })
    }
    send(good)
    const parked = await bare.take(broker.names.parked)
    expect(parked.properties.headers?.['mainspan-reason']).toBe('IDEMPOTENCY_KEY_REUSED')
    await expectDealtWith()
  })

  test('a sender that is gone is no trouble', async () => {
    answers = `gone-${randomUUID()}`
    send('{', 'application/json')
    await bare.take(broker.names.parked)
    await expectDealtWith()
  })
})

test('a message that breaks us again and again is parked at the delivery limit, and its sender is told nothing', async () => {
  onStart = () => Promise.reject(new TypeError('a mistake of ours'))
  send(good)
  const parked = await bare.take(broker.names.parked)
  expect(parked.properties.headers).toMatchObject({ 'mainspan-reason': 'COMMAND_UNSETTLED' })
  expect(JSON.parse(parked.content.toString())).toEqual(good)
  expect(starts.length).toBe(4)
  expect(await bare.count(answers)).toBe(0)
  await expectDealtWith()
})

test.each([
  ['Temporal', 'DURABLE_UNAVAILABLE'],
  ['the operation store', 'STORE_UNAVAILABLE'],
] as const)('while %s is away commands are held, none is lost, parked or bounced', async (_, code) => {
  let away = true
  onStart = async () => {
    if (away) throw failure(code, { why: 'no connection' })
  }
  for (let number = 1; number <= 20; number += 1) send({ ...good, id: `e-${number}` })
  // Few were taken, and these are tried again; the others stay on the queue, where another gateway can take them.
  const held = () => new Set(starts.map((one) => one.key)).size
  await until(async () => starts.length >= 5 && held() + (await bare.count(broker.names.commands)) === 20)
  expect(held()).toBeLessThanOrEqual(5)
  away = false
  const done = new Set<string>()
  onStart = async ({ key }) => {
    done.add(key)
  }
  await until(() => done.size === 20)
  await expectDealtWith()
  expect(await bare.count(broker.names.parked)).toBe(0)
})
