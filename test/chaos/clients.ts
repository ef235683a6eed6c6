// The clients of a fault run: each order is asked for as its kind of client does, and what it was told goes into the book.

import { setTimeout as sleep } from 'node:timers/promises'
import { type BrokerClient, brokerClient } from './broker-client.ts'
import { isEnd } from './cases.ts'
import type { Book, Order, Told } from './ledger.ts'
import { type RestClient, restClient } from './rest-client.ts'
import type { PlannedOrder } from './schedule.ts'
import type { World } from './world.ts'

export interface Clients {
  readonly rest: RestClient
  readonly broker: BrokerClient
  /** Asks until something certain was said, or the client's patience ends. */
  order(planned: PlannedOrder): Promise<void>
  /** Asks the same again, and takes whatever comes. */
  again(order: Order, waitSeconds: number): Promise<Told>
  /** The operation's id, as far as a client knows it. */
  idOf(op: number): string | undefined
  /** The order that an operation belongs to. */
  opOf(id: string): number | undefined
  /** People have found the operation of a command that has no answer yet. */
  found(op: number, id: string): void
  /** What was last said; undefined when nothing certain was. */
  last(op: number): Told | undefined
  /** Orders that were asked for and have not ended. */
  open(): readonly number[]
  note(told: Told): void
}

const patienceMs = 120_000

/** Clients of a world; what the book knows already they know. */
export async function clientsOf(world: World, book: Book): Promise<Clients> {
  const last = new Map<number, Told>()
  const ids = new Map<number, string>()
  const ops = new Map<string, number>()
  const open = new Set<number>(book.read('order').map(({ op }) => op))
  let turn = 0

  function found(op: number, id: string): void {
    ids.set(op, id)
    if (!ops.has(id)) ops.set(id, op)
  }

  function learn(told: Told): void {
    if (told.state !== 'retry') last.set(told.op, told)
    if (told.id !== undefined && told.state !== 'refused') found(told.op, told.id)
    if (isEnd(told.state)) open.delete(told.op)
  }
  for (const told of book.read('told')) learn(told)

  function note(told: Told): void {
    learn(told)
    book.write('told', told)
  }

  const rest = restClient(() => {
    turn += 1
    return world.url(turn % 2 === 0 ? 0 : 1) ?? world.url(turn % 2 === 0 ? 1 : 0)
  })
  const broker = await brokerClient(world.own.amqpUrl, world.amqpPrefix, {
    told: note,
    received: (event) => book.write('event', event),
  })

  async function byRest(order: Order, waitSeconds: number, rude: boolean): Promise<void> {
    const until = Date.now() + patienceMs
    for (;;) {
      const told = await rest.ask(order, waitSeconds)
      note(told)
      if (told.state !== 'retry' || rude || Date.now() > until) return
      await sleep(500)
    }
  }

  async function byCommand({ order, answer, rude, copies }: PlannedOrder): Promise<void> {
    for (let copy = 0; copy < copies; copy += 1) {
      if (!(await broker.send(order, answer, rude ? 2 : 60))) return
    }
    if (answer === 'queue' || answer === 'direct') await broker.answered(order.op, 15)
  }

  return {
    rest,
    broker,
    async order(planned) {
      const { order, waitSeconds, rude, copies } = planned
      book.write('order', order)
      open.add(order.op)
      if (order.door === 'command') return byCommand(planned)
      await Promise.all(Array.from({ length: copies }, () => byRest(order, waitSeconds, rude)))
    },
    async again(order, waitSeconds) {
      const told = await rest.ask(order, waitSeconds)
      note(told)
      return told
    },
    idOf: (op) => ids.get(op),
    opOf: (id) => ops.get(id),
    found,
    last: (op) => last.get(op),
    open: () => [...open],
    note,
  }
}
