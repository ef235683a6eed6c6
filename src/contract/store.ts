// The operation store: what is known of every operation beyond Temporal's retention, and the builds that running operations began with.
// A port; src/store/ implements it over PostgreSQL.

import type { Attention, AttentionReason } from './durable.ts'

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
  readonly fingerprint: object
  /** What Temporal is to be told to start: workflow type, argument, summary. */
  readonly start: object
  readonly result?: object
  /** Only while `noted`: a caller was told that it is on its way, so that every gateway goes on trying to start it. */
  readonly promised?: boolean
  /** RFC 3339. */
  readonly notedAt: string
  readonly endedAt?: string
  readonly attention?: Attention
}

/** What is noted of an operation before it is started. */
export type NewOperationRow = Pick<OperationRow, 'id' | 'operation' | 'version' | 'fingerprint' | 'start'>

/** Every method throws STORE_UNAVAILABLE when the database does not answer in time. */
export interface OperationStore {
  /** Notes a new operation, durably, or gives the one that has this id already. Calls at the same moment are written in one statement. */
  note(row: NewOperationRow): Promise<{ readonly fresh: true } | { readonly fresh: false; readonly row: OperationRow }>
  find(id: string): Promise<OperationRow | undefined>
  /** Says that callers were told of a noted operation. */
  promise(id: string): Promise<void>
  started(id: string): Promise<void>
  /** Keeps the result. One that ended later takes the place of an earlier one: a repair may end anew what was ended by force. */
  ended(id: string, result: object, endedAt: string): Promise<void>
  notBegun(id: string, result: object): Promise<void>
  attend(id: string, reason: AttentionReason | undefined): Promise<void>
  /** Rows in this state that were noted before then (RFC 3339), the oldest first. */
  list(state: OperationRowState, before: string, most: number): Promise<readonly OperationRow[]>
  /**
   * Rows that are `started` and were noted before then, in the order of their ids, after this one. So all of them can be gone through
   * page by page, however many stay open for long.
   */
  begun(before: string, most: number, after?: string): Promise<readonly OperationRow[]>
  /** Forgets operations that ended before then; never open ones, nor those that ask for attention. Gives how many. */
  forget(before: string): Promise<number>
  /**
   * Takes back a row that was noted just now for nothing: Temporal has an operation of this id that the store does not know, and it is
   * another request.
   */
  withdraw(id: string): Promise<void>
  /** Since when operations have rows (RFC 3339), as long as older ones may still be asked for by their former ids. */
  formerIds(): Promise<{ readonly since: string } | undefined>
  /** Says that nothing is left which has a former id. */
  formerIdsGone(): Promise<void>
  ready(): Promise<boolean>
}

/**
 * Encrypts and authenticates what lies in the database. `place` binds it to its row and column: what was sealed for one place does not
 * open in another.
 */
export interface Cipher {
  seal(plain: Uint8Array, place: string): Uint8Array
  /** Throws PAYLOAD_KEY_UNKNOWN or PAYLOAD_UNREADABLE. */
  open(sealed: Uint8Array, place: string): Uint8Array
}

/** What one worker ran its flows with: enough to go on with operations that began on it, on a machine that never saw its files. */
export interface Build {
  /** SHA-256 over everything below, the first 16 hexadecimal digits. */
  readonly id: string
  /** The workflow bundle. */
  readonly code: string
  /** Adapter name → its definition, which is data. */
  readonly adapters: Readonly<Record<string, object>>
  /** Path below the project → text of every copybook, WSDL and schema that the adapters name. */
  readonly files: Readonly<Record<string, string>>
  /** The contract between flow and activities that the code was made with. */
  readonly contract: number
  /** The version of Temporal's SDK in the code: `1.24.0`. */
  readonly sdk: string
}

/** The kept builds: the code of flows that operations began on. */
export interface BuildStore {
  /** Keeps it once; the same id again changes nothing. */
  keepBuild(build: Build): Promise<void>
  build(id: string): Promise<Build | undefined>
}

/** When a proof was made and until when it would be taken, in milliseconds since 1970. */
export interface ProofLife {
  readonly madeAt: number
  readonly until: number
}

/** Remembers the ids of proofs at least as long as they would be taken. */
export interface ProofStore {
  /**
   * Whether this id comes for the first time; of two at once one is the first. `false` also where that can no longer be told, since what
   * was remembered has been lost. Throws STORE_UNAVAILABLE.
   */
  isFirst(id: Uint8Array, life: ProofLife): Promise<boolean>
}
