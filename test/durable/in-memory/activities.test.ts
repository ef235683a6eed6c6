// What the worker does with each thing that a flow asks for: within which time, by which run, and as what its failures are answered.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from '@jest/globals'
import { asyncLocalStorage, Context } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import type { Activities, SendTask } from '../../../src/contract/activity.ts'
import type { Caller, CallLimits } from '../../../src/contract/call.ts'
import type { DomainEvent } from '../../../src/contract/event.ts'
import { type ActivityParts, activitiesOf } from '../../../src/durable/activities.ts'
import { failure } from '../../../src/error/failure.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const of = { reference: 'AAAABBBBCCCCDDDD', digest: 'd' }
const call = { adapter: 'bank', transaction: 'post', request: { amount: '1.00' }, reference: of.reference }
const task: SendTask = { mode: 'send', of, call, effect: 'once', absenceProvenInRun: 'run-1', budgetMs: 60_000 }
const applied = { outcome: 'applied', reply: {} } as const

interface Attempt {
  readonly runId?: string
  readonly hasRun?: boolean
  readonly sinceMs?: number
  readonly aheadMs?: number
  readonly client?: object
  readonly cancelled?: AbortSignal
}

/** One attempt of an activity over parts that the test plays. */
async function attempted<T>(
  parts: Partial<ActivityParts>,
  work: (activities: Activities) => Promise<T>,
  { runId = 'run-1', hasRun = true, sinceMs = 0, aheadMs = 0, client = {}, cancelled }: Attempt = {},
): Promise<T> {
  const at = Date.now() - sinceMs + aheadMs
  const info = {
    ...{ attempt: 1, taskToken: Uint8Array.of(7), taskQueue: 'queue', scheduledTimestampMs: at },
    // As the info of an activity has it at this release.
    ...{ namespace: 'bank', currentAttemptScheduledTimestampMs: at },
    ...(hasRun && { workflowExecution: { workflowId: 'pay-1', runId } }),
  }
  const context = new Context(
    info as unknown as Context['info'],
    new Promise(() => undefined),
    cancelled ?? new AbortController().signal,
    () => undefined,
    client as unknown as Context['client'],
    {} as Context['log'],
    {} as Context['metricMeter'],
    {},
  )
  const unused = () => Promise.reject(new Error('not asked for'))
  const whole = {
    caller: { call: unused, inquire: unused, mistakesIn: () => [] },
    publisher: { publish: unused, reply: unused },
    ...{ transactions: {}, store: { attend: unused }, ...parts },
  } as unknown as ActivityParts
  return await asyncLocalStorage.run(context, () => work(activitiesOf(whole)))
}

const callerOf = (part: Partial<Caller>): Pick<ActivityParts, 'caller'> => ({ caller: part as Caller })
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'done').catch((error) => error)

describe('a call', () => {
  const sent = (answer: () => Promise<object>, more: Partial<SendTask> = {}, attempt: Attempt = {}, parts = {}) =>
    attempted(
      { ...callerOf({ call: answer as Caller['call'] }), ...parts },
      (one) => one.call({ ...task, ...more }),
      attempt,
    )

  test('has as long as the flow says, by signal and by the clock', async () => {
    const seen: CallLimits[] = []
    const take = async (_: unknown, limits?: CallLimits) => {
      if (limits) seen.push(limits)
      return applied
    }
    const since = performance.now()
    await attempted(callerOf({ call: take }), (one) => one.call({ ...task, budgetMs: 40 }))
    expect((seen[0]?.until ?? 0) - since).toBeGreaterThanOrEqual(40)
    expect((seen[0]?.until ?? 0) - since).toBeLessThan(2000)
    expect(seen[0]?.signal?.aborted).toBe(false)
    // What a weak reference has given lives on to the end of the turn.
    await new Promise(setImmediate)
    collectGarbage()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(seen[0]?.signal?.aborted).toBe(true)
    const stop = new AbortController()
    await attempted(callerOf({ call: take }), (one) => one.call(task), { cancelled: stop.signal })
    expect(seen[1]?.signal?.aborted).toBe(false)
    stop.abort()
    expect(seen[1]?.signal?.aborted).toBe(true)
  })

  test('answers whose it is, with a status, and for a kept build with the number too', async () => {
    expect(await sent(async () => applied)).toStrictEqual({ ...applied, of })
    const rejected = { outcome: 'rejected', reason: 'r', status: 'not-found', reply: {} }
    expect(await sent(async () => rejected)).toStrictEqual({ ...rejected, of })
    expect(await sent(async () => rejected, {}, {}, { isKept: true })).toStrictEqual({ ...rejected, http: 404, of })
  })

  test('that is called back before it was made is not made', async () => {
    const answer = await sent(() => Promise.reject(new Error('made')), { mode: 'recall' })
    expect(answer).toEqual({ outcome: 'not-sent', code: 'OPERATION_CANCELLED', message: 'cancelled before', of })
  })

  test.each<[string, object, string]>([
    ['not-sent', { outcome: 'not-sent', code: 'C', message: 'm' }, 'm'],
    ['unknown', { outcome: 'unknown', cause: 'execution-failed', message: 'm' }, 'm'],
  ])(
    'that may be repeated and ends as %s is repeated by Temporal, one made once is answered',
    async (_, answer, message) => {
      for (const effect of ['read', 'idempotent'] as const) {
        const thrown = await codeOf(sent(async () => answer, { effect }))
        expect(thrown).toBeInstanceOf(ApplicationFailure)
        expect(thrown).toMatchObject({ nonRetryable: false, message, details: [{ ...answer, of }] })
      }
      expect(await sent(async () => answer)).toEqual({ ...answer, of })
    },
  )

  test('that may be repeated and is answered is answered', async () => {
    expect(await sent(async () => applied, { effect: 'read' }, { runId: 'another' })).toEqual({ ...applied, of })
  })

  test.each<[string, unknown, object]>([
    [
      'never mends',
      failure('COMMAREA_TOO_LONG', { needed: 9, most: 8 }),
      {
        outcome: 'unfit',
        code: 'COMMAREA_TOO_LONG',
        status: 'misconfigured',
        message: expect.not.stringMatching(/^COMM/),
      },
    ],
    [
      'may pass',
      failure('CORE_BUSY', { adapter: 'bank', waiting: 1 }),
      { outcome: 'not-sent', code: 'CORE_BUSY', message: expect.stringContaining('nothing was sent') },
    ],
    [
      'leaves doubt',
      failure('CORE_NO_REPLY', { adapter: 'bank', target: 'P', deadlineMs: 1 }),
      { outcome: 'unknown', cause: 'execution-failed', message: expect.stringContaining('did not answer') },
    ],
    [
      'is a mistake of ours',
      new TypeError('x is not a function'),
      {
        ...{
          outcome: 'unknown',
          cause: 'execution-failed',
          evidence: expect.stringMatching(/x is not a function\n\s+at /),
        },
        message: 'the worker failed while it carried the call out',
      },
    ],
    ['is no error at all', 'words', { outcome: 'unknown', cause: 'execution-failed', evidence: 'words' }],
  ])('that fails by what %s is answered as just that', async (_, thrown, answer) => {
    expect(await sent(() => Promise.reject(thrown))).toMatchObject({ ...answer, of })
  })

  test('that fails without a stack is told by its message', async () => {
    const bare = new Error('bare')
    delete bare.stack
    expect(await sent(() => Promise.reject(bare))).toMatchObject({ evidence: 'bare' })
  })

  describe('that may come late', () => {
    const asking = (heartbeat: () => Promise<unknown>) => {
      const asked: unknown[] = []
      const client = {
        withDeadline: async (deadline: number, ask: () => Promise<unknown>) => {
          asked.push(deadline - Date.now())
          return await ask()
        },
        workflowService: {
          recordActivityTaskHeartbeat: async (question: unknown) => {
            asked.push(question)
            return await heartbeat()
          },
        },
      }
      return { asked, client }
    }
    const grpc = (code: number) => Object.assign(new Error('no'), { code, details: 'no', metadata: {} })

    test.each([
      [1900, 0, 0],
      [2500, 0, 2],
      [0, 2500, 2],
    ])(
      'is asked for at Temporal after two seconds, or where clocks differ: %i, %i',
      async (sinceMs, aheadMs, times) => {
        const { asked, client } = asking(async () => ({}))
        expect(await sent(async () => applied, {}, { sinceMs, aheadMs, client })).toMatchObject(applied)
        expect(asked.length).toBe(times)
        if (times === 0) return
        expect(asked[0]).toBeGreaterThan(1000)
        expect(asked[0]).toBeLessThanOrEqual(2000)
        expect(asked[1]).toEqual({ namespace: 'bank', taskToken: Uint8Array.of(7) })
      },
    )

    test('is not made where Temporal has given it up, or does not say', async () => {
      const late = { sinceMs: 60_000 }
      const gone = await sent(
        () => Promise.reject(new Error('made')),
        {},
        { ...late, ...asking(() => Promise.reject(grpc(5))) },
      )
      expect(gone).toEqual({
        ...{ outcome: 'not-sent', code: 'ATTEMPT_GIVEN_UP', of },
        message: 'nobody waits for this attempt any more',
      })
      for (const refusal of [grpc(14), new TypeError('no'), Object.assign(new Error('no'), { code: 5 })]) {
        const silent = await sent(
          () => Promise.reject(new Error('made')),
          {},
          { ...late, ...asking(() => Promise.reject(refusal)) },
        )
        expect(silent).toMatchObject({
          outcome: 'not-sent',
          code: 'DURABLE_UNAVAILABLE',
          message: expect.stringContaining('late call'),
        })
      }
    })

    test('is made without a question where it only reads', async () => {
      const { asked, client } = asking(() => Promise.reject(grpc(5)))
      await sent(async () => applied, { effect: 'read' }, { sinceMs: 60_000, client })
      expect(asked).toEqual([])
      const idempotent = sent(async () => applied, { effect: 'idempotent' }, { sinceMs: 60_000, client })
      expect(await codeOf(idempotent)).toMatchObject({ details: [{ code: 'ATTEMPT_GIVEN_UP' }] })
    })
  })

  test('of before there was a name for the run that proved its absence is held against the old name', async () => {
    const { absenceProvenInRun: _, ...old } = task
    const grounded = (grounds: string) =>
      attempted(callerOf({ call: async () => applied }), (one) => one.call({ ...old, grounds } as SendTask))
    expect([await grounded('run-1'), await grounded('run-0')]).toMatchObject([
      applied,
      { outcome: 'withheld', run: 'run-1', of },
    ])
    const nowhere = attempted(callerOf({ call: async () => applied }), (one) => one.call(task), { hasRun: false })
    expect(await nowhere).toEqual({ outcome: 'withheld', run: '', of })
  })
})

describe('an inquiry', () => {
  const asked = (inquire: () => Promise<object>) =>
    attempted(callerOf({ inquire: inquire as Caller['inquire'] }), (one) => one.inquire({ call, of, budgetMs: 60_000 }))

  test('answers what it found, for which call and in which run', async () => {
    expect(await asked(async () => ({ finding: 'absent' }))).toEqual({ finding: 'absent', run: 'run-1', of })
  })

  test.each<[string, () => Promise<object>, string]>([
    ['is unclear', async () => ({ finding: 'unclear', message: 'm' }), 'm'],
    [
      'fails',
      () => Promise.reject(failure('CORE_BUSY', { adapter: 'bank', waiting: 1 })),
      failure('CORE_BUSY', { adapter: 'bank', waiting: 1 }).message,
    ],
    ['breaks us', () => Promise.reject(new TypeError('secret')), 'the worker failed while it asked'],
  ])('that %s is repeated by Temporal, with what was found', async (_, inquire, message) => {
    const thrown = await codeOf(asked(inquire))
    expect(thrown).toBeInstanceOf(ApplicationFailure)
    const found = { finding: 'unclear', message, run: 'run-1', of }
    expect(thrown).toMatchObject({ message, nonRetryable: false, details: [found] })
  })
})

describe('an event', () => {
  const event = { id: 'e-1' } as DomainEvent
  const published = async (task: object, problem?: unknown) => {
    const seen: unknown[] = []
    const publish = async (one: unknown) => {
      seen.push(one)
      if (problem !== undefined) throw problem
    }
    const publisher = { publish, reply: publish }
    const answer = await attempted({ publisher }, (one) => one.publish({ event, ...task } as never)).catch(
      (error) => error,
    )
    return { answer, seen }
  }

  test('is published in the run that checked its reversals, and in no other', async () => {
    expect(await published({ reversalsCheckedInRun: 'run-1', of })).toEqual({
      answer: { held: true, of },
      seen: [event],
    })
    expect(await published({ standsIn: 'run-1' })).toStrictEqual({ answer: { held: true }, seen: [event] })
    const other = { answer: { held: false, run: 'run-1', of }, seen: [] }
    expect(await published({ reversalsCheckedInRun: 'run-0', standsIn: 'run-1', of })).toEqual(other)
    expect((await published({ standsIn: 'run-0' })).answer).toStrictEqual({ held: false, run: 'run-1' })
  })

  test.each<[unknown, string, string | RegExp]>([
    [failure('BROKER_BUSY', { limit: 1, ms: 1 }), 'BROKER_BUSY', /^BROKER_BUSY/],
    [new Error('secret of a customer'), 'UNDELIVERED', 'the message was not delivered'],
  ])('that is not delivered is repeated by Temporal, without foreign words', async (problem, type, message) => {
    const { answer } = await published({ standsIn: 'run-1' }, problem)
    expect(answer).toMatchObject({ type, nonRetryable: false, message: expect.stringMatching(message) })
    expect(answer.cause).toBeUndefined()
  })

  test('an answer is delivered in any run, and repeated likewise', async () => {
    const seen: unknown[] = []
    const reply = async (one: unknown) => void seen.push(one)
    const answer = { queue: 'q', correlationId: 'c', id: 'i', body: {} }
    await attempted({ publisher: { publish: reply, reply } }, (one) => one.reply(answer))
    expect(seen).toEqual([answer])
  })
})

describe('the rest', () => {
  test('a typed reply is held against its transaction', async () => {
    const mistakesIn = (...asked: unknown[]) => [JSON.stringify(asked)]
    const parts = callerOf({ mistakesIn: mistakesIn as Caller['mistakesIn'] })
    expect(await attempted(parts, (one) => one.validate({ call, reply: { a: 1 } }))).toEqual([
      JSON.stringify([call, { a: 1 }]),
    ])
  })

  test('what had been begun before is read for a later run alone, with the traits of its cores', async () => {
    const asked: unknown[] = []
    const transactions = { bank: { post: {} }, other: { x: {} } } as unknown as ActivityParts['transactions']
    const begun = async (run: unknown) => {
      asked.push(run)
      return [call]
    }
    const found = (isLater: boolean, attempt: Attempt = {}) =>
      attempted({ begun, transactions }, (one) => one.begun({ isLater }), attempt)
    expect(await found(true)).toEqual({ isLater: true, calls: [call], transactions: { bank: { post: {} } } })
    expect(await found(false)).toEqual({ isLater: false, calls: [], transactions: {} })
    await found(true, { hasRun: false })
    expect(asked).toEqual([
      { workflowId: 'pay-1', runId: 'run-1' },
      { workflowId: '', runId: '' },
    ])
  })

  test('what people have to look at is written down', async () => {
    const seen: unknown[] = []
    const attend = async (...args: unknown[]) => void seen.push(args)
    const store = { attend } as unknown as ActivityParts['store']
    await attempted({ store }, (one) => one.attend({ operationId: 'pay-1', reason: 'doubled' }))
    expect(seen).toEqual([['pay-1', 'doubled']])
    const problem = new Error('no')
    const failing = { attend: () => Promise.reject(problem) } as unknown as ActivityParts['store']
    const lost = attempted({ store: failing }, (one) => one.attend({ operationId: 'pay-1', reason: 'doubled' }))
    await expect(lost).rejects.toBe(problem)
  })

  test('a sweep looks at this task queue of this Temporal, and at the rows of this store', async () => {
    const queries: { query?: string }[] = []
    const listWorkflowExecutions = async (asked: { query?: string }) => {
      queries.push(asked)
      return { executions: [] }
    }
    const client = { options: { namespace: 'bank' }, workflowService: { listWorkflowExecutions } }
    const store = { begun: async () => [] } as unknown as ActivityParts['store']
    const since = '2026-01-01T00:00:00Z'
    const swept = await attempted({ store }, (one) => one.sweepRuns({ since } as never), { client })
    expect(swept).toMatchObject({ repaired: 0, unmended: [] })
    expect(queries[0]).toMatchObject({ namespace: 'bank', query: expect.stringContaining('TaskQueue = "queue"') })
    expect(await attempted({ store }, (one) => one.sweepRows({} as never), { client })).toMatchObject({ recorded: 0 })
  })
})
