// The commands of a history of the real server, named as the simulation names them.

import type { temporal } from '@temporalio/proto'
import { milliseconds } from './history.ts'
import { withoutJitter } from './plans.ts'

type HistoryEvent = temporal.api.history.v1.IHistoryEvent

export function commandsIn(events: readonly HistoryEvent[]): string[] {
  return events.flatMap((event) => nameOf(event) ?? []).map(withoutJitter)
}

function nameOf(event: HistoryEvent): string | undefined {
  const activity = event.activityTaskScheduledEventAttributes
  if (activity) return `activity ${activity.activityType?.name} ${activity.activityId}`
  const timer = event.timerStartedEventAttributes
  if (timer) return `timer ${timer.timerId} of ${milliseconds(timer.startToFireTimeout)} ms`
  const cancelled = event.timerCanceledEventAttributes
  if (cancelled) return `cancel timer ${cancelled.timerId}`
  const marker = event.markerRecordedEventAttributes
  if (marker?.markerName === 'core_local_activity')
    return `local activity ${localType(marker.details?.data?.payloads?.[0]?.data)}`
  const child = event.startChildWorkflowExecutionInitiatedEventAttributes
  if (child) return `child ${child.workflowType?.name} ${child.workflowId}`
  return plain.find(([key]) => event[key])?.[1]
}

const plain: readonly (readonly [keyof HistoryEvent, string])[] = [
  ['signalExternalWorkflowExecutionInitiatedEventAttributes', 'signal'],
  ['upsertWorkflowSearchAttributesEventAttributes', 'attributes'],
  ['workflowPropertiesModifiedEventAttributes', 'memo'],
  ['workflowExecutionUpdateAcceptedEventAttributes', 'update accepted'],
  ['workflowExecutionUpdateCompletedEventAttributes', 'update answered'],
  ['workflowExecutionCompletedEventAttributes', 'complete'],
  ['workflowExecutionFailedEventAttributes', 'fail'],
  ['workflowExecutionCanceledEventAttributes', 'cancel'],
]

function localType(data: Uint8Array | null | undefined): string {
  const { activity_type: type } = JSON.parse(Buffer.from(data ?? []).toString()) as { activity_type: string }
  return type
}
