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
     attention text check (attention in ('doubled', 'late-effect', 'effect-missing')),
     attention_since timestamptz
   );
   create index operations_open on mainspan.operations (state, noted_at) where state in ('noted', 'started');
   create index operations_begun on mainspan.operations (id) where state = 'started';
   create index operations_closed on mainspan.operations (ended_at) where state in ('ended', 'not-begun');
   create table mainspan.builds (
     id text primary key,
     -- Sealed: code, adapters and files, compressed.
     content bytea not null,
     kept_at timestamptz not null default clock_timestamp()
   );
   create table mainspan.installation (
     made_at timestamptz not null default clock_timestamp(),
     -- Whether Temporal may hold operations of before this store, whose ids were made without a secret.
     former_ids boolean not null default true
   );
   create unique index installation_is_one on mainspan.installation ((true));
   insert into mainspan.installation default values;`,
  `create unlogged table mainspan.proofs (
     -- A hash. The empty one marks since when the table remembers.
     id bytea primary key,
     until timestamptz not null
   );
   create index proofs_until on mainspan.proofs (until);
   insert into mainspan.proofs (id, until) values ('', '-infinity');`,
  `create table mainspan.audit (
     -- One life of a process; written by that process alone.
     stream uuid not null,
     seq bigint not null check (seq > 0),
     -- SHA-256 over the hash of the record before, int8send(seq) and the body in UTF-8.
     hash bytea not null check (octet_length(hash) = 32),
     -- JSON; begins with {"at":" and the time in RFC 3339, UTC, with milliseconds.
     body text not null,
     -- Ed25519 over stream, seq and hash, on the last record of each write.
     seal bytea,
     at text collate "C" generated always as (substr(body, 8, 24)) stored,
     primary key (stream, seq)
   );
   create index audit_by_time on mainspan.audit (at, stream, seq);
   create function mainspan.refuse_change() returns trigger language plpgsql as
     $$begin raise exception 'mainspan.audit is append-only: % is refused', tg_op; end$$;
   create trigger append_only before update or delete or truncate on mainspan.audit
     for each statement execute function mainspan.refuse_change();
   alter table mainspan.audit enable always trigger append_only;`,
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
