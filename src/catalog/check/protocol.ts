// What the catalog has to know of a kind of back end: what its adapters say, how it is checked, how its messages are made.

import type { AdapterDefinition, BackendDefinition } from '../../contract/adapter.ts'
import type { Wire } from '../../contract/backend.ts'
import type { Copybooks } from '../copybooks.ts'
import type { ProjectFiles } from '../project-files.ts'
import type { Report } from './report.ts'

/** A definition, of a back end or a transaction, with its kind. */
export interface Tagged {
  readonly kind: string
}

/** Members of a back end's definition that name a setting: its value is given where the product runs (src/config.ts). */
export type BackendSetting = 'endpoints' | 'credentials' | 'tls'

/**
 * `Sent` is what goes out for one call and `Got` what comes back: the bytes of a message, where it is one. A protocol without
 * messages has something else there, such as a statement with its values and the rows it gives.
 */
export interface ProtocolDescription<
  B extends Tagged = Tagged,
  T extends Tagged = Tagged,
  Sent = Uint8Array,
  Got = Uint8Array,
> {
  /** The kind of transaction that it carries. */
  readonly transactions: T['kind']
  /** How a person declares one, for hints. */
  readonly declaredBy: string
  /** Which settings its definition may name. */
  readonly settings: readonly BackendSetting[]
  /** Checks what the adapter says of this protocol, before any copybook or WSDL is looked at. */
  check(adapter: Described<B, T>, report: Report): void
  /** Reads copybooks or a WSDL, and tells what is wrong with them or with what transactions say of them. */
  wires(adapter: Described<B, T>, sources: Sources, report: Report): Wires<T, Sent, Got>
}

/** An adapter, and those of its transactions that its back end can carry. */
export interface Described<B extends Tagged = Tagged, T extends Tagged = Tagged> {
  readonly name: string
  readonly definition: Omit<AdapterDefinition, 'backend' | 'transactions'>
  readonly backend: B
  readonly transactions: ReadonlyMap<string, T>
}

/** Where the files of a project come from. */
export interface Sources {
  readonly files: ProjectFiles
  readonly copybooks: Copybooks
}

/** The wires of an adapter's transactions. */
export interface Wires<T extends Tagged = Tagged, Sent = Uint8Array, Got = Uint8Array> {
  /** Undefined where a mistake has been told. Throws the Failure of one that has not. */
  of(name: string, transaction: T): Wire<Sent, Got> | undefined
  /** False for a field whose absence has been told. */
  knows(transaction: string, field: string): boolean
}

/** The setting that a member of the definition names, where it has that member. */
export function namedSetting(definition: BackendDefinition, member: BackendSetting): string | undefined {
  const members: { readonly [M in BackendSetting]?: string } = definition
  return members[member]
}
