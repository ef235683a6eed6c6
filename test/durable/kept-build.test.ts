// The flows of the release before, which know HTTP's number where these know a status, on the activities of this release: what a kept
// build meets. test/durable/kept/ holds that build as the store kept it, without its copybooks.

import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Client } from '@temporalio/client'
import { NativeConnection, Worker } from '@temporalio/worker'
import { traitsTableOf } from '../../src/contract/activity.ts'
import type { AdapterDefinition } from '../../src/contract/adapter.ts'
import type { Build } from '../../src/contract/store.ts'
import { activitiesOf } from '../../src/durable/activities.ts'
import { type ConnectedOperations, connectOperations } from '../../src/durable/operations.ts'
import { dataConverter } from '../../src/durable/payload/data-converter.ts'
import { impatient, order, testIdKey, testKey } from '../support/rig.ts'
import { scriptedCore } from '../support/scripted-core.ts'
import { type StoreForTests, storeForTests } from '../support/store.ts'
import { type TemporalForTests, temporalForTests } from '../support/temporal.ts'

const file = new URL('kept/previous-build.json.gz', import.meta.url)
const kept = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Build
const definitions = Object.entries(kept.adapters as unknown as Readonly<Record<string, AdapterDefinition>>)
/** The fixture leaves the source map out, and the SDK wants one. */
const noMap = Buffer.from('{"version":3,"file":"kept.js","sources":[],"names":[],"mappings":""}').toString('base64')

let temporal: TemporalForTests
let connection: NativeConnection
let database: StoreForTests
let operations: ConnectedOperations
const taskQueue = `kept-${randomUUID()}`

beforeAll(async () => {
  temporal = await temporalForTests()
  database = await storeForTests([testKey])
  const settings = { address: temporal.address, taskQueue, payloadKeys: [testKey], patience: impatient }
  operations = connectOperations({ ...settings, idKey: testIdKey }, { store: database.store })
  connection = await NativeConnection.connect({ address: temporal.address })
}, 120_000)
afterAll(async () => {
  await operations.close()
  await connection.close()
  await database.close()
  await temporal.close()
})

test('a refusal reaches its flow with the number that it knows, and its caller with the status', async () => {
  const core = scriptedCore()
  core.onCall = () => ({ do: 'refuse', reason: 'insufficient-funds' })
  const activities = activitiesOf({
    ...{ caller: core.caller, publisher: core.publisher, store: database.store },
    transactions: traitsTableOf(definitions),
    isKept: true,
  })
  const worker = await Worker.create({
    ...{ connection, taskQueue, activities },
    workflowBundle: { code: `${kept.code}\n//# sourceMappingURL=data:application/json;base64,${noMap}` },
    dataConverter: dataConverter([testKey]),
  })
  await worker.runUntil(async () => {
    const start = { operation: 'transferFunds', version: 1, input: order, client: 'tests', door: 'rest' } as const
    const request = { start, workflowType: 'transferFunds', key: randomUUID(), summary: 'of a kept build' }
    const { id } = await operations.start(request)
    const status = await operations.wait(id, 30_000)
    expect(status).toMatchObject({ state: 'rejected', reason: 'insufficient-funds', status: 'refused' })
    expect(status).not.toHaveProperty('http')
    const client = new Client({ connection, dataConverter: dataConverter([testKey]) })
    const recorded = await client.workflow.getHandle(id).result()
    expect(recorded).toMatchObject({ state: 'rejected', http: 422 })
  })
})
