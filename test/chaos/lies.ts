// One planted lie for each rule: the ledgers of a run, changed in one place. A checker that does not find it proves nothing.

import { type Case, casesOf } from './cases.ts'
import { check, type Rule } from './checker.ts'
import type { Final, Ledgers, Told } from './ledger.ts'
import type { Control } from './report.ts'

export interface Lie {
  readonly rule: Rule
  /** The order that it is about; undefined: of no order. */
  readonly op: number | undefined
  readonly ledgers: Ledgers
}

/** The lies that these ledgers have room for: a transfer that completed untouched is needed, and one that did not take effect. */
export function lies(ledgers: Ledgers): Lie[] {
  const cases = [...casesOf(ledgers).values()]
  const isClean = ({ final, events, order }: Case) =>
    final.state === 'completed' && final.attention === undefined && events.length > 0 && order.kind === 'transfer'
  const done = cases.find(isClean)
  const other = cases.filter(isClean).at(-1)
  if (!done || !other || done === other) return []
  return [...aboutEffects(ledgers, done), ...aboutEvents(ledgers, done), ...aboutWords(ledgers, done, other)]
}

function aboutEffects(ledgers: Ledgers, one: Case): Lie[] {
  const { op } = one.order
  const [debit, credit] = [one.effects.find(isDebit), one.effects.find((effect) => !isDebit(effect))]
  const without = ledgers.effects.filter((effect) => effect !== credit)
  return [
    { rule: 'lost', op, ledgers: { ...ledgers, effects: without } },
    { rule: 'doubled', op, ledgers: { ...ledgers, effects: [...ledgers.effects, ...(debit ? [debit] : [])] } },
    {
      rule: 'wrong amount',
      op: undefined,
      ledgers: { ...ledgers, effects: [...without, ...(credit ? [{ ...credit, amount: '900000.00' }] : [])] },
    },
    { rule: 'untrue 201', op, ledgers: { ...ledgers, effects: without } },
  ]
}

const isDebit = ({ direction }: { readonly direction?: string }) => direction === 'D'

function aboutEvents(ledgers: Ledgers, one: Case): Lie[] {
  const { op } = one.order
  const own = new Set(one.events)
  const ghost = one.events.map((event) => ({ ...event, operationId: 'transferFunds-v1-nobody' }))
  return [
    { rule: 'ghost event', op: undefined, ledgers: { ...ledgers, events: [...ledgers.events, ...ghost] } },
    { rule: 'missing event', op, ledgers: { ...ledgers, events: ledgers.events.filter((event) => !own.has(event)) } },
  ]
}

function aboutWords(ledgers: Ledgers, one: Case, other: Case): Lie[] {
  const { op } = one.order
  const final = (change: Partial<Final>) => ({
    ...ledgers,
    finals: ledgers.finals.map((line) => (line.op === op ? { ...line, ...change } : line)),
  })
  const refusal: Told = { op, by: 'http', http: 500, state: 'failed', code: 'CALL_NOT_APPLIED' }
  const receipts = other.told.filter(({ receipt }) => receipt !== undefined)
  return [
    { rule: 'untrue refusal', op, ledgers: { ...final({ state: 'failed' }), told: [...ledgers.told, refusal] } },
    {
      rule: 'old receipt',
      op,
      ledgers: { ...ledgers, told: [...ledgers.told, ...receipts.map((line) => ({ ...line, op }))] },
    },
    { rule: 'endless run', op, ledgers: final({ state: 'running' }) },
    { rule: 'parked unseen', op, ledgers: final({ state: 'parked', listed: false }) },
  ]
}

/** Plants each lie and looks whether its rule finds it, there where it was planted. */
export function lieControls(ledgers: Ledgers): Control[] {
  const planted = lies(ledgers)
  if (planted.length === 0) return [{ name: 'planted lies', caught: false }]
  return planted.map((lie) => ({
    name: `planted lie: ${lie.rule}`,
    caught: check(lie.ledgers).some((finding) => finding.rule === lie.rule && finding.op === lie.op),
  }))
}
