// Nonces for DPoP proofs (RFC 9449 section 9), made from the time and a secret that all nodes share: none is kept anywhere.

import { createHmac, timingSafeEqual } from 'node:crypto'

/** A nonce is handed out for so long, and taken for as long again. */
const periodMs = 60_000

/** Makes nonces and knows its own. */
export class Nonces {
  readonly #secret: Uint8Array
  readonly #now: () => number

  constructor(secret: Uint8Array, now: () => number = Date.now) {
    this.#secret = createHmac('sha256', secret).update('nonces of DPoP proofs').digest()
    this.#now = now
  }

  fresh(): string {
    return this.#of(this.#period())
  }

  /** Whether it is one of this period or of the one before. */
  isOurs(nonce: string): boolean {
    const given = Buffer.from(nonce)
    const period = this.#period()
    return [period, period - 1].some((one) => {
      const own = Buffer.from(this.#of(one))
      return own.length === given.length && timingSafeEqual(own, given)
    })
  }

  #period(): number {
    return Math.floor(this.#now() / periodMs)
  }

  #of(period: number): string {
    return createHmac('sha256', this.#secret).update(String(period)).digest('base64url')
  }
}
