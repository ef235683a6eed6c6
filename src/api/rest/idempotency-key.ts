// The header Idempotency-Key: one intent of a caller, the same on every repetition
// (draft-ietf-httpapi-idempotency-key-header-07: a structured-field String; a bare key is accepted as well).

import { failure } from '../../error/failure.ts'

/** A header value that `idempotencyKey` takes, as a pattern for the API description. */
export const keyPattern =
  '^(?:[\\x21\\x23-\\x7e][\\x21-\\x7e]{0,254}|"(?:[\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\["\\\\]){1,255}")$'

const visible = /^[\x21-\x7e]{1,255}$/
const quoted = /^"((?:[^"\\]|\\["\\])*)"$/

/**
 * The key in the header's value: quoted (RFC 9651 section 3.3.3) or bare, 1 to 255 visible ASCII characters.
 * `"abc"` and `abc` are the same key. Throws IDEMPOTENCY_KEY_MISSING or IDEMPOTENCY_KEY_MALFORMED.
 */
export function idempotencyKey(header: string | readonly string[] | undefined): string {
  if (header === undefined || header === '') throw failure('IDEMPOTENCY_KEY_MISSING', {})
  const value = typeof header === 'string' ? header.trim() : ''
  const inside = value.startsWith('"') ? quoted.exec(value)?.[1]?.replace(/\\(["\\])/g, '$1') : value
  if (inside === undefined || !visible.test(inside)) throw failure('IDEMPOTENCY_KEY_MALFORMED', {})
  return inside
}
