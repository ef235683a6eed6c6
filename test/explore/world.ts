// One path through the world: a customer's operation, two workers, the host, the network, Temporal, and people who meddle. Everything that
// could go this way or that asks the path which way it goes.

import { asyncLocalStorage, Context } from '@temporalio/activity'
import { defaultPayloadConverter as payloads } from '@temporalio/common'
import { caller } from '../../src/backend/caller.ts'
import type { Activities } from '../../src/contract/activity.ts'
import type { Exchange } from '../../src/contract/backend.ts'
import type { Catalog } from '../../src/contract/catalog.ts'
import type { OperationStart, Resolution } from '../../src/contract/durable.ts'
import type { DomainEvent } from '../../src/contract/event.ts'
import { activitiesOf } from '../../src/durable/activities.ts'
import { failure } from '../../src/error/failure.ts'
import type { Kind, Path } from './choices.ts'
import { Clock } from './clock.ts'
import { callFates, deduplicatedFates, type Fate, inquiryFates, isResidual } from './fates.ts'
import type { PendingActivity, Run } from './history.ts'
import { Host, type HostOptions } from './host.ts'
import { toldOf, untruth, type Violation } from './invariants.ts'
import { meddle } from './meddling.ts'
import type { Sandbox } from './sandbox.ts'
import type { Switches } from './switches.ts'
import { SimulatedTemporal } from './temporal.ts'
import { Transport } from './transport.ts'

export interface Scenario {
  readonly name: string
  /** What the customer asks for. */
  readonly workflowType: string
  readonly start: OperationStart
  readonly host: HostOptions
  /** Entries that the host holds before: a key that Temporal has forgotten. `same`: of the same request. */
  readonly forgotten?: 'same' | 'other'
  /** Builds that may be put in the place of the first while the operation runs. */
  readonly changes: readonly string[]
}

export interface WorldParts {
  readonly scenario: Scenario
  readonly path: Path
  readonly catalog: Catalog
  readonly builds: ReadonlyMap<string, Sandbox>
  readonly switches: Switches
  /** Gets each step of the story; left out where nobody reads it. */
  readonly story?: (atMs: number, line: string) => void
}

export const begin = Date.UTC(2026, 0, 5, 10)
/** After the last fault everything has to have ended, or be parked, within this time. */
const horizonMs = 20 * 60_000
/** More steps than any path may have. */
const mostSteps = 3000
/** How often people decide on one path. */
const mostDecisions = 2
export const workflowId = 'transferFunds-v1-0123456789abcdef0123456789abcdef'
export const lateMs = 120_000

export class World {
  readonly clock = new Clock(begin)
  readonly host: Host
  readonly temporal: SimulatedTemporal
  readonly parts: WorldParts
  readonly events: DomainEvent[] = []
  /** What was broken on the way. */
  readonly violations: Violation[] = []
  /** How many calls were written to the network. */
  sent = 0
  /** References of calls that may have run since the core was last asked about them. */
  readonly #open = new Set<string>()
  readonly #ended = new Set<Run>()
  /** Reference → when the flow last asked for its call. */
  readonly #scheduled = new Map<string, number>()
  /** The operation's page has said that people have to look at it. */
  attention = false
  /** What made money move in a way that cannot be prevented, only seen. */
  residual = false
  /** A person's word was taken against what the host holds, and the host did not say so. */
  misled = false
  cancelledAt: number | undefined
  terminatedAt: number | undefined
  /** Decisions that people have taken or tried. */
  decisions = 0
  endless = false
  /** The state that was last offered to meddlers. */
  offered = -1
  readonly #activities: Activities

  constructor(parts: WorldParts) {
    this.parts = parts
    const { scenario, switches, builds, catalog } = parts
    this.host = new Host(scenario.host)
    const note = (line: string) => this.note(line)
    this.temporal = new SimulatedTemporal({
      clock: this.clock,
      builds,
      identity: switches.identity,
      idle: switches.late ? [] : ['watch'],
      note,
      perform: (run, activity) => this.#perform(run, activity),
    })
    const transport = new Transport({
      clock: this.clock,
      host: this.host,
      switches,
      note,
      lateMs,
      quiescenceMs: 1000,
      fateOf: (exchange) => this.#fateOf(exchange),
      written: (exchange) => this.#written(exchange),
      asked: (reference) => this.#open.delete(reference),
    })
    const backends = new Map([...catalog.adapters.keys()].map((name) => [name, transport]))
    const isHeld = async () => true
    this.#activities = activitiesOf({
      caller: caller(catalog, backends),
      publisher: this.#publisher(),
      store: unseen,
      isHeld,
    })
  }

  note(line: string): void {
    this.parts.story?.(this.clock.now - begin, line)
  }

  /** The run that the operation's id leads to. */
  get operation(): Run {
    const run = this.temporal.latest(workflowId)
    if (!run) throw new Error('the operation has not begun')
    return run
  }

  /** Runs until nothing is left to happen. */
  async run(): Promise<void> {
    const { workflowType, start } = this.parts.scenario
    this.note(`a customer asks for ${workflowType}`)
    this.temporal.start({
      workflowId,
      type: workflowType,
      input: [start],
      build: 'shipped',
      attributes: { MainspanState: 'running' },
    })
    for (let steps = 0; ; steps++) {
      meddle(this)
      if (!this.clock.step(begin + horizonMs)) break
      await settled()
      this.#hear()
      if (steps > mostSteps) {
        this.endless = true
        break
      }
    }
  }

  get mayDecide(): boolean {
    return this.decisions < mostDecisions
  }

  cancel(run: Run): void {
    this.cancelledAt ??= this.clock.now
    this.temporal.cancel(run)
  }

  terminate(run: Run): void {
    this.terminatedAt ??= this.clock.now
    this.temporal.terminate(run)
  }

  /** The new run knows nothing of a cancellation that came later than where it begins: the server takes none over. */
  reset(run: Run, task: number): void {
    const { cancelled } = this.temporal.reset(run, task)
    if (!cancelled) this.cancelledAt = undefined
  }

  /** A person's word that the host's journal contradicts. */
  decided(run: Run, { action }: Resolution, taken: boolean): void {
    if (!taken || run.workflowId !== workflowId) return
    if (action === 'confirm-applied' || action === 'confirm-not-applied' || action === 'reverse') this.misled = true
  }

  /** Changes whenever anything that a meddler could meet differently has changed. */
  get version(): number {
    let version = this.host.entries.length + this.sent + this.events.length
    for (const run of this.temporal.runs) version += run.version
    return version
  }

  /** The customer hears how a run has ended, and what stands at that moment is what is told. */
  #hear(): void {
    for (const run of this.temporal.runs) {
      if (run.state === 'running' || run.workflowId !== workflowId || this.#ended.has(run)) continue
      this.#ended.add(run)
      const told = toldOf(run)
      this.note(`${run.runId} ends: ${told}`)
      const what = run === this.operation ? untruth(this, told) : undefined
      if (what !== undefined && !this.misled && !this.residual) this.violations.push({ promise: 'true', what })
    }
  }

  /** The first byte of a call leaves. */
  #written({ target, correlation }: Exchange): void {
    if (target === 'FNDENT') return
    this.sent++
    if (this.#open.has(correlation) && !this.residual)
      this.violations.push({ promise: 'blind', what: `${correlation} was sent again, and the core was not asked` })
    this.#open.add(correlation)
    const { cancelledAt, decisions } = this
    const scheduledAt = this.#scheduled.get(correlation) ?? 0
    if (target === 'POSTENT' && cancelledAt !== undefined && scheduledAt > cancelledAt && decisions === 0)
      this.violations.push({ promise: 'still', what: `${correlation} was sent after the cancellation` })
  }

  #fateOf(exchange: Exchange): Fate {
    const { path, scenario } = this.parts
    const isInquiry = exchange.target === 'FNDENT'
    if (!path.may('fault')) return { is: 'well' }
    const menu = isInquiry
      ? inquiryFates
      : scenario.host.deduplicates
        ? [...callFates, ...deduplicatedFates]
        : callFates
    const fate = menu[path.choose(`${exchange.target} ${exchange.correlation}`, kindsOf(menu))] ?? { is: 'well' }
    if (!isInquiry && isResidual(fate)) this.residual = true
    return fate
  }

  /** An activity on some worker, as the SDK's worker runs it. */
  #perform(run: Run, activity: PendingActivity): Promise<unknown> {
    const { type, command, attempt, firstScheduledAt, scheduledAt, id } = activity
    const args = (command.scheduleActivity ?? command.scheduleLocalActivity)?.arguments ?? []
    const [task] = args.map((payload) => payloads.fromPayload<Record<string, unknown>>(payload))
    if (!this.parts.switches.withheld && task && type === 'call') task.grounds = run.runId
    const { call } = (task ?? {}) as { call?: { reference: string } }
    if (type === 'call' && call) this.#scheduled.set(call.reference, firstScheduledAt)
    if (type === 'attend' && task?.reason !== undefined) {
      this.attention = true
      this.note(`the operation's page says: ${task.reason}`)
    }
    const isFirst = !this.parts.switches.withheld
    const info = {
      activityId: id,
      activityType: type,
      attempt: isFirst ? 1 : attempt,
      scheduledTimestampMs: firstScheduledAt,
      currentAttemptScheduledTimestampMs: isFirst ? firstScheduledAt : scheduledAt,
      workflowExecution: { workflowId: run.workflowId, runId: run.runId },
    }
    const carryOut = this.#activities[type as keyof Activities] as (task: unknown) => Promise<unknown>
    return asyncLocalStorage.run(contextOf(info), () => carryOut(task))
  }

  #publisher() {
    return {
      publish: async (event: DomainEvent) => {
        const { path } = this.parts
        const fate = path.may('fault') ? path.choose(`event ${event.name}`, kinds.slice(0, 4)) : 0
        if (fate !== 1) this.events.push(event)
        if (fate === 0) return this.note(`the broker holds the event ${event.name}`)
        this.note(
          `event ${event.name}: ${['', 'the broker is away', 'held, and its confirmation is lost', 'held, and the worker is killed'][fate]}`,
        )
        if (fate === 3) await new Promise(() => undefined)
        throw failure('CORE_UNREACHABLE', { adapter: 'broker' })
      },
      reply: async () => undefined,
    }
  }
}

/** Attention and sweeps are looked at elsewhere. */
const unseen = { attend: async () => undefined, begun: async () => [], ended: async () => undefined }

const kinds = Array.from({ length: 100 }, (_, at): Kind => (at === 0 ? 'free' : 'fault'))

function kindsOf(menu: readonly Fate[]): readonly Kind[] {
  return kinds.slice(0, menu.length)
}

const never = new Promise<never>(() => undefined)
const quiet = new AbortController().signal

function contextOf(info: object): Context {
  const nothing = () => undefined
  return new Context(
    info as Context['info'],
    never,
    quiet,
    nothing,
    undefined,
    {} as Context['log'],
    {} as Context['metricMeter'],
    {},
  )
}

/** Lets everything run that waits for nothing. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

export type { Resolution }
