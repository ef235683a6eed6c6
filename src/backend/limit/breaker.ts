// Spares a core that is down or stuck: after so many failures in a row it gets no calls but a probe now and then.

import type { ExchangeResult } from '../../contract/backend.ts'
import type { Effect } from '../../contract/outcome.ts'
import type { Code } from '../../error/catalogue.ts'
import { failure } from '../../error/failure.ts'

/** When a breaker opens, and when it lets a call probe. Times in ms. */
export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number
  /** How long after the last failure a read may probe. */
  readonly readRestMs: number
  /** How long a write may: longer, for a write that probes a stuck core ends in doubt. But without reads it must not stay shut. */
  readonly writeRestMs: number
}

/** One call's passage; tell it how the call ended. */
export interface BreakerPermit {
  ended(result: ExchangeResult | undefined): void
}

/** The core itself did not answer as a core: others fail likewise. A refusal, an abend or an odd reply come from one that lives. */
const signsOfDeath: ReadonlySet<Code> = new Set<Code>([
  'CORE_UNREACHABLE',
  'CORE_NOT_READY',
  'CORE_NO_REPLY',
  'CORE_CONNECTION_LOST',
  'TRM_REPLY_MALFORMED',
])

/** The breaker of one core; `now` gives ms of a clock that never goes back. */
export class Breaker {
  readonly #name: string
  readonly #options: BreakerOptions
  readonly #now: () => number
  #failures = 0
  #lastFailure = 0
  #probing = false

  constructor(name: string, options: BreakerOptions, now: () => number = () => performance.now()) {
    this.#name = name
    this.#options = options
    this.#now = now
  }

  /** Throws CORE_BREAKER_OPEN while it is open and this call is no probe. */
  enter(effect: Effect): BreakerPermit {
    const open = this.#failures >= this.#options.failures
    if (!open) return { ended: (result) => this.#learn(result) }
    const rest = effect === 'read' ? this.#options.readRestMs : this.#options.writeRestMs
    if (this.#probing || this.#now() - this.#lastFailure < rest) {
      throw failure('CORE_BREAKER_OPEN', { adapter: this.#name, failures: this.#failures })
    }
    this.#probing = true
    return {
      ended: (result) => {
        this.#probing = false
        this.#learn(result)
      },
    }
  }

  #learn(result: ExchangeResult | undefined): void {
    const cause = result?.kind === 'not-sent' || result?.kind === 'unknown' ? result.cause : undefined
    if (cause && signsOfDeath.has(cause.code)) {
      this.#failures += 1
      this.#lastFailure = this.#now()
    } else if (result && cause === undefined) {
      this.#failures = 0
    }
  }
}
