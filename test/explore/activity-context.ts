// What the SDK's worker sets up around an activity.

import { Context } from '@temporalio/activity'
import type { Client } from '@temporalio/client'
import type { Token } from './attempts.ts'
import type { PendingActivity, Run } from './history.ts'
import { payloads } from './payloads.ts'

const never = new Promise<never>(() => undefined)
const quiet = new AbortController().signal

export function activityContext(info: object, client: Client): Context {
  const nothing = () => undefined
  return new Context(
    info as Context['info'],
    never,
    quiet,
    nothing,
    client,
    {} as Context['log'],
    {} as Context['metricMeter'],
    {},
  )
}

/** What the server tells a worker of an attempt. */
export function infoOf(run: Run, activity: PendingActivity, taskToken: Token) {
  const { id, type, attempt, firstScheduledAt, scheduledAt } = activity
  return {
    activityId: id,
    activityType: type,
    taskToken,
    namespace: 'explore',
    attempt,
    scheduledTimestampMs: firstScheduledAt,
    currentAttemptScheduledTimestampMs: scheduledAt,
    workflowExecution: { workflowId: run.workflowId, runId: run.runId },
  }
}

/** The one argument of an activity, decoded anew for each attempt. */
export function taskOf({ command }: PendingActivity): Record<string, unknown> | undefined {
  const [payload] = (command.scheduleActivity ?? command.scheduleLocalActivity)?.arguments ?? []
  return payload && payloads.fromPayload(payload)
}

/** Lets everything run that waits for nothing. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
