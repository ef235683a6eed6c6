// Encrypts what Temporal stores: AES-256-GCM (NIST SP 800-38D), one key active, retired keys for reading.
//
//   data      ┌────────────┬────────────────────────┬──────────┐
//             │ nonce (12) │ ciphertext             │ tag (16) │     plaintext: the payload as Temporal's protobuf message
//             └────────────┴────────────────────────┴──────────┘
//   metadata  encoding = binary/encrypted, encryption-cipher = AES-256-GCM, encryption-key-id = ID      (the id is authenticated too)
//
// Nonces are random: change the active key before it has encrypted 2^32 payloads.

import type { Payload, PayloadCodec } from '@temporalio/common'
import proto from '@temporalio/proto'
import { failure } from '../../error/failure.ts'
import type { PayloadKey } from '../settings.ts'
import { keysById, openBytes, sealBytes } from './aead.ts'

const cipher = 'AES-256-GCM'
const encoding = 'binary/encrypted'

const utf8 = new TextEncoder()
const text = new TextDecoder()
const PayloadMessage = proto.temporal.api.common.v1.Payload

/** Throws PAYLOAD_KEYS_INVALID for a key that is not 32 bytes long or an id given twice. */
export function payloadCodec(keys: readonly [PayloadKey, ...PayloadKey[]]): PayloadCodec {
  const byId = keysById(keys)
  const active = keys[0]
  return {
    encode: async (payloads) => payloads.map((payload) => encrypt(payload, active)),
    decode: async (payloads) => payloads.map((payload) => (isEncrypted(payload) ? decrypt(payload, byId) : payload)),
  }
}

function encrypt(payload: Payload, { id, key }: PayloadKey): Payload {
  return {
    metadata: {
      encoding: utf8.encode(encoding),
      'encryption-cipher': utf8.encode(cipher),
      'encryption-key-id': utf8.encode(id),
    },
    data: sealBytes(PayloadMessage.encode(payload).finish(), key, id),
  }
}

function decrypt(payload: Payload, keys: ReadonlyMap<string, Uint8Array>): Payload {
  const id = text.decode(payload.metadata?.['encryption-key-id'] ?? undefined)
  const key = keys.get(id)
  if (!key) throw failure('PAYLOAD_KEY_UNKNOWN', { id })
  try {
    return PayloadMessage.decode(openBytes(payload.data ?? new Uint8Array(), key, id))
  } catch (cause) {
    throw failure('PAYLOAD_UNREADABLE', { id }, { cause })
  }
}

/** Payloads without encryption pass: an operator's update comes from the Temporal UI in clear when it has no codec server. */
function isEncrypted(payload: Payload): boolean {
  const bytes = payload.metadata?.encoding
  return bytes !== undefined && bytes !== null && text.decode(bytes) === encoding
}
