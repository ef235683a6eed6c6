// Whatever an operator starts again by hand, in the UI or with the CLI, nothing is sent blindly.

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Call } from '../../src/contract/call.ts'
import { order, type Rig, resetWorkflow, rig } from '../support/rig.ts'
import { book, doubled, reset, standing } from '../support/scripted-core.ts'

let it: Rig
beforeAll(async () => {
  it = await rig()
})
beforeEach(() => reset(it.core))
afterAll(() => it.close())

const isDebit = ({ request }: Call) => request.direction === 'D'
const namespace = 'default'

describe('a workflow reset', () => {
  test('of a completed transfer finds both posts by inquiry, sends none, and emits the event with the same id', async () => {
    const id = await it.begin('moveMoney')
    const before = await it.settled(id)
    await resetWorkflow(it, id)
    const after = await it.settled(id)
    expect(after).toMatchObject({ state: 'completed' })
    expect('output' in after && after.output).toEqual('output' in before && before.output)
    expect(it.core.calls).toHaveLength(2)
    // For each post: was it applied, and was it undone by the run before?
    const asked = it.core.inquiries.map(({ transaction }) => transaction)
    // What comes behind are the late looks.
    expect(asked.slice(0, 4)).toEqual(['post', 'reverse', 'post', 'reverse'])
    expect(it.core.events).toHaveLength(2)
    expect(new Set(it.core.events.map((event) => event.id)).size).toBe(1)
  })

  test('sends what the core says is absent', async () => {
    it.core.onCall = (call, nth) => (isDebit(call) && nth === 0 ? { do: 'lose', booked: false } : undefined)
    it.core.onInquiry = () => 'unclear'
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'parked' })
    it.core.onInquiry = () => undefined
    await resetWorkflow(it, id)
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    expect(it.core.calls.filter(isDebit)).toHaveLength(2)
    expect(doubled(it.core)).toEqual([])
    expect(standing(it.core)).toHaveLength(2)
  })

  test('to between the proof of absence and the second sending does not trust the old proof', async () => {
    it.core.onCall = (call, nth) => (isDebit(call) && nth === 0 ? { do: 'lose', booked: false } : undefined)
    const id = await it.begin('moveMoney')
    await it.settled(id)
    expect(it.core.calls.filter(isDebit)).toHaveLength(2)
    // The activities so far: call, inquire, call. The workflow task after the inquiry asked for the second call.
    const history = await it.client.workflow.getHandle(id).fetchHistory()
    const events = history.events ?? []
    const proven = events.filter((event) => event.activityTaskCompletedEventAttributes)[1]
    const tasks = events.filter((event) => event.workflowTaskCompletedEventAttributes)
    const nth = tasks.findIndex(({ eventId }) => Number(eventId) > Number(proven?.eventId))
    await resetWorkflow(it, id, nth + 1)
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    expect(it.core.calls.filter(isDebit)).toHaveLength(2)
    expect(doubled(it.core)).toEqual([])
  })

  test('looks up late what it found once: what the run before had sent again may still come', async () => {
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    await resetWorkflow(it, id)
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    const debit = it.core.calls.find(isDebit)
    if (!debit) throw new Error('no debit')
    book(it.core, debit)
    const watchId = `${id}/watch/${debit.reference}`
    expect(await it.settled(watchId)).toMatchObject({ state: 'parked', reason: 'doubled' })
    await it.operations.resolve(watchId, { action: 'abandon', by: 'ops', note: 'test' })
  })

  test('without an inquiry parks instead', async () => {
    const id = await it.begin('sendWire')
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    await resetWorkflow(it, id)
    expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'in-doubt-no-inquiry' })
    expect(it.core.calls).toHaveLength(2)
    await it.operations.resolve(id, { action: 'abandon', by: 'ops', note: 'test' })
  })
})

describe('a workflow reset after the run before had undone a step', () => {
  /** Rejected at the credit, and the debit undone; now the credit would be taken. */
  async function undone(): Promise<string> {
    it.core.onCall = (call, nth) =>
      call.request.direction === 'C' && nth === 0 ? { do: 'refuse', reason: 'account-blocked' } : undefined
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'rejected' })
    return id
  }

  test('to its beginning does not go on without the debit', async () => {
    const id = await undone()
    await resetWorkflow(it, id)
    expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'CALL_REVERSED' })
    expect(it.core.calls).toHaveLength(3)
    expect(standing(it.core)).toEqual([])
    // The debit was there, and was undone: nothing of it came late.
    const watch = it.client.workflow.getHandle(`${id}/watch/${it.core.calls.find(isDebit)?.reference}`)
    expect(await watch.result()).toEqual({ state: 'as-expected' })
  })

  test('to before the credit does not go on either, although its history says that the debit stands', async () => {
    const id = await undone()
    await resetWorkflow(it, id, 2)
    expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'CALL_REVERSED' })
    expect(it.core.calls).toHaveLength(3)
    expect(standing(it.core)).toEqual([])
  })

  test('parks where the core does not tell, and goes on as the operator says', async () => {
    const id = await undone()
    it.core.onInquiry = ({ reversing }) => (reversing ? 'unclear' : undefined)
    await resetWorkflow(it, id)
    expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'reset-in-doubt' })
    await it.operations.resolve(id, { action: 'confirm-applied', by: 'ops', note: 'test' })
    expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'CALL_REVERSED' })
  })

  test('parks where the core does not tell, and takes its word after retry', async () => {
    const id = await undone()
    it.core.onInquiry = ({ reversing }) => (reversing ? 'unclear' : undefined)
    await resetWorkflow(it, id)
    expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'reset-in-doubt' })
    it.core.onInquiry = () => undefined
    await it.operations.resolve(id, { action: 'retry', by: 'ops', note: 'test' })
    expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'CALL_REVERSED' })
    expect(it.core.calls).toHaveLength(3)
    expect(standing(it.core)).toEqual([])
  })

  test('of a reversal that stands twice and that a person confirms finds the second late', async () => {
    const id = await undone()
    const reversal = it.core.calls.find(({ reversing }) => reversing)
    if (!reversal) throw new Error('no reversal')
    book(it.core, reversal)
    await resetWorkflow(it, id)
    expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'reset-in-doubt' })
    await it.operations.resolve(id, { action: 'confirm-applied', by: 'ops', note: 'test' })
    expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'CALL_REVERSED' })
    const watchId = `${id}/watch/${reversal.reference}`
    expect(await it.settled(watchId)).toMatchObject({ state: 'parked', reason: 'doubled' })
    await it.operations.resolve(watchId, { action: 'abandon', by: 'ops', note: 'test' })
  })

  test('and given up while the core is silent looks up the reversal late', async () => {
    const id = await undone()
    it.core.onInquiry = ({ reversing }) => (reversing ? 'unclear' : undefined)
    await resetWorkflow(it, id)
    expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'reset-in-doubt' })
    await it.operations.resolve(id, { action: 'abandon', by: 'ops', note: 'test' })
    expect(await it.settled(id)).toMatchObject({ state: 'abandoned' })
    it.core.onInquiry = () => undefined
    const reversal = it.core.calls.find(({ reversing }) => reversing)
    const watch = it.client.workflow.getHandle(`${id}/watch/${reversal?.reference}`)
    expect(await watch.result()).toEqual({ state: 'as-expected' })
  })
})

test('a cancellation after a reset undoes what the run before had done, and sends nothing', async () => {
  it.core.onCall = (call, nth) => (isDebit(call) && nth === 0 ? { do: 'lose', booked: true } : undefined)
  it.core.onInquiry = (call, nth) => (isDebit(call) && nth < 2 ? 'unclear' : undefined)
  const id = await it.begin('moveMoney')
  expect(await it.settled(id)).toMatchObject({ state: 'parked' })
  // The workflow task that the first decision leads to is where the flow is taken back to.
  const tasks = await countTasks(id)
  await it.operations.resolve(id, { action: 'retry', by: 'ops', note: 'test' })
  expect(await it.settled(id)).toMatchObject({ state: 'completed' })
  it.core.onInquiry = (call) => (isDebit(call) ? 'unclear' : undefined)
  await resetWorkflow(it, id, tasks)
  expect(await it.settled(id)).toMatchObject({ state: 'parked' })
  await it.client.workflow.getHandle(id).cancel()
  const reply = { entryNumber: 'E-7', balance: '5.00' }
  const resolution = { action: 'confirm-applied', by: 'ops', note: 'test', reply } as const
  await it.operations.resolve(id, resolution)
  expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'OPERATION_CANCELLED' })
  expect(it.core.calls.filter(({ reversing }) => reversing)).toHaveLength(2)
  expect(standing(it.core)).toEqual([])
  expect(doubled(it.core)).toEqual([])
})

/** Inquiries about one call; the late looks of other tests come in between. */
const askedFor = (call: Call | undefined) => it.core.inquiries.filter(({ reference }) => reference === call?.reference)

async function countTasks(id: string): Promise<number> {
  const { events } = await it.client.workflow.getHandle(id).fetchHistory()
  return (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes).length
}

describe('a reset of a pending activity', () => {
  test.each([true, false])('does not send again while the first attempt may have (booked: %p)', async (booked) => {
    it.core.onCall = (call, nth) => (isDebit(call) && nth === 0 ? { do: 'hang', booked } : undefined)
    const id = await it.begin('moveMoney')
    while (it.core.calls.length === 0) await pause(20)
    await it.client.workflowService.resetActivity({ namespace, execution: { workflowId: id }, type: 'call' })
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    expect(it.core.calls.filter(isDebit)).toHaveLength(booked ? 1 : 2)
    expect(doubled(it.core)).toEqual([])
    expect(askedFor(it.core.calls.find(isDebit))).toHaveLength(1)
  })

  test('with more attempts allowed by hand, the second attempt asks first', async () => {
    it.core.onCall = (call, nth) => (isDebit(call) && nth === 0 ? { do: 'hang', booked: true } : undefined)
    const id = await it.begin('moveMoney', order, { key: randomUUID() })
    while (it.core.calls.length === 0) await pause(20)
    await it.client.workflowService.updateActivityOptions({
      namespace,
      execution: { workflowId: id },
      type: 'call',
      activityOptions: { retryPolicy: { maximumAttempts: 5 } },
      updateMask: { paths: ['retry_policy.maximum_attempts'] },
    })
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    expect(it.core.calls.filter(isDebit)).toHaveLength(1)
    expect(askedFor(it.core.calls.find(isDebit))).toHaveLength(1)
  })
})

test('a run that had begun to undo goes on from there after a reset to its last task', async () => {
  it.core.onCall = (call) =>
    call.request.direction === 'C' && !call.reversing ? { do: 'refuse', reason: 'account-blocked' } : undefined
  const id = await it.begin('moveMoney')
  expect(await it.settled(id)).toMatchObject({ state: 'rejected' })
  await resetWorkflow(it, id, await countTasks(id))
  expect(await it.settled(id)).toMatchObject({ state: 'rejected', reason: 'account-blocked' })
  expect(standing(it.core)).toEqual([])
  expect(doubled(it.core)).toEqual([])
})

test('what only the run before a reset had made is found and undone when the new run ends early', async () => {
  const id = await it.begin('moveMoney')
  expect(await it.settled(id)).toMatchObject({ state: 'completed' })
  it.core.onInquiry = (call) => (isDebit(call) && !call.reversing ? 'unclear' : undefined)
  await resetWorkflow(it, id, 1)
  expect(await it.settled(id)).toMatchObject({ state: 'parked' })
  await it.operations.resolve(id, { action: 'reverse', by: 'ops', note: 'test' })
  expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'OPERATOR_REVERSED' })
  expect(standing(it.core)).toEqual([])
  expect(it.core.events.map(({ name }) => name).sort()).toEqual(['effect-corrected', 'effect-corrected', 'money-moved'])
})
