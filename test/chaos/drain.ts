// After the last fault: everything is well again, and what is under way must come to its end, or wait where a person finds it.

import { setTimeout as sleep } from 'node:timers/promises'
import { isEnd } from './cases.ts'
import type { Engine } from './engine.ts'
import type { Final, Order } from './ledger.ts'

export interface DrainOptions {
  /** How long things may take to end by themselves. */
  readonly seconds: number
}

/** Waits for the ends, asks after what nobody was told, lets a careful person look at the rest, and says how each stands. */
export async function drain(engine: Engine, orders: readonly Order[], { seconds }: DrainOptions): Promise<Final[]> {
  const { links, world, clients, report } = engine
  links.disarm()
  await Promise.all([...world.workers, ...world.gateways, ...Object.values(world.parts)].map((one) => one.serving()))
  report(`drain: ${clients.open().length} operations are open`)
  const until = Date.now() + seconds * 1000
  await settle(engine, orders, until)
  const parked = await persistently(() => engine.operators.parked())
  const waiting = parked.filter((id) => clients.opOf(id) !== undefined)
  if (waiting.length > 0) {
    report(`drain: a person looks at ${waiting.length} parked operations`)
    for (const id of waiting) {
      const act = await engine.operators.retry(clients.opOf(id) ?? -1, id)
      engine.book.write('act', { ...act, late: true })
    }
    await settle(engine, orders, Date.now() + 120_000)
  }
  return finals(engine, orders)
}

/** Until all have ended or are parked, runs after a reset and late look-ups as well, or the time is over. */
async function settle(engine: Engine, orders: readonly Order[], until: number): Promise<void> {
  const { clients, operators } = engine
  for (;;) {
    await askAfter(engine, orders)
    const parked = new Set(await persistently(() => operators.parked()))
    await identify(engine, parked)
    const open = await persistently(() => operators.open())
    const running = open.filter(({ id, type }) => !parked.has(id) && !standing.has(type))
    const unanswered = clients.open().filter((op) => !parked.has(clients.idOf(op) ?? ''))
    if (unanswered.length === 0 && running.length === 0) return
    if (Date.now() > until) {
      const types = [...new Set(running.map(({ type }) => type))].join(', ')
      engine.report(`drain: ${unanswered.length} without an end, ${running.length} workflows run still (${types})`)
      return
    }
    await sleep(1000)
  }
}

/** Nobody outside knows the operation of a command before its answer: while it is parked, the call that it waits on tells whose it is. */
async function identify({ clients, operators, links }: Engine, parked: ReadonlySet<string>): Promise<void> {
  for (const id of parked) {
    if (id.includes('/watch/') || clients.opOf(id) !== undefined) continue
    const order = links.orderOf((await operators.waitsOn(id)) ?? '')
    if (order) clients.found(order.op, id)
  }
}

/** Workflows that are there for ever, or again and again. */
const standing = new Set(['sweep'])

/** Asks after every order that has not ended for its client: by its id, else by asking the same again. */
async function askAfter({ clients }: Engine, orders: readonly Order[]): Promise<void> {
  const open = new Set(clients.open())
  const pending = orders.filter(({ op }) => open.has(op))
  const lane = async () => {
    for (let order = pending.pop(); order; order = pending.pop()) {
      const id = clients.idOf(order.op)
      if (id !== undefined) {
        const status = await clients.rest.status(order.op, id)
        if (status && status.told.state !== clients.last(order.op)?.state) clients.note(status.told)
      } else if (order.door === 'rest') {
        await clients.again(order, 1)
      } else if (await clients.broker.send(order, 'queue', 5)) {
        await clients.broker.answered(order.op, 3)
      }
    }
  }
  await Promise.all([lane(), lane(), lane(), lane()])
}

async function finals({ clients, operators }: Engine, orders: readonly Order[]): Promise<Final[]> {
  const listed = new Set(await persistently(() => operators.parked()))
  const watched = new Set(
    [...listed].flatMap((id) => (id.includes('/watch/') ? [id.slice(0, id.indexOf('/watch/'))] : [])),
  )
  const found: Final[] = []
  const pending = [...orders]
  const lane = async () => {
    for (let order = pending.pop(); order; order = pending.pop()) {
      const { op } = order
      const id = clients.idOf(op)
      const last = clients.last(op)
      const status = id === undefined ? undefined : await statusOf(op, id)
      const told = status?.told ?? last
      const state = id !== undefined && told?.state === 'refused' ? 'unknown' : (told?.state ?? 'unknown')
      found.push({
        op,
        state,
        ...(id !== undefined && { id, listed: listed.has(id), watchParked: watched.has(id) }),
        ...(status?.reason !== undefined && { reason: status.reason }),
        ...(told?.code !== undefined && { code: told.code }),
        ...(status?.attention !== undefined && { attention: status.attention }),
      })
      if (status && isEnd(status.told.state)) clients.note(status.told)
    }
  }
  const statusOf = async (op: number, id: string) =>
    (await clients.rest.status(op, id)) ?? (await clients.rest.status(op, id))
  await Promise.all([lane(), lane(), lane(), lane()])
  return found
}

/** What is asked of Temporal right after its restart may need a second try. */
async function persistently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask()
    } catch (error) {
      if (attempt === 20) throw error
      await sleep(1000)
    }
  }
}
