// The checker on ledgers made by hand: what is right passes, and each way of being wrong is found by its rule.

import { describe, expect, test } from '@jest/globals'
import { check, type Rule, rules } from './checker.ts'
import type { Act, Effect, Final, Injected, Ledgers, Order, Received, Told } from './ledger.ts'
import { lieControls, lies } from './lies.ts'
import { summary, verdict } from './report.ts'

const transfer = (op: number, more: Partial<Order> = {}): Order => ({
  op,
  kind: 'transfer',
  door: 'rest',
  key: `k${op}`,
  from: `A${op}`,
  to: `B${op}`,
  amount: `${op}.00`,
  currency: 'EUR',
  ...more,
})

const debit = (op: number, entry = `${op}1`): Effect => ({
  program: 'POSTENT',
  reference: `R${op}D`,
  account: `A${op}`,
  direction: 'D',
  amount: `${op}.00`,
  entry,
})
const credit = (op: number, entry = `${op}2`): Effect => ({
  ...debit(op, entry),
  reference: `R${op}C`,
  account: `B${op}`,
  direction: 'C',
})
/** The contra entry of a debit or a credit. */
const reversed = (effect: Effect): Effect => ({
  ...effect,
  program: 'REVENT',
  reference: `${effect.reference}X`,
  direction: effect.direction === 'D' ? 'C' : 'D',
})

const done = (op: number, entries = [`${op}1`, `${op}2`]): Told => ({
  op,
  by: 'http',
  http: 201,
  state: 'completed',
  id: `id${op}`,
  receipt: { debit: { entryNumber: entries[0] }, credit: { entryNumber: entries[1] } },
})
const refused = (op: number, state: 'rejected' | 'failed' = 'rejected', text = ''): Told => ({
  op,
  by: 'http',
  http: 422,
  state,
  id: `id${op}`,
  text,
})
const event = (op: number, more: Partial<Received> = {}): Received => ({
  id: `e${op}`,
  name: 'funds-transferred',
  operationId: `id${op}`,
  data: { from: `A${op}`, to: `B${op}`, amount: `${op}.00` },
  ...more,
})
const end = (op: number, state: Final['state'], more: Partial<Final> = {}): Final => ({
  op,
  id: `id${op}`,
  state,
  ...more,
})

/** Two transfers: the first as the case says, the second right. */
function ledgers(own: Partial<Omit<Ledgers, 'orders'>> & { readonly orders?: readonly Order[] }): Ledgers {
  const with2 = <T>(lines: readonly T[] | undefined, right: readonly T[]): readonly T[] => [...(lines ?? []), ...right]
  return {
    orders: with2(own.orders ?? [transfer(1)], [transfer(2)]),
    told: with2(own.told, [done(2)]),
    effects: with2(own.effects, [debit(2), credit(2)]),
    events: with2(own.events, [event(2)]),
    faults: own.faults ?? [],
    acts: own.acts ?? [],
    finals: with2(own.finals, [end(2, 'completed')]),
  }
}

const both = [debit(1), credit(1)]
const late: Injected = { what: 'bank: delay beyond its promise', ops: [1], beyond: true }

describe('right', () => {
  const right: readonly (readonly [string, Parameters<typeof ledgers>[0]])[] = [
    ['completed', { told: [done(1)], effects: both, events: [event(1)], finals: [end(1, 'completed')] }],
    ['an event twice', { told: [done(1)], effects: both, events: [event(1), event(1)], finals: [end(1, 'completed')] }],
    ['refused', { told: [refused(1)], finals: [end(1, 'rejected')] }],
    ['undone', { told: [refused(1, 'failed')], effects: [debit(1), reversed(debit(1))], finals: [end(1, 'failed')] }],
    ['parked, by half', { effects: [debit(1)], finals: [end(1, 'parked', { listed: true })] }],
    ['given up by a person, by half', { effects: [debit(1)], finals: [end(1, 'abandoned')] }],
    [
      'doubled beyond the limits, and seen',
      {
        told: [done(1)],
        effects: [...both, debit(1, '13')],
        events: [event(1)],
        faults: [late],
        finals: [end(1, 'completed', { attention: 'doubled' })],
      },
    ],
    [
      'a late effect, undone by a person and said so',
      {
        told: [done(1)],
        effects: [...both, reversed(debit(1)), reversed(credit(1))],
        events: [event(1), event(1, { id: 'e1c', name: 'effect-corrected' })],
        finals: [end(1, 'failed', { attention: 'late-effect' })],
      },
    ],
    [
      'a used key',
      {
        orders: [transfer(1, { reuses: 2 })],
        told: [{ op: 1, by: 'http', state: 'refused', id: 'id2' }],
        finals: [{ op: 1, state: 'refused' }],
      },
    ],
    [
      'confirmed by a person, who typed the receipt',
      {
        told: [done(1, ['7', '8'])],
        effects: both,
        events: [event(1)],
        acts: [{ op: 1, action: 'confirm-applied', taken: true }] satisfies Act[],
        finals: [end(1, 'completed')],
      },
    ],
  ]
  test.each(right)('%s', (_, own) => {
    expect(check(ledgers(own))).toEqual([])
  })
})

describe('wrong', () => {
  const wrong: readonly (readonly [string, readonly Rule[], Parameters<typeof ledgers>[0]])[] = [
    [
      'completed by half',
      ['lost', 'untrue 201', 'ghost event'],
      { told: [done(1, ['11', '11'])], effects: [debit(1)], events: [event(1)], finals: [end(1, 'completed')] },
    ],
    [
      'failed by half',
      ['lost', 'untrue refusal'],
      { told: [refused(1, 'failed')], effects: [debit(1)], finals: [end(1, 'failed')] },
    ],
    [
      'doubled',
      ['doubled'],
      {
        told: [done(1)],
        effects: [...both, debit(1, '13')],
        events: [event(1)],
        faults: [late],
        finals: [end(1, 'completed')],
      },
    ],
    [
      'doubled and seen, though nothing was beyond the limits',
      ['doubled'],
      {
        told: [done(1)],
        effects: [...both, debit(1, '13')],
        events: [event(1)],
        finals: [end(1, 'completed', { attention: 'doubled' })],
      },
    ],
    [
      'two requests under one key',
      ['doubled'],
      {
        orders: [transfer(1, { reuses: 2 })],
        told: [done(1)],
        effects: both,
        events: [event(1)],
        finals: [end(1, 'completed')],
      },
    ],
    [
      'an amount that nobody ordered',
      ['wrong amount'],
      { told: [refused(1)], effects: [{ ...debit(1), amount: '99.00' }], finals: [end(1, 'rejected')] },
    ],
    [
      'on another account',
      ['wrong amount'],
      { told: [refused(1)], effects: [{ ...debit(1), account: 'A2' }], finals: [end(1, 'rejected')] },
    ],
    [
      'an event of what was undone',
      ['ghost event'],
      { effects: [debit(1), reversed(debit(1))], events: [event(1)], finals: [end(1, 'failed')] },
    ],
    ['an event of nobody', ['ghost event'], { told: [refused(1)], events: [event(9)], finals: [end(1, 'rejected')] }],
    [
      'two different events',
      ['ghost event'],
      { told: [done(1)], effects: both, events: [event(1), event(1, { id: 'other' })], finals: [end(1, 'completed')] },
    ],
    [
      'an event with another amount',
      ['ghost event'],
      {
        told: [done(1)],
        effects: both,
        events: [event(1, { data: { amount: '5.00' } })],
        finals: [end(1, 'completed')],
      },
    ],
    ['no event', ['missing event'], { told: [done(1)], effects: both, finals: [end(1, 'completed')] }],
    [
      'told 201, later undone',
      ['untrue 201'],
      { told: [done(1, ['11', '11'])], effects: [debit(1), reversed(debit(1))], finals: [end(1, 'failed')] },
    ],
    [
      'told no, and it stands',
      ['untrue refusal'],
      { told: [refused(1, 'failed')], effects: both, finals: [end(1, 'failed')] },
    ],
    [
      'told no, and then it completed',
      ['untrue refusal'],
      { told: [refused(1, 'failed'), done(1)], effects: both, events: [event(1)], finals: [end(1, 'completed')] },
    ],
    [
      'told to start anew while it is parked',
      ['untrue refusal'],
      {
        told: [refused(1, 'failed', 'only a new key starts anew')],
        effects: [debit(1)],
        finals: [end(1, 'parked', { listed: true })],
      },
    ],
    [
      'the receipt of another',
      ['old receipt'],
      { told: [done(1, ['21', '22'])], effects: both, events: [event(1)], finals: [end(1, 'completed')] },
    ],
    [
      'an empty receipt',
      ['old receipt'],
      { told: [{ ...done(1), receipt: {} }], effects: both, events: [event(1)], finals: [end(1, 'completed')] },
    ],
    ['running for ever', ['endless run'], { finals: [end(1, 'running')] }],
    ['never answered', ['endless run'], { finals: [{ op: 1, state: 'unknown' }] }],
    ['parked and not found', ['parked unseen'], { finals: [end(1, 'parked', { listed: false })] }],
    [
      'a late look-up parked and not shown',
      ['parked unseen', 'doubled'],
      {
        told: [done(1)],
        effects: [...both, debit(1, '13')],
        events: [event(1)],
        faults: [late],
        finals: [end(1, 'completed', { watchParked: true })],
      },
    ],
  ]
  test.each(wrong)('%s', (_, expected, own) => {
    expect(new Set(check(ledgers(own)).map(({ rule }) => rule))).toEqual(new Set(expected))
  })
})

describe('the negative controls', () => {
  const clean = ledgers({ told: [done(1)], effects: both, events: [event(1)], finals: [end(1, 'completed')] })

  test('plant a lie for each rule, and each is found', () => {
    expect(new Set(lies(clean).map(({ rule }) => rule))).toEqual(new Set(Object.keys(rules)))
    expect(lieControls(clean).filter(({ caught }) => !caught)).toEqual([])
  })
  test('count as not caught where nothing could be planted', () => {
    expect(lieControls(ledgers({ finals: [end(1, 'running')] }))).toEqual([{ name: 'planted lies', caught: false }])
  })
  test('decide the verdict together with the findings and the share', () => {
    const counted = summary(clean)
    expect(verdict([], counted, [{ name: 'x', caught: true }])).toMatchObject({ isRight: true })
    expect(verdict([], counted, [{ name: 'x', caught: false }])).toMatchObject({ isRight: false })
    expect(verdict([], { ...counted, inDoubt: 100, byThemselves: 98 }, [])).toMatchObject({ isRight: false })
    expect(verdict(check(ledgers({ finals: [end(1, 'running')] })), counted, [])).toMatchObject({ isRight: false })
  })
})

test('the table counts each fault and how the operations that it touched ended', () => {
  const faults: Injected[] = [
    { what: 'bank: garbage', ops: [1], doubt: true },
    { what: 'worker killed', ops: [1, 2] },
  ]
  const { table, ...counts } = summary(
    ledgers({ faults, effects: [debit(1)], finals: [end(1, 'parked', { listed: true })] }),
  )
  expect(counts).toEqual({ operations: 2, inDoubt: 1, byThemselves: 0 })
  expect(table.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    expect.arrayContaining(['fault', 'times', 'completed', 'parked']),
    ['bank: garbage', '1', '1'],
    ['worker killed', '1', '1', '1'],
    ['all operations', '1', '1'],
  ])
})

test.each<[string, Partial<Act>, number, number]>([
  ['a decision while the run went on leaves the share out', { action: 'retry', taken: true }, 0, 0],
  ['one that was refused does not', { action: 'retry', taken: false }, 1, 1],
  ['a decision after all had had their time counts against it', { action: 'retry', taken: true, late: true }, 1, 0],
  ['what was ended by force waits for a person', { action: 'terminate', taken: true }, 0, 0],
])('of those in doubt, %s', (_, act, inDoubt, byThemselves) => {
  const faults: Injected[] = [{ what: 'bank: garbage', ops: [1], doubt: true }]
  const acts: Act[] = [{ op: 1, action: 'retry', taken: true, ...act }]
  expect(summary(ledgers({ faults, acts, effects: [debit(1)], finals: [end(1, 'completed')] }))).toMatchObject({
    inDoubt,
    byThemselves,
  })
})

test.each<[Order['kind'], Effect['program'], readonly Rule[]]>([
  // It names no inquiry, so that nothing but the person's word is there.
  ['address', 'ChangeAddress', []],
  ['raise', 'RaiseCreditLimit', ['untrue refusal']],
])('a wrong word of a person on %s', (kind, program, expected) => {
  const acts: Act[] = [{ op: 1, action: 'confirm-not-applied', taken: true, right: false }]
  const effects = [{ ...debit(1), program, account: 'A1' }]
  const told = [refused(1, 'failed')]
  const own = { orders: [transfer(1, { kind })], acts, effects, told, finals: [end(1, 'failed')] }
  expect(check(ledgers(own)).map(({ rule }) => rule)).toEqual(expected)
})
