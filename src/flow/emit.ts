// Events of a flow. The workflow's history is the outbox: the event is decided here and published until the broker holds it.

import { sha1 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { RetryPolicy } from '@temporalio/common'
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities, PublishAnswer, PublishTask } from '../contract/activity.ts'
import type { OperationResult, OperationStart } from '../contract/durable.ts'
import type { DomainEvent } from '../contract/event.ts'
import { asJson, canonicalJson, type JsonObject } from '../contract/json.ts'
import { showRunning } from './doubt/park.ts'
import { confirmStanding } from './doubt/repair.ts'
import { firstUndoneAfterPause } from './doubt/reset.ts'
import { endEarly, failedWith, flowChanged } from './run/ending.ts'
import { localFirst } from './run/local-first.ts'
import { flowState, type Step } from './run/state.ts'

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
export async function emit(name: string, event: EventContent): Promise<void> {
  const state = flowState()
  const decided = eventOf(nextEventId(name), name, event)
  if (state.start.repairs !== undefined) await confirmStanding()
  await CancellationScope.nonCancellable(async () => {
    for (;;) {
      const answer = await publish(decided, state.reversalsCheckedInRun)
      if (answer.held) return
      const undone = await firstUndoneAfterPause(answer.run)
      if (undone !== undefined) throw endEarly(failedWith('CALL_REVERSED', { call: undone }))
    }
  })
}

/**
 * Hangs on the name and on how many of that name came before, so that it stays the same where other events are put before it. Runs of the
 * release before this one count all events of the flow.
 */
function nextEventId(name: string): string {
  const { start, events, emitted } = flowState()
  const nth = (emitted.get(name) ?? 0) + 1
  emitted.set(name, nth)
  const { workflowId } = workflowInfo()
  return uuidOf(start.salt === undefined ? `${workflowId}/${events + 1}` : `${workflowId}/${name}/${nth}`)
}

/** The next event of this run. */
function eventOf(id: string, name: string, { subject, data }: EventContent): DomainEvent {
  const state = flowState()
  const { operation, version } = state.start
  const time = new Date().toISOString()
  const sequence = ++state.events
  return {
    id,
    name,
    operation,
    version,
    subject,
    sequence,
    time,
    operationId: state.operationId,
    data: asJson(data),
  }
}

interface EventContent {
  readonly subject: string
  readonly data: object
}

/** For as long as it takes. After a first round without success the search attributes say what keeps the flow. */
async function publish(event: DomainEvent, reversalsCheckedInRun: string): Promise<PublishAnswer> {
  const of = digestOf(event)
  const answer = await published({ event, reversalsCheckedInRun, of })
  if (answer.of === undefined || answer.of === of) return answer
  const changed = flowChanged(`the event ${event.name}`)
  flowState().changed = changed
  throw changed
}

/** Of what it says; the time of a replay is that of the run. */
function digestOf({ time, ...said }: DomainEvent): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson({ ...said }))))
}

function published(task: PublishTask): Promise<PublishAnswer> {
  const { event } = task
  const summary = `event ${event.name}`
  const regularly = (retry: RetryPolicy) => proxyActivities<Activities>({ ...patient, summary, retry }).publish(task)
  return localFirst(
    summary,
    (activities) => activities.publish(task),
    async () => {
      try {
        return await regularly({ maximumAttempts: 12, maximumInterval: '30 seconds' })
      } catch (error) {
        if (!(error instanceof ActivityFailure)) throw error
        showRunning('event-undelivered')
        const answer = await regularly({ maximumInterval: '1 minute' })
        showRunning('')
        return answer
      }
    },
  )
}

/**
 * Takes back what an earlier run of this operation may have said: the step was undone by the run after a reset or a repair. Its id hangs
 * on the reference, since ordinals would give it the id of the very event that it takes back.
 */
export async function emitCorrection({ call }: Step): Promise<void> {
  const { start, operationId } = flowState()
  const { adapter, transaction, reference } = call
  const data = { reason: 'undone', adapter, transaction, reference, reversed: 1 }
  const id = uuidOf(`${operationId}/corrected/${reference}`)
  const event = eventOf(id, 'effect-corrected', { subject: start.call?.subject ?? operationId, data })
  await publish(event, workflowInfo().runId)
}

/**
 * Answers the command that started the operation: one answer, with a bounded effort. A sender whose queue is gone misses only the
 * answer; the operation ends all the same, the result stays readable over REST, and the run says that the answer was not taken.
 */
export async function answerCommand(
  replyTo: NonNullable<OperationStart['replyTo']>,
  result: OperationResult,
): Promise<void> {
  const { workflowId } = workflowInfo()
  const body: JsonObject = { operationId: workflowId, ...result }
  const answer = { ...replyTo, id: uuidOf(`${workflowId}/reply`), body }
  const summary = 'answer to the command'
  await CancellationScope.nonCancellable(() =>
    localFirst(
      summary,
      (activities) => activities.reply(answer),
      async (error) => {
        if (isUnroutable(error)) return showRunning('answer-undelivered')
        await proxyActivities<Activities>({ ...patient, summary, retry: bounded })
          .reply(answer)
          .catch(() => showRunning('answer-undelivered'))
      },
    ),
  )
}

const patient = { startToCloseTimeout: '1 minute' } as const
const bounded = { maximumAttempts: 6, maximumInterval: '30 seconds', nonRetryableErrorTypes: ['MESSAGE_UNROUTABLE'] }

/** The broker says that nobody takes messages under this name: trying again is of no use. */
function isUnroutable(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error
  return cause instanceof ApplicationFailure && cause.type === 'MESSAGE_UNROUTABLE'
}
