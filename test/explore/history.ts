// What the simulated server keeps of a run: its history, told by activations of workflow tasks, and what is open in it.

import type { Planned } from './clock.ts'
import type { Command, Instance, Job } from './sandbox.ts'

/** One activation with what the flow answered; `local`: it goes on within the workflow task of the one before. */
export interface Activation {
  readonly at: number
  readonly jobs: readonly Job[]
  readonly commands: readonly Command[]
  readonly local: boolean
}

export interface PendingActivity {
  readonly seq: number
  readonly id: string
  readonly type: string
  readonly isLocal: boolean
  readonly command: Command
  /** Milliseconds; 0 for none. */
  readonly startToClose: number
  readonly scheduleToClose: number
  readonly initialInterval: number
  readonly maximumInterval: number
  readonly nonRetryable: readonly string[]
  /** 0: without end. An operator can change it by hand. */
  maximumAttempts: number
  attempt: number
  firstScheduledAt: number
  scheduledAt: number
  /** Counts dispatches: what an earlier one reports is not taken. */
  dispatch: number
  running: boolean
  timeout: Planned | undefined
  closeTimeout: Planned | undefined
}

export type UpdateAnswer = { readonly taken: boolean; readonly words: string }

export interface PendingUpdate {
  readonly id: string
  readonly job: Job
  readonly answered: (answer: UpdateAnswer) => void
}

export type RunState = 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'continued'

/** One run of a workflow. */
export interface Run {
  readonly workflowId: string
  readonly runId: string
  readonly firstRunId: string
  readonly type: string
  readonly startedAt: number
  /** Set when an operator has reset a run to make this one: that run, and how many activations were copied from it. */
  readonly reset: { readonly base: string; readonly copied: number } | undefined
  readonly parent: { readonly run: Run; readonly seq: number } | undefined
  readonly history: Activation[]
  /** Activations of the workflow task under way: history has them when it has ended. */
  open: Activation[]
  /** What has happened since the last workflow task, in order. */
  news: Job[]
  /** Updates that have been sent and not yet reached the flow, and those that it has not answered. */
  sent: PendingUpdate[]
  readonly updates: Map<string, PendingUpdate>
  readonly activities: Map<number, PendingActivity>
  readonly timers: Map<number, Planned>
  readonly attributes: Map<string, unknown>
  /** A workflow task is planned. */
  planned: boolean
  instance: Instance | undefined
  build: string
  state: RunState
  /** Milliseconds since the epoch; undefined while it runs. */
  endedAt: number | undefined
  /** What it ended with, decoded. */
  result: unknown
  cancelled: boolean
  /** Which call each activity is, by its number: what the answers name where the remedy `identity` is off. */
  readonly asked: Map<number, unknown>
  /** Why its workflow task fails; it is tried again when code or history change. */
  stuck: string | undefined
  /** Grows with whatever happens to the run. */
  version: number
}

/** Commands that history keeps once, or in no particular place. */
const plainNames: readonly (readonly [keyof Command, string])[] = [
  ['signalExternalWorkflowExecution', 'signal'],
  ['continueAsNewWorkflowExecution', 'continue as new'],
  ['upsertWorkflowSearchAttributes', 'attributes'],
  ['modifyWorkflowProperties', 'memo'],
  ['setPatchMarker', 'patch'],
  ['completeWorkflowExecution', 'complete'],
  ['failWorkflowExecution', 'fail'],
  ['cancelWorkflowExecution', 'cancel'],
]

/** How history names a command; undefined for what it does not keep. Without ids as if every activity had the SDK's own. */
export function recordOf(command: Command, withIds: boolean): string | undefined {
  const { scheduleActivity, scheduleLocalActivity, startTimer, cancelTimer, startChildWorkflowExecution } = command
  if (scheduleActivity) {
    const { activityType, activityId, seq } = scheduleActivity
    return `activity ${activityType} ${withIds ? activityId : seq}`
  }
  if (scheduleLocalActivity) return `local activity ${scheduleLocalActivity.activityType}`
  if (startTimer) return `timer ${startTimer.seq} of ${milliseconds(startTimer.startToFireTimeout)} ms`
  if (cancelTimer) return `cancel timer ${cancelTimer.seq}`
  if (startChildWorkflowExecution) {
    return `child ${startChildWorkflowExecution.workflowType} ${startChildWorkflowExecution.workflowId}`
  }
  const name = plainNames.find(([key]) => command[key])?.[1]
  if (name !== undefined) return name
  if (command.updateResponse) {
    const { accepted, completed, rejected } = command.updateResponse
    if (accepted) return 'update accepted'
    return completed || rejected ? 'update answered' : undefined
  }
  throw new Error(`the simulation does not know the command ${Object.keys(command).join()}`)
}

/** A duration of the protocol in milliseconds. */
export function milliseconds(duration: { seconds?: unknown; nanos?: number | null } | null | undefined): number {
  if (!duration) return 0
  return Number(duration.seconds ?? 0) * 1000 + (duration.nanos ?? 0) / 1e6
}

/** What the server keeps of an activity that the flow has asked for. */
export function activityOf(command: Command, now: number): PendingActivity {
  const wanted = command.scheduleActivity ?? command.scheduleLocalActivity
  if (!wanted) throw new Error('no activity')
  const { retryPolicy } = wanted
  const initialInterval = milliseconds(retryPolicy?.initialInterval) || 1000
  return {
    seq: Number(wanted.seq),
    id: String(wanted.activityId),
    type: String(wanted.activityType),
    isLocal: command.scheduleLocalActivity !== undefined && command.scheduleLocalActivity !== null,
    command,
    startToClose: milliseconds(wanted.startToCloseTimeout),
    scheduleToClose: milliseconds(wanted.scheduleToCloseTimeout),
    initialInterval,
    maximumInterval: milliseconds(retryPolicy?.maximumInterval) || initialInterval * 100,
    nonRetryable: retryPolicy?.nonRetryableErrorTypes ?? [],
    maximumAttempts: retryPolicy?.maximumAttempts ?? 0,
    attempt: 1,
    firstScheduledAt: now,
    scheduledAt: now,
    dispatch: 0,
    running: false,
    timeout: undefined,
    closeTimeout: undefined,
  }
}

/** The positions in history at which workflow tasks begin. */
export function taskStarts(history: readonly Activation[]): number[] {
  return history.flatMap(({ local }, at) => (local ? [] : [at]))
}
