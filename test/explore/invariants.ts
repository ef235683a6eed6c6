// What must hold on every path: the promises of docs/doubt.md, held against the host's journal.

import type { OperationResult } from '../../src/contract/durable.ts'
import type { Run } from './history.ts'
import { type Entry, packed } from './host.ts'
import type { World } from './world.ts'

/** The promises, by name, as the table counts them. */
export const promises = {
  once: 'no call takes effect twice unseen',
  true: 'what the caller is told is true',
  event: 'an event is published if and only if what it says has happened',
  end: 'every operation ends or is parked, in bounded time',
  blind: 'nothing that may have run is sent again before the core has said "absent"',
  left: 'who gives a flow up learns of what takes effect afterwards',
  word: 'no decision is taken that the core contradicts',
  still: 'a cancelled flow and a repair send nothing without a decision',
} as const

export type Promised = keyof typeof promises

export interface Violation {
  readonly promise: Promised
  readonly what: string
}

/** What the customer is told of an operation that has ended. */
export type Told = 'completed' | 'without effect' | 'abandoned' | 'being looked into'

export function toldOf({ state, result }: Run): Told | undefined {
  if (state === 'running') return undefined
  if (state === 'terminated') return 'being looked into'
  const ended = result as OperationResult | undefined
  if (state !== 'completed') return 'without effect'
  return ended?.state === 'completed' || ended?.state === 'abandoned' ? ended.state : 'without effect'
}

/** The two postings that the customer asked for, as far as they stand. */
function standing(world: World): { readonly debits: readonly Entry[]; readonly credits: readonly Entry[] } {
  const { from, to, amount } = world.parts.scenario.start.input
  const stands = world.host.standing().filter((entry) => entry.amount === packed(String(amount)))
  return {
    debits: stands.filter(({ account, direction }) => account === from && direction === 'D'),
    credits: stands.filter(({ account, direction }) => account === to && direction === 'C'),
  }
}

/** Why what is told is not what stands; undefined when it is. */
export function untruth(world: World, told: Told | undefined): string | undefined {
  const { debits, credits } = standing(world)
  const ours = [...debits, ...credits].filter(({ forgotten }) => !forgotten)
  const stands = `${debits.length} debits and ${credits.length} credits stand`
  if (told === 'completed' && (debits.length !== 1 || credits.length !== 1)) return `told completed, and ${stands}`
  // What an earlier operation left under the same references is not of this one.
  if (told === 'without effect' && ours.length > 0) return `told that nothing stands, and ${stands}`
  return undefined
}

/** Whether people see that something is wrong: a run is parked for it, or the operation's page says so. */
function isSeen(world: World): boolean {
  return world.attention || world.temporal.runs.some(isParked)
}

/** Whether a run waits for a person, who finds it by its search attributes. */
export function isParked({ state, attributes }: Run): boolean {
  return state === 'running' && attributes.get('MainspanState') === 'parked'
}

export function violationsOf(world: World): Violation[] {
  return [...world.violations, ...once(world), ...truth(world), ...events(world), ...end(world), ...left(world)]
}

function once(world: World): Violation[] {
  const references = new Set(world.host.entries.map(({ reference }) => reference))
  const doubled = [...references].filter((reference) => world.host.times(reference) > 1)
  return doubled.flatMap((reference): Violation[] => {
    const what = `${reference} took effect ${world.host.times(reference)} times`
    if (!world.residual) return [{ promise: 'once', what: `${what}, and nothing happened that could not be prevented` }]
    return isSeen(world) ? [] : [{ promise: 'once', what: `${what}, and nobody sees it` }]
  })
}

/** At the end; `World` looks at each end of a run as well, at that moment. */
function truth(world: World): Violation[] {
  const run = world.operation
  if (world.violations.some(({ promise }) => promise === 'true')) return []
  const told = toldOf(run)
  const { debits, credits } = standing(world)
  if (told === 'being looked into' && debits.length + credits.length > 0)
    return [{ promise: 'true', what: 'it was ended by force, something stands, and nobody looks into it' }]
  const what = untruth(world, told)
  return what === undefined || isSeen(world) ? [] : [{ promise: 'true', what: `${what}, and nobody sees it` }]
}

function events(world: World): Violation[] {
  const ids = new Set(world.events.filter(({ name }) => name === 'funds-transferred').map(({ id }) => id))
  const told = toldOf(world.operation)
  if (ids.size > 1) return [{ promise: 'event', what: 'one event under two ids' }]
  if (told === 'completed' && ids.size === 0) return [{ promise: 'event', what: 'completed without its event' }]
  const isTakenBack = world.events.some(({ name }) => name === 'effect-corrected')
  if (told === 'without effect' && ids.size > 0 && !isTakenBack && !isSeen(world))
    return [{ promise: 'event', what: 'an event of what does not stand' }]
  return []
}

function end(world: World): Violation[] {
  const run = world.operation
  if (world.endless) return [{ promise: 'end', what: 'it never comes to rest' }]
  if (run.state !== 'running' || isParked(run)) return []
  if (run.stuck !== undefined && run.build !== 'shipped') return []
  return [{ promise: 'end', what: `it neither ends nor is parked${run.stuck ? `: ${run.stuck}` : ''}` }]
}

function left(world: World): Violation[] {
  const isOurs = ({ reference, forgotten }: Entry) => world.left.has(reference) && !forgotten
  const came = new Set(world.host.entries.filter(isOurs).map(({ reference }) => reference))
  if (isSeen(world)) return []
  return [...came].map((reference) => ({
    promise: 'left',
    what: `${reference} was given up as absent, and nobody sees it`,
  }))
}
