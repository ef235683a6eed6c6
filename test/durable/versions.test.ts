// Operations that are parked while flow, copybook and adapter change: they end on the build that they began on, on whatever machine.
// The bank is the real one, and its journal says whether it is true.

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { Client, Connection } from '@temporalio/client'
import { loadCatalog } from '../../src/catalog/load.ts'
import { readSettings } from '../../src/config.ts'
import type { BuildStore } from '../../src/contract/store.ts'
import { type AllCores, coresOf } from '../../src/cores.ts'
import { type ConnectedOperations, connectOperations } from '../../src/durable/operations.ts'
import { dataConverter } from '../../src/durable/payload/data-converter.ts'
import { onBuildOf, versionOf } from '../../src/durable/version/deployment.ts'
import { type RunningWorker, startWorker } from '../../src/durable/worker.ts'
import type { Failure } from '../../src/error/failure.ts'
import { Box } from '../mainframe/box.ts'
import { mainframe } from '../support/parts.ts'
import { insertRead, type Project, project, renameBalance } from '../support/project.ts'
import { impatient, testIdKey, testKey } from '../support/rig.ts'
import { scriptedCore } from '../support/scripted-core.ts'
import { type StoreForTests, storeForTests } from '../support/store.ts'
import { temporalForTests } from '../support/temporal.ts'

let bank: Box
let address: string
let database: StoreForTests
let connection: Connection
let client: Client
const projects: Project[] = []
const installations: Installation[] = []

beforeAll(async () => {
  const { programs } = await mainframe()
  bank = new Box(`${programs}/bank`)
  await bank.start()
  address = (await temporalForTests()).address
  database = await storeForTests([testKey])
  connection = await Connection.connect({ address })
  client = new Client({ connection, dataConverter: dataConverter([testKey]) })
}, 120_000)
afterEach(() => bank.ask({ command: 'clear' }))
afterAll(async () => {
  for (const one of installations) await one.close()
  await connection.close()
  await database.close()
  await bank.remove()
  for (const one of projects) one.remove()
})

/** A worker on a project in a folder of its own. */
interface Release {
  readonly worker: RunningWorker
  readonly problems: readonly Failure[]
  /** Ends the worker, and the connections to the bank. */
  end(): Promise<void>
}

/** One installation: its task queue outlives its releases. */
class Installation {
  readonly taskQueue = `versions-${randomUUID()}`
  private readonly open: Release[] = []
  private connected: ConnectedOperations | undefined

  private get settings() {
    return { address, taskQueue: this.taskQueue, payloadKeys: [testKey], patience: impatient, sweepEveryMs: 0 }
  }

  get operations(): ConnectedOperations {
    this.connected ??= connectOperations({ ...this.settings, idKey: testIdKey }, { store: database.store })
    return this.connected
  }

  async release(
    change: (one: Project) => void = () => undefined,
    builds: Partial<BuildStore> = {},
    rollout: 'auto' | 'manual' = 'auto',
  ): Promise<Release> {
    const made = project()
    projects.push(made)
    change(made)
    const catalog = await loadCatalog(made.root)
    const settings = readSettings(catalog.adapters, { ...environment(), DEPOSITS_ENDPOINTS: `127.0.0.1:${bank.port}` })
    const cores: AllCores = coresOf(catalog, settings, undefined)
    const problems: Failure[] = []
    const worker = await startWorker({
      catalog,
      settings: { ...this.settings, rollout },
      store: { ...database.store, ...builds },
      caller: cores.caller,
      older: { callerOf: cores.callerOf, everyMs: 300 },
      publisher: scriptedCore().publisher,
      notice: (problem) => problems.push(problem),
    })
    const release: Release = {
      worker,
      problems,
      end: async () => {
        this.open.splice(this.open.indexOf(release), 1)
        await worker.close()
        await cores.close()
      },
    }
    this.open.push(release)
    return release
  }

  async transfer(): Promise<string> {
    const input = { from: '1000000001', to: '1000000002', amount: '1.25', currency: 'EUR', text: '' }
    const start = { operation: 'transferFunds', version: 1, input, client: 'tests', door: 'rest' } as const
    const request = { start, workflowType: 'transferFunds', key: randomUUID(), summary: 'a transfer' }
    return (await this.operations.start(request)).id
  }

  /** A transfer that has lost the answer to its credit, and cannot ask. */
  async parkedTransfer(): Promise<string> {
    await bank.plan([
      { fault: 'apply-then-drop', program: 'POSTENT', after: 1, count: 1 },
      { fault: 'refuse', program: 'FNDENT' },
    ])
    const id = await this.transfer()
    expect(await this.operations.wait(id, 30_000)).toMatchObject({ state: 'parked' })
    await bank.ask({ command: 'clear' })
    return id
  }

  retry(id: string) {
    return this.operations.resolve(id, { action: 'retry', by: 'ops', note: 'the bank is back' })
  }

  /** Temporal tries a task that has failed again after growing pauses, and may have kept the decision that nobody took. */
  async decided(id: string) {
    for (;;) {
      const refused = await this.retry(id).then(
        () => undefined,
        (problem: Failure) => problem.code,
      )
      const status = await this.operations.wait(id, 3000)
      if (refused === undefined || status.state !== 'parked') return await this.operations.wait(id, 30_000)
    }
  }

  async close(): Promise<void> {
    for (const one of [...this.open]) await one.end()
    await this.connected?.close()
  }
}

/** Closed at the end, whatever became of its test. */
function installation(): Installation {
  const made = new Installation()
  installations.push(made)
  return made
}

function environment(): Record<string, string> {
  return {
    AMQP_URL: 'amqp://none',
    DATABASE_URL: 'postgres://none',
    MAINSPAN_ID_KEY: Buffer.alloc(32).toString('base64'),
    MAINSPAN_PAYLOAD_KEYS: `t:${Buffer.alloc(32).toString('base64')}`,
  }
}

/** The directions of what was posted since a position. */
const posted = (since: number) =>
  bank
    .effects()
    .slice(since)
    .map(({ direction }) => direction)

const buildOfRun = async (id: string) => versionOf(await client.workflow.getHandle(id).describe())?.buildId

const everything = (made: Project) => {
  insertRead(made)
  renameBalance(made)
  made.edit('adapters/deposits.ts', { 'concurrent: 20': 'concurrent: 10' })
}

describe('an operation that is parked while flow, copybook and adapter change', () => {
  const site = installation()

  test('ends on the build that it began on, on a machine that never saw its files; new ones begin on the new build', async () => {
    const first = await site.release()
    const since = bank.effects().length
    const id = await site.parkedTransfer()
    await first.end()

    const second = await site.release(everything)
    expect(second.worker.build).not.toBe(first.worker.build)
    expect(second.worker.older()).toEqual([first.worker.build])
    await site.retry(id)
    const entry = { entryNumber: expect.any(String), balance: expect.any(String) }
    const ended = await site.operations.wait(id, 30_000)
    expect(ended).toMatchObject({ state: 'completed', output: { debit: entry, credit: entry } })
    expect(posted(since)).toEqual(['D', 'C'])
    expect(await buildOfRun(id)).toBe(first.worker.build)

    const next = await site.transfer()
    expect(await site.operations.wait(next, 30_000)).toMatchObject({ state: 'completed' })
    expect(posted(since)).toEqual(['D', 'C', 'D', 'C'])
    expect(await buildOfRun(next)).toBe(second.worker.build)
    const { events } = await client.workflow.getHandle(next).fetchHistory()
    const ids = (events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes?.activityId ?? [])
    expect(ids.map((activity) => activity.split('/')[0])).toEqual(expect.arrayContaining(['inquireAccount', 'post']))
    expect(second.problems).toEqual([])
    await second.end()
  }, 120_000)

  test('starts a repair on the build of the run that it repairs', async () => {
    const release = await site.release(everything)
    const [older] = release.worker.older()
    const runs = client.workflow.list({
      query: `TemporalWorkerDeploymentVersion = "${release.worker.deployment}:${older}"`,
    })
    const first = (await runs[Symbol.asyncIterator]().next()).value
    const before = await client.workflow.getHandle(first?.workflowId ?? '').describe()
    const handle = await client.workflow.start('transferFunds', {
      ...onBuildOf(before),
      taskQueue: site.taskQueue,
      workflowId: `repair-${randomUUID()}`,
      args: [{}],
    })
    while ((await versionOf(await handle.describe()))?.buildId === undefined) await pause(50)
    expect(await buildOfRun(handle.workflowId)).toBe(older)
    await handle.terminate()
    await release.end()
  }, 60_000)
})

describe('a build that is lost', () => {
  const site = installation()

  test('leaves its operations waiting and named, and they can be moved to another build', async () => {
    const first = await site.release()
    const since = bank.effects().length
    const id = await site.parkedTransfer()
    await first.end()

    // The copybook alone has changed: the flow of the new build can go on with the run.
    const lost = async (build: string) => (build === first.worker.build ? undefined : database.store.build(build))
    const second = await site.release(({ edit }) => edit('copybooks/deposits/POSTENT.cpy', { '      *': '      * ' }), {
      build: lost,
    })
    const { build: buildId, deployment: deploymentName } = second.worker
    expect(buildId).not.toBe(first.worker.build)
    expect(second.worker.older()).toEqual([])
    expect(second.problems.map(({ message }) => message)).toEqual([
      `BUILD_MISSING: build ${first.worker.build} is not in the store, and 1 running operations wait for it, among them ${id}`,
    ])
    expect(await site.operations.status(id)).toMatchObject({ state: 'parked' })
    expect(posted(since)).toEqual(['D', 'C'])

    await client.workflowService.updateWorkflowExecutionOptions({
      namespace: 'default',
      workflowExecution: { workflowId: id },
      workflowExecutionOptions: {
        versioningOverride: { pinned: { behavior: 1, version: { deploymentName, buildId } } },
      },
      updateMask: { paths: ['versioning_override'] },
    })
    await site.retry(id)
    expect(await site.operations.wait(id, 30_000)).toMatchObject({ state: 'completed' })
    expect(posted(since)).toEqual(['D', 'C'])
    await second.end()
  }, 120_000)
})

describe('code that has changed under one build id', () => {
  const site = installation()

  test('fails the task of the flow and sends nothing; with the right code the operation goes on', async () => {
    const first = await site.release()
    const since = bank.effects().length
    const id = await site.parkedTransfer()
    await first.end()

    const second = await site.release(everything)
    const changed = await database.store.build(second.worker.build)
    await second.end()
    const swapped = async (build: string) =>
      build === first.worker.build && changed ? { ...changed, id: build } : database.store.build(build)
    const third = await site.release(everything, { build: swapped })
    expect(third.worker.older()).toEqual([first.worker.build])
    await expect(site.retry(id)).rejects.toMatchObject({ code: 'DURABLE_UNAVAILABLE' })
    const { events } = await client.workflow.getHandle(id).fetchHistory()
    const failed = (events ?? []).flatMap((event) => event.workflowTaskFailedEventAttributes?.failure?.message ?? [])
    expect(failed.join()).toContain('Activity id of scheduled event')
    expect(posted(since)).toEqual(['D', 'C'])
    await third.end()

    const last = await site.release(everything)
    expect(await site.decided(id)).toMatchObject({ state: 'completed' })
    expect(posted(since)).toEqual(['D', 'C'])
    await last.end()
  }, 120_000)
})

test('with a manual rollout new operations begin on the old build until a person says so', async () => {
  const site = installation()
  const first = await site.release()
  await first.end()
  const second = await site.release(everything, {}, 'manual')
  expect(second.worker).toMatchObject({ current: false })
  expect(second.worker.older()).toEqual([first.worker.build])
  const before = await site.transfer()
  expect(await site.operations.wait(before, 30_000)).toMatchObject({ state: 'completed' })
  expect(await buildOfRun(before)).toBe(first.worker.build)

  const { deployment: deploymentName, build: buildId } = second.worker
  await client.workflowService.setWorkerDeploymentCurrentVersion({ namespace: 'default', deploymentName, buildId })
  let after = ''
  do {
    after = await site.transfer()
    expect(await site.operations.wait(after, 30_000)).toMatchObject({ state: 'completed' })
  } while ((await buildOfRun(after)) !== buildId)
}, 120_000)
