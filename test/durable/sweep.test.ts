// Runs that were ended by force (terminated, timed out, deleted): what stands of them is found, and nothing is sent before a person decides.

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import type { Call } from '../../src/contract/call.ts'
import { flowContract, type OperationStatus } from '../../src/contract/durable.ts'
import type { JsonObject } from '../../src/contract/json.ts'
import type { SweepResult } from '../../src/flow/builtin/sweep.ts'
import { order, type Rig, resetWorkflow, rig } from '../support/rig.ts'
import { book, doubled, reset, standing } from '../support/scripted-core.ts'

let it: Rig
beforeAll(async () => {
  it = await rig()
})
beforeEach(() => reset(it.core))
afterAll(() => it.close())

const isDebit = ({ request }: Call) => request.direction === 'D'
const isCredit = ({ request }: Call) => request.direction === 'C'
/** The events that say that money was moved; what is undone is also taken back by one. */
const moved = () => it.core.events.filter(({ name }) => name === 'money-moved')
const by = { by: 'ops', note: 'test' }
const stateKey = defineSearchAttributeKey('MainspanState', SearchAttributeType.KEYWORD)

async function sweep(): Promise<SweepResult> {
  const workflowId = `sweep-${randomUUID()}`
  return await it.client.workflow.execute('sweep', { workflowId, taskQueue: it.settings.taskQueue, args: [] })
}

/** Ends the run by force, sweeps until it is repaired, and waits for what becomes of it. */
async function repaired(id: string, end: (id: string) => Promise<unknown> = terminate): Promise<OperationStatus> {
  await end(id)
  await sweptUntil(({ repaired: count }) => count > 0)
  return await it.settled(id)
}

/** Visibility lags behind a little. */
async function sweptUntil(isSeen: (result: SweepResult) => boolean): Promise<SweepResult> {
  for (let tries = 0; ; tries++) {
    const result = await sweep()
    if (isSeen(result)) return result
    if (tries === 20) throw new Error(`swept in vain: ${JSON.stringify(result)}`)
    await pause(200)
  }
}

const terminate = (id: string) => it.client.workflow.getHandle(id).terminate('test')

/** Parked in doubt over a call that was lost; from then on the core answers. */
async function parkedIn(isIt: (call: Call) => boolean, isBooked: boolean, flow = 'moveMoney'): Promise<string> {
  it.core.onCall = (call) => (isIt(call) ? { do: 'lose', booked: isBooked } : undefined)
  it.core.onInquiry = () => 'unclear'
  const id = await it.begin(flow)
  expect(await it.settled(id)).toMatchObject({ state: 'parked' })
  it.core.onCall = () => undefined
  it.core.onInquiry = () => undefined
  return id
}

describe('a run that was terminated', () => {
  test('after both posts completes, with nothing sent and the event once by its id', async () => {
    it.core.onPublish = (nth) => nth > 2
    const id = await it.begin('moveMoney')
    while (it.core.events.length < 2) await pause(20)
    expect(await repaired(id)).toMatchObject({ state: 'completed' })
    expect(it.core.calls).toHaveLength(2)
    expect(new Set(it.core.events.map((event) => event.id)).size).toBe(1)
  })

  test('between debit and credit waits for a person, and sends the rest after retry', async () => {
    const id = await parkedIn(isCredit, false)
    expect(await repaired(id)).toMatchObject({ state: 'parked', reason: 'ended-by-force' })
    expect(it.core.calls).toHaveLength(2)
    await it.operations.resolve(id, { action: 'retry', ...by })
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    expect(standing(it.core)).toHaveLength(2)
    expect(doubled(it.core)).toEqual([])
  })

  test('between debit and credit undoes the debit after reverse', async () => {
    const id = await parkedIn(isCredit, false)
    expect(await repaired(id)).toMatchObject({ state: 'parked', reason: 'ended-by-force' })
    await it.operations.resolve(id, { action: 'reverse', ...by })
    expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'OPERATION_WITHOUT_EFFECT' })
    expect(standing(it.core)).toEqual([])
    expect(moved()).toEqual([])
  })

  test('while parked on a credit that stands completes by itself', async () => {
    const id = await parkedIn(isCredit, true)
    expect(await repaired(id)).toMatchObject({ state: 'completed' })
    expect(it.core.calls).toHaveLength(2)
    expect(it.core.events).toHaveLength(1)
  })

  test('before anything took effect ends without effect', async () => {
    const id = await parkedIn(isDebit, false)
    expect(await repaired(id)).toMatchObject({ state: 'failed', code: 'OPERATION_WITHOUT_EFFECT' })
    expect(standing(it.core)).toEqual([])
  })

  test('before its first task ends without effect, and nothing is sent', async () => {
    await it.worker.close()
    const id = await it.begin('moveMoney')
    await terminate(id)
    await it.restart()
    expect(await repaired(id, async () => undefined)).toMatchObject({
      state: 'failed',
      code: 'OPERATION_WITHOUT_EFFECT',
    })
    expect(it.core.calls).toEqual([])
    expect(it.core.inquiries).toEqual([])
  })

  test('while a call was under way waits until the core can no longer apply it', async () => {
    it.core.onCall = (call) => (isDebit(call) ? { do: 'hang', booked: false } : undefined)
    const id = await it.begin('moveMoney')
    while (it.core.calls.length === 0) await pause(10)
    const sent = it.core.calls[0]
    await terminate(id)
    await sweptUntil(({ repaired: count }) => count > 0)
    while (it.core.inquiries.length === 0) await pause(10)
    if (sent) book(it.core, sent)
    expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'ended-by-force' })
    expect(standing(it.core)).toHaveLength(1)
    await it.operations.resolve(id, { action: 'abandon', ...by })
  })

  test('after a refusal that the flow had an answer to goes the same way', async () => {
    it.core.onCall = (call, nth) =>
      call.request.account !== order.from
        ? { do: 'lose', booked: true }
        : nth === 0
          ? { do: 'refuse', reason: 'insufficient-funds' }
          : undefined
    it.core.onInquiry = () => 'unclear'
    const id = await it.begin('orElse')
    expect(await it.settled(id)).toMatchObject({ state: 'parked' })
    it.core.onInquiry = () => undefined
    expect(await repaired(id)).toMatchObject({ state: 'completed' })
    expect(it.core.calls).toHaveLength(2)
  })

  test('after its debit had been undone comes to the same refusal', async () => {
    it.core.onCall = (call) =>
      isCredit(call)
        ? { do: 'refuse', reason: 'account-blocked' }
        : call.reversing
          ? { do: 'lose', booked: true }
          : undefined
    it.core.onInquiry = () => 'unclear'
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'parked' })
    it.core.onCall = () => undefined
    it.core.onInquiry = () => undefined
    expect(await repaired(id)).toMatchObject({ state: 'rejected', reason: 'account-blocked' })
    expect(standing(it.core)).toEqual([])
    expect(moved()).toEqual([])
  })

  test('while its debit was being undone is not completed, although both posts stand when it is asked for', async () => {
    it.core.onCall = (call) =>
      isCredit(call) ? { do: 'lose', booked: true } : call.reversing ? { do: 'hang', booked: false } : undefined
    it.core.onInquiry = () => 'unclear'
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'parked' })
    await it.operations.resolve(id, { action: 'reverse', ...by })
    const reversal = () => it.core.calls.find(({ reversing }) => reversing)
    while (!reversal()) await pause(10)
    const sent = reversal()
    await terminate(id)
    it.core.onCall = () => undefined
    it.core.onInquiry = () => undefined
    await sweptUntil(({ repaired: count }) => count > 0)
    while (!it.core.inquiries.some(({ reference }) => reference === sent?.reference)) await pause(5)
    if (sent) book(it.core, sent)
    expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'ended-by-force' })
    await it.operations.resolve(id, { action: 'retry', ...by })
    expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'OPERATION_WITHOUT_EFFECT' })
    expect(standing(it.core)).toEqual([])
    expect(doubled(it.core)).toEqual([])
    expect(moved()).toEqual([])
  })

  test('after somebody had asked for its cancellation is undone without another word', async () => {
    const id = await parkedIn(isCredit, false)
    await it.client.workflow.getHandle(id).cancel()
    expect(await repaired(id)).toMatchObject({ state: 'failed', code: 'OPERATION_WITHOUT_EFFECT' })
    expect(standing(it.core)).toEqual([])
  })

  test('and whose repair is cancelled is undone', async () => {
    const id = await parkedIn(isCredit, false)
    it.core.onInquiry = () => 'unclear'
    await terminate(id)
    await sweptUntil(({ repaired: count }) => count > 0)
    await it.client.workflow.getHandle(id).cancel()
    it.core.onInquiry = () => undefined
    expect(await it.settled(id)).toMatchObject({ state: 'failed' })
    expect(standing(it.core)).toEqual([])
    expect(it.core.calls.filter(isCredit)).toHaveLength(1)
  })

  test('on a step that cannot be asked for parks there', async () => {
    it.core.onCall = (call) => (call.transaction === 'wire' ? { do: 'lose', booked: true } : undefined)
    const id = await it.begin('sendWire')
    expect(await it.settled(id)).toMatchObject({ state: 'parked' })
    it.core.onCall = () => undefined
    expect(await repaired(id)).toMatchObject({ state: 'parked', reason: 'in-doubt-no-inquiry' })
    const reply = { entryNumber: 'E', balance: '1.00' }
    await it.operations.resolve(id, { action: 'confirm-applied', ...by, reply })
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    expect(it.core.calls).toHaveLength(2)
  })

  test('as a repair is repaired again', async () => {
    const id = await parkedIn(isCredit, false)
    expect(await repaired(id)).toMatchObject({ state: 'parked', reason: 'ended-by-force' })
    const credit = it.core.calls.find(isCredit)
    if (credit) book(it.core, credit)
    expect(await repaired(id)).toMatchObject({ state: 'completed' })
    expect(it.core.calls).toHaveLength(2)
  })

  test('by a reset needs no repair', async () => {
    const id = await parkedIn(isCredit, true)
    await resetWorkflow(it, id)
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    await pause(300)
    expect(await sweep()).toMatchObject({ repaired: 0, unmended: [] })
  })

  test('is running for its caller until it is repaired', async () => {
    const id = await parkedIn(isDebit, true)
    await terminate(id)
    expect(await it.operations.status(id)).toMatchObject({ state: 'running' })
    expect(await repaired(id, async () => undefined)).toMatchObject({ state: 'parked', reason: 'ended-by-force' })
    await it.operations.resolve(id, { action: 'abandon', ...by })
  })
})

describe('what else ends by force', () => {
  test('a run that timed out is repaired', async () => {
    const workflowId = `moveMoney-v1-${randomUUID()}`
    const start = {
      contract: flowContract,
      operation: 'moveMoney',
      version: 1,
      input: order,
      client: 'tests',
      door: 'rest',
    }
    it.core.onCall = (call) => (isCredit(call) ? { do: 'lose', booked: true } : undefined)
    it.core.onInquiry = () => 'unclear'
    await it.client.workflow.start('moveMoney', {
      workflowId,
      taskQueue: it.settings.taskQueue,
      args: [{ ...start, patience: it.settings.patience }],
      workflowExecutionTimeout: '3 seconds',
      typedSearchAttributes: [{ key: stateKey, value: 'running' }],
    })
    await it.client.workflow
      .getHandle(workflowId)
      .result()
      .catch(() => undefined)
    it.core.onCall = () => undefined
    it.core.onInquiry = () => undefined
    expect(await repaired(workflowId, async () => undefined)).toMatchObject({ state: 'completed' })
    expect(it.core.calls).toHaveLength(2)
  })

  test('a watch that was terminated is begun anew', async () => {
    it.core.onCall = (call, nth) => (isDebit(call) && nth === 0 ? { do: 'lose', booked: false } : undefined)
    const id = await it.begin('moveMoney')
    await it.settled(id)
    const watchId = `${id}/watch/${it.core.calls.find(isDebit)?.reference}`
    await terminate(watchId)
    await sweptUntil(({ repaired: count }) => count > 0)
    expect(await it.client.workflow.getHandle(watchId).result()).toEqual({ state: 'as-expected' })
  })

  test('a run that was cancelled ends by its own code, also before its first task', async () => {
    await it.worker.close()
    const id = await it.begin('moveMoney')
    await it.client.workflow.getHandle(id).cancel()
    await it.restart()
    expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'OPERATION_CANCELLED' })
    expect(it.core.calls).toEqual([])
  })
})

describe('the rows of the store', () => {
  /** A row as the gateway leaves one, of an operation that was started long ago. */
  async function row(id: string, start: JsonObject): Promise<void> {
    const { store, database } = it.database
    const order = { workflowType: 'moveMoney', start, summary: 'moveMoney' }
    await store.note({ id, operation: 'moveMoney', version: 1, fingerprint: {}, start: order })
    await store.started(id)
    await database.sql(
      `update mainspan.operations set state = 'started', noted_at = noted_at - interval '1 hour' where id = $1`,
      [id],
    )
  }
  const argument = (): JsonObject => ({
    ...{ operation: 'moveMoney', version: 1, input: order, client: 'tests', door: 'rest' },
    requestedAt: new Date().toISOString(),
    patience: { ...it.settings.patience },
  })

  async function gone(id: string): Promise<void> {
    const handle = it.client.workflow.getHandle(id)
    await it.client.workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: id },
    })
    for (;;) {
      const known = await handle.describe().then(
        () => true,
        () => false,
      )
      if (!known) return
      await pause(100)
    }
  }

  test('lead to an operation whose run was deleted: both posts stand, and it completes', async () => {
    const id = await parkedIn(isCredit, true)
    await row(id, argument())
    expect(await repaired(id, gone)).toMatchObject({ state: 'completed' })
    expect(it.core.calls).toHaveLength(2)
  })

  test('lead to one whose run was deleted before its credit, which waits for a person', async () => {
    const id = await parkedIn(isCredit, false)
    await row(id, argument())
    expect(await repaired(id, gone)).toMatchObject({ state: 'parked', reason: 'ended-by-force' })
    await it.operations.resolve(id, { action: 'retry', ...by })
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    expect(standing(it.core)).toHaveLength(2)
    expect(doubled(it.core)).toEqual([])
  })

  test('lead to one whose run was deleted before other code became current: nothing is looked for, and a person takes over', async () => {
    const id = await parkedIn(isCredit, true)
    await row(id, argument())
    const { deployment: deploymentName, build: buildId } = it.worker
    const current = { namespace: 'default', deploymentName, identity: 'test' }
    await it.client.workflowService.setWorkerDeploymentCurrentVersion({ ...current, allowNoPollers: true })
    await it.client.workflowService.setWorkerDeploymentCurrentVersion({ ...current, buildId })
    const asked = it.core.inquiries.length
    expect(await repaired(id, gone)).toMatchObject({ state: 'parked', reason: 'ended-by-force' })
    expect(it.core.inquiries).toHaveLength(asked)
    await expect(it.operations.resolve(id, { action: 'retry', ...by })).rejects.toThrow("'retry' is not open")
    await it.operations.resolve(id, { action: 'abandon', ...by })
    expect(await it.settled(id)).toMatchObject({ state: 'abandoned' })
    expect(it.core.calls).toHaveLength(2)
  })

  test('get the results that nobody has waited for, and one that cannot be mended keeps none of the others', async () => {
    await it.database.store.note({ id: '0-unreadable', operation: 'x', version: 1, fingerprint: {}, start: {} })
    await it.database.database.sql(
      `update mainspan.operations set state = 'started', noted_at = noted_at - interval '1 hour' where id = '0-unreadable'`,
    )
    const id = await it.begin('moveMoney')
    await row(id, argument())
    await it.client.workflow.getHandle(id).result()
    const swept = await sweptUntil(({ recorded }) => recorded > 0)
    expect(swept.unmended).toMatchObject([{ id: '0-unreadable' }])
    expect(await it.database.store.find(id)).toMatchObject({ state: 'ended', result: { state: 'completed' } })
  })
})

test('a schedule starts the sweep, and each goes on where the last one ended', async () => {
  const { scheduleSweeps } = await import('../../src/durable/sweep/schedule.ts')
  const plan = { namespace: 'default', taskQueue: it.settings.taskQueue }
  const scheduleId = `mainspan-sweep-${plan.taskQueue}`
  await scheduleSweeps(it.client.connection, { ...plan, everyMs: 60_000 })
  await scheduleSweeps(it.client.connection, { ...plan, everyMs: 1000 })
  const handle = it.client.schedule.getHandle(scheduleId)
  try {
    const results: SweepResult[] = []
    for (let tries = 0; results.length < 2 && tries < 100; tries++) {
      await pause(200)
      const { info } = await handle.describe()
      results.length = 0
      for (const { action } of info.recentActions) {
        const ran = it.client.workflow.getHandle(action.workflow.workflowId)
        results.push((await ran.result()) as SweepResult)
      }
    }
    const [first, second] = results.map(({ runs }) => Date.parse(runs.since))
    expect(first).toBeGreaterThan(Date.now() - 11 * 60_000)
    expect(second).toBeGreaterThan(first ?? 0)
  } finally {
    await handle.delete()
  }
})
