// One path through the world: a customer's operation, two workers, the host, the network, Temporal, and people who meddle. Everything that
// could go this way or that asks the path which way it goes.

import { asyncLocalStorage } from '@temporalio/activity'
import type { Client } from '@temporalio/client'
import { caller } from '../../src/backend/caller.ts'
import { type Activities, traitsTableOf } from '../../src/contract/activity.ts'
import type { Exchange } from '../../src/contract/backend.ts'
import type { Catalog } from '../../src/contract/catalog.ts'
import type { OperationStart, Resolution } from '../../src/contract/durable.ts'
import type { DomainEvent } from '../../src/contract/event.ts'
import type { OperationStore } from '../../src/contract/store.ts'
import { activitiesOf } from '../../src/durable/activities.ts'
import { endedRun } from '../../src/durable/sweep/ended-run.ts'
import { failure } from '../../src/error/failure.ts'
import { activityContext, infoOf, settled, taskOf } from './activity-context.ts'
import type { Token } from './attempts.ts'
import type { Kind, Path } from './choices.ts'
import { clientOf } from './client.ts'
import { Clock } from './clock.ts'
import { callFates, deduplicatedFates, type Fate, inquiryFates, isResidual, whens } from './fates.ts'
import type { PendingActivity, Run } from './history.ts'
import { type Entry, Host, type HostOptions, type Posting, packed } from './host.ts'
import { isParked, toldOf, untruth, type Violation } from './invariants.ts'
import { meddle } from './meddling.ts'
import { referenceOf } from './references.ts'
import type { Sandbox } from './sandbox.ts'
import type { Switches } from './switches.ts'
import { SimulatedTemporal } from './temporal.ts'
import { useTimeOf } from './time.ts'
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
const horizonMs = 12 * 60_000
/** The longest pause that is reckoned with. */
export const lateMs = 120_000
/**
 * So long nothing has changed while everything is parked: what is late has come by then, the sweep has been there, and the core was asked
 * again. If it never fell silent, every later question is the same question with the same answer.
 */
const restMs = lateMs + 5000
/** How often the sweep comes. */
const sweepMs = 60_000
/** More steps than any path may have. */
const mostSteps = 3000
export const workflowId = 'transferFunds-v1-0123456789abcdef0123456789abcdef'

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
  /** Reference → how many entries the core had when it last answered an inquiry. */
  readonly #shown = new Map<string, number>()
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
  /** Of whom gave a flow up: the references of what they were told is not in effect. */
  readonly left = new Set<string>()
  cancelledAt: number | undefined
  terminatedAt: number | undefined
  /** Decisions that people have taken or tried. */
  decisions = 0
  endless = false
  /** Decisions that were offered: each once for what the host holds, and whether it answers. */
  readonly decidable = new Set<string>()
  /** The state that was last offered to meddlers. */
  offered = -1
  /** What has not changed since when. */
  #still = { what: '', since: 0 }
  readonly #activities: Activities
  readonly #transport: Transport
  readonly #client: Client

  constructor(parts: WorldParts) {
    this.parts = parts
    useTimeOf(this.clock, begin)
    const { scenario, switches, builds, catalog } = parts
    this.host = new Host(scenario.host)
    const note = (line: string) => this.note(line)
    this.temporal = new SimulatedTemporal({
      clock: this.clock,
      builds,
      identity: switches.identity,
      idle: switches.late ? [] : ['watch'],
      note,
      perform: (run, activity, token) => this.#perform(run, activity, token),
    })
    this.#client = clientOf(this.temporal)
    this.#transport = new Transport({
      clock: this.clock,
      host: this.host,
      switches,
      note,
      lateMs,
      quiescenceMs: 1000,
      fateOf: (exchange) => this.#fateOf(exchange),
      written: (exchange) => this.#written(exchange),
      asked: (reference) => {
        this.#open.delete(reference)
        this.#shown.set(reference, this.#held(reference))
      },
    })
    const backends = new Map([...catalog.adapters.keys()].map((name) => [name, this.#transport]))
    this.#activities = activitiesOf({
      caller: caller(catalog, backends),
      publisher: this.#publisher(),
      store: storeOf((reason) => this.#attend(reason)),
      transactions: traitsTableOf([...catalog.adapters].map(([name, { definition }]) => [name, definition])),
    })
  }

  /** Starts a repair of a run that was ended by force, as the sweep of every minute does. */
  #sweep(run: Run): void {
    if (!this.parts.switches.sweep) return
    this.clock.plan(sweepMs, 'sweep', () => {
      if (this.operation !== run) return
      endedRun(this.#client, run).then(({ workflowType: type, start }) => {
        this.note(`the sweep finds ${run.runId}, and starts its repair`)
        const attributes = { MainspanState: 'running' }
        this.temporal.start({ workflowId, type, input: [start], build: run.build, attributes })
      })
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
    if (this.parts.scenario.forgotten) this.host.remember(postingsOf(this.parts.scenario))
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
      if (this.#isAtRest()) break
      if (steps > mostSteps) {
        this.endless = true
        break
      }
    }
  }

  #isAtRest(): boolean {
    if (this.#transport.wasSilent || this.temporal.runs.some((run) => run.state === 'running' && !isParked(run)))
      return false
    const { entries } = this.host
    const reasons = this.temporal.runs.map(({ state, attributes }) => `${state} ${attributes.get('MainspanParkedAt')}`)
    const still = `${entries.length} ${this.sent} ${this.events.length} ${this.decisions} ${reasons.join()}`
    if (still !== this.#still.what) this.#still = { what: still, since: this.clock.now }
    return this.clock.now - this.#still.since > restMs
  }

  /** Whether the core answers inquiries now. */
  get answers(): boolean {
    return this.#transport.answers
  }

  cancel(run: Run): void {
    this.cancelledAt ??= this.clock.now
    this.temporal.cancel(run)
  }

  terminate(run: Run): void {
    this.terminatedAt ??= this.clock.now
    this.temporal.terminate(run)
    this.#sweep(run)
  }

  /** The new run knows nothing of a cancellation that came later than where it begins: the server takes none over. */
  reset(run: Run, task: number): void {
    const { cancelled } = this.temporal.reset(run, task)
    if (!cancelled) this.cancelledAt = undefined
    // What was given up goes on.
    this.left.clear()
  }

  /** How many entries of this operation the core has under the reference. */
  #held(reference: string): number {
    const isOurs = (entry: Entry) => entry.reference === reference && this.parts.scenario.forgotten !== 'other'
    return this.host.entries.filter(isOurs).length
  }

  /**
   * A decision was taken; the words of its answer name the reference. `disturbed`: something went wrong meanwhile. What the core came to
   * hold after it had answered is the late look's to find.
   */
  decided({ action }: Resolution, words: string, reason: unknown, disturbed: boolean): void {
    const reference = /\(([A-Z2-7]{16})\)/.exec(words)?.[1] ?? ''
    const isWrong = (times: number) =>
      (action === 'confirm-applied' && times === 0) || (action === 'confirm-not-applied' && times > 0)
    const held = this.#held(reference)
    // Who ends a flow over what they were told to be something else has seen it.
    this.attention ||= action === 'abandon' && words.includes('something else')
    if (action === 'abandon' && (reason === 'ended-by-force' || words.includes('was not applied')))
      this.left.add(reference)
    this.misled ||= isWrong(held)
    if (!disturbed && isWrong(this.#shown.get(reference) ?? held))
      this.violations.push({
        promise: 'word',
        what: `${action} was taken for ${reference}, and the core says otherwise`,
      })
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
      if (what !== undefined && !this.residual && !this.misled) this.violations.push({ promise: 'true', what })
    }
  }

  /** The first byte of a call leaves. Reads and inquiries may be repeated as often as one likes. */
  #written({ target, correlation }: Exchange): void {
    if (target === 'FNDENT' || target === 'INQACC') return
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
  #perform(run: Run, activity: PendingActivity, token: Token): Promise<unknown> {
    const { withheld, asking } = this.parts.switches
    const { type, firstScheduledAt, scheduleToClose } = activity
    const task = taskOf(activity)
    const call = type === 'call' ? (task as { call: { reference: string } }).call : undefined
    if (call) this.#scheduled.set(call.reference, firstScheduledAt)
    // As if each attempt were the first of all, and the flow had begun in this run.
    if (!withheld && task) task.absenceProvenInRun = run.runId
    const asFirst = withheld ? {} : { attempt: 1, currentAttemptScheduledTimestampMs: firstScheduledAt }
    // As if the flow took decisions without asking: this question alone gets no answer.
    if (!asking && type === 'inquire' && scheduleToClose > 0) return new Promise(() => undefined)
    const context = activityContext({ ...infoOf(run, activity, token), ...asFirst }, this.#client)
    const carryOut = this.#activities[type as keyof Activities] as (task: unknown) => Promise<unknown>
    return asyncLocalStorage.run(context, async () => {
      if (call) await this.#standsStill(call.reference)
      const answer = (await carryOut(task)) as { readonly outcome?: string } | undefined
      // The core has said no: that is as good as "absent".
      if (call && answer?.outcome === 'rejected') this.#open.delete(call.reference)
      return answer
    })
  }

  /** A worker that has been handed a call may stand still before it begins with it. */
  async #standsStill(correlation: string): Promise<void> {
    const { path } = this.parts
    const when = path.may('fault') ? whens[path.choose(`start of ${correlation}`, kinds.slice(0, 5)) - 1] : undefined
    if (when === undefined) return
    this.note(`${correlation}: the worker has the task and stands still, until ${when}`)
    await this.#transport.until(when, { correlation, deadlineMs: 2000 })
  }

  #attend(reason: string | undefined): void {
    if (reason !== undefined) this.attention = true
    this.note(`the operation's page says: ${reason ?? 'settled'}`)
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

const kinds = Array.from({ length: 100 }, (_, at): Kind => (at === 0 ? 'free' : 'fault'))

function kindsOf(menu: readonly Fate[]): readonly Kind[] {
  return kinds.slice(0, menu.length)
}

/** What the host holds of a request that came long ago under the same key: the same, or one over another amount. */
function postingsOf({ start, forgotten }: Scenario): readonly Posting[] {
  const { from, to, amount } = start.input
  const held = forgotten === 'same' ? String(amount) : '99.00'
  return [
    { reference: referenceOf(workflowId, 1), account: String(from), direction: 'D', amount: packed(held) },
    { reference: referenceOf(workflowId, 2), account: String(to), direction: 'C', amount: packed(held) },
  ]
}

/** Of the store the paths need one method. */
function storeOf(attend: (reason: string | undefined) => void): OperationStore {
  const store: Partial<OperationStore> = {
    attend: (_, reason) => Promise.resolve(attend(reason)),
  }
  return store as OperationStore
}
