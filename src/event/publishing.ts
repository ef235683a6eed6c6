// Publishing so that success means something: confirmed by the broker, not returned as unroutable, within a deadline, with a bounded
// number in flight. Anything else is a Failure, and the caller publishes again with the same id.

import type { ChannelModel, ConfirmChannel } from 'amqplib'
import { failure } from '../error/failure.ts'
import type { Link, Prepared } from './link.ts'

export interface OutgoingMessage {
  /** Empty for the default exchange, where the routing key is the name of a queue. */
  readonly exchange: string
  readonly routingKey: string
  readonly body: Uint8Array
  readonly messageId: string
  readonly contentType: string
  readonly type?: string
  readonly correlationId?: string
  readonly replyTo?: string
  /** Strings only: AMQP clients differ on everything else. */
  readonly headers?: Readonly<Record<string, string>>
}

/** One confirm channel and what is in flight on it. */
export interface Lane {
  send(message: OutgoingMessage, ms: number): Promise<void>
}

/** Beyond this many unanswered messages a lane is given up, since each of them is remembered until its channel closes. */
const unansweredLimit = 1000

/** How amqplib words a nack; the same callback is called when the channel closes. */
const nacked = 'message nacked'

const optional = <K extends string, V>(key: K, value: V | undefined) => (value === undefined ? {} : { [key]: value })

/** Opens a confirm channel on a new connection. */
export async function openLane(model: ChannelModel, restart: (reason: string) => void): Promise<Prepared<Lane>> {
  const channel: ConfirmChannel = await model.createConfirmChannel()
  const inFlight = new Set<(reason: string) => void>()
  const returned = new Set<string>()
  let unanswered = 0
  let trouble = 'channel closed'

  const lost = (reason: string) => {
    for (const one of [...inFlight]) one(reason)
  }
  channel.on('error', (error: Error) => {
    trouble = error.message
  })
  channel.on('close', () => {
    lost(trouble)
    restart(trouble)
  })
  // A return comes before the confirm of the same message.
  channel.on('return', (message) => returned.add(String(message.properties.messageId)))

  function send(message: OutgoingMessage, ms: number): Promise<void> {
    const { exchange, routingKey: key, messageId } = message
    return new Promise((resolve, reject) => {
      const finish = (error?: Error) => {
        clearTimeout(timer)
        inFlight.delete(drop)
        if (error) reject(error)
        else resolve()
      }
      const drop = (why: string) => finish(failure('MESSAGE_UNCONFIRMED', { exchange, key, ms, why }))
      const timer = setTimeout(() => {
        drop('no answer')
        unanswered += 1
        if (unanswered > unansweredLimit) restart('too many messages without an answer')
      }, ms)
      inFlight.add(drop)
      const options = {
        messageId,
        contentType: message.contentType,
        persistent: true,
        mandatory: true,
        ...optional('type', message.type),
        ...optional('correlationId', message.correlationId),
        ...optional('replyTo', message.replyTo),
        ...optional('headers', message.headers),
      }
      try {
        channel.publish(exchange, key, Buffer.from(message.body), options, (error) => {
          const wasReturned = returned.delete(messageId)
          if (error instanceof Error && error.message === nacked) finish(failure('MESSAGE_REFUSED', { exchange, key }))
          else if (error) drop(trouble)
          else if (wasReturned) finish(failure('MESSAGE_UNROUTABLE', { exchange, key }))
          else finish()
        })
      } catch (error) {
        // Thrown when the channel has closed in between, or when a header does not fit a frame.
        drop(error instanceof Error ? error.message : String(error))
      }
    })
  }

  return { value: { send }, lost }
}

export interface Publishing {
  /** Resolves when the broker holds the message. Throws a Failure of the families BROKER_ and MESSAGE_. */
  publish(message: OutgoingMessage): Promise<void>
}

/** Publishes over a link, with at most `limit` messages in flight; one deadline covers waiting for a place, the link and the confirm. */
export function publishing(link: Link<Lane>, ms: number, limit: number): Publishing {
  let taken = 0
  const queue: (() => void)[] = []

  function place(deadline: number): Promise<void> {
    if (taken < limit) {
      taken += 1
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const enter = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(enter), 1)
        reject(failure('BROKER_BUSY', { limit, ms }))
      }, deadline - performance.now())
      queue.push(enter)
    })
  }

  function leave(): void {
    const next = queue.shift()
    // The place goes straight on to the one that has waited longest.
    if (next) next()
    else taken -= 1
  }

  return {
    async publish(message) {
      const deadline = performance.now() + ms
      await place(deadline)
      try {
        const lane = await link.ready(Math.max(1, deadline - performance.now()))
        await lane.send(message, Math.max(1, Math.round(deadline - performance.now())))
      } finally {
        leave()
      }
    },
  }
}
