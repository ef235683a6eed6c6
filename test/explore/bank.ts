// What all paths share: the catalog of the project, the bundles of its flows as the product makes them, and in the place of a remedy that
// is switched off another part.

import { fileURLToPath } from 'node:url'
import { loadCatalog } from '../../src/catalog/load.ts'
import type { Wire } from '../../src/contract/backend.ts'
import type { ResolvedAdapter, ResolvedTransaction } from '../../src/contract/catalog.ts'
import { applied, rejected } from '../../src/contract/outcome.ts'
import { flowBundle } from '../../src/durable/bundle.ts'
import { isFailure } from '../../src/error/failure.ts'
import type { Bank } from './explorer.ts'
import { programs, text } from './host.ts'
import { Sandbox } from './sandbox.ts'
import { flowFiles } from './scenarios.ts'
import type { Switches } from './switches.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Gives the bank with these remedies; what is made for one is kept for the next. */
export async function bankOf(): Promise<(switches: Switches) => Promise<Bank>> {
  const whole = await loadCatalog(root)
  const deposits = whole.adapters.get('deposits')
  if (!deposits) throw new Error('no adapter deposits')
  const builds = new Map<string, Promise<Bank['builds']>>()
  return async (switches) => {
    const adapter = adapterWith(deposits, switches)
    const key = String(switches.quiescence)
    const made = builds.get(key) ?? buildsOf(deposits, switches.quiescence)
    builds.set(key, made)
    return { catalog: { ...whole, adapters: new Map([['deposits', adapter]]) }, builds: await made, switches }
  }
}

/** One sandbox for each build of the flow. Without quiescence the adapter in the bundle promises that the core is done at its deadline. */
async function buildsOf(deposits: ResolvedAdapter, quiescence: boolean): Promise<Bank['builds']> {
  const builds = new Map<string, Sandbox>()
  for (const [build, file] of Object.entries(flowFiles)) {
    const flows = new Map([['transferFunds', `${root}${file}`]])
    const code = await flowBundle({ adapters: new Map([['deposits', deposits]]), flows, root })
    builds.set(
      build,
      new Sandbox(quiescence ? code : code.replaceAll(/quiescenceMs:\s*1e3|quiescenceMs:\s*1000/g, 'quiescenceMs:0')),
    )
  }
  return builds
}

function adapterWith(adapter: ResolvedAdapter, switches: Switches): ResolvedAdapter {
  const transactions = [...adapter.transactions].map(([name, one]): [string, ResolvedTransaction] => [
    name,
    { ...one, wire: wireWith(one.wire, switches) },
  ])
  return { ...adapter, transactions: new Map(transactions) }
}

/** Reads replies as a wire does that knows less. */
function wireWith(wire: Wire, { echo, whole, duplicate }: Switches): Wire {
  return {
    ...wire,
    read: (reply, sent) => {
      const read = () => wire.read(reply, echo ? sent : undefined)
      const found = whole ? read() : orRefusal(wire.target, reply, read)
      return !duplicate && found.verdict.verdict === 'duplicate' ? { ...found, verdict: applied } : found
    },
  }
}

/** What the status says, whatever stands behind it. */
function orRefusal(target: string, reply: Uint8Array, read: () => ReturnType<Wire['read']>): ReturnType<Wire['read']> {
  try {
    return read()
  } catch (error) {
    const { reply: at = 0 } = programs[target] ?? {}
    if (!isFailure(error) || text(reply, at, 2) !== 'NF') throw error
    const reason = target === 'FNDENT' ? 'entry-not-found' : 'account-not-found'
    return { body: {}, verdict: rejected(reason, 'not-found') }
  }
}
