// Holds the audit against its own chains: what was changed, deleted, inserted, swapped or cut is named. Reads record by record; what it
// remembers grows with the number of streams, not of records.

import type { Database } from '../database.ts'
import { eventIn, headsIn } from './body.ts'
import { type AuditHead, genesis, hashOf, sealed } from './chain.ts'
import type { PublicSealKey } from './seal-key.ts'
import { auditIsThere, placeOf, recordsOf, type StoredRecord, streamsIn } from './tables.ts'

/** What the audit is held against. */
export interface VerifyOptions {
  /** The keys that seals may be made with. */
  readonly keys: readonly PublicSealKey[]
  /** From the first record of this time on in each stream (RFC 3339, UTC, with milliseconds); from the beginning without it. */
  readonly since?: string
  /** Last records as they were told before, which must still be there. */
  readonly heads?: readonly AuditHead[]
}

/** What was found: each problem in one sentence, and the last record of each stream. */
export interface Verified {
  readonly problems: readonly string[]
  readonly streams: readonly VerifiedStream[]
  readonly records: number
}

/** A stream as far as it was read. */
export interface VerifiedStream extends AuditHead {
  /** Whether it ends as a process that stops in order ends it. */
  readonly closed: boolean
}

/** So many problems of one stream are told. */
const problemsMax = 5

/** Throws STORE_UNAVAILABLE. */
export async function verifyAudit(database: Database, options: VerifyOptions): Promise<Verified> {
  if (!(await auditIsThere(database))) {
    return { problems: ['the table mainspan.audit is not there'], streams: [], records: 0 }
  }
  const named = new Map<string, NamedHead>()
  for (const head of options.heads ?? []) remember(named, head, 'the list of heads')
  const problems: string[] = []
  const streams: VerifiedStream[] = []
  let records = 0
  for await (const stream of streamsIn(database)) {
    const check = new StreamCheck(stream, options)
    for await (const record of recordsOf(database, stream, options.since)) {
      check.take(record)
      for (const head of check.headsOf(record)) remember(named, head, `record ${record.seq} of stream ${stream}`)
    }
    check.end()
    problems.push(...check.problems)
    records += check.records
    if (check.last) streams.push(check.last)
  }
  for (const one of named.values()) problems.push(...(await missing(database, one, options)))
  return { problems, streams, records }
}

interface NamedHead {
  readonly head: AuditHead
  readonly by: string
}

/** The last record of a stream that is named anywhere: its hash stands for all before it. */
function remember(named: Map<string, NamedHead>, head: AuditHead, by: string): void {
  const known = named.get(head.stream)
  if (!known || known.head.seq < head.seq) named.set(head.stream, { head, by })
}

async function missing(database: Database, { head, by }: NamedHead, { since }: VerifyOptions): Promise<string[]> {
  const { stream, seq, hash } = head
  const found = await placeOf(database, head)
  if (found.hash === hash) return []
  if (found.hash !== undefined) return [`record ${seq} of stream ${stream} is not the one that ${by} names`]
  if (found.last === undefined) return [`stream ${stream} is missing: ${by} names its record ${seq}`]
  // Missing between others, which the stream itself has shown where it was read from its beginning.
  if (found.last > seq)
    return since === undefined ? [] : [`stream ${stream}: record ${seq}, which ${by} names, is missing`]
  return [
    `the end of stream ${stream} is missing: it ends with record ${found.last}, but ${by} names its record ${seq}`,
  ]
}

/** Follows one stream from record to record. */
class StreamCheck {
  readonly problems: string[] = []
  records = 0
  last: VerifiedStream | undefined
  readonly #stream: string
  readonly #options: VerifyOptions
  #sealedSeq = 0
  #firstSeq = 0
  #fits = true

  constructor(stream: string, options: VerifyOptions) {
    this.#stream = stream
    this.#options = options
  }

  take(record: StoredRecord): void {
    const { seq, body, hash, seal } = record
    this.records += 1
    this.#begin(record)
    const expected = (this.last?.seq ?? seq - 1) + 1
    if (seq !== expected) this.#say(`${places(expected, seq - 1)} ${seq - 1 === expected ? 'is' : 'are'} missing`)
    const previous = seq === 1 ? genesis : record.previous
    // Of a record whose predecessor is missing nothing can be told but by the seals after it.
    if (previous && !hashOf(previous, seq, body).equals(hash)) this.#changed(seq)
    if (seal) this.#checkSeal(record, seal)
    const head = { stream: this.#stream, seq, hash: Buffer.from(hash).toString('hex') }
    this.last = { ...head, closed: eventIn(body) === 'closed' }
  }

  /** The heads that a record names, if any. */
  headsOf({ seq, body }: StoredRecord): readonly AuditHead[] {
    const heads = headsIn(body)
    if (!heads) this.#say(`record ${seq} names last records of other streams that cannot be read`)
    return heads ?? []
  }

  end(): void {
    if (!this.last || this.#sealedSeq === this.last.seq) return
    const first = Math.max(this.#sealedSeq + 1, this.#firstSeq)
    const verb = first === this.last.seq ? 'has' : 'have'
    this.#say(`${places(first, this.last.seq)} at its end ${verb} no seal: inserted by hand, or what followed was cut`)
  }

  #begin({ seq, body }: StoredRecord): void {
    if (this.last) return
    this.#firstSeq = seq
    if (this.#options.since !== undefined) return
    if (seq > 1) this.#say(`${places(1, seq - 1)} ${seq === 2 ? 'is' : 'are'} missing`)
    else if (eventIn(body) !== 'opened') this.#say('its first record does not open it')
  }

  /** The first one is told: those after it need not be wrong. */
  #changed(seq: number): void {
    if (this.#fits) this.#say(`record ${seq} does not fit: it was changed, or is not the one that stood there`)
    this.#fits = false
  }

  #checkSeal({ seq, hash }: StoredRecord, seal: Uint8Array): void {
    this.#sealedSeq = seq
    const message = sealed(this.#stream, seq, hash)
    if (this.#options.keys.some((key) => key.fits(seal, message))) return
    this.#say(
      `the seal of record ${seq} does not fit: it was not made by this installation, or records before it were changed`,
    )
  }

  #say(problem: string): void {
    if (this.problems.length < problemsMax) this.problems.push(`stream ${this.#stream}: ${problem}`)
  }
}

function places(first: number, last: number): string {
  return first === last ? `record ${first}` : `records ${first} to ${last}`
}
