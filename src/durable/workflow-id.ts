// The identity of an operation: the workflow id that a key gives, and the fingerprint that tells a repeat from another request.

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { OperationStart, StartRequest } from '../contract/durable.ts'
import { canonicalJson } from '../contract/json.ts'
import type { OperationRow } from '../contract/store.ts'

/** What identifies an operation: equal values give the same id. */
type Identity = Pick<StartRequest, 'start' | 'key'>

const identityOf = ({ start, key }: Identity) => JSON.stringify([start.operation, start.version, start.client, key])

const named = ({ start }: Identity, hash: string) => `${start.operation}-v${start.version}-${hash.slice(0, 32)}`

/**
 * `transferFunds-v1-` and 128 bits of HMAC-SHA-256 in hexadecimal. Ids are stored in clear and are handed out, and a key may hold
 * anything its sender likes, or be easy to guess: so only the name of the operation can be read in an id, and without the secret
 * nobody can tell the id that a key gives.
 */
export function workflowIdOf(identity: Identity, idKey: Uint8Array): string {
  return named(identity, createHmac('sha256', idKey).update(identityOf(identity)).digest('hex'))
}

/** The id that the same key gave before there was a secret: plain SHA-256. */
export function formerWorkflowIdOf(identity: Identity): string {
  return named(identity, createHash('sha256').update(identityOf(identity)).digest('hex'))
}

/** Keyed by a salt of its own, so that equal requests cannot be told by equal fingerprints. Kept encrypted, in row and memo. */
export type Fingerprint = {
  readonly salt: string
  readonly digest: string
}

/** As `fingerprintOf` made it for a row: the store takes it as it is. */
export const fingerprintIn = ({ fingerprint }: Pick<OperationRow, 'fingerprint'>) => fingerprint as Fingerprint

/** What must be equal for a request to be a repeat. */
export type Repeatable = {
  readonly workflowType: string
  readonly start: Pick<OperationStart, 'input' | 'call'>
}

/** HMAC-SHA-256 of the request's canonical JSON, keyed by the salt. */
export function fingerprintOf(request: Repeatable, salt: string = randomBytes(16).toString('hex')): Fingerprint {
  const { workflowType, start } = request
  const content = canonicalJson([workflowType, start.input, start.call?.adapter ?? '', start.call?.transaction ?? ''])
  return { salt, digest: createHmac('sha256', Buffer.from(salt, 'hex')).update(content).digest('hex') }
}

/** Whether a request has this fingerprint; compared in constant time. */
export function sameRequest(request: Repeatable, { salt, digest }: Fingerprint): boolean {
  const own = Buffer.from(fingerprintOf(request, salt).digest, 'hex')
  const other = Buffer.from(digest, 'hex')
  return own.length === other.length && timingSafeEqual(own, other)
}
