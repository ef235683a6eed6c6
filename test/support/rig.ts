// A real Temporal server with a real worker over the scripted core.

import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import Long from 'long'
import { deposits } from '../../adapters/deposits.ts'
import type { Adapter } from '../../src/contract/adapter.ts'
import type { ResolvedAdapter } from '../../src/contract/catalog.ts'
import type { OperationStart, OperationStatus, Patience } from '../../src/contract/durable.ts'
import type { JsonObject } from '../../src/contract/json.ts'
import { type ConnectedOperations, connectOperations } from '../../src/durable/operations.ts'
import { dataConverter } from '../../src/durable/payload/data-converter.ts'
import type { PayloadKey, WorkerSettings } from '../../src/durable/settings.ts'
import { type RunningWorker, startWorker } from '../../src/durable/worker.ts'
import { bank } from '../flow/fast-bank/bank.ts'
import { type ScriptedCore, scriptedCore } from './scripted-core.ts'
import { type StoreForTests, storeForTests, storeKey } from './store.ts'
import { type TemporalForTests, temporalForTests } from './temporal.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

const resolved = ({ name, definition }: Pick<Adapter, 'name' | 'definition'>): ResolvedAdapter => ({
  name,
  definition,
  file: '',
  transactions: new Map(),
})

const fastFlows = [
  ...['moveMoney', 'sendWire', 'bothAtOnce', 'bothPosted', 'readAndTag', 'orElse'],
  ...['threePosts', 'tagAndPost', 'tellTwice', 'tellBetween', 'undoOne', 'postBoth', 'giveUp', 'unwrapped'],
]

export const flowSources = {
  adapters: new Map([bank, deposits].map((one) => [one.name, resolved(one)])),
  flows: new Map([
    ['transferFunds', `${root}workflows/transfer-funds.ts`],
    ...fastFlows.map((name) => [name, `${root}test/flow/fast-bank/flows.ts`] as const),
  ]),
}

export const impatient: Patience = {
  unsentMs: 2000,
  pauseMs: 100,
  pauseMaxMs: 200,
  inquiries: 2,
  resends: 2,
  marginMs: 700,
  lateMs: 1000,
  resendWithinMs: 600_000,
  askAgainMs: 600_000,
  askAgainMaxMs: 600_000,
}

export const testKey: PayloadKey = storeKey

export const testIdKey = new Uint8Array(32).fill(3)

export interface Rig {
  readonly temporal: TemporalForTests
  readonly settings: WorkerSettings
  readonly core: ScriptedCore
  readonly database: StoreForTests
  readonly operations: ConnectedOperations
  readonly client: Client
  worker: RunningWorker
  /** Another worker in place of the one that was closed. */
  restart(): Promise<void>
  /** Starts an operation under a new key, or the given one. */
  begin(
    flow: string,
    input?: JsonObject,
    more?: { readonly key?: string } & Partial<Pick<OperationStart, 'call' | 'replyTo'>>,
  ): Promise<string>
  /** The status when it has ended or is parked; fails after 30 seconds. */
  settled(id: string): Promise<OperationStatus>
  close(): Promise<void>
}

export const order = { from: '1000000001', to: '1000000002', amount: '12.50' }

/** `patience`: what differs from the impatient one. */
export async function rig(patience: Partial<Patience> = {}): Promise<Rig> {
  const temporal = await temporalForTests()
  const settings: WorkerSettings = {
    address: temporal.address,
    taskQueue: `test-${randomUUID()}`,
    payloadKeys: [testKey],
    patience: { ...impatient, ...patience },
    sweepEveryMs: 0,
  }
  const core = scriptedCore()
  const database = await storeForTests([testKey])
  const { store } = database
  const operations = connectOperations({ ...settings, idKey: testIdKey }, { store })
  const connection = await Connection.connect({ address: temporal.address })
  const client = new Client({ connection, dataConverter: dataConverter(settings.payloadKeys) })
  const { caller, publisher } = core
  const start = () => startWorker({ catalog: flowSources, settings, caller, publisher, store })
  const worker = await start()
  const made: Rig = {
    temporal,
    settings,
    core,
    database,
    operations,
    client,
    worker,
    async restart() {
      made.worker = await start()
    },
    async begin(flow, input = order, { key = randomUUID(), ...more } = {}) {
      const start = { operation: flow, version: 1, input, client: 'tests', door: 'rest', ...more } as const
      const { id } = await operations.start({
        start,
        workflowType: more.call ? 'runTransaction' : flow,
        key,
        summary: flow,
      })
      return id
    },
    async settled(id) {
      const status = await operations.wait(id, 30_000)
      if (status.state === 'running') throw new Error(`${id} is still running`)
      // A wait says when it heard of the end; Temporal knows when it was.
      return (await operations.status(id)) ?? status
    },
    async close() {
      await made.worker.close()
      await operations.close()
      await connection.close()
      await database.close()
      await temporal.close()
    },
  }
  return made
}

/** Resets to the nth workflow task (from 1) or the last, as the UI and `temporal workflow reset` do. */
export async function resetWorkflow({ client }: Rig, workflowId: string, nth = 1): Promise<void> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory()
  const tasks = (history.events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes)
  const { runId } = await client.workflow.getHandle(workflowId).describe()
  await client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId, runId },
    reason: 'test',
    workflowTaskFinishEventId: Long.fromNumber(Number(tasks[Math.min(nth, tasks.length) - 1]?.eventId)),
    requestId: randomUUID(),
  })
}
