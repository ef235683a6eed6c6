// Worker deployments, Temporal's name for the builds that serve one task queue: which there are, which one is current, who still runs on them.

import { setTimeout as pause } from 'node:timers/promises'
import { isGrpcServiceError, type WorkflowExecutionDescription } from '@temporalio/client'
import type { VersioningOverride, WorkerDeploymentVersion } from '@temporalio/common'
import proto from '@temporalio/proto'
import type { NativeConnection } from '@temporalio/worker'
import { failure } from '../../error/failure.ts'

/** A build (version of the Worker Deployment) as Temporal knows it. */
export interface DeployedBuild {
  readonly buildId: string
  /** `drained`: Temporal found no open run of it. `inactive`: it was never current. */
  readonly state: 'current' | 'ramping' | 'draining' | 'drained' | 'inactive'
  /** When its first worker came, in ms since 1970. */
  readonly since: number
}

export interface OpenRuns {
  readonly count: number
  /** The workflow ids of some of them. */
  readonly some: readonly string[]
}

/** Also that of a client. */
export type Services = Pick<NativeConnection, 'workflowService'>

/** The Worker Deployment of one task queue. */
export interface Deployment {
  readonly name: string
  /** Empty before the first worker has come. */
  builds(): Promise<readonly DeployedBuild[]>
  /** When the build that is current became so, in ms since 1970; 0 where no build ever was. */
  currentSince(): Promise<number>
  openRuns(buildId: string): Promise<OpenRuns>
  /** New runs begin on this build from now on. Throws BUILD_NOT_CURRENT. */
  makeCurrent(buildId: string): Promise<void>
}

/** The deployment of a task queue: its name, with what Temporal forbids in it written as %XX. */
export function deploymentNameOf(taskQueue: string): string {
  const hex = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  const escaped = (text: string) => [...Buffer.from(text)].map(hex).join('')
  return taskQueue.replaceAll(/[^A-Za-z0-9_/-]/gu, escaped).replace(/^__/, escaped)
}

/** The build that a run is on; undefined for a run of a worker without versions. */
export function versionOf({ raw }: Pick<WorkflowExecutionDescription, 'raw'>): WorkerDeploymentVersion | undefined {
  const info = raw.workflowExecutionInfo?.versioningInfo
  const { deploymentName, buildId } = info?.versioningOverride?.pinned?.version ?? info?.deploymentVersion ?? {}
  return deploymentName && buildId ? { deploymentName, buildId } : undefined
}

/** For the start of a run that has to go on with the code of another one: a repair, say. Nothing where that one had no build. */
export function onBuildOf(
  description: Pick<WorkflowExecutionDescription, 'raw'>,
): { readonly versioningOverride: VersioningOverride } | Record<never, never> {
  const version = versionOf(description)
  return version ? { versioningOverride: { pinnedTo: version } } : {}
}

/** The search for the open runs of a build, as the Temporal UI takes it too. */
export function openOn(deploymentName: string, buildId: string): string {
  return `TemporalWorkerDeploymentVersion = "${deploymentName}:${buildId}" AND CloseTime IS NULL`
}

/** The deployment of a task queue; it need not exist yet. */
export function deployment({ workflowService }: Services, namespace: string, taskQueue: string): Deployment {
  const name = deploymentNameOf(taskQueue)
  async function described() {
    try {
      return (await workflowService.describeWorkerDeployment({ namespace, deploymentName: name })).workerDeploymentInfo
    } catch (error) {
      if (isGrpcServiceError(error) && Number(error.code) === notFound) return undefined
      throw error
    }
  }
  return {
    name,
    builds: async () => ((await described())?.versionSummaries ?? []).map(deployedBuild),
    currentSince: async () => millisecondsOf((await described())?.routingConfig?.currentVersionChangedTime),
    async openRuns(buildId) {
      const query = openOn(name, buildId)
      const { count } = await workflowService.countWorkflowExecutions({ namespace, query })
      if (Number(count) === 0) return { count: 0, some: [] }
      const { executions } = await workflowService.listWorkflowExecutions({ namespace, query, pageSize: 5 })
      return { count: Number(count), some: executions.map(({ execution }) => execution?.workflowId ?? '') }
    },
    makeCurrent: (buildId) =>
      patiently(buildId, async () => {
        await workflowService.setWorkerDeploymentCurrentVersion({
          namespace,
          deploymentName: name,
          buildId,
          identity: 'mainspan worker',
        })
      }),
  }
}

const status = proto.temporal.api.enums.v1.WorkerDeploymentVersionStatus
const states: Readonly<Record<number, DeployedBuild['state']>> = {
  [status.WORKER_DEPLOYMENT_VERSION_STATUS_CURRENT]: 'current',
  [status.WORKER_DEPLOYMENT_VERSION_STATUS_RAMPING]: 'ramping',
  [status.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINING]: 'draining',
  [status.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINED]: 'drained',
}

type Summary = proto.temporal.api.deployment.v1.WorkerDeploymentInfo.IWorkerDeploymentVersionSummary

function deployedBuild({ deploymentVersion, status: found, createTime }: Summary): DeployedBuild {
  return {
    buildId: deploymentVersion?.buildId ?? '',
    state: states[found ?? 0] ?? 'inactive',
    since: millisecondsOf(createTime),
  }
}

function millisecondsOf(time: proto.google.protobuf.ITimestamp | null | undefined): number {
  return Number(time?.seconds ?? 0) * 1000 + Number(time?.nanos ?? 0) / 1_000_000
}

const notFound = 5
/** A build is known to the server a moment after its first poll; the rest is another worker that does the same, or a server under load. */
const passing: readonly number[] = [notFound, 4, 8, 9, 10, 14]
const patienceMs = 30_000

async function patiently(build: string, attempt: () => Promise<void>): Promise<void> {
  const until = Date.now() + patienceMs
  for (let waitMs = 25; ; waitMs = Math.min(waitMs * 2, 1000)) {
    try {
      await attempt()
      return
    } catch (cause) {
      const passes = isGrpcServiceError(cause) && passing.includes(Number(cause.code))
      if (!passes || Date.now() > until) {
        const why = isGrpcServiceError(cause) ? cause.details || cause.message : String(cause)
        throw failure('BUILD_NOT_CURRENT', { build, why }, { cause })
      }
      await pause(waitMs)
    }
  }
}
