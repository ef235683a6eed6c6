// Access tokens that are JWTs (RFC 9068): the signature of a trusted issuer, made out for us, in force now, and bound to its sender.

import { createHash } from 'node:crypto'
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose'
import { type JsonObject, membersOf } from '../contract/json.ts'
import { type Failure, failure, isFailure } from '../error/failure.ts'
import { tokenAlgorithms } from '../operation/principal.ts'
import { keepIn } from './bounded.ts'
import type { Issuer } from './issuer.ts'
import { skewSeconds } from './settings.ts'

/** An access token that was checked. */
export interface AccessToken {
  /** The name of its issuer in the settings. */
  readonly issuer: string
  readonly id: string
  readonly client: string
  readonly subject: string
  readonly scopes: readonly string[]
  readonly authorizationDetails: readonly JsonObject[]
  /** Whom it is bound to (RFC 7800): the thumbprint of a certificate (RFC 8705) or of a DPoP key (RFC 9449), in base64url. */
  readonly boundTo: { readonly certificate: string } | { readonly key: string }
  /** Seconds since 1970; from then on it is no longer taken. */
  readonly expiresAt: number
}

/** Longer ones than a header carries in practice are not looked at. */
const longest = 8192
const mostKept = 10_000
/** A token that was checked is taken so long without another look at its issuer's keys, since its key may have been withdrawn. */
const keptMs = 300_000

interface KeptToken {
  readonly token: AccessToken
  readonly checkedAt: number
}

/** Checks tokens of these issuers. What was checked is kept by its hash for a while, since a signature costs forty times as much. */
export class AccessTokens {
  readonly #issuers: ReadonlyMap<string, Issuer>
  readonly #kept = new Map<string, KeptToken>()
  readonly #now: () => number

  constructor(issuers: readonly Issuer[], now: () => number = Date.now) {
    this.#issuers = new Map(issuers.map((issuer) => [issuer.settings.issuer, issuer]))
    this.#now = now
  }

  /** Throws TOKEN_INVALID or ISSUER_UNAVAILABLE. */
  async check(text: string): Promise<AccessToken> {
    const hash = createHash('sha256').update(text).digest('base64')
    const kept = this.#kept.get(hash)
    if (kept && this.#isFresh(kept)) return kept.token
    this.#kept.delete(hash)
    const token = await this.#checked(text)
    keepIn(this.#kept, mostKept, hash, { token, checkedAt: this.#now() })
    return token
  }

  #isFresh({ token, checkedAt }: KeptToken): boolean {
    const now = this.#now()
    return token.expiresAt * 1000 > now && now - checkedAt < keptMs
  }

  async #checked(text: string): Promise<AccessToken> {
    try {
      if (text.length > longest) throw invalid('it is too long')
      const issuer = this.#issuers.get(String(decodeJwt(text).iss))
      if (!issuer) throw invalid('it is of an issuer that is not trusted here')
      const { payload } = await jwtVerify(text, (header, token) => issuer.keyOf(header, token), {
        algorithms: tokenAlgorithms,
        typ: 'at+jwt',
        issuer: issuer.settings.issuer,
        audience: [...issuer.settings.audiences],
        requiredClaims: ['exp', 'iat', 'jti', 'sub', 'client_id'],
        clockTolerance: skewSeconds,
        currentDate: new Date(this.#now()),
      })
      return tokenOf(payload, issuer.settings.name, this.#now() / 1000)
    } catch (error) {
      throw isFailure(error) ? error : invalid(reasonOf(error))
    }
  }
}

function tokenOf(payload: JWTPayload, issuer: string, now: number): AccessToken {
  const { exp = 0, iat = 0, jti, sub, client_id: client, scope = '' } = payload
  // jose's tolerance is for clocks that are ahead; a token that has expired is not taken.
  if (exp <= now) throw invalid('it has expired')
  if (iat > now + skewSeconds) throw invalid('it was issued in the future')
  if (!isWord(jti) || !isWord(sub) || !isWord(client)) throw invalid('jti, sub or client_id is no short text')
  if (typeof scope !== 'string') throw invalid('scope is no text')
  return {
    issuer,
    id: jti,
    client,
    subject: sub,
    scopes: scope.split(' ').filter((one) => one !== ''),
    authorizationDetails: detailsOf(payload.authorization_details),
    boundTo: boundTo(payload.cnf),
    expiresAt: exp,
  }
}

/** FAPI 2.0 takes no bearer tokens: whoever finds one could use it. */
function boundTo(confirmation: unknown): AccessToken['boundTo'] {
  const { 'x5t#S256': certificate, jkt: key } = membersOf(confirmation)
  if (isThumbprint(certificate) && key === undefined) return { certificate }
  if (isThumbprint(key) && certificate === undefined) return { key }
  throw invalid('it is not bound to its sender by one certificate or one DPoP key')
}

function detailsOf(details: unknown): readonly JsonObject[] {
  if (details === undefined) return []
  const isObject = (one: unknown): one is JsonObject => typeof one === 'object' && one !== null && !Array.isArray(one)
  if (!Array.isArray(details) || !details.every(isObject)) throw invalid('authorization_details is no list of objects')
  return details
}

const isWord = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 256
const isThumbprint = (value: unknown): value is string => typeof value === 'string' && /^[\w-]{43}$/.test(value)

function invalid(problem: string): Failure {
  return failure('TOKEN_INVALID', { problem })
}

/** What is wrong, in words that hold nothing of the token. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired'
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === 'aud'
      ? 'it is made out for another audience'
      : `its claim ${error.claim} is missing or wrong`
  if (error instanceof errors.JOSEAlgNotAllowed) return `its signature is none of ${tokenAlgorithms.join(', ')}`
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return 'its issuer has no such key'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature does not fit'
  return 'it is no signed JWT'
}
