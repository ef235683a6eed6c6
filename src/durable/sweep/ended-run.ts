// What the history of a run that was ended by force tells: what it was started with, and of each call whether it began and what the core
// answered. The run that repairs it takes that along.

import type { Client } from '@temporalio/client'
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js'
import type proto from '@temporalio/proto'
import type { Answered, SendAnswer, SendTask } from '../../contract/activity.ts'
import { flowContract, type OperationStart, type RecordedAnswer, type RecordedRun } from '../../contract/durable.ts'
import { failure } from '../../error/failure.ts'

type ProtoHistoryEvent = proto.temporal.api.history.v1.IHistoryEvent
type Payloads = proto.temporal.api.common.v1.IPayloads

/** One run of a workflow. */
export interface RunId {
  readonly workflowId: string
  readonly runId: string
}

export interface EndedRun {
  readonly workflowType: string
  readonly taskQueue: string
  /** The argument of the run that repairs it. */
  readonly start: OperationStart
}

/** Answers that are longer together are left out: the argument of a workflow may hold 2 MB. The core is asked in any case. */
const mostAnswerBytes = 500_000

/** Reads the history of a closed run. */
export async function endedRun(client: Client, { workflowId, runId }: RunId): Promise<EndedRun> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory()
  const began = events?.[0]?.workflowExecutionStartedEventAttributes
  const workflowType = began?.workflowType?.name
  const taskQueue = began?.taskQueue?.name
  if (!began || !workflowType || !taskQueue) throw failure('FLOW_FAILED', { flow: workflowType ?? 'of this run' })
  const [start] = await decoded<[OperationStart]>(client, began.input)
  // A watch has one step and asks for it by itself: it is simply begun anew.
  if (start.watches !== undefined) return { workflowType, taskQueue, start }
  const wasReset = began.originalExecutionRunId !== runId
  const recorded = await recordedIn(client, events ?? [], start, wasReset)
  return {
    workflowType,
    taskQueue,
    start: { ...start, contract: start.contract ?? flowContract, repairs: runId, recorded },
  }
}

/** A run after a reset does not know what the run before had sent behind the place to which it was reset. */
async function recordedIn(
  client: Client,
  events: readonly ProtoHistoryEvent[],
  start: OperationStart,
  wasReset: boolean,
): Promise<RecordedRun> {
  const begun = new Set(start.recorded?.begun)
  const answers: Record<string, RecordedAnswer> = { ...start.recorded?.answers }
  for (const event of events) {
    const task = await taskOf(client, event)
    if (task && task.effect !== 'read') begun.add(task.call.reference)
    const answer = await answerOf(client, event, events)
    if (answer) answers[answer.of.reference] = { digest: answer.of.digest, outcome: answer.outcome }
  }
  const areKnown = !wasReset && (start.repairs === undefined || start.recorded?.begun !== undefined)
  const fits = JSON.stringify(answers).length <= mostAnswerBytes
  const cancelled =
    start.recorded?.cancelled === true || events.some((event) => event.workflowExecutionCancelRequestedEventAttributes)
  return { ...(cancelled && { cancelled }), ...(areKnown && { begun: [...begun] }), answers: fits ? answers : {} }
}

/** What a scheduled activity `call` was asked for; undefined for any other event. */
export async function taskOf(client: Client, event: ProtoHistoryEvent): Promise<SendTask | undefined> {
  if (!isCall(event)) return undefined
  const [task] = await decoded<[SendTask]>(client, event.activityTaskScheduledEventAttributes?.input)
  return task
}

async function answerOf(
  client: Client,
  { activityTaskCompletedEventAttributes: completed }: ProtoHistoryEvent,
  events: readonly ProtoHistoryEvent[],
) {
  // Ids of events count from 1 without gaps.
  const scheduled = completed && events[Number(completed.scheduledEventId?.toString()) - 1]
  if (!scheduled || !isCall(scheduled)) return undefined
  const [answer] = await decoded<[SendAnswer & Partial<Answered<object>>]>(client, completed.result)
  const { of, ...outcome } = answer
  // Those of an older engine did not say whose they were.
  if (!of || (outcome.outcome !== 'applied' && outcome.outcome !== 'rejected')) return undefined
  return { of, outcome }
}

function isCall({ activityTaskScheduledEventAttributes: scheduled }: ProtoHistoryEvent): boolean {
  return scheduled?.activityType?.name === 'call'
}

/** The arguments or the result that an event holds, in clear: of the types that our own workflows and activities have. */
export async function decoded<T extends unknown[]>(client: Client, payloads: Payloads | null | undefined): Promise<T> {
  return (await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads?.payloads)) as T
}
