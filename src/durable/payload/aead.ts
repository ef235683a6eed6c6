// AES-256-GCM (NIST SP 800-38D) as payloads in Temporal and rows of the store use it, with random nonces.
//
//   ┌────────────┬────────────┬──────────┐
//   │ nonce (12) │ ciphertext │ tag (16) │      authenticated with it: a context, which is not stored
//   └────────────┴────────────┴──────────┘

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { failure } from '../../error/failure.ts'
import type { PayloadKey } from '../settings.ts'

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** The keys by their ids. Throws PAYLOAD_KEYS_INVALID for a key that is not 32 bytes long or an id given twice. */
export function keysById(keys: readonly PayloadKey[]): ReadonlyMap<string, Uint8Array> {
  const byId = new Map<string, Uint8Array>()
  for (const { id, key } of keys) {
    if (key.length !== 32)
      throw failure('PAYLOAD_KEYS_INVALID', { id, problem: `has ${key.length} bytes instead of 32` })
    if (byId.has(id)) throw failure('PAYLOAD_KEYS_INVALID', { id, problem: 'is given twice' })
    byId.set(id, key)
  }
  return byId
}

/** Encrypts with a 32-byte key: nonce, ciphertext and tag. `context` must be given again to open it. */
export function sealBytes(plain: Uint8Array, key: Uint8Array, context: string): Uint8Array {
  const nonce = randomBytes(nonceBytes)
  const aead = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes })
  aead.setAAD(Buffer.from(context))
  return Buffer.concat([nonce, aead.update(plain), aead.final(), aead.getAuthTag()])
}

/** Throws what Node throws when the key is another one, or the bytes or the context were changed. */
export function openBytes(sealed: Uint8Array, key: Uint8Array, context: string): Uint8Array {
  const aead = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
  aead.setAAD(Buffer.from(context))
  aead.setAuthTag(sealed.subarray(-tagBytes))
  return Buffer.concat([aead.update(sealed.subarray(nonceBytes, -tagBytes)), aead.final()])
}
