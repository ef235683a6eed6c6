// The operations in PostgreSQL: one row each, noted before anything is started, ended with its result.
//
//   noted ──▶ started ──▶ ended          a row only ever moves to the right; what comes late or twice changes nothing
//     └──▶ not-begun

import type { Cipher, NewOperationRow, OperationRow, OperationStore } from '../contract/store.ts'
import { failure } from '../error/failure.ts'
import { batches } from './batch.ts'
import type { Database } from './database.ts'
import { operationColumns, type Seal, type StoredOperation, sealing } from './rows.ts'

type NoteAnswer = Awaited<ReturnType<OperationStore['note']>>

/** Where an operation has got to. */
type OperationMark =
  | { readonly id: string; readonly state: 'started' | 'promised' }
  | {
      readonly id: string
      readonly state: 'ended' | 'not-begun'
      readonly sealed: Uint8Array
      readonly endedAt: string
    }

/** A new row. Sealing comes before batches are made, so that what cannot be sealed fails alone. */
interface SealedRow {
  readonly row: NewOperationRow
  readonly request: Uint8Array
}

/** A later state makes an earlier one of the same batch needless. */
const rank = { promised: 0, started: 1, 'not-begun': 2, ended: 3 }

// Sorted, since two statements that meet on the same ids in another order would wait for each other.
const noteRows = {
  name: 'note',
  text: `insert into mainspan.operations (id, operation, version, request)
         select * from unnest($1::text[], $2::text[], $3::integer[], $4::bytea[])
         on conflict (id) do nothing returning id`,
}
const findRows = {
  name: 'find',
  text: `select ${operationColumns} from mainspan.operations where id = any($1::text[])`,
}
const markRows = {
  name: 'mark',
  text: `with mark as (
           select * from unnest($1::text[], $2::text[], $3::bytea[], $4::timestamptz[]) as m (id, state, result, ended_at)
         ), locked as (
           select id from mainspan.operations where id in (select id from mark) order by id for update
         )
         update mainspan.operations o set
           state = case mark.state when 'promised' then o.state else mark.state end,
           promised = o.promised or mark.state = 'promised',
           result = coalesce(mark.result, o.result),
           ended_at = coalesce(mark.ended_at, o.ended_at)
         from mark join locked using (id)
         where o.id = mark.id and case mark.state
           when 'ended' then o.state in ('noted', 'started') or (o.state = 'ended' and o.ended_at <= mark.ended_at)
           else o.state = 'noted' end`,
}
const attendRow = {
  name: 'attend',
  text: `update mainspan.operations set attention = $2::text,
           attention_since = case when $2::text is null then null when attention = $2::text then attention_since else clock_timestamp() end
         where id = $1`,
}
const listRows = {
  name: 'list',
  text: `select ${operationColumns} from mainspan.operations
         where state = $1 and noted_at < $2::timestamptz order by noted_at limit $3`,
}
const begunRows = {
  name: 'begun',
  text: `select ${operationColumns} from mainspan.operations
         where state = 'started' and noted_at < $1::timestamptz and id > $2 order by id limit $3`,
}
const forgetRows = {
  name: 'forget',
  text: `delete from mainspan.operations where id in (
           select id from mainspan.operations
           where state in ('ended', 'not-begun') and ended_at < $1::timestamptz and attention is null
           limit $2 for update skip locked
         ) returning 1`,
}
const withdrawRow = { name: 'withdraw', text: "delete from mainspan.operations where id = $1 and state = 'noted'" }
const askFormerIds = { name: 'former-ids', text: 'select made_at from mainspan.installation where former_ids' }
const endFormerIds = { name: 'former-ids-gone', text: 'update mainspan.installation set former_ids = false' }
const ask = { name: 'ask', text: 'select 1' }

const forgetAtOnce = 2000

/** What stands over the tables: the port, and the end of it. */
export interface DrainableOperationStore extends OperationStore {
  /** Settles when all that was told is written, or has failed. */
  drained(): Promise<void>
}

/** The operations in PostgreSQL, requests and results encrypted. What cannot be read or written throws STORE_UNAVAILABLE. */
export function operationStore(database: Database, cipher: Cipher): DrainableOperationStore {
  const seal = sealing(cipher)
  const notes = batches<SealedRow, NoteAnswer>({ atOnce: 2, write: (rows) => note(database, seal, rows) })
  // Nobody waits for these: they may wait for company.
  const marks = batches<OperationMark, undefined>({ atOnce: 1, lingerMs: 50, write: (all) => mark(database, all) })
  const promises = batches<OperationMark, undefined>({ atOnce: 1, write: (all) => mark(database, all) })
  return {
    note: async (row) => notes.add({ row, request: seal.request(row) }),
    async find(id) {
      const [stored] = await database.query<StoredOperation>(findRows, [[id]])
      return stored && seal.open(stored)
    },
    promise: (id) => promises.add({ id, state: 'promised' }),
    started: (id) => marks.add({ id, state: 'started' }),
    ended: async (id, result, endedAt) => marks.add({ id, state: 'ended', sealed: seal.result(id, result), endedAt }),
    notBegun: async (id, result) =>
      marks.add({ id, state: 'not-begun', sealed: seal.result(id, result), endedAt: new Date().toISOString() }),
    async attend(id, reason) {
      await database.query(attendRow, [id, reason ?? null])
    },
    async list(state, before, most) {
      const stored = await database.query<StoredOperation>(listRows, [state, before, most])
      return stored.map(seal.open)
    },
    async begun(before, most, after = '') {
      const stored = await database.query<StoredOperation>(begunRows, [before, after, most])
      return stored.map(seal.open)
    },
    async forget(before) {
      for (let forgotten = 0; ; ) {
        const gone = await database.query(forgetRows, [before, forgetAtOnce])
        forgotten += gone.length
        if (gone.length < forgetAtOnce) return forgotten
      }
    },
    async withdraw(id) {
      await database.query(withdrawRow, [id])
    },
    async formerIds() {
      const [row] = await database.query<{ made_at: Date }>(askFormerIds)
      return row && { since: row.made_at.toISOString() }
    },
    async formerIdsGone() {
      await database.query(endFormerIds)
    },
    async ready() {
      try {
        await database.query(ask)
        return true
      } catch {
        return false
      }
    },
    async drained() {
      await Promise.all([notes.drained(), marks.drained(), promises.drained()])
    },
  }
}

/** The first of each id is written; a repeat in the same batch meets it as it would meet an older row. */
async function note(database: Database, seal: Seal, rows: readonly SealedRow[]): Promise<readonly NoteAnswer[]> {
  const firsts = new Map<string, SealedRow>()
  for (const one of rows) if (!firsts.has(one.row.id)) firsts.set(one.row.id, one)
  const sorted = [...firsts.values()].sort((one, other) => (one.row.id < other.row.id ? -1 : 1))
  const written = await database.query<{ id: string }>(noteRows, [
    sorted.map(({ row }) => row.id),
    sorted.map(({ row }) => row.operation),
    sorted.map(({ row }) => row.version),
    sorted.map(({ request }) => request),
  ])
  const fresh = new Set(written.map(({ id }) => id))
  const isFresh = (one: SealedRow) => fresh.has(one.row.id) && firsts.get(one.row.id) === one
  const repeated = [...new Set(rows.filter((one) => !isFresh(one)).map(({ row }) => row.id))]
  const known = await rowsOf(database, seal, repeated)
  return rows.map((one) => {
    if (isFresh(one)) return { fresh: true }
    const there = known.get(one.row.id)
    // It was forgotten between the two statements: at that moment nobody can be told anything but to ask again.
    if (!there) throw failure('STORE_UNAVAILABLE', { why: 'a row was forgotten just now' })
    return { fresh: false, row: there }
  })
}

async function rowsOf(database: Database, seal: Seal, ids: readonly string[]): Promise<Map<string, OperationRow>> {
  if (ids.length === 0) return new Map()
  const stored = await database.query<StoredOperation>(findRows, [ids])
  return new Map(stored.map((one) => [one.id, seal.open(one)]))
}

async function mark(database: Database, marks: readonly OperationMark[]): Promise<readonly undefined[]> {
  const strongest = new Map<string, OperationMark>()
  for (const one of marks) {
    const other = strongest.get(one.id)
    if (!other || rank[one.state] >= rank[other.state]) strongest.set(one.id, one)
  }
  const all = [...strongest.values()]
  await database.query(markRows, [
    all.map(({ id }) => id),
    all.map(({ state }) => state),
    all.map((one) => ('sealed' in one ? one.sealed : null)),
    all.map((one) => ('endedAt' in one ? one.endedAt : null)),
  ])
  return marks.map(() => undefined)
}
