// What stands in the core and what was told when a flow ends: steps undone in order, also by an operator, events, and flows that cannot go on.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Call } from '../../src/contract/call.ts'
import { order, type Rig, resetWorkflow, rig } from '../support/rig.ts'
import { reset, standing } from '../support/scripted-core.ts'

let it: Rig
beforeAll(async () => {
  it = await rig()
})
beforeEach(() => reset(it.core))
afterAll(() => it.close())

const isCredit = ({ request }: Call) => request.direction === 'C'
const undone = () => it.core.calls.flatMap(({ reversing }) => reversing ?? [])

test('a saga is undone from its newest step to its oldest', async () => {
  it.core.onCall = (call) => (isCredit(call) ? { do: 'refuse', reason: 'account-blocked' } : undefined)
  expect(await it.settled(await it.begin('threePosts'))).toMatchObject({ state: 'rejected' })
  expect(undone().map(({ request }) => request.amount)).toEqual(['0.10', order.amount])
  expect(standing(it.core)).toEqual([])
})

test('a step outside of any saga is undone when an operator says so', async () => {
  it.core.onCall = (_, nth) => (nth === 0 ? { do: 'lose', booked: true } : undefined)
  it.core.onInquiry = () => 'unclear'
  const id = await it.begin('orElse')
  expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'in-doubt-unclear' })
  const [post] = it.core.calls
  it.core.onCall = () => undefined
  it.core.onInquiry = () => undefined
  await it.operations.resolve(id, { action: 'reverse', by: 'ops.jane', note: 'the customer paid otherwise' })
  expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'OPERATOR_REVERSED' })
  expect(undone().map(({ reference }) => reference)).toEqual([post?.reference])
  expect(standing(it.core)).toEqual([])
})

test('a flow may undo one of its sagas by itself, and go on', async () => {
  expect(await it.settled(await it.begin('undoOne'))).toMatchObject({ state: 'completed' })
  expect(undone().map(({ request }) => request.direction)).toEqual(['D'])
  expect(standing(it.core).map(({ request }) => request.direction)).toEqual(['C'])
})

test('the events of one flow have ids of their own, the same ones after a reset', async () => {
  const id = await it.begin('tellTwice')
  expect(await it.settled(id)).toMatchObject({ state: 'completed' })
  await resetWorkflow(it, id)
  expect(await it.settled(id)).toMatchObject({ state: 'completed' })
  expect(it.core.events.map(({ name, sequence }) => [name, sequence])).toEqual([
    ['money-taken', 1],
    ['money-given', 2],
    ['money-given', 3],
    ['money-taken', 1],
    ['money-given', 2],
    ['money-given', 3],
  ])
  const ids = it.core.events.map((event) => event.id)
  expect(new Set(ids).size).toBe(3)
  expect(ids.slice(3)).toEqual(ids.slice(0, 3))
})

describe('a flow that cannot go on ends with its code, and leaves nothing', () => {
  test.each<[string, string, string, Parameters<Rig['begin']>[2]]>([
    ['gives up in a way of its own', 'giveUp', 'FLOW_FAILED', {}],
    ['is not wrapped', 'unwrapped', 'FLOW_NOT_WRAPPED', {}],
    ['closes what could not be started in time', 'notBegun', 'OPERATION_NOT_BEGUN', {}],
    [
      'is one transaction that the worker does not know',
      'payOut',
      'TRANSACTION_MISSING',
      { call: { adapter: 'bank', transaction: 'payOut' } },
    ],
  ])('one that %s', async (_, name, code, more) => {
    expect(await it.settled(await it.begin(name, order, more))).toMatchObject({ state: 'failed', code })
    expect(standing(it.core)).toEqual([])
  })
})
