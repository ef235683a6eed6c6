// What stands before a core: its hours, the breaker, how many calls at once and how many a second.

import type { AdapterDefinition } from '../../contract/adapter.ts'
import type { ExchangeResult } from '../../contract/backend.ts'
import type { Effect } from '../../contract/outcome.ts'
import { type Failure, failure, isFailure } from '../../error/failure.ts'
import { Breaker, type BreakerOptions, type BreakerPermit } from './breaker.ts'
import { ConcurrencyLimiter, type Leave } from './concurrency-limiter.ts'
import { closingHours } from './hours.ts'
import { rateLimiter } from './rate-limiter.ts'

/** What a gate does beside the limits of its adapter. Times in ms. */
export interface GateOptions {
  /** Calls that may wait. Default 500. */
  readonly queueLength?: number
  /** How long a call may wait. Default 2000. */
  readonly queueMs?: number
  readonly breaker?: Partial<BreakerOptions>
  readonly now?: () => Date
}

/** Lets the exchange take place, or answers in its place that nothing was sent. */
export type Gate = (call: GateCall, exchange: () => Promise<ExchangeResult>) => Promise<ExchangeResult>

export interface GateCall {
  readonly target: string
  readonly effect: Effect
  readonly signal?: AbortSignal | undefined
}

/** Calls at once that a core takes whose adapter says nothing; a standard CICS listener starts 49 children at most. */
const CONCURRENT = 20
const breakerDefaults: BreakerOptions = { failures: 10, readRestMs: 1000, writeRestMs: 3000 }

/** Throws HOURS_INVALID. */
export function gate(name: string, definition: AdapterDefinition, options: GateOptions = {}): Gate {
  const { queueLength = 500, queueMs = 2000, now = () => new Date() } = options
  const closedUntil = closingHours(name, definition.hours)
  const most = definition.limits?.concurrent ?? CONCURRENT
  const limiter = new ConcurrencyLimiter({ name, most, queueLength, queueMs })
  const inTime = rateLimiter(name, definition.limits?.perSecond, queueMs)
  const breaker = new Breaker(name, { ...breakerDefaults, ...options.breaker })

  return async (call, exchange) => {
    let leave: Leave | undefined
    let passage: BreakerPermit
    try {
      refuseWhenClosed(name, closedUntil(now()))
      leave = await limiter.enter(call.target, call.signal)
      await inTime(call.target, call.signal)
      // The core may have closed while the call waited.
      refuseWhenClosed(name, closedUntil(now()))
      passage = breaker.enter(call.effect)
    } catch (cause) {
      leave?.()
      return { kind: 'not-sent', cause: asFailure(cause) }
    }
    let result: ExchangeResult | undefined
    try {
      result = await exchange()
      return result
    } finally {
      passage.ended(result)
      leave()
    }
  }
}

function refuseWhenClosed(adapter: string, opens: Date | undefined): void {
  if (opens) throw failure('CORE_CLOSED', { adapter, opens: opens.toISOString() })
}

function asFailure(cause: unknown): Failure {
  if (isFailure(cause)) return cause
  throw cause
}
