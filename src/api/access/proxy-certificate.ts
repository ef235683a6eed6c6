// The certificate of a caller behind a proxy that ends TLS (RFC 9440): taken from one proxy, which shows a certificate of its own.
//
//   Client-Cert: :MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRo…Q==:

import { createHash, X509Certificate } from 'node:crypto'
import type { HttpCredentials } from '../../operation/principal.ts'

/**
 * The certificate that counts for a request: that of the caller where the proxy is the peer, else that of the peer. Anybody can write the
 * header, so that from all others it says nothing. `proxy`: SHA-256 of the proxy's certificate in base64url, as `x5t#S256` has it.
 */
export function certificateBehind(
  proxy: string | undefined,
  peer: Uint8Array | undefined,
  headers: HttpCredentials['headers'],
): Uint8Array | undefined {
  if (proxy === undefined || peer === undefined || thumbprintOf(peer) !== proxy) return peer
  const [, text] = /^:([A-Za-z0-9+/]{4,16000}={0,2}):$/.exec(String(headers['client-cert'] ?? '')) ?? []
  return text === undefined ? undefined : derOf(Buffer.from(text, 'base64'))
}

function thumbprintOf(certificate: Uint8Array): string {
  return createHash('sha256').update(certificate).digest('base64url')
}

/** The proxy vouches for the chain; the date is looked at here all the same. */
function derOf(bytes: Uint8Array): Uint8Array | undefined {
  try {
    const { raw, validFrom, validTo } = new X509Certificate(bytes)
    return Date.parse(validFrom) <= Date.now() && Date.now() < Date.parse(validTo) ? raw : undefined
  } catch {
    return undefined
  }
}
