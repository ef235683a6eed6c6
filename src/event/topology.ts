// The exchanges and queues of the product. Declared by itself, since every argument carries a decision about losing messages.
//
//   flows ──▶ mainspan.events (topic) ──operation.vN.event-name──▶ mainspan.events.recent   the newest events, to look at
//                                      └──────────────────────────▶ queues that consumers bind themselves
//   senders ─▶ mainspan.commands (topic, #) ──▶ mainspan.commands ──limit reached──▶ mainspan.parked (fanout) ──▶ mainspan.parked
//                                                     └──invalid, with the reason──────▶┘

/** Names under one prefix, so that several installations or tests can share a broker. */
export interface TopologyNames {
  readonly events: string
  readonly recentEvents: string
  readonly commands: string
  readonly parked: string
}

/** The names of exchanges and queues under a prefix. */
export function topologyNames(prefix = 'mainspan'): TopologyNames {
  return {
    events: `${prefix}.events`,
    recentEvents: `${prefix}.events.recent`,
    commands: `${prefix}.commands`,
    parked: `${prefix}.parked`,
  }
}

/** x-delivery-limit of the command queue where none is given. */
export const defaultDeliveryLimit = 20

/** What is declared at the broker. */
export interface TopologyOptions {
  readonly names: TopologyNames
  /** How often a command is delivered again before it is parked. A broker's crash counts as one. */
  readonly deliveryLimit?: number
  /** How many events the recent queue keeps; 0 declares none, and then events without a consumer's queue count as unroutable. */
  readonly recentEvents?: number
}

/** The part of a channel that declares. */
export interface Declarer {
  assertExchange(name: string, type: string, options: { durable: boolean }): Promise<unknown>
  assertQueue(name: string, options: { durable: boolean; arguments: Record<string, unknown> }): Promise<unknown>
  bindQueue(queue: string, exchange: string, pattern: string): Promise<unknown>
}

/** Declares all of it; the same again is no change. Rejects when the broker has one of them with other arguments. */
export async function declareTopology(channel: Declarer, options: TopologyOptions): Promise<void> {
  const { names, deliveryLimit = defaultDeliveryLimit, recentEvents = 100_000 } = options
  const quorum = (args: Record<string, unknown>) => ({
    durable: true,
    arguments: { 'x-queue-type': 'quorum', ...args },
  })
  await channel.assertExchange(names.parked, 'fanout', { durable: true })
  await channel.assertQueue(names.parked, quorum({}))
  await channel.bindQueue(names.parked, names.parked, '')

  await channel.assertExchange(names.commands, 'topic', { durable: true })
  const commands = {
    'x-delivery-limit': deliveryLimit,
    'x-dead-letter-exchange': names.parked,
    // Without both of these a parked message can be lost on its way.
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  }
  await channel.assertQueue(names.commands, quorum(commands))
  await channel.bindQueue(names.commands, names.commands, '#')

  await channel.assertExchange(names.events, 'topic', { durable: true })
  if (recentEvents === 0) return
  await channel.assertQueue(names.recentEvents, quorum({ 'x-max-length': recentEvents, 'x-overflow': 'drop-head' }))
  await channel.bindQueue(names.recentEvents, names.events, '#')
}
