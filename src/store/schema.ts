// The tables of the store, and how they come to be: migrations, each once, in order. Processes that start together take turns.

import type { Database } from './database.ts'

/** Applied in this order and never changed; a change of the tables is one more at the end, which an older product can live with. */
const migrations: readonly string[] = [
  `create table mainspan.operations (
     -- The workflow id. It holds a keyed hash of the key; the key itself is nowhere.
     id text primary key,
     state text not null default 'noted' check (state in ('noted', 'started', 'ended', 'not-begun')),
     promised boolean not null default false,
     operation text not null,
     version integer not null,
     -- Sealed: the fingerprint of the request, and what Temporal is told to start.
     request bytea not null,
     -- Sealed.
     result bytea,
     noted_at timestamptz not null default clock_timestamp(),
     ended_at timestamptz,
     attention text check (attention in ('doubled', 'late-effect')),
     attention_since timestamptz
   );
   create index operations_open on mainspan.operations (state, noted_at) where state in ('noted', 'started');
   create index operations_closed on mainspan.operations (ended_at) where state in ('ended', 'not-begun');
   create table mainspan.builds (
     id text primary key,
     -- Sealed: code, adapters and files, compressed.
     content bytea not null,
     kept_at timestamptz not null default clock_timestamp()
   );`,
]

/** Any number, as long as no other program on this database locks it. */
const lock = 627_346_198

/**
 * Brings the tables up to date. A user that may not change them is enough where they are up to date already.
 * Throws STORE_UNAVAILABLE.
 */
export async function migrate(database: Database): Promise<void> {
  if ((await missing(database.query)).length === 0) return
  await database.transaction(async (query) => {
    await query(plain(`select pg_advisory_xact_lock(${lock})`))
    await query(plain('create schema if not exists mainspan'))
    await query(plain(migrationsTable))
    for (const [version, text] of await missing(query)) {
      for (const statement of text.split(/;\s*(?:\n|$)/).filter((one) => one.trim() !== ''))
        await query(plain(statement))
      await query(plain('insert into mainspan.migrations (version) values ($1)'), [version])
    }
  })
}

const migrationsTable = `create table if not exists mainspan.migrations (
  version integer primary key,
  applied_at timestamptz not null default clock_timestamp()
)`

const plain = (text: string) => ({ name: '', text })

/** Number and text of each migration that has not been applied. */
async function missing(query: Database['query']): Promise<(readonly [number, string])[]> {
  const all = migrations.map((text, index) => [index + 1, text] as const)
  const [table] = await query<{ there: boolean }>(
    plain("select to_regclass('mainspan.migrations') is not null as there"),
  )
  if (!table?.there) return all
  const applied = await query<{ version: number }>(plain('select version from mainspan.migrations'))
  const known = new Set(applied.map(({ version }) => version))
  return all.filter(([version]) => !known.has(version))
}

/** When the first migration was applied, RFC 3339. */
export async function madeAt(database: Database): Promise<string> {
  const text = 'select applied_at from mainspan.migrations where version = 1'
  const [row] = await database.query<{ applied_at: Date }>({ name: 'made-at', text })
  return (row?.applied_at ?? new Date()).toISOString()
}
