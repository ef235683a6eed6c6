// The operation store: what is known of every operation beyond Temporal's retention, and the builds that running operations began with.
// A port; src/store/ implements it over PostgreSQL.

import type { Attention, AttentionReason } from './durable.ts'
import type { JsonObject } from './json.ts'

/**
 * - `noted`: the key stands, and the start is on its way to Temporal.
 * - `started`: Temporal has it.
 * - `ended`: the result stands here.
 * - `not-begun`: Temporal could not be reached in time; nothing was begun, and nothing will.
 */
export type OperationRowState = 'noted' | 'started' | 'ended' | 'not-begun'

/** One operation. `start` and `result` lie encrypted in the database; keys lie there as keyed hashes only. */
export interface OperationRow {
  /** The workflow id. */
  readonly id: string
  readonly state: OperationRowState
  readonly operation: string
  readonly version: number
  /** Tells a repeat from another request under the same key; compared by the durable room, opaque here. */
  readonly fingerprint: JsonObject
  /** What Temporal is to be told to start: workflow type, argument, summary. */
  readonly start: JsonObject
  readonly result?: JsonObject
  /** RFC 3339. */
  readonly notedAt: string
  readonly endedAt?: string
  readonly attention?: Attention
}

export type NewOperationRow = Pick<OperationRow, 'id' | 'operation' | 'version' | 'fingerprint' | 'start'>

/** Every method throws STORE_UNAVAILABLE when the database does not answer in time. */
export interface OperationStore {
  /** Notes a new operation, durably, or gives the one that has this id already. Calls at the same moment are written in one statement. */
  note(row: NewOperationRow): Promise<{ readonly fresh: true } | { readonly fresh: false; readonly row: OperationRow }>
  find(id: string): Promise<OperationRow | undefined>
  started(id: string): Promise<void>
  ended(id: string, result: JsonObject, endedAt: string): Promise<void>
  notBegun(id: string, result: JsonObject): Promise<void>
  attend(id: string, reason: AttentionReason | undefined): Promise<void>
  /** Rows in this state that were noted before then (RFC 3339), the oldest first. */
  list(state: OperationRowState, before: string, most: number): Promise<readonly OperationRow[]>
  /** Forgets ended operations that were noted before then; open ones never. Gives how many. */
  forget(before: string): Promise<number>
  ready(): Promise<boolean>
}

/** What one worker ran its flows with: enough to go on with operations that began on it, on a machine that never saw its files. */
export interface Build {
  /** SHA-256 over everything below, the first 16 hexadecimal digits. */
  readonly id: string
  /** The workflow bundle. */
  readonly code: string
  /** Adapter name → its definition, which is data. */
  readonly adapters: Readonly<Record<string, JsonObject>>
  /** Path below the project → text of every copybook, WSDL and schema that the adapters name. */
  readonly files: Readonly<Record<string, string>>
  /** The contract between flow and activities that the code was made with. */
  readonly contract: number
}

export interface BuildStore {
  /** Keeps it once; the same id again changes nothing. */
  keepBuild(build: Build): Promise<void>
  build(id: string): Promise<Build | undefined>
}
