// What this process knows of the operations that it started or attached to just now, so that Temporal need not be asked for it.

import type { OperationHead } from '../status.ts'

/** What is known of an operation without asking. */
export interface Known {
  readonly head: OperationHead
  /** Whether it was started here, just now. */
  readonly fresh: boolean
}

/** Operations that this process started or attached to just now, by id. */
export interface Recent {
  add(head: OperationHead, fresh: boolean): void
  /** Once: the one who waits takes it along. */
  take(id: string): Known | undefined
}

/** Those that nobody waits for, as with commands, are dropped when there are more. */
const most = 2000

/** Remembers the newest 2000; the oldest is forgotten for a new one. */
export function recentOperations(): Recent {
  const heads = new Map<string, Known>()
  return {
    add(head, fresh) {
      heads.set(head.id, { head, fresh })
      if (heads.size <= most) return
      const [oldest] = heads.keys()
      if (oldest !== undefined) heads.delete(oldest)
    },
    take(id) {
      const known = heads.get(id)
      heads.delete(id)
      return known
    },
  }
}
