// The cipher of the operation store: the payload keys, so that there is one set of keys to keep and to change.
//
//   ┌────────────┬────────┬─────────────────────────────┐
//   │ length (1) │ key id │ nonce, ciphertext, tag      │      authenticated with it: the key id and the place of the row
//   └────────────┴────────┴─────────────────────────────┘

import type { Cipher } from '../../contract/store.ts'
import { failure } from '../../error/failure.ts'
import type { PayloadKey } from '../settings.ts'
import { keysById, openBytes, sealBytes } from './aead.ts'

/** The first key seals, all open. Throws PAYLOAD_KEYS_INVALID. */
export function rowCipher(keys: readonly [PayloadKey, ...PayloadKey[]]): Cipher {
  const byId = keysById(keys)
  const active = keys[0]
  const head = Buffer.from([Buffer.byteLength(active.id), ...Buffer.from(active.id)])
  const context = (id: string, place: string) => `${id}\n${place}`
  return {
    seal: (plain, place) => Buffer.concat([head, sealBytes(plain, active.key, context(active.id, place))]),
    open(sealed, place) {
      const end = 1 + (sealed[0] ?? 0)
      const id = Buffer.from(sealed.subarray(1, end)).toString()
      const key = byId.get(id)
      if (!key) throw failure('PAYLOAD_KEY_UNKNOWN', { id })
      try {
        return openBytes(sealed.subarray(end), key, context(id, place))
      } catch (cause) {
        throw failure('PAYLOAD_UNREADABLE', { id }, { cause })
      }
    },
  }
}
