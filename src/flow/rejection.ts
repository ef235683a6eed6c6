// How a flow's code answers a refusal by the core.

import type { JsonObject } from '../contract/json.ts'
import type { Status } from '../error/status.ts'
import { earlyReply, earlyResult } from './run/ending.ts'

/** What `call` throws when the core says no: nothing took effect. */
export interface Rejection {
  /** The stable word of the adapter's rule: `insufficient-funds`. */
  readonly reason: string
  readonly status: Status
  readonly reply: JsonObject
}

/** Reads the refusal from what `call` threw, for a flow that has an answer to it; undefined for any other error, which the flow throws on. */
export function rejectionOf(error: unknown): Rejection | undefined {
  const result = earlyResult(error)
  if (result?.state !== 'rejected') return undefined
  const reply = earlyReply(error)
  return { reason: result.reason, status: result.status, reply: reply ?? {} }
}
