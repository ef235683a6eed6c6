// Publishing so that success means something: confirmed by the broker, not returned as unroutable, within a deadline, with a bounded
// number in flight. Anything else is a Failure, and the caller publishes again with the same id.

import type { ChannelModel, ConfirmChannel } from 'amqplib'
import { failure } from '../error/failure.ts'
import { type Prepared, type ReconnectingConnection, within } from './reconnecting-connection.ts'

/** A message as AMQP 0-9-1 carries it: where it goes, its body and its properties. */
export interface OutgoingMessage {
  /** Empty for the default exchange, where the routing key is the name of a queue. */
  readonly exchange: string
  readonly routingKey: string
  readonly body: Uint8Array
  /** Missing only where a message is passed on that came without. */
  readonly messageId?: string | undefined
  readonly contentType?: string | undefined
  readonly contentEncoding?: string | undefined
  readonly type?: string | undefined
  readonly correlationId?: string | undefined
  readonly replyTo?: string | undefined
  readonly appId?: string | undefined
  readonly priority?: number | undefined
  readonly timestamp?: number | undefined
  /** Strings only for what we write ourselves: AMQP clients differ on everything else. */
  readonly headers?: Readonly<Record<string, unknown>> | undefined
}

/** One confirm channel and what is in flight on it. */
export interface PublishingLane {
  send(message: OutgoingMessage, ms: number): Promise<void>
}

/** Beyond this many unanswered messages a lane is given up, since each of them is remembered until its channel closes. */
const unansweredLimit = 1000

/** How amqplib words a nack; the same callback is called when the channel closes. */
const nacked = 'message nacked'
/** What amqplib throws on a channel that has closed; anything else that it throws means that AMQP cannot carry the message. */
const closed = 'IllegalOperationError'

/** RabbitMQ's direct reply-to: a name that stands for a requester's channel, and for no queue. */
const directReply = 'amq.rabbitmq.reply-to.'

const isDirectReply = ({ exchange, routingKey }: OutgoingMessage) =>
  exchange === '' && routingKey.startsWith(directReply)

/** Which messages a return can be of. Several at once may be alike; then each return is one of them. */
const routeOf = (exchange: string, routingKey: string, messageId: unknown) =>
  JSON.stringify([exchange, routingKey, messageId ?? null])

/** What amqplib is told beside the body. Nobody but its sender may set user_id, and an expiration would lose the message. */
function publishOptions(message: OutgoingMessage) {
  const { messageId, contentType, contentEncoding, type, correlationId, replyTo, appId, priority, timestamp, headers } =
    message
  const properties = {
    messageId,
    contentType,
    contentEncoding,
    type,
    correlationId,
    replyTo,
    appId,
    priority,
    timestamp,
  }
  const given = Object.entries({ ...properties, headers }).filter(([, value]) => value !== undefined)
  // A direct reply reaches no queue, so that `mandatory` would always bring it back.
  return { ...Object.fromEntries(given), persistent: true, mandatory: !isDirectReply(message) }
}

/**
 * Whether the requester of a direct reply-to is still there. Nothing comes back when it is not; but its name can be looked up only as
 * long as it consumes, on a channel that the broker closes when it does not.
 */
async function requesterIsThere(model: ChannelModel, name: string): Promise<boolean> {
  const channel = await model.createChannel()
  channel.on('error', () => undefined)
  try {
    await channel.checkQueue(name)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 404) return false
    throw error
  }
  await channel.close()
  return true
}

/** What came back of a channel. A return comes before the confirm of the same message. */
function returnsOf(channel: ConfirmChannel) {
  const counts = new Map<string, number>()
  channel.on('return', ({ fields, properties }) => {
    const route = routeOf(fields.exchange, fields.routingKey, properties.messageId)
    counts.set(route, (counts.get(route) ?? 0) + 1)
  })
  return {
    /** Whether the message that is confirmed now had come back. */
    take(route: string): boolean {
      const count = counts.get(route)
      if (count === undefined) return false
      if (count > 1) counts.set(route, count - 1)
      else counts.delete(route)
      return true
    },
  }
}

/** Opens a confirm channel on a new connection. */
export async function openLane(
  model: ChannelModel,
  restart: (reason: string) => void,
): Promise<Prepared<PublishingLane>> {
  const channel: ConfirmChannel = await model.createConfirmChannel()
  const inFlight = new Set<(reason: string) => void>()
  const returned = returnsOf(channel)
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

  function confirmed(message: OutgoingMessage, ms: number): Promise<void> {
    const { exchange, routingKey: key } = message
    const route = routeOf(exchange, key, message.messageId)
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
      try {
        channel.publish(exchange, key, Buffer.from(message.body), publishOptions(message), (error) => {
          const isBack = returned.take(route)
          if (error instanceof Error && error.message === nacked) finish(failure('MESSAGE_REFUSED', { exchange, key }))
          else if (error) drop(trouble)
          else if (isBack) finish(failure('MESSAGE_UNROUTABLE', { exchange, key }))
          else finish()
        })
      } catch (error) {
        if (error instanceof Error && error.name === closed) drop(error.message)
        else finish(failure('MESSAGE_UNWRITABLE', { exchange, key }, { cause: error }))
      }
    })
  }

  async function send(message: OutgoingMessage, ms: number): Promise<void> {
    if (!isDirectReply(message)) return confirmed(message, ms)
    const { exchange, routingKey: key } = message
    const since = performance.now()
    const isThere = await within(requesterIsThere(model, key), ms).catch((cause) => {
      throw failure('MESSAGE_UNCONFIRMED', { exchange, key, ms, why: trouble }, { cause })
    })
    if (isThere === undefined) throw failure('MESSAGE_UNCONFIRMED', { exchange, key, ms, why: 'no answer' })
    if (!isThere) throw failure('MESSAGE_UNROUTABLE', { exchange, key })
    return confirmed(message, Math.max(1, Math.round(ms - (performance.now() - since))))
  }

  return { value: { send }, lost }
}

/** Publishing with the broker's confirm. */
export interface Publishing {
  /** Resolves when the broker holds the message. Throws a Failure of the families BROKER_ and MESSAGE_. */
  publish(message: OutgoingMessage): Promise<void>
}

/** Publishes over a link, with at most `limit` messages in flight; one deadline covers waiting for a place, the link and the confirm. */
export function publishing(link: ReconnectingConnection<PublishingLane>, ms: number, limit: number): Publishing {
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
