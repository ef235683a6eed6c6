// Events of a flow. The workflow's history is the outbox: the event is decided here and published until the broker holds it.

import { sha1 } from '@noble/hashes/legacy.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { ActivityFailure, CancellationScope, proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { Activities } from '../contract/activity.ts'
import type { OperationResult } from '../contract/durable.ts'
import type { DomainEvent } from '../contract/event.ts'
import type { JsonObject } from '../contract/json.ts'
import { endEarly, failedWith } from './ending.ts'
import { showState } from './park.ts'
import { firstUndoneAfterPause } from './settle.ts'
import { flowState } from './state.ts'

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
    operationId: workflowId,
    data: event.data as JsonObject,
  }
  await CancellationScope.nonCancellable(async () => {
    for (;;) {
      const task = { event: decided, standsIn: state.standsIn }
      const answer = await deliver(`event ${name}`, 'event-undelivered', ({ publish }) => publish(task))
      if (answer.held) return
      const undone = await firstUndoneAfterPause(answer.run)
      if (undone !== undefined) throw endEarly(failedWith('CALL_REVERSED', { call: undone }))
    }
  })
}

/** Answers the command that started the operation. */
export async function answerCommand(result: OperationResult): Promise<void> {
  const { replyTo } = flowState().start
  if (!replyTo) return
  const { workflowId } = workflowInfo()
  const body: JsonObject = { operationId: workflowId, ...result }
  const answer = { ...replyTo, id: uuidOf(`${workflowId}/reply`), body }
  await CancellationScope.nonCancellable(() =>
    deliver('answer to the command', 'answer-undelivered', ({ reply }) => reply(answer)),
  )
}

/** After a first round of attempts without success the search attributes say what keeps the flow; it goes on trying. */
async function deliver<T>(what: string, reason: string, send: (activities: Activities) => Promise<T>): Promise<T> {
  const options = { startToCloseTimeout: '1 minute', summary: what } as const
  const first = proxyActivities<Activities>({
    ...options,
    retry: { maximumAttempts: 12, maximumInterval: '30 seconds' },
  })
  const forever = proxyActivities<Activities>({ ...options, retry: { maximumInterval: '1 minute' } })
  try {
    return await send(first)
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error
    showState('running', reason)
    const sent = await send(forever)
    showState('running', '')
    return sent
  }
}
