// Who calls, by which way they came, and what they may do.

import type { JsonObject } from '../contract/json.ts'
import { failure } from '../error/failure.ts'

/** A token by what names it; never the token itself. */
export interface TokenReference {
  readonly issuer: string
  /** Its `jti` (RFC 7519 section 4.1.7), where it has one. */
  readonly id?: string
}

/** A caller whom an API has identified. */
export interface Principal {
  /** Who it is, in words that never change; for a client of an issuer `issuer/client`. Limits and the log go by it. */
  readonly client: string
  /** For whom the client acts, in the issuer's words (the claim `sub`, RFC 9068 section 2.2); undefined where it acts for itself. */
  readonly subject?: string
  /** The API that it came by. */
  readonly door: 'rest' | 'command'
  /** The scopes that it was granted (OAuth 2.0, RFC 6749 section 3.3); `all` where nothing limits it. */
  readonly scopes: readonly string[] | 'all'
  /** What it was granted in detail (RFC 9396), as its token carries it. */
  readonly authorizationDetails?: readonly JsonObject[]
  /** What it came with, for the audit. */
  readonly token?: TokenReference
  /** The id of the consent that it calls by. */
  readonly consent?: string
}

/**
 * Tells who calls from what came with the request: what HTTP carries, the checked user of a message. Throws a Failure for whom it does
 * not let in.
 */
export type Identify<Credentials> = (credentials: Credentials) => Principal | Promise<Principal>

/** The signatures of tokens and proofs that FAPI 2.0 allows (Security Profile, section 5.4.1). */
export const tokenAlgorithms = ['PS256', 'ES256', 'EdDSA']

/** What of an HTTP request tells who calls. */
export interface HttpCredentials {
  readonly method: string
  /** As the caller wrote it, without query and fragment: what a DPoP proof names (RFC 9449 section 4.2, `htu`). */
  readonly url: string
  /** Names in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** SHA-256, in base64url, of the certificate that the caller showed in the handshake, where its chain was checked (RFC 8705, `x5t#S256`). */
  readonly certificate?: string
}

/** Throws SCOPE_MISSING where not every scope was granted that an operation needs. One that names none is nobody's with a token. */
export function authorize({ scopes }: Principal, operation: { readonly scopes?: readonly string[] | undefined }): void {
  if (scopes === 'all') return
  const wanted = operation.scopes ?? []
  if (wanted.length > 0 && wanted.every((scope) => scopes.includes(scope))) return
  throw failure('SCOPE_MISSING', { scopes: wanted.join(' ') || 'none is declared' })
}

/** Whether the caller may see an operation: its own, and every one where nothing tells callers apart. */
export function maySee(principal: Principal, { client }: { readonly client?: string }): boolean {
  return principal.scopes === 'all' || client === ownerOf(principal)
}

/** Whose operations and keys these are: a client that acts for two people keeps them apart. */
export function ownerOf({ client, subject }: Pick<Principal, 'client' | 'subject'>): string {
  return subject === undefined ? client : `${client} for ${subject}`
}
