// What happens to messages when the broker itself fails: stopped, blocked by an alarm, killed, a queue deleted under its consumer.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { DomainEvent } from '../../src/contract/event.ts'
import { isFailure } from '../../src/error/failure.ts'
import { type Broker, connectBroker, type Subscription } from '../../src/event/broker.ts'
import { consumeCommands } from '../../src/event/commands.ts'
import { publisher } from '../../src/event/publisher.ts'
import type { BrokerNotice } from '../../src/event/reconnecting-connection.ts'
import { type Supervisor, supervise } from '../../src/local/process.ts'
import { type Rabbit, startRabbit } from '../../src/local/rabbitmq.ts'
import { byCommand } from '../support/principals.ts'
import { bareClient, payV1, until } from './support.ts'

let folder: string
let supervisor: Supervisor
let node: Rabbit
let broker: Broker
let declaredAt: number
const notices: BrokerNotice[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mainspan-faults-'))
  supervisor = supervise(join(folder, 'log'))
  const environment = { ...process.env, AMQP_URL: undefined }
  node = await startRabbit({ environment, report: () => undefined, supervisor, folder })
  broker = await connectBroker({
    url: node.url,
    name: 'test',
    confirmMs: 1500,
    inFlight: 4,
    notice: (one) => notices.push(one),
  })
  declaredAt = performance.now()
})
afterAll(async () => {
  await broker.close()
  await supervisor.end()
  rmSync(folder, { recursive: true, force: true })
})

function event(number: number): DomainEvent {
  return {
    id: `event-${number}`,
    name: 'paid',
    operation: 'pay',
    version: 1,
    subject: 'one',
    sequence: number,
    time: '2026-11-23T06:30:00.000Z',
    operationId: 'pay-1',
    data: {},
  }
}

const publish = (number: number) => publisher(broker).publish(event(number))
const codeOf = (end: Promise<void>) =>
  end.then(() => 'published').catch((error) => (isFailure(error) ? error.code : error))

async function tool(...args: string[]): Promise<void> {
  if (!node.tools) throw new Error('not our node')
  const { folder: scripts, environment, node: name } = node.tools
  const env = environment as NodeJS.ProcessEnv
  await promisify(execFile)(join(scripts, 'rabbitmqctl'), ['-n', name, ...args], { env })
}

function signal(name: NodeJS.Signals): void {
  if (!node.running) throw new Error('no process')
  process.kill(node.running.pid, name)
}

test('a broker that has stopped answering costs each publish its deadline, also those that wait for a place', async () => {
  signal('SIGSTOP')
  const codes = await Promise.all(Array.from({ length: 8 }, (_, number) => codeOf(publish(number))))
  signal('SIGCONT')
  expect(codes.filter((code) => code === 'MESSAGE_UNCONFIRMED').length).toBeGreaterThanOrEqual(4)
  // The other four got a place only when the deadline had passed, or none at all.
  expect(
    codes.every((code) => code === 'MESSAGE_UNCONFIRMED' || code === 'BROKER_BUSY' || code === 'BROKER_UNREACHABLE'),
  ).toBe(true)
  await until(async () => (await codeOf(publish(0))) === 'published')
})

test('a broker that blocks publishing is named with its reason, and publishing goes on afterwards', async () => {
  await tool('set_vm_memory_high_watermark', 'absolute', '1MB')
  // The alarm reaches a connection with its next publish.
  await until(async () => (await codeOf(publish(1))) === 'BROKER_BLOCKED')
  await expect(publish(1)).rejects.toMatchObject({ facts: { reason: expect.stringMatching(/memory/) } })
  expect(broker.up).toBe(false)
  await tool('set_vm_memory_high_watermark', 'absolute', '1GB')
  await until(async () => (await codeOf(publish(1))) === 'published')
})

test('a queue without a leader answers nothing: the publish ends at its deadline, and the same id goes through afterwards', async () => {
  // What a crash at a bad moment or a lost majority does, done on purpose: the replica that is the whole queue is stopped.
  const replica = `{'%2F_${broker.names.recentEvents}', node()}`
  // After a first message the broker's channel knows the replica and waits for it; before, it would refuse at once.
  await publish(2)
  await tool('eval', `ra:stop_server(quorum_queues, ${replica}).`)
  await expect(publish(2)).rejects.toMatchObject({
    code: 'MESSAGE_UNCONFIRMED',
    facts: { exchange: broker.names.events, why: 'no answer' },
  })
  await tool('eval', `ra:restart_server(quorum_queues, ${replica}).`)
  await until(async () => (await codeOf(publish(2))) === 'published')
})

test('a command queue without a leader shows: its subscription is not up until it has one again', async () => {
  const subscription = await consumeCommands({
    broker,
    identify: byCommand,
    catalog: { operations: [] },
    operations: {
      start: async () => ({ id: '', started: true }),
      wait: () => Promise.reject(new Error('nothing is waited for')),
    },
    probeMs: 200,
    notice: (one) => notices.push(one),
  })
  const replica = `{'%2F_${broker.names.commands}', node()}`
  await tool('eval', `ra:stop_server(quorum_queues, ${replica}).`)
  await until(() => !subscription.up)
  expect(notices.some((one) => one.reason?.startsWith('the queue takes no messages'))).toBe(true)
  await tool('eval', `ra:restart_server(quorum_queues, ${replica}).`)
  await until(() => subscription.up)
  await subscription.close()
})

test('a consumer whose queue is deleted comes back on the queue declared anew', async () => {
  const keys: string[] = []
  const subscription: Subscription = await consumeCommands({
    broker,
    identify: byCommand,
    catalog: { operations: [payV1] },
    operations: {
      async start({ key }) {
        keys.push(key)
        return { id: key, started: true }
      },
      wait: () => Promise.reject(new Error('a started command waits for nothing')),
    },
    notice: (one) => notices.push(one),
  })
  const bare = await bareClient(node.url)
  const channel = await bare.model.createChannel()
  await channel.deleteQueue(broker.names.commands)
  await until(() => notices.some((one) => one.reason?.includes('cancelled the consumer')))
  await until(() => subscription.up)
  const body = Buffer.from(JSON.stringify({ amount: '1.00' }))
  channel.publish(broker.names.commands, 'x', body, {
    contentType: 'application/json',
    messageId: 'after',
    type: 'pay.v1',
  })
  await until(() => keys.includes('after'))
  await subscription.close()
  await bare.close()
  declaredAt = performance.now()
})

test('kill -9 of the broker while events are published: each arrives at least once', async () => {
  // A queue that was declared a moment ago may not survive a crash with its messages: RabbitMQ writes its registration late.
  await sleep(Math.max(0, declaredAt + 12_000 - performance.now()))
  const total = 1500
  let next = 1
  let retries = 0
  async function worker(): Promise<void> {
    while (next <= total) {
      const number = next
      next += 1
      while ((await codeOf(publish(number))) !== 'published') retries += 1
    }
  }
  const publishing = Promise.all([worker(), worker(), worker(), worker()])
  await until(() => next > 300)
  signal('SIGKILL')
  await node.running?.ended
  node = await node.restart()
  await publishing

  const bare = await bareClient(node.url)
  const arrived = new Set<string>()
  while ((await bare.count(broker.names.recentEvents)) > 0) {
    arrived.add(String((await bare.take(broker.names.recentEvents)).properties.messageId))
  }
  await bare.close()
  const missing = Array.from({ length: total }, (_, index) => `event-${index + 1}`).filter((id) => !arrived.has(id))
  expect(missing).toEqual([])
  expect(retries).toBeGreaterThan(0)
}, 120_000)
