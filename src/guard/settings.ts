// What the guard is told at start: which issuers are trusted, and what a token has to be made out for.

/** An authorization server whose access tokens are taken. */
export interface IssuerSettings {
  /** Short and never changed: it is part of the name of each client, and so of the ids of their operations. */
  readonly name: string
  /** The issuer identifier (RFC 8414 section 2), an https URL; http on loopback alone. */
  readonly issuer: string
  /** A token is made out for one of these (`aud`). */
  readonly audiences: readonly string[]
}

/** The settings of the guard. */
export interface GuardSettings {
  readonly issuers: readonly [IssuerSettings, ...IssuerSettings[]]
  /** PEM of further authorities that the certificates of issuers are checked against. */
  readonly ca?: string
  /** Whether a DPoP proof has to carry a nonce of ours (RFC 9449 section 9). */
  readonly dpopNonce?: boolean
  /** Secret that all nodes share; nonces are made with it. */
  readonly secret: Uint8Array
}

/** How far the clock of an issuer or a caller may be ahead of ours: what FAPI 2.0 wants to be taken (section 5.3.2.1). */
export const skewSeconds = 10
