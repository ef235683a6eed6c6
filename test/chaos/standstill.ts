// The scenario of a worker that stands still: as many calls as both workers make at once are held at one point of the exchange, one
// worker is stopped, the calls go on, and the worker goes on much later. At each point of the exchange, on one world.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Clients } from './clients.ts'
import type { Exchange } from './framers.ts'
import type { Book, Order } from './ledger.ts'
import type { Links } from './links.ts'
import type { Disturbance } from './proxy.ts'
import type { PlannedOrder, Point } from './schedule.ts'
import type { World } from './world.ts'

export const standstillPoints = [
  'before-trm',
  'after-trm-reply',
  'before-commarea',
  'mid-commarea',
  'after-commarea',
  'before-reply',
  'mid-reply',
] as const satisfies readonly Point[]

export interface Standstill {
  readonly points: readonly Point[]
  /** Calls in flight at each point. */
  readonly calls: number
  readonly stopMs: number
}

/** Where it happens. */
export interface Scene {
  readonly world: World
  readonly book: Book
  readonly links: Links
  readonly clients: Clients
  readonly gathering: Gathering
  readonly report: (line: string) => void
}

/** Runs the scenario at each point, with orders numbered from `first`. */
export async function standStill(scene: Scene, first: number, wished: Standstill): Promise<void> {
  for (const [at, point] of wished.points.entries()) {
    const from = first + at * wished.calls
    await stopAt(
      scene,
      point,
      Array.from({ length: wished.calls }, (_, index) => entry(from + index)),
      wished,
    )
  }
}

/** One worker is stopped while calls of both are held at the point; then the network lets go, and the worker goes on in the end. */
async function stopAt(
  { world, clients, links, book, gathering, report }: Scene,
  point: Point,
  planned: readonly PlannedOrder[],
  { calls, stopMs }: Standstill,
): Promise<void> {
  const gathered = gathering.at(point)
  for (const one of planned) links.arm(one)
  const asked = planned.map((one) => clients.order(one))
  // The limit of the adapter holds for each worker by itself; what waits for a connection is under way all the same.
  const until = Date.now() + 1200
  while (gathered.count() < Math.min(calls, 40) && Date.now() < until) await sleep(5)
  const held = gathered.count()
  const resume = world.workers[0].stop()
  gathered.release()
  report(`${held} calls were held ${point}; worker 0 stands still for ${stopMs / 1000} s`)
  const ops = planned.map(({ order }) => order.op)
  book.write('fault', { what: `worker stopped, calls held ${point}`, ops, beyond: true, doubt: true })
  await sleep(stopMs)
  resume()
  await Promise.all(asked)
}

/** Gathers postings at a point of the exchange. */
export interface Gathering {
  readonly disturb: (point: Point, exchange: Exchange) => Disturbance | undefined
  /** From now on postings are held at this point until they are released. */
  at(point: Point): { count(): number; release(): void }
}

export function gatherer(): Gathering {
  let now: { readonly point: Point; readonly until: Promise<void>; held: number } | undefined
  return {
    disturb(point, exchange) {
      if (!now || point !== now.point || exchange.target !== 'POSTENT') return undefined
      now.held += 1
      return { does: 'wait', until: now.until }
    },
    at(point) {
      let release: () => void = () => undefined
      const until = new Promise<void>((resolve) => {
        release = resolve
      })
      const own = { point, until, held: 0 }
      now = own
      return {
        count: () => own.held,
        release() {
          now = undefined
          release()
        },
      }
    },
  }
}

function entry(op: number): PlannedOrder {
  const order: Order = {
    op,
    kind: 'entry',
    door: 'rest',
    key: `standstill-${op}`,
    from: String(2_000_000_001 + (op % 400)),
    direction: 'D',
    amount: `${1 + Math.floor(op / 100)}.${String(op % 100).padStart(2, '0')}`,
    currency: 'EUR',
  }
  return { is: 'order', order, waitSeconds: 0, rude: false, answer: 'none', copies: 1, links: [], cores: [] }
}
