// In the place of test/support/rig.ts: the same rig over the simulated Temporal, in virtual time. The tests of flows run on it as they are.
// What it leaves out (real histories, the server's own answers) fails without any mutant, and is left to the real server.

import { randomUUID } from 'node:crypto'
import { asyncLocalStorage } from '@temporalio/activity'
import { traitsTableOf } from '../../../src/contract/activity.ts'
import type { OperationStart, OperationStatus, Patience } from '../../../src/contract/durable.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import { activitiesOf } from '../../../src/durable/activities.ts'
import { connectOperations } from '../../../src/durable/operations.ts'
import { activityContext, infoOf, taskOf } from '../../explore/activity-context.ts'
import { SimulatedTemporal } from '../../explore/temporal.ts'
import { flowSources, impatient, order, testIdKey, testKey } from '../../support/rig.ts'
import { scriptedCore } from '../../support/scripted-core.ts'
import { SimulatedClient } from './client.ts'
import { putDown } from './connection.ts'
import { parts } from './parts.ts'
import { storeInMemory } from './store.ts'

export { flowSources, impatient, order, testIdKey, testKey }

const adapters = [...flowSources.adapters].map(([name, { definition }]) => [name, definition] as const)
const transactions = traitsTableOf(adapters)
const simulated = new WeakMap<object, SimulatedClient>()

export type Rig = Awaited<ReturnType<typeof rig>>

export async function rig(patience: Partial<Patience> = {}) {
  const { clock } = parts
  const sandbox = parts.take()
  const core = scriptedCore()
  const address = randomUUID()
  const { store, backdate } = storeInMemory(() => clock.now)
  const activities = activitiesOf({ ...core, store, transactions })
  // Without a worker there is no code for any run.
  const builds = new Map([['shipped', sandbox]])
  const temporal: SimulatedTemporal = new SimulatedTemporal({
    clock,
    builds,
    identity: true,
    idle: [],
    note: () => undefined,
    perform: (run, activity, token) => {
      const carryOut = activities[activity.type as keyof typeof activities] as (task: unknown) => Promise<unknown>
      const context = activityContext(
        { ...infoOf(run, activity, token), taskQueue: address },
        simulation.clientOfActivities,
      )
      return asyncLocalStorage.run(context, () => carryOut(taskOf(activity)))
    },
  })
  const simulation: SimulatedClient = new SimulatedClient(temporal, clock, sandbox)
  const { client } = simulation
  putDown(address, client)
  const settings = { address, taskQueue: address, payloadKeys: [testKey], patience: { ...impatient, ...patience } }
  const operations = connectOperations({ ...settings, idKey: testIdKey } as never, { store })
  const running = () => temporal.runs.filter(({ state }) => state === 'running')
  // All that tests ask of the database by the side is that rows be older, or gone.
  const sql = async (text: string, [given]: readonly unknown[] = []) => {
    const ids = Array.isArray(given) ? given : [given ?? /'([^']+)'$/.exec(text)?.[1]]
    for (const id of ids.map(String)) await (text.startsWith('delete') ? store.withdraw(id) : backdate(id))
  }
  const made = {
    ...{ temporal: { address, close: async () => undefined }, settings, core, operations, client },
    database: { store, database: { sql } },
    worker: {
      ...{ deployment: address, build: 'shipped' },
      close: async () => {
        builds.clear()
        for (const run of running()) temporal.forget(run)
      },
    },
    async restart() {
      builds.set('shipped', sandbox)
      for (const run of running()) temporal.rebuild(run, 'shipped')
    },
    async begin(
      flow: string,
      input: JsonObject = order,
      {
        key = randomUUID(),
        ...more
      }: { readonly key?: string } & Partial<Pick<OperationStart, 'call' | 'replyTo'>> = {},
    ): Promise<string> {
      const start = { operation: flow, version: 1, input, client: 'tests', door: 'rest', ...more } as const
      const workflowType = more.call ? 'runTransaction' : flow
      return (await operations.start({ start, workflowType, key, summary: flow })).id
    },
    async settled(id: string): Promise<OperationStatus> {
      const status = await operations.wait(id, 30_000)
      if (status.state === 'running') throw new Error(`${id} is still running`)
      return (await operations.status(id)) ?? status
    },
    runs: temporal.runs,
    /** Lets this much virtual time go by. */
    rest: (ms: number) => clock.sleep(ms, 'a rest'),
    close: async () => operations.close(),
  }
  simulated.set(made, simulation)
  return made
}

export async function resetWorkflow(one: object, workflowId: string, nth = 1): Promise<void> {
  simulated.get(one)?.reset(workflowId, nth)
}
