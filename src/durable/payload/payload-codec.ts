// Encrypts what Temporal stores: AES-256-GCM (NIST SP 800-38D), one key active, retired keys for reading.
//
//   data      ┌────────────┬────────────────────────┬──────────┐
//             │ nonce (12) │ ciphertext             │ tag (16) │     plaintext: the payload as Temporal's protobuf message
//             └────────────┴────────────────────────┴──────────┘
//   metadata  encoding = binary/encrypted, encryption-cipher = AES-256-GCM, encryption-key-id = ID      (the id is authenticated too)
//
// Nonces are random: change the active key before it has encrypted 2^32 payloads.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Payload, PayloadCodec } from '@temporalio/common'
import proto from '@temporalio/proto'
import { failure } from '../../error/failure.ts'
import type { PayloadKey } from '../settings.ts'

const cipher = 'AES-256-GCM'
const encoding = 'binary/encrypted'
const nonceBytes = 12
const tagBytes = 16

const utf8 = new TextEncoder()
const text = new TextDecoder()
const PayloadMessage = proto.temporal.api.common.v1.Payload

/** Throws PAYLOAD_KEYS_INVALID for a key that is not 32 bytes long or an id given twice. */
export function payloadCodec(keys: readonly [PayloadKey, ...PayloadKey[]]): PayloadCodec {
  const byId = new Map<string, Uint8Array>()
  for (const { id, key } of keys) {
    if (key.length !== 32)
      throw failure('PAYLOAD_KEYS_INVALID', { id, problem: `has ${key.length} bytes instead of 32` })
    if (byId.has(id)) throw failure('PAYLOAD_KEYS_INVALID', { id, problem: 'is given twice' })
    byId.set(id, key)
  }
  const active = keys[0]
  return {
    encode: async (payloads) => payloads.map((payload) => encrypt(payload, active)),
    decode: async (payloads) => payloads.map((payload) => (isEncrypted(payload) ? decrypt(payload, byId) : payload)),
  }
}

function encrypt(payload: Payload, { id, key }: PayloadKey): Payload {
  const nonce = randomBytes(nonceBytes)
  const aead = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  aead.setAAD(utf8.encode(id))
  const sealed = [nonce, aead.update(PayloadMessage.encode(payload).finish()), aead.final(), aead.getAuthTag()]
  return {
    metadata: {
      encoding: utf8.encode(encoding),
      'encryption-cipher': utf8.encode(cipher),
      'encryption-key-id': utf8.encode(id),
    },
    data: Buffer.concat(sealed),
  }
}

function decrypt(payload: Payload, keys: ReadonlyMap<string, Uint8Array>): Payload {
  const id = text.decode(payload.metadata?.['encryption-key-id'] ?? undefined)
  const key = keys.get(id)
  if (!key) throw failure('PAYLOAD_KEY_UNKNOWN', { id })
  const data = payload.data ?? new Uint8Array()
  try {
    const aead = createDecipheriv('aes-256-gcm', key, data.subarray(0, nonceBytes), { authTagLength: tagBytes })
    aead.setAAD(utf8.encode(id))
    aead.setAuthTag(data.subarray(-tagBytes))
    return PayloadMessage.decode(Buffer.concat([aead.update(data.subarray(nonceBytes, -tagBytes)), aead.final()]))
  } catch (cause) {
    throw failure('PAYLOAD_UNREADABLE', { id }, { cause })
  }
}

/** Payloads without encryption pass: an operator's update comes from the Temporal UI in clear when it has no codec server. */
function isEncrypted(payload: Payload): boolean {
  const bytes = payload.metadata?.encoding
  return bytes !== undefined && bytes !== null && text.decode(bytes) === encoding
}
