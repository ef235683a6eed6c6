// The worker process: runs flows in the sandbox and carries their calls out.

import { setFlagsFromString } from 'node:v8'
import { NativeConnection, Worker } from '@temporalio/worker'
import { traitsTableOf } from '../contract/activity.ts'
import type { AdapterDefinition } from '../contract/adapter.ts'
import type { Caller } from '../contract/call.ts'
import type { Build, BuildStore, OperationStore } from '../contract/store.ts'
import { type Failure, failure, isFailure } from '../error/failure.ts'
import { type ActivityParts, activitiesOf } from './activities.ts'
import { installRuntime, type NativeLog, temporalTarget } from './connection.ts'
import { dataConverter } from './payload/data-converter.ts'
import { registerSearchAttributes } from './search-attributes.ts'
import type { WorkerSettings } from './settings.ts'
import { scheduleSweeps } from './sweep/schedule.ts'
import { type BuildSources, buildOf } from './version/build.ts'
import { type Deployment, deployment } from './version/deployment.ts'
import { type BuildWorker, type OldBuilds, serveOldBuilds } from './version/old-builds.ts'

/** How a worker goes on with operations that began on other builds. */
export interface OlderBuilds {
  /** Calls cores as the build knows them. Throws a Failure when it cannot be done. */
  callerOf(build: Build): { readonly caller: Caller; close(): Promise<void> }
  /** How often is looked which builds still have open runs, in ms. Default a minute. */
  readonly everyMs?: number
}

export interface WorkerParts extends Omit<ActivityParts, 'transactions'> {
  readonly catalog: BuildSources
  readonly settings: WorkerSettings
  /** Where the own build is kept, and the older ones are found. */
  readonly store: OperationStore & BuildStore
  /** Without it this worker serves its own build alone: operations that began on another one wait. */
  readonly older?: OlderBuilds
  /** Gets what Temporal has to say, warnings and errors only. */
  readonly log?: NativeLog
  /** Told of what keeps operations waiting: a build that is not to be had. */
  readonly notice?: (problem: Failure) => void
}

/** A worker on the build of this process, with the Workers of older builds beside it. */
export interface RunningWorker extends BuildWorker {
  /** The id of its build, and Temporal's name for the builds of its task queue. */
  readonly build: string
  readonly deployment: string
  /** Whether new operations begin on it: not before a person says so where MAINSPAN_ROLLOUT is `manual`. */
  readonly current: boolean
  /** The ids of the older builds that it serves now. */
  older(): readonly string[]
}

/**
 * Connects, registers search attributes, bundles the flows, polls, and has new operations begin on this build.
 * Throws DURABLE_UNAVAILABLE when Temporal cannot be reached, BUILD_NOT_CURRENT.
 */
export async function startWorker(parts: WorkerParts): Promise<RunningWorker> {
  const { catalog, settings, older } = parts
  installRuntime(parts.log)
  const build = await buildOf(catalog)
  const { options, namespace } = temporalTarget(settings)
  const connection = await connect(options)
  const running: BuildWorker[] = []
  try {
    await registerSearchAttributes(connection, namespace)
    const deployed = deployment(connection, namespace, settings.taskQueue)
    await keepBuild(build, parts, deployed)
    const start = (one: Build, caller: Caller) =>
      buildWorker({ ...parts, caller }, { connection, namespace, deployed, build: one, isOwn: one === build })
    const own = await start(build, parts.caller)
    running.push(own)
    const current = settings.rollout !== 'manual'
    if (current) await deployed.makeCurrent(build.id)
    const old = older && oldBuilds(parts, older, { own: build.id, deployed, start })
    await old?.look()
    let closing: Promise<void> | undefined
    const close = () => {
      closing ??= inTurn([() => together([own.close(), old?.close()]), () => connection.close()])
      return closing
    }
    const { sweepEveryMs = 60_000, taskQueue } = settings
    if (sweepEveryMs > 0) await scheduleSweeps(connection, { namespace, taskQueue, everyMs: sweepEveryMs })
    return {
      build: build.id,
      deployment: deployed.name,
      current,
      ended: own.ended,
      older: () => old?.serving() ?? [],
      close,
    }
  } catch (cause) {
    await inTurn([...running.map((worker) => () => worker.close()), () => connection.close()])
    throw cause
  }
}

/**
 * A build is kept before any operation can begin on it. Where the store is away, a worker may still go on with what is current: that was
 * kept when it was made so.
 */
async function keepBuild(build: Build, { store, notice }: WorkerParts, deployed: Deployment): Promise<void> {
  try {
    await store.keepBuild(build)
  } catch (cause) {
    const found = await deployed.builds()
    const wasKept = found.some(({ buildId, state }) => buildId === build.id && state === 'current')
    if (!wasKept || !isFailure(cause)) throw cause
    notice?.(cause)
  }
}

interface WorkerPlace {
  readonly connection: NativeConnection
  readonly namespace: string
  readonly deployed: Deployment
  readonly build: Build
  /** The build of this process, which most of the work is for. */
  readonly isOwn: boolean
}

async function buildWorker(
  parts: WorkerParts,
  { connection, namespace, deployed, build, isOwn }: WorkerPlace,
): Promise<BuildWorker> {
  const { settings } = parts
  const share = isOwn ? 1 : 5
  const worker = await withShortStacks(() =>
    Worker.create({
      connection,
      namespace,
      taskQueue: settings.taskQueue,
      workerDeploymentOptions: {
        version: { deploymentName: deployed.name, buildId: build.id },
        useWorkerVersioning: true,
        defaultVersioningBehavior: 'PINNED',
      },
      workflowBundle: { code: build.code },
      activities: activitiesOf({ ...parts, isKept: !isOwn, transactions: traitsTableOf(definitionsOf(build)) }),
      dataConverter: dataConverter(settings.payloadKeys),
      shutdownGraceTime: drainMs(build, settings),
      maxCachedWorkflows: Math.ceil((settings.cachedFlows ?? 500) / share),
      maxConcurrentActivityTaskExecutions: Math.ceil((settings.concurrentCalls ?? 100) / share),
      maxConcurrentWorkflowTaskExecutions: Math.ceil((settings.concurrentFlows ?? 40) / share),
    }),
  )
  const ended = worker.run()
  // The owner hears of it through `ended`; without this line an early end would take the process down first.
  ended.catch(() => undefined)
  return {
    ended,
    close: async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown()
      await ended
    },
  }
}

/**
 * The SDK takes a stack of every promise of a flow, for the UI's call stack, where each promise has its frames: the first of each tell
 * the same as ten of each, and cost a seventh less of the worker's CPU. V8 reads the flag when it makes the context of a thread.
 */
async function withShortStacks<T>(makeContexts: () => Promise<T>): Promise<T> {
  setFlagsFromString('--stack-trace-limit=3')
  try {
    return await makeContexts()
  } finally {
    setFlagsFromString('--stack-trace-limit=10')
  }
}

interface OwnBuild {
  readonly own: string
  readonly deployed: Deployment
  start(build: Build, caller: Caller): Promise<BuildWorker>
}

function oldBuilds(parts: WorkerParts, older: OlderBuilds, { own, deployed, start }: OwnBuild): OldBuilds {
  return serveOldBuilds({
    own,
    deployment: deployed,
    builds: parts.store,
    everyMs: older.everyMs ?? 60_000,
    notice: parts.notice ?? (() => undefined),
    start: async (build) => {
      const cores = older.callerOf(build)
      const worker = await start(build, cores.caller).catch(async (cause) => {
        await cores.close()
        throw cause
      })
      return { ended: worker.ended, close: () => inTurn([() => worker.close(), () => cores.close()]) }
    },
  })
}

/** Waits for all of them; the first failure is thrown at the end. */
async function together(endings: readonly (Promise<void> | undefined)[]): Promise<void> {
  for (const ending of await Promise.allSettled(endings)) if (ending.status === 'rejected') throw ending.reason
}

/** Takes every step, also after one has failed; the first failure is thrown at the end. */
async function inTurn(steps: readonly (() => Promise<void> | undefined)[]): Promise<void> {
  const failures: unknown[] = []
  for (const step of steps) {
    try {
      await step()
    } catch (cause) {
      failures.push(cause)
    }
  }
  if (failures.length > 0) throw failures[0]
}

async function connect(options: Parameters<typeof NativeConnection.connect>[0]): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(options)
  } catch (cause) {
    throw failure('DURABLE_UNAVAILABLE', { why: `no answer from ${options?.address ?? 'Temporal'}` }, { cause })
  }
}

/** They were definitions when the build was made, and are nothing but data. */
function definitionsOf({ adapters }: Build) {
  return Object.entries(adapters as Readonly<Record<string, AdapterDefinition>>)
}

/** Longer than any call may take: on shutdown Temporal cancels what is still running after it. */
function drainMs(build: Build, { patience }: WorkerSettings): number {
  const deadlines = definitionsOf(build).flatMap(([, { transactions }]) =>
    Object.values(transactions).map(({ deadlineMs }) => deadlineMs),
  )
  return Math.max(0, ...deadlines) + (patience?.marginMs ?? 10_000) + 5_000
}
