// What names a certificate in tokens that are bound to one (RFC 8705).

import { createHash } from 'node:crypto'

/** base64url of SHA-256 over the DER, as the claim `x5t#S256` has it. */
export function thumbprintOf(certificate: Uint8Array): string {
  return createHash('sha256').update(certificate).digest('base64url')
}
