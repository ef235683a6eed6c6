// Starting a noted operation, once, whoever tries: what Temporal is asked for, and what is written down of what it answers.

import { describe, expect, test } from '@jest/globals'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import { type NotedOperation, starts } from '../../../src/durable/operation/begin.ts'
import { fingerprintOf } from '../../../src/durable/workflow-id.ts'
import { type Described, described, storeOf, temporalOf } from './stand-in.ts'

const order = {
  ...{ workflowType: 'pay', summary: 'Pay' },
  start: { operation: 'pay', version: 2, input: { amount: '1.00' }, client: 'c', door: 'rest', requestedAt: 'then' },
} as NotedOperation['order']
const noted: NotedOperation = { id: 'pay-1', order, fingerprint: fingerprintOf(order) }

interface Given {
  /** What has the id already. */
  readonly there?: Described
  readonly refusal?: Error
  readonly problem?: Error
  readonly noted?: NotedOperation
}

function starting({ there, refusal, problem }: Given) {
  const asked: unknown[][] = []
  const start = async (...args: unknown[]) => {
    asked.push(args)
    if (refusal) throw refusal
    if (there) throw new WorkflowExecutionAlreadyStartedError('there', 'pay-1', 'pay')
  }
  const run = there && { description: () => described(there) }
  const { temporal } = temporalOf(run ? { 'pay-1': run } : {}, { start })
  // The stand-in's handles come with its own client.
  const workflow = { ...temporalClientOf(temporal), start }
  const reach = (work: (client: never) => Promise<unknown>) => work({ workflow } as never)
  const { store, written } = storeOf(async () => undefined, problem)
  const notices: unknown[] = []
  const parts = { temporal: { ...temporal, reach: reach as never }, store, taskQueue: 'queue' }
  return { ...starts({ ...parts, notice: (one) => void notices.push(one) }), asked, written, notices }
}

function temporalClientOf({ reach }: ReturnType<typeof temporalOf>['temporal']) {
  let workflow: object = {}
  void reach(async (client) => {
    workflow = client.workflow
  })
  return workflow
}

const settled = () => new Promise((resolve) => setImmediate(resolve))
const notBegun = { state: 'failed', code: 'OPERATION_NOT_BEGUN', status: 'not-applied', message: expect.any(String) }
const other = { operation: 'pay', version: 2, fingerprint: fingerprintOf({ ...order, workflowType: 'other' }) }
const same = { ...other, fingerprint: noted.fingerprint }

describe('a beginning', () => {
  test('asks for the one run of this id, with what its status is read from', async () => {
    const one = starting({})
    expect(await one.begin(noted)).toBe('begun')
    const [type, options] = one.asked[0] ?? []
    expect(type).toBe('pay')
    expect(options).toMatchObject({
      ...{ workflowId: 'pay-1', taskQueue: 'queue', args: [order.start], staticSummary: 'Pay' },
      ...{ workflowIdReusePolicy: 'REJECT_DUPLICATE', workflowIdConflictPolicy: 'FAIL' },
      typedSearchAttributes: [{ key: { name: 'MainspanState' }, value: 'running' }],
    })
    expect((options as { memo: object }).memo).toStrictEqual({
      mainspan: { operation: 'pay', version: 2, fingerprint: noted.fingerprint, requestedAt: 'then', client: 'c' },
    })
    expect(one.written).toEqual([['started', 'pay-1']])
  })

  test('of before there was a time of the request keeps none', async () => {
    const one = starting({})
    const { requestedAt: _, ...start } = order.start
    await one.begin({ ...noted, order: { ...order, start } as NotedOperation['order'] })
    const [, options] = one.asked[0] ?? []
    expect((options as { memo: { mainspan: object } }).memo.mainspan).not.toHaveProperty('requestedAt')
  })

  test.each<[string, Described, string, unknown[]]>([
    ['that was started before', { memo: same }, 'there', ['started', 'pay-1']],
    ['that was started before there were memos', {}, 'there', ['started', 'pay-1']],
    ['that was closed before', { type: 'notBegun', memo: other }, 'closed', ['notBegun', 'pay-1', notBegun]],
    ['of an id that another request has', { memo: other }, 'other', ['withdraw', 'pay-1']],
  ])('%s is told', async (_, there, expected, written) => {
    const one = starting({ there })
    expect(await one.begin(noted)).toBe(expected)
    expect([one.written, one.notices]).toEqual([[written], []])
  })

  test('that Temporal does not take is thrown, and nothing is written down', async () => {
    const refusal = new Error('away')
    const one = starting({ refusal })
    await expect(one.begin(noted)).rejects.toBe(refusal)
    await expect(one.close(noted)).rejects.toBe(refusal)
    expect(one.written).toEqual([])
  })

  test.each<[string, Described | undefined]>([
    ['begun', undefined],
    ['there', { memo: same }],
    ['closed', { type: 'notBegun' }],
    ['other', { memo: other }],
  ])('that is %s stands though it cannot be written down, and that is told', async (expected, there) => {
    const problem = new Error('no')
    const one = starting({ problem, ...(there && { there }) })
    expect(await one.begin(noted)).toBe(expected)
    await settled()
    expect(one.notices).toEqual([problem])
  })
})

describe('a closing', () => {
  test.each<[string, Described | undefined, unknown[]]>([
    ['of what was not begun', undefined, ['notBegun', 'pay-1', notBegun]],
    ['of what was closed before', { type: 'notBegun' }, ['notBegun', 'pay-1', notBegun]],
    ['of what had been begun', { memo: same }, ['started', 'pay-1']],
  ])('%s is written down as what it is', async (_, there, written) => {
    const one = starting(there ? { there } : {})
    await one.close(noted)
    expect([one.asked[0]?.[0], one.written]).toEqual(['notBegun', [written]])
  })
})
