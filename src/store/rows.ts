// A row of the table of operations, and what the ports call one: sealed columns are opened here and nowhere else.

import type { AttentionReason } from '../contract/durable.ts'
import type { Cipher, NewOperationRow, OperationRow, OperationRowState } from '../contract/store.ts'

/** As the driver gives it. */
export interface StoredOperation {
  readonly id: string
  readonly state: OperationRowState
  readonly promised: boolean
  readonly operation: string
  readonly version: number
  readonly request: Uint8Array
  readonly result: Uint8Array | null
  readonly noted_at: Date
  readonly ended_at: Date | null
  readonly attention: AttentionReason | null
  readonly attention_since: Date | null
}

/** The columns of a `StoredOperation`, for select. */
export const operationColumns =
  'id, state, promised, operation, version, request, result, noted_at, ended_at, attention, attention_since'

/** Encrypts what a row holds of an operation's content, each under the row's id, so that no row can be taken for another. */
export interface Seal {
  request(row: Pick<NewOperationRow, 'id' | 'fingerprint' | 'start'>): Uint8Array
  result(id: string, result: object): Uint8Array
  /** Throws what `Cipher.open` throws. */
  open(stored: StoredOperation): OperationRow
}

/** What is sealed of a request. */
type SealedRequest = Pick<NewOperationRow, 'fingerprint' | 'start'>

/** A `Seal` over the cipher of the store. */
export function sealing(cipher: Cipher): Seal {
  const seal = (value: object, place: string) => cipher.seal(Buffer.from(JSON.stringify(value)), place)
  const open = <T extends object>(sealed: Uint8Array, place: string): T =>
    JSON.parse(Buffer.from(cipher.open(sealed, place)).toString('utf8'))
  return {
    request: ({ id, fingerprint, start }) => seal({ fingerprint, start }, `${id}/request`),
    result: (id, result) => seal(result, `${id}/result`),
    open(stored) {
      const { id, state, operation, version, result } = stored
      const { fingerprint, start } = open<SealedRequest>(stored.request, `${id}/request`)
      return {
        ...{ id, state, operation, version, fingerprint, start },
        notedAt: stored.noted_at.toISOString(),
        ...(state === 'noted' && { promised: stored.promised }),
        ...(result && { result: open(result, `${id}/result`) }),
        ...(stored.ended_at && { endedAt: stored.ended_at.toISOString() }),
        ...(stored.attention &&
          stored.attention_since && {
            attention: { reason: stored.attention, since: stored.attention_since.toISOString() },
          }),
      }
    },
  }
}
