// The express lane: a read that one transaction answers, without Temporal, bounded in calls at once and in time.
//
// A read changes nothing, so that doubt about it is no more than a reason to ask again. A caller that hangs up ends nothing: the call runs
// to its deadline and holds its place until then, so that hanging up and asking again cannot get past the limit.

import type { Caller } from '../contract/call.ts'
import type { ResolvedOperation, ResolvedTransaction } from '../contract/catalog.ts'
import type { JsonObject } from '../contract/json.ts'
import type { Outcome } from '../contract/outcome.ts'
import { failure } from '../error/failure.ts'

/** What was asked of the core, and how it ended. */
export interface ReadAnswer {
  readonly outcome: Outcome
  /** Under which reference the core was asked, and how long that took, in ms. */
  readonly reference: string
  readonly coreMs: number
}

/** Makes reads without Temporal, so many at once for each adapter. */
export interface ExpressLane {
  /** Makes the call. Throws DOOR_BUSY when too many calls to its adapter are under way. */
  read(transaction: ResolvedTransaction, input: JsonObject): Promise<ReadAnswer>
}

/** The transaction that answers a read by itself; undefined for an operation that needs a workflow. */
export function expressTransaction({ effect, transaction }: ResolvedOperation): ResolvedTransaction | undefined {
  return effect === 'read' && transaction?.definition.effect === 'read' ? transaction : undefined
}

/** `readsMax` reads at once for each adapter, so that a slow core does not stop the reads of another. */
export function expressLane(caller: Caller, readsMax: number): ExpressLane {
  const underWay = new Map<string, number>()
  return {
    async read({ adapter, name }, input) {
      const count = underWay.get(adapter) ?? 0
      if (count >= readsMax) throw failure('DOOR_BUSY', {})
      underWay.set(adapter, count + 1)
      const reference = newReference()
      const since = performance.now()
      try {
        const outcome = await caller.call({ adapter, transaction: name, request: input, reference })
        return { outcome, reference, coreMs: performance.now() - since }
      } finally {
        underWay.set(adapter, (underWay.get(adapter) ?? 1) - 1)
      }
    },
  }
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Random bytes are got many at once: getting them costs the same for 16 and for 4096. */
const pool = new Uint8Array(4096)
let taken = pool.length

/** 16 characters of A–Z and 2–7, by chance: a read is never looked up again. */
function newReference(): string {
  if (taken === pool.length) {
    crypto.getRandomValues(pool)
    taken = 0
  }
  let reference = ''
  for (const end = taken + 16; taken < end; taken += 1) reference += base32[(pool[taken] ?? 0) & 31]
  return reference
}
