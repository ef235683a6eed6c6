// One call of one transaction, as the flow asks for it and as the generic activity and the express lane carry it out.

import type { JsonObject } from './json.ts'
import type { InquiryFinding, Outcome } from './outcome.ts'

/** Which trace a call belongs to (W3C Trace Context, Recommendation of 2021-11-23). */
export interface TraceContext {
  readonly traceparent: string
  readonly tracestate?: string
}

/** One call to a core, as JSON, before it is encoded. */
export interface Call {
  readonly adapter: string
  readonly transaction: string
  readonly request: JsonObject
  /** Our own deterministic id of this call: 16 characters of A–Z and 2–7, the same on every attempt. */
  readonly reference: string
  readonly trace?: TraceContext
  /** Set on a reversal: the call to undo. The reversal's request is filled from it. */
  readonly reversing?: { readonly transaction: string; readonly request: JsonObject; readonly reference: string }
}

/** How long a call may go on, and who may end it. */
export interface CallLimits {
  /** Ends the call when it fires. */
  readonly signal?: AbortSignal
  /**
   * The moment, by `performance.now()`, after which nothing of the call is sent. A signal that fires after so long is no substitute:
   * its timer is late in a process that stood still.
   */
  readonly until?: number
}

/** Carries calls out: encode → exchange → read → classify. Never throws for what happens outside; throws a Failure for a request that cannot be encoded. */
export interface Caller {
  call(call: Call, limits?: CallLimits): Promise<Outcome>
  /** Asks the core, by the call's declared inquiry, whether it took effect. */
  inquire(call: Call, limits?: CallLimits): Promise<InquiryFinding>
  /** What keeps a reply that a person typed from being one of this transaction; an empty list when it fits. */
  mistakesIn(call: Call, reply: JsonObject): readonly string[]
}
