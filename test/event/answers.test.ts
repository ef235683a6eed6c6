// Answers to commands: RabbitMQ's direct reply-to, requesters that are gone, and commands that come a second time.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Channel, ConsumeMessage } from 'amqplib'
import type { OperationStatus, StartRequest } from '../../src/contract/durable.ts'
import { type Broker, connectBroker, type Subscription } from '../../src/event/broker.ts'
import { consumeCommands } from '../../src/event/commands.ts'
import { publisher } from '../../src/event/publisher.ts'
import type { BrokerNotice } from '../../src/event/reconnecting-connection.ts'
import { topologyNames } from '../../src/event/topology.ts'
import { rabbitmq } from '../support/parts.ts'
import { byCommand } from '../support/principals.ts'
import { type Bare, bareClient, payV1, until } from './support.ts'

const directReply = 'amq.rabbitmq.reply-to'

let bare: Bare
let broker: Broker
let subscription: Subscription
let starts: StartRequest[]
let notices: BrokerNotice[]
/** Keys that came before. */
let known: Set<string>
/** How operations end; a test may leave them running. */
let wait: (id: string, waitMs: number) => Promise<OperationStatus>

beforeAll(async () => {
  bare = await bareClient((await rabbitmq()).url)
})
afterAll(() => bare.close())

beforeEach(async () => {
  starts = []
  notices = []
  known = new Set()
  wait = async (id) => ({
    ...common(id),
    endedAt: '2026-01-01T00:00:01Z',
    state: 'completed',
    output: { receipt: 'r' },
  })
  const names = topologyNames(`test-${randomUUID()}`)
  broker = await connectBroker({ url: (await rabbitmq()).url, name: 'test', topology: { names } })
  subscription = await consumeCommands({
    broker,
    identify: byCommand,
    catalog: { operations: [payV1] },
    operations: {
      async start(request) {
        starts.push(request)
        return { id: request.key, started: !known.has(request.key) }
      },
      wait: (id, waitMs) => wait(id, waitMs),
    },
    prefetch: 5,
    notice: (one) => notices.push(one),
  })
})
afterEach(async () => {
  await subscription.close()
  await broker.close()
})

const common = (id: string) => ({ id, operation: 'pay', version: 1, startedAt: '2026-01-01T00:00:00Z' })

interface Requester {
  readonly channel: Channel
  readonly got: ConsumeMessage[]
  send(messageId: string, body?: string): void
}

/** As Spring's RabbitTemplate and most RPC clients do it: no queue of its own. */
async function requester(): Promise<Requester> {
  const channel = await bare.model.createChannel()
  const got: ConsumeMessage[] = []
  await channel.consume(directReply, (message) => message && got.push(message), { noAck: true })
  return {
    channel,
    got,
    send: (messageId, body = '{"amount":"1.00"}') =>
      channel.publish(broker.names.commands, 'x', Buffer.from(body), {
        messageId,
        type: 'pay.v1',
        contentType: 'application/json',
        replyTo: directReply,
        correlationId: `c-${messageId}`,
      }),
  }
}

/** Where the answer of the newest start goes. */
function answerTo() {
  const { replyTo } = starts.at(-1)?.start ?? {}
  if (!replyTo) throw new Error('no answer is wanted')
  return { ...replyTo, id: randomUUID(), body: { state: 'completed' } }
}

describe("RabbitMQ's direct reply-to", () => {
  test('gets its answer, once', async () => {
    const one = await requester()
    one.send('m-1')
    await until(() => starts.length === 1)
    await publisher(broker).reply(answerTo())
    await until(() => one.got.length === 1)
    expect(one.got[0]?.properties.correlationId).toBe('c-m-1')
    expect(JSON.parse(String(one.got[0]?.content))).toEqual({ state: 'completed' })
    await one.channel.close()
  })

  test('of a requester that is gone is a failure with its own code, as that of a queue that is gone', async () => {
    const one = await requester()
    one.send('m-1')
    await until(() => starts.length === 1)
    await one.channel.close()
    await expect(publisher(broker).reply(answerTo())).rejects.toMatchObject({ code: 'MESSAGE_UNROUTABLE' })
    const gone = { ...answerTo(), queue: `gone-${randomUUID()}` }
    await expect(publisher(broker).reply(gone)).rejects.toMatchObject({ code: 'MESSAGE_UNROUTABLE' })
    // The connection that found it out publishes on.
    const other = await requester()
    other.send('m-2')
    await until(() => starts.length === 2)
    await publisher(broker).reply(answerTo())
    await until(() => other.got.length === 1)
    await other.channel.close()
  })

  test('is told of a command that is refused', async () => {
    const one = await requester()
    one.send('m-1', '{')
    await until(() => one.got.length === 1)
    expect(JSON.parse(String(one.got[0]?.content))).toMatchObject({ state: 'refused', code: 'COMMAND_MALFORMED' })
    await one.channel.close()
  })
})

test('answers at the same moment, one to a queue that is there and others to one that is gone, end each as it is', async () => {
  const channel = await bare.model.createChannel()
  const { queue } = await channel.assertQueue('', { exclusive: true })
  const gone = `gone-${randomUUID()}`
  const answers = [gone, queue, gone, gone, queue].map((to) =>
    publisher(broker).reply({ queue: to, correlationId: 'c', id: 'the-same', body: {} }),
  )
  const ends = (await Promise.allSettled(answers)).map(({ status }) => status)
  expect(ends).toEqual(['rejected', 'fulfilled', 'rejected', 'rejected', 'fulfilled'])
  await channel.close()
})

describe('a command that comes again', () => {
  test('is answered once each time, also where the first asked from somewhere else', async () => {
    known.add('m-1')
    const one = await requester()
    one.send('m-1')
    one.send('m-1')
    await until(() => one.got.length === 2)
    await sleep(300)
    expect(one.got.map(({ content }) => JSON.parse(String(content)))).toEqual(
      Array(2).fill({ operationId: 'm-1', state: 'completed', output: { receipt: 'r' } }),
    )
    await one.channel.close()
  })

  test('whose requester is gone costs one attempt, and is told', async () => {
    known.add('m-1')
    let waited = 0
    const answered = wait
    let go: () => void = () => undefined
    wait = async (id, waitMs) => {
      waited += 1
      await new Promise<void>((resolve) => {
        go = resolve
      })
      return answered(id, waitMs)
    }
    const one = await requester()
    one.send('m-1')
    await until(() => waited === 1)
    await one.channel.close()
    go()
    await until(() => notices.some(({ reason }) => reason?.includes('MESSAGE_UNROUTABLE')))
    await sleep(300)
    expect([waited, starts.length]).toEqual([1, 1])
  })

  test('holds no place among the commands that wait to be started, however long its run takes', async () => {
    wait = () => new Promise(() => undefined)
    const one = await requester()
    for (let count = 0; count < 20; count += 1) {
      known.add(`again-${count}`)
      one.send(`again-${count}`)
    }
    one.send('new')
    await until(() => starts.some(({ key }) => key === 'new'))
    await until(async () => (await bare.count(broker.names.commands)) === 0)
    await one.channel.close()
  })
})
