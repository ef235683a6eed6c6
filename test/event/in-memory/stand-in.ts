// amqplib's connections and channels as a test plays them: each says what it was asked for, and answers when the test says so.

import { EventEmitter } from 'node:events'
import type { ChannelModel, ConsumeMessage } from 'amqplib'

/** A message that was handed to a channel, and how the broker answers it. */
export interface Published {
  readonly exchange: string
  readonly key: string
  readonly body: string
  readonly options: Readonly<Record<string, unknown>>
  /** Without an error it is confirmed. */
  answer(error?: Error): void
}

type Answer = (error?: Error) => void

export class StandInChannel extends EventEmitter {
  readonly published: Published[] = []
  /** What else was asked of it, in order. */
  readonly asked: string[] = []
  /** Runs before each of those is answered. */
  before: (what: string) => Promise<void> = async () => undefined
  onPublish: (published: Published) => void = () => undefined
  /** Hands a message, or null, to the consumer. */
  deliver: (message: ConsumeMessage | null) => void = () => undefined

  publish(exchange: string, key: string, body: Buffer, options: Record<string, unknown>, answer: Answer): void {
    const published = { exchange, key, body: body.toString(), options, answer }
    this.onPublish(published)
    this.published.push(published)
  }

  prefetch = (count: number) => this.#ask(`prefetch ${count}`)
  checkQueue = (name: string) => this.#ask(`check ${name}`)
  cancel = (tag: string) => this.#ask(`cancel ${tag}`)
  close = () => this.#ask('close')
  ack = ({ fields }: ConsumeMessage) => void this.asked.push(`ack ${fields.deliveryTag}`)
  nack = ({ fields }: ConsumeMessage, upTo: boolean, requeue: boolean) =>
    void this.asked.push(`nack ${fields.deliveryTag} ${upTo} ${requeue}`)

  async consume(queue: string, deliver: (message: ConsumeMessage | null) => void): Promise<{ consumerTag: string }> {
    await this.#ask(`consume ${queue}`)
    this.deliver = deliver
    return { consumerTag: `tag ${this.asked.filter((one) => one.startsWith('consume')).length}` }
  }

  async #ask(what: string): Promise<void> {
    this.asked.push(what)
    await this.before(what)
  }
}

export class StandInModel extends EventEmitter {
  readonly channel = new StandInChannel()
  /** The channels beside the first one. */
  readonly others: StandInChannel[] = []
  readonly ends: string[] = []
  /** How a polite close ends. */
  closing: () => Promise<void> = async () => undefined
  /** Prepares a further channel. */
  onChannel: (channel: StandInChannel) => void = () => undefined
  readonly connection = { stream: { destroy: () => void this.ends.push('destroyed') } }

  createConfirmChannel = async () => this.channel

  async createChannel(): Promise<StandInChannel> {
    const channel = new StandInChannel()
    this.onChannel(channel)
    this.others.push(channel)
    return channel
  }

  async close(): Promise<void> {
    this.ends.push('close')
    await this.closing()
  }

  /** As the product knows it. */
  get model(): ChannelModel {
    return this as unknown as ChannelModel
  }
}

/** Resolves when what has been begun has gone as far as it can without time. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Resolves as soon as it holds, at most a few seconds later. */
export async function soon(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !holds(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 5))
  if (!holds()) throw new Error('it did not come to hold')
}
