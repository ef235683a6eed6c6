// Consuming a queue so that nothing is lost: manual acknowledgement, bounded prefetch, a consumer that comes back after a lost
// connection and after the broker cancelled it.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib'
import type { BrokerNotice, Prepared } from './link.ts'

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
  readonly headers: Readonly<Record<string, unknown>>
  readonly redelivered: boolean
  /** Aborted when its channel is gone or the consumer drains: there is no need to wait any longer, it is delivered again. */
  readonly signal: AbortSignal
}

/** `ack`: dealt with. `requeue`: deliver again, which counts against the queue's delivery limit. */
export type Verdict = 'ack' | 'requeue'

export interface Consumer {
  /** Takes no further messages until `resume`; those that are held stay held. */
  suspend(): Promise<void>
  resume(): Promise<void>
  /** Takes no further messages and waits for those in hand. */
  drain(ms: number): Promise<void>
}

export interface ConsumeOptions {
  readonly queue: string
  readonly prefetch: number
  /** Never rejects in the good case; when it does, the message is delivered again. */
  readonly handle: (delivery: Delivery, consumer: Consumer) => Promise<Verdict>
  readonly notice: (notice: BrokerNotice) => void
}

const bounceMs = 250

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

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
    headers: properties.headers ?? {},
    redelivered: fields.redelivered,
    signal,
  }
}

/** Starts a consumer on a new connection. */
export async function openConsumer(
  model: ChannelModel,
  restart: (reason: string) => void,
  { queue, prefetch, handle, notice }: ConsumeOptions,
): Promise<Prepared<Consumer>> {
  const channel: Channel = await model.createChannel()
  const gone = new AbortController()
  const leaving = new AbortController()
  const inHand = new Set<Promise<void>>()
  let trouble = 'channel closed'
  let tag: string | undefined
  channel.on('error', (error: Error) => {
    trouble = error.message
  })
  const lost = () => {
    gone.abort()
    leaving.abort()
  }
  channel.on('close', () => {
    lost()
    restart(trouble)
  })
  await channel.prefetch(prefetch)

  async function deal(message: ConsumeMessage): Promise<void> {
    let verdict: Verdict = 'requeue'
    try {
      verdict = await handle(deliveryOf(message, leaving.signal), consumer)
    } catch (error) {
      notice({ link: queue, event: 'trouble', reason: error instanceof Error ? error.message : String(error) })
      // So that a message that breaks us is not delivered thousands of times a second until its limit parks it.
      await sleep(bounceMs)
    }
    // On a channel that is gone there is nothing to acknowledge: the message is delivered again anyway.
    if (gone.signal.aborted) return
    if (verdict === 'ack') channel.ack(message)
    else channel.nack(message, false, true)
  }

  function take(message: ConsumeMessage | null): void {
    // The broker cancels a consumer when its queue is deleted or moves: everything is declared and subscribed anew.
    if (message === null) {
      restart(`the broker cancelled the consumer of ${queue}`)
      return
    }
    const dealing = deal(message).catch((error) =>
      notice({ link: queue, event: 'trouble', reason: error instanceof Error ? error.message : String(error) }),
    )
    inHand.add(dealing)
    dealing.finally(() => inHand.delete(dealing))
  }

  // One after the other: two suspensions at once must not cancel twice.
  let turn: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>) => {
    turn = turn.then(work).catch((error) => restart(error instanceof Error ? error.message : String(error)))
    return turn
  }
  const consumer: Consumer = {
    suspend: () =>
      inTurn(async () => {
        if (tag === undefined || gone.signal.aborted) return
        const ending = tag
        tag = undefined
        await channel.cancel(ending)
      }),
    resume: () =>
      inTurn(async () => {
        if (tag !== undefined || leaving.signal.aborted) return
        tag = (await channel.consume(queue, take)).consumerTag
      }),
    async drain(ms) {
      leaving.abort()
      await consumer.suspend()
      const late = new Promise((resolve) => setTimeout(resolve, ms).unref())
      await Promise.race([Promise.allSettled([...inHand]), late])
    },
  }
  tag = (await channel.consume(queue, take)).consumerTag
  return { value: consumer, lost }
}
