// A consumer of commands with a broker and operations that a test plays: it delivers messages, and sees what is started, published and told.

import { setTimeout as sleep } from 'node:timers/promises'
import type { OperationStatus, StartRequest } from '../../../src/contract/durable.ts'
import { failure } from '../../../src/error/failure.ts'
import type { Broker, Subscription } from '../../../src/event/broker.ts'
import { type CommandsOptions, consumeCommands } from '../../../src/event/commands.ts'
import type { OutgoingMessage } from '../../../src/event/publishing.ts'
import type { BrokerNotice } from '../../../src/event/reconnecting-connection.ts'
import type { ConsumeOptions, Delivery, Disposition } from '../../../src/event/subscription.ts'
import { topologyNames } from '../../../src/event/topology.ts'
import { byCommand } from '../../support/principals.ts'
import { payV1 } from '../support.ts'
import { settled } from './stand-in.ts'

export const away = () => failure('DURABLE_UNAVAILABLE', { why: 'no connection' })
export const unconfirmed = () => failure('MESSAGE_UNCONFIRMED', { exchange: 'e', key: 'k', ms: 1, why: 'no answer' })
export const unwritable = () => failure('MESSAGE_UNWRITABLE', { exchange: 'e', key: 'k' })
export const reused = () => failure('IDEMPOTENCY_KEY_REUSED', { operation: 'pay v1' })

const opened: Subscription[] = []

/** Ends what a test has opened; for afterEach. */
export async function closeConsumers(): Promise<void> {
  await Promise.all(opened.splice(0).map((one) => one.close()))
}

export const delivery = (part: Partial<Delivery> = {}): Delivery => ({
  ...{ body: new TextEncoder().encode('{"amount":"1.00"}'), contentType: 'application/json', messageId: 'm-1' },
  ...{ contentEncoding: undefined, type: 'pay.v1', correlationId: 'c-1', replyTo: 'answers', userId: 'till' },
  ...{ appId: undefined, priority: 4, timestamp: 7, expiration: '60000', headers: { tenant: 'north' } },
  ...{ redelivered: false, signal: new AbortController().signal },
  ...part,
})

/** What a test says of the consumer, and of the broker and operations that it plays. */
export interface Given extends Partial<CommandsOptions> {
  readonly deliveryLimit?: number
  /** With the pauses of the product, which are too long for most tests. */
  readonly isPatient?: boolean
  /** How long the consumer takes to do what it is told. */
  readonly steerMs?: number
  readonly onStart?: (request: StartRequest) => Promise<boolean>
  readonly onPublish?: (message: OutgoingMessage) => Promise<void>
  readonly wait?: (id: string, waitMs: number) => Promise<OperationStatus>
}

/** A consumer of commands, opened. */
export async function commands({
  onStart,
  onPublish,
  wait,
  deliveryLimit = 3,
  steerMs = 0,
  isPatient = false,
  ...options
}: Given = {}) {
  const published: OutgoingMessage[] = []
  const starts: StartRequest[] = []
  const notices: BrokerNotice[] = []
  const steered: string[] = []
  let consumption: Omit<ConsumeOptions, 'notice'> | undefined
  let isUp = true
  const steer = async (what: string) => {
    if (steerMs > 0) await sleep(steerMs)
    steered.push(what)
  }
  const broker: Broker = {
    names: topologyNames('t'),
    ...{ deliveryLimit, up: true },
    async publish(message) {
      published.push(message)
      await onPublish?.(message)
    },
    async consume(given) {
      consumption = given
      return {
        get up() {
          return isUp
        },
        close: () => steer('closed'),
      }
    },
    close: async () => undefined,
  }
  const subscription = await consumeCommands({
    ...{ broker, catalog: { operations: [payV1] }, identify: byCommand, ...(!isPatient && { pauseMs: 5 }) },
    operations: {
      async start(request) {
        starts.push(request)
        return { id: `pay-${request.key}`, started: (await onStart?.(request)) ?? true }
      },
      wait: wait ?? (() => Promise.reject(new Error('nothing is waited for'))),
    },
    notice: (one) => void notices.push(one),
    ...options,
  })
  opened.push(subscription)
  await settled()
  const consumer = {
    suspend: () => steer('suspend'),
    resume: () => steer('resume'),
    drain: async () => undefined,
  }
  return {
    ...{ subscription, starts, notices, steered },
    /** Without the probe of the queue, which comes first. */
    published: () => published.filter(({ type }) => type !== 'mainspan.probe'),
    probes: () => published.filter(({ type }) => type === 'mainspan.probe'),
    consumption: () => consumption,
    down: () => {
      isUp = false
    },
    deliver: (part: Partial<Delivery> = {}): Promise<Disposition> =>
      consumption?.handle(delivery(part), consumer) ?? Promise.reject(new Error('nothing is consumed')),
  }
}

/** What a message tells its reader. */
export const told = (message: OutgoingMessage | undefined) => JSON.parse(Buffer.from(message?.body ?? []).toString())
