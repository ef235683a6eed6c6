// What of a flood is kept: so many refusals a second for each client and for all together; the rest is counted by event, client and code.

import type { AuditRecord } from '../../operation/audit.ts'
import type { DroppedCount } from './body.ts'

/** How many refusals of one second are kept. */
export interface FloodLimits {
  /** Of one client; of all callers that are not known together. */
  readonly refusalsOfOne: number
  readonly refusalsOfAll: number
}

/** Lets refusals through until there are too many in one second. */
export interface FloodGate {
  admits(record: Pick<AuditRecord, 'client'>, nowMs: number): boolean
}

/** A gate that has let nothing through yet. */
export function floodGate({ refusalsOfOne, refusalsOfAll }: FloodLimits): FloodGate {
  let second = 0
  let all = 0
  // Holds no more than refusalsOfAll names: a client is counted only when it is let through.
  const ofClient = new Map<string, number>()
  return {
    admits({ client = '' }, nowMs) {
      const now = Math.floor(nowMs / 1000)
      if (now !== second) {
        second = now
        all = 0
        ofClient.clear()
      }
      const count = ofClient.get(client) ?? 0
      if (count >= refusalsOfOne || all >= refusalsOfAll) return false
      all += 1
      ofClient.set(client, count + 1)
      return true
    },
  }
}

/** Counts what was not kept, in bounded memory. */
export interface DroppedTally {
  readonly since: string | undefined
  add(record: AuditRecord, at: string): void
  /** Gives the counts and begins anew; undefined when there are none. */
  take(): { readonly since: string; readonly dropped: readonly DroppedCount[] } | undefined
}

/** So many different counts; what comes beyond is counted by its event alone. */
const countsMax = 50

/** An empty tally. */
export function droppedTally(): DroppedTally {
  let since: string | undefined
  let counts = new Map<string, DroppedCount>()
  const one = (key: string, what: Omit<DroppedCount, 'count'>) =>
    counts.set(key, { ...what, count: (counts.get(key)?.count ?? 0) + 1 })
  return {
    get since() {
      return since
    },
    add({ event, client, code }, at) {
      since ??= at
      const key = JSON.stringify([event, client, code])
      if (counts.has(key) || counts.size < countsMax) one(key, { event, client, code })
      else one(event, { event })
    },
    take() {
      if (since === undefined) return undefined
      const taken = { since, dropped: [...counts.values()] }
      since = undefined
      counts = new Map()
      return taken
    },
  }
}
