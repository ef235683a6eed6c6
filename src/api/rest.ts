// The REST API: a route for each operation, /operations/{id}, the API description, the docs page and health.

import type { AddressInfo } from 'node:net'
import { type Logger, pino } from 'pino'
import type { Caller } from '../contract/call.ts'
import type { Catalog } from '../contract/catalog.ts'
import type { Operations } from '../contract/durable.ts'
import { failure } from '../error/failure.ts'
import { type Audit, noAudit } from '../operation/audit.ts'
import { expressLane } from '../operation/express.ts'
import type { HttpCredentials, Identify } from '../operation/principal.ts'
import { stopping } from '../operation/stopping.ts'
import { addMetadata } from './access/metadata.ts'
import { renewTls, type TlsMaterial } from './connection/tls.ts'
import { addDocs } from './docs.ts'
import { addHealth, type Missing } from './health.ts'
import { openApi } from './openapi/openapi.ts'
import { answered } from './rest/request-log.ts'
import { addOperation, addStatusRoute } from './rest/routes.ts'
import { restServer } from './rest/server.ts'
import { basePath, type RestSettings, restDefaults } from './settings.ts'

/** What the REST API stands on. */
export interface RestApiParts {
  readonly catalog: Catalog
  readonly operations: Operations
  readonly caller: Caller
  /** Tells who calls from what a request shows. */
  readonly identify: Identify<HttpCredentials>
  /** Whose access tokens are taken, by their issuer identifiers; undefined where none is wanted. */
  readonly issuers?: readonly string[]
  readonly settings?: Partial<RestSettings>
  readonly log?: Logger
  /** Without it nothing is recorded. */
  readonly audit?: Audit
  /** What this process waits for before it should get requests, by name; an empty list when ready. */
  readonly missing?: Missing
}

/** The REST API of this process. */
export interface RestApi {
  /** Begins to serve. Gives the base URL. Throws DOOR_UNOPENED when the port is taken. */
  listen(): Promise<string>
  /** Takes new certificates for the handshakes to come. Throws where they are no good, and the old ones stay. */
  renew(tls: TlsMaterial): void
  /** Answers what is under way, takes nothing new, and ends; after `drainMs` it cuts what is left. Operations run on. */
  close(): Promise<void>
}

/** Puts the REST API together. Opens nothing before `listen()`. */
export function restApi(parts: RestApiParts): RestApi {
  const settings: RestSettings = { ...restDefaults, ...parts.settings }
  const log = parts.log ?? pino({ name: 'api', base: null })
  const stop = stopping()
  const { operations, identify, audit = noAudit } = parts
  const app = restServer(settings, answered(log, audit), stop)
  const durable = { operations, audit, limits: settings, basePath: basePath(settings), stopping: stop }
  const express = expressLane(parts.caller, settings.readsMax)
  const routes = { ...durable, identify }
  for (const operation of parts.catalog.operations) addOperation(app, operation, { ...routes, express })
  addStatusRoute(app, routes)
  addHealth(app, parts.missing)
  if (parts.issuers) addMetadata(app, parts.catalog, parts.issuers)
  addDocs(app, openApi(parts.catalog, settings), settings)
  return {
    async listen() {
      const { host, port: wanted } = settings
      await app.listen({ host, port: wanted }).catch((cause: NodeJS.ErrnoException) => {
        throw failure('DOOR_UNOPENED', { host, port: wanted, reason: cause.code ?? cause.message }, { cause })
      })
      const { port, family, address } = app.server.address() as AddressInfo
      return `${settings.tls ? 'https' : 'http'}://${family === 'IPv6' ? `[${address}]` : address}:${port}`
    },
    renew(tls) {
      if (settings.tls) renewTls(app.server, tls)
      app.peers.renew(tls.clientAuthorities)
    },
    async close() {
      stop.begin()
      const cut = setTimeout(() => app.server.closeAllConnections(), settings.drainMs)
      try {
        await app.close()
      } finally {
        clearTimeout(cut)
      }
    },
  }
}
