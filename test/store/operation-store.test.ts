// The rows of operations: noted once whatever comes at the same time, moved in one direction only, sealed, and forgotten in time.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { rowCipher } from '../../src/durable/payload/row-cipher.ts'
import { openStore } from '../../src/store/store.ts'
import { type StoreForTests, storeForTests, storeKey } from '../support/store.ts'

let it: StoreForTests
beforeAll(async () => {
  it = await storeForTests()
})
afterAll(() => it.close())

const row = (id: string = randomUUID(), more: object = {}) => ({
  id,
  operation: 'moveMoney',
  version: 1,
  fingerprint: { salt: 's', digest: 'd' },
  start: { workflowType: 'moveMoney', start: { input: { name: 'Zebulon Quartermain', amount: '4242.42' } } },
  ...more,
})
const completed = { state: 'completed', output: { balance: '77.31' } }
const stateOf = async (id: string) => (await it.store.find(id))?.state
const soon = () => new Date(Date.now() + 60_000).toISOString()

describe('noting', () => {
  test('gives back what was noted, with a time', async () => {
    const one = row()
    expect(await it.store.note(one)).toEqual({ fresh: true })
    const noted = { ...one, state: 'noted', promised: false, notedAt: expect.any(String) }
    expect(await it.store.find(one.id)).toEqual(noted)
    expect(await it.store.note(row(one.id, { fingerprint: { salt: 'x', digest: 'y' } }))).toEqual({
      fresh: false,
      row: noted,
    })
    expect(await it.store.find(randomUUID())).toBeUndefined()
  })

  test('100 at once under one id, from two processes: one is fresh', async () => {
    const other = openStore({ url: it.database.url, cipher: rowCipher([storeKey]) })
    const id = randomUUID()
    const all = await Promise.all(Array.from({ length: 100 }, (_, nth) => (nth % 2 ? it.store : other).note(row(id))))
    await other.close()
    expect(all.filter(({ fresh }) => fresh)).toHaveLength(1)
    for (const one of all) if (!one.fresh) expect(one.row).toMatchObject({ id, state: 'noted' })
  })

  test('many at once over the same ids in any order hinder nobody', async () => {
    const other = openStore({ url: it.database.url, cipher: rowCipher([storeKey]) })
    const ids = Array.from({ length: 300 }, () => randomUUID())
    const turned = [...ids].reverse()
    const all = await Promise.all([
      ...ids.map((id) => it.store.note(row(id))),
      ...turned.map((id) => other.note(row(id))),
    ])
    await other.close()
    expect(all.filter(({ fresh }) => fresh)).toHaveLength(300)
  })
})

describe('the way of a row', () => {
  test('noted, promised, started, ended with a result', async () => {
    const { id } = row()
    await it.store.note(row(id))
    await it.store.promise(id)
    expect(await it.store.find(id)).toMatchObject({ state: 'noted', promised: true })
    await it.store.started(id)
    expect(await stateOf(id)).toBe('started')
    await it.store.ended(id, completed, '2026-11-30T12:00:00.000Z')
    expect(await it.store.find(id)).toMatchObject({
      state: 'ended',
      result: completed,
      endedAt: '2026-11-30T12:00:00.000Z',
    })
  })

  test('never goes back, and an end that came later takes the place of an earlier one only', async () => {
    const { id } = row()
    await it.store.note(row(id))
    await it.store.ended(id, { state: 'failed' }, '2026-11-30T12:00:00.000Z')
    await it.store.started(id)
    await it.store.notBegun(id, { state: 'failed' })
    expect(await it.store.find(id)).toMatchObject({ state: 'ended', endedAt: '2026-11-30T12:00:00.000Z' })
    await it.store.ended(id, { state: 'rejected' }, '2026-11-30T11:00:00.000Z')
    expect(await it.store.find(id)).toMatchObject({ result: { state: 'failed' } })
    await it.store.ended(id, completed, '2026-11-30T13:00:00.000Z')
    expect(await it.store.find(id)).toMatchObject({ result: completed, endedAt: '2026-11-30T13:00:00.000Z' })
  })

  test('what was closed as not begun is neither started nor ended any more', async () => {
    const { id } = row()
    await it.store.note(row(id))
    await it.store.notBegun(id, { state: 'failed', code: 'OPERATION_NOT_BEGUN' })
    await Promise.all([it.store.started(id), it.store.ended(id, completed, soon())])
    expect(await it.store.find(id)).toMatchObject({ state: 'not-begun', result: { code: 'OPERATION_NOT_BEGUN' } })
  })

  test('marks of many rows in one statement reach each of them', async () => {
    const ids = Array.from({ length: 50 }, () => randomUUID())
    await Promise.all(ids.map((id) => it.store.note(row(id))))
    await Promise.all(ids.flatMap((id) => [it.store.started(id), it.store.ended(id, { of: id }, soon())]))
    for (const id of ids) expect(await it.store.find(id)).toMatchObject({ state: 'ended', result: { of: id } })
  })

  test('attention is noted and taken away, its time stays', async () => {
    const { id } = row()
    await it.store.note(row(id))
    await it.store.attend(id, 'doubled')
    const first = await it.store.find(id)
    expect(first?.attention).toEqual({ reason: 'doubled', since: expect.any(String) })
    await it.store.attend(id, 'doubled')
    expect((await it.store.find(id))?.attention).toEqual(first?.attention)
    await it.store.attend(id, undefined)
    expect((await it.store.find(id))?.attention).toBeUndefined()
  })
})

describe('lists', () => {
  test('give the oldest rows of a state first, as many as asked for', async () => {
    const own = await storeForTests()
    const ids = [randomUUID(), randomUUID(), randomUUID()]
    for (const id of ids) await own.store.note(row(id))
    await own.store.started(ids[1] ?? '')
    expect((await own.store.list('noted', soon(), 10)).map(({ id }) => id)).toEqual([ids[0], ids[2]])
    expect((await own.store.list('noted', soon(), 1)).map(({ id }) => id)).toEqual([ids[0]])
    expect(await own.store.list('noted', '2020-01-01T00:00:00Z', 10)).toEqual([])
    expect(await own.store.list('started', soon(), 10)).toMatchObject([{ id: ids[1], state: 'started' }])
    await own.close()
  })

  test('only what has ended is forgotten, and nothing that asks for attention', async () => {
    const own = await storeForTests()
    const [open, ended, watched, late, never] = Array.from({ length: 5 }, () => randomUUID())
    for (const id of [open, ended, watched, late, never]) await own.store.note(row(id))
    await own.store.notBegun(never ?? '', { state: 'failed' })
    await own.store.ended(ended ?? '', completed, '2026-01-01T00:00:00Z')
    await own.store.ended(watched ?? '', completed, '2026-01-01T00:00:00Z')
    await own.store.ended(late ?? '', completed, '2026-03-01T00:00:00Z')
    await own.store.attend(watched ?? '', 'late-effect')
    expect(await own.store.forget('2026-02-01T00:00:00Z')).toBe(1)
    expect(await own.store.find(ended ?? '')).toBeUndefined()
    for (const id of [open, watched, late, never]) expect(await own.store.find(id ?? '')).toBeDefined()
    // Its key is free again.
    expect(await own.store.note(row(ended))).toEqual({ fresh: true })
    expect(await own.store.forget(soon())).toBe(2)
    expect(await own.store.find(open ?? '')).toBeDefined()
    await own.close()
  })
})

describe('what lies in the database', () => {
  test('is no value of the customer in clear', async () => {
    const { id } = row()
    await it.store.note(row(id))
    await it.store.ended(id, completed, soon())
    const [stored] = await it.database.sql<{ text: string }>(
      `select encode(request, 'escape') || encode(result, 'escape') || o::text as text from mainspan.operations o where id = $1`,
      [id],
    )
    expect(stored?.text).toContain(id)
    for (const value of ['Zebulon', '4242.42', '77.31', 'digest', 'salt']) expect(stored?.text).not.toContain(value)
  })

  test('does not open in another row, nor when it was changed', async () => {
    const [one, other] = [randomUUID(), randomUUID()]
    await it.store.note(row(one))
    await it.store.note(row(other))
    await it.database.sql(
      'update mainspan.operations set request = (select request from mainspan.operations where id = $1) where id = $2',
      [one, other],
    )
    await expect(it.store.find(other)).rejects.toMatchObject({ code: 'PAYLOAD_UNREADABLE' })
  })

  test('opens with a retired key, and not without it', async () => {
    const id = randomUUID()
    await it.store.note(row(id))
    const next = { id: 'test-2', key: new Uint8Array(32).fill(9) }
    const changed = openStore({ url: it.database.url, cipher: rowCipher([next, storeKey]) })
    expect(await changed.find(id)).toMatchObject({ id })
    const lost = openStore({ url: it.database.url, cipher: rowCipher([next]) })
    await expect(lost.find(id)).rejects.toMatchObject({ code: 'PAYLOAD_KEY_UNKNOWN' })
    await Promise.all([changed.close(), lost.close()])
  })
})

describe('builds', () => {
  const build = {
    id: '0123456789abcdef',
    code: 'x'.repeat(600_000),
    adapters: { bank: { b: 1, a: 2 } },
    files: {},
    contract: 2, sdk: '1.24.0',
  }

  test('are kept once, and given back as they were', async () => {
    await it.store.keepBuild(build)
    await it.store.keepBuild({ ...build, code: 'other' })
    const found = await it.store.build(build.id)
    expect(JSON.stringify(found)).toBe(JSON.stringify(build))
    expect(await it.store.build('none')).toBeUndefined()
  })

  test('that were put in by another hand are not run', async () => {
    await it.database.sql(
      "insert into mainspan.builds (id, content) select 'forged', content from mainspan.builds limit 1",
    )
    await expect(it.store.build('forged')).rejects.toMatchObject({ code: 'PAYLOAD_UNREADABLE' })
  })
})
