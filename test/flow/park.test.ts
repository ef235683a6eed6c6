// Parking, what the operator sees, and each decision.

import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { WorkflowUpdateFailedError } from '@temporalio/client'
import type { Call } from '../../src/contract/call.ts'
import type { Resolution } from '../../src/contract/durable.ts'
import { masked } from '../../src/flow/doubt/runbook.ts'
import { temporalBinary } from '../../src/local/temporal-binary.ts'
import { order, type Rig, rig } from '../support/rig.ts'
import { doubled, type Fault, reset, standing } from '../support/scripted-core.ts'

let it: Rig
beforeAll(async () => {
  it = await rig()
})
beforeEach(() => reset(it.core))
afterAll(() => it.close())

const by = { by: 'ops.jane', note: 'looked it up in the core' }
const isCredit = ({ request }: Call) => request.direction === 'C'
const isUndo = ({ reversing }: Call) => reversing !== undefined

/** A transfer whose credit is lost, and whose inquiry does not tell. */
async function parked(booked: boolean, inquiry: 'ambiguous' | 'unclear' = 'ambiguous'): Promise<string> {
  it.core.onCall = (call, nth) => (isCredit(call) && nth === 0 ? { do: 'lose', booked } : undefined)
  it.core.onInquiry = () => inquiry
  const id = await it.begin('moveMoney')
  expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: `in-doubt-${inquiry}` })
  return id
}

async function afterDecision(id: string, resolution: Resolution) {
  await it.operations.resolve(id, resolution)
  return await it.settled(id)
}

async function runbookOf(id: string): Promise<string> {
  const metadata = (await it.client.workflow.getHandle(id).query('__temporal_workflow_metadata')) as {
    currentDetails?: string
  }
  return metadata.currentDetails ?? ''
}

describe('what the operator sees', () => {
  test('search attributes without customer data, and a runbook with each open decision', async () => {
    const id = await parked(true)
    const description = await it.client.workflow.getHandle(id).describe()
    const attributes = Object.fromEntries(
      description.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
    )
    expect(attributes).toMatchObject({
      MainspanState: 'parked',
      MainspanReason: 'in-doubt-ambiguous',
      MainspanAdapter: 'bank',
      MainspanTransaction: 'post',
      MainspanParkedAt: expect.any(Date),
    })
    const runbook = await runbookOf(id)
    const reference = it.core.calls.find(isCredit)?.reference
    for (const action of ['retry', 'confirm-applied', 'confirm-not-applied', 'reverse', 'abandon']) {
      const decision = { action, by: '', note: '', reference }
      expect(runbook).toContain(JSON.stringify(decision, undefined, 2).replace(/\n}$/, ''))
    }
    expect(runbook).toContain('amount: `12.50`')
    expect(runbook).toContain('account: `•••0002`')
    expect(runbook).not.toContain(order.to)
    expect(await it.client.workflow.getHandle(id).query('state')).toMatchObject({
      state: 'parked',
      parked: [{ reference, adapter: 'bank', transaction: 'post' }],
    })
    expect(await afterDecision(id, { action: 'abandon', ...by })).toMatchObject({ state: 'abandoned', by: by.by })
    expect(await runbookOf(id)).toBe('')
  })

  test('the handlers say what they are for, and the update what it takes', async () => {
    const id = await parked(true)
    const metadata = await it.client.workflow.getHandle(id).query('__temporal_workflow_metadata')
    const described = (words: string) => expect.stringContaining(words)
    const updates = ['retry', 'confirm-applied', 'confirm-not-applied', 'reverse', 'abandon', '"by"', '"note"'].map(
      (words) => expect.objectContaining({ name: 'resolve', description: described(words) }),
    )
    for (const update of updates)
      expect(metadata).toMatchObject({ definition: { updateDefinitions: expect.arrayContaining([update]) } })
    const query = expect.objectContaining({ name: 'state', description: described('parked') })
    expect(metadata).toMatchObject({ definition: { queryDefinitions: expect.arrayContaining([query]) } })
    await afterDecision(id, { action: 'abandon', ...by })
  })

  test('the command of the runbook works as it is printed', async () => {
    const id = await parked(true)
    it.core.onInquiry = () => undefined
    const [command] = /^temporal workflow update (?:.*\\\n)*.*$/m.exec(await runbookOf(id)) ?? []
    const filled = `${command}`.replace('"by":"","note":""', `"by":"${by.by}","note":"${by.note}"`)
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const program = await temporalBinary({ root, environment: process.env, report: () => undefined })
    const args = [filled.replace(/^temporal/, `'${program}'`), '--address', it.temporal.address]
    await promisify(execFile)('/bin/sh', ['-c', args.join(' ')])
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
  })

  test.each([
    ['12.50', '12.50'],
    ['EUR', 'EUR'],
    ['1000000002', '•••0002'],
    ['1234567', '•••'],
    ['Jane Doe', '•••'],
    [true, 'true'],
    [{ name: 'Jane' }, '•••'],
    [['1000000002'], '•••'],
  ])('masks %p as %s', (value, shown) => {
    expect(masked(value)).toBe(shown)
  })
})

describe('decisions on a call in doubt', () => {
  test('retry asks the core again, and goes on when it finds the entry', async () => {
    const id = await parked(true, 'unclear')
    it.core.onInquiry = () => undefined
    expect(await afterDecision(id, { action: 'retry', ...by })).toMatchObject({ state: 'completed' })
    expect(it.core.calls.filter(isCredit)).toHaveLength(1)
  })

  test('retry sends again what the core says is absent', async () => {
    const id = await parked(false)
    it.core.onInquiry = () => undefined
    expect(await afterDecision(id, { action: 'retry', ...by })).toMatchObject({ state: 'completed' })
    expect(it.core.calls.filter(isCredit)).toHaveLength(2)
    expect(doubled(it.core)).toEqual([])
  })

  test.each<['ambiguous' | 'differs' | 'unclear']>([['ambiguous'], ['differs'], ['unclear']])(
    'retry parks again while the core does not tell, on what it says now: %s',
    async (now) => {
      const id = await parked(true)
      it.core.onInquiry = () => now
      await it.operations.resolve(id, { action: 'retry', ...by })
      expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: `in-doubt-${now}` })
      expect(await afterDecision(id, { action: 'abandon', ...by })).toMatchObject({ state: 'abandoned' })
    },
  )

  test('confirm-applied goes on with the given reply', async () => {
    const id = await parked(true)
    const reply = { entryNumber: 'E-7', balance: '5.00' }
    const status = await afterDecision(id, { action: 'confirm-applied', ...by, reply })
    expect(status).toMatchObject({ state: 'completed', output: { credit: reply } })
    expect(it.core.events).toHaveLength(1)
  })

  test('confirm-not-applied sends nothing again and undoes the step before', async () => {
    const id = await parked(false)
    it.core.onInquiry = () => undefined
    const status = await afterDecision(id, { action: 'confirm-not-applied', ...by })
    expect(status).toMatchObject({ state: 'failed', code: 'CALL_NOT_APPLIED' })
    expect(it.core.calls.filter(isCredit)).toHaveLength(1)
    expect(standing(it.core)).toEqual([])
    expect(it.core.events).toEqual([])
  })

  test('reverse undoes the step in doubt and the one before', async () => {
    const id = await parked(true)
    const status = await afterDecision(id, { action: 'reverse', ...by })
    expect(status).toMatchObject({ state: 'failed', code: 'OPERATOR_REVERSED' })
    expect(it.core.calls.filter(isUndo)).toHaveLength(2)
    expect(standing(it.core)).toEqual([])
  })

  test('abandon ends the flow as it stands', async () => {
    const id = await parked(true)
    expect(await afterDecision(id, { action: 'abandon', ...by })).toMatchObject({ state: 'abandoned', ...by })
    expect(it.core.calls.filter(isUndo)).toEqual([])
  })

  test('without an inquiry nothing is sent again by anybody', async () => {
    it.core.onCall = ({ transaction }) => (transaction === 'wire' ? { do: 'lose', booked: true } : undefined)
    const id = await it.begin('sendWire')
    expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'in-doubt-no-inquiry' })
    await expect(it.operations.resolve(id, { action: 'retry', ...by })).rejects.toMatchObject({
      code: 'RESOLUTION_REFUSED',
      message: expect.stringContaining("'retry' is not open here"),
    })
    const status = await afterDecision(id, {
      action: 'confirm-applied',
      ...by,
      reply: { entryNumber: 'W-1', balance: '1.00' },
    })
    expect(status).toMatchObject({ state: 'completed', output: { entryNumber: 'W-1' } })
    expect(it.core.calls).toHaveLength(2)
  })

  test('what may be repeated is sent again as often as a person says so', async () => {
    const isTag = ({ transaction }: Call) => transaction === 'tag'
    it.core.onCall = (call) => (isTag(call) ? { do: 'lose', booked: false } : undefined)
    const id = await it.begin('readAndTag')
    const sent: number[] = []
    // More often than the flow would send it again by itself.
    for (let turn = 0; turn < 4; turn += 1) {
      expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'in-doubt-no-inquiry' })
      sent.push(it.core.calls.filter(isTag).length)
      if (turn === 3) it.core.onCall = () => undefined
      await it.operations.resolve(id, { action: 'retry', ...by })
    }
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    expect(new Set(sent).size).toBe(4)
  })
})

describe('decisions on a reversal', () => {
  /** The credit is refused, so the debit is to be undone. */
  async function undoing(onUndo: (nth: number) => ReturnType<typeof it.core.onCall>): Promise<string> {
    it.core.onCall = (call, nth) => {
      if (isUndo(call)) return onUndo(nth)
      return isCredit(call) ? { do: 'refuse', reason: 'account-blocked' } : undefined
    }
    return await it.begin('moveMoney')
  }

  test('a reversal in doubt is settled by itself', async () => {
    const id = await undoing((nth) => (nth === 0 ? { do: 'lose', booked: true } : undefined))
    expect(await it.settled(id)).toMatchObject({ state: 'rejected', reason: 'account-blocked' })
    expect(it.core.calls.filter(isUndo)).toHaveLength(1)
    expect(standing(it.core)).toEqual([])
  })

  test('a refused reversal parks; retry makes it', async () => {
    const id = await undoing((nth) => (nth === 0 ? { do: 'refuse', reason: 'day-end' } : undefined))
    expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'reversal-refused' })
    expect(await afterDecision(id, { action: 'retry', ...by })).toMatchObject({ state: 'rejected' })
    expect(standing(it.core)).toEqual([])
  })

  test('a reversal that cannot be sent parks; abandon leaves it to whoever makes it by hand', async () => {
    const id = await undoing(() => ({ do: 'not-sent' }))
    expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'reversal-failed' })
    expect(await afterDecision(id, { action: 'abandon', ...by })).toMatchObject({ state: 'abandoned' })
  })

  // By itself the flow would not send again what has abended.
  test.each<[Fault]>([[{ do: 'lose', booked: false }], [{ do: 'abend' }]])(
    'confirm-not-applied sends a reversal in doubt again, only when the core says that it is not there: %j',
    async (fault) => {
      const id = await undoing((nth) => (nth === 0 ? fault : undefined))
      it.core.onInquiry = () => 'unclear'
      expect(await it.settled(id)).toMatchObject({ state: 'parked', reason: 'in-doubt-unclear' })
      await expect(it.operations.resolve(id, { action: 'confirm-not-applied', ...by })).rejects.toMatchObject({
        message: expect.stringContaining('is not sent again blindly'),
      })
      expect(it.core.calls.filter(isUndo)).toHaveLength(1)
      it.core.onInquiry = () => undefined
      expect(await afterDecision(id, { action: 'confirm-not-applied', ...by })).toMatchObject({ state: 'rejected' })
      expect(it.core.calls.filter(isUndo)).toHaveLength(2)
      expect(standing(it.core)).toEqual([])
      expect(doubled(it.core)).toEqual([])
    },
  )

  test('abandon leaves what stands', async () => {
    const id = await undoing(() => ({ do: 'refuse', reason: 'day-end' }))
    expect(await it.settled(id)).toMatchObject({ state: 'parked' })
    expect(await afterDecision(id, { action: 'abandon', ...by })).toMatchObject({ state: 'abandoned' })
    expect(standing(it.core)).toHaveLength(1)
  })
})

describe('the update resolve', () => {
  test.each<[string, object | string | null, RegExp]>([
    ['an unknown action', { action: 'undo', ...by }, /'undo' is not open here\. Open: retry, /],
    ['nobody', { action: 'retry', by: ' ', note: 'x' }, /"by" is missing/],
    ['no reason', { action: 'retry', by: 'jane' }, /"note" is missing/],
    ['another call', { action: 'retry', ...by, reference: 'AAAAAAAAAAAAAAAA' }, /not AAAAAAAAAAAAAAAA/],
    ['a reply that is no object', { action: 'confirm-applied', ...by, reply: [] }, /"reply" is a JSON object/],
    ['no object', null, /A decision is a JSON object/],
    ['a text', 'retry', /A decision is a JSON object/],
    ['a reply that is a text', { action: 'confirm-applied', ...by, reply: 'E-7' }, /"reply" is a JSON object/],
    ['a reply that is null', { action: 'confirm-applied', ...by, reply: null }, /"reply" is a JSON object/],
  ])('refuses %s in plain words, without a stack', async (_, resolution, words) => {
    const id = await parked(true)
    const before = await it.client.workflow.getHandle(id).describe()
    const refusal = await it.client.workflow
      .getHandle(id)
      .executeUpdate('resolve', { args: [resolution] })
      .catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(WorkflowUpdateFailedError)
    const { cause } = refusal as WorkflowUpdateFailedError
    expect(cause?.message).toMatch(words)
    expect((cause as { failure?: { stackTrace?: string } }).failure?.stackTrace ?? '').toBe('')
    expect((await it.client.workflow.getHandle(id).describe()).historyLength).toBe(before.historyLength)
    await afterDecision(id, { action: 'abandon', ...by })
  })

  test('is idempotent by its update id', async () => {
    const id = await parked(true)
    const handle = it.client.workflow.getHandle(id)
    const reply = { entryNumber: 'E-7', balance: '5.00' }
    const decide = () =>
      handle.executeUpdate('resolve', { args: [{ action: 'confirm-applied', ...by, reply }], updateId: 'decision-1' })
    expect(await decide()).toBe(await decide())
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
  })

  test('refuses a decision while another is held against the core', async () => {
    const id = await parked(true)
    const asked = it.core.inquiries.length
    it.core.onInquiry = () => 'hang'
    const first = it.operations.resolve(id, { action: 'abandon', ...by })
    while (it.core.inquiries.length === asked) await pause(10)
    await expect(it.operations.resolve(id, { action: 'reverse', ...by })).rejects.toMatchObject({
      code: 'RESOLUTION_REFUSED',
      message: expect.stringContaining('Another decision is being held against the core'),
    })
    await first
    expect(await it.settled(id)).toMatchObject({ state: 'abandoned' })
  })

  test('refuses when nothing is parked, and when the operation has ended', async () => {
    const id = await it.begin('moveMoney')
    await it.settled(id)
    await expect(it.operations.resolve(id, { action: 'retry', ...by })).rejects.toMatchObject({
      code: 'RESOLUTION_REFUSED',
    })
    const unknown = it.operations.resolve(`none-${randomUUID()}`, { action: 'retry', ...by })
    await expect(unknown).rejects.toMatchObject({ code: 'OPERATION_ID_UNKNOWN' })
  })

  test('two calls in doubt at once are decided one after the other', async () => {
    it.core.onCall = () => ({ do: 'lose', booked: true })
    const id = await it.begin('bothAtOnce')
    const references = new Set<string>()
    for (const entryNumber of ['W-1', 'W-2']) {
      expect(await it.settled(id)).toMatchObject({ state: 'parked' })
      const state = await it.client.workflow.getHandle(id).query<{ parked: { reference: string }[] }>('state')
      const reference = state.parked[0]?.reference ?? ''
      references.add(reference)
      await it.operations.resolve(id, {
        action: 'confirm-applied',
        ...by,
        reference,
        reply: { entryNumber, balance: '1.00' },
      })
    }
    expect(references.size).toBe(2)
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
  })
})

describe('cancellation by an operator', () => {
  test.each<['lose' | 'not-sent']>([['lose'], ['not-sent']])(
    'sends nothing again: a first call that did not take effect (%s)',
    async (fault) => {
      it.core.onCall = () => (fault === 'lose' ? { do: 'hang', booked: false } : { do: 'not-sent' })
      const id = await it.begin('moveMoney')
      while (it.core.calls.length === 0) await pause(10)
      await it.client.workflow.getHandle(id).cancel()
      expect(await it.settled(id)).toMatchObject({ state: 'failed', code: 'OPERATION_CANCELLED' })
      expect(it.core.calls.length).toBeLessThanOrEqual(fault === 'lose' ? 1 : 2)
      expect(it.core.booked.size).toBe(0)
    },
  )

  test('does not lose a doubt: the step is settled first, then undone', async () => {
    const id = await parked(true)
    await it.client.workflow.getHandle(id).cancel()
    expect(await it.settled(id)).toMatchObject({ state: 'parked' })
    it.core.onInquiry = () => undefined
    await it.operations.resolve(id, { action: 'retry', ...by })
    // The last step was applied after all, so the flow completes: there was nothing left to cancel.
    expect(await it.settled(id)).toMatchObject({ state: 'completed' })
  })

  test('starts no further step and undoes the ones before', async () => {
    it.core.onCall = ({ transaction, request }, nth) =>
      transaction === 'post' && request.direction === 'D' && nth === 0 ? { do: 'lose', booked: true } : undefined
    it.core.onInquiry = () => 'unclear'
    const id = await it.begin('moveMoney')
    expect(await it.settled(id)).toMatchObject({ state: 'parked' })
    await it.client.workflow.getHandle(id).cancel()
    it.core.onInquiry = () => undefined
    const status = await afterDecision(id, { action: 'retry', ...by })
    expect(status).toMatchObject({ state: 'failed', code: 'OPERATION_CANCELLED' })
    expect(it.core.calls.filter(isCredit)).toEqual([])
    expect(standing(it.core)).toEqual([])
    expect((await it.client.workflow.getHandle(id).describe()).status.name).toBe('CANCELLED')
  })
})
