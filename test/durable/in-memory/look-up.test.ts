// The status of an operation from the two who know it, Temporal and the store, with either of them slow or away; and waiting for its end.

import { describe, expect, test } from '@jest/globals'
import { WorkflowFailedError } from '@temporalio/client'
import { TerminatedFailure } from '@temporalio/common'
import type { OperationRow } from '../../../src/contract/store.ts'
import { statusIn } from '../../../src/durable/operation/look-up.ts'
import { recentOperations } from '../../../src/durable/operation/recent.ts'
import { waitFor } from '../../../src/durable/operation/wait.ts'
import { failure } from '../../../src/error/failure.ts'
import { described, type Run, rowOf, storeOf, temporalOf } from './stand-in.ts'

const closeTime = new Date('2026-01-01T00:01:00Z')
const result = { state: 'completed', output: { receipt: 'r' } } as const
const common = { id: 'pay-1', operation: 'pay', version: 1 }
/** Whose it is stands in the row, and in the memo of runs that have one. */
const ofRun = { ...common, startedAt: '2026-01-01T00:00:00.000Z' }
const head = { ...ofRun, client: 'c' }
const ofRow = { ...common, client: 'c', startedAt: '2026-01-01T00:00:00Z' }

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const never = () => new Promise<never>(() => undefined)
const durableAway = failure('DURABLE_UNAVAILABLE', { why: 'no' })
const storeAway = failure('STORE_UNAVAILABLE', { why: 'no' })

const running: Run = { description: () => described(), result: never }
const ended: Run = { description: () => described({ status: 'COMPLETED', closeTime }), result: async () => result }
const forced: Run = {
  description: () => described({ status: 'TERMINATED', closeTime }),
  result: () => Promise.reject(new WorkflowFailedError('t', new TerminatedFailure('t'), 'TIMEOUT')),
}
const away: Run = { description: () => Promise.reject(durableAway), result: () => Promise.reject(durableAway) }

type Row = OperationRow | undefined | 'away' | 'slow'

function parts(run: Run | undefined, row: Row, problem?: Error) {
  const find = async () => {
    if (row === 'away') throw storeAway
    return row === 'slow' ? never() : row
  }
  const { temporal, asked } = temporalOf(run ? { 'pay-1': run } : {})
  const { store, written } = storeOf(find, problem)
  const notices: unknown[] = []
  return { temporal, store, written, asked, notices, notice: (one: unknown) => void notices.push(one) }
}

describe('the status', () => {
  const noted = rowOf({ state: 'noted' })
  const endedRow = rowOf({ state: 'ended', result, endedAt: '2026-01-01T00:01:00Z' })
  const failedResult = { state: 'failed', code: 'C', message: 'm', status: 'internal' }
  const notBegun = rowOf({ state: 'not-begun', result: failedResult, endedAt: 'e' })
  const attention = { reason: 'doubled', since: 's' } as const
  const end = { endedAt: closeTime.toISOString(), ...result }

  test.each<[string, Run | undefined, Row, unknown]>([
    ['a run that stands, and its row', running, rowOf(), { ...head, state: 'running' }],
    ['a run that stands, and a store that is away', running, 'away', { ...ofRun, state: 'running' }],
    ['a run that stands, and a slow store', running, 'slow', { ...ofRun, state: 'running' }],
    ['what people have to look at', running, rowOf({ attention }), { ...head, attention, state: 'running' }],
    ['a run that has ended', ended, rowOf(), { ...head, ...end }],
    ['a run that has ended, and a store that is away', ended, 'away', { ...ofRun, ...end }],
    ['a run that was ended by force: not over', forced, rowOf(), { ...head, state: 'running' }],
    ['one by force whose end was found', forced, endedRow, { ...head, ...end }],
    ['one by force without a row', forced, undefined, { ...ofRun, state: 'running' }],
    ['a run that only closes what was not begun', running, notBegun, { ...ofRow, endedAt: 'e', ...failedResult }],
    ['no run yet', undefined, noted, { ...ofRow, state: 'running' }],
    ['no run any more', undefined, endedRow, { ...ofRow, ...end, endedAt: endedRow.endedAt }],
    ['noted, and Temporal is away', away, noted, { ...ofRow, state: 'running' }],
    ['noted, and Temporal is slow', { description: never }, noted, { ...ofRow, state: 'running' }],
    ['ended, and Temporal is away', away, endedRow, { ...ofRow, ...end, endedAt: endedRow.endedAt }],
    ['neither knows it', undefined, undefined, undefined],
  ])('of %s', async (_, run, row, expected) => {
    expect(await statusIn(parts(run, row), 'pay-1')).toEqual(expected)
  })

  test('tells whose it is by the memo of the run, before the row', async () => {
    const memo = { operation: 'pay', version: 1, fingerprint: {}, client: 'm' }
    const run = { ...running, description: () => described({ memo }) }
    expect(await statusIn(parts(run, rowOf()), 'pay-1')).toMatchObject({ client: 'm' })
    expect(await statusIn(parts(run, 'away'), 'pay-1')).toMatchObject({ client: 'm' })
  })

  test.each<[string, Run | undefined, Row, unknown]>([
    ['no run, and the store is away', undefined, 'away', storeAway],
    ['a run by force, and the store is away', forced, 'away', storeAway],
    ['both are away', away, 'away', storeAway],
    ['Temporal is away, and nobody noted it', away, undefined, durableAway],
    ['Temporal is away, and it was started', away, rowOf(), durableAway],
  ])('cannot be told where %s', async (_, run, row, expected) => {
    await expect(statusIn(parts(run, row), 'pay-1')).rejects.toBe(expected)
  })

  test('waits for a store that is a little slow, as it may know more', async () => {
    const one = parts(running, undefined)
    const slow = { ...one, store: storeOf(() => pause(60).then(() => rowOf({ attention }))).store }
    expect(await statusIn(slow, 'pay-1')).toMatchObject({ attention })
  })

  test('waits for the store alone where Temporal does not know it', async () => {
    const one = parts(undefined, undefined)
    const slow = { ...one, store: storeOf(() => pause(650).then(() => endedRow)).store }
    expect(await statusIn(slow, 'pay-1')).toMatchObject(result)
  })

  test('waits for a Temporal that is a little slow, unless nothing is begun yet', async () => {
    const slow: Run = {
      ...ended,
      description: () => pause(650).then(() => described({ status: 'COMPLETED', closeTime })),
    }
    expect(await statusIn(parts(slow, rowOf()), 'pay-1')).toMatchObject(result)
    expect(await statusIn(parts(slow, noted), 'pay-1')).toMatchObject({ state: 'running' })
  })

  test('of an end is written down, once, and what fails in that is told alone', async () => {
    const one = parts(ended, rowOf())
    await statusIn(one, 'pay-1')
    expect(one.written).toEqual([['ended', 'pay-1', result, closeTime.toISOString()]])
    const known = parts(ended, endedRow)
    await statusIn(known, 'pay-1')
    const unknown = parts(ended, undefined)
    await statusIn(unknown, 'pay-1')
    const byForce = parts(forced, endedRow)
    await statusIn(byForce, 'pay-1')
    const open = parts(running, rowOf())
    await statusIn(open, 'pay-1')
    expect([known, unknown, byForce, open].flatMap(({ written }) => written)).toEqual([])
    const problem = new Error('no')
    const failing = parts(ended, rowOf(), problem)
    expect(await statusIn(failing, 'pay-1')).toMatchObject(result)
    await pause(1)
    expect(failing.notices).toEqual([problem])
  })

  test('of a run without a time of its end has one now', async () => {
    const { endedAt } = (await statusIn(
      parts({ ...ended, description: () => described({ status: 'COMPLETED' }) }, undefined),
      'pay-1',
    )) as { endedAt: string }
    expect(Math.abs(Date.parse(endedAt) - Date.now())).toBeLessThan(60_000)
  })
})

describe('waiting', () => {
  const waited = (run: Run | undefined, row: Row, ms: number, known?: boolean) => {
    const one = parts(run, row)
    const recent = recentOperations()
    if (known !== undefined) recent.add(head, known)
    return { ...one, status: waitFor({ ...one, recent }, 'pay-1', ms) }
  }

  test('for nothing tells of one begun just now without asking anybody', async () => {
    const fresh = waited(undefined, 'away', 0, true)
    expect([await fresh.status, fresh.asked]).toEqual([{ ...head, state: 'running' }, []])
    const attached = waited(running, rowOf(), 0, false)
    expect(await attached.status).toEqual({ ...head, state: 'running' })
    expect(attached.asked).toEqual(['describe pay-1'])
    expect(await waited(ended, rowOf(), -5, false).status).toMatchObject(result)
  })

  test('ends with the run, at once, and writes its end down', async () => {
    const since = performance.now()
    const one = waited({ ...running, result: () => pause(20).then(() => result) }, rowOf(), 20_000, true)
    const status = await one.status
    expect(status).toEqual({ ...head, ...result, endedAt: expect.stringMatching(/^20.*Z$/) })
    expect(performance.now() - since).toBeLessThan(10_000)
    expect(one.asked).toEqual(['result pay-1'])
    expect(one.written).toEqual([['ended', 'pay-1', result, 'endedAt' in status ? status.endedAt : '']])
  })

  test('for one that this process did not begin asks for its head', async () => {
    const one = waited(ended, rowOf(), 20_000)
    expect(await one.status).toMatchObject({ ...ofRun, ...result })
    expect(one.asked).toEqual(['result pay-1', 'describe pay-1'])
  })

  test('ends when the time is over', async () => {
    const since = performance.now()
    expect(await waited(running, rowOf(), 100, true).status).toEqual({ ...head, state: 'running' })
    expect(performance.now() - since).toBeGreaterThanOrEqual(95)
    expect(performance.now() - since).toBeLessThan(450)
  })

  test.each<[string, boolean, number, number]>([
    ['half a second later', false, 700, 1500],
    ['a second later, where it was begun just now,', true, 1200, 2000],
  ])('looks %s whether it is parked, then every second', async (_, fresh, parkedAfter, seenAfter) => {
    let isParked = false
    const description = () => described({ attributes: isParked ? { MainspanState: 'parked' } : {} })
    const since = performance.now()
    const one = waited({ description, result: never }, rowOf(), 20_000, fresh)
    setTimeout(() => {
      isParked = true
    }, parkedAfter)
    expect(await one.status).toMatchObject({ state: 'parked' })
    expect(performance.now() - since).toBeGreaterThanOrEqual(seenAfter - 50)
    expect(performance.now() - since).toBeLessThan(seenAfter + 900)
    expect(one.asked).toEqual(['result pay-1', 'describe pay-1', 'describe pay-1'])
  })

  test('for one that Temporal does not know yet goes on, and for one that nobody knows ends', async () => {
    let run: Run | undefined
    const one = parts(undefined, rowOf({ state: 'noted' }))
    const handle = () => ({
      describe: async () => run?.description?.() ?? described(),
      result: async () => {
        const { result: end } = run ?? {}
        if (!end) throw durableAway
        return await end()
      },
    })
    const { temporal } = temporalOf({}, { getHandle: handle })
    setTimeout(() => {
      run = { ...ended, description: () => described() }
    }, 100)
    const since = performance.now()
    expect(await waitFor({ ...one, temporal, recent: recentOperations() }, 'pay-1', 20_000)).toMatchObject(result)
    expect(performance.now() - since).toBeGreaterThanOrEqual(400)
    const none = waited(undefined, undefined, 20_000).status
    await expect(none).rejects.toMatchObject({ code: 'OPERATION_ID_UNKNOWN' })
    const other = failure('FLOW_FAILED', { flow: 'pay' })
    await expect(waited({ ...running, result: () => Promise.reject(other) }, rowOf(), 20_000).status).rejects.toBe(
      other,
    )
    const failing = new Error('a mistake of ours')
    await expect(waited({ ...running, result: () => Promise.reject(failing) }, rowOf(), 20_000).status).rejects.toBe(
      failing,
    )
  })

  test('for one that was ended by force goes on: what it had done is looked into', async () => {
    const since = performance.now()
    expect(await waited(forced, rowOf(), 100).status).toEqual({ ...head, state: 'running' })
    expect(performance.now() - since).toBeLessThan(450)
    const found = rowOf({ state: 'ended', result, endedAt: '2026-01-01T00:01:00Z' })
    expect(await waited(forced, found, 20_000).status).toMatchObject(result)
  })
})
