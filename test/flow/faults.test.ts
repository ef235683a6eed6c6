// Random schedules of faults, resets and cancellations: whatever happens, no call takes effect twice, and what stands in the core at
// the end is what the result says. The seed of a failing run is printed by fast-check.

import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Call } from '../../src/contract/call.ts'
import { fc } from '../support/property.ts'
import { type Rig, resetWorkflow, rig } from '../support/rig.ts'
import { doubled, type Fault, type InquiryFault, reset, standing } from '../support/scripted-core.ts'

let it: Rig
beforeAll(async () => {
  it = await rig()
})
afterAll(() => it.close())

interface Schedule {
  readonly debit: readonly Fault[]
  readonly credit: readonly Fault[]
  readonly undo: readonly Fault[]
  readonly inquiry: readonly InquiryFault[]
  /** Milliseconds after the start, each 0 for never. */
  readonly resetAt: number
  readonly cancelAt: number
  /** The workflow task to reset to when the operation has ended or is parked, from 1; 0 for never. */
  readonly resetTo: number
}

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ do: fc.constant('lose' as const), booked: fc.boolean() }),
  fc.record({ do: fc.constant('hang' as const), booked: fc.boolean() }),
  fc.record({ do: fc.constant('abend' as const), booked: fc.boolean() }),
  fc.record({ do: fc.constant('late' as const), ms: fc.integer({ min: 0, max: 40 }) }),
  fc.constantFrom<Fault>({ do: 'not-sent' }, { do: 'crash' }),
  fc.constant<Fault>({ do: 'refuse', reason: 'no' }),
)
const instant = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3000 }) },
)
const schedule: fc.Arbitrary<Schedule> = fc.record({
  debit: fc.array(fault, { maxLength: 2 }),
  credit: fc.array(fault, { maxLength: 3 }),
  undo: fc.array(fault, { maxLength: 2 }),
  inquiry: fc.array(fc.constantFrom<InquiryFault>('unclear', 'ambiguous'), { maxLength: 4 }),
  resetAt: instant,
  cancelAt: instant,
  resetTo: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 6 })),
})

/** `D7` and `C7` are the accounts of the transfer number 7. */
const accountOf = (call: Call) => String((call.reversing?.request ?? call.request).account)

function script(schedules: readonly Schedule[]): void {
  reset(it.core)
  const planOf = (call: Call) => schedules[Number(accountOf(call).slice(1))]
  it.core.onCall = (call, nth) => {
    const plan = planOf(call)
    if (call.reversing) return plan?.undo[nth]
    return (call.request.direction === 'D' ? plan?.debit : plan?.credit)?.[nth]
  }
  it.core.onInquiry = (call, nth) => planOf(call)?.inquiry[nth]
}

/** Plays the operator as well, who only ever has the core asked again. */
async function carryThrough(plan: Schedule, number: number): Promise<{ state: string; stands: string[] }> {
  const id = await it.begin('moveMoney', { from: `D${number}`, to: `C${number}`, amount: '1.00' })
  const handle = it.client.workflow.getHandle(id)
  // A reset may come too early, with no workflow task to go back to, or meet another change; a cancellation may come too late.
  const meddling = [
    plan.resetAt > 0 && pause(plan.resetAt).then(() => resetWorkflow(it, id).catch(() => undefined)),
    plan.cancelAt > 0 && pause(plan.cancelAt).then(() => handle.cancel().catch(() => undefined)),
  ]
  if (plan.resetTo > 0) {
    await it.settled(id)
    await resetWorkflow(it, id, plan.resetTo).catch(() => undefined)
  }
  for (;;) {
    const status = await it.settled(id)
    if (status.state === 'parked') {
      await it.operations.resolve(id, { action: 'retry', by: 'ops', note: 'test' }).catch(() => undefined)
      continue
    }
    if ((await Promise.all(meddling)).length > 0 && (await it.settled(id)).endedAt === status.endedAt) {
      const stands = standing(it.core).map(accountOf)
      return { state: status.state, stands: stands.filter((account) => account.slice(1) === String(number)).sort() }
    }
  }
}

test('no call takes effect twice, and the result is true', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(schedule, { minLength: 16, maxLength: 16 }), async (schedules) => {
      script(schedules)
      const ends = await Promise.all(schedules.map(carryThrough))
      expect(doubled(it.core)).toEqual([])
      expect(ends).toEqual(
        ends.map(({ state }, number) => ({
          state,
          stands: state === 'completed' ? [`C${number}`, `D${number}`] : [],
        })),
      )
      expect(
        ends.map(({ state }) => state).filter((state) => !['completed', 'rejected', 'failed'].includes(state)),
      ).toEqual([])
    }),
    {
      numRuns: Number(process.env.RUNS ?? 2),
      endOnFailure: true,
    },
  )
}, 300_000)
