// What was parked in an outage goes on by itself when the core answers again.

import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Call } from '../../src/contract/call.ts'
import type { Patience } from '../../src/contract/durable.ts'
import { failure } from '../../src/error/failure.ts'
import { jittered } from '../../src/flow/doubt/ask.ts'
import { type Rig, rig } from '../support/rig.ts'
import { doubled, reset, standing } from '../support/scripted-core.ts'

const restless: Partial<Patience> = { askAgainMs: 150, askAgainMaxMs: 300 }
let it: Rig
let strict: Rig
beforeAll(async () => {
  it = await rig(restless)
  strict = await rig({ ...restless, resendWithinMs: 0 })
})
beforeEach(() => {
  reset(it.core)
  reset(strict.core)
})
afterAll(async () => {
  await it.close()
  await strict.close()
})

const isCredit = ({ request, reversing }: Call) => request.direction === 'C' && !reversing

async function parkedIn(one: Rig, booked: boolean): Promise<string> {
  one.core.onCall = (call, nth) => (isCredit(call) && nth === 0 ? { do: 'lose', booked } : undefined)
  one.core.onInquiry = () => 'unclear'
  const id = await one.begin('moveMoney')
  expect(await one.settled(id)).toMatchObject({ state: 'parked', reason: 'in-doubt-unclear' })
  return id
}

/** The end, past any parking. */
async function endOf(one: Rig, id: string) {
  for (let tries = 0; tries < 200; tries++) {
    const status = await one.operations.status(id)
    if (status?.endedAt) return status
    await pause(50)
  }
  throw new Error('it did not end')
}

test('found: it completes', async () => {
  const id = await parkedIn(it, true)
  it.core.onInquiry = () => undefined
  expect(await endOf(it, id)).toMatchObject({ state: 'completed' })
  expect(it.core.calls.filter(isCredit)).toHaveLength(1)
})

test('a silent core is asked again and again, each time by a question of its own', async () => {
  const id = await parkedIn(it, true)
  const asked = it.core.inquiries.length
  while (it.core.inquiries.length < asked + 3) await pause(20)
  const { events } = await it.client.workflow.getHandle(id).fetchHistory()
  const ids = (events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes?.activityId ?? [])
  expect(ids.filter((one) => one.startsWith('find?')).length).toBeGreaterThanOrEqual(3)
  it.core.onInquiry = () => undefined
  expect(await endOf(it, id)).toMatchObject({ state: 'completed' })
})

test('pauses are drawn from three quarters to five quarters', () => {
  const drawn = Array.from({ length: 2000 }, () => jittered(1000)).sort((one, other) => one - other)
  const [shortest = 0, longest = 0] = [drawn[0], drawn.at(-1)]
  expect(shortest).toBeGreaterThanOrEqual(750)
  expect(shortest).toBeLessThan(800)
  expect(longest).toBeGreaterThan(1200)
  expect(longest).toBeLessThanOrEqual(1250)
})

test('the core is not asked again behind a decision', async () => {
  const id = await parkedIn(it, true)
  const asked = () => it.core.inquiries.filter(isCredit).length
  let askedUntilUndone: number | undefined
  it.core.onCall = ({ reversing }) => {
    if (reversing) askedUntilUndone ??= asked()
    return undefined
  }
  it.core.onInquiry = () => 'hang'
  const decided = it.operations.resolve(id, { action: 'reverse', by: 'ops', note: 'not wanted' })
  // The decision is being held against the core, for longer than the pauses between two questions are.
  await pause(1000)
  const askedBefore = asked()
  await decided
  expect(await endOf(it, id)).toMatchObject({ state: 'failed', code: 'OPERATOR_REVERSED' })
  expect(askedUntilUndone).toBe(askedBefore)
})

test('absent soon after the request: it is sent again', async () => {
  const id = await parkedIn(it, false)
  it.core.onInquiry = () => undefined
  expect(await endOf(it, id)).toMatchObject({ state: 'completed' })
  expect(it.core.calls.filter(isCredit)).toHaveLength(2)
  expect(doubled(it.core)).toEqual([])
})

test('absent too late after it: it ends as not applied, and the step before is undone', async () => {
  const id = await parkedIn(strict, false)
  strict.core.onInquiry = () => undefined
  expect(await endOf(strict, id)).toMatchObject({ state: 'failed', code: 'CALL_TOO_LATE' })
  expect(strict.core.calls.filter(isCredit)).toHaveLength(1)
  expect(standing(strict.core)).toEqual([])
})

test('a reversal that cannot be sent is tried again by itself', async () => {
  let away = true
  it.core.onCall = (call) => {
    if (call.reversing) return away ? { do: 'not-sent' } : undefined
    return isCredit(call) ? { do: 'refuse', reason: 'account-blocked' } : undefined
  }
  const id = await it.begin('moveMoney')
  expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'reversal-failed' })
  away = false
  expect(await endOf(it, id)).toMatchObject({ state: 'rejected', reason: 'account-blocked' })
  expect(standing(it.core)).toEqual([])
})

test('a reversal that takes effect while retry is decided is not sent once more', async () => {
  it.core.onCall = (call, nth) => {
    // Abended, it parks; tried by itself it is booked, and its answer is lost.
    if (call.reversing) return nth === 0 ? { do: 'abend' } : { do: 'hang', booked: true }
    return isCredit(call) ? { do: 'refuse', reason: 'account-blocked' } : undefined
  }
  const id = await it.begin('moveMoney')
  expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'reversal-failed' })
  while (it.core.calls.filter(({ reversing }) => reversing).length < 2) await pause(20)
  await it.operations.resolve(id, { action: 'retry', by: 'ops', note: 'it was away' })
  expect(await endOf(it, id)).toMatchObject({ state: 'rejected', reason: 'account-blocked' })
  expect(doubled(it.core)).toEqual([])
  expect(standing(it.core)).toEqual([])
})

test('an answer that nobody takes does not keep the operation running', async () => {
  it.core.onReply = () => {
    throw failure('MESSAGE_UNROUTABLE', { exchange: '', key: 'gone' })
  }
  const id = await it.begin('moveMoney', undefined, { replyTo: { queue: 'gone', correlationId: 'c' } })
  expect(await endOf(it, id)).toMatchObject({ state: 'completed' })
  const { typedSearchAttributes } = await it.client.workflow.getHandle(id).describe()
  const attributes = Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]))
  expect(attributes.MainspanReason).toBe('answer-undelivered')
  expect(it.core.replies.length).toBeLessThanOrEqual(2)
})
