// A client of the simulated Temporal, as far as the tests of flows and the operations use one.

import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client'
import { ApplicationFailure, CancelledFailure, RetryState, TerminatedFailure } from '@temporalio/common'
import { clientOf } from '../../explore/client.ts'
import type { Clock } from '../../explore/clock.ts'
import { type Run, taskStarts } from '../../explore/history.ts'
import { payloads } from '../../explore/payloads.ts'
import { replayed } from '../../explore/replay.ts'
import type { Command, Job, Sandbox } from '../../explore/sandbox.ts'
import type { SimulatedTemporal } from '../../explore/temporal.ts'

interface StartOptions {
  readonly workflowId: string
  readonly args?: readonly unknown[]
  readonly memo?: object
  readonly typedSearchAttributes?: readonly { readonly key: { readonly name: string }; readonly value: unknown }[]
  readonly workflowIdReusePolicy?: 'ALLOW_DUPLICATE' | 'REJECT_DUPLICATE'
  /** `3 seconds`. */
  readonly workflowExecutionTimeout?: string
}

type Answer = { readonly taken: boolean; readonly words: string }

const states = {
  ...{ running: 'RUNNING', completed: 'COMPLETED', failed: 'FAILED', cancelled: 'CANCELLED' },
  ...{ terminated: 'TERMINATED', continued: 'CONTINUED_AS_NEW' },
} as const

/** How often somebody who waits looks, in virtual ms. */
const lookMs = 10
const longestWaitMs = 60_000

export class SimulatedClient {
  readonly #temporal: SimulatedTemporal
  readonly #clock: Clock
  readonly #sandbox: Sandbox
  readonly #memos = new Map<string, object | undefined>()
  /** When the build that is current became so. */
  #currentSince = 0
  /** Update id → its answer: the same update is taken once. */
  readonly #answers = new Map<string, Promise<Answer>>()

  constructor(temporal: SimulatedTemporal, clock: Clock, sandbox: Sandbox) {
    this.#temporal = temporal
    this.#clock = clock
    this.#sandbox = sandbox
  }

  /** For tests and gateways. */
  get client(): Client {
    const client = {
      workflow: {
        getHandle: (id: string, runId?: string) => this.#handle(id, runId),
        start: async (type: string, options: StartOptions) => this.#start(type, options),
        execute: async (type: string, options: StartOptions) => await this.#start(type, options).result(),
      },
      workflowService: this.#service(),
    }
    return client as unknown as Client
  }

  /** For activities, which read histories in the words of the protocol. */
  get clientOfActivities(): Client {
    const known = clientOf(this.#temporal)
    const histories = known.workflow
    const getHandle = (id: string, runId = this.#run(id).runId) => ({
      ...this.#handle(id, runId),
      fetchHistory: () => histories.getHandle(id, runId).fetchHistory(),
    })
    const client = {
      ...known,
      workflow: { ...this.client.workflow, getHandle },
      workflowService: { ...known.workflowService, ...this.#service() },
    }
    return client as unknown as Client
  }

  #service() {
    return {
      getSystemInfo: async () => ({}),
      listWorkflowExecutions: async ({ query }: { readonly query: string }) => ({ executions: this.#found(query) }),
      deleteWorkflowExecution: async ({ workflowExecution }: { readonly workflowExecution: { workflowId: string } }) =>
        this.#deleted(workflowExecution.workflowId),
      updateActivityOptions: async ({ execution }: { readonly execution: { workflowId: string } }) => {
        const run = this.#run(execution.workflowId)
        for (const activity of run.activities.values()) this.#temporal.attempts.again(run, activity)
      },
      setWorkerDeploymentCurrentVersion: async () => {
        this.#currentSince = this.#clock.now
      },
      describeWorkerDeployment: async () => {
        const currentVersionChangedTime = { seconds: Math.ceil(this.#currentSince / 1000) }
        return { workerDeploymentInfo: { routingConfig: { currentVersionChangedTime } } }
      },
    }
  }

  /** Runs that were ended by force since the time that the query names. */
  #found(query: string): object[] {
    const since = Date.parse(/CloseTime >= "([^"]+)"/.exec(query)?.[1] ?? '')
    return this.#temporal.runs
      .filter(({ state, endedAt = 0 }) => state === 'terminated' && endedAt >= since)
      .map(({ workflowId, runId }) => ({ execution: { workflowId, runId } }))
  }

  #deleted(workflowId: string): void {
    const { runs } = this.#temporal
    for (const run of runs.filter((one) => one.workflowId === workflowId)) {
      this.#temporal.terminate(run)
      runs.splice(runs.indexOf(run), 1)
    }
  }

  /** Resets to the nth workflow task, from 1, or the last. */
  reset(workflowId: string, nth: number): void {
    const run = this.#run(workflowId)
    this.#temporal.reset(run, Math.min(nth, taskStarts(run.history).length) - 1)
  }

  #start(type: string, options: StartOptions) {
    const { workflowId, args = [], memo, typedSearchAttributes = [], workflowIdReusePolicy } = options
    const latest = this.#temporal.latest(workflowId)
    if (latest && (latest.state === 'running' || workflowIdReusePolicy === 'REJECT_DUPLICATE'))
      throw new WorkflowExecutionAlreadyStartedError('it has been started', workflowId, type)
    this.#memos.set(workflowId, memo)
    const attributes = Object.fromEntries(typedSearchAttributes.map(({ key, value }) => [key.name, value]))
    const run = this.#temporal.start({ workflowId, type, input: args, build: 'shipped', attributes })
    const limit = /^(\d+) seconds$/.exec(options.workflowExecutionTimeout ?? '')?.[1]
    if (limit) this.#clock.plan(Number(limit) * 1000, 'end of the run', () => this.#temporal.terminate(run))
    return this.#handle(workflowId)
  }

  #run(workflowId: string, runId?: string): Run {
    const { runs } = this.#temporal
    const run = runs.findLast((one) => one.workflowId === workflowId && (runId === undefined || one.runId === runId))
    if (!run) throw new WorkflowNotFoundError('workflow not found', workflowId, runId)
    return run
  }

  #handle(workflowId: string, runId?: string) {
    const run = () => this.#run(workflowId, runId)
    return {
      workflowId,
      describe: async () => this.#described(run()),
      result: () => this.#resultOf(run()),
      query: async (name: string) => this.#queried(run(), name),
      executeUpdate: async (_: string, { args, updateId }: { args: readonly object[]; updateId?: string }) =>
        await this.#updated(run(), args[0] as object, updateId),
      cancel: async () => this.#temporal.cancel(run()),
      terminate: async () => this.#temporal.terminate(run()),
      fetchHistory: async () => historyOf(run()),
    }
  }

  #described({ workflowId, runId, type, state, startedAt, endedAt, attributes, history }: Run) {
    return {
      ...{ workflowId, runId, type, status: { name: states[state] }, startTime: new Date(startedAt) },
      ...(endedAt !== undefined && { closeTime: new Date(endedAt) }),
      ...{ raw: {}, staticSummary: async () => undefined },
      memo: this.#memos.get(workflowId),
      historyLength: eventsOf({ history }).length,
      typedSearchAttributes: { getAll: () => [...attributes].flatMap(([name, value]) => attributeOf(name, value)) },
    }
  }

  async #resultOf(run: Run): Promise<unknown> {
    const until = this.#clock.now + longestWaitMs
    while (run.state === 'running') {
      // Nobody waits so long; what is left behind must not keep the clock busy.
      if (this.#clock.now > until) return await new Promise(() => undefined)
      await this.#clock.sleep(lookMs, 'somebody waits for a result')
    }
    if (run.state === 'completed') return run.result
    if (run.state === 'continued') return await this.#resultOf(this.#run(run.workflowId))
    throw new WorkflowFailedError('the workflow failed', causeOf(run), RetryState.NON_RETRYABLE_FAILURE)
  }

  async #updated(run: Run, resolution: object, updateId: string | undefined): Promise<string> {
    if (run.state !== 'running') throw new WorkflowNotFoundError('workflow execution already completed', '', undefined)
    const ask = () =>
      new Promise<Answer>((resolve) => {
        this.#temporal.resolve(run, resolution, resolve)
      })
    const asked = (updateId === undefined ? undefined : this.#answers.get(updateId)) ?? ask()
    if (updateId !== undefined) this.#answers.set(updateId, asked)
    const { taken, words } = await asked
    if (taken) return words
    throw new WorkflowUpdateFailedError('the update was refused', ApplicationFailure.nonRetryable(words))
  }

  #queried(run: Run, queryType: string): unknown {
    if (!run.instance) throw new Error('the run has no instance in memory')
    const job = { queryWorkflow: { queryId: 'q', queryType, arguments: [], headers: {} } } as Job
    const commands = this.#sandbox.activate(run.instance, [job], this.#clock.now, false)
    const answer = commands.flatMap(({ respondToQuery }) => respondToQuery ?? [])[0]
    if (!answer?.succeeded?.response) throw new Error(`the query failed: ${answer?.failed?.message}`)
    return inClear(payloads.fromPayload(answer.succeeded.response))
  }
}

/** The SDK answers some queries with a payload of its own making. */
function inClear(value: unknown): unknown {
  const { _payload: payload } = value as { readonly _payload?: { readonly data: Readonly<Record<string, number>> } }
  return payload ? JSON.parse(Buffer.from(Object.values(payload.data)).toString()) : value
}

/** A history, and how it is held against other code. */
export interface SimulatedHistory {
  readonly events: readonly object[]
  replayOn(sandbox: Sandbox): void
}

function historyOf(run: Run): SimulatedHistory {
  const failed =
    run.stuck === undefined ? [] : [{ workflowTaskFailedEventAttributes: { failure: { message: run.stuck } } }]
  return { events: [...eventsOf(run), ...failed], replayOn: (sandbox) => void replayed(sandbox, run, true) }
}

function attributeOf(name: string, value: unknown) {
  if (value === undefined || value === null) return []
  return [{ key: { name }, value: name === 'MainspanParkedAt' ? new Date(String(value)) : value }]
}

function causeOf({ state, result }: Run): Error {
  if (state === 'failed') return result as Error
  return state === 'cancelled' ? new CancelledFailure('cancelled') : new TerminatedFailure('terminated')
}

/** As many events as the server would keep, and of them what tests look at. */
function eventsOf({ history }: Pick<Run, 'history'>): object[] {
  return history.flatMap(({ jobs, commands, local }) => [
    ...jobs.flatMap((job) => (job.resolveActivity ? (job.resolveActivity.isLocal ? [] : [{}, {}]) : [{}])),
    ...(local ? [] : [{}, {}, { workflowTaskCompletedEventAttributes: {} }]),
    ...commands.flatMap(eventOf),
  ])
}

function eventOf({ scheduleActivity, startTimer, scheduleLocalActivity, respondToQuery }: Command): object[] {
  if (respondToQuery) return []
  if (scheduleActivity) {
    const { activityId, activityType } = scheduleActivity
    return [{ activityTaskScheduledEventAttributes: { activityId, activityType: { name: activityType } } }]
  }
  if (startTimer) return [{ timerStartedEventAttributes: { startToFireTimeout: startTimer.startToFireTimeout } }]
  return [scheduleLocalActivity ? { markerRecordedEventAttributes: {} } : {}]
}
