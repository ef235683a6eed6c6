// What is explored: operations over hosts of several kinds, and for each how many faults and deeds a path may hold.

import { flowContract, type OperationStart, type Patience } from '../../src/contract/durable.ts'
import type { Budget } from './choices.ts'
import type { Switches } from './switches.ts'
import { begin, lateMs, type Scenario } from './world.ts'

/** Two questions and two further attempts: enough for each loop of the flow to go round once and to end. */
const patience: Patience = {
  unsentMs: 2000,
  pauseMs: 500,
  pauseMaxMs: 30_000,
  inquiries: 2,
  resends: 2,
  marginMs: 10_000,
  lateMs,
  resendWithinMs: 300_000,
  askAgainMs: 30_000,
  askAgainMaxMs: 600_000,
}

const start: OperationStart = {
  contract: flowContract,
  requestedAt: new Date(begin).toISOString(),
  salt: 'pinch',
  operation: 'transferFunds',
  version: 1,
  input: { from: '1000000001', to: '1000000002', amount: '12.50', currency: 'EUR', text: 'RENT' },
  client: 'explorer',
  door: 'rest',
  patience,
}

/** Builds of the flow by name; the first is what runs begin with. */
export const flowFiles: Readonly<Record<string, string>> = {
  shipped: 'workflows/transfer-funds.ts',
  'a read before the debit': 'test/explore/flows/read-first.ts',
  'another debit before the debit': 'test/explore/flows/fee-first.ts',
  'another event before the event': 'test/explore/flows/event-first.ts',
}

const common = { workflowType: 'transferFunds', start, changes: [] }
const plain = { deduplicates: false }

export const scenarios: readonly Scenario[] = [
  { ...common, name: 'transfer', host: plain, changes: Object.keys(flowFiles).slice(1) },
  { ...common, name: 'transfer to a blocked account', host: { ...plain, blocked: ['1000000002'] } },
  { ...common, name: 'transfer over a core that knows its references', host: { deduplicates: true } },
  {
    ...common,
    name: 'transfer under a key that Temporal has forgotten, same request',
    host: { deduplicates: true },
    forgotten: 'same',
  },
  {
    ...common,
    name: 'transfer under a key that Temporal has forgotten, other request',
    host: { deduplicates: true },
    forgotten: 'other',
  },
]

/** All paths of a scenario that keep to one of the budgets, each once. */
export interface Round {
  readonly scenario: string
  readonly budgets: readonly Budget[]
}

/** Two faults and a decision; a fault, a deed and a decision; deeds with two decisions. */
const everywhere: readonly Budget[] = [
  { fault: 2, deed: 0, decision: 1 },
  { fault: 1, deed: 1, decision: 1 },
  { fault: 0, deed: 1, decision: 2 },
]

/** Where three faults make most new paths. */
const deep = new Set(['transfer', 'transfer over a core that knows its references'])

/** The whole search. Deeper rounds are a matter of `--only`. */
export const rounds: readonly Round[] = scenarios.map(({ name: scenario }) => ({
  scenario,
  budgets: deep.has(scenario) ? [...everywhere, { fault: 3, deed: 0, decision: 0 }] : everywhere,
}))

/** Where a remedy that is off shows: searched with one fault or deed first, then with two. */
export const hunts: Readonly<Record<keyof Switches, readonly Round[]>> = {
  identity: hunt('transfer', { fault: 0, deed: 1, decision: 0 }),
  look: hunt('transfer', { fault: 1, deed: 0, decision: 0 }),
  late: hunt('transfer', { fault: 1, deed: 0, decision: 0 }),
  reset: hunt('transfer', { fault: 1, deed: 0, decision: 0 }),
  quiescence: hunt('transfer', { fault: 1, deed: 0, decision: 0 }),
  duplicate: hunt('transfer under a key that Temporal has forgotten, other request', {
    fault: 0,
    deed: 0,
    decision: 0,
  }),
  echo: hunt('transfer', { fault: 1, deed: 0, decision: 0 }),
  whole: hunt('transfer', { fault: 1, deed: 0, decision: 0 }),
  sweep: hunt('transfer', { fault: 0, deed: 1, decision: 0 }),
  asking: hunt('transfer', { fault: 2, deed: 0, decision: 1 }),
  withheld: hunt('transfer', { fault: 0, deed: 1, decision: 0 }),
}

function hunt(scenario: string, budget: Budget): Round[] {
  return [{ scenario, budgets: [budget] }]
}
