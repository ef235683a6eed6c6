// Starting once for each key, and what Temporal gets to see.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Client, Connection } from '@temporalio/client'
import { connectOperations } from '../../src/durable/operations.ts'
import { order, type Rig, rig, testIdKey } from '../support/rig.ts'
import { reset } from '../support/scripted-core.ts'
import { storeForTests } from '../support/store.ts'
import { freePort } from '../support/temporal.ts'

let it: Rig
beforeAll(async () => {
  it = await rig()
})
beforeEach(() => reset(it.core))
afterAll(() => it.close())

const request = (key: string, more: object = {}) => ({
  start: { operation: 'moveMoney', version: 1, input: order, client: 'acme', door: 'rest' as const, ...more },
  workflowType: 'moveMoney',
  key,
  summary: 'Move money',
})

describe('the identity of an operation', () => {
  test('100 equal starts at once are one operation', async () => {
    const key = randomUUID()
    const starts = await Promise.all(Array.from({ length: 100 }, () => it.operations.start(request(key))))
    expect(new Set(starts.map(({ id }) => id)).size).toBe(1)
    expect(starts.filter(({ started }) => started)).toHaveLength(1)
    expect(await it.settled(starts[0]?.id ?? '')).toMatchObject({ state: 'completed' })
    expect(it.core.calls).toHaveLength(2)
    const late = await it.operations.start(request(key))
    expect(late).toEqual({ id: starts[0]?.id, started: false })
  })

  test('members in another order are the same request', async () => {
    const key = randomUUID()
    const first = await it.operations.start(request(key))
    const turned = Object.fromEntries(Object.entries(order).reverse())
    expect(await it.operations.start(request(key, { input: turned }))).toEqual({ ...first, started: false })
    await it.settled(first.id)
  })

  test('the same key with another body is refused, also after the end', async () => {
    const key = randomUUID()
    const { id } = await it.operations.start(request(key))
    const other = () => it.operations.start(request(key, { input: { ...order, amount: '99.00' } }))
    await expect(other()).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', status: 'already-exists' })
    await it.settled(id)
    await expect(other()).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
  })

  test.each([
    ['client', { client: 'other' }],
    ['version', { version: 2 }],
  ])('another %s has keys of its own', async (_, more) => {
    const key = randomUUID()
    const [one, two] = [await it.operations.start(request(key)), await it.operations.start(request(key, more))]
    expect(two.started).toBe(true)
    expect(two.id).not.toBe(one.id)
    await Promise.all([it.settled(one.id), it.settled(two.id)])
  })

  test('the id tells the operation, and nothing of key, client or input', async () => {
    const { id } = await it.operations.start(request('1000000001'))
    expect(id).toMatch(/^moveMoney-v1-[0-9a-f]{32}$/)
    await it.settled(id)
  })
})

describe('status', () => {
  test('of an operation that is not there is undefined', async () => {
    expect(await it.operations.status('moveMoney-v1-none')).toBeUndefined()
    await expect(it.operations.wait('moveMoney-v1-none', 1000)).rejects.toMatchObject({ code: 'OPERATION_ID_UNKNOWN' })
  })

  test('is running while it runs, and has both times at the end', async () => {
    it.core.onCall = (_, nth) => (nth === 0 ? { do: 'not-sent' } : undefined)
    const { id } = await it.operations.start(request(randomUUID()))
    expect(await it.operations.wait(id, 0)).toMatchObject({ id, state: 'running', operation: 'moveMoney', version: 1 })
    const ended = await it.settled(id)
    expect(Date.parse(ended.endedAt ?? '')).toBeGreaterThan(Date.parse(ended.startedAt))
  })

  test('of a terminated operation is open until the store has its end', async () => {
    it.core.onCall = () => ({ do: 'not-sent' })
    const { id } = await it.operations.start(request(randomUUID()))
    await it.client.workflow.getHandle(id).terminate('test')
    expect(await it.operations.wait(id, 1500)).toMatchObject({ state: 'running' })
    const end = {
      state: 'failed',
      code: 'OPERATION_TERMINATED',
      message: 'ended by force',
      status: 'internal',
    } as const
    await it.database.store.ended(id, end, new Date().toISOString())
    expect(await it.operations.status(id)).toMatchObject({ id, ...end })
  })
})

test('what Temporal stores holds no value of the customer in clear', async () => {
  const planted = { from: '7777000011', to: '7777000022', amount: '4242.42', name: 'Zebulon Quartermain' }
  it.core.onCall = ({ request: asked }, nth) => {
    if (asked.direction !== 'C') return undefined
    return nth === 0 ? { do: 'crash' } : { do: 'refuse', reason: 'account-blocked' }
  }
  const id = await it.begin('moveMoney', planted)
  expect(await it.settled(id)).toMatchObject({ state: 'rejected' })
  const connection = await Connection.connect({ address: it.temporal.address })
  const raw = await new Client({ connection }).workflow.getHandle(id).fetchHistory()
  const described = await connection.workflowService.describeWorkflowExecution({
    namespace: 'default',
    execution: { workflowId: id },
  })
  await connection.close()
  const stored = [raw.events ?? [], described].map((part) => inClear(part)).join('\n')
  expect(stored).toContain('binary/encrypted')
  // The stand-in's own words, which a stack trace or a failure would carry.
  for (const value of [...Object.values(planted), 'account-blocked', 'a mistake of ours', 'E-']) {
    expect(stored).not.toContain(value)
  }
})

/** All strings and bytes of a message, as text; of what is encrypted only that it is, since any two letters can occur in ciphertext. */
function inClear(value: unknown): string {
  if (typeof value === 'string') return value
  if (isEncrypted(value)) return 'binary/encrypted'
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([name, part]) => `${name} ${inClear(part)}`)
    .join('\n')
}

function isEncrypted(value: unknown): boolean {
  const { encoding } = (value as { metadata?: { encoding?: Uint8Array } } | null)?.metadata ?? {}
  return encoding !== undefined && Buffer.from(encoding).toString() === 'binary/encrypted'
}

test('Temporal out of reach is told in time, by every function but the start, which goes on by itself', async () => {
  const settings = { address: `127.0.0.1:${await freePort()}`, taskQueue: 'none', idKey: testIdKey }
  const { store, close } = await storeForTests()
  await store.formerIdsGone()
  const operations = connectOperations(settings, { store })
  const away = { code: 'DURABLE_UNAVAILABLE', status: 'unavailable', retry: 'later' }
  const since = Date.now()
  const asked = await Promise.allSettled([
    operations.status('x'),
    operations.wait('x', 500),
    operations.resolve('x', { action: 'retry', by: 'ops', note: 'test' }),
    operations.checkKeyLife(),
  ])
  expect(asked).toEqual(asked.map(() => ({ status: 'rejected', reason: expect.objectContaining(away) })))
  expect(await operations.ready()).toBe(false)
  const { id, started } = await operations.start(request(randomUUID()))
  expect(started).toBe(true)
  expect(await store.find(id)).toMatchObject({ state: 'noted', promised: true })
  expect(Date.now() - since).toBeLessThan(15_000)
  await operations.close()
  await close()
  expect(await it.operations.ready()).toBe(true)
})
