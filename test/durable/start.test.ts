// What becomes of a start when Temporal, the store or the gateway itself fails in between, and what is known of a key afterwards.

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { StartRequest } from '../../src/contract/durable.ts'
import { orderFor } from '../../src/durable/operation/order.ts'
import { type ConnectedOperations, connectOperations } from '../../src/durable/operations.ts'
import { rowCipher } from '../../src/durable/payload/row-cipher.ts'
import { fingerprintOf, formerWorkflowIdOf, workflowIdOf } from '../../src/durable/workflow-id.ts'
import { openStore } from '../../src/store/store.ts'
import { type DoorTo, doorTo } from '../support/door-to.ts'
import { order, type Rig, rig, testIdKey, testKey } from '../support/rig.ts'
import { reset } from '../support/scripted-core.ts'
import { storeForTests } from '../support/store.ts'

let it: Rig
let door: DoorTo
let closing: (() => Promise<void>)[] = []
beforeAll(async () => {
  it = await rig()
  door = await doorTo(it.temporal.address)
})
beforeEach(() => reset(it.core))
afterEach(async () => {
  await door.open()
  for (const close of closing.reverse()) await close()
  closing = []
})
afterAll(async () => {
  await door.shut()
  await it.close()
})

const request = (key: string = randomUUID(), more: object = {}): StartRequest => ({
  start: { operation: 'moveMoney', version: 1, input: order, client: 'acme', door: 'rest', ...more },
  workflowType: 'moveMoney',
  key,
  summary: 'Move money',
})
const other = { input: { ...order, amount: '99.00' } }
const completed = { state: 'completed', output: expect.any(Object) }

/** One more gateway, which reaches Temporal through the door. */
function gateway(more: object = {}, store = it.database.store): ConnectedOperations {
  const settings = { ...it.settings, idKey: testIdKey, address: door.address, ...more }
  const operations = connectOperations(settings, { store })
  closing.push(() => operations.close())
  return operations
}

async function until<T>(ask: () => Promise<T | undefined>, seconds = 20): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(100)) {
    const value = await ask()
    if (value !== undefined) return value
  }
  throw new Error(`it did not come within ${seconds} seconds`)
}

const rowIn = (id: string, state: string) =>
  until(async () => {
    const row = await it.database.store.find(id)
    return row?.state === state ? row : undefined
  })

async function forgottenByTemporal(workflowId: string): Promise<void> {
  const { workflowService } = it.client
  await workflowService.deleteWorkflowExecution({ namespace: 'default', workflowExecution: { workflowId } })
  await until(async () => {
    const told = await it.client.workflow
      .getHandle(workflowId)
      .describe()
      .catch(() => 'gone')
    return told === 'gone' ? told : undefined
  }, 90)
}

describe('an operation that is started', () => {
  test('is noted, started and ended in the store', async () => {
    const { id } = await it.operations.start(request())
    expect(await it.operations.wait(id, 20_000)).toMatchObject(completed)
    expect(await rowIn(id, 'ended')).toMatchObject({ operation: 'moveMoney', result: completed })
    expect(it.core.calls).toHaveLength(2)
  })

  test('has an id that nobody can tell without the secret', () => {
    const asked = request('1000000001')
    const id = workflowIdOf(asked, testIdKey)
    expect(id).toMatch(/^moveMoney-v1-[0-9a-f]{32}$/)
    expect(workflowIdOf(asked, testIdKey)).toBe(id)
    expect(workflowIdOf(asked, new Uint8Array(32).fill(4))).not.toBe(id)
    expect(formerWorkflowIdOf(asked)).not.toBe(id)
  })

  test('100 times at once under one key, at two gateways, runs once', async () => {
    const gateways = [gateway(), gateway()]
    const asked = request()
    const starts = await Promise.all(Array.from({ length: 100 }, (_, nth) => gateways[nth % 2]?.start(asked)))
    expect(new Set(starts.map((one) => one?.id)).size).toBe(1)
    expect(starts.filter((one) => one?.started)).toHaveLength(1)
    expect(await it.settled(starts[0]?.id ?? '')).toMatchObject(completed)
    expect(it.core.calls).toHaveLength(2)
  })
})

describe('Temporal out of reach', () => {
  test('the start is accepted, says running, and goes on when Temporal is back', async () => {
    const own = await storeForTests([testKey])
    closing.push(own.close)
    await own.store.formerIdsGone()
    const operations = gateway({}, own.store)
    expect(await operations.wait((await operations.start(request())).id, 20_000)).toMatchObject(completed)
    await door.shut()
    const { id, started } = await operations.start(request())
    expect(started).toBe(true)
    expect(await operations.wait(id, 100)).toMatchObject({ id, state: 'running', operation: 'moveMoney' })
    expect(await operations.status(id)).toMatchObject({ id, state: 'running' })
    expect(it.core.calls).toHaveLength(2)
    await door.open()
    expect(await operations.wait(id, 20_000)).toMatchObject(completed)
    expect(it.core.calls).toHaveLength(4)
  }, 60_000)

  test('another gateway goes on when the one that accepted it is gone', async () => {
    const first = gateway()
    await first.ready()
    await it.database.store.formerIdsGone()
    await door.shut()
    const { id } = await first.start(request())
    await first.close()
    closing = []
    expect(await it.settled(id)).toMatchObject(completed)
  }, 60_000)

  test('for longer than the limit closes it as not begun, and it stays so', async () => {
    await it.database.store.formerIdsGone()
    const own = await storeForTests([testKey])
    closing.push(own.close)
    await own.store.formerIdsGone()
    const operations = gateway({ startWithinMs: 3000 }, own.store)
    await door.shut()
    const asked = request()
    const { id } = await operations.start(asked)
    await pause(3000)
    await door.open()
    const end = { state: 'failed', code: 'OPERATION_NOT_BEGUN', status: 'not-applied' }
    expect(await operations.wait(id, 20_000)).toMatchObject(end)
    expect(await operations.start(asked)).toEqual({ id, started: false })
    expect(await operations.status(id)).toMatchObject(end)
    await expect(operations.start({ ...asked, ...request(asked.key, other) })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
    await forgottenByTemporal(id)
    expect(await operations.wait(id, 1000)).toMatchObject(end)
    expect(it.core.calls).toHaveLength(0)
  }, 120_000)
})

describe('a gateway that died', () => {
  const noted = async (asked: StartRequest) => {
    const id = workflowIdOf(asked, testIdKey)
    const start = orderFor(asked, it.settings)
    await it.database.store.note({
      ...{ id, operation: 'moveMoney', version: 1, fingerprint: fingerprintOf(asked) },
      start: JSON.parse(JSON.stringify(start)),
    })
    return id
  }

  test('before it answered leaves nothing begun, and the row is closed in time', async () => {
    const id = await noted(request())
    gateway({ startWithinMs: 4000 })
    await rowIn(id, 'not-begun')
    expect(await it.operations.status(id)).toMatchObject({ state: 'failed', code: 'OPERATION_NOT_BEGUN' })
    expect(it.core.calls).toHaveLength(0)
  }, 60_000)

  test('is taken over by the one that gets the repeat', async () => {
    const asked = request()
    const id = await noted(asked)
    expect(await it.operations.start(asked)).toEqual({ id, started: false })
    expect(await it.settled(id)).toMatchObject(completed)
    expect(it.core.calls).toHaveLength(2)
  }, 60_000)

  test('after it had started the workflow, before it wrote so: nothing is begun a second time', async () => {
    const { id } = await it.operations.start(request())
    expect(await it.settled(id)).toMatchObject(completed)
    await rowIn(id, 'ended')
    await it.database.database.sql("update mainspan.operations set state = 'noted', promised = true where id = $1", [
      id,
    ])
    expect(await rowIn(id, 'started')).toBeDefined()
    await it.database.database.sql(
      "update mainspan.operations set state = 'noted', noted_at = now() - interval '1 hour' where id = $1",
      [id],
    )
    expect(await rowIn(id, 'started')).toBeDefined()
    expect(it.core.calls).toHaveLength(2)
  }, 60_000)
})

describe('a key that Temporal has forgotten', () => {
  test('is refused with another body, and gives the old result with the same', async () => {
    const asked = request()
    const { id } = await it.operations.start(asked)
    const end = await it.settled(id)
    expect(end).toMatchObject(completed)
    await rowIn(id, 'ended')
    await forgottenByTemporal(id)
    await expect(it.operations.start(request(asked.key, other))).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      status: 'already-exists',
    })
    expect(await it.operations.start(asked)).toEqual({ id, started: false })
    const { endedAt, ...again } = await it.operations.wait(id, 20_000)
    expect(again).toEqual({ ...end, endedAt: undefined })
    expect(endedAt).toBeDefined()
    expect(await it.operations.status(id)).toMatchObject(completed)
    expect(it.core.calls).toHaveLength(2)
  }, 120_000)

  test('before its end was written down stays open', async () => {
    it.core.onCall = () => ({ do: 'not-sent' })
    const { id } = await it.operations.start(request())
    await rowIn(id, 'started')
    await forgottenByTemporal(id)
    expect(await it.operations.wait(id, 500)).toMatchObject({ id, state: 'running' })
  }, 120_000)

  test('is open as long as its operation is, and free when the promise is over', async () => {
    const asked = request()
    const { id } = await it.operations.start(asked)
    await it.settled(id)
    await rowIn(id, 'ended')
    await it.database.database.sql(
      "update mainspan.operations set ended_at = now() - interval '31 days' where id = $1",
      [id],
    )
    await it.database.store.forget(new Date(Date.now() - 30 * 86_400_000).toISOString())
    expect(await it.database.store.find(id)).toBeUndefined()
    // Temporal still knows it, so that it is recognised all the same.
    await expect(it.operations.start(request(asked.key, other))).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
    expect(await it.database.store.find(id)).toBeUndefined()
    expect(await it.operations.start(asked)).toEqual({ id, started: false })
    expect(it.core.calls).toHaveLength(2)
  })

  test('promised for less than Temporal keeps it: the gateway does not start', async () => {
    await expect(gateway({ keyDays: 0.5 }).checkKeyLife()).rejects.toMatchObject({
      code: 'KEY_LIFE_TOO_SHORT',
      facts: { days: 0.5, retention: 1 },
    })
    await expect(gateway({ keyDays: 1 }).checkKeyLife()).resolves.toBeUndefined()
  })
})

describe('an operation of before there was a store', () => {
  const taskQueue = `former-${randomUUID()}`

  test('is found by its key and its former id as long as Temporal knows it', async () => {
    const asked = request()
    const id = formerWorkflowIdOf(asked)
    await it.client.workflow.start('moveMoney', {
      ...{ workflowId: id, taskQueue, args: [asked.start] },
      memo: { mainspan: { operation: 'moveMoney', version: 1, fingerprint: fingerprintOf(asked) } },
    })
    await pause(1000)
    const own = await storeForTests([testKey])
    closing.push(own.close)
    const operations = gateway({ taskQueue }, own.store)
    expect(await operations.start(asked)).toEqual({ id, started: false })
    expect(await operations.status(id)).toMatchObject({ id, state: 'running', operation: 'moveMoney' })
    await expect(operations.start(request(asked.key, other))).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
    expect(await operations.start(request())).toMatchObject({ started: true })
    expect(await own.store.formerIds()).toBeDefined()
  })

  test('none is looked for where there is none', async () => {
    const own = await storeForTests([testKey])
    closing.push(own.close)
    await gateway({ taskQueue: `new-${randomUUID()}` }, own.store).start(request())
    expect(await own.store.formerIds()).toBeUndefined()
  })
})

describe('the store out of reach', () => {
  test('a start is refused within seconds with nothing begun; what runs is waited for and shown', async () => {
    const { host, pathname, username, password } = new URL(it.database.database.url)
    const path = await doorTo(host)
    const store = openStore({
      url: `postgres://${username}:${password}@${path.address}${pathname}`,
      cipher: rowCipher([testKey]),
    })
    closing.push(path.shut, () => store.close())
    const operations = gateway({}, store)
    it.core.onCall = (_, nth) => (nth === 0 ? { do: 'not-sent' } : undefined)
    const { id } = await operations.start(request())
    await path.shut()
    const [since, asked] = [Date.now(), request()]
    await expect(operations.start(asked)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      status: 'unavailable',
      retry: 'later',
    })
    expect(Date.now() - since).toBeLessThan(6000)
    expect(await operations.status(id)).toMatchObject({ id, operation: 'moveMoney' })
    expect(await operations.wait(id, 20_000)).toMatchObject(completed)
    expect(it.core.calls.length).toBe(4)
    await path.open()
    await expect(
      until(async () => (await operations.start(asked).catch(() => undefined)) ?? undefined),
    ).resolves.toMatchObject({ started: true })
  }, 60_000)
})
