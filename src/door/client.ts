// Who asks. One place, so that the guard can put the authenticated client here; until then every caller is the same.

import type { FastifyRequest } from 'fastify'

/** The client that a request comes from: the scope of its idempotency keys. */
export function clientOf(_request: FastifyRequest): string {
  return 'local'
}
