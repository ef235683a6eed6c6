// Workers for the builds of before: as long as operations that began on one are open, this process runs its kept code beside its own.

import { setTimeout as pause } from 'node:timers/promises'
import type { Build, BuildStore } from '../../contract/store.ts'
import { type Failure, failure, isFailure } from '../../error/failure.ts'
import { unfitness } from './build.ts'
import type { DeployedBuild, Deployment } from './deployment.ts'

/** A Worker that runs one build. */
export interface BuildWorker {
  /** Settles when it has ended: rejected when it could not go on. */
  readonly ended: Promise<void>
  /** Takes no more work, finishes the calls in flight, and ends. */
  close(): Promise<void>
}

export interface OldBuildsOptions {
  /** The id of the process's own build. */
  readonly own: string
  readonly deployment: Deployment
  readonly builds: BuildStore
  /** How often is looked which builds have open runs. */
  readonly everyMs: number
  /** Starts a Worker for a kept build. */
  start(build: Build): Promise<BuildWorker>
  /** Told of what keeps operations waiting, once for each change of it. */
  notice(problem: Failure): void
}

/** The Workers for older builds in this process. */
export interface OldBuilds {
  /** Looks now, and starts and ends Workers as needed. Never throws. */
  look(): Promise<void>
  /** The ids of the builds that are served beside the own one. */
  serving(): readonly string[]
  close(): Promise<void>
}

/** Looks every now and then until it is closed. */
export function serveOldBuilds(options: OldBuildsOptions): OldBuilds {
  const running = new Map<string, BuildWorker>()
  const noticed = new Map<string, string>()
  const over = new AbortController()

  const noticeOnce = (about: string, problem: Failure | undefined) => {
    if (problem && noticed.get(about) !== problem.message) options.notice(problem)
    if (problem) noticed.set(about, problem.message)
    else noticed.delete(about)
  }
  const lookAt = async (one: DeployedBuild, own: DeployedBuild | undefined) => {
    const id = one.buildId
    if (!(await isNeeded(options, one, own))) return await running.get(id)?.close()
    if (running.has(id)) return
    const { worker, problem } = await workerFor(options, id)
    noticeOnce(id, problem)
    if (!worker) return
    running.set(id, worker)
    const ended = () => running.delete(id)
    worker.ended.then(ended, ended)
  }
  const lookAtAll = async () => {
    try {
      const found = await options.deployment.builds()
      const own = found.find(({ buildId }) => buildId === options.own)
      for (const one of found) {
        if (one.buildId !== options.own && !over.signal.aborted) await lookAt(one, own)
      }
      noticeOnce('', undefined)
    } catch (cause) {
      noticeOnce('', isFailure(cause) ? cause : failure('DURABLE_UNAVAILABLE', { why: wordsOf(cause) }, { cause }))
    }
  }

  // One look after the other: two at once would start one build twice.
  let last: Promise<void> = Promise.resolve()
  const look = () => {
    last = last.then(lookAtAll)
    return last
  }
  const round = async () => {
    while (!over.signal.aborted) {
      await pause(options.everyMs, undefined, { signal: over.signal }).catch(() => undefined)
      if (!over.signal.aborted) await look()
    }
  }
  const rounds = round()

  return {
    look,
    serving: () => [...running.keys()].sort(),
    async close() {
      over.abort()
      await rounds
      await last
      const endings = await Promise.allSettled([...running.values()].map((worker) => worker.close()))
      for (const ending of endings) if (ending.status === 'rejected') throw ending.reason
    },
  }
}

/**
 * A build needs a Worker here while operations that began on it may be open. The build that new operations begin on needs one only when it
 * is older than this process's own (which the server may not know yet): that one waits to be made current then. A newer one comes with a
 * newer worker.
 */
async function isNeeded(
  { deployment }: OldBuildsOptions,
  one: DeployedBuild,
  own: DeployedBuild | undefined,
): Promise<boolean> {
  if (one.state === 'draining') return true
  if (one.state === 'current' || one.state === 'ramping') return own === undefined || one.since < own.since
  // Temporal looks for open runs of a build every few minutes only; a repair may have begun on it since.
  return (await deployment.openRuns(one.buildId)).count > 0
}

/** A Worker for the build, or what keeps its open runs waiting; neither where it is missing and none wait. */
async function workerFor(
  { builds, deployment, start }: OldBuildsOptions,
  build: string,
): Promise<{ readonly worker?: BuildWorker; readonly problem?: Failure }> {
  const kept = await builds.build(build)
  let problem = kept && unfitness(kept)
  if (kept && problem === undefined) {
    try {
      return { worker: await start(kept) }
    } catch (cause) {
      problem = wordsOf(cause)
    }
  }
  const { count: runs, some: ids } = await deployment.openRuns(build)
  if (runs === 0) return {}
  const some = ids.join(', ')
  return problem === undefined
    ? { problem: failure('BUILD_MISSING', { build, runs, some }) }
    : { problem: failure('BUILD_UNREADABLE', { build, problem, runs, some }) }
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
