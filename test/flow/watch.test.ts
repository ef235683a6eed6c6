// What rests on absence or on a person's word is looked up once more, late: nothing that the core applies afterwards stays unseen.

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { traitsOf } from '../../src/contract/activity.ts'
import type { Call } from '../../src/contract/call.ts'
import { flowContract } from '../../src/contract/durable.ts'
import type { Effect } from '../../src/contract/outcome.ts'
import type { WatchResult } from '../../src/flow/builtin/late-look.ts'
import type { StateAnswer } from '../../src/flow/doubt/park.ts'
import type { Expected } from '../../src/flow/doubt/watch.ts'
import { type Rig, resetWorkflow, rig } from '../support/rig.ts'
import { book, type InquiryFault, reset, standing } from '../support/scripted-core.ts'
import { bank } from './fast-bank/bank.ts'

let it: Rig
beforeAll(async () => {
  it = await rig({ askAgainMs: 500, askAgainMaxMs: 1000 })
})
beforeEach(() => reset(it.core))
afterAll(() => it.close())

const isDebit = ({ request }: Call) => request.direction === 'D'
const by = { by: 'ops', note: 'test' }

/** The id of the watch over the debit of an operation. */
function watchOf(id: string, of: (call: Call) => boolean = isDebit): string {
  const call = it.core.calls.find(of)
  return `${id}/watch/${call?.reference}`
}

/** The first transmission of the debit takes effect at last. */
function comeLate(): void {
  const call = it.core.calls.find(isDebit)
  if (call) book(it.core, call)
}

async function resultOf(watchId: string): Promise<WatchResult> {
  return (await it.client.workflow.getHandle(watchId).result()) as WatchResult
}

/** A person has what is doubled reversed: the reversals of the debit, the flow's own among them, have two references. */
async function reversedByTwoReferences(watchId: string): Promise<void> {
  expect(await it.settled(watchId)).toMatchObject({ state: 'parked', reason: 'doubled' })
  await it.operations.resolve(watchId, { action: 'reverse', ...by })
  expect(await resultOf(watchId)).toEqual({ state: 'corrected' })
  const reversals = it.core.calls.filter(({ transaction }) => transaction === 'reverse')
  expect(new Set(reversals.map(({ reference }) => reference)).size).toBe(2)
}

/** Waits for what the watch notes in the store beside parking. */
async function attentionOf(id: string, reason: string | undefined): Promise<void> {
  for (let tries = 0; (await it.database.store.find(id))?.attention?.reason !== reason; tries++) {
    if (tries === 100) throw new Error(`the attention is not ${reason}`)
    await pause(50)
  }
}

describe('a late look', () => {
  test('finds an effect that came after the call was given up, and reverses it', async () => {
    it.core.onCall = (call) => (isDebit(call) ? { do: 'lose', booked: false } : undefined)
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'CORE_UNANSWERED' })
    expect(standing(it.core)).toEqual([])
    comeLate()
    const watchId = watchOf(id)
    expect(await it.settled(watchId)).toMatchObject({ state: 'parked', reason: 'late-effect' })
    await attentionOf(id, 'late-effect')
    expect(standing(it.core)).toHaveLength(1)

    await it.operations.resolve(watchId, { action: 'reverse', ...by })
    expect(await resultOf(watchId)).toEqual({ state: 'corrected' })
    expect(standing(it.core)).toEqual([])
    const reference = watchId.slice(-16)
    expect(it.core.events).toMatchObject([
      {
        name: 'effect-corrected',
        operation: 'moveMoney',
        operationId: id,
        subject: id,
        data: { reason: 'late-effect', adapter: 'bank', transaction: 'post', reference, reversed: 1 },
      },
    ])
    await attentionOf(id, undefined)
  })

  test('says that it has reversed one until the broker holds it, ordered as the events of its operation', async () => {
    it.core.onCall = (call) => (call.reversing ? undefined : { do: 'lose', booked: false })
    const call = { adapter: 'bank', transaction: 'post', subject: '1000000001' }
    const id = await it.begin('post', { account: '1000000001', direction: 'D', amount: '1.00' }, { call })
    expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'CORE_UNANSWERED' })
    comeLate()
    expect(await it.settled(watchOf(id))).toMatchObject({ state: 'parked', reason: 'late-effect' })
    it.core.onPublish = (nth) => nth > 2
    await it.operations.resolve(watchOf(id), { action: 'reverse', ...by })
    expect(await resultOf(watchOf(id))).toEqual({ state: 'corrected' })
    expect(it.core.events).toHaveLength(4)
    expect(new Set(it.core.events.map((event) => event.id)).size).toBe(1)
    expect(it.core.events[0]).toMatchObject({ name: 'effect-corrected', subject: '1000000001', sequence: 1 })
  })

  test('finds two effects after a call was sent again, and reverses one', async () => {
    it.core.onCall = (call, nth) => (isDebit(call) && nth === 0 ? { do: 'lose', booked: false } : undefined)
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    comeLate()
    const watchId = watchOf(id)
    expect(await it.settled(watchId)).toMatchObject({ state: 'parked', reason: 'doubled' })
    await attentionOf(id, 'doubled')
    await it.operations.resolve(watchId, { action: 'reverse', ...by })
    expect(await resultOf(watchId)).toEqual({ state: 'corrected' })
    const reversals = it.core.calls.filter(({ transaction }) => transaction === 'reverse')
    expect(reversals).toHaveLength(1)
    expect(it.core.events.map(({ name }) => name)).toEqual(['money-moved', 'effect-corrected'])
  })

  test('of two effects of which a person had one reversed finds the other, and reverses it too', async () => {
    it.core.onCall = (call) => {
      if (!isDebit(call)) return undefined
      book(it.core, call)
      return { do: 'lose', booked: true }
    }
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'in-doubt-ambiguous' })
    await it.operations.resolve(id, { action: 'reverse', ...by })
    expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'OPERATOR_REVERSED' })
    const watchId = watchOf(id)
    expect(await it.settled(watchId)).toMatchObject({ state: 'parked', reason: 'doubled' })
    await attentionOf(id, 'doubled')
    await reversedByTwoReferences(watchId)
  })

  test('of two effects of which the flow undid one finds the other, and reverses it by a reference of its own', async () => {
    it.core.onCall = (call, nth) => {
      if (call.request.direction === 'C') return { do: 'refuse', reason: 'account-blocked' }
      return isDebit(call) && nth === 0 ? { do: 'lose', booked: false } : undefined
    }
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'rejected', reason: 'account-blocked' })
    comeLate()
    await reversedByTwoReferences(watchOf(id))
  })

  test('of a call that was given up, and that stands twice, reverses both', async () => {
    it.core.onCall = (call) => (isDebit(call) && !call.reversing ? { do: 'lose', booked: false } : undefined)
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'CORE_UNANSWERED' })
    comeLate()
    comeLate()
    await reversedByTwoReferences(watchOf(id))
    expect(it.core.events).toMatchObject([{ data: { reason: 'doubled', reversed: 2 } }])
  })

  test('ends with few events where all is as it should be', async () => {
    it.core.onCall = (call, nth) => (isDebit(call) && nth === 0 ? { do: 'lose', booked: false } : undefined)
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    expect(await resultOf(watchOf(id))).toEqual({ state: 'as-expected' })
    const { events } = await it.client.workflow.getHandle(watchOf(id)).fetchHistory()
    expect(events?.length).toBeLessThanOrEqual(20)
  })

  test('goes on after its worker was lost, and asks a silent core for ever', async () => {
    it.core.onCall = (call, nth) => (isDebit(call) && nth === 0 ? { do: 'lose', booked: false } : undefined)
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    comeLate()
    await it.worker.close()
    const asked = it.core.inquiries.length
    it.core.onInquiry = (_, nth) => (nth < asked + 4 ? 'unclear' : undefined)
    await it.restart()
    expect(await it.settled(watchOf(id))).toMatchObject({ state: 'parked', reason: 'doubled' })
    expect(it.core.inquiries.length).toBeGreaterThanOrEqual(asked + 4)
    await it.operations.resolve(watchOf(id), { action: 'abandon', ...by })
    expect(await resultOf(watchOf(id))).toEqual({ state: 'abandoned', ...by })
  })

  test('of a core that never answers any more is given up by a person, who asks for its cancellation', async () => {
    it.core.onCall = (call, nth) => (isDebit(call) && nth === 0 ? { do: 'lose', booked: false } : undefined)
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    it.core.onInquiry = () => 'unclear'
    const watchId = watchOf(id)
    await it.client.workflow.getHandle(watchId).cancel()
    expect(await it.settled(watchId)).toMatchObject({ state: 'parked', reason: 'late-look-unanswered' })
    await it.operations.resolve(watchId, { action: 'abandon', ...by })
    expect(await resultOf(watchId)).toEqual({ state: 'abandoned', ...by })
  })

  test('finds that what a person confirmed is not there', async () => {
    it.core.onCall = (call, nth) => (isDebit(call) && nth === 0 ? { do: 'lose', booked: false } : undefined)
    it.core.onInquiry = () => 'unclear'
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'parked' })
    await it.operations.resolve(id, { action: 'confirm-applied', ...by, reply: { entryNumber: 'E', balance: '1.00' } })
    it.core.onInquiry = () => undefined
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    const watchId = watchOf(id)
    expect(await it.settled(watchId)).toMatchObject({ state: 'parked', reason: 'effect-missing' })
    await expect(it.operations.resolve(watchId, { action: 'reverse', ...by })).rejects.toThrow("'reverse' is not open")
    await it.operations.resolve(watchId, { action: 'abandon', ...by })
    expect(await resultOf(watchId)).toEqual({ state: 'abandoned', ...by })
  })

  describe('after abandon', () => {
    async function abandoned(found: 'absent' | 'silent' | 'many'): Promise<string> {
      it.core.onCall = (call, nth) =>
        isDebit(call) && nth === 0 ? { do: 'lose', booked: found === 'many' } : undefined
      it.core.onInquiry = () => 'unclear'
      const id = await it.begin('moveMoney')
      expect(await it.settled(id)).toMatchObject({ state: 'parked' })
      if (found === 'many') comeLate()
      if (found !== 'silent') it.core.onInquiry = () => undefined
      await it.operations.resolve(id, { action: 'abandon', ...by })
      expect(await it.settled(id)).toMatchObject({ state: 'abandoned' })
      it.core.onInquiry = () => undefined
      return id
    }

    test('finds what came after the core had said "absent"', async () => {
      const id = await abandoned('absent')
      comeLate()
      expect(await it.settled(watchOf(id))).toMatchObject({ state: 'parked', reason: 'late-effect' })
      await it.operations.resolve(watchOf(id), { action: 'abandon', ...by })
    })

    test('on a silent core takes one effect as it stands', async () => {
      const id = await abandoned('silent')
      comeLate()
      expect(await resultOf(watchOf(id))).toEqual({ state: 'as-expected' })
    })

    test('on a silent core finds two', async () => {
      const id = await abandoned('silent')
      comeLate()
      comeLate()
      expect(await it.settled(watchOf(id))).toMatchObject({ state: 'parked', reason: 'doubled' })
      await it.operations.resolve(watchOf(id), { action: 'reverse', ...by })
      expect(await resultOf(watchOf(id))).toEqual({ state: 'corrected' })
      expect(it.core.calls.filter(({ transaction }) => transaction === 'reverse')).toHaveLength(1)
    })

    test('on a silent core takes another call under the reference as it stands', async () => {
      const id = await abandoned('silent')
      it.core.onInquiry = () => 'differs'
      expect(await resultOf(watchOf(id))).toEqual({ state: 'as-expected' })
    })

    test('says nothing twice: of two effects the person was told', async () => {
      const id = await abandoned('many')
      await expect(it.client.workflow.getHandle(watchOf(id)).describe()).rejects.toThrow('not found')
    })
  })

  test('expects what the newest run went on with: given up, then reset and sent', async () => {
    it.core.onCall = (call, nth) => (isDebit(call) && nth < 3 ? { do: 'lose', booked: false } : undefined)
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'CORE_UNANSWERED' })
    await resetWorkflow(it, id)
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    expect(await resultOf(watchOf(id))).toEqual({ state: 'as-expected' })
    expect(standing(it.core)).toHaveLength(2)
  })

  test('is begun anew by a flow that is reset while it is parked, and looks for what the new run went on with', async () => {
    it.core.onCall = (call, nth) => (isDebit(call) && nth < 3 ? { do: 'lose', booked: false } : undefined)
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'CORE_UNANSWERED' })
    comeLate()
    expect(await it.settled(watchOf(id))).toMatchObject({ state: 'parked', reason: 'late-effect' })
    await attentionOf(id, 'late-effect')
    await resetWorkflow(it, id)
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    await attentionOf(id, undefined)
    comeLate()
    expect(await it.settled(watchOf(id))).toMatchObject({ state: 'parked', reason: 'doubled' })
    await it.operations.resolve(watchOf(id), { action: 'abandon', ...by })
    expect(await resultOf(watchOf(id))).toEqual({ state: 'abandoned', ...by })
  })

  describe('that finds another call under the reference', () => {
    test.each([
      ['takes it for no effect of one that was sent again', 1, 'effect-missing'],
      ['takes it for an effect of one that was given up', 3, 'late-effect'],
    ])('%s, and offers no reversal', async (_, times, reason) => {
      it.core.onCall = (call, nth) => (isDebit(call) && nth < times ? { do: 'lose', booked: false } : undefined)
      const id = await it.begin('moveMoney')
      await it.settled(id)
      it.core.onInquiry = () => 'differs'
      expect(await it.settled(watchOf(id))).toMatchObject({ state: 'parked', reason })
      const decision = { action: 'reverse', ...by } as const
      await expect(it.operations.resolve(watchOf(id), decision)).rejects.toThrow("'reverse' is not open")
      await it.operations.resolve(watchOf(id), { action: 'abandon', ...by })
      expect(await resultOf(watchOf(id))).toEqual({ state: 'abandoned', ...by })
    })
  })

  test('refuses to reverse what is not there any more', async () => {
    it.core.onCall = (call, nth) => (isDebit(call) && nth === 0 ? { do: 'lose', booked: false } : undefined)
    const id = await it.begin('moveMoney')
    await it.settled(id)
    comeLate()
    const watchId = watchOf(id)
    expect(await it.settled(watchId)).toMatchObject({ state: 'parked', reason: 'doubled' })
    const entry = it.core.booked.get(watchId.slice(-16))
    if (entry) entry.times = 1
    await attentionOf(id, 'doubled')
    await expect(it.operations.resolve(watchId, { action: 'reverse', ...by })).rejects.toThrow('nothing any more')
    await it.operations.resolve(watchId, { action: 'retry', ...by })
    expect(await resultOf(watchId)).toEqual({ state: 'as-expected' })
    await attentionOf(id, undefined)
  })
})

/** What was expected of the call, what the core says, the call's effect; then how the look ends, and what a person may decide. */
type Row = readonly [Expected, 'applied' | 'absent' | InquiryFault, Effect, string]

const rows: readonly Row[] = [
  ['once', 'applied', 'once', 'as-expected'],
  ['once', 'absent', 'once', 'effect-missing: retry, abandon'],
  ['once', 'ambiguous', 'once', 'doubled: reverse, retry, abandon'],
  ['once', 'differs', 'once', 'effect-missing: retry, abandon'],
  ['never', 'applied', 'once', 'late-effect: reverse, retry, abandon'],
  ['never', 'absent', 'once', 'as-expected'],
  ['never', 'ambiguous', 'once', 'doubled: reverse, retry, abandon'],
  ['never', 'differs', 'once', 'late-effect: retry, abandon'],
  ['at most once', 'applied', 'once', 'as-expected'],
  ['at most once', 'absent', 'once', 'as-expected'],
  ['at most once', 'ambiguous', 'once', 'doubled: reverse, retry, abandon'],
  ['at most once', 'differs', 'once', 'as-expected'],
  // What may be repeated may stand twice, but not where it was to have no effect at all.
  ['once', 'ambiguous', 'idempotent', 'as-expected'],
  ['never', 'ambiguous', 'idempotent', 'doubled: reverse, retry, abandon'],
]

test('what a late look makes of the word of the core', async () => {
  const told = new Map<string, Row[1]>()
  it.core.onInquiry = ({ reference }) => {
    const word = told.get(reference)
    return word === 'applied' || word === 'absent' ? undefined : word
  }
  const endOf = async ([expected, word, effect]: Row, nth: number): Promise<string> => {
    const reference = `LOOK${String.fromCharCode(65 + nth).repeat(12)}`
    told.set(reference, word)
    const call = { adapter: 'bank', transaction: 'post', request: { direction: 'D' }, reference }
    if (word === 'applied') book(it.core, call)
    const { transactions } = bank.definition
    const siblings = Object.fromEntries(Object.entries(transactions).map(([name, one]) => [name, traitsOf(one)]))
    const step = {
      ...{ call, of: { reference, digest: 'd' }, mark: reference, siblings, name: 'bank.post' },
      traits: { ...siblings.post, effect },
    }
    const start = {
      ...{ contract: flowContract, operation: 'moveMoney', version: 1, input: {}, client: 'tests', door: 'rest' },
      ...{ watches: `moveMoney-${nth}`, patience: { ...it.settings.patience, lateMs: 10 }, expected, step },
    }
    const options = { workflowId: `look-${randomUUID()}`, taskQueue: it.settings.taskQueue, args: [start] }
    const handle = await it.client.workflow.start('watch', options)
    const result = handle.result() as Promise<WatchResult>
    const status = await it.settled(handle.workflowId)
    if (status.state !== 'parked') return (await result).state
    const { parked } = await handle.query<StateAnswer>('state')
    await it.operations.resolve(handle.workflowId, { action: 'abandon', ...by })
    expect(await result).toEqual({ state: 'abandoned', ...by })
    return parked.map(({ reason, open }) => `${reason}: ${open.join(', ')}`).join()
  }
  const ends = await Promise.all(rows.map(endOf))
  expect(rows.map(([expected, word, effect], at) => [expected, word, effect, ends[at]])).toEqual(rows)
})
