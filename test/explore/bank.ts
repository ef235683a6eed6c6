// What all paths share: the catalog of the project and the bundles of its flows, as the product makes them.

import { fileURLToPath } from 'node:url'
import { loadCatalog } from '../../src/catalog/load.ts'
import type { Catalog } from '../../src/contract/catalog.ts'
import { flowContract, type OperationStart, type Patience } from '../../src/contract/durable.ts'
import { flowBundle } from '../../src/durable/bundle.ts'
import { Sandbox } from './sandbox.ts'
import { begin, lateMs, type Scenario } from './world.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

export async function catalogOfBank(): Promise<Catalog> {
  const { adapters, ...rest } = await loadCatalog(root)
  return { ...rest, adapters: new Map([...adapters].filter(([name]) => name === 'deposits')) }
}

/** Build → file of the flow `transferFunds`. */
const files: Readonly<Record<string, string>> = {
  shipped: 'workflows/transfer-funds.ts',
  'a read before the debit': 'test/explore/flows/read-first.ts',
  'another debit first': 'test/explore/flows/fee-first.ts',
}

export async function buildsOf(adapters: Catalog['adapters']): Promise<ReadonlyMap<string, Sandbox>> {
  const builds = new Map<string, Sandbox>()
  for (const [build, file] of Object.entries(files)) {
    const flows = new Map([
      ['transferFunds', `${root}${file}`],
      ['watch', `${root}src/flow/late-look.ts`],
    ])
    builds.set(build, new Sandbox(await flowBundle({ adapters, flows })))
  }
  return builds
}

const patience: Patience = {
  unsentMs: 30_000,
  pauseMs: 500,
  pauseMaxMs: 30_000,
  inquiries: 2,
  resends: 2,
  marginMs: 10_000,
  lateMs,
  resendWithinMs: 600_000,
  askAgainMs: 30_000,
  askAgainMaxMs: 600_000,
}

const start: OperationStart = {
  contract: flowContract,
  requestedAt: new Date(begin).toISOString(),
  operation: 'transferFunds',
  version: 1,
  input: { from: '1000000001', to: '1000000002', amount: '12.50', currency: 'EUR', text: 'RENT' },
  client: 'explorer',
  door: 'rest',
  patience,
}

const common = { workflowType: 'transferFunds', start, changes: [] }

export const scenarios: readonly Scenario[] = [
  { ...common, name: 'transfer', host: { deduplicates: false }, changes: Object.keys(files).slice(1) },
  { ...common, name: 'transfer to a blocked account', host: { deduplicates: false, blocked: ['1000000002'] } },
  { ...common, name: 'transfer, core deduplicates', host: { deduplicates: true } },
]
