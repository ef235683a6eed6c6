// Lets so many in at once and the others wait in order, in a queue bounded in length and in time.

import { failure } from '../../error/failure.ts'

/** Bounds of a `ConcurrencyLimiter`; times in ms. */
export interface ConcurrencyLimits {
  /** The system that is protected; for messages. */
  readonly name: string
  /** How many may be inside at once. */
  readonly most: number
  /** How many may wait. */
  readonly queueLength: number
  /** How long one may wait. */
  readonly queueMs: number
}

/** Call it once to leave; further calls do nothing. */
export type Leave = () => void

interface Waiter {
  readonly admit: () => void
}

/** Lets so many in at once; the others wait in order of arrival, in bounded number and time. */
export class ConcurrencyLimiter {
  readonly #options: ConcurrencyLimits
  /** In order of arrival; a Set keeps that order and forgets one in constant time. */
  readonly #waiting = new Set<Waiter>()
  #inside = 0

  constructor(options: ConcurrencyLimits) {
    this.#options = options
  }

  get inside(): number {
    return this.#inside
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** Resolves when inside. Rejects with CORE_BUSY (queue full, or waited too long) or CALL_CANCELLED. */
  enter(target: string, signal?: AbortSignal): Promise<Leave> {
    if (signal?.aborted) return Promise.reject(failure('CALL_CANCELLED', { target }))
    if (this.#inside < this.#options.most) {
      this.#inside += 1
      return Promise.resolve(this.#leaveOnce())
    }
    if (this.#waiting.size >= this.#options.queueLength) return Promise.reject(this.#busy())
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', cancel)
        this.#waiting.delete(waiter)
      }
      const waiter: Waiter = {
        admit: () => {
          settle()
          resolve(this.#leaveOnce())
        },
      }
      const cancel = () => {
        settle()
        reject(failure('CALL_CANCELLED', { target }))
      }
      const timer = setTimeout(() => {
        settle()
        reject(this.#busy())
      }, this.#options.queueMs)
      signal?.addEventListener('abort', cancel)
      this.#waiting.add(waiter)
    })
  }

  #busy() {
    return failure('CORE_BUSY', { adapter: this.#options.name, waiting: this.#waiting.size })
  }

  /** The place of one who leaves goes to the one who has waited longest; it is never free in between. */
  #leaveOnce(): Leave {
    let left = false
    return () => {
      if (left) return
      left = true
      const [next] = this.#waiting
      if (next) next.admit()
      else this.#inside -= 1
    }
  }
}
