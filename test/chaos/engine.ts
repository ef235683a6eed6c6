// Carries a schedule out: orders in lanes, disasters beside them, people in between. Stops when its time is over, and knows where it was.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clients } from './clients.ts'
import { happen } from './disasters.ts'
import type { Book } from './ledger.ts'
import type { Links } from './links.ts'
import type { Operators } from './operators.ts'
import { random } from './random.ts'
import type { Disaster, PlannedOrder, Step } from './schedule.ts'
import type { World } from './world.ts'

export interface Engine {
  readonly world: World
  readonly book: Book
  readonly links: Links
  readonly clients: Clients
  readonly operators: Operators
  readonly projects: readonly string[]
  readonly report: (line: string) => void
}

export interface Pace {
  /** Orders that are asked for at the same time. */
  readonly lanes: number
  /** No more orders are begun while so many have not ended. */
  readonly openMost: number
  /** Whether no more steps are begun. */
  readonly isOver: () => boolean
}

/** Steps that were begun, in this part of the run and those before. */
export function position(folder: string): number {
  const file = join(folder, 'position')
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
}

/** Carries out what is left of the schedule. True when all of it was begun. */
export async function carryOut(engine: Engine, steps: readonly Step[], pace: Pace): Promise<boolean> {
  const { world, clients, report } = engine
  const lanes = workLanes()
  const disasters = workLanes()
  const people = peopleAtWork(engine)
  const following = follow(engine)
  const begin = beginner(engine, steps)
  let at = position(world.folder)
  for (; at < steps.length && !pace.isOver(); at += 1) {
    const step = steps[at]
    if (step === undefined) break
    writeFileSync(join(world.folder, 'position'), String(at + 1))
    if (step.is === 'disaster') await disasters.add(() => oneDisaster(engine, step.disaster), 2)
    else await lanes.add(() => begin(step), pace.lanes)
    if (at % 100 === 99) report(`${at + 1} of ${steps.length} steps, ${followed(clients).length} operations are open`)
    while (followed(clients).length >= pace.openMost && !pace.isOver()) await sleep(200)
  }
  await lanes.end()
  await disasters.end()
  await Promise.all([people.stop(), following.stop()])
  return at >= steps.length
}

/** Work that is under way at the same time; `add` waits until there is room for it. */
function workLanes() {
  const busy = new Set<Promise<void>>()
  return {
    async add(work: () => Promise<void>, most: number): Promise<void> {
      while (busy.size >= most) await Promise.race(busy)
      const tracked: Promise<void> = work().finally(() => busy.delete(tracked))
      busy.add(tracked)
    },
    end: () => Promise.all(busy),
  }
}

function beginner(engine: Engine, steps: readonly Step[]) {
  const { clients } = engine
  const orders = new Map(steps.flatMap((step) => (step.is === 'order' ? [[step.order.op, step.order]] : [])))
  return async (step: Exclude<Step, { is: 'disaster' }>): Promise<void> => {
    if (step.is === 'order') return oneOrder(engine, step)
    const order = orders.get(step.op)
    if (order?.door === 'rest') await clients.again(order, 5)
    if (order?.door === 'command') await clients.broker.send(order, 'queue')
  }
}

async function oneOrder({ links, clients, operators, book }: Engine, planned: PlannedOrder): Promise<void> {
  const { op } = planned.order
  links.arm(planned)
  const { handling } = planned
  const asked = clients.order(handling ? { ...planned, waitSeconds: 0 } : planned)
  if (handling) {
    const until = Date.now() + 20_000
    while (clients.idOf(op) === undefined && Date.now() < until) await sleep(20)
    await sleep(handling.afterMs)
    const id = clients.idOf(op)
    if (id !== undefined) {
      const act = await operators.handle(op, id, handling.does)
      book.write('act', act)
      book.write('fault', { what: `operator: ${handling.does}${act.taken ? '' : ' (too late)'}`, ops: [op] })
    }
  }
  await asked
}

async function oneDisaster({ world, projects, clients, book, report }: Engine, disaster: Disaster): Promise<void> {
  const ops = clients.open()
  try {
    book.write('fault', await happen(disaster, world, projects, ops))
  } catch (error) {
    report(`${disaster.does}: ${error instanceof Error ? error.message : String(error)}`)
    throw error
  }
}

interface Loop {
  stop(): Promise<void>
}

/** Does it again and again, with a pause, until it is stopped. */
function loop(pauseMs: number, work: () => Promise<void>, report: (line: string) => void): Loop {
  let stopped = false
  const over = new AbortController()
  const running = (async () => {
    while (!stopped) {
      await sleep(pauseMs, undefined, { signal: over.signal }).catch(() => undefined)
      // What it needs is killed now and then; the next round finds it again.
      if (!stopped) await work().catch((error: unknown) => report(`later again: ${String(error).slice(0, 160)}`))
    }
  })()
  return {
    async stop() {
      stopped = true
      over.abort()
      await running
    },
  }
}

/** People look at what is parked now and then, and decide, half of them carelessly. */
function peopleAtWork({ operators, clients, book }: Engine): Loop {
  const from = random(clients.open().length, 3)
  return loop(
    4000,
    async () => {
      for (const id of await operators.parked()) {
        // A late look-up belongs to its operation.
        const op = clients.opOf(id.split('/watch/')[0] ?? id)
        if (op === undefined || !from.chance(0.2)) continue
        const act = await operators.decide(op, id, { well: from.chance(0.5), from })
        if (act) book.write('act', act)
      }
    },
    () => undefined,
  )
}

/** Open operations whose end their clients can ask for: of a command without an answer the drain finds it. */
function followed({ open, idOf }: Engine['clients']): number[] {
  return open().filter((op) => idOf(op) !== undefined)
}

/** Clients ask after the end of what they have begun, a few at a time. */
function follow({ clients }: Engine): Loop {
  let at = 0
  return loop(
    400,
    async () => {
      const open = followed(clients)
      for (let one = 0; one < Math.min(3, open.length); one += 1) {
        at += 1
        const op = open[at % open.length]
        const id = op === undefined ? undefined : clients.idOf(op)
        if (op === undefined || id === undefined) return
        const status = await clients.rest.status(op, id)
        if (status && status.told.state !== clients.last(op)?.state) clients.note(status.told)
      }
    },
    () => undefined,
  )
}
