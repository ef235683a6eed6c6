// A durable operation as the doors see it: started once per id, waited for, asked about.

import type { JsonObject } from './json.ts'

/** The single argument of every workflow. */
export interface OperationStart {
  readonly operation: string
  readonly version: number
  readonly input: JsonObject
  /** Who asked; the scope of idempotency keys. */
  readonly client: string
  readonly door: 'rest' | 'command'
  /** Where the answer of a command goes. */
  readonly replyTo?: { readonly queue: string; readonly correlationId: string }
  /** Only for an operation backed by one transaction. */
  readonly call?: { readonly adapter: string; readonly transaction: string; readonly event?: string }
}

/** What every workflow gives. A refusal by the core is an answer, not a failure of the workflow. */
export type OperationResult =
  | { readonly state: 'completed'; readonly output: JsonObject }
  | { readonly state: 'rejected'; readonly reason: string; readonly http: number; readonly message: string }
  | { readonly state: 'failed'; readonly code: string; readonly message: string; readonly http: number }
  | { readonly state: 'abandoned'; readonly by: string; readonly note: string }

export type OperationStatus = {
  readonly id: string
  readonly operation: string
  readonly version: number
  readonly startedAt: string
  readonly endedAt?: string
} & (
  | { readonly state: 'running' }
  | { readonly state: 'parked'; readonly reason: string; readonly since: string }
  | OperationResult
)

/** What identifies a start: the same identity gives the same workflow id. */
export interface StartRequest {
  readonly start: OperationStart
  readonly workflowType: string
  /** The Idempotency-Key or the message id. */
  readonly key: string
  readonly summary: string
}

/** What an operator decides on a parked call; the argument of the update `resolve`. */
export interface Resolution {
  readonly action: 'retry' | 'confirm-applied' | 'confirm-not-applied' | 'reverse' | 'abandon'
  readonly by: string
  readonly note: string
  /** For `confirm-applied`: the reply that the core would have given, where the flow needs values of it. */
  readonly reply?: JsonObject
}

export interface Operations {
  /**
   * Starts, or attaches to, the operation of this identity. Returns after the start is durable.
   * Throws IDEMPOTENCY_KEY_REUSED when the same key came before with another input, DURABLE_UNAVAILABLE when Temporal cannot be reached.
   */
  start(request: StartRequest): Promise<{ readonly id: string; readonly started: boolean }>
  /** The status as soon as the operation has ended or is parked, or when the time is over. */
  wait(id: string, waitMs: number): Promise<OperationStatus>
  status(id: string): Promise<OperationStatus | undefined>
  resolve(id: string, resolution: Resolution): Promise<OperationStatus>
}
