// Everything an integration team wrote, read, checked and resolved; what the APIs, the worker and the generators work from.

import type { AdapterDefinition, TransactionDefinition } from './adapter.ts'
import type { Wire } from './backend.ts'
import type { JsonObject, JsonSchema, JsonValue } from './json.ts'
import type { Operation } from './operation.ts'

/** A transaction with its wire, made from its copybook or WSDL. */
export interface ResolvedTransaction {
  readonly adapter: string
  readonly name: string
  readonly definition: TransactionDefinition
  readonly wire: Wire
}

/** An adapter that was read and checked; `file` is its path below the root. */
export interface ResolvedAdapter {
  readonly name: string
  readonly file: string
  readonly definition: AdapterDefinition
  readonly transactions: ReadonlyMap<string, ResolvedTransaction>
}

/** One mistake in an input: `path` as a JSON Pointer, `message` safe to show to the caller. */
export interface InputIssue {
  readonly path: string
  readonly message: string
}

/** An operation that was read and checked, with all defaults and schemas settled. */
export interface ResolvedOperation {
  readonly name: string
  readonly version: number
  readonly file: string
  readonly definition: Operation
  readonly effect: 'read' | 'write'
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | undefined
  /** The path with `{name}` parameters. */
  readonly path: string | undefined
  readonly inputSchema: JsonSchema
  readonly outputSchema: JsonSchema
  /** Event name → schema of its data. */
  readonly events: ReadonlyMap<string, JsonSchema>
  /** The workflow type that carries it out. */
  readonly workflowType: string
  /** Set when one transaction backs it. */
  readonly transaction: ResolvedTransaction | undefined
  /** All that is wrong with an input, or the input as the flow takes it. */
  parse(input: JsonValue): { readonly input: JsonObject } | { readonly issues: readonly InputIssue[] }
}

/** All that a team has written, read and checked. `root` is the path of the project. */
export interface Catalog {
  readonly root: string
  readonly adapters: ReadonlyMap<string, ResolvedAdapter>
  readonly operations: readonly ResolvedOperation[]
  /** Workflow type → file of the flow. */
  readonly flows: ReadonlyMap<string, string>
  /** Path below the root → text of every copybook, WSDL and schema that the adapters were resolved with. */
  readonly files: Readonly<Record<string, string>>
}
