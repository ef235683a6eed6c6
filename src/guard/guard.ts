// Who calls over HTTP, by FAPI 2.0 (Security Profile, Final): a signed access token of a trusted issuer, bound to whoever sends it.

import type { ProofStore } from '../contract/store.ts'
import { type Failure, failure } from '../error/failure.ts'
import type { HttpCredentials, Identify, Principal } from '../operation/principal.ts'
import { type AccessToken, AccessTokens } from './access-token.ts'
import { DpopProofs } from './dpop-proof.ts'
import { Issuer } from './issuer.ts'
import { Nonces } from './nonces.ts'
import type { GuardSettings } from './settings.ts'

/** The check of a request's token and of its binding. Throws TOKEN_MISSING, TOKEN_INVALID, PROOF_INVALID, PROOF_NONCE_WANTED, ISSUER_UNAVAILABLE. */
export function guarding(settings: GuardSettings, seen: ProofStore): Identify<HttpCredentials> {
  const tokens = new AccessTokens(settings.issuers.map((issuer) => new Issuer(issuer, settings.ca)))
  const proofs = new DpopProofs(seen, settings.dpopNonce ? new Nonces(settings.secret) : undefined)
  return async (credentials) => {
    const { scheme, token: text } = tokenIn(credentials)
    const token = await tokens.check(text)
    await bound(token, scheme, text, credentials, proofs)
    return principalOf(token)
  }
}

type Scheme = 'dpop' | 'bearer'

/** The one token of the request. A token in the address or the body is none (FAPI 2.0, section 5.3.2.1). */
function tokenIn({ headers }: HttpCredentials): { readonly scheme: Scheme; readonly token: string } {
  const given = headers.authorization
  if (given === undefined) throw failure('TOKEN_MISSING', {})
  const [, scheme = '', token = ''] = /^([A-Za-z]+) +([\w.~+/-]+=*)$/.exec(String(given)) ?? []
  const kind = scheme.toLowerCase()
  if (kind !== 'dpop' && kind !== 'bearer') throw failure('TOKEN_MISSING', {})
  return { scheme: kind, token }
}

/** A token bound to a key goes with the scheme DPoP and a proof; one bound to a certificate goes with Bearer (RFC 6750, RFC 8705). */
async function bound(
  { boundTo }: AccessToken,
  scheme: Scheme,
  token: string,
  { method, url, headers, certificate }: HttpCredentials,
  proofs: DpopProofs,
): Promise<void> {
  if ('certificate' in boundTo) {
    if (scheme !== 'bearer') throw unfit('it is bound to a certificate, and goes with the scheme Bearer')
    if (certificate === undefined) throw unfit('it is bound to a certificate, and the connection shows none')
    if (certificate !== boundTo.certificate) throw unfit('it is bound to another certificate')
    return
  }
  if (scheme !== 'dpop') throw unfit('it is bound to a DPoP key, and goes with the scheme DPoP')
  const proof = headers.dpop
  if (typeof proof !== 'string') throw failure('PROOF_INVALID', { problem: 'there is not exactly one header DPoP' })
  await proofs.check(proof, { method, url, token, key: boundTo.key })
}

function unfit(problem: string): Failure {
  return failure('TOKEN_INVALID', { problem })
}

/** A token without a person behind it has the client as its subject (RFC 9068 section 2.2). */
function principalOf({ issuer, id, client, subject, scopes, authorizationDetails }: AccessToken): Principal {
  return {
    // Without spaces, so that it cannot be taken for one that acts for somebody (operation/principal.ts).
    client: `${issuer}/${encodeURIComponent(client)}`,
    ...(subject !== client && { subject }),
    door: 'rest',
    scopes,
    authorizationDetails,
    token: { issuer, id },
  }
}
