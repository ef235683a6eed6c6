// The certificate of a caller behind a proxy that ends TLS (RFC 9440): taken from one proxy, which shows a certificate of its own.
//
//   Client-Cert: :MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRo…Q==:

import { X509Certificate } from 'node:crypto'
import type { HttpCredentials } from '../../operation/principal.ts'
import { thumbprintOf } from './thumbprint.ts'

/**
 * The thumbprint of the certificate that counts for a request: that of the caller where the proxy is the peer, else that of the peer. Anybody can write the
 * header, so that from all others it says nothing. `proxy` and `peer`: thumbprints, as `x5t#S256` has them.
 */
export function certificateBehind(
  proxy: string | undefined,
  peer: string | undefined,
  headers: HttpCredentials['headers'],
): string | undefined {
  if (proxy === undefined || peer !== proxy) return peer
  const [, text] = /^:([A-Za-z0-9+/]{4,16000}={0,2}):$/.exec(String(headers['client-cert'] ?? '')) ?? []
  return text === undefined ? undefined : thumbprintIn(Buffer.from(text, 'base64'))
}

/** The proxy vouches for the chain; the date is looked at here all the same. */
function thumbprintIn(bytes: Uint8Array): string | undefined {
  try {
    const { raw, validFrom, validTo } = new X509Certificate(bytes)
    return Date.parse(validFrom) <= Date.now() && Date.now() < Date.parse(validTo) ? thumbprintOf(raw) : undefined
  } catch {
    return undefined
  }
}
