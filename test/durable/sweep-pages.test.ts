// A sweep that cannot see all at once: more rows than fit a page, and a store that is away.

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { failure } from '../../src/error/failure.ts'
import type { SweepResult } from '../../src/flow/builtin/sweep.ts'
import { type Rig, rig } from '../support/rig.ts'
import { reset } from '../support/scripted-core.ts'

let it: Rig
beforeAll(async () => {
  it = await rig()
})
beforeEach(() => reset(it.core))
afterAll(() => it.close())

/** Visibility lags behind a little. */
async function sweptUntil(isSeen: (result: SweepResult) => boolean): Promise<SweepResult> {
  for (let tries = 0; ; tries++) {
    const options = { workflowId: `sweep-${randomUUID()}`, taskQueue: it.settings.taskQueue, args: [] }
    const result: SweepResult = await it.client.workflow.execute('sweep', options)
    if (isSeen(result)) return result
    if (tries === 20) throw new Error(`swept in vain: ${JSON.stringify(result)}`)
    await pause(200)
  }
}

/** A page of rows that nobody can read, and behind it an operation whose result nobody has waited for. */
async function behindFullPage(then: (id: string) => Promise<void>): Promise<void> {
  const { store, database } = it.database
  const unreadable = Array.from({ length: 100 }, (_, nth) => `0-unreadable-${nth}`)
  for (const id of unreadable) await store.note({ id, operation: 'x', version: 1, fingerprint: {}, start: {} })
  const id = await it.begin('moveMoney')
  await it.client.workflow.getHandle(id).result()
  await database.sql(
    `update mainspan.operations set state = 'started', noted_at = noted_at - interval '1 hour' where id = any($1)`,
    [[...unreadable, id]],
  )
  await then(id).finally(() => database.sql('delete from mainspan.operations where id = any($1)', [unreadable]))
}

const unreadableRow = { operation: 'x', version: 1, fingerprint: {}, start: {}, state: 'started', notedAt: '' } as const
const idsOfPage = (page: number, most: number) => Array.from({ length: most }, (_, nth) => `${page}-unreadable-${nth}`)

/** Full pages of rows that nobody can read, and then none; gives behind which row each was asked for. */
async function overPages(count: number, then: (asked: readonly unknown[]) => Promise<void>): Promise<void> {
  const { store } = it.database
  const begun = store.begun
  const asked: unknown[] = []
  store.begun = async (_, most, after) => {
    const page = asked.push(after)
    return page > count ? [] : idsOfPage(page, most).map((id) => ({ ...unreadableRow, id }))
  }
  try {
    await then(asked)
  } finally {
    store.begun = begun
  }
}

describe('a sweep that cannot see all', () => {
  test('goes on behind a full page of rows', () =>
    behindFullPage(async (id) => {
      const swept = await sweptUntil(({ recorded }) => recorded > 0)
      expect(swept.unmended).toHaveLength(20)
      expect(swept.rows).toBeUndefined()
      expect(await it.database.store.find(id)).toMatchObject({ state: 'ended', result: { state: 'completed' } })
    }))

  test('says at which page the store went away, and from when the next one looks at runs', () =>
    behindFullPage(async () => {
      const { store } = it.database
      const begun = store.begun
      let asked = 0
      store.begun = (...of) =>
        asked++ === 0 ? begun(...of) : Promise.reject(failure('STORE_UNAVAILABLE', { why: 'it is away' }))
      try {
        const since = Date.now()
        const { rows, unmended, runs } = await sweptUntil(() => true)
        expect(rows).toContain('0-unreadable-')
        expect(unmended).toHaveLength(20)
        // Ten minutes before it began: what visibility may have shown late.
        expect(runs).toEqual({ since: expect.any(String) })
        expect(Math.abs(Date.parse(runs.since) - (since - 600_000))).toBeLessThan(60_000)
      } finally {
        store.begun = begun
      }
    }))

  test('says so where the store is away, and has looked at the runs all the same', async () => {
    const { store } = it.database
    const begun = store.begun
    store.begun = () => Promise.reject(failure('STORE_UNAVAILABLE', { why: 'it is away' }))
    try {
      it.core.onCall = ({ request }) => (request.direction === 'C' ? { do: 'lose', booked: true } : undefined)
      it.core.onInquiry = () => 'unclear'
      const id = await it.begin('moveMoney')
      expect(await it.settled(id)).toMatchObject({ state: 'parked' })
      it.core.onInquiry = () => undefined
      await it.client.workflow.getHandle(id).terminate('test')
      const swept = await sweptUntil(({ repaired: count }) => count > 0)
      const why = expect.stringContaining('STORE_UNAVAILABLE')
      expect(swept).toMatchObject({ repaired: 1, recorded: 0, unmended: [{ id: 'this page', why }] })
      expect(await it.settled(id)).toMatchObject({ state: 'completed' })
    } finally {
      store.begun = begun
    }
  })

  test('ends after ten pages of rows, tells of the first ones, and says where the next one goes on', () =>
    overPages(12, async (asked) => {
      const { rows, unmended } = await sweptUntil(() => true)
      expect(asked).toEqual([undefined, ...Array.from({ length: 9 }, (_, nth) => `${nth + 1}-unreadable-99`)])
      expect(rows).toBe('10-unreadable-99')
      expect(unmended.map(({ id }) => id)).toEqual(idsOfPage(1, 20))
    }))

  test('ends as cancelled where somebody cancels it, and calls no page unmended for that', async () => {
    await it.worker.close()
    const options = { workflowId: `sweep-${randomUUID()}`, taskQueue: it.settings.taskQueue, args: [] }
    const handle = await it.client.workflow.start('sweep', options)
    await handle.cancel()
    await it.restart()
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } })
  })
})
