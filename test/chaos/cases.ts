// The ledgers of a fault run brought together: for each order what was told, what stands, what was published, what befell it.

import type { Act, Effect, Final, Injected, Ledgers, Order, Received, State, Told } from './ledger.ts'

export interface Side {
  /** `debit`, `credit`, `entry`, `raise`, `address`. */
  readonly side: string
  /** How often it was made and not undone. */
  readonly standing: number
}

export interface Case {
  readonly order: Order
  readonly told: readonly Told[]
  readonly effects: readonly Effect[]
  readonly sides: readonly Side[]
  readonly events: readonly Received[]
  readonly eventName: string
  readonly faults: readonly Injected[]
  readonly acts: readonly Act[]
  readonly final: Final
  /** The ids under which clients know the operation. */
  readonly ids: ReadonlySet<string>
  /** A fault beyond the declared limits touched it. */
  readonly beyond: boolean
  /** An event took the effect back. */
  readonly corrected: boolean
  /** A person confirmed an effect, and so wrote the receipt. */
  readonly confirmed: boolean
  /** The numbers of the core in a receipt, in the order of the sides. */
  receiptOf(receipt: Readonly<Record<string, unknown>>): readonly (string | undefined)[]
}

const eventNames = {
  transfer: 'funds-transferred',
  entry: 'entry-posted',
  raise: 'credit-limit-raised',
  address: 'address-changed',
} as const

/** Whether a client that was told so has its answer. */
export function isEnd(state: State): boolean {
  return state !== 'running' && state !== 'parked' && state !== 'retry'
}

/** Whether an operation that had begun is over. */
export function hasEnded({ final: { state } }: Case): boolean {
  return state === 'completed' || state === 'rejected' || state === 'failed' || state === 'abandoned'
}

/** Whether a person is told that something is not as it should be. */
export function isSeen({ final }: Case): boolean {
  return final.attention !== undefined || final.state === 'parked'
}

/** One case an order, by its number. */
export function casesOf(ledgers: Ledgers): ReadonlyMap<number, Case> {
  const told = grouped(ledgers.told, ({ op }) => [op])
  const acts = grouped(ledgers.acts, ({ op }) => [op])
  const faults = grouped(ledgers.faults, ({ ops }) => ops)
  const finals = new Map(ledgers.finals.map((final) => [final.op, final]))
  const effects = grouped(ledgers.effects, ({ amount }) => [amount])
  const events = grouped(ledgers.events, ({ operationId }) => [operationId])
  const cases = new Map<number, Case>()
  for (const order of ledgers.orders) {
    const { op } = order
    const final = finals.get(op) ?? { op, state: 'unknown' }
    const ids = idsOf(told.get(op) ?? [], final)
    const own = (effects.get(order.amount) ?? []).filter((effect) => belongs(effect, order))
    const published = [...ids].flatMap((id) => events.get(id) ?? [])
    const acted = acts.get(op) ?? []
    cases.set(op, {
      order,
      told: told.get(op) ?? [],
      effects: own,
      sides: sidesOf(order, own),
      events: published,
      eventName: eventNames[order.kind],
      faults: faults.get(op) ?? [],
      acts: acted,
      final,
      ids,
      beyond: (faults.get(op) ?? []).some(({ beyond }) => beyond),
      corrected: published.some(({ name }) => name === 'effect-corrected'),
      confirmed: acted.some(({ action, taken }) => taken && action === 'confirm-applied'),
      receiptOf: (receipt) => numbersOf(order, receipt),
    })
  }
  return cases
}

function grouped<T, K>(lines: readonly T[], keysOf: (line: T) => readonly K[]): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>()
  for (const line of lines) {
    for (const key of new Set(keysOf(line))) {
      const group = groups.get(key)
      if (group) group.push(line)
      else groups.set(key, [line])
    }
  }
  return groups
}

function idsOf(told: readonly Told[], final: Final): ReadonlySet<string> {
  // A refusal for a key that was used names the operation of the other request.
  const own = told.filter(({ state }) => state !== 'refused').map(({ id }) => id)
  return new Set([...own, final.id].filter((id) => id !== undefined))
}

function belongs(effect: Effect, order: Order): boolean {
  switch (order.kind) {
    case 'transfer':
      return (
        (effect.program === 'POSTENT' && effect.account === (effect.direction === 'D' ? order.from : order.to)) ||
        (effect.program === 'REVENT' && effect.account === (effect.direction === 'C' ? order.from : order.to))
      )
    case 'entry':
      return (
        effect.account === order.from &&
        (effect.program === 'REVENT' || (effect.program === 'POSTENT' && effect.direction === order.direction))
      )
    case 'raise':
      return effect.program === 'RaiseCreditLimit' && effect.account === order.from
    case 'address':
      return effect.program === 'ChangeAddress' && effect.account === order.from
  }
}

function sidesOf(order: Order, effects: readonly Effect[]): readonly Side[] {
  const standing = (account: string | undefined) => {
    const own = effects.filter((effect) => effect.account === account)
    const made = own.filter(({ program }) => program !== 'REVENT').length
    return made - (own.length - made)
  }
  switch (order.kind) {
    case 'transfer':
      return [
        { side: 'debit', standing: standing(order.from) },
        { side: 'credit', standing: standing(order.to) },
      ]
    case 'address':
      // Idempotent: the same address again is the same effect.
      return [{ side: 'address', standing: Math.min(1, standing(order.from)) }]
    default:
      return [{ side: order.kind, standing: standing(order.from) }]
  }
}

function numbersOf({ kind }: Order, receipt: Readonly<Record<string, unknown>>): readonly (string | undefined)[] {
  const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)
  switch (kind) {
    case 'transfer': {
      const entryOf = (side: unknown) => textOf((side as { entryNumber?: unknown } | undefined)?.entryNumber)
      return [entryOf(receipt.debit), entryOf(receipt.credit)]
    }
    case 'entry':
      return [textOf(receipt.entryNumber)]
    case 'raise':
      return [textOf(receipt.decisionNumber)]
    case 'address':
      return [textOf(receipt.version)]
  }
}
