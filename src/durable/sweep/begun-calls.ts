// What earlier runs of an operation had begun: read from the histories that a reset and a repair leave behind.

import type { Client } from '@temporalio/client'
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js'
import type proto from '@temporalio/proto'
import type { SendTask } from '../../contract/activity.ts'
import type { Call } from '../../contract/call.ts'
import type { OperationStart } from '../../contract/durable.ts'
import type { RunId } from './ended-run.ts'

type Payloads = proto.temporal.api.common.v1.IPayloads | null | undefined

/** More runs of one operation than people make; a chain that is longer is cut, the newest first. */
const mostRuns = 50

/**
 * The calls with an effect that the runs before this one had scheduled, in the order in which they began. A run after a reset names the
 * run that it was reset from, one of a repair the run that it repairs; a history that is gone tells nothing.
 */
export async function begunCalls(client: Client, { workflowId, runId }: RunId): Promise<readonly Call[]> {
  const calls = new Map<string, Call>()
  let next: string | undefined = runId
  for (let runs = 0; next !== undefined && runs < mostRuns; runs++) {
    const run: Run | undefined = await readRun(client, { workflowId, runId: next })
    if (next !== runId) for (const call of run?.calls ?? []) calls.set(call.reference, call)
    next = run?.before
  }
  return [...calls.values()]
}

interface Run {
  readonly calls: readonly Call[]
  /** The run before it. */
  readonly before: string | undefined
}

async function readRun(client: Client, { workflowId, runId }: RunId): Promise<Run | undefined> {
  const decode = (payloads: Payloads) => decodeArrayFromPayloads(client.options.loadedDataConverter, payloads?.payloads)
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory()
  const calls: Call[] = []
  let before: string | undefined
  for (const event of events ?? []) {
    const { workflowExecutionStartedEventAttributes: started, activityTaskScheduledEventAttributes: scheduled } = event
    if (started) before = ((await decode(started.input)) as [OperationStart?])[0]?.repairs
    // A reset copies the history of the run before up to a task that it marks as failed.
    before = event.workflowTaskFailedEventAttributes?.baseRunId || before
    if (scheduled?.activityType?.name !== 'call') continue
    const [task] = (await decode(scheduled.input)) as [SendTask]
    if (task.effect !== 'read') calls.push(task.call)
  }
  return { calls, before: before === 'deleted' ? undefined : before }
}
