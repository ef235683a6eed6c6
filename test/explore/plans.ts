// Paths that can be staged on a real server as well: what the scripted core does, and what people do whenever the operation has come to
// rest. Drawn by a small generator of numbers, so that they are the same each time.

import type { Call } from '../../src/contract/call.ts'
import type { Resolution } from '../../src/contract/durable.ts'
import type { Fault, InquiryFault, ScriptedCore } from '../support/scripted-core.ts'

export type PlannedDeed =
  | { readonly do: 'cancel' }
  | { readonly do: 'reset'; readonly to: number }
  | { readonly do: 'decide'; readonly action: Resolution['action'] }

export interface Plan {
  readonly debit: readonly Fault[]
  readonly credit: readonly Fault[]
  readonly undo: readonly Fault[]
  readonly inquiry: readonly InquiryFault[]
  readonly deeds: readonly PlannedDeed[]
}

const faults: readonly Fault[] = [
  { do: 'lose', booked: true },
  { do: 'lose', booked: false },
  { do: 'hang', booked: true },
  { do: 'hang', booked: false },
  { do: 'abend', booked: false },
  { do: 'refuse', reason: 'no' },
  { do: 'not-sent' },
  { do: 'crash' },
]
const actions: readonly Resolution['action'][] = [
  'retry',
  'confirm-applied',
  'confirm-not-applied',
  'reverse',
  'abandon',
]

/** So many plans, always the same. */
export function plans(count: number): readonly Plan[] {
  let state = 20_260_105
  // Lehmer's generator: its period is long enough for a few thousand draws.
  const below = (most: number) => {
    state = (state * 48_271) % 2_147_483_647
    return state % most
  }
  const some = <T>(most: number, draw: () => T) => Array.from({ length: below(most + 1) }, draw)
  const fault = () => faults[below(faults.length)] ?? { do: 'crash' }
  const deed = (): PlannedDeed => {
    const which = below(4)
    if (which === 0) return { do: 'cancel' }
    if (which === 1) return { do: 'reset', to: 1 + below(4) }
    return { do: 'decide', action: actions[below(actions.length)] ?? 'retry' }
  }
  return Array.from({ length: count }, () => ({
    debit: some(1, fault),
    credit: some(2, fault),
    undo: some(1, fault),
    inquiry: some(3, () => (below(4) === 0 ? 'ambiguous' : 'unclear')),
    deeds: some(2, deed),
  }))
}

/** The number of the plan that a call belongs to stands in its account: `D7`, `C7`. */
export function accountOf(call: Call): string {
  return String((call.reversing?.request ?? call.request).account)
}

/** Has the core do what the plans say. */
export function script(core: ScriptedCore, planOf: (number: number) => Plan | undefined): void {
  const of = (call: Call) => planOf(Number(accountOf(call).slice(1)))
  core.onCall = (call, nth) => {
    const plan = of(call)
    if (call.reversing) return plan?.undo[nth]
    return (call.request.direction === 'D' ? plan?.debit : plan?.credit)?.[nth]
  }
  core.onInquiry = (call, nth) => of(call)?.inquiry[nth]
}

/** What a person decides with. */
export function resolutionOf(action: Resolution['action']): Resolution {
  const reply = { entryNumber: '1', balance: '1.00' }
  return { action, by: 'ops', note: 'compared', ...(action === 'confirm-applied' && { reply }) }
}

export function orderOf(number: number) {
  return { from: `D${number}`, to: `C${number}`, amount: '1.00' }
}

/** A timer with a jittered pause is told without its length: the server seeds each run's random numbers anew. */
export function withoutJitter(command: string): string {
  return command.replace(/^(timer \d+) of (\d+) ms$/, (whole, timer: string, ms: string) =>
    Number(ms) > 100_000 ? `${timer} of a long pause` : whole,
  )
}
