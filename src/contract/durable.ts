// A durable operation as the APIs see it: started once per id, waited for, asked about.

import type { Status } from '../error/status.ts'
import type { TraceContext } from './call.ts'
import type { ResolvedOperation } from './catalog.ts'
import type { JsonObject } from './json.ts'
import type { EventFields, TransactionOperation } from './operation.ts'
import type { Outcome } from './outcome.ts'

/** The search attributes of every operation, and their types in Temporal. Stored in clear: never customer data. */
export const searchAttributes = {
  /** `running`, `parked` or `done`. */
  MainspanState: 'KEYWORD',
  /** Why it is parked: `in-doubt-no-inquiry`, `reversal-refused` … */
  MainspanReason: 'KEYWORD',
  MainspanAdapter: 'KEYWORD',
  MainspanTransaction: 'KEYWORD',
  MainspanParkedAt: 'DATETIME',
} as const

/** How patient a flow is. It travels with the start, so that a later change of settings cannot disturb a flow that runs. */
export interface Patience {
  /** How long a call that cannot be sent is tried again before the flow gives it up. */
  readonly unsentMs: number
  /** The first pause between two tries, and the longest; each is twice the one before. */
  readonly pauseMs: number
  readonly pauseMaxMs: number
  /** How often the core is asked about one doubt before the flow parks. */
  readonly inquiries: number
  /** How often a call that is proven to have had no effect is sent again. */
  readonly resends: number
  /** What a call may take beside its deadline: waiting for a connection, connecting, encoding. */
  readonly marginMs: number
  /** The longest pause of a process or of the network that is reckoned with. So long after a call that was sent again or given up it is looked up once more. */
  readonly lateMs: number
  /** So long after the request a call that is proven absent may still be sent by itself; later the customer may have paid in another way. */
  readonly resendWithinMs: number
  /** A parked flow asks the core again by itself: the first pause, and the longest; each is twice the one before. */
  readonly askAgainMs: number
  readonly askAgainMaxMs: number
}

/** The version of what flow and activities say to each other. A build of flows keeps the one that it was made with. */
export const flowContract = 2

/** The calls of a run that was ended by force, from its history. */
export interface RecordedRun {
  /** The references of all calls that it may have sent; missing where an earlier run had sent some too that are not known. */
  readonly begun?: readonly string[]
  /** Somebody had asked for its cancellation. */
  readonly cancelled?: boolean
  /** Reference → what the core answered, where that was certain. */
  readonly answers: Readonly<Record<string, RecordedAnswer>>
}

/** An answer of the core as the history of a run ended by force holds it. */
export interface RecordedAnswer {
  /** The digest of the call, as its answer carried it. */
  readonly digest: string
  readonly outcome: Extract<Outcome, { outcome: 'applied' | 'rejected' }>
}

/** The single argument of every workflow. */
export interface OperationStart {
  /** The version of the contract between gateway, flow and activities; filled in by the Operations port. Runs without it are of an older product. */
  readonly contract?: number
  /** When the gateway took the request, RFC 3339; filled in by the Operations port. */
  readonly requestedAt?: string
  /** Random; filled in by the Operations port. What hangs on the content of calls and stands in clear in a history is mixed with it. */
  readonly salt?: string
  /**
   * Set on the run that repairs one which was ended by force: the run (or `deleted`) whose calls may stand. Every call is asked for at
   * the core, and nothing is sent before a person has decided.
   */
  readonly repairs?: string
  /**
   * Set on a repair of a deleted run where other code may have become current since: references count the calls of a flow, so that this
   * code may look for them under other references.
   */
  readonly codeUnknown?: true
  /** In a repair: what the history of the run that was ended by force says. Without it, nothing is known of what it did. */
  readonly recorded?: RecordedRun
  /** Set on a watch, which looks a step up late: the id of the operation. */
  readonly watches?: string
  readonly operation: string
  readonly version: number
  readonly input: JsonObject
  /** Who asked; the scope of idempotency keys. */
  readonly client: string
  readonly door: 'rest' | 'command'
  /** Where the answer of a command goes. */
  readonly replyTo?: { readonly queue: string; readonly correlationId: string }
  /** Only for an operation backed by one transaction. */
  readonly call?: {
    readonly adapter: string
    readonly transaction: string
    readonly event?: string
    /** What the event tells of request and reply; without it all of the reply. */
    readonly eventFields?: EventFields
    /** The key that orders the event; without it the operation's id. */
    readonly subject?: string
  }
  readonly trace?: TraceContext
  /** Filled in by the Operations port. */
  readonly patience?: Patience
}

/** What every workflow gives. A refusal by the core is an answer, not a failure of the workflow. */
export type OperationResult =
  | { readonly state: 'completed'; readonly output: JsonObject }
  | { readonly state: 'rejected'; readonly reason: string; readonly status: Status; readonly message: string }
  | { readonly state: 'failed'; readonly code: string; readonly message: string; readonly status: Status }
  | { readonly state: 'abandoned'; readonly by: string; readonly note: string }

/** A late look found the effect twice, or where there should be none, or did not find it. */
export type AttentionReason = 'doubled' | 'late-effect' | 'effect-missing'

/** Why people have to look at an operation that has ended, and since when (RFC 3339). */
export interface Attention {
  readonly reason: AttentionReason
  readonly since: string
}

/** Where an operation is. Times are RFC 3339. */
export type OperationStatus = {
  readonly id: string
  readonly operation: string
  readonly version: number
  readonly startedAt: string
  readonly endedAt?: string
  /** Whose it is, as its start had it; undefined where nobody knows any more. Not shown. */
  readonly client?: string
  /** Something was seen after the end that people have to decide on. */
  readonly attention?: Attention
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

/** What a person may decide on a parked call. */
export type ResolutionAction = 'retry' | 'confirm-applied' | 'confirm-not-applied' | 'reverse' | 'abandon'

/** What an operator decides on a parked call; the argument of the update `resolve`. */
export interface Resolution {
  readonly action: ResolutionAction
  readonly by: string
  readonly note: string
  /** The call that is decided on. When given it must be the parked one, so that a decision never meets another call. */
  readonly reference?: string
  /** For `confirm-applied`: the reply that the core would have given, where the flow needs values of it. */
  readonly reply?: JsonObject
}

/** The operations as APIs, the command queue and the command line see them. */
export interface Operations {
  /**
   * Starts, or attaches to, the operation of this identity. Returns after the start is durable.
   * Throws IDEMPOTENCY_KEY_REUSED when the same key came before with another input, DURABLE_UNAVAILABLE when Temporal cannot be reached.
   */
  start(request: StartRequest): Promise<{ readonly id: string; readonly started: boolean }>
  /** The id that a start would give, where it can be told before; begins nothing. */
  idOf?(request: StartRequest): string
  /** The status as soon as the operation has ended or is parked, or when the time is over. */
  wait(id: string, waitMs: number): Promise<OperationStatus>
  status(id: string): Promise<OperationStatus | undefined>
  resolve(id: string, resolution: Resolution): Promise<OperationStatus>
}

/** The part of a start that an operation backed by one transaction needs; empty for a flow. */
export function transactionStart(
  { transaction, definition }: ResolvedOperation,
  input: JsonObject,
): Pick<OperationStart, 'call'> {
  if (!transaction) return {}
  const { event, subject } = definition as Partial<TransactionOperation>
  const orderedBy = subject === undefined ? undefined : input[subject]
  return {
    call: {
      adapter: transaction.adapter,
      transaction: transaction.name,
      ...(typeof event === 'string' && { event }),
      ...(typeof event === 'object' && { event: event.name, eventFields: event.data }),
      ...(typeof orderedBy === 'string' && { subject: orderedBy }),
    },
  }
}
