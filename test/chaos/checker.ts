// Judges a fault run by its ledgers alone: what clients were told, what the cores did, what a consumer received. Pure, so that lies can
// be planted and must be found (checker.test.ts, lies.ts). The rules are those of docs/doubt.md.

import { type Case, casesOf, hasEnded, isSeen } from './cases.ts'
import type { Effect, Ledgers, Told } from './ledger.ts'

/** What may not be. */
export const rules = {
  lost: 'an operation has ended and a part of its effect is missing, unseen',
  doubled: 'an effect is there more than once, unseen or without a fault that could excuse it',
  'wrong amount': 'a core has an effect that nobody ordered so',
  'ghost event': 'an event tells of what does not stand, twice of the same, or of nothing known',
  'missing event': 'an operation has completed and its event never came',
  'untrue 201': 'a client was told that it is done, and it does not stand',
  'untrue refusal': 'a client was told that it is refused or failed, and it stands',
  'old receipt': 'a client got the receipt of another request, or an empty one',
  'endless run': 'an operation has neither ended nor parked long after the last fault',
  'parked unseen': 'something waits for a person, and no person can find it',
} as const

export type Rule = keyof typeof rules

export interface Finding {
  readonly rule: Rule
  /** The order it belongs to, where there is one. */
  readonly op: number | undefined
  readonly story: string
}

/** Everything that may not be, rule by rule. An empty list: the run was right. */
export function check(ledgers: Ledgers): Finding[] {
  const cases = casesOf(ledgers)
  return [
    ...[...cases.values()].flatMap((one) => perCase.flatMap((rule) => rule(one, cases))),
    ...strangers(ledgers, cases),
  ]
}

type CaseRule = (one: Case, cases: ReadonlyMap<number, Case>) => Finding[]

const found = (rule: Rule, { order: { op } }: Case, story: string): Finding[] => [{ rule, op, story }]

const lost: CaseRule = (one) => {
  if (!hasEnded(one) || one.final.state === 'abandoned' || isSeen(one)) return []
  const missing = one.sides.filter(({ standing }) => standing < 1).length
  const there = one.sides.length - missing
  if (one.final.state === 'completed' && missing > 0) {
    return found('lost', one, `completed, and ${missing} of ${one.sides.length} effects are not there`)
  }
  if (one.final.state !== 'completed' && missing > 0 && there > 0) {
    return found('lost', one, `${one.final.state}, and it stands by half`)
  }
  return []
}

const doubled: CaseRule = (one, cases) => {
  const twice = one.sides.filter(({ standing }) => standing > 1)
  if (twice.length > 0) {
    const what = twice.map(({ side, standing }) => `${side} ${standing} times`).join(', ')
    if (!isSeen(one)) return found('doubled', one, `${what}, ${one.final.state}, and nobody is told`)
    if (!one.beyond) return found('doubled', one, `${what}: seen, but every fault was within the declared limits`)
  }
  const other = one.order.reuses === undefined ? undefined : cases.get(one.order.reuses)
  if (other && stands(one) && stands(other) && !isSeen(one) && !isSeen(other)) {
    return found('doubled', one, `the key of ${other.order.op} carried out this request as well`)
  }
  return []
}

const untrueDone: CaseRule = (one) => {
  const done = one.told.find(({ state }) => state === 'completed')
  if (!done || one.final.state === 'abandoned' || isSeen(one) || one.corrected || restsOnWord(one)) return []
  const missing = one.sides.filter(({ standing }) => standing < 1).map(({ side }) => side)
  return missing.length === 0
    ? []
    : found('untrue 201', one, `${wordsOf(done)}: done, but there is no ${missing.join(' and no ')}`)
}

/** A wrong word of a person on a transaction that names no inquiry: nobody can contradict it, which the answer and docs/doubt.md say. */
function restsOnWord({ order, acts }: Case): boolean {
  const isWrong = acts.some(({ action, right, taken }) => taken && right === false && action.startsWith('confirm-'))
  return order.kind === 'address' && isWrong
}

const untrueRefusal: CaseRule = (one) => {
  if (!anyStands(one) || restsOnWord(one)) return []
  const no = one.told.filter(({ state }) => state === 'rejected' || state === 'failed' || state === 'refused')
  const careless = no.find(({ text }) => text?.includes('only a new key starts anew'))
  if (careless) return found('untrue refusal', one, `${wordsOf(careless)}: told to start anew, but it stands`)
  const last = no.at(-1)
  if (!last || isSeen(one) || one.final.state === 'completed') {
    // What was refused at first and completed in the end was an untrue refusal for the client that read it.
    const early = one.final.state === 'completed' ? no[0] : undefined
    return early ? found('untrue refusal', one, `${wordsOf(early)}, and yet it completed`) : []
  }
  return found('untrue refusal', one, `${wordsOf(last)}, but it stands`)
}

const oldReceipt: CaseRule = (one) =>
  one.told.flatMap((told) => {
    if (told.state !== 'completed' || told.receipt === undefined) return []
    const wrong = wrongIn(told.receipt, one)
    return wrong === undefined ? [] : found('old receipt', one, `${wordsOf(told)}: ${wrong}`)
  })

const endless: CaseRule = (one) =>
  one.final.state === 'running' || one.final.state === 'unknown' || one.final.state === 'retry'
    ? found('endless run', one, `${one.final.state} long after the last fault`)
    : []

const parkedUnseen: CaseRule = (one) => {
  const { state, listed, attention, watchParked } = one.final
  if (state === 'parked' && !listed) return found('parked unseen', one, 'parked, but the search does not list it')
  if (watchParked && attention === undefined && state !== 'parked') {
    return found('parked unseen', one, 'a late look-up is parked, and the operation does not say so')
  }
  return []
}

const events: CaseRule = (one) => {
  const ids = new Map<string, Set<string>>()
  for (const { name, id } of one.events) ids.set(name, (ids.get(name) ?? new Set()).add(id))
  const twice = [...ids].filter(([name, several]) => name !== corrected && several.size > 1)
  if (twice.length > 0) return found('ghost event', one, `two different events ${twice[0]?.[0]}`)
  const own = one.events.filter(({ name }) => name === one.eventName)
  const wrong = own.find(({ data }) => !saysWhat(data, one))
  if (wrong) return found('ghost event', one, `an event with other data: ${JSON.stringify(wrong.data)}`)
  const missing = one.sides.some(({ standing }) => standing < 1)
  if (own.length > 0 && missing && !one.corrected && !isSeen(one) && one.final.state !== 'abandoned') {
    return found('ghost event', one, `${one.eventName}, but it does not stand`)
  }
  return own.length === 0 && one.final.state === 'completed' ? found('missing event', one, `no ${one.eventName}`) : []
}

const perCase: readonly CaseRule[] = [
  lost,
  doubled,
  untrueDone,
  untrueRefusal,
  oldReceipt,
  endless,
  parkedUnseen,
  events,
]

/** The event that takes another one back. */
const corrected = 'effect-corrected'

/** Effects and events that belong to no order. */
function strangers({ effects, events }: Ledgers, cases: ReadonlyMap<number, Case>): Finding[] {
  const known = new Set<Effect>([...cases.values()].flatMap((one) => one.effects))
  const operations = new Set([...cases.values()].flatMap(({ ids }) => [...ids]))
  return [
    ...effects
      .filter((effect) => !known.has(effect))
      .map(({ program, account, direction = '', amount }) => ({
        rule: 'wrong amount' as const,
        op: undefined,
        story: `${program} ${direction} of ${amount} on ${account}: ordered by nobody`,
      })),
    ...events
      .filter(({ operationId }) => !operations.has(operationId))
      .map(({ name, operationId }) => ({
        rule: 'ghost event' as const,
        op: undefined,
        story: `${name} of ${operationId}, which no client knows`,
      })),
  ]
}

const stands = (one: Case) => one.sides.every(({ standing }) => standing > 0)
const anyStands = (one: Case) => one.sides.some(({ standing }) => standing > 0)

function wordsOf({ by, http, state, code }: Told): string {
  return [by, http, state, code].filter((word) => word !== undefined).join(' ')
}

/** What is wrong with a receipt: its numbers are not those of the entries that belong to the order. */
function wrongIn(receipt: Readonly<Record<string, unknown>>, one: Case): string | undefined {
  const numbers = one.receiptOf(receipt)
  if (numbers.some((number) => number === undefined || number === '')) return 'an empty receipt'
  // A person who confirmed what the core did not tell typed these numbers; and a customer's version counts every change.
  if (one.confirmed || one.order.kind === 'address') return undefined
  const own = new Set(one.effects.map(({ entry }) => entry))
  const strange = numbers.find((number) => !own.has(String(number)))
  return strange === undefined ? undefined : `number ${strange} belongs to another request`
}

/** Whether an event's data agrees with the order, as far as it says anything of it. */
function saysWhat(data: Readonly<Record<string, unknown>>, { order }: Case): boolean {
  const expected: Readonly<Record<string, string | undefined>> =
    order.kind === 'transfer'
      ? { from: order.from, to: order.to, amount: order.amount }
      : order.kind === 'entry'
        ? { accountNumber: order.from, direction: order.direction, amount: order.amount }
        : order.kind === 'raise'
          ? { customerNumber: order.from, raiseBy: order.amount }
          : { customerNumber: order.from }
  return Object.entries(expected).every(([name, value]) => data[name] === undefined || data[name] === value)
}
