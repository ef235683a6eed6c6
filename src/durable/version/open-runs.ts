// The operations that are open on a task queue, by the build that they began on, with histories of some to hold against other code.

import { type Client, WorkflowNotFoundError } from '@temporalio/client'
import { failure } from '../../error/failure.ts'
import { openClient } from '../connection.ts'
import type { DurableSettings, PayloadKey } from '../settings.ts'
import { type DeployedBuild, deployment, openOn } from './deployment.ts'
import { type RecordedHistory, recordedHistory } from './history.ts'
import type { NamedHistory } from './replay.ts'

type DecryptingSettings = DurableSettings & { readonly payloadKeys: readonly PayloadKey[] }

/** A build, how many operations are open on it, and histories of some. */
export interface OpenOnBuild extends DeployedBuild {
  readonly open: number
  /** Some of each flow, the newest ones. */
  readonly sample: readonly NamedHistory[]
}

export interface OpenOperations {
  readonly deployment: string
  readonly builds: readonly OpenOnBuild[]
}

/** So many of one flow are fetched from one build, among so many that are looked at. */
const sampleOfFlow = 20
const sampleOfBuild = 500
const fetchMs = 60_000

/** What is deployed. Throws DURABLE_UNAVAILABLE. */
export async function openOperations(settings: DecryptingSettings): Promise<OpenOperations> {
  const temporal = openClient(settings)
  try {
    return await temporal.linger(async (client) => {
      const deployed = deployment(client, temporal.namespace, settings.taskQueue)
      const builds: OpenOnBuild[] = []
      for (const one of await deployed.builds()) {
        const { count: open } = await deployed.openRuns(one.buildId)
        const query = openOn(deployed.name, one.buildId)
        builds.push({ ...one, open, sample: open === 0 ? [] : await sampleOf(client, query, settings.payloadKeys) })
      }
      return { deployment: deployed.name, builds }
    }, fetchMs)
  } finally {
    await temporal.close()
  }
}

async function sampleOf(client: Client, query: string, keys: readonly PayloadKey[]): Promise<NamedHistory[]> {
  const sample: NamedHistory[] = []
  const taken = new Map<string, number>()
  let seen = 0
  for await (const { workflowId, runId, type } of client.workflow.list({ query })) {
    const count = (taken.get(type) ?? 0) + 1
    taken.set(type, count)
    if (count <= sampleOfFlow) {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
      sample.push({ name: workflowId, history: await recordedHistory(history, keys) })
    }
    seen += 1
    if (seen === sampleOfBuild) break
  }
  return sample
}

/** The history of one operation, in clear. Throws OPERATION_ID_UNKNOWN, DURABLE_UNAVAILABLE. */
export async function historyOf(settings: DecryptingSettings, id: string): Promise<RecordedHistory> {
  const temporal = openClient(settings)
  try {
    const history = await temporal.linger(async (client) => {
      const handle = client.workflow.getHandle(id)
      // Tells by the type of its error that there is none, which a history does not.
      await handle.describe()
      return handle.fetchHistory()
    }, fetchMs)
    return await recordedHistory(history, settings.payloadKeys)
  } catch (error) {
    throw error instanceof WorkflowNotFoundError ? failure('OPERATION_ID_UNKNOWN', {}) : error
  } finally {
    await temporal.close()
  }
}
