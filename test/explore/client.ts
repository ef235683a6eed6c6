// As much of a Temporal client as the worker needs: to read a history in the words of the protocol, and to ask about an attempt.

import type { Client } from '@temporalio/client'
import { defaultFailureConverter } from '@temporalio/common'
import type { Run } from './history.ts'
import { payloads } from './payloads.ts'
import type { Command, Job } from './sandbox.ts'
import type { SimulatedTemporal } from './temporal.ts'

export function clientOf(temporal: SimulatedTemporal): Client {
  const client = {
    options: {
      namespace: 'explore',
      loadedDataConverter: {
        payloadConverter: payloads,
        failureConverter: defaultFailureConverter,
        payloadCodecs: [],
      },
    },
    withDeadline: (_: number, ask: () => Promise<unknown>) => ask(),
    workflowService: {
      recordActivityTaskHeartbeat: ({ taskToken }: { taskToken: unknown }) =>
        temporal.attempts.isHeld(taskToken) ? Promise.resolve({}) : Promise.reject(notFound()),
    },
    workflow: {
      getHandle: (_: string, runId: string) => ({
        fetchHistory: () => Promise.resolve({ events: eventsOf(temporal.runs.find((run) => run.runId === runId)) }),
      }),
    },
  }
  return client as unknown as Client
}

/** As gRPC says it. */
function notFound(): Error {
  return Object.assign(new Error('invalid activity'), { code: 5, details: 'invalid activity', metadata: {} })
}

interface Step {
  readonly happened: readonly Job[]
  readonly asked: readonly Command[]
}

/** The events that tell of a start, a cancellation, a reset, and of activities and their answers; each is found by its place. */
function eventsOf(run: Run | undefined): object[] {
  if (!run) return []
  const events: object[] = []
  const scheduled = new Map<number, number>()
  const steps: Step[] = [...run.history.map(({ jobs, commands }) => ({ happened: jobs, asked: commands }))]
  for (const [at, { happened, asked }] of [...steps, { happened: run.news, asked: [] }].entries()) {
    // The start comes before the mark of a reset, also where nothing else was copied.
    const starts = happened.filter(({ initializeWorkflow }) => initializeWorkflow)
    for (const job of starts) events.push(...eventOf(job, run, scheduled))
    if (run.reset?.copied === at) events.push({ workflowTaskFailedEventAttributes: { baseRunId: run.reset.base } })
    for (const job of happened) if (!starts.includes(job)) events.push(...eventOf(job, run, scheduled))
    for (const { scheduleActivity } of asked) {
      if (!scheduleActivity) continue
      const { activityType, arguments: input } = scheduleActivity
      const attributes = { activityType: { name: activityType }, input: { payloads: input } }
      scheduled.set(Number(scheduleActivity.seq), events.push({ activityTaskScheduledEventAttributes: attributes }))
    }
  }
  return events
}

function eventOf(job: Job, run: Run, scheduled: ReadonlyMap<number, number>): object[] {
  const { initializeWorkflow, resolveActivity, cancelWorkflow } = job
  if (cancelWorkflow) return [{ workflowExecutionCancelRequestedEventAttributes: {} }]
  if (initializeWorkflow) {
    const attributes = {
      workflowType: { name: run.type },
      taskQueue: { name: 'explore' },
      input: { payloads: initializeWorkflow.arguments },
      originalExecutionRunId: run.reset ? run.firstRunId : run.runId,
    }
    return [{ workflowExecutionStartedEventAttributes: attributes }]
  }
  const result = resolveActivity?.result?.completed?.result
  const scheduledEventId = scheduled.get(Number(resolveActivity?.seq))
  if (!result || scheduledEventId === undefined) return []
  return [{ activityTaskCompletedEventAttributes: { scheduledEventId, result: { payloads: [result] } } }]
}
