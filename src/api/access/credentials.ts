// What of a request tells who calls, as the guard takes it.

import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { HttpCredentials } from '../../operation/principal.ts'
import type { Peers } from './peers.ts'
import { certificateBehind } from './proxy-certificate.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The base URL that callers see, where a gateway stands in front; without it the Host of a request counts. */
    publicUrl: string | undefined
    peers: Peers
    /** The thumbprint of the one proxy that tells callers' certificates. */
    certificateProxy: string | undefined
  }
}

/** Takes from a request what the guard looks at. */
export function credentialsOf(request: FastifyRequest): HttpCredentials {
  const { method, headers, raw, server } = request
  const certificate = certificateBehind(server.certificateProxy, server.peers.certificateOf(raw.socket), headers)
  const url = `${baseUrlOf(request)}${pathOf(request.url)}`
  return { method, headers, url, ...(certificate && { certificate }) }
}

/** Without query, and as the router takes it from a target in absolute form (RFC 9112 section 3.2.2). */
const pathOf = (target: string) => target.replace(/^https?:\/\/.*?\//, '/').split('?', 1)[0]

/** Where this API describes itself as a protected resource (RFC 9728 section 3.1), as the caller sees it. */
export function metadataUrl(request: FastifyRequest): string {
  const { origin, pathname } = new URL(baseUrlOf(request))
  return `${origin}${metadataPath}${pathname === '/' ? '' : pathname}`
}

/** The well-known path of RFC 9728. */
export const metadataPath = '/.well-known/oauth-protected-resource'

/**
 * The base URL of this API as its callers see it, without a slash at its end. A caller by HTTP/1.0 may name no host; no proof is made for
 * the one that stands in its place (RFC 6761 section 6.4).
 */
export function baseUrlOf({ server, raw, host }: FastifyRequest): string {
  return server.publicUrl?.replace(/\/+$/, '') ?? `${isTls(raw) ? 'https' : 'http'}://${host || 'host.invalid'}`
}

const isTls = ({ socket }: IncomingMessage) => 'encrypted' in socket
