// DPoP proofs (RFC 9449): that the sender of this very request holds the key that its token is bound to.
//
//   header   { "typ": "dpop+jwt", "alg": "ES256", "jwk": { … the public key } }
//   claims   { "jti": …, "htm": "POST", "htu": "https://api…/v1/transfers", "iat": …, "ath": sha256 of the token, "nonce": … }

import { createHash } from 'node:crypto'
import {
  type CryptoKey,
  calculateJwkThumbprint,
  decodeProtectedHeader,
  errors,
  importJWK,
  type JWK,
  jwtVerify,
} from 'jose'
import { membersOf } from '../contract/json.ts'
import type { ProofStore } from '../contract/store.ts'
import { type Failure, failure, isFailure } from '../error/failure.ts'
import { tokenAlgorithms } from '../operation/principal.ts'
import { keepIn } from './bounded.ts'
import type { Nonces } from './nonces.ts'
import { skewSeconds } from './settings.ts'

/** A proof is taken so long after it was made: long enough for a slow network. */
const lifeSeconds = 60
/** Its id is remembered for longer: clocks of nodes and of the store differ, and a proof that is good at its check is noted a moment later. */
const rememberedSeconds = 2 * lifeSeconds
const longest = 4096
const mostKeys = 10_000

/** The request that a proof is held against. */
export interface ProvenRequest {
  readonly method: string
  readonly url: string
  readonly token: string
  /** The thumbprint that the token is bound to. */
  readonly key: string
}

interface KnownKey {
  readonly key: CryptoKey | Uint8Array
  readonly thumbprint: string
}

/** Checks proofs. Keys are kept by the header that brought them: importing one costs as much as the signature. */
export class DpopProofs {
  readonly #seen: ProofStore
  readonly #nonces: Nonces | undefined
  readonly #now: () => number
  readonly #keys = new Map<string, KnownKey>()

  constructor(seen: ProofStore, nonces: Nonces | undefined, now: () => number = Date.now) {
    this.#seen = seen
    this.#nonces = nonces
    this.#now = now
  }

  /** Throws PROOF_INVALID, PROOF_NONCE_WANTED, or what the store of proofs throws. */
  async check(proof: string, request: ProvenRequest): Promise<void> {
    const claims = await this.#signed(proof, request.key)
    const { htm, htu, ath, iat, jti, nonce } = claims
    const now = this.#now() / 1000
    if (htm !== request.method) throw invalid('htm is not the method of the request')
    if (!isSameUrl(htu, request.url)) throw invalid('htu is not the address of the request')
    if (ath !== createHash('sha256').update(request.token).digest('base64url'))
      throw invalid('ath is not the hash of the token')
    if (typeof jti !== 'string' || jti === '' || jti.length > 256) throw invalid('jti is no short text')
    if (typeof iat !== 'number' || iat > now + skewSeconds || iat < now - lifeSeconds)
      throw invalid('iat is not of now')
    if (this.#nonces && (typeof nonce !== 'string' || !this.#nonces.isOurs(nonce)))
      throw failure('PROOF_NONCE_WANTED', { nonce: this.#nonces.fresh() })
    const id = createHash('sha256').update(`${request.key} ${jti}`).digest()
    if (!(await this.#seen.isFirst(id, { madeAt: iat * 1000, until: (iat + rememberedSeconds) * 1000 })))
      throw invalid('it was used before')
  }

  async #signed(proof: string, thumbprint: string): Promise<Record<string, unknown>> {
    try {
      if (proof.length > longest) throw invalid('it is too long')
      const known = await this.#keyOf(proof, thumbprint)
      const { payload } = await jwtVerify(proof, known.key, {
        algorithms: tokenAlgorithms,
        typ: 'dpop+jwt',
        clockTolerance: skewSeconds,
        currentDate: new Date(this.#now()),
      })
      return payload
    } catch (error) {
      if (isFailure(error)) throw error
      throw invalid(
        error instanceof errors.JWSSignatureVerificationFailed ? 'its signature does not fit' : 'it is no DPoP proof',
      )
    }
  }

  /** Only a key that the token is bound to is imported and kept: others would be work, and room, for whoever holds one token. */
  async #keyOf(proof: string, thumbprint: string): Promise<KnownKey> {
    const header = proof.slice(0, proof.indexOf('.'))
    const known = this.#keys.get(header)
    if (known?.thumbprint === thumbprint) return known
    const { jwk, alg = '' } = decodeProtectedHeader(proof)
    if (!tokenAlgorithms.includes(alg)) throw invalid(`its signature is none of ${tokenAlgorithms.join(', ')}`)
    const { kty, d, k } = membersOf(jwk)
    if (typeof kty !== 'string' || d !== undefined || k !== undefined) throw invalid('its header has no public key')
    if ((await calculateJwkThumbprint(jwk as JWK)) !== thumbprint)
      throw invalid('its key is not the one that the token is bound to')
    const found = { key: await importJWK(jwk as JWK, alg), thumbprint }
    keepIn(this.#keys, mostKeys, header, found)
    return found
  }
}

/** After normalisation of scheme, host, port and percent-encoding, and without query and fragment (RFC 9449 section 4.3). */
function isSameUrl(given: unknown, wanted: string): boolean {
  if (typeof given !== 'string' || given.length > 2048 || !URL.canParse(given)) return false
  const [one, other] = [new URL(given), new URL(wanted)]
  return one.origin === other.origin && plainPath(one) === plainPath(other)
}

const plainPath = ({ pathname }: URL) => pathname.replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase())

function invalid(problem: string): Failure {
  return failure('PROOF_INVALID', { problem })
}
