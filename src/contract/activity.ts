// The activities of a flow: what the sandbox schedules and the worker carries out. Their names are permanent, as they stand in histories.

import type { Status } from '../error/status.ts'
import { type AdapterDefinition, type TransactionDefinition, targetOf } from './adapter.ts'
import type { Call } from './call.ts'
import type { AttentionReason } from './durable.ts'
import type { CommandReply, DomainEvent } from './event.ts'
import type { JsonObject } from './json.ts'
import type { Effect, InquiryFinding, Outcome } from './outcome.ts'

/** What a flow has to know of a transaction to call it with care. */
export interface Traits {
  readonly effect: Effect
  readonly deadlineMs: number
  readonly quiescenceMs: number
  /** The core refuses a reference that it knows: nothing can take effect twice. A first effect can still come late. */
  readonly deduplicates?: boolean
  /** The transaction that tells whether a call took effect. */
  readonly inquiry?: string
  /** The transaction that undoes it. */
  readonly reversal?: string
  /** The reasons with which it refuses what was undone before. */
  readonly undoneBefore?: readonly string[]
  /** The COBOL program or SOAP operation, for people. */
  readonly target: string
}

/** Adapter → transaction → traits. */
export type TraitsTable = Readonly<Record<string, Readonly<Record<string, Traits>>>>

/**
 * Which call a task and its answer belong to. It comes back in the (encrypted) answer, and so stands in the history: a changed flow that
 * is replayed onto another call's answer sees it.
 */
export interface CallIdentity {
  readonly reference: string
  /** SHA-256 of adapter, transaction, request and the call to undo in canonical JSON, in hexadecimal. */
  readonly digest: string
}

/** An answer with the identity of the call that it belongs to. */
export type Answered<T> = T & { readonly of: CallIdentity }

/** What the activity `call` is asked to do: one attempt at one call. */
export interface SendTask {
  /** `recall`: the flow is cancelled, so nothing is sent; only whether a run before a reset may have sent it is told. */
  readonly mode: 'send' | 'recall'
  readonly of: CallIdentity
  readonly call: Call
  readonly effect: Effect
  /**
   * The run in which it was established that the call had no effect. In any other run (after a reset) a `once` call is withheld, and the
   * flow inquires first.
   */
  readonly absenceProvenInRun: string
  /** The same, as the flows of kept builds write it. */
  readonly grounds?: string
  /** After this time the worker gives up by itself, a little before Temporal does. */
  readonly budgetMs: number
}

/**
 * - `unfit`: the request cannot be written as a record; nothing was sent, and the caller has to correct it.
 * - `withheld`: not sent by this attempt, as an earlier one may have been sent before a person started it again.
 */
export type SendAnswer =
  | Outcome
  | { readonly outcome: 'withheld'; readonly run: string }
  | { readonly outcome: 'unfit'; readonly code: string; readonly message: string; readonly status: Status }

export interface InquireTask {
  readonly of: CallIdentity
  readonly call: Call
  readonly budgetMs: number
}

/** A finding, and the run in which it was found: proof of absence is no proof in the run after a reset. */
export type InquiryAnswer = InquiryFinding & { readonly run: string }

/** What an operator typed as the core's reply, to be held against the transaction's schema. */
export interface ValidateTask {
  readonly call: Call
  readonly reply: JsonObject
}

/** One event to publish, the same on every attempt, reset and replay. */
export interface PublishTask {
  readonly event: DomainEvent
  /** SHA-256 of what the event says, in hexadecimal. The answer brings it back, so that a changed flow never takes another event for its own. */
  readonly of?: string
  /** The run in which the flow checked that no earlier run reversed a step. In any other run nothing is published. */
  readonly reversalsCheckedInRun: string
  /** The same, as the flows of kept builds write it. */
  readonly standsIn?: string
}

/** Without `of` in histories of before. */
export type PublishAnswer = { readonly of?: string } & (
  | { readonly held: true }
  | { readonly held: false; readonly run: string }
)

/** What people have to know of an operation that has ended. Without `reason` it is settled. */
export interface AttentionTask {
  readonly operationId: string
  readonly reason?: AttentionReason
}

/** `isLater`: the run says that another was before it; without one nothing is read. */
export interface BegunTask {
  readonly isLater: boolean
}

/**
 * `isLater` comes back, so that it stands in the history: a reset copies what the run before was told, and the copy must lead to the
 * same commands.
 */
export interface Begun {
  readonly isLater: boolean
  readonly calls: readonly Call[]
  /** The transactions of the adapters that are called, as the build has them: this run may not have come to them. */
  readonly transactions: TraitsTable
}

/** All that a flow can ask of the worker. Names and shapes stand in recorded histories. */
export interface Activities {
  call(task: SendTask): Promise<Answered<SendAnswer>>
  inquire(task: InquireTask): Promise<Answered<InquiryAnswer>>
  /** What is wrong with a typed reply, in words for the operator; an empty list when it fits. */
  validate(task: ValidateTask): Promise<readonly string[]>
  publish(task: PublishTask): Promise<PublishAnswer>
  reply(reply: CommandReply): Promise<void>
  /** The calls that earlier runs of this operation, before a reset or a repair, had begun. */
  begun(task: BegunTask): Promise<Begun>
  /** Notes in the operation store what `/operations/{id}` has to say beside the result. */
  attend(task: AttentionTask): Promise<void>
  /** Looks at one page of runs that were ended by force, and starts a repair of each. */
  sweepRuns(task: SweepRunsTask): Promise<SweptRuns>
  /** Looks at one page of operations that have no result in the store yet: records it, or starts a repair where the run is gone. */
  sweepRows(task: SweepRowsTask): Promise<SweptRows>
}

/** Where a sweep of runs that were ended by force begins. */
export interface SweepRunsTask {
  /** Runs that were closed since then, RFC 3339. */
  readonly since: string
  /** Where the last page ended. */
  readonly page?: string
}

/** What could not be repaired now, with the reason. The next sweep comes to it again. */
export interface Unmended {
  readonly id: string
  readonly why: string
}

interface Swept {
  /** Repairs that were started. */
  readonly repaired: number
  readonly unmended: readonly Unmended[]
  /** Set where there may be more. */
  readonly page?: string
}

/** What one page of runs gave. */
export type SweptRuns = Swept

/** Where a sweep of the store begins: `page` is where the last page ended. */
export interface SweepRowsTask {
  readonly page?: string
}

/** What one page of the store gave. */
export interface SweptRows extends Swept {
  /** Results that were written into the store. */
  readonly recorded: number
}

/** Types of failures of activities that carry data for the flow in their first detail. */
export const carriesOutcome = 'OUTCOME'
/** Type of a failure whose first detail is an `InquiryFinding`. */
export const carriesFinding = 'FINDING'

/** What a flow has to know of a transaction, taken from its definition. No quiescence: 0 ms. */
export function traitsOf(definition: TransactionDefinition): Traits {
  return {
    effect: definition.effect,
    deadlineMs: definition.deadlineMs,
    quiescenceMs: definition.quiescenceMs ?? 0,
    ...(definition.deduplicates === true && { deduplicates: true }),
    ...(definition.inquiry && { inquiry: definition.inquiry.transaction }),
    ...(definition.reversal && { reversal: definition.reversal.transaction }),
    ...(definition.reversal?.undoneBefore && { undoneBefore: definition.reversal.undoneBefore }),
    target: targetOf(definition),
  }
}

/** The traits of every transaction of these adapters. */
export function traitsTableOf(adapters: Iterable<readonly [string, AdapterDefinition]>): TraitsTable {
  const table: Record<string, Record<string, Traits>> = {}
  for (const [name, { transactions }] of adapters) {
    table[name] = Object.fromEntries(Object.entries(transactions).map(([one, it]) => [one, traitsOf(it)]))
  }
  return table
}
