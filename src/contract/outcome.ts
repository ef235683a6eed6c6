// How one call to a core ends: exactly one of five outcomes, and the rules that read it from a reply.

import type { Status } from '../error/status.ts'
import type { JsonObject } from './json.ts'

/** What may happen if the call is made twice: nothing; the same as once; a second effect. */
export type Effect = 'read' | 'idempotent' | 'once'

/** Why the outcome is unknown: the request may have been executed, and nothing proves either. */
export type UnknownCause =
  | 'no-reply-before-deadline'
  | 'connection-lost-after-send'
  | 'reply-malformed'
  | 'reply-not-understood'
  /** The reply does not echo what was asked: it belongs to another call. */
  | 'reply-of-another-call'
  /** The core says that it knows this reference already; only the inquiry tells whether what it knows is this call. */
  | 'duplicate-reference'
  | 'execution-failed'
  | 'worker-lost'
  | 'reset-by-hand'

/**
 * - `applied`: the core did it (for a read: answered it).
 * - `rejected`: the core answered, and the contract says this answer means no effect.
 * - `abended`: the program ended abnormally and its unit of work was backed out.
 * - `not-sent`: no complete request can have reached a program.
 * - `unknown`: anything else. Only evidence changes it.
 */
export type Outcome =
  | { readonly outcome: 'applied'; readonly reply: JsonObject }
  | { readonly outcome: 'rejected'; readonly reason: string; readonly status: Status; readonly reply: JsonObject }
  | { readonly outcome: 'abended'; readonly abendCode: string }
  | { readonly outcome: 'not-sent'; readonly code: string; readonly message: string }
  | { readonly outcome: 'unknown'; readonly cause: UnknownCause; readonly message: string; readonly evidence?: string }

/**
 * What an inquiry found about an earlier call. `absent` is proof that it had no effect; `unclear` proves nothing. `differs`: the
 * core holds exactly one entry under the reference, and its account, amount or direction is not what this call asked for; `fields`
 * names them as the adapter does, without values.
 */
export type InquiryFinding =
  | { readonly finding: 'applied'; readonly reply: JsonObject }
  | { readonly finding: 'absent' }
  | { readonly finding: 'differs'; readonly fields: readonly string[] }
  | { readonly finding: 'ambiguous'; readonly matches: number }
  | { readonly finding: 'unclear'; readonly message: string }

/** What one value of the status field (or one SOAP fault) means. */
export type Verdict =
  | { readonly verdict: 'applied' }
  | { readonly verdict: 'rejected'; readonly reason: string; readonly status: Status }
  | { readonly verdict: 'duplicate' }
  | { readonly verdict: 'unknown' }

/** What a refusal by the core may be for the caller. */
export type Refusing = Extract<Status, 'refused' | 'not-found' | 'conflict' | 'invalid' | 'forbidden' | 'too-many'>

/** The core did what was asked. */
export const applied: Verdict = { verdict: 'applied' }
/** The value proves nothing: the call is in doubt. */
export const unclear: Verdict = { verdict: 'unknown' }
/** The core knows the reference already. Never taken for `applied` without a look: the inquiry compares what the core holds with what was asked. */
export const duplicate: Verdict = { verdict: 'duplicate' }

/** The core said no and did nothing. `reason` is a stable kebab-case word for callers. */
export function rejected(reason: string, status: Refusing = 'refused'): Verdict {
  return { verdict: 'rejected', reason, status }
}

/** Reads the outcome from one field of the reply. A value without a verdict is `unknown`. */
export interface OutcomeRule {
  readonly field: string
  readonly verdicts: Readonly<Record<string, Verdict>>
}

/** `by('PE-STATUS', { OK: applied, NF: rejected('account-not-found', 'not-found') })`: value of the field, or name of a level 88 of it, → verdict. */
export function by(field: string, verdicts: Readonly<Record<string, Verdict>>): OutcomeRule {
  return { field, verdicts }
}
