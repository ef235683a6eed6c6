// The identity of an operation: the workflow id that a key gives, and the fingerprint that tells a repeat from another request.

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { StartRequest } from '../contract/durable.ts'
import { canonicalJson } from '../contract/json.ts'

/**
 * `transferFunds-v1-` and 128 bits of SHA-256 in hexadecimal. Ids are stored in clear, and a key may hold anything its
 * sender likes: so only the name of the operation can be read in it.
 */
export function workflowIdOf({ start, key }: StartRequest): string {
  const identity = JSON.stringify([start.operation, start.version, start.client, key])
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 32)
  return `${start.operation}-v${start.version}-${hash}`
}

/** Keyed by a salt of its own, so that equal requests cannot be told by equal fingerprints. Kept in the (encrypted) memo. */
export interface Fingerprint {
  readonly salt: string
  readonly digest: string
}

export function fingerprintOf(request: StartRequest, salt: string = randomBytes(16).toString('hex')): Fingerprint {
  const { workflowType, start } = request
  const content = canonicalJson([workflowType, start.input, start.call?.adapter ?? '', start.call?.transaction ?? ''])
  return { salt, digest: createHmac('sha256', Buffer.from(salt, 'hex')).update(content).digest('hex') }
}

export function sameRequest(request: StartRequest, { salt, digest }: Fingerprint): boolean {
  const own = Buffer.from(fingerprintOf(request, salt).digest, 'hex')
  const other = Buffer.from(digest, 'hex')
  return own.length === other.length && timingSafeEqual(own, other)
}
