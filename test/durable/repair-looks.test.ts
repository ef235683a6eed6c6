// What a repair ends or goes on with is looked up once more, late: the run before may have sent a call just before it was ended.

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Call } from '../../src/contract/call.ts'
import type { SweepResult } from '../../src/flow/builtin/sweep.ts'
import { type Rig, rig } from '../support/rig.ts'
import { book, reset } from '../support/scripted-core.ts'

let it: Rig
beforeAll(async () => {
  it = await rig()
})
beforeEach(() => reset(it.core))
afterAll(() => it.close())

const isCredit = ({ request, reversing }: Call) => request.direction === 'C' && !reversing
const isUndoing = ({ reversing }: Call) => reversing !== undefined
const by = { by: 'ops', note: 'test' }

/** Parked over a call that was lost and not booked, terminated, and repaired up to the question to a person. */
async function repairOf(isIt: (call: Call) => boolean, isRefused = (_: Call) => false): Promise<string> {
  it.core.onCall = (call) =>
    isIt(call) ? { do: 'lose', booked: false } : isRefused(call) ? { do: 'refuse', reason: 'blocked' } : undefined
  it.core.onInquiry = () => 'unclear'
  const id = await it.begin('moveMoney')
  expect(await it.settled(id)).toMatchObject({ state: 'parked' })
  it.core.onCall = () => undefined
  it.core.onInquiry = () => undefined
  await it.client.workflow.getHandle(id).terminate('test')
  await repairBegins()
  expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'ended-by-force' })
  return id
}

/** Visibility lags behind a little. */
async function repairBegins(): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const options = { workflowId: `sweep-${randomUUID()}`, taskQueue: it.settings.taskQueue, args: [] }
    const { repaired }: SweepResult = await it.client.workflow.execute('sweep', options)
    if (repaired > 0) return
    await pause(200)
  }
  throw new Error('swept in vain')
}

/** The first transmission of a call takes effect at last. */
function comesLate(isIt: (call: Call) => boolean): void {
  const call = it.core.calls.find(isIt)
  if (call) book(it.core, call)
}

/** What the late look at a call says. */
async function lookAt(id: string, isIt: (call: Call) => boolean): Promise<unknown> {
  return await it.settled(`${id}/watch/${it.core.calls.find(isIt)?.reference}`)
}

test('who gives up a repair is told when the call that was not in effect takes effect later', async () => {
  const id = await repairOf(isCredit)
  await it.operations.resolve(id, { action: 'abandon', ...by })
  expect(await it.settled(id)).toMatchObject({ state: 'abandoned' })
  comesLate(isCredit)
  expect(await lookAt(id, isCredit)).toMatchObject({ state: 'parked', reason: 'late-effect' })
})

test('who gives up what a repair would undo is told when the undoing of the run before comes later', async () => {
  const id = await repairOf(isUndoing, isCredit)
  await it.operations.resolve(id, { action: 'abandon', ...by })
  expect(await it.settled(id)).toMatchObject({ state: 'abandoned' })
  comesLate(isUndoing)
  expect(await lookAt(id, isUndoing)).toMatchObject({ state: 'parked', reason: 'late-effect' })
})

test('a call that came before a person went on is looked for a second time', async () => {
  const id = await repairOf(isCredit)
  comesLate(isCredit)
  await it.operations.resolve(id, { action: 'retry', ...by })
  expect(await it.settled(id)).toMatchObject({ state: 'completed' })
  comesLate(isCredit)
  expect(await lookAt(id, isCredit)).toMatchObject({ state: 'parked', reason: 'doubled' })
})
