// The run's own end of the broker: sends commands, reads their answers, and keeps every event that is published. Independent of src/.

import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'amqplib'
import type { Order, Received, State, Told } from './ledger.ts'
import { inputOf, operationOf } from './rest-client.ts'

export interface BrokerClient {
  /** Publishes until the broker has it; a repeat is the same command. Gives up when the time is over. */
  send(order: Order, answer: 'queue' | 'direct' | 'vanishing' | 'none', seconds?: number): Promise<boolean>
  /** Waits for an answer to the order. */
  answered(op: number, seconds: number): Promise<boolean>
  close(): Promise<void>
}

export interface BrokerListener {
  told(told: Told): void
  received(event: Received): void
}

interface Incoming {
  readonly content: Buffer
  readonly properties: { readonly correlationId?: string }
}

/** The part of a channel that is used here. */
interface OwnChannel {
  on(event: string, listener: () => void): void
  assertQueue(name: string, options: object): Promise<{ readonly queue: string }>
  deleteQueue(name: string): Promise<unknown>
  bindQueue(queue: string, exchange: string, key: string): Promise<unknown>
  consume(queue: string, listener: (message: Incoming | null) => void, options?: object): Promise<unknown>
  ack(message: Incoming): void
  publish(exchange: string, key: string, body: Buffer, options: object): boolean
  waitForConfirms(): Promise<void>
}

const directReplies = 'amq.rabbitmq.reply-to'

/** Connects, and comes back by itself when the broker was away. */
export async function brokerClient(url: string, prefix: string, listener: BrokerListener): Promise<BrokerClient> {
  const answered = new Set<number>()
  let channel: OwnChannel | undefined
  const connection = await connect(url, {
    recovery: {
      initialDelay: 200,
      maxDelay: 1000,
      maxRetries: Number.POSITIVE_INFINITY,
      setup: async (model: { createConfirmChannel(): Promise<OwnChannel> }) => {
        const made = await model.createConfirmChannel()
        made.on('error', () => undefined)
        made.on('close', () => {
          if (channel === made) channel = undefined
        })
        await subscribe(made, prefix, listener, answered)
        channel = made
      },
    },
  } as never)
  connection.on('error', () => undefined)
  return {
    async send(order, answer, seconds = 60) {
      const until = Date.now() + seconds * 1000
      while (Date.now() < until) {
        if (channel && (await published(channel, prefix, order, answer))) return true
        await sleep(500)
      }
      return false
    },
    async answered(op, seconds) {
      const until = Date.now() + seconds * 1000
      while (!answered.has(op) && Date.now() < until) await sleep(50)
      return answered.has(op)
    },
    close: () => connection.close(),
  }
}

async function subscribe(channel: OwnChannel, prefix: string, listener: BrokerListener, answered: Set<number>) {
  const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' } }
  const inbox = `${prefix}.chaos-inbox`
  await channel.assertQueue(inbox, quorum)
  await channel.bindQueue(inbox, `${prefix}.events`, '#')
  await channel.consume(inbox, (message) => {
    if (!message) return
    listener.received(receivedOf(JSON.parse(message.content.toString())))
    channel.ack(message)
  })
  const take = (message: Incoming | null) => {
    if (!message) return
    const told = answerOf(Number(message.properties.correlationId), JSON.parse(message.content.toString()))
    answered.add(told.op)
    listener.told(told)
  }
  const answers = `${prefix}.chaos-answers`
  await channel.assertQueue(answers, quorum)
  await channel.consume(answers, (message) => {
    take(message)
    if (message) channel.ack(message)
  })
  await channel.consume(directReplies, take, { noAck: true })
}

async function published(
  channel: OwnChannel,
  prefix: string,
  order: Order,
  answer: 'queue' | 'direct' | 'vanishing' | 'none',
): Promise<boolean> {
  try {
    const replyTo = await replyQueue(channel, prefix, answer)
    const type = `mainspan.${operationOf[order.kind]}.v1`
    const envelope = {
      specversion: '1.0',
      id: order.key,
      source: 'urn:chaos',
      type,
      datacontenttype: 'application/json',
      data: inputOf(order),
    }
    channel.publish(`${prefix}.commands`, type, Buffer.from(JSON.stringify(envelope)), {
      contentType: 'application/cloudevents+json',
      messageId: order.key,
      correlationId: String(order.op),
      persistent: true,
      ...(replyTo !== undefined && { replyTo }),
    })
    await channel.waitForConfirms()
    if (answer === 'vanishing' && replyTo !== undefined) await channel.deleteQueue(replyTo)
    return true
  } catch {
    // The broker is away: whether it has the message is not known, and the same message again does no harm.
    return false
  }
}

async function replyQueue(channel: OwnChannel, prefix: string, answer: string): Promise<string | undefined> {
  if (answer === 'none') return undefined
  if (answer === 'direct') return directReplies
  if (answer === 'queue') return `${prefix}.chaos-answers`
  return (await channel.assertQueue('', { durable: false, autoDelete: false })).queue
}

function receivedOf(event: Readonly<Record<string, unknown>>): Received {
  return {
    id: String(event.id),
    name: String(event.type).split('.').at(-1) ?? '',
    operationId: String(event.operationid),
    data: (event.data ?? {}) as Readonly<Record<string, unknown>>,
  }
}

function answerOf(op: number, body: Readonly<Record<string, unknown>>): Told {
  const { operationId, state, output, code, message, hint } = body
  const text = [message, hint].filter((part) => typeof part === 'string').join('; ')
  return {
    op,
    by: 'answer',
    state: state as State,
    ...(typeof operationId === 'string' && { id: operationId }),
    ...(typeof code === 'string' && { code }),
    ...(text !== '' && { text }),
    ...(state === 'completed' && { receipt: (output ?? {}) as Readonly<Record<string, unknown>> }),
  }
}
