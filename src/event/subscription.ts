// Consuming a queue so that nothing is lost: manual acknowledgement, bounded prefetch, a consumer that comes back after a lost
// connection and after the broker cancelled it.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib'
import type { BrokerNotice, Prepared } from './reconnecting-connection.ts'

/** A message as it was delivered: body, properties, and whether it had been delivered before. */
export interface Delivery {
  readonly body: Uint8Array
  readonly contentType: string | undefined
  readonly contentEncoding: string | undefined
  readonly messageId: string | undefined
  readonly type: string | undefined
  readonly correlationId: string | undefined
  readonly replyTo: string | undefined
  /** Checked by the broker when a sender sets it. */
  readonly userId: string | undefined
  readonly appId: string | undefined
  readonly priority: number | undefined
  /** Seconds since 1970, as the sender says. */
  readonly timestamp: number | undefined
  /** Milliseconds, in decimal digits. */
  readonly expiration: string | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly redelivered: boolean
  /** Aborted when its channel is gone or the consumer drains: there is no need to wait any longer, it is delivered again. */
  readonly signal: AbortSignal
}

/**
 * `ack`: dealt with. `requeue`: deliver again, which counts against the queue's delivery limit. `dead`: never again; the broker hands it,
 * untouched, to where the queue's dead letters go.
 */
export type Disposition = 'ack' | 'requeue' | 'dead'

/** The consumer, as its handler can steer it. */
export interface Consumer {
  /** Takes no further messages until `resume`; those that are held stay held. */
  suspend(): Promise<void>
  resume(): Promise<void>
  /** Takes no further messages and waits for those in hand. */
  drain(ms: number): Promise<void>
}

/** `prefetch`: messages in hand at once. */
export interface ConsumeOptions {
  readonly queue: string
  readonly prefetch: number
  /** Never rejects in the good case; when it does, the message is delivered again. */
  readonly handle: (delivery: Delivery, consumer: Consumer) => Promise<Disposition>
  readonly notice: (notice: BrokerNotice) => void
}

const bounceMs = 250

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
const number = (value: unknown) => (typeof value === 'number' ? value : undefined)

function deliveryOf(message: ConsumeMessage, signal: AbortSignal): Delivery {
  const { properties, fields, content } = message
  return {
    body: content,
    contentType: text(properties.contentType),
    contentEncoding: text(properties.contentEncoding),
    messageId: text(properties.messageId),
    type: text(properties.type),
    correlationId: text(properties.correlationId),
    replyTo: text(properties.replyTo),
    userId: text(properties.userId),
    appId: text(properties.appId),
    priority: number(properties.priority),
    timestamp: number(properties.timestamp),
    expiration: text(properties.expiration),
    headers: properties.headers ?? {},
    redelivered: fields.redelivered,
    signal,
  }
}

/** Starts a consumer on a new connection. */
export async function openConsumer(
  model: ChannelModel,
  restart: (reason: string) => void,
  options: ConsumeOptions,
): Promise<Prepared<Consumer>> {
  const channel = await model.createChannel()
  const consumer = new ChannelConsumer(channel, restart, options)
  await channel.prefetch(options.prefetch)
  await consumer.resume()
  return { value: consumer, lost: () => consumer.lost() }
}

const words = (error: unknown) => (error instanceof Error ? error.message : String(error))

class ChannelConsumer implements Consumer {
  readonly #channel: Channel
  readonly #restart: (reason: string) => void
  readonly #options: ConsumeOptions
  /** The channel is gone: nothing can be acknowledged any more. */
  readonly #gone = new AbortController()
  /** Nothing should be waited for any more. */
  readonly #leaving = new AbortController()
  readonly #inHand = new Set<Promise<void>>()
  #tag: string | undefined
  /** One after the other: two suspensions at once must not cancel twice. */
  #turn: Promise<void> = Promise.resolve()

  constructor(channel: Channel, restart: (reason: string) => void, options: ConsumeOptions) {
    this.#channel = channel
    this.#restart = restart
    this.#options = options
    let trouble = 'channel closed'
    channel.on('error', (error: Error) => {
      trouble = error.message
    })
    channel.on('close', () => {
      this.lost()
      restart(trouble)
    })
  }

  lost(): void {
    this.#gone.abort()
    this.#leaving.abort()
  }

  suspend(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#tag === undefined || this.#gone.signal.aborted) return
      const ending = this.#tag
      this.#tag = undefined
      await this.#channel.cancel(ending)
    })
  }

  resume(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#tag !== undefined || this.#leaving.signal.aborted) return
      this.#tag = (await this.#channel.consume(this.#options.queue, (message) => this.#take(message))).consumerTag
    })
  }

  async drain(ms: number): Promise<void> {
    this.#leaving.abort()
    await this.suspend()
    const late = new Promise((resolve) => setTimeout(resolve, ms).unref())
    await Promise.race([Promise.allSettled([...this.#inHand]), late])
    await this.#acknowledged()
  }

  /**
   * Waits until the broker has what was acknowledged. amqplib sends the close of a connection before what its channels still hold to be
   * written, so an acknowledgement right before it is lost; an answer on the same channel comes only after it.
   */
  #acknowledged(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#gone.signal.aborted) await this.#channel.prefetch(this.#options.prefetch)
    })
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work).catch((error) => this.#restart(words(error)))
    return this.#turn
  }

  #trouble(error: unknown): void {
    this.#options.notice({ link: this.#options.queue, event: 'trouble', reason: words(error) })
  }

  #take(message: ConsumeMessage | null): void {
    // The broker cancels a consumer when its queue is deleted or moves: everything is declared and subscribed anew.
    if (message === null) {
      this.#restart(`the broker cancelled the consumer of ${this.#options.queue}`)
      return
    }
    const dealing = this.#deal(message).catch((error) => this.#trouble(error))
    this.#inHand.add(dealing)
    dealing.finally(() => this.#inHand.delete(dealing))
  }

  async #deal(message: ConsumeMessage): Promise<void> {
    let verdict: Disposition = 'requeue'
    try {
      verdict = await this.#options.handle(deliveryOf(message, this.#leaving.signal), this)
    } catch (error) {
      this.#trouble(error)
      // So that a message that breaks us is not delivered thousands of times a second until its limit parks it.
      await sleep(bounceMs)
    }
    // On a channel that is gone there is nothing to acknowledge: the message is delivered again anyway.
    if (this.#gone.signal.aborted) return
    if (verdict === 'ack') this.#channel.ack(message)
    else this.#channel.nack(message, false, verdict === 'requeue')
  }
}
