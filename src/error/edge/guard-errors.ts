// Why a caller is not let in, or may not do what it asks for. Raised by src/guard and src/operation.

import { entry } from '../entry.ts'

/** Rows of the catalogue: tokens, proofs and scopes. Their words hold nothing of a token. */
export const guardErrors = {
  TOKEN_MISSING: entry<Record<never, never>>({
    title: 'Access token missing',
    message: () => 'the request carries no access token in its header Authorization',
    hint: () => 'send Authorization: DPoP TOKEN with a proof, or Bearer TOKEN over mutual TLS (RFC 9449, RFC 8705)',
    retry: 'never',
    status: 'unauthenticated',
  }),
  TOKEN_INVALID: entry<{ problem: string }>({
    title: 'Access token not accepted',
    message: ({ problem }) => `the access token is not accepted: ${problem}`,
    hint: () => 'ask the issuer for a new one, made out for this API and bound to your certificate or DPoP key',
    retry: 'never',
    status: 'unauthenticated',
  }),
  PROOF_INVALID: entry<{ problem: string }>({
    title: 'DPoP proof not accepted',
    message: ({ problem }) => `the DPoP proof is not accepted: ${problem}`,
    hint: () => 'make a new proof for each request (RFC 9449 section 4.2)',
    retry: 'never',
    status: 'unauthenticated',
  }),
  PROOF_NONCE_WANTED: entry<{ nonce: string }>({
    title: 'DPoP nonce wanted',
    message: () => 'the DPoP proof carries no nonce of this API that is in force',
    hint: () => 'make the proof anew with the nonce of the header DPoP-Nonce (RFC 9449 section 9)',
    retry: 'never',
    status: 'unauthenticated',
  }),
  SCOPE_MISSING: entry<{ scopes: string }>({
    title: 'Scope missing',
    message: ({ scopes }) => `the access token lacks a scope that this operation needs: ${scopes}`,
    hint: () => 'ask the issuer for a token with all of these scopes',
    retry: 'never',
    status: 'forbidden',
  }),
  ISSUER_UNAVAILABLE: entry<{ issuer: string; problem: string }>({
    title: 'Issuer unavailable',
    message: ({ issuer, problem }) => `the keys of the issuer ${issuer} cannot be had: ${problem}`,
    hint: () => 'see whether the issuer answers at the address in MAINSPAN_ISSUERS, and its certificate is trusted',
    retry: 'later',
    status: 'unavailable',
  }),
}
