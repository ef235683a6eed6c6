// What this API says of itself as an OAuth 2.0 protected resource (RFC 9728): whose tokens it takes, and how they are shown.

import type { FastifyInstance } from 'fastify'
import type { Catalog } from '../../contract/catalog.ts'
import { tokenAlgorithms } from '../../operation/principal.ts'
import { baseUrlOf, metadataPath } from './credentials.ts'

/** Serves the metadata under the well-known path of RFC 9728. */
export function addMetadata(app: FastifyInstance, catalog: Catalog, issuers: readonly string[]): void {
  const scopes = new Set(catalog.operations.flatMap(({ definition }) => definition.scopes ?? []))
  app.get(metadataPath, async (request) => ({
    resource: baseUrlOf(request),
    authorization_servers: issuers,
    scopes_supported: [...scopes].sort(),
    bearer_methods_supported: ['header'],
    tls_client_certificate_bound_access_tokens: true,
    dpop_signing_alg_values_supported: tokenAlgorithms,
  }))
}
