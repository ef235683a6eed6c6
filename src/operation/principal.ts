// Who calls, by which way they came, and what they may do.

/** A caller whom an API has identified. */
export interface Principal {
  /** Who it is, in words that never change: the scope of its idempotency keys. */
  readonly client: string
  /** The API that it came by. */
  readonly door: 'rest' | 'command'
  /** The scopes that it was granted (OAuth 2.0, RFC 6749 section 3.3); `all` where nothing limits it. */
  readonly scopes: readonly string[] | 'all'
}

/**
 * Tells who calls from what came with the request: the headers of HTTP, the checked user of a message. Throws a Failure for whom it does
 * not let in.
 */
export type Identify<Credentials> = (credentials: Credentials) => Principal | Promise<Principal>
