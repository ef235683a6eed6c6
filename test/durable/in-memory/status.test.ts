// The status of an operation as it is read from what Temporal or a row tells, and the identity by which a repeat is known.

import { describe, expect, test } from '@jest/globals'
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client'
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common'
import { flowContract, type StartRequest } from '../../../src/contract/durable.ts'
import { checkKeyLife } from '../../../src/durable/operation/key-life.ts'
import { orAfter } from '../../../src/durable/operation/or-after.ts'
import { orderFor } from '../../../src/durable/operation/order.ts'
import { recentOperations } from '../../../src/durable/operation/recent.ts'
import { resultOfRow, statusOfRow } from '../../../src/durable/operation/row-status.ts'
import { endOf, headOf, memoOf, openState, recordedResult, wasForced } from '../../../src/durable/status.ts'
import { fingerprintOf, formerWorkflowIdOf, sameRequest, workflowIdOf } from '../../../src/durable/workflow-id.ts'
import { described, rowOf, temporalOf } from './stand-in.ts'

const startTime = '2026-01-01T00:00:00.000Z'

describe('a description', () => {
  test('gives the head of an operation from its memo, or from what Temporal knows without one', () => {
    const memo = { operation: 'payOut', version: 3, fingerprint: {}, requestedAt: '2025-12-31T23:59:59Z' }
    const head = { id: 'pay-1', operation: 'payOut', version: 3, startedAt: memo.requestedAt }
    expect(headOf(described({ memo }))).toEqual(head)
    expect(memoOf(described({ memo }))).toEqual(memo)
    expect(headOf(described())).toEqual({ id: 'pay-1', operation: 'pay', version: 1, startedAt: startTime })
    expect(memoOf(described())).toBeUndefined()
    expect(headOf(described({ memo: { ...memo, client: 'm' } }))).toEqual({ ...head, client: 'm' })
    expect(headOf(described({ memo: { ...memo, requestedAt: undefined } })).startedAt).toBe(startTime)
  })

  test.each([
    ['TERMINATED', true],
    ['TIMED_OUT', true],
    ['RUNNING', false],
    ['COMPLETED', false],
    ['FAILED', false],
    ['CANCELLED', false],
  ])('%s was forced: %p', (status, expected) => {
    expect(wasForced(described({ status }))).toBe(expected)
  })

  test('of an open run says whether it is parked, why and since when', () => {
    const since = new Date('2026-02-02T00:00:00Z')
    const parked = { MainspanState: 'parked', MainspanReason: 'in-doubt', MainspanParkedAt: since }
    for (const status of ['RUNNING', 'PAUSED']) {
      expect(openState(described({ status }))).toEqual({ state: 'running' })
      expect(openState(described({ status, attributes: parked }))).toEqual({
        ...{ state: 'parked', reason: 'in-doubt', since: since.toISOString() },
      })
    }
    expect(openState(described({ attributes: { MainspanState: 'running' } }))).toEqual({ state: 'running' })
    expect(openState(described({ attributes: { MainspanState: 'parked' } }))).toEqual({
      ...{ state: 'parked', reason: '', since: startTime },
    })
    expect(openState(described({ status: 'COMPLETED', attributes: parked }))).toBeUndefined()
  })
})

describe('the end of a run', () => {
  const handle = (result: () => Promise<unknown>) => ({ result }) as unknown as WorkflowHandle
  const failedBy = (cause: Error | undefined) =>
    endOf(handle(() => Promise.reject(new WorkflowFailedError('failed', cause, 'TIMEOUT'))))
  const own = { state: 'failed', code: 'CALL_NOT_APPLIED', message: 'm', status: 'not-applied' } as const

  test('is its result', async () => {
    const output = { state: 'completed', output: { a: 1 } }
    expect(await endOf(handle(async () => output))).toEqual({ result: output, byForce: false })
  })

  test('is what its failure says, where that is a result', async () => {
    expect(await failedBy(ApplicationFailure.create({ details: [own] }))).toEqual({ result: own, byForce: false })
    for (const details of [[], [{ state: 'completed', output: {} }], [null]]) {
      expect(await failedBy(ApplicationFailure.create({ details }))).toMatchObject({
        ...{ result: { state: 'failed', code: 'FLOW_FAILED', status: 'internal' }, byForce: false },
      })
    }
    const { result } = await failedBy(ApplicationFailure.create({ message: 'secret of a customer' }))
    expect(result).toMatchObject({ message: expect.stringContaining('of this operation') })
    expect(JSON.stringify(result)).not.toContain('secret')
  })

  test.each<[string, Error | undefined, string, boolean]>([
    ['cancelled', new CancelledFailure('c'), 'OPERATION_CANCELLED', false],
    ['terminated', new TerminatedFailure('t'), 'OPERATION_TERMINATED', true],
    ['timed out', new TimeoutFailure('t', undefined, 'START_TO_CLOSE'), 'OPERATION_TERMINATED', true],
    ['of no known cause', undefined, 'OPERATION_TERMINATED', false],
  ])('%s has a code of its own', async (_, cause, code, byForce) => {
    expect(await failedBy(cause)).toMatchObject({ result: { state: 'failed', code }, byForce })
  })

  test('that cannot be told is thrown', async () => {
    const away = new Error('away')
    await expect(endOf(handle(() => Promise.reject(away)))).rejects.toBe(away)
  })

  test('of a release that kept HTTP’s number has a status in its place', () => {
    const rejected = { state: 'rejected', reason: 'r', message: 'm' } as const
    const failed = { state: 'failed', code: 'C', message: 'm' } as const
    expect(recordedResult({ ...rejected, http: 404 } as never)).toEqual({ ...rejected, status: 'not-found' })
    expect(recordedResult(rejected as never)).toEqual({ ...rejected, status: 'refused' })
    expect(recordedResult({ ...failed, http: 503 } as never)).toMatchObject({ status: 'unavailable' })
    expect(recordedResult(failed as never)).toEqual({ ...failed, status: 'internal' })
    const abandoned = { state: 'abandoned', by: 'b', note: 'n' } as const
    expect(recordedResult(abandoned)).toEqual(abandoned)
  })
})

describe('a row', () => {
  const result = { state: 'completed', output: {} }
  const common = { id: 'pay-1', operation: 'pay', version: 1, client: 'c', startedAt: '2026-01-01T00:00:00Z' }
  const attention = { reason: 'doubled', since: '2026-01-02T00:00:00Z' } as const

  test.each(['noted', 'started'] as const)('that is %s is under way, whatever else it holds', (state) => {
    const row = rowOf({ state, result, endedAt: 'e' })
    expect([resultOfRow(row), statusOfRow(row)]).toEqual([undefined, { ...common, state: 'running' }])
    expect(statusOfRow({ ...row, attention })).toEqual({ ...common, attention, state: 'running' })
  })

  test.each(['ended', 'not-begun'] as const)('that is %s tells its end', (state) => {
    const row = rowOf({ state, result, endedAt: '2026-01-01T00:01:00Z', attention })
    expect(statusOfRow(row)).toEqual({ ...common, attention, endedAt: row.endedAt, ...result })
    expect(Object.keys(statusOfRow(rowOf({ state, result })))).not.toContain('endedAt')
    expect(statusOfRow(rowOf({ state }))).toEqual({ ...common, state: 'running' })
  })

  test('gives the time of the request as the start, and a result of before with a status', () => {
    const start = { ...rowOf().start, start: { requestedAt: '2025-12-31T00:00:00Z' } }
    expect(statusOfRow(rowOf({ start })).startedAt).toBe('2025-12-31T00:00:00Z')
    const rejected = { state: 'rejected', reason: 'r', message: 'm', http: 404 }
    expect(resultOfRow(rowOf({ state: 'ended', result: rejected }))).toMatchObject({ status: 'not-found' })
  })
})

describe('identity', () => {
  const request = (part: object = {}, key = 'k'): StartRequest =>
    ({
      ...{
        start: { operation: 'pay', version: 1, input: { a: 1, b: 2 }, client: 'c', ...part },
        workflowType: 'pay',
        key,
      },
    }) as unknown as StartRequest
  const [secret, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]

  test('is an id that hangs on operation, version, client, key and secret, and names the first two alone', () => {
    const id = workflowIdOf(request(), secret)
    expect(id).toMatch(/^pay-v1-[0-9a-f]{32}$/)
    expect(workflowIdOf(request({ input: {} }), secret)).toBe(id)
    const ids = [
      ...[request({ operation: 'pai' }), request({ version: 2 }), request({ client: 'd' }), request({}, 'l')].map(
        (one) => workflowIdOf(one, secret),
      ),
      ...[workflowIdOf(request(), other), formerWorkflowIdOf(request()), id],
    ]
    expect(new Set(ids).size).toBe(7)
    expect(formerWorkflowIdOf(request())).toMatch(/^pay-v1-[0-9a-f]{32}$/)
  })

  test('of a request is its type, its input in whatever order, and its call', () => {
    const call = { adapter: 'bank', transaction: 'post' }
    const print = fingerprintOf(request({ call }))
    expect(print).toEqual({
      salt: expect.stringMatching(/^[0-9a-f]{32}$/),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(sameRequest(request({ call, input: { b: 2, a: 1 }, client: 'd' }), print)).toBe(true)
    const others = [
      ...[request(), request({ call, input: { a: 1 } }), { ...request({ call }), workflowType: 'other' }],
      ...[request({ call: { ...call, adapter: 'other' } }), request({ call: { ...call, transaction: 'other' } })],
    ]
    expect(others.map((one) => sameRequest(one, print))).toEqual(Array(5).fill(false))
    expect(sameRequest(request({ call }), { ...print, digest: print.digest.slice(2) })).toBe(false)
    expect(fingerprintOf(request()).digest).not.toBe(fingerprintOf(request()).digest)
    expect(fingerprintOf(request({ call: { adapter: '', transaction: '' } }), 'ab')).toEqual(
      fingerprintOf(request(), 'ab'),
    )
  })

  test('an order holds what Temporal is told: the start as it came, and what makes it repeatable', () => {
    const { start, workflowType } = request()
    const patience = { parkAfterMs: 7 } as never
    const made = orderFor({ ...request(), summary: 's'.repeat(67) }, { taskQueue: 'q', patience })
    expect(made).toEqual({
      ...{ workflowType, summary: 's'.repeat(66) },
      start: {
        ...{ ...start, contract: flowContract, patience, salt: expect.stringMatching(/^[A-Za-z0-9_-]{16}$/) },
        requestedAt: expect.stringMatching(/^20\d\d-.*Z$/),
      },
    })
    expect(orderFor({ ...request(), summary: 's' }, { taskQueue: 'q' }).start).not.toHaveProperty('patience')
  })
})

describe('what was begun just now', () => {
  const head = (id: string) => ({ id, operation: 'pay', version: 1, startedAt: startTime })
  test('is known once, to the first who waits', () => {
    const recent = recentOperations()
    recent.add(head('a'), true)
    recent.add(head('b'), false)
    expect([recent.take('a'), recent.take('a'), recent.take('b')]).toEqual([
      ...[{ head: head('a'), fresh: true }, undefined, { head: head('b'), fresh: false }],
    ])
  })

  test('is forgotten beyond two thousand, the oldest first', () => {
    const recent = recentOperations()
    for (let at = 0; at < 2001; at += 1) recent.add(head(`${at}`), true)
    expect([recent.take('0'), recent.take('1')?.head.id, recent.take('2000')?.head.id]).toEqual([
      undefined,
      '1',
      '2000',
    ])
  })
})

describe('the life of a key', () => {
  const day = 86_400
  const checked = (days: number, seconds: number | undefined) => {
    const config = seconds === undefined ? {} : { workflowExecutionRetentionTtl: { seconds } }
    const asked: unknown[] = []
    const describeNamespace = async (question: unknown) => {
      asked.push(question)
      return seconds === -1 ? {} : { config }
    }
    const { temporal } = temporalOf({}, { workflowService: { describeNamespace } })
    return checkKeyLife(temporal, days).then(() => asked)
  }
  test.each([
    [3, 3 * day],
    [4, 3 * day],
    [1, undefined],
    [1, -1],
  ])('of %i days is kept where Temporal keeps operations for %p seconds', async (days, seconds) => {
    expect(await checked(days, seconds)).toEqual([{ namespace: 'bank' }])
  })
  test('that is shorter than that is refused', async () => {
    await expect(checked(3, 3.5 * day)).rejects.toMatchObject({
      ...{ code: 'KEY_LIFE_TOO_SHORT', facts: { days: 3, retention: 4, namespace: 'bank' } },
    })
  })
})

test('work is waited for, but not beyond its time', async () => {
  expect(await orAfter(1000, Promise.resolve('done'))).toBe('done')
  expect(await orAfter(5, new Promise(() => undefined))).toBeUndefined()
  await expect(orAfter(1000, Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  const since = performance.now()
  expect(await orAfter(30)).toBeUndefined()
  expect(performance.now() - since).toBeGreaterThanOrEqual(28)
})
