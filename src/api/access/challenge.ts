// What a refused caller is told to show: WWW-Authenticate (RFC 6750 section 3, RFC 9449 sections 5 and 7.1, RFC 9728 section 5.1).

import type { Failure } from '../../error/failure.ts'
import { tokenAlgorithms } from '../../operation/principal.ts'

/** The error of a challenge, by the code of the refusal; without one the request carried nothing that could be wrong. */
const errors: Readonly<Record<string, string | undefined>> = {
  TOKEN_MISSING: undefined,
  TOKEN_INVALID: 'invalid_token',
  PROOF_INVALID: 'invalid_dpop_proof',
  PROOF_NONCE_WANTED: 'use_dpop_nonce',
  SCOPE_MISSING: 'insufficient_scope',
}

const dpop = `algs="${tokenAlgorithms.join(' ')}"`

/** The headers of a refusal by the guard, none of any other. `metadata` is where this API describes itself (RFC 9728). */
export function challengeOf({ code, facts }: Failure, metadata: () => string): Readonly<Record<string, string>> {
  if (!Object.hasOwn(errors, code)) return {}
  const error = errors[code]
  const scope = code === 'SCOPE_MISSING' ? [`scope="${facts.scopes}"`] : []
  const common = [...(error === undefined ? [] : [`error="${error}"`]), ...scope, `resource_metadata="${metadata()}"`]
  const isOfProof = error === 'invalid_dpop_proof' || error === 'use_dpop_nonce'
  const schemes = [`DPoP ${[...common, dpop].join(', ')}`, ...(isOfProof ? [] : [`Bearer ${common.join(', ')}`])]
  return {
    'www-authenticate': schemes.join(', '),
    ...(code === 'PROOF_NONCE_WANTED' && { 'dpop-nonce': String(facts.nonce) }),
  }
}
