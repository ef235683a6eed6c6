// What a fault run will do: orders, the faults on their way, what people do to them, what befalls the processes. Made from the seed
// alone, before anything starts, so that a run can be repeated and resumed. When a thing happens is counted in orders, not in seconds.

import type { Order } from './ledger.ts'
import { type Random, random } from './random.ts'

/** Where in an exchange a link can be disturbed. The first five are of the TRM Link exchange, the others of HTTP. */
export type Point =
  | 'before-trm'
  | 'after-trm-reply'
  | 'before-commarea'
  | 'mid-commarea'
  | 'after-commarea'
  | 'before-request'
  | 'mid-request'
  | 'after-request'
  | 'before-reply'
  | 'mid-reply'

export interface LinkFault {
  /** The program or SOAP operation whose exchange it meets. */
  readonly target: string
  readonly direction?: 'D' | 'C'
  readonly point: Point
  /**
   * `hold`: the bytes wait; they still arrive after the client's FIN, and are lost when the client resets. `hold-beyond`: they arrive even
   * then. `lose`: the client's side is reset, the core's side stays.
   */
  readonly does: 'hold' | 'hold-beyond' | 'cut' | 'reset' | 'lose' | 'duplicate'
  readonly ms?: number
}

/** A fault of the core itself, planned at its control port for one reference. */
export interface CoreFault {
  readonly target: string
  readonly direction?: 'D' | 'C'
  readonly fault: string
  readonly ms?: number
  readonly bytes?: number
}

export interface Handling {
  readonly does: 'cancel' | 'terminate' | 'reset-first' | 'reset-last' | 'delete' | 'pause'
  readonly afterMs: number
}

export interface PlannedOrder {
  readonly is: 'order'
  readonly order: Order
  /** Seconds that the client waits for the end. */
  readonly waitSeconds: number
  /** Asks once and never again, whatever comes. */
  readonly rude: boolean
  /** Of a command. */
  readonly answer: 'queue' | 'direct' | 'vanishing' | 'none'
  /** How often the same request is sent at once. */
  readonly copies: number
  readonly links: readonly LinkFault[]
  readonly cores: readonly CoreFault[]
  readonly handling?: Handling
}

/** The order is asked again under its key, some orders later: the same answer must come. */
export interface PlannedRepeat {
  readonly is: 'repeat'
  readonly op: number
}

export type Part = 'temporal' | 'rabbitmq' | 'postgresql' | 'bank' | 'customers' | 'worker' | 'gateway'

export type Disaster =
  | { readonly does: 'stop'; readonly part: 'worker' | 'gateway'; readonly which: 0 | 1; readonly ms: number }
  | { readonly does: 'kill'; readonly part: Part; readonly which: 0 | 1 }
  | { readonly does: 'close-port'; readonly part: 'temporal' | 'rabbitmq' | 'postgresql'; readonly ms: number }
  | { readonly does: 'stall'; readonly part: 'temporal' | 'rabbitmq' | 'postgresql'; readonly ms: number }
  | { readonly does: 'bank-down' | 'silent-inquiries'; readonly ms: number }
  | { readonly does: 'fill-disk'; readonly part: 'bank' | 'postgresql'; readonly ms: number }
  | { readonly does: 'change-flow' }

export interface PlannedDisaster {
  readonly is: 'disaster'
  readonly disaster: Disaster
}

export type Step = PlannedOrder | PlannedRepeat | PlannedDisaster

export interface Sizes {
  readonly operations: number
  /** Orders between two disasters. */
  readonly every: number
  /** The longest that a process is stopped. */
  readonly stopMs: number
  /** What this run can do. */
  readonly disasters: ReadonlySet<Disaster['does']>
  readonly parts: ReadonlySet<Part>
}

/** The whole run, in order. */
export function schedule(seed: number, sizes: Sizes): readonly Step[] {
  const orders = random(seed, 1)
  const trouble = random(seed, 2)
  const steps: Step[] = []
  const plannable: PlannedOrder[] = []
  for (let op = 0; op < sizes.operations; op += 1) {
    const planned = plannedOrder(op, orders, plannable)
    plannable.push(planned)
    steps.push(planned)
    if (orders.chance(0.05)) steps.push({ is: 'repeat', op: Math.max(0, op - orders.below(60)) })
    if (op % sizes.every === sizes.every - 1) steps.push({ is: 'disaster', disaster: disaster(trouble, sizes) })
  }
  return steps
}

const accounts = 400
const account = (number: number) => String(2_000_000_001 + number)
/** Customers of the seed that are active and have their limit in euros. */
const customers = [0, 2, 3, 7, 8, 9, 10, 12, 13, 14, 15, 17, 18, 19].map((index) =>
  String(10_001 + index).padStart(8, '0'),
)

/** How many accounts of its own the bank needs for orders. */
export const accountsNeeded = accounts

function plannedOrder(op: number, from: Random, earlier: readonly PlannedOrder[]): PlannedOrder {
  const reused = from.chance(0.03) ? earlier[Math.max(0, op - 1 - from.below(80))] : undefined
  const fresh = orderOf(op, from)
  const order: Order = reused
    ? {
        ...fresh,
        kind: 'transfer',
        ...payment(op, from),
        door: reused.order.door,
        key: reused.order.key,
        reuses: reused.order.op,
      }
    : fresh
  // A key serves one kind of operation: under another kind the same text is another key.
  const meant = reused && reused.order.kind !== 'transfer' ? fresh : order
  const links = from.chance(0.3) ? [linkFault(meant, from)] : []
  const cores = from.chance(0.12) ? [coreFault(meant, from)] : []
  const inDoubt = links.length + cores.length > 0
  return {
    is: 'order',
    order: meant,
    waitSeconds: from.pick([0, 1, 5, 20]),
    rude: from.chance(0.04),
    answer: from.weighted([
      [6, 'queue'],
      [1, 'direct'],
      [1, 'vanishing'],
      [1, 'none'],
    ] as const),
    copies: from.weighted([
      [9, 1],
      [1, from.between(2, 4)],
    ] as const),
    links: inDoubt && from.chance(0.1) ? [...links, inquiryFault(meant, from)] : links,
    cores,
    ...(from.chance(0.05) && { handling: handling(from) }),
  }
}

function payment(op: number, from: Random): Pick<Order, 'from' | 'to' | 'amount' | 'currency'> {
  const payer = from.below(accounts)
  return {
    from: account(payer),
    to: account((payer + 1 + from.below(accounts - 1)) % accounts),
    amount: amountOf(op),
    currency: 'EUR',
  }
}

/** 1.00 and upwards, each once. */
const amountOf = (op: number) => `${1 + Math.floor(op / 100)}.${String(op % 100).padStart(2, '0')}`

function orderOf(op: number, from: Random): Order {
  const kind = from.weighted([
    [60, 'transfer'],
    [17, 'entry'],
    [14, 'raise'],
    [9, 'address'],
  ] as const)
  const door = from.chance(0.28) ? 'command' : 'rest'
  const common = {
    op,
    kind,
    door,
    key: `chaos-${op}-${from.below(1_000_000)}`,
    amount: amountOf(op),
    currency: 'EUR',
  } as const
  switch (kind) {
    case 'transfer': {
      const order = { ...common, ...payment(op, from) }
      // Blocked, not there, in another currency: the debit is taken back.
      return from.chance(0.06) ? { ...order, to: from.pick(['1000000005', '9999999999', '1000000008']) } : order
    }
    case 'entry':
      return { ...common, from: account(from.below(accounts)), direction: from.pick(['D', 'C']) }
    case 'raise':
      return { ...common, from: from.chance(0.05) ? '00099999' : from.pick(['00010001', ...customers]) }
    case 'address':
      return { ...common, from: from.pick(['00010001', ...customers]) }
  }
}

const targets = { transfer: 'POSTENT', entry: 'POSTENT', raise: 'RaiseCreditLimit', address: 'ChangeAddress' } as const

const trmPoints = ['before-trm', 'after-trm-reply', 'before-commarea', 'mid-commarea', 'after-commarea'] as const
const httpPoints = ['before-request', 'mid-request', 'after-request'] as const
const replyPoints = ['before-reply', 'mid-reply'] as const

function isSoap(kind: Order['kind']): boolean {
  return kind === 'raise' || kind === 'address'
}

function meets(order: Order, from: Random): Pick<LinkFault, 'target' | 'direction'> {
  return {
    target: targets[order.kind],
    ...(order.kind === 'transfer' && { direction: from.pick(['D', 'C'] as const) }),
  }
}

function linkFault(order: Order, from: Random): LinkFault {
  const soap = isSoap(order.kind)
  const point = from.pick(
    soap
      ? ([...httpPoints, ...replyPoints] as [Point, ...Point[]])
      : ([...trmPoints, ...replyPoints] as [Point, ...Point[]]),
  )
  const does = from.weighted([
    [4, 'hold'],
    [2, 'cut'],
    [3, 'reset'],
    [2, 'lose'],
    // Two requests on one connection are two requests: only the bytes of a COBOL exchange and of replies are sent twice.
    [soap && !point.endsWith('reply') ? 0 : 1.5, 'duplicate'],
    [point === 'before-commarea' ? 0.5 : 0, 'hold-beyond'],
  ] as const)
  const ms = does === 'hold' ? from.pick([100, 400, 900, 2500, 6000]) : does === 'hold-beyond' ? 6000 : undefined
  return { ...meets(order, from), point, does, ...(ms !== undefined && { ms }) }
}

/** The question after the doubt is disturbed as well. */
function inquiryFault(order: Order, from: Random): LinkFault {
  const soap = isSoap(order.kind)
  return {
    target: soap ? 'FindRequest' : 'FNDENT',
    point: soap
      ? from.pick(['after-request', 'before-reply'])
      : from.pick(['before-commarea', 'before-reply', 'mid-reply']),
    does: from.pick(['cut', 'reset', 'duplicate', 'hold']),
    ms: 2500,
  }
}

function coreFault(order: Order, from: Random): CoreFault {
  const common = ['drop-before-execution', 'apply-then-drop', 'partial-frame', 'garbage'] as const
  const fault = isSoap(order.kind)
    ? from.pick([
        ...common,
        ...(['soap-fault', 'http-500', 'html-503', 'apply-then-http-500', 'apply-then-html-503'] as const),
        ...([
          'empty-200',
          'truncated-xml',
          'comment-in-amount',
          'cdata-in-amount',
          'delay',
          'apply-then-answer-late',
        ] as const),
      ])
    : from.pick([...common, 'wrong-length', 'abend', 'failed', 'delay', 'apply-then-answer-late'] as const)
  return { ...meets(order, from), fault, ...details(fault, from) }
}

function details(fault: string, from: Random): Pick<CoreFault, 'ms' | 'bytes'> {
  if (fault === 'wrong-length') return { bytes: from.pick([7, -5]) }
  if (fault === 'apply-then-answer-late') return { ms: from.pick([500, 2500, 4000]) }
  // Applied within deadline and quiescence (2 + 1 s); now and then later than the adapters promise.
  if (fault === 'delay') return { ms: from.chance(0.08) ? lateMs : from.pick([500, 1500, 2600]) }
  return {}
}

/** Longer than the adapters' deadline and quiescence together. */
const lateMs = 4500

/** Whether a core breaks its own promise by it. */
export function isBeyond({ fault, ms = 0 }: CoreFault): boolean {
  return fault === 'delay' && ms >= lateMs
}

function handling(from: Random): Handling {
  return {
    does: from.pick(['cancel', 'terminate', 'reset-first', 'reset-last', 'delete', 'pause']),
    afterMs: from.pick([0, 50, 200, 600, 2000, 4000]),
  }
}

function disaster(from: Random, { disasters, parts, stopMs }: Sizes): Disaster {
  const all: readonly (readonly [number, Disaster])[] = [
    [4, { does: 'stop', part: 'worker', which: from.pick([0, 1]), ms: from.pick([1000, 4000, stopMs / 3, stopMs]) }],
    [1, { does: 'stop', part: 'gateway', which: from.pick([0, 1]), ms: from.pick([1000, 4000, stopMs / 3]) }],
    [3, { does: 'kill', part: 'worker', which: from.pick([0, 1]) }],
    [2, { does: 'kill', part: 'gateway', which: from.pick([0, 1]) }],
    [1, { does: 'kill', part: 'temporal', which: 0 }],
    [1, { does: 'kill', part: 'rabbitmq', which: 0 }],
    [1, { does: 'kill', part: 'postgresql', which: 0 }],
    [2, { does: 'kill', part: from.pick(['bank', 'customers']), which: 0 }],
    [1, { does: 'close-port', part: 'temporal', ms: from.pick([2000, 6000]) }],
    [1, { does: 'close-port', part: 'rabbitmq', ms: from.pick([2000, 6000]) }],
    [1, { does: 'close-port', part: 'postgresql', ms: from.pick([2000, 6000]) }],
    [1, { does: 'stall', part: from.pick(['temporal', 'rabbitmq', 'postgresql']), ms: from.pick([1000, 4000]) }],
    [1, { does: 'bank-down', ms: from.pick([1000, 4000]) }],
    [1, { does: 'silent-inquiries', ms: from.pick([3000, 8000, 30_000]) }],
    [0.7, { does: 'fill-disk', part: from.pick(['bank', 'postgresql']), ms: 3000 }],
    [0.7, { does: 'change-flow' }],
  ]
  return from.weighted(all.filter(([, one]) => disasters.has(one.does) && (!('part' in one) || parts.has(one.part))))
}
