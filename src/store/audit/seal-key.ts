// The key that seals the audit: Ed25519 (RFC 8032), made from the installation's secret, so that there is no other key to keep. Whoever has
// the public key can check seals and make none.

import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from 'node:crypto'

/** Makes seals. */
export interface SealKey {
  readonly publicKey: PublicSealKey
  seal(message: Uint8Array): Uint8Array
}

/** Checks seals. */
export interface PublicSealKey {
  /** The 32 bytes of the key in base64url. */
  readonly text: string
  fits(seal: Uint8Array, message: Uint8Array): boolean
}

/** What stands before the 32 bytes of a key in PKCS #8 and in SubjectPublicKeyInfo (RFC 8410). */
const privateHead = Buffer.from('302e020100300506032b657004220420', 'hex')
const publicHead = Buffer.from('302a300506032b6570032100', 'hex')

/** The key of an installation: HKDF-SHA-256 (RFC 5869) of its secret, the one that ids are made with, which never changes. */
export function sealKey(idKey: Uint8Array): SealKey {
  const seed = Buffer.from(hkdfSync('sha256', idKey, '', 'mainspan audit seal 1', 32))
  const key = createPrivateKey({ key: Buffer.concat([privateHead, seed]), format: 'der', type: 'pkcs8' })
  return {
    publicKey: publicSealKey(createPublicKey(key)),
    seal: (message) => sign(null, message, key),
  }
}

function publicSealKey(key: KeyObject): PublicSealKey {
  const der = key.export({ format: 'der', type: 'spki' })
  return {
    text: der.subarray(publicHead.length).toString('base64url'),
    fits: (seal, message) => verify(null, message, key, seal),
  }
}

/** The key that was printed as `text`; undefined when it is none. */
export function publicKeyOf(text: string): PublicSealKey | undefined {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== 32 || bytes.toString('base64url') !== text) return undefined
  return publicSealKey(createPublicKey({ key: Buffer.concat([publicHead, bytes]), format: 'der', type: 'spki' }))
}
