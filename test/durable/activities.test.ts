// Whether a call may be sent at all, by what the worker knows of its attempt.

import { describe, expect, test } from '@jest/globals'
import { asyncLocalStorage, Context } from '@temporalio/activity'
import type { SendTask } from '../../src/contract/activity.ts'
import { activitiesOf } from '../../src/durable/activities.ts'
import { scriptedCore } from '../support/scripted-core.ts'

const of = { reference: 'AAAABBBBCCCCDDDD', digest: 'd' }
const task: SendTask = {
  mode: 'send',
  of,
  call: { adapter: 'bank', transaction: 'post', request: { amount: '1.00' }, reference: of.reference },
  effect: 'once',
  absenceProvenInRun: 'run-1',
  budgetMs: 1000,
}

interface Attempt {
  readonly attempt?: number
  readonly runId?: string
  /** How long ago it was scheduled, and scheduled last. */
  readonly sinceMs?: number
  readonly againMs?: number
  /** What Temporal says about it. */
  readonly heartbeat?: () => Promise<object>
}

async function carriedOut({ attempt = 1, runId = 'run-1', sinceMs = 0, againMs = sinceMs, heartbeat }: Attempt) {
  const core = scriptedCore()
  const store = { attend: async () => undefined, begun: async () => [], ended: async () => undefined }
  const { call } = activitiesOf({ caller: core.caller, publisher: core.publisher, store, transactions: {} })
  let asked = 0
  const recordActivityTaskHeartbeat = async () => {
    asked++
    return await heartbeat?.()
  }
  const client = {
    withDeadline: (_: number, ask: () => Promise<unknown>) => ask(),
    workflowService: { recordActivityTaskHeartbeat },
  }
  const info = {
    ...{ attempt, namespace: 'default', taskToken: new Uint8Array(), workflowExecution: { workflowId: 'w', runId } },
    scheduledTimestampMs: Date.now() - sinceMs,
    currentAttemptScheduledTimestampMs: Date.now() - againMs,
  }
  const context = new Context(
    info as unknown as Context['info'],
    new Promise(() => undefined),
    new AbortController().signal,
    () => undefined,
    client as unknown as Context['client'],
    {} as Context['log'],
    {} as Context['metricMeter'],
    {},
  )
  const answer = await asyncLocalStorage.run(context, () => call(task))
  return { answer, sent: core.calls.length, asked }
}

const refusedWith = (code: number) => async () => {
  throw Object.assign(new Error('refused'), { code, details: 'refused', metadata: {} })
}

describe('a call', () => {
  test('of a prompt first attempt is sent, and Temporal is not asked', async () => {
    expect(await carriedOut({})).toMatchObject({ answer: { outcome: 'applied', of }, sent: 1, asked: 0 })
  })

  test('is withheld by a second attempt, after a reset of the activity and in another run', async () => {
    for (const attempt of [{ attempt: 2 }, { sinceMs: 1500, againMs: 0 }, { runId: 'run-2' }]) {
      expect(await carriedOut(attempt)).toMatchObject({ answer: { outcome: 'withheld' }, sent: 0 })
    }
  })

  test('that comes late is sent while Temporal waits for it', async () => {
    const late = await carriedOut({ sinceMs: 60_000, heartbeat: async () => ({}) })
    expect(late).toMatchObject({ answer: { outcome: 'applied' }, sent: 1, asked: 1 })
  })

  test('that comes late is not sent when Temporal has given it up', async () => {
    const late = await carriedOut({ sinceMs: 60_000, heartbeat: refusedWith(5) })
    expect(late).toMatchObject({ answer: { outcome: 'not-sent', code: 'ATTEMPT_GIVEN_UP' }, sent: 0 })
  })

  test('that comes late is not sent when Temporal does not answer', async () => {
    const late = await carriedOut({ sinceMs: 60_000, heartbeat: refusedWith(14) })
    expect(late).toMatchObject({ answer: { outcome: 'not-sent', code: 'DURABLE_UNAVAILABLE' }, sent: 0 })
  })
})
