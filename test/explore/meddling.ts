// What people do to an operation while it runs: cancel, terminate, reset, start an activity again, put other code in, decide. Offered
// whenever something has changed since it was last offered: in between it would meet the same state and give the same path.

import type { Resolution } from '../../src/contract/durable.ts'
import type { Kind } from './choices.ts'
import { type Run, taskStarts } from './history.ts'
import type { World } from './world.ts'

interface Way {
  readonly what: string
  readonly kind: Kind
  readonly run: () => void
}

const nothing: Way = { what: '', kind: 'free', run: () => undefined }
/** A person reads the runbook before deciding: a short silence of the core is over then, and the flow has not yet asked again by itself. */
const decideMs = 18_000
/** An operator sees that a task fails, and puts the code of before back. */
const putBackMs = 60_000

/** Perhaps something is done now. */
export function meddle(world: World): void {
  const { path } = world.parts
  const { version } = world
  if (version === world.offered) return
  world.offered = version
  if (path.may('deed')) take(world, 'meddling', deedsOn(world, world.operation))
  for (const run of world.temporal.runs) {
    if (path.may('decision') && waitsForDecision(run) && isNew(world, run))
      take(world, 'decision', decisionsOn(world, run))
  }
}

function take(world: World, point: string, ways: readonly Way[]): void {
  const all = [nothing, ...ways]
  const kinds = all.map(({ kind }) => kind)
  const taken = all[world.parts.path.choose(point, kinds)] ?? nothing
  if (taken === nothing) return
  world.note(taken.what)
  taken.run()
}

function deed(what: string, run: () => void): Way {
  return { what, kind: 'deed', run }
}

function deedsOn(world: World, run: Run): Way[] {
  const { temporal, parts } = world
  if (run.state === 'terminated') return []
  const resets = taskStarts(run.history).map((_, task) =>
    deed(`an operator resets ${run.runId} to its workflow task ${task + 1}`, () => world.reset(run, task)),
  )
  if (run.state !== 'running') return resets
  const changes = run.build === 'shipped' ? parts.scenario.changes : []
  const again = [...run.activities.values()].filter(
    ({ isLocal, running, maximumAttempts }) => !isLocal && running && maximumAttempts === 1,
  )
  return [
    ...(run.cancelled ? [] : [deed(`somebody cancels ${run.runId}`, () => world.cancel(run))]),
    deed(`somebody terminates ${run.runId}`, () => world.terminate(run)),
    ...resets,
    ...changes.map((build) =>
      deed(`the flow is changed under ${run.runId}: ${build}`, () => change(world, run, build)),
    ),
    ...again.map((activity) =>
      deed(`an operator starts ${activity.type} ${activity.id} again by hand`, () =>
        temporal.attempts.again(run, activity),
      ),
    ),
    deed(`${run.runId} moves to another worker`, () => temporal.forget(run)),
  ]
}

/** Other code, and after a minute the code of before again, as an operator does who reads the error. */
function change(world: World, run: Run, build: string): void {
  world.temporal.rebuild(run, build)
  world.clock.plan(putBackMs, 'the code of before', () => {
    const latest = world.operation
    if (latest.build !== build || latest.stuck === undefined) return
    world.note('the code of before is put back')
    world.temporal.rebuild(latest, 'shipped')
  })
}

/**
 * A person may decide at any moment while it is parked. The flow meets the same state at all of them, unless the host has booked something
 * or has fallen silent or begun to answer in between: once for each of these is all that there is.
 */
function isNew(world: World, run: Run): boolean {
  const { attributes, runId, state } = run
  const key = `${runId} ${attributes.get('MainspanParkedAt')} ${attributes.get('MainspanReason')} ${world.host.entries.length} ${world.answers} ${state}`
  if (world.decidable.has(key)) return false
  world.decidable.add(key)
  return true
}

/** Parked, and nothing is on its way that would be decided over. */
function waitsForDecision({ state, attributes, news, updates, sent }: Run): boolean {
  const isParked = state === 'running' && attributes.get('MainspanState') === 'parked'
  return isParked && news.length === 0 && updates.size === 0 && sent.length === 0
}

const reply = { entryNumber: '1', balance: '0.00' }
const resolutions: readonly Pick<Resolution, 'action' | 'reply'>[] = [
  { action: 'retry' },
  { action: 'confirm-applied', reply },
  { action: 'confirm-applied', reply: {} },
  { action: 'confirm-not-applied' },
  { action: 'reverse' },
  { action: 'abandon' },
]

function decisionsOn(world: World, run: Run): Way[] {
  return resolutions.map((resolution) => {
    const emptily = resolution.reply && resolution.reply !== reply ? ' with an empty reply' : ''
    const what = `an operator decides on ${run.runId}: ${resolution.action}${emptily}`
    return { what, kind: 'decision', run: () => decide(world, run, { ...resolution, by: 'ops', note: 'explored' }) }
  })
}

function decide(world: World, run: Run, resolution: Resolution): void {
  world.decisions++
  world.clock.plan(decideMs, `decision ${resolution.action}`, () => {
    if (run.state !== 'running') return
    const { spent } = world.parts.path
    const { answers } = world
    const reason = run.attributes.get('MainspanReason')
    world.temporal.resolve(run, resolution, ({ taken, words }) => {
      if (taken) world.decided(resolution, words, reason, !answers || world.parts.path.spent > spent)
      world.note(`the decision is ${taken ? 'taken' : 'refused'}: ${words}`)
    })
  })
}
