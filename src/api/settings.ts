// What can be set at the REST API, and the defaults. Values come from config.ts through start.ts.

import type { TlsMaterial } from './connection/tls.ts'

/** The settings of the REST API; times in ms, sizes in bytes. */
export interface RestSettings {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** Without it the API is served in plain HTTP. */
  readonly tls: TlsMaterial | undefined
  /** The base URL that callers see, where a gateway stands in front; its path goes before every Location. */
  readonly publicUrl: string | undefined
  /** Title and version of the API, as the OpenAPI document shows them. */
  readonly title: string
  readonly version: string
  /** Who helps callers: an e-mail address or a URL, for the OpenAPI document. */
  readonly contact: string | undefined
  /** URL of the terms under which the API may be used, for the same. */
  readonly licence: string | undefined
  /** Set when callers need tokens: the OpenAPI document then names the scopes of each operation. */
  readonly oauth: { readonly tokenUrl: string } | undefined
  /** SHA-256, in base64url, of the certificate of the one proxy whose header Client-Cert is taken (RFC 9440). */
  readonly certificateProxy: string | undefined
  readonly bodyBytesMax: number
  readonly headerBytesMax: number
  readonly urlLengthMax: number
  /** How long the headers, and the whole request, may take to come in. */
  readonly headersMs: number
  readonly requestMs: number
  readonly keepAliveMs: number
  /** Connections at once, of all callers and of one remote address: those behind one gateway share its address. */
  readonly connectionsMax: number
  readonly addressConnectionsMax: number
  /** How long a write waits for its end before it answers 202, without and at most with `Prefer: wait=N`. */
  readonly waitMsDefault: number
  readonly waitMsMax: number
  /** Reads under way at once, for each adapter. */
  readonly readsMax: number
  /** How long close() waits for answers under way before it cuts connections. */
  readonly drainMs: number
}

/** What holds where nothing is set. */
export const restDefaults: RestSettings = {
  host: '127.0.0.1',
  port: 8080,
  tls: undefined,
  publicUrl: undefined,
  title: 'Mainspan',
  version: '1.0.0',
  contact: undefined,
  licence: undefined,
  oauth: undefined,
  certificateProxy: undefined,
  bodyBytesMax: 65_536,
  headerBytesMax: 16_384,
  urlLengthMax: 4096,
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 65_000,
  connectionsMax: 5000,
  addressConnectionsMax: 1000,
  waitMsDefault: 5000,
  waitMsMax: 30_000,
  readsMax: 100,
  drainMs: 10_000,
}

/** The path under which callers see the door: empty, or like `/bank` without a slash at its end. */
export function basePath(settings: RestSettings): string {
  return settings.publicUrl === undefined ? '' : new URL(settings.publicUrl).pathname.replace(/\/+$/, '')
}
