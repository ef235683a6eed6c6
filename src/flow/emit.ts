// Events of a flow. The workflow's history is the outbox: the event is decided here and published until the broker holds it.

import { sha1 } from '@noble/hashes/legacy.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from '../contract/activity.ts'
import type { OperationResult } from '../contract/durable.ts'
import type { DomainEvent } from '../contract/event.ts'
import type { JsonObject } from '../contract/json.ts'
import { showRunning } from './doubt/park.ts'
import { confirmStanding } from './doubt/repair.ts'
import { firstUndoneAfterPause } from './doubt/reset.ts'
import { endEarly, failedWith } from './run/ending.ts'
import { flowState } from './run/state.ts'
import type { Step } from './run/step.ts'

/** The namespace of our UUIDs (RFC 9562, version 5): itself the version 5 UUID of `mainspan.events` among DNS names. */
const namespace = hexToBytes('6ac69e64ffb550acbf9a921a782d2b7d')

export function uuidOf(name: string): string {
  const bytes = sha1(concatBytes(namespace, utf8ToBytes(name))).slice(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytesToHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/**
 * Says what happened. Returns when the broker holds the event; until then it is published again and again.
 * The event's id is the same on every attempt, replay and reset. `subject` orders events (an account, say) and is no secret.
 */
export async function emit(name: string, event: { readonly subject: string; readonly data: object }): Promise<void> {
  const state = flowState()
  const { workflowId } = workflowInfo()
  const sequence = ++state.events
  const decided: DomainEvent = {
    id: uuidOf(`${workflowId}/${sequence}`),
    name,
    operation: state.start.operation,
    version: state.start.version,
    subject: event.subject,
    sequence,
    time: new Date().toISOString(),
    operationId: state.operationId,
    data: event.data as JsonObject,
  }
  await confirmStanding()
  await CancellationScope.nonCancellable(async () => {
    for (;;) {
      const answer = await publish(decided, state.standsIn)
      if (answer.held) return
      const undone = await firstUndoneAfterPause(answer.run)
      if (undone !== undefined) throw endEarly(failedWith('CALL_REVERSED', { call: undone }))
    }
  })
}

function publish(event: DomainEvent, standsIn: string) {
  return deliver(`event ${event.name}`, 'event-undelivered', (activities) => activities.publish({ event, standsIn }))
}

/**
 * Takes back what an earlier run of this operation may have said: the step was undone by the run after a reset or a repair. Its id hangs
 * on the reference, since ordinals would give it the id of the very event that it takes back.
 */
export async function emitCorrection({ call }: Step): Promise<void> {
  const { start, operationId } = flowState()
  const { adapter, transaction, reference } = call
  const event: DomainEvent = {
    id: uuidOf(`${operationId}/corrected/${reference}`),
    name: 'effect-corrected',
    operation: start.operation,
    version: start.version,
    subject: start.call?.subject ?? operationId,
    sequence: ++flowState().events,
    time: new Date().toISOString(),
    operationId,
    data: { reason: 'undone', adapter, transaction, reference, reversed: 1 },
  }
  await publish(event, workflowInfo().runId)
}

/**
 * Answers the command that started the operation: one answer, with a bounded effort. A sender whose queue is gone misses only the
 * answer; the operation ends all the same, the result stays readable over REST, and the run says that the answer was not taken.
 */
export async function answerCommand(result: OperationResult): Promise<void> {
  const { replyTo } = flowState().start
  if (!replyTo) return
  const { workflowId } = workflowInfo()
  const body: JsonObject = { operationId: workflowId, ...result }
  const answer = { ...replyTo, id: uuidOf(`${workflowId}/reply`), body }
  const summary = 'answer to the command'
  await CancellationScope.nonCancellable(async () => {
    try {
      await proxyLocalActivities<Activities>({ ...quick, summary }).reply(answer)
    } catch (error) {
      if (isUnroutable(error)) return showRunning('answer-undelivered')
      await proxyActivities<Activities>({ ...patient, summary, retry: bounded })
        .reply(answer)
        .catch(() => showRunning('answer-undelivered'))
    }
  })
}

const quick = { startToCloseTimeout: '2 seconds', retry: { maximumAttempts: 2, initialInterval: '100 ms' } } as const
const patient = { startToCloseTimeout: '1 minute' } as const
const bounded = { maximumAttempts: 6, maximumInterval: '30 seconds', nonRetryableErrorTypes: ['MESSAGE_UNROUTABLE'] }

/** The broker says that nobody takes messages under this name: trying again is of no use. */
function isUnroutable(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error
  return cause instanceof ApplicationFailure && cause.type === 'MESSAGE_UNROUTABLE'
}

/**
 * Twice at once inside of the workflow task, which costs a single event of history; then by a regular activity, for as long as it
 * takes. After a first round without success the search attributes say what keeps the flow.
 */
async function deliver<T>(what: string, reason: string, send: (activities: Deliveries) => Promise<T>): Promise<T> {
  const options = { ...patient, summary: what }
  try {
    return await send(proxyLocalActivities<Activities>({ ...quick, summary: what }))
  } catch (error) {
    if (isCancellation(error)) throw error
  }
  try {
    return await send(
      proxyActivities<Activities>({ ...options, retry: { maximumAttempts: 12, maximumInterval: '30 seconds' } }),
    )
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error
    showRunning(reason)
    const sent = await send(proxyActivities<Activities>({ ...options, retry: { maximumInterval: '1 minute' } }))
    showRunning('')
    return sent
  }
}

type Deliveries = Pick<Activities, 'publish'>
