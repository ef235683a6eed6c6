// Anchors: the last records of other streams, named in this one, so that a stream that is deleted, or whose end is cut, is missed.

import type { Database } from '../database.ts'
import { eventIn } from './body.ts'
import type { AuditHead } from './chain.ts'
import { headsOfOthers } from './tables.ts'

/** The newest streams are looked at, so many: older ones ended long ago and have been named. */
const headsMax = 200

/** What is to be named of other streams. */
export interface Anchors {
  /** The last records of streams that have grown since they were named here. */
  grown(stream: string): Promise<readonly AuditHead[]>
}

/** Has named nothing yet. */
export function anchorsOver(database: Database): Anchors {
  const named = new Map<string, number>()
  return {
    async grown(stream) {
      const found = await headsOfOthers(database, stream, headsMax)
      const heads = found.filter(({ head, start }) => {
        const before = named.get(head.stream) ?? 0
        // An anchor alone is no growth: two processes that do nothing would name each other for ever.
        return head.seq > before + (before > 0 && eventIn(start) === 'anchored' ? 1 : 0)
      })
      for (const { head } of heads) named.set(head.stream, head.seq)
      return heads.map(({ head }) => head)
    },
  }
}
