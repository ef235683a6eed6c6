// The worker process: runs flows in the sandbox and carries their calls out.

import { NativeConnection, Worker } from '@temporalio/worker'
import type { BuildStore, OperationStore } from '../contract/store.ts'
import { failure } from '../error/failure.ts'
import { type ActivityParts, activitiesOf } from './activities.ts'
import { type FlowSources, flowBundle } from './bundle.ts'
import { installRuntime, type NativeLog, temporalTarget } from './connection.ts'
import { dataConverter } from './payload/data-converter.ts'
import { registerSearchAttributes } from './search-attributes.ts'
import type { WorkerSettings } from './settings.ts'

export interface WorkerParts extends ActivityParts {
  readonly catalog: FlowSources
  readonly settings: WorkerSettings
  readonly store: OperationStore & BuildStore
  /** Gets what Temporal has to say, warnings and errors only. */
  readonly log?: NativeLog
}

export interface RunningWorker {
  /** Settles when the worker has ended: rejected when it could not go on. */
  readonly ended: Promise<void>
  /** Takes no more work, finishes the calls in flight, and ends. */
  close(): Promise<void>
}

/** Connects, registers search attributes, bundles the flows and polls. Throws DURABLE_UNAVAILABLE when Temporal cannot be reached. */
export async function startWorker({ catalog, settings, log, ...parts }: WorkerParts): Promise<RunningWorker> {
  installRuntime(log)
  const code = await flowBundle(catalog)
  const { options, namespace } = temporalTarget(settings)
  const connection = await connect(options)
  try {
    await registerSearchAttributes(connection, namespace)
    const worker = await Worker.create({
      connection,
      namespace,
      taskQueue: settings.taskQueue,
      workflowBundle: { code },
      activities: activitiesOf(parts),
      dataConverter: dataConverter(settings.payloadKeys),
      shutdownGraceTime: drainMs(catalog, settings),
      maxCachedWorkflows: settings.cachedFlows ?? 500,
      maxConcurrentActivityTaskExecutions: settings.concurrentCalls ?? 100,
      maxConcurrentWorkflowTaskExecutions: settings.concurrentFlows ?? 40,
    })
    const ended = worker.run().finally(() => connection.close())
    // The owner hears of it through `ended`; without this line an early end would take the process down first.
    ended.catch(() => undefined)
    return {
      ended,
      close: async () => {
        if (worker.getState() === 'RUNNING') worker.shutdown()
        await ended
      },
    }
  } catch (cause) {
    await connection.close()
    throw cause
  }
}

async function connect(options: Parameters<typeof NativeConnection.connect>[0]): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(options)
  } catch (cause) {
    throw failure('DURABLE_UNAVAILABLE', { why: `no answer from ${options?.address ?? 'Temporal'}` }, { cause })
  }
}

/** Longer than any call may take: on shutdown Temporal cancels what is still running after it. */
function drainMs({ adapters }: FlowSources, { patience }: WorkerSettings): number {
  const deadlines = [...adapters.values()].flatMap(({ definition }) =>
    Object.values(definition.transactions).map(({ deadlineMs }) => deadlineMs),
  )
  return Math.max(0, ...deadlines) + (patience?.marginMs ?? 10_000) + 5_000
}
