// The statements of the audit: its table is written by insert and read, and nothing else.

import type { Database } from '../database.ts'
import type { AuditHead, ChainedBatch } from './chain.ts'

// One text for all bodies and one for all hashes: neither holds a newline, and an array's elements would each be escaped on the way.
// What an earlier attempt has written stands already: a stream has one writer, and a batch never changes.
const insertBatch = {
  name: 'audit-insert',
  text: `insert into mainspan.audit (stream, seq, hash, body, seal)
         select $1::uuid, $2::bigint + one.nth - 1, decode(one.hash, 'hex'), one.body, case when one.nth = $5::bigint then $6::bytea end
         from unnest(string_to_array($3, E'\\n'), string_to_array($4, E'\\n')) with ordinality as one (body, hash, nth)
         on conflict (stream, seq) do nothing`,
}

// The streams are found one by one from the newest on by the index, not by reading every record.
const otherHeads = {
  name: 'audit-heads',
  text: `with recursive newest (stream, nth) as (
           (select stream, 1 from mainspan.audit order by stream desc limit 1)
           union all
           select (select stream from mainspan.audit where stream < newest.stream order by stream desc limit 1), nth + 1
           from newest where newest.stream is not null and nth <= $2
         )
         select newest.stream, head.seq::text, encode(head.hash, 'hex') as hash, left(head.body, 80) as start
         from newest cross join lateral (
           select seq, hash, body from mainspan.audit where stream = newest.stream order by seq desc limit 1
         ) head
         where newest.stream <> $1::uuid`,
}

// The record before is looked up one by one: of a join the server may think that it is cheaper to read the whole table for each page.
const recordsPage = `
         select a.stream, a.seq::text, a.at, a.body, a.hash, a.seal,
           (select p.hash from mainspan.audit p where p.stream = a.stream and p.seq = a.seq - 1) as previous
         from mainspan.audit a`

const pageOfStream = {
  name: 'audit-stream',
  text: `${recordsPage} where a.stream = $1::uuid and a.seq > $2::bigint order by a.seq limit $3`,
}
const pageByTime = {
  name: 'audit-by-time',
  text: `${recordsPage}
         where (a.at, a.stream, a.seq) > ($1, $2::uuid, $3::bigint) and a.at < $4 order by a.at, a.stream, a.seq limit $5`,
}
const nextStream = {
  name: 'audit-next-stream',
  text: 'select stream from mainspan.audit where stream > $1::uuid order by stream limit 1',
}
const firstSince = {
  name: 'audit-first-since',
  // Ordered by the column: its text, which has its name in the answer, would put 10 before 9.
  text: `select a.seq::text from mainspan.audit a
         where a.stream = $1::uuid and a.at >= $2 order by a.seq limit 1`,
}
const recordAt = {
  name: 'audit-record-at',
  text: `select encode(hash, 'hex') as hash from mainspan.audit where stream = $1::uuid and seq = $2::bigint`,
}
const lastOf = {
  name: 'audit-last',
  text: 'select a.seq::text from mainspan.audit a where a.stream = $1::uuid order by a.seq desc limit 1',
}
const isThere = { name: 'audit-is-there', text: "select to_regclass('mainspan.audit') is not null as there" }

/** A record as it lies in the table. */
export interface StoredRecord {
  readonly stream: string
  readonly seq: number
  readonly at: string
  readonly body: string
  readonly hash: Uint8Array
  readonly seal: Uint8Array | null
  /** The hash of the record before it, if that is there. */
  readonly previous: Uint8Array | null
}

type StoredRow = Omit<StoredRecord, 'seq'> & { readonly seq: string }

/** A head in the table, and the event that it records. */
export interface FoundHead {
  readonly head: AuditHead
  /** The first characters of its body. */
  readonly start: string
}

/** Writes a batch, or finds that it has been written. Throws STORE_UNAVAILABLE. */
export async function writeBatch(database: Database, stream: string, batch: ChainedBatch): Promise<void> {
  const { firstSeq, bodies, hashes, seal } = batch
  await database.query(insertBatch, [stream, firstSeq, bodies.join('\n'), hashes.join('\n'), bodies.length, seal])
}

/** The last records of the streams that began last, but for this one. */
export async function headsOfOthers(database: Database, stream: string, most: number): Promise<readonly FoundHead[]> {
  const rows = await database.query<{ stream: string; seq: string; hash: string; start: string }>(otherHeads, [
    stream,
    most,
  ])
  return rows.map(({ start, seq, ...row }) => ({
    head: { stream: row.stream, seq: Number(seq), hash: row.hash },
    start,
  }))
}

const pageLength = 1000
const noStream = '00000000-0000-0000-0000-000000000000'
/** After every time that can stand in a record. */
const endOfTime = '~'

/** Whether the table is there at all. */
export async function auditIsThere(database: Database): Promise<boolean> {
  const [row] = await database.query<{ there: boolean }>(isThere)
  return row?.there === true
}

/** The streams, the oldest first. */
export async function* streamsIn(database: Database): AsyncGenerator<string> {
  for (let last = noStream; ; ) {
    const [row] = await database.query<{ stream: string }>(nextStream, [last])
    if (!row) return
    yield row.stream
    last = row.stream
  }
}

/** The records of a stream in order, page by page, from the first one of that time on (RFC 3339 as in the records). */
export async function* recordsOf(database: Database, stream: string, since?: string): AsyncGenerator<StoredRecord> {
  let after = 0
  if (since !== undefined) {
    const [first] = await database.query<{ seq: string }>(firstSince, [stream, since])
    if (!first) return
    after = Number(first.seq) - 1
  }
  for (;;) {
    const page = await database.query<StoredRow>(pageOfStream, [stream, after, pageLength])
    yield* page.map(storedOf)
    after = Number(page.at(-1)?.seq)
    if (page.length < pageLength) return
  }
}

/** The records of a span of time in the order of their times, page by page. */
export async function* recordsBetween(database: Database, since = '', until = endOfTime): AsyncGenerator<StoredRecord> {
  // Nothing has this time and this stream, so that it stands before all records of the time.
  let [at, stream, seq] = [since, noStream, '0']
  for (;;) {
    const page = await database.query<StoredRow>(pageByTime, [at, stream, seq, until, pageLength])
    yield* page.map(storedOf)
    const last = page.at(-1)
    if (!last || page.length < pageLength) return
    ;({ at, stream, seq } = last)
  }
}

/** The hash of the record at a place, if there is one, and the last place of its stream, if there is one. */
export async function placeOf(database: Database, { stream, seq }: Pick<AuditHead, 'stream' | 'seq'>) {
  const [record] = await database.query<{ hash: string }>(recordAt, [stream, seq])
  if (record) return { hash: record.hash }
  const [last] = await database.query<{ seq: string }>(lastOf, [stream])
  return { last: last && Number(last.seq) }
}

function storedOf(row: StoredRow): StoredRecord {
  return { ...row, seq: Number(row.seq) }
}
