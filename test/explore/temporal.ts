// A simulated Temporal: the server, and of the worker what lies between the server and the SDK for flows (sdk-core). Workflow tasks are
// atomic; between them anything may happen. Runs are replayed from their history after a reset, on another worker and with other code, and
// each replayed command is held against the recorded one, as sdk-core does.
//
// Read in the server's code (1.32): a reset copies history up to the task before, starts waiting activities anew with a new time of
// scheduling, takes updates that came later over, and cancellations not; a child that runs already under its id is refused.

import { ApplicationFailure } from '@temporalio/common'
import { encodeUnifiedSearchAttributes } from '@temporalio/common/lib/converter/payload-search-attributes.js'
import { Attempts, type Token } from './attempts.ts'
import { type Attributes, attributesOf, typed } from './attributes.ts'
import type { Clock } from './clock.ts'
import { errorOf, failureOf, updateAnswer } from './failures.ts'
import {
  type Activation,
  activityOf,
  milliseconds,
  type PendingActivity,
  type Run,
  type RunState,
  taskStarts,
} from './history.ts'
import { payloads } from './payloads.ts'
import { answeredBy, asIfOwn, inOrder, remember, replayed, withoutValidator } from './replay.ts'
import type { Command, Job, Sandbox } from './sandbox.ts'

export interface TemporalParts {
  readonly clock: Clock
  /** Build → the code that it runs. */
  readonly builds: ReadonlyMap<string, Sandbox>
  /** Carries an activity out, on some worker. What it gives or throws is what that worker reports, whenever it does. */
  readonly perform: (run: Run, activity: PendingActivity, token: Token) => Promise<unknown>
  readonly note: (line: string) => void
  /** Workflow types that are started and never run. */
  readonly idle: readonly string[]
  /** False: as if activities had the SDK's own ids and answers did not say what they answer. */
  readonly identity: boolean
}

export interface StartOptions {
  readonly workflowId: string
  readonly type: string
  readonly input: readonly unknown[]
  readonly build: string
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly parent?: Run['parent']
}

/** How long the server takes to hand a task to a worker. */
const taskMs = 1

export class SimulatedTemporal {
  readonly runs: Run[] = []
  readonly #parts: TemporalParts
  readonly attempts: Attempts
  #count = 0

  constructor(parts: TemporalParts) {
    this.#parts = parts
    this.attempts = new Attempts(
      parts,
      (run, job) => this.#tell(run, job),
      (run, job) => this.#goOn(run, job),
    )
  }

  /** The newest run under this id. */
  latest(workflowId: string): Run | undefined {
    return this.runs.findLast((run) => run.workflowId === workflowId)
  }

  start({ workflowId, type, input, build, parent, attributes = {} }: StartOptions): Run {
    const runId = `run-${++this.#count}`
    const run = this.#add({ workflowId, runId, firstRunId: runId, type, build, parent })
    for (const [name, value] of Object.entries(attributes)) run.attributes.set(name, value)
    const searchAttributes = { indexedFields: encodeUnifiedSearchAttributes(undefined, typed(attributes)) }
    const initializeWorkflow = {
      workflowId,
      workflowType: type,
      headers: {},
      arguments: input.map(toPayload),
      searchAttributes,
    }
    this.#tell(run, { initializeWorkflow })
    return run
  }

  cancel(run: Run): void {
    if (run.cancelled) return
    run.cancelled = true
    this.#tell(run, { cancelWorkflow: { reason: 'by hand' } })
  }

  terminate(run: Run): void {
    this.#close(run, 'terminated', undefined)
  }

  /** Sends the update `resolve`; `answered` hears what became of it. */
  resolve(run: Run, resolution: object, answered: (answer: { taken: boolean; words: string }) => void): void {
    const id = `update-${++this.#count}`
    const doUpdate = { id, protocolInstanceId: id, name: 'resolve', headers: {}, input: [toPayload(resolution)] }
    run.sent.push({ id, job: { doUpdate: { ...doUpdate, runValidator: true } }, answered })
    this.#plan(run)
  }

  /** Resets to a workflow task, from 0, as the UI does: a new run that has everything of before. */
  reset(run: Run, task: number): Run {
    const at = taskStarts(run.history)[task] ?? 0
    const runId = `run-${++this.#count}`
    const { workflowId, firstRunId, type, build, parent } = run
    const fresh = this.#add({ workflowId, runId, firstRunId, type, build, parent }, { run, copied: at })
    const kept = run.history.slice(0, at)
    const later = run.history.slice(at)
    fresh.history.push(...kept)
    fresh.news.push({ updateRandomSeed: { randomnessSeed: seedOf(this.#count) } } as Job)
    fresh.news.push(...(later[0]?.jobs.filter(({ doUpdate }) => !doUpdate) ?? run.news))
    fresh.cancelled = [...kept.flatMap(({ jobs }) => jobs), ...fresh.news].some((job) => job.cancelWorkflow)
    for (const { doUpdate } of later.flatMap(({ jobs }) => jobs)) {
      if (!doUpdate) continue
      const id = String(doUpdate.id)
      fresh.sent.push({ id, job: { doUpdate: { ...doUpdate, runValidator: true } }, answered: () => undefined })
    }
    if (run.state === 'running') this.#close(run, 'terminated', undefined)
    this.#reopen(fresh, kept)
    this.#plan(fresh)
    return fresh
  }

  /** Other code for a run from its next workflow task on, which replays it. */
  rebuild(run: Run, build: string): void {
    run.build = build
    run.stuck = undefined
    this.forget(run)
    this.#plan(run)
  }

  /** Another worker takes over: what the one before kept in memory is gone, and so is a workflow task under way. */
  forget(run: Run): void {
    run.instance = undefined
    if (run.open.length === 0) return
    run.news.unshift(...(run.open[0]?.jobs ?? []))
    run.open = []
    this.attempts.dropLocal(run)
    this.#plan(run)
  }

  /** Replays a whole history; says what differs. */
  verify(run: Run): string | undefined {
    try {
      this.#replayed(run)
      return undefined
    } catch (error) {
      return String(error)
    }
  }

  #add(
    ids: Pick<Run, 'workflowId' | 'runId' | 'firstRunId' | 'type' | 'build' | 'parent'>,
    before?: { readonly run: Run; readonly copied: number },
  ): Run {
    const run: Run = {
      ...ids,
      startedAt: before?.run.startedAt ?? this.#parts.clock.now,
      reset: before && { base: before.run.runId, copied: before.copied },
      history: [],
      open: [],
      news: [],
      sent: [],
      updates: new Map(),
      activities: new Map(),
      timers: new Map(),
      attributes: new Map(),
      planned: false,
      instance: undefined,
      state: 'running',
      endedAt: undefined,
      result: undefined,
      cancelled: false,
      asked: new Map(),
      stuck: undefined,
      version: 0,
    }
    this.runs.push(run)
    return run
  }

  #tell(run: Run, job: Job): void {
    if (run.state !== 'running') return
    run.news.push(job)
    run.version++
    this.#plan(run)
  }

  #plan(run: Run): void {
    if (run.planned || run.state !== 'running' || this.#parts.idle.includes(run.type)) return
    run.planned = true
    this.#parts.clock.plan(taskMs, `workflow task of ${run.runId}`, () => this.#task(run))
  }

  #task(run: Run): void {
    run.planned = false
    if (run.state !== 'running' || run.open.length > 0) return
    if (run.news.length === 0 && run.sent.length === 0) return
    const updates = run.sent.splice(0)
    const jobs = inOrder([...updates.map(({ job }) => job), ...run.news.splice(0)])
    for (const update of updates) run.updates.set(update.id, update)
    try {
      run.instance ??= this.#replayed(run)
      this.#activate(run, jobs, false)
      run.stuck = undefined
    } catch (error) {
      // The server hands the task out again and again. Here it waits for other code, or for news.
      run.stuck = String(error)
      run.instance = undefined
      run.open = []
      run.news.unshift(...jobs.filter(({ doUpdate }) => !doUpdate))
      run.sent.unshift(...updates)
      this.#parts.note(`the workflow task of ${run.runId} fails: ${run.stuck}`)
    }
  }

  /** A local activity has ended: the workflow task goes on. */
  #goOn(run: Run, job: Job): void {
    if (run.state !== 'running' || run.open.length === 0 || !run.instance) return
    this.#activate(run, [job], true)
  }

  #activate(run: Run, jobs: readonly Job[], local: boolean): void {
    const { clock, builds, identity } = this.#parts
    const sandbox = builds.get(run.build)
    if (!sandbox || !run.instance) throw new Error(`no build ${run.build}`)
    const given = identity ? jobs : jobs.map((job) => asIfOwn(job, run.asked))
    const commands = sandbox.activate(run.instance, given, clock.now, false)
    if (!identity) for (const command of commands) remember(command, run.asked)
    const refused = this.#answerUpdates(run, commands)
    const kept = jobs.filter(({ doUpdate }) => !refused.has(String(doUpdate?.id))).map(withoutValidator)
    const recorded = commands.filter(({ updateResponse }) => !refused.has(String(updateResponse?.protocolInstanceId)))
    run.version++
    // A task whose only news was a refused update leaves no trace in history.
    if (kept.length === 0 && recorded.length === 0) return
    run.open.push({ at: clock.now, jobs: kept, commands: recorded, local })
    for (const command of commands) {
      if (command.scheduleLocalActivity) this.attempts.schedule(run, activityOf(command, clock.now))
    }
    if ([...run.activities.values()].some(({ isLocal }) => isLocal)) return
    this.#commit(run)
  }

  /** The workflow task has ended: history has it, and the server does what the flow asked for. */
  #commit(run: Run): void {
    const activations = run.open.splice(0)
    run.history.push(...activations)
    for (const { commands } of activations) for (const command of commands) this.#carryOut(run, command)
    if (run.news.length > 0 || run.sent.length > 0) this.#plan(run)
  }

  #carryOut(run: Run, command: Command): void {
    const { clock } = this.#parts
    const { scheduleActivity, startTimer, cancelTimer, upsertWorkflowSearchAttributes } = command
    if (scheduleActivity) this.attempts.schedule(run, activityOf(command, clock.now))
    if (startTimer) this.#timer(run, Number(startTimer.seq), milliseconds(startTimer.startToFireTimeout))
    if (cancelTimer) clock.forget(run.timers.get(Number(cancelTimer.seq)))
    if (command.startChildWorkflowExecution) this.#child(run, command.startChildWorkflowExecution)
    if (command.signalExternalWorkflowExecution) this.#signal(run, command.signalExternalWorkflowExecution)
    if (upsertWorkflowSearchAttributes) this.#attributes(run, upsertWorkflowSearchAttributes.searchAttributes)
    const { completeWorkflowExecution, failWorkflowExecution, cancelWorkflowExecution } = command
    if (completeWorkflowExecution) {
      const { result } = completeWorkflowExecution
      this.#close(run, 'completed', result ? payloads.fromPayload(result) : undefined)
    }
    if (failWorkflowExecution?.failure) this.#close(run, 'failed', errorOf(failWorkflowExecution.failure))
    if (cancelWorkflowExecution) this.#close(run, 'cancelled', undefined)
    if (command.continueAsNewWorkflowExecution) this.#continue(run, command.continueAsNewWorkflowExecution)
  }

  #continue(run: Run, { arguments: given }: NonNullable<Command['continueAsNewWorkflowExecution']>): void {
    this.#close(run, 'continued', undefined)
    const { workflowId, type, build, attributes } = run
    const input = (given ?? []).map((payload) => payloads.fromPayload(payload))
    this.start({ workflowId, type, input, build, attributes: Object.fromEntries(attributes) })
  }

  /** A signal to another run: its sender hears whether there is one. */
  #signal(run: Run, wanted: NonNullable<Command['signalExternalWorkflowExecution']>): void {
    const { seq, signalName, args, workflowExecution } = wanted
    this.#parts.clock.plan(taskMs, `signal ${signalName}`, () => {
      const target = this.latest(String(workflowExecution?.workflowId))
      const resolved = { seq: Number(seq) }
      if (target?.state !== 'running') {
        const failure = failureOf(ApplicationFailure.nonRetryable('the workflow was not found'))
        return this.#tell(run, { resolveSignalExternalWorkflow: { ...resolved, failure } })
      }
      this.#tell(target, { signalWorkflow: { signalName: String(signalName), input: args ?? [], headers: {} } })
      this.#tell(run, { resolveSignalExternalWorkflow: resolved })
    })
  }

  #replayed(run: Run): Run['instance'] {
    const sandbox = this.#parts.builds.get(run.build)
    if (!sandbox) throw new Error(`no build ${run.build}`)
    return replayed(sandbox, run, this.#parts.identity)
  }

  #timer(run: Run, seq: number, inMs: number): void {
    const fire = () => {
      run.timers.delete(seq)
      this.#tell(run, { fireTimer: { seq } })
    }
    run.timers.set(seq, this.#parts.clock.plan(inMs, `timer of ${run.runId}`, fire))
  }

  #attributes(run: Run, attributes: Attributes): void {
    for (const [name, value] of Object.entries(attributesOf(attributes))) run.attributes.set(name, value)
  }

  #child(run: Run, wanted: NonNullable<Command['startChildWorkflowExecution']>): void {
    const seq = Number(wanted.seq)
    const workflowId = String(wanted.workflowId)
    const workflowType = String(wanted.workflowType)
    this.#parts.clock.plan(taskMs, `start of ${workflowId}`, () => {
      if (this.latest(workflowId)?.state === 'running') {
        const failed = { workflowId, workflowType, cause: 1 }
        return this.#tell(run, { resolveChildWorkflowExecutionStart: { seq, failed } })
      }
      const input = (wanted.input ?? []).map((payload) => payloads.fromPayload(payload))
      const attributes = attributesOf(wanted.searchAttributes)
      const parent = { run, seq }
      const child = this.start({ workflowId, type: workflowType, input, build: run.build, parent, attributes })
      this.#tell(run, { resolveChildWorkflowExecutionStart: { seq, succeeded: { runId: child.runId } } })
    })
  }

  #close(run: Run, state: RunState, result: unknown): void {
    if (run.state !== 'running') return
    run.state = state
    run.endedAt = this.#parts.clock.now
    run.result = result
    run.version++
    for (const timer of run.timers.values()) this.#parts.clock.forget(timer)
    this.attempts.drop(run)
    for (const { answered } of [...run.sent, ...run.updates.values()]) answered({ taken: false, words: 'has ended' })
    const { parent } = run
    if (!parent || state === 'terminated') return
    const resolved = { seq: parent.seq, result: state === 'completed' ? { completed: {} } : { cancelled: {} } }
    if (state === 'completed') this.#tell(parent.run, { resolveChildWorkflowExecution: resolved })
  }

  /** The updates that a validator refused; history has nothing of them. */
  #answerUpdates(run: Run, commands: readonly Command[]): ReadonlySet<string> {
    const refused = new Set<string>()
    const accepted = new Set<string>()
    for (const { updateResponse } of commands) {
      if (!updateResponse) continue
      const id = String(updateResponse.protocolInstanceId)
      if (updateResponse.accepted) accepted.add(id)
      const answer = updateAnswer(updateResponse)
      if (!answer) continue
      if (updateResponse.rejected && !accepted.has(id) && !this.#wasAccepted(run, id)) refused.add(id)
      run.updates.get(id)?.answered(answer)
      run.updates.delete(id)
    }
    return refused
  }

  #wasAccepted(run: Run, id: string): boolean {
    return [...run.history, ...run.open].some(({ jobs }) => jobs.some(({ doUpdate }) => doUpdate?.id === id))
  }

  /** What was open at the end of this part of history is open again. */
  #reopen(run: Run, kept: readonly Activation[]): void {
    const { clock } = this.#parts
    const done = new Set([...kept.flatMap(({ jobs }) => jobs), ...run.news].flatMap((job) => answeredBy(job)))
    for (const { at, commands } of kept) {
      for (const command of commands) {
        const { scheduleActivity, startTimer, cancelTimer, upsertWorkflowSearchAttributes } = command
        if (cancelTimer) clock.forget(run.timers.get(Number(cancelTimer.seq)))
        if (upsertWorkflowSearchAttributes) this.#attributes(run, upsertWorkflowSearchAttributes.searchAttributes)
        if (scheduleActivity && !done.has(`activity ${scheduleActivity.seq}`)) {
          this.attempts.schedule(run, activityOf(command, clock.now))
        }
        if (startTimer && !done.has(`timer ${startTimer.seq}`)) {
          const { seq, startToFireTimeout } = startTimer
          this.#timer(run, Number(seq), at + milliseconds(startToFireTimeout) - clock.now)
        }
      }
    }
  }
}

function toPayload(value: unknown) {
  return payloads.toPayload(value)
}

function seedOf(count: number) {
  return { toBytes: () => [count, 7, 7, 7] }
}
