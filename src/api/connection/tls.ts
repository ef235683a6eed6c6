// The HTTP server under the REST API, plain or over TLS (RFC 8446, BCP 195), and the change of its certificates while it serves.

import { randomBytes } from 'node:crypto'
import { createServer as plainServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { createServer as overTls } from 'node:https'
import { Server as TlsServer } from 'node:tls'

/** What TLS needs, in PEM. */
export interface TlsMaterial {
  readonly certificate: string
  readonly key: string
  /** The authorities of callers' certificates (RFC 8705); without them no caller is asked for one. */
  readonly clientAuthorities?: string
  /** 1.2 for callers who must, and then with AEAD suites alone. */
  readonly least: 'TLSv1.2' | 'TLSv1.3'
}

/** Of TLS 1.2 those with forward secrecy and AEAD (BCP 195 section 4.2); 1.3 has no others. */
const suites = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':')

/** Plain where there is no material. A caller without a certificate, or with one that nobody vouches for, is let in: its token decides. */
export function serverOver(tls: TlsMaterial | undefined, options: ServerOptions, listener: RequestListener): Server {
  if (!tls) return plainServer(options, listener)
  const requestCert = tls.clientAuthorities !== undefined
  return overTls({ ...options, ...contextOf(tls), requestCert, rejectUnauthorized: false }, listener)
}

/**
 * Takes new material for the handshakes to come, and voids the tickets of before: what is resumed shows the certificate that it began with.
 * Calls and connections go on. Throws where the PEM is no good, and the old one stays.
 */
export function renewTls(server: Server, fresh: TlsMaterial): void {
  if (!(server instanceof TlsServer)) return
  server.setSecureContext(contextOf(fresh))
  server.setTicketKeys(randomBytes(48))
}

function contextOf({ certificate, key, clientAuthorities, least }: TlsMaterial) {
  return {
    cert: certificate,
    key,
    minVersion: least,
    ciphers: suites,
    honorCipherOrder: true,
    ...(clientAuthorities !== undefined && { ca: clientAuthorities }),
  }
}
