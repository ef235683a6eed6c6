// The audit: what is recorded of each call, refusal, decision and look at customer data, and the port that keeps it.
// src/store/audit implements it over PostgreSQL.
//
// What must not happen unrecorded is recorded durably before it happens. What has happened already, or changed nothing, is written a moment
// later, together with others: a process that is killed loses at most that moment, and a flood is counted instead of kept.

import type { Principal, TokenReference } from './principal.ts'

/**
 * Recorded before it happens:
 * - `asked`: a valid request is about to start an operation.
 * - `decided`: a person's decision on an operation is about to be carried out.
 * - `looked`: customer data are about to be shown in clear.
 */
export type RecordedFirst = 'asked' | 'decided' | 'looked'

/**
 * Recorded a moment later:
 * - `called`: a call that was let in has its answer; `outcome` says which.
 * - `refused`: a call was not let in, or not carried out; `code` says why.
 */
export type RecordedAfter = 'called' | 'refused'

/** What is recorded of one event; the audit adds the time. Never customer data, an idempotency key, or a token. */
export interface AuditRecord<Event extends RecordedFirst | RecordedAfter = RecordedFirst | RecordedAfter> {
  readonly event: Event
  /** The way that the call came by. */
  readonly api: Principal['door'] | 'codec'
  /** Who called; not there when that is not known. */
  readonly client?: string | undefined
  readonly token?: TokenReference | undefined
  readonly consent?: string | undefined
  /** The same in all records of one request. */
  readonly requestId: string
  readonly operation?: string | undefined
  readonly version?: number | undefined
  /** The id of the durable operation. */
  readonly operationId?: string | undefined
  /** How a call ended: the state of the operation, or the outcome of a read. */
  readonly outcome?: string | undefined
  /** The error code that was answered. */
  readonly code?: string | undefined
}

/** Keeps records, in order, for good. */
export interface Audit {
  /** Resolves when the record is durable. Throws STORE_UNAVAILABLE when it is not in time: then what it records must not happen. */
  keep(record: AuditRecord<RecordedFirst>): Promise<void>
  /** Returns at once and never throws. Of a flood, and while the database is away, records beyond a bound are counted and not kept. */
  note(record: AuditRecord<RecordedAfter>): void
}

/** Keeps nothing: for parts that are put together without a database. */
export const noAudit: Audit = { keep: async () => undefined, note: () => undefined }

/** What a record takes from the caller. */
export function callerOf({ client, token, consent }: Principal): Pick<AuditRecord, 'client' | 'token' | 'consent'> {
  return { client, token, consent }
}
