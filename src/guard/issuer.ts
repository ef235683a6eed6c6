// An issuer and its keys: found by its metadata (RFC 8414, or OpenID Connect Discovery), kept, and fetched anew when they turn.

import { createLocalJWKSet, errors, type FlattenedJWSInput, type JSONWebKeySet, type JWSHeaderParameters } from 'jose'
import { failure } from '../error/failure.ts'
import { fetchJson } from './issuer-http.ts'
import type { IssuerSettings } from './settings.ts'

/** Keys are asked for again after so long, and no more often than this for a key that is not among them. */
const freshMs = 300_000
const cooldownMs = 30_000
/** An issuer that is away: its keys are taken so long, and then no more, since one of them may have been withdrawn. */
const staleMs = 3_600_000

type KeySet = ReturnType<typeof createLocalJWKSet>

interface KeptKeys {
  readonly keys: KeySet
  readonly at: number
}

/** The keys of one issuer. */
export class Issuer {
  readonly settings: IssuerSettings
  readonly #ca: string | undefined
  readonly #now: () => number
  #kept: KeptKeys | undefined
  #triedAt = Number.NEGATIVE_INFINITY
  #fetching: Promise<KeptKeys> | undefined

  constructor(settings: IssuerSettings, ca: string | undefined, now: () => number = () => performance.now()) {
    this.settings = settings
    this.#ca = ca
    this.#now = now
  }

  /** The key that a token's header names. Throws ISSUER_UNAVAILABLE, or jose's JWKSNoMatchingKey. */
  async keyOf(header: JWSHeaderParameters, token: FlattenedJWSInput): ReturnType<KeySet> {
    const kept = await this.#keys()
    try {
      return await kept.keys(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || this.#now() - this.#triedAt < cooldownMs) throw error
      const { keys } = await this.#fetch()
      return await keys(header, token)
    }
  }

  /** Those that are kept while they are fresh, and while the issuer is away for a bounded time. */
  async #keys(): Promise<KeptKeys> {
    const kept = this.#kept
    const age = kept ? this.#now() - kept.at : Number.POSITIVE_INFINITY
    if (kept && age < freshMs) return kept
    if (!kept || age > staleMs) return await this.#fetch()
    if (this.#now() - this.#triedAt < cooldownMs) return kept
    return await this.#fetch().catch(() => kept)
  }

  async #fetch(): Promise<KeptKeys> {
    this.#triedAt = this.#now()
    this.#fetching ??= this.#fetched().finally(() => {
      this.#fetching = undefined
    })
    return await this.#fetching
  }

  async #fetched(): Promise<KeptKeys> {
    const { name, issuer } = this.settings
    const { jwks_uri: address } = await this.#metadata()
    if (typeof address !== 'string')
      throw failure('ISSUER_UNAVAILABLE', { issuer: name, problem: 'its metadata name no jwks_uri' })
    const set = await fetchJson(address, name, this.#ca)
    if (!Array.isArray(set.keys))
      throw failure('ISSUER_UNAVAILABLE', {
        issuer: name,
        problem: `what ${new URL(issuer).host} names as keys are none`,
      })
    this.#kept = { keys: createLocalJWKSet(set as unknown as JSONWebKeySet), at: this.#now() }
    return this.#kept
  }

  /** OpenID Connect puts its document behind the issuer's path, RFC 8414 its own before it. Each has to name the very issuer. */
  async #metadata() {
    const { name, issuer } = this.settings
    const { origin, pathname } = new URL(issuer)
    const path = pathname.replace(/\/$/, '')
    const places = [
      `${origin}${path}/.well-known/openid-configuration`,
      `${origin}/.well-known/oauth-authorization-server${path}`,
    ]
    const found = await Promise.allSettled(places.map((place) => fetchJson(place, name, this.#ca)))
    const own = found.find((one) => one.status === 'fulfilled' && one.value.issuer === issuer)
    if (own?.status === 'fulfilled') return own.value
    const failed = found.find((one) => one.status === 'rejected')
    if (failed?.status === 'rejected' && found.every(({ status }) => status === 'rejected')) throw failed.reason
    throw failure('ISSUER_UNAVAILABLE', { issuer: name, problem: 'its metadata name another issuer' })
  }
}
