// RabbitMQ over AMQP 0-9-1: the only file that knows amqplib. Two connections, since a broker that blocks publishing must not stop
// the acknowledgements of what is consumed; both come back by themselves.

import { connect } from 'amqplib'
import { failure } from '../error/failure.ts'
import { openLane, type Publishing, publishing } from './publishing.ts'
import {
  type BrokerNotice,
  type Prepared,
  type ReconnectingConnection,
  reconnecting,
} from './reconnecting-connection.ts'
import { type ConsumeOptions, openConsumer } from './subscription.ts'
import {
  declareTopology,
  defaultDeliveryLimit,
  type TopologyNames,
  type TopologyOptions,
  topologyNames,
} from './topology.ts'

export interface BrokerOptions {
  /** `amqp://user:password@host:port/vhost`, or amqps. */
  readonly url: string
  /** Shown in the management UI. */
  readonly name: string
  /** One publish, from the wish to the confirm. */
  readonly confirmMs?: number
  /** Publishes that wait for their confirm at the same time. */
  readonly inFlight?: number
  /** How long the first connection may take. */
  readonly firstMs?: number
  readonly topology?: Partial<TopologyOptions>
  /** Told of lost and regained connections; for the log. */
  readonly notice?: (notice: BrokerNotice) => void
}

/** A consumer of one queue; `up` while it stands. */
export interface Subscription {
  readonly up: boolean
  /** Takes no further messages, waits for those in hand (10 s at most), then closes its connection. */
  close(): Promise<void>
}

/** One RabbitMQ virtual host: publishing, and consuming. */
export interface Broker extends Publishing {
  readonly names: TopologyNames
  /** How often a command is delivered again before the broker takes it away by itself. */
  readonly deliveryLimit: number
  /** Whether publishing is possible now; for readiness. */
  readonly up: boolean
  /** Consumes a queue over a connection of its own. Resolves when the consumer stands. */
  consume(options: Omit<ConsumeOptions, 'notice'>): Promise<Subscription>
  close(): Promise<void>
}

const heartbeatSeconds = 10
const connectMs = 10_000

/** Host and port of a broker's URL, for messages. */
function shown(url: string): string {
  const { host } = new URL(url)
  return host
}

function opener(url: string, name: string) {
  const address = new URL(url)
  // A peer that is half dead is noticed after two missed heartbeats.
  if (!address.searchParams.has('heartbeat')) address.searchParams.set('heartbeat', String(heartbeatSeconds))
  return () => connect(address.href, { timeout: connectMs, clientProperties: { connection_name: name } })
}

/** What RabbitMQ answers when a declaration does not fit (406) or is not allowed (403). */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && (error.code === 406 || error.code === 403)
}

type Model = Awaited<ReturnType<ReturnType<typeof opener>>>

async function declare(model: Model, broker: string, topology: TopologyOptions): Promise<void> {
  // A channel of its own: a refusal closes it.
  const channel = await model.createChannel()
  channel.on('error', () => undefined)
  try {
    await declareTopology(channel, topology)
  } catch (error) {
    if (isRefusal(error)) throw failure('BROKER_TOPOLOGY_DIFFERS', { broker, reason: error.message }, { cause: error })
    throw error
  }
  await channel.close()
}

/** What both kinds of links of one broker have in common. */
interface Shared {
  readonly url: string
  readonly name: string
  readonly firstMs: number
  readonly topology: TopologyOptions
  readonly notice: (notice: BrokerNotice) => void
}

/** A link that declares the topology before anything else stands on it; resolves when it is up for the first time. */
async function openLink<T>(
  { url, name, firstMs, topology, notice }: Shared,
  purpose: string,
  prepare: (model: Model, restart: (reason: string) => void) => Promise<Prepared<T>>,
): Promise<ReconnectingConnection<T>> {
  const broker = shown(url)
  const link = reconnecting({
    name: `${name} ${purpose}`,
    broker,
    notice,
    open: opener(url, `${name} ${purpose}`),
    prepare: async (model, restart) => {
      await declare(model, broker, topology)
      return prepare(model, restart)
    },
  })
  try {
    await link.ready(firstMs)
    return link
  } catch (error) {
    await link.close()
    throw error
  }
}

/**
 * Connects, declares the topology and keeps the connection. Throws BROKER_UNREACHABLE when the broker does not answer within
 * `firstMs`, BROKER_TOPOLOGY_DIFFERS when it has an exchange or queue of ours with other arguments.
 */
export async function connectBroker(options: BrokerOptions): Promise<Broker> {
  const { url, name, confirmMs = 5000, inFlight = 256, firstMs = 30_000, notice = () => undefined } = options
  const topology: TopologyOptions = { names: topologyNames(), ...options.topology }
  const shared: Shared = { url, name, firstMs, topology, notice }
  const subscriptions = new Set<Subscription>()
  const link = await openLink(shared, 'publish', openLane)

  async function consume(consumption: Omit<ConsumeOptions, 'notice'>): Promise<Subscription> {
    const consuming = await openLink(shared, `consume ${consumption.queue}`, (model, restart) =>
      openConsumer(model, restart, { ...consumption, notice }),
    )
    const subscription: Subscription = {
      get up() {
        return consuming.up
      },
      async close() {
        subscriptions.delete(subscription)
        // Without a connection there is nothing to drain.
        await consuming.ready(1).then(
          (consumer) => consumer.drain(10_000),
          () => undefined,
        )
        await consuming.close()
      },
    }
    subscriptions.add(subscription)
    return subscription
  }

  const { publish } = publishing(link, confirmMs, inFlight)
  return {
    names: topology.names,
    deliveryLimit: topology.deliveryLimit ?? defaultDeliveryLimit,
    publish,
    consume,
    get up() {
      return link.up
    },
    async close() {
      await Promise.all([...subscriptions].map((one) => one.close()))
      await link.close()
    },
  }
}
