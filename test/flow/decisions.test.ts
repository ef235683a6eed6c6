// Decisions are held against the core: nothing that it contradicts is taken, and its silence is said.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Call } from '../../src/contract/call.ts'
import type { Resolution } from '../../src/contract/durable.ts'
import { type Rig, rig } from '../support/rig.ts'
import { doubled, type InquiryFault, reset, standing } from '../support/scripted-core.ts'

let it: Rig
beforeAll(async () => {
  it = await rig()
})
beforeEach(() => reset(it.core))
afterAll(() => it.close())

const by = { by: 'ops.jane', note: 'looked it up in the core' }
const isCredit = ({ request }: Call) => request.direction === 'C'

/** A transfer that is parked on its credit; then the core answers inquiries as `later` says. */
async function parked(booked: boolean, later?: InquiryFault): Promise<string> {
  it.core.onCall = (call, nth) => (isCredit(call) && nth === 0 ? { do: 'lose', booked } : undefined)
  it.core.onInquiry = () => 'unclear'
  const id = await it.begin('moveMoney')
  expect(await it.settled(id)).toMatchObject({ state: 'parked' })
  it.core.onInquiry = () => later
  return id
}

const decide = (id: string, resolution: Resolution) => it.operations.resolve(id, resolution)

describe('a decision that the core contradicts is refused in words', () => {
  test('confirm-not-applied of what was applied', async () => {
    const id = await parked(true)
    await expect(decide(id, { action: 'confirm-not-applied', ...by })).rejects.toMatchObject({
      code: 'RESOLUTION_REFUSED',
      message: expect.stringMatching(
        /The core has an entry with reference .* confirm-applied or retry or reverse fits\./,
      ),
    })
    expect(await it.operations.status(id)).toMatchObject({ state: 'parked' })
    await decide(id, { action: 'retry', ...by })
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
  })

  test('confirm-applied of what was not applied', async () => {
    const id = await parked(false)
    const reply = { entryNumber: 'E-7', balance: '5.00' }
    await expect(decide(id, { action: 'confirm-applied', ...by, reply })).rejects.toMatchObject({
      message: expect.stringMatching(/was not applied\. confirm-not-applied or retry fits\./),
    })
    await decide(id, { action: 'confirm-not-applied', ...by })
    expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'CALL_NOT_APPLIED' })
    expect(standing(it.core)).toEqual([])
  })

  test.each<[Resolution['action'], InquiryFault, RegExp]>([
    ['confirm-not-applied', 'ambiguous', /has 2 entries .* confirm-applied or reverse fits\./],
    ['confirm-applied', 'differs', /is another call \(AMOUNT\)\. confirm-not-applied or abandon fits\./],
  ])('%s where the core says %s', async (action, later, words) => {
    const id = await parked(true, later)
    await expect(decide(id, { action, ...by })).rejects.toMatchObject({ message: expect.stringMatching(words) })
    await decide(id, { action: 'abandon', ...by })
  })
})

test('the reply of confirm-applied comes from the core, not from what was typed', async () => {
  const id = await parked(true)
  await decide(id, { action: 'confirm-applied', ...by, reply: { entryNumber: 'typed', balance: '0.00' } })
  const reference = it.core.calls.find(isCredit)?.reference
  expect(await it.settled(id)).toMatchObject({
    state: 'completed',
    output: { credit: { entryNumber: `E-${reference}` } },
  })
})

test.each([[{}], [{ entryNumber: 'E-7' }]])(
  'where the core is silent, the reply %j is held against the schema',
  async (reply) => {
    const id = await parked(true, 'unclear')
    await expect(decide(id, { action: 'confirm-applied', ...by, reply })).rejects.toMatchObject({
      message: expect.stringContaining('balance is missing'),
    })
    await decide(id, { action: 'confirm-applied', ...by, reply: { entryNumber: 'E-7', balance: '5.00' } })
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
  },
)

test('a typed reply that cannot be checked is not taken', async () => {
  const id = await parked(true, 'unclear')
  it.core.onTyped = () => {
    throw new TypeError('a mistake of ours')
  }
  const reply = { entryNumber: 'E-7', balance: '5.00' }
  await expect(decide(id, { action: 'confirm-applied', ...by, reply })).rejects.toMatchObject({
    code: 'RESOLUTION_REFUSED',
    message: expect.stringContaining('it could not be checked now; try again'),
  })
  it.core.onTyped = () => undefined
  await decide(id, { action: 'confirm-applied', ...by, reply })
  expect(await it.settled(id)).toMatchObject({ state: 'completed' })
})

test('reverse of what is not there sends no reversal of it, and ends', async () => {
  const id = await parked(false)
  await decide(id, { action: 'reverse', ...by })
  expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'CALL_NOT_APPLIED' })
  const undone = it.core.calls.filter(({ reversing }) => reversing)
  expect(undone.map(({ reversing }) => reversing?.request.direction)).toEqual(['D'])
  expect(standing(it.core)).toEqual([])
})

test('the question inside a decision is asked once, and silence is said within 5 seconds', async () => {
  const id = await parked(true, 'unclear')
  const asked = it.core.inquiries.length
  const since = Date.now()
  const answer = await it.client.workflow
    .getHandle(id)
    .executeUpdate<string, [Resolution]>('resolve', { args: [{ action: 'abandon', ...by }] })
  expect(answer).toContain('the core did not answer')
  expect(Date.now() - since).toBeLessThan(5000)
  expect(it.core.inquiries.length).toBe(asked + 1)
})

describe('a core that says that it knows the reference already', () => {
  test('is asked what it knows: the same call was applied', async () => {
    it.core.onCall = (call, nth) =>
      isCredit(call) ? (nth === 0 ? { do: 'hang', booked: true } : { do: 'duplicate' }) : undefined
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    expect(doubled(it.core)).toEqual([])
  })

  test('another call ends it as refused, with the step before undone', async () => {
    it.core.onCall = (call) => (isCredit(call) && !call.reversing ? { do: 'duplicate' } : undefined)
    it.core.onInquiry = (call) => (isCredit(call) ? 'differs' : undefined)
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'REFERENCE_TAKEN' })
    expect(standing(it.core)).toEqual([])
  })

  test('and yet finds no entry contradicts itself: nothing is sent again', async () => {
    it.core.onCall = (call) => (isCredit(call) && !call.reversing ? { do: 'duplicate' } : undefined)
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'in-doubt-unclear' })
    expect(it.core.calls.filter(isCredit)).toHaveLength(1)
    await decide(id, { action: 'abandon', ...by })
  })
})

describe('a step that cannot be undone', () => {
  /** The credit is refused; the reversal of the debit ends as `onUndo` says. */
  async function parkedUndo(onUndo: (nth: number) => ReturnType<typeof it.core.onCall>): Promise<string> {
    it.core.onCall = (call, nth) => {
      if (call.reversing) return onUndo(nth)
      return isCredit(call) ? { do: 'refuse', reason: 'account-blocked' } : undefined
    }
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'parked' })
    return id
  }

  test('is not confirmed as undone where the core knows no reversal', async () => {
    const id = await parkedUndo((nth) => (nth === 0 ? { do: 'abend' } : undefined))
    await expect(decide(id, { action: 'confirm-applied', ...by })).rejects.toMatchObject({
      message: expect.stringMatching(
        /was not applied\. retry fits\. What was undone by hand is left to you by abandon/,
      ),
    })
    await decide(id, { action: 'retry', ...by })
    expect(await it.settled(id)).toMatchObject({ state: 'rejected', reason: 'account-blocked' })
    expect(standing(it.core)).toEqual([])
  })

  test('was undone before, by somebody else: the core says so, and nobody has to decide', async () => {
    it.core.onCall = (call) => {
      if (call.reversing) return { do: 'refuse', reason: 'already-reversed' }
      return isCredit(call) ? { do: 'refuse', reason: 'account-blocked' } : undefined
    }
    expect(await it.settled(await it.begin('moveMoney'))).toMatchObject({ state: 'rejected' })
  })
})

test('steps side by side: where one is refused, the other is settled first and then undone', async () => {
  it.core.onCall = (call, nth) => {
    if (call.reversing) return undefined
    return isCredit(call) ? (nth === 0 ? { do: 'lose', booked: true } : undefined) : { do: 'refuse', reason: 'blocked' }
  }
  expect(await it.settled(await it.begin('bothPosted'))).toMatchObject({ state: 'rejected', reason: 'blocked' })
  expect(it.core.booked.size).toBe(2)
  expect(standing(it.core)).toEqual([])
})
