// History fed to a flow anew, as sdk-core does it: what the flow asks for is held against what was recorded.

import { type Run, recordOf } from './history.ts'
import { payloads } from './payloads.ts'
import type { Command, Instance, Job, Sandbox } from './sandbox.ts'

/** A new instance of a run that has come to the end of its history. Throws when the flow asks for something else than it did. */
export function replayed(sandbox: Sandbox, run: Run, identity: boolean): Instance {
  const { workflowId, runId, firstRunId, type, startedAt } = run
  const instance = sandbox.open({ workflowId, runId, firstExecutionRunId: firstRunId, workflowType: type, startedAt })
  for (const { at, jobs, commands } of run.history) {
    const given = identity ? jobs : jobs.map((job) => asIfOwn(job, run.asked))
    const now = sandbox.activate(instance, given, at, true)
    if (!identity) for (const command of now) remember(command, run.asked)
    const [before, after] = [commands, now].map((list) => list.flatMap((one) => recordOf(one, identity) ?? []))
    if (before?.join() !== after?.join()) {
      throw new Error(`[TMPRL1100] nondeterminism: history has [${before}], the flow asks for [${after}]`)
    }
  }
  return instance
}

/** The order in which sdk-core hands out what happened: code and seeds, messages, all others. */
export function inOrder(jobs: readonly Job[]): Job[] {
  const rank = ({ initializeWorkflow, updateRandomSeed, doUpdate, signalWorkflow }: Job) =>
    initializeWorkflow ? 0 : updateRandomSeed ? 1 : doUpdate || signalWorkflow ? 2 : 3
  return jobs
    .map((job, at) => ({ job, at }))
    .sort((a, b) => rank(a.job) - rank(b.job) || a.at - b.at)
    .map(({ job }) => job)
}

/** A recorded update was accepted: nobody asks for its validator again. */
export function withoutValidator(job: Job): Job {
  return job.doUpdate ? { doUpdate: { ...job.doUpdate, runValidator: false } } : job
}

export function answeredBy({ resolveActivity, fireTimer }: Job): string[] {
  if (resolveActivity) return [`activity ${resolveActivity.seq}`]
  return fireTimer ? [`timer ${fireTimer.seq}`] : []
}

/** Notes which call the flow asks for now. */
export function remember({ scheduleActivity }: Command, asked: Map<number, unknown>): void {
  const task = scheduleActivity?.arguments?.[0]
  if (task) asked.set(Number(scheduleActivity.seq), payloads.fromPayload<{ of?: unknown }>(task).of)
}

/** The answer as if it did not say which call it belongs to: history answers by position. */
export function asIfOwn(job: Job, asked: ReadonlyMap<number, unknown>): Job {
  const { resolveActivity } = job
  const result = resolveActivity?.result?.completed?.result
  const of = asked.get(Number(resolveActivity?.seq))
  if (!resolveActivity || !result || of === undefined) return job
  const answer = { ...payloads.fromPayload<object>(result), of }
  return { resolveActivity: { ...resolveActivity, result: { completed: { result: payloads.toPayload(answer) } } } }
}
