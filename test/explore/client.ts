// As much of a Temporal client as the worker needs: to read a history in the words of the protocol, and to ask about an attempt.

import type { Client } from '@temporalio/client'
import { defaultFailureConverter } from '@temporalio/common'
import type { Run } from './history.ts'
import { payloads } from './payloads.ts'
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

/** The events that tell of a start, of activities and their answers; others keep their place in the count. */
function eventsOf(run: Run | undefined): object[] {
  if (!run) return []
  const events: object[] = []
  const scheduled = new Map<number, number>()
  const jobs = [...run.history.map(({ jobs, commands }) => ({ jobs, commands })), { jobs: run.news, commands: [] }]
  for (const { jobs: happened, commands } of jobs) {
    for (const { initializeWorkflow, resolveActivity } of happened) {
      if (initializeWorkflow) {
        events.push({
          workflowExecutionStartedEventAttributes: {
            workflowType: { name: run.type },
            taskQueue: { name: 'explore' },
            input: { payloads: initializeWorkflow.arguments },
            originalExecutionRunId: run.wasReset ? run.firstRunId : run.runId,
          },
        })
      }
      const result = resolveActivity?.result?.completed?.result
      const scheduledEventId = scheduled.get(Number(resolveActivity?.seq))
      if (result && scheduledEventId !== undefined) {
        const completed = { scheduledEventId, result: { payloads: [result] } }
        events.push({ activityTaskCompletedEventAttributes: completed })
      }
    }
    for (const { scheduleActivity } of commands) {
      if (!scheduleActivity) continue
      const { activityType, arguments: input } = scheduleActivity
      const attributes = { activityType: { name: activityType }, input: { payloads: input } }
      scheduled.set(Number(scheduleActivity.seq), events.push({ activityTaskScheduledEventAttributes: attributes }))
    }
  }
  return events
}
