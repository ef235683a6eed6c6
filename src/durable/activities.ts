// The activities: what flows ask for and this process carries out. The one place that decides whether a call may be sent at all.

import { activityInfo, Context, cancellationSignal, type Info } from '@temporalio/activity'
import { isGrpcServiceError } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import {
  type Activities,
  carriesFinding,
  carriesOutcome,
  type SendAnswer,
  type SendTask,
  type TraitsTable,
} from '../contract/activity.ts'
import type { Call, Caller, CallLimits } from '../contract/call.ts'
import type { Publisher } from '../contract/event.ts'
import type { InquiryFinding, Outcome } from '../contract/outcome.ts'
import type { OperationStore } from '../contract/store.ts'
import { failure, isFailure } from '../error/failure.ts'
import { withHttp } from '../error/status.ts'
import { begunCalls } from './sweep/begun-calls.ts'
import type { RunId } from './sweep/ended-run.ts'
import { type Sweeper, type SweptStore, sweeper } from './sweep/sweeper.ts'

/** What activities work with. */
export interface ActivityParts {
  readonly caller: Caller
  readonly publisher: Publisher
  /** The traits of every transaction of the build. */
  readonly transactions: TraitsTable
  readonly store: SweptStore & Pick<OperationStore, 'attend'>
  /** Whether Temporal still waits for this attempt. Throws a Failure when that cannot be told. Without it Temporal is asked. */
  readonly isHeld?: (info: Info) => Promise<boolean>
  /** The flows are those of a kept build, which may read HTTP's number beside the status of an answer. */
  readonly isKept?: boolean
  /** The calls that the runs before this one had begun. Without it their histories are read. */
  readonly begun?: (run: RunId) => Promise<readonly Call[]>
}

/** The activities of one build, over its parts. */
export function activitiesOf({
  caller,
  publisher,
  store,
  transactions,
  isKept = false,
  isHeld = isStillHeld,
  begun = begunBefore,
}: ActivityParts): Activities {
  return {
    async call(task) {
      const { of } = task
      if (task.effect === 'once' && mayHaveRunBefore(activityInfo(), task))
        return { outcome: 'withheld', run: runId(), of }
      if (task.mode === 'recall')
        return { outcome: 'not-sent', code: 'OPERATION_CANCELLED', message: 'cancelled before', of }
      const answer = await send(caller, task, () => isHeld(activityInfo()))
      // Temporal's policy repeats what may be repeated; everything else goes back as data.
      if (task.effect !== 'once' && (answer.outcome === 'not-sent' || answer.outcome === 'unknown')) {
        throw ApplicationFailure.retryable(answer.message, carriesOutcome, { ...answer, of })
      }
      return { ...(isKept ? withHttp(answer) : answer), of }
    },

    async inquire({ call, of, budgetMs }) {
      const finding = await ask(() => caller.inquire(call, within(budgetMs)))
      const found = { ...finding, run: runId(), of }
      if (found.finding === 'unclear') throw ApplicationFailure.retryable(found.message, carriesFinding, found)
      return found
    },

    async publish({ event, standsIn, reversalsCheckedInRun = standsIn, of }) {
      const own = of === undefined ? {} : { of }
      if (runId() !== reversalsCheckedInRun) return { held: false, run: runId(), ...own }
      await untilHeld(() => publisher.publish(event))
      return { held: true, ...own }
    },

    reply: (reply) => untilHeld(() => publisher.reply(reply)),

    validate: async ({ call, reply }) => caller.mistakesIn(call, reply),

    async begun({ isLater }) {
      const workflowId = activityInfo().workflowExecution?.workflowId ?? ''
      const calls = isLater ? await begun({ workflowId, runId: runId() }) : []
      const called = Object.entries(transactions).filter(([name]) => calls.some(({ adapter }) => adapter === name))
      return { isLater, calls, transactions: Object.fromEntries(called) }
    },

    async attend({ operationId, reason }) {
      await store.attend(operationId, reason)
    },

    sweepRuns: (task) => sweeperHere(store).runs(task),

    sweepRows: (task) => sweeperHere(store).rows(task),
  }
}

function begunBefore(run: RunId): Promise<readonly Call[]> {
  return begunCalls(Context.current().client, run)
}

function sweeperHere(store: SweptStore): Sweeper {
  return sweeper({ client: Context.current().client, taskQueue: activityInfo().taskQueue, store })
}

function runId(): string {
  return activityInfo().workflowExecution?.runId ?? ''
}

/** A later attempt, an attempt after a reset of the activity, or a run after a reset of the workflow. */
function mayHaveRunBefore(info: Info, { grounds, absenceProvenInRun = grounds }: Partial<SendTask>): boolean {
  return (
    info.attempt > 1 ||
    info.currentAttemptScheduledTimestampMs !== info.scheduledTimestampMs ||
    info.workflowExecution?.runId !== absenceProvenInRun
  )
}

/** Node 20 forgets the parts of signals that are put together: a deadline that nobody else holds never comes. */
const deadlines = new WeakMap<AbortSignal, AbortSignal>()

/** The clock beside the timer: a timer is late in a process that stood still, and then nothing may be sent any more. */
function within(budgetMs: number): CallLimits {
  const deadline = AbortSignal.timeout(budgetMs)
  const signal = AbortSignal.any([cancellationSignal(), deadline])
  deadlines.set(signal, deadline)
  return { signal, until: performance.now() + budgetMs }
}

/** So soon a task is usually here after it was scheduled. */
const promptMs = 2000
/** So soon Temporal has to answer whether it still waits. */
const answerMs = 2000

/**
 * An attempt that comes late may have waited in the queue, or in a process that stood still; then Temporal may have given it up, and
 * the flow may have asked the core and sent the call again. So Temporal is asked whether it still waits for this one.
 */
async function isStillHeld({ taskToken, currentAttemptScheduledTimestampMs, namespace }: Info): Promise<boolean> {
  if (Math.abs(Date.now() - currentAttemptScheduledTimestampMs) < promptMs) return true
  try {
    const { client } = Context.current()
    await client.withDeadline(Date.now() + answerMs, () =>
      client.workflowService.recordActivityTaskHeartbeat({ namespace, taskToken }),
    )
    return true
  } catch (cause) {
    if (isGrpcServiceError(cause) && Number(cause.code) === notFound) return false
    throw failure('DURABLE_UNAVAILABLE', { why: 'it does not say whether it still waits for a late call' })
  }
}

/** Temporal's answer about an attempt that has timed out, or whose workflow has ended. */
const notFound = 5

async function send(
  caller: Caller,
  { call, effect, budgetMs }: SendTask,
  isHeld: () => Promise<boolean>,
): Promise<SendAnswer> {
  const limits = within(budgetMs)
  try {
    if (effect !== 'read' && !(await isHeld()))
      return { outcome: 'not-sent', code: 'ATTEMPT_GIVEN_UP', message: 'nobody waits for this attempt any more' }
    return await caller.call(call, limits)
  } catch (error) {
    return answerOf(error)
  }
}

/** A Failure says by itself whether something may have been sent. Anything else is a mistake of ours somewhere on the way. */
function answerOf(error: unknown): SendAnswer {
  if (isFailure(error)) {
    const { code, what: message, status, retry } = error
    if (retry === 'never') return { outcome: 'unfit', code, message, status }
    if (retry === 'later') return { outcome: 'not-sent', code, message }
    return { outcome: 'unknown', cause: 'execution-failed', message }
  }
  const evidence = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const message = 'the worker failed while it carried the call out'
  return { outcome: 'unknown', cause: 'execution-failed', message, evidence } satisfies Outcome
}

async function ask(inquire: () => Promise<InquiryFinding>): Promise<InquiryFinding> {
  try {
    return await inquire()
  } catch (error) {
    return { finding: 'unclear', message: isFailure(error) ? error.message : 'the worker failed while it asked' }
  }
}

async function untilHeld(deliver: () => Promise<void>): Promise<void> {
  try {
    await deliver()
  } catch (error) {
    // Without the cause: a foreign error may quote what it could not deliver.
    const [type, message] = isFailure(error)
      ? [error.code, error.message]
      : ['UNDELIVERED', 'the message was not delivered']
    throw ApplicationFailure.retryable(message, type)
  }
}
