// What an operation is written in: what the outside sees of a transaction or a flow. Never in the workflow bundle, so zod is welcome.

import type { z } from 'zod'
import type { TransactionRef } from './adapter.ts'

interface OperationCommon {
  readonly version: number
  /** Method and path; `{name}` takes a field of the input: `GET /v1/accounts/{accountNumber}`. */
  readonly rest?: `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`
  readonly scopes?: readonly string[]
  readonly summary?: string
  readonly description?: string
  readonly tag?: string
}

/** Backed by a flow of `workflows/`: the name under which it is exported. */
export interface FlowOperation<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType>
  extends OperationCommon {
  readonly flow: string
  readonly input: Input
  readonly output: Output
  /** Event name → schema of its data; the names are what the flow emits. */
  readonly events?: Readonly<Record<string, z.ZodType>>
}

/** What an event tells: fields by their JSON names. Those of the request are what was asked, those of the reply what the core said. */
export interface EventDeclaration {
  /** For example `entry-posted`. */
  readonly name: string
  readonly data: EventFields
}

/** Fields by their JSON names, of the request and of the reply. */
export interface EventFields {
  readonly request?: readonly string[]
  readonly reply?: readonly string[]
}

/** Backed by one transaction: schemas come from its copybook or WSDL. */
export interface TransactionOperation extends OperationCommon {
  /** Of any request and reply. */
  readonly transaction: TransactionRef<never, object>
  /** The event that says it was applied; by its name alone its data is the reply. Not for reads. */
  readonly event?: string | EventDeclaration
  /** The field of the input whose value orders the events, an account say; consumers get it as `subject`. */
  readonly subject?: string
}

/** An operation without its name: backed by a flow or by one transaction. */
export type OperationDefinition = FlowOperation | TransactionOperation
/** An operation as `operation(…)` makes it: what the outside sees. */
export type Operation<D extends OperationDefinition = OperationDefinition> = D & { readonly name: string }

/** Declares what the outside sees. */
export function operation<const D extends OperationDefinition>(name: string, definition: D): Operation<D> {
  return { name, ...definition }
}

/** The types a flow takes and gives: `import type` them from the operation. */
export type InputOf<O> = O extends { readonly input: infer S extends z.ZodType } ? z.output<S> : never
/** The type of the output of an operation, for flows to take by `import type`. */
export type OutputOf<O> = O extends { readonly output: infer S extends z.ZodType } ? z.input<S> : never
