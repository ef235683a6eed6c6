// What the worker does beside flows: registers search attributes, drains, and tells when Temporal is away.

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { Client, Connection } from '@temporalio/client'
import { searchAttributes } from '../../src/contract/durable.ts'
import { connectOperations } from '../../src/durable/operations.ts'
import { startWorker } from '../../src/durable/worker.ts'
import { flowSources, impatient, order, testIdKey } from '../support/rig.ts'
import { scriptedCore } from '../support/scripted-core.ts'
import { storeForTests } from '../support/store.ts'
import { bareTemporal, freePort } from '../support/temporal.ts'

describe('the worker', () => {
  test('registers the search attributes that a server lacks, drains on close, and a second one takes over', async () => {
    const temporal = await bareTemporal()
    const settings = { address: temporal.address, taskQueue: randomUUID(), patience: impatient }
    const core = scriptedCore()
    const { store, close } = await storeForTests()
    const parts = { catalog: flowSources, settings, store, caller: core.caller, publisher: core.publisher }
    const first = await startWorker(parts)
    const connection = await Connection.connect({ address: temporal.address })
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' })
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(Object.keys(searchAttributes)))

    const operations = connectOperations({ ...settings, idKey: testIdKey }, { store })
    core.onCall = (call) => (call.request.direction === 'D' ? { do: 'hang', booked: true } : undefined)
    const start = { operation: 'moveMoney', version: 1, input: order, client: 'tests', door: 'rest' } as const
    const { id } = await operations.start({ start, workflowType: 'moveMoney', key: 'one', summary: 'one' })
    while (core.calls.length === 0) await pause(20)
    // What an operator sees of a flow that waits.
    const stack = await new Client({ connection }).workflow.getHandle(id).query('__stack_trace')
    expect(stack).toContain('src/flow/doubt/send.ts')
    await first.close()
    await first.ended
    const second = await startWorker(parts)
    expect(await operations.wait(id, 30_000)).toMatchObject({ state: 'completed' })
    expect(core.calls).toHaveLength(2)
    await second.close()
    await operations.close()
    await connection.close()
    await close()
    await temporal.close()
  }, 90_000)

  test('says that Temporal is away', async () => {
    const settings = { address: `127.0.0.1:${await freePort()}`, taskQueue: 'none' }
    const { caller, publisher } = scriptedCore()
    const { store, close } = await storeForTests()
    const starting = startWorker({ catalog: flowSources, settings, store, caller, publisher })
    await expect(starting).rejects.toMatchObject({ code: 'DURABLE_UNAVAILABLE' })
    await close()
  })
})
