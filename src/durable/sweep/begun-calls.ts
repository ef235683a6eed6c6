// What earlier runs of an operation had begun: read from the histories that a reset and a repair leave behind.

import type { Client } from '@temporalio/client'
import type { Call } from '../../contract/call.ts'
import type { OperationStart } from '../../contract/durable.ts'
import { decoded, type RunId, taskOf } from './ended-run.ts'

/** More runs of one operation than people make; a chain that is longer is cut, the newest first. */
const mostRuns = 50

/**
 * The calls with an effect that the runs before this one had scheduled, in the order in which they began. A run after a reset names the
 * run that it was reset from, one of a repair the run that it repairs; a history that is gone tells nothing.
 */
export async function begunCalls(client: Client, { workflowId, runId }: RunId): Promise<readonly Call[]> {
  const runs: EarlierRun[] = []
  let { before } = await readRun(client, { workflowId, runId })
  while (before !== undefined && runs.length < mostRuns) {
    const run = await readRun(client, { workflowId, runId: before })
    runs.push(run)
    before = run.before
  }
  // Histories after a reset hold copies of what is in the one before.
  const calls = new Map(runs.reverse().flatMap((run) => run.calls.map((call) => [call.reference, call] as const)))
  return [...calls.values()]
}

interface EarlierRun {
  readonly calls: readonly Call[]
  /** The run before it. */
  readonly before: string | undefined
}

async function readRun(client: Client, { workflowId, runId }: RunId): Promise<EarlierRun> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory()
  const calls: Call[] = []
  let before: string | undefined
  for (const event of events ?? []) {
    const { workflowExecutionStartedEventAttributes: started } = event
    if (started) before = (await decoded<[OperationStart?]>(client, started.input))[0]?.repairs
    // A reset copies the history of the run before up to a task that it marks as failed.
    before = event.workflowTaskFailedEventAttributes?.baseRunId || before
    const task = await taskOf(client, event)
    if (task && task.effect !== 'read') calls.push(task.call)
  }
  return { calls, before: before === 'deleted' ? undefined : before }
}
