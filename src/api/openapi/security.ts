// How the description tells what callers have to show: the token's scopes for each operation, and the refusals of who lacks them.

import type { ResolvedOperation } from '../../contract/catalog.ts'
import { failure } from '../../error/failure.ts'
import { problemOf } from '../problem.ts'
import { limited } from './limits.ts'
import { exampleRequest, problemResponse, shared } from './responses.ts'

/** An operation of the description. */
export interface DescribedOperation {
  readonly responses: object
  readonly [member: string]: unknown
}

/** The operation behind a guard. Where the core, too, has a refusal with the same status, the core's is the one that is described. */
export function guarded(described: DescribedOperation, scopes: readonly string[]): DescribedOperation {
  const responses = { 401: shared('Unauthorized'), 403: shared('Forbidden'), ...described.responses }
  return { ...described, security: [{ oauth2: scopes }], responses }
}

/** The scheme of tokens, with every scope that an operation needs. */
export function oauthScheme(operations: readonly ResolvedOperation[], tokenUrl: string): object {
  const scopes = [...new Set(operations.flatMap(({ definition }) => definition.scopes ?? []))].sort()
  return {
    type: 'oauth2',
    description:
      'FAPI 2.0: access tokens are JWTs (RFC 9068, RFC8725), bound to a DPoP key (RFC 9449) or to the certificate of mutual TLS (RFC 8705).',
    flows: { clientCredentials: { tokenUrl, scopes: Object.fromEntries(scopes.map((scope) => [scope, scope])) } },
  }
}

/** What refusals by the guard carry, for `components.headers`. */
export const guardHeaders = {
  Challenge: {
    description: 'What to show (RFC 6750, RFC 9449), and where this API describes itself (RFC 9728).',
    schema: limited({ type: 'string', pattern: '^(?:DPoP|Bearer) .+$', maxLength: 4096 }),
    example: 'DPoP error="invalid_token", algs="PS256 ES256 EdDSA"',
  },
}

/** Refusals by the guard, for `components.responses`. */
export const guardResponses = {
  Unauthorized: problemResponse(
    'No access token, or none that is accepted. Nothing was done.',
    {
      tokenMissing: problemOf(failure('TOKEN_MISSING', {}), exampleRequest),
      proofInvalid: problemOf(failure('PROOF_INVALID', { problem: 'it was used before' }), exampleRequest),
    },
    'WWW-Authenticate',
  ),
  Forbidden: problemResponse(
    'The access token lacks a scope. Nothing was done.',
    { scopeMissing: problemOf(failure('SCOPE_MISSING', { scopes: 'accounts:read' }), exampleRequest) },
    'WWW-Authenticate',
  ),
}
