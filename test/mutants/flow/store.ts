// The operation store in memory, for tests in the simulation.

import type { OperationRow, OperationStore } from '../../../src/contract/store.ts'

type Rows = Map<string, { -readonly [Name in keyof OperationRow]: OperationRow[Name] }>

export interface StoreInMemory {
  readonly store: OperationStore
  /** The row is started, and was noted an hour earlier. */
  backdate(id: string): void
}

const hourMs = 3_600_000

export function storeInMemory(now: () => number): StoreInMemory {
  const rows: Rows = new Map()
  const time = () => new Date(now()).toISOString()
  const change = (id: string, changes: Partial<OperationRow>) => {
    const row = rows.get(id)
    if (row) Object.assign(row, changes)
  }
  const inState = (state: string, before: string) =>
    [...rows.values()].filter((row) => row.state === state && row.notedAt < before)
  const backdate = (id: string) => {
    const notedAt = new Date(Date.parse(rows.get(id)?.notedAt ?? '') - hourMs).toISOString()
    change(id, { state: 'started', notedAt })
  }
  const store: OperationStore = {
    async note(row) {
      const known = rows.get(row.id)
      if (known) return { fresh: false, row: { ...known } }
      rows.set(row.id, { ...row, state: 'noted', notedAt: time() })
      return { fresh: true }
    },
    find: async (id) => copied(rows.get(id)),
    promise: async (id) => change(id, { promised: true }),
    started: async (id) => {
      if (rows.get(id)?.state === 'noted') change(id, { state: 'started' })
    },
    ended: async (id, result, endedAt) => change(id, { state: 'ended', result, endedAt }),
    notBegun: async (id, result) => change(id, { state: 'not-begun', result }),
    async attend(id, reason) {
      const row = rows.get(id)
      if (row && reason) row.attention = { reason, since: time() }
      else if (row) delete row.attention
    },
    list: async (state, before, most) => inState(state, before).slice(0, most),
    begun: async (before, most, after = '') =>
      inState('started', before)
        .filter(({ id }) => id > after)
        .slice(0, most),
    forget: async () => 0,
    withdraw: async (id) => void rows.delete(id),
    formerIds: async () => undefined,
    formerIdsGone: async () => undefined,
    ready: async () => true,
  }
  return { store, backdate }
}

function copied(row: OperationRow | undefined): OperationRow | undefined {
  return row && { ...row }
}
