// The faults that wait for their exchange: which order an exchange belongs to is read on the wire, and what was planned for it happens
// at its point. What was injected goes into the book.

import type { Control } from './control.ts'
import type { Exchange } from './framers.ts'
import type { Book, Injected, Order } from './ledger.ts'
import type { Disturbance } from './proxy.ts'
import { type CoreFault, isBeyond, type LinkFault, type PlannedOrder, type Point } from './schedule.ts'

export interface Links {
  /** From now on the order's faults wait for its exchanges. */
  arm(planned: PlannedOrder): void
  /** No more faults. */
  disarm(): void
  /** For the proxies. */
  disturb(point: Point, exchange: Exchange): Disturbance | undefined
  request(control: Control, exchange: Exchange): Promise<void>
  replied(exchange: Exchange): void
  /** The order that a reference belongs to. */
  orderOf(reference: string): Order | undefined
}

interface Armed<T extends LinkFault | CoreFault> {
  readonly op: number
  readonly amount: string
  readonly fault: T
}

/** After this time a core's rule is taken away though no reply was seen. */
const ruleMs = 9000

const pointWords: Readonly<Record<Point, string>> = {
  'before-trm': 'before the TRM',
  'after-trm-reply': 'at the TRM reply',
  'before-commarea': 'before the COMMAREA',
  'mid-commarea': 'amid the COMMAREA',
  'after-commarea': 'after the COMMAREA',
  'before-request': 'before the request',
  'mid-request': 'amid the request',
  'after-request': 'after the request',
  'before-reply': 'before the reply',
  'mid-reply': 'amid the reply',
}

/** Those of a run: what the book knows already, of an earlier part of the run, is known here. */
export function linksOf(book: Book): Links {
  const orders = new Map<number, Order>(book.read('order').map((order) => [order.op, order]))
  const byAmount = new Map<string, number>([...orders.values()].map(({ amount, op }) => [amount, op]))
  const byReference = new Map<string, number>(book.read('reference').map(({ reference, op }) => [reference, op]))
  const links: Armed<LinkFault>[] = []
  const cores: Armed<CoreFault>[] = []
  const cleanups = new WeakMap<Exchange, () => void>()

  const opOf = ({ amount, reference, original }: Exchange) =>
    byAmount.get(amount ?? '') ?? byReference.get(original ?? '') ?? byReference.get(reference ?? '')

  function learn(exchange: Exchange): void {
    const op = opOf(exchange)
    const { reference } = exchange
    if (op === undefined || reference === undefined || reference === '' || byReference.has(reference)) return
    byReference.set(reference, op)
    book.write('reference', { reference, op })
  }

  function take<T extends LinkFault | CoreFault>(from: Armed<T>[], meets: (one: Armed<T>) => boolean) {
    const at = from.findIndex(meets)
    return at < 0 ? undefined : from.splice(at, 1)[0]
  }

  return {
    arm({ order, links: ofLink, cores: ofCore }) {
      orders.set(order.op, order)
      byAmount.set(order.amount, order.op)
      const own = { op: order.op, amount: order.amount }
      links.push(...ofLink.map((fault) => ({ ...own, fault })))
      cores.push(...ofCore.map((fault) => ({ ...own, fault })))
    },
    disarm() {
      links.length = 0
      cores.length = 0
    },
    disturb(point, exchange) {
      const op = opOf(exchange)
      const one = take(links, ({ fault, op: of }) => {
        if (fault.point !== point || fault.target !== exchange.target) return false
        // Before the COMMAREA nobody knows whose call it is: the next one is met.
        if (exchange.reference === undefined) return true
        return of === op && (fault.direction === undefined || fault.direction === exchange.direction)
      })
      if (!one) return undefined
      book.write('fault', injectedLink(one.fault, exchange.reference === undefined ? undefined : op))
      return one.fault
    },
    async request(control, exchange) {
      learn(exchange)
      const op = opOf(exchange)
      const { reference, target, direction } = exchange
      const one = take(
        cores,
        ({ fault, op: of }) =>
          of === op && fault.target === target && (fault.direction === undefined || fault.direction === direction),
      )
      if (!one || reference === undefined) return
      const { fault, ms, bytes } = one.fault
      const rule = {
        fault,
        program: target,
        reference,
        count: 1,
        ...(ms !== undefined && { ms }),
        ...(bytes !== undefined && { bytes }),
      }
      const remove = await control.add(rule)
      const timer = setTimeout(() => void remove(), ruleMs)
      cleanups.set(exchange, () => {
        clearTimeout(timer)
        void remove()
      })
      book.write('fault', injectedCore(one.fault, one.op))
    },
    replied(exchange) {
      cleanups.get(exchange)?.()
      cleanups.delete(exchange)
    },
    orderOf: (reference) => orders.get(byReference.get(reference) ?? -1),
  }
}

function injectedLink({ target, point, does, ms = 0 }: LinkFault, op: number | undefined): Injected {
  const link = /^[A-Z]+$/.test(target) ? 'bank link' : 'customers link'
  const early = point === 'before-trm' || point === 'after-trm-reply' || point === 'before-request'
  const long = does !== 'hold' || ms >= 2000
  return {
    what: `${link}: ${does}${does === 'hold' ? (long ? ' long' : ' shortly') : ''} ${pointWords[point]}`,
    ops: op === undefined ? [] : [op],
    ...(does === 'hold-beyond' && { beyond: true }),
    ...(!early && long && { doubt: true }),
  }
}

function injectedCore(fault: CoreFault, op: number): Injected {
  const core = /^[A-Z]+$/.test(fault.target) ? 'bank' : 'customers'
  const beyond = isBeyond(fault)
  return {
    what: `${core}: ${fault.fault}${beyond ? ' beyond its promise' : ''}`,
    ops: [op],
    doubt: true,
    ...(beyond && { beyond: true }),
  }
}
