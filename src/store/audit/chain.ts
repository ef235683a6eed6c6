// One stream of the audit: the records of one life of a process, each bound to the one before it.
//
//   hash (n)  =  SHA-256 ( hash (n-1) ‖ n as 8 bytes, big endian ‖ body (n) in UTF-8 )          hash (0) is 32 zero bytes
//   seal      =  Ed25519 ( stream as 16 bytes ‖ n as 8 bytes ‖ hash (n) )                       on the last record of each write

import { createHash, randomBytes } from 'node:crypto'
import type { SealKey } from './seal-key.ts'

/** A record by its place in the audit. Hashes are in hexadecimal. */
export interface AuditHead {
  readonly stream: string
  readonly seq: number
  readonly hash: string
}

/** Records that are written in one statement, and stay as they are until they have been. */
export interface ChainedBatch {
  readonly firstSeq: number
  readonly bodies: readonly string[]
  readonly hashes: readonly string[]
  /** Of the last record. */
  readonly seal: Uint8Array
}

/** A stream that grows. */
export interface Chain {
  readonly stream: string
  /** The last record that was added; `seq` 0 before the first one. */
  readonly head: AuditHead
  add(bodies: readonly string[]): ChainedBatch
}

/** What the first record of a stream follows. */
export const genesis: Uint8Array = new Uint8Array(32)

/** The hash of a record. */
export function hashOf(previous: Uint8Array, seq: number, body: string): Buffer {
  return createHash('sha256').update(previous).update(int8(seq)).update(body).digest()
}

/** What a seal is made over. */
export function sealed(stream: string, seq: number, hash: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(stream.replaceAll('-', ''), 'hex'), int8(seq), hash])
}

function int8(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

/** A new stream. */
export function newChain(key: SealKey): Chain {
  const stream = streamId(Date.now())
  let seq = 0
  let last: Uint8Array = genesis
  return {
    stream,
    get head() {
      return { stream, seq, hash: Buffer.from(last).toString('hex') }
    },
    add(bodies) {
      const firstSeq = seq + 1
      const hashes = bodies.map((body) => {
        seq += 1
        const hash = hashOf(last, seq, body)
        last = hash
        return hash.toString('hex')
      })
      return { firstSeq, bodies, hashes, seal: key.seal(sealed(stream, seq, last)) }
    },
  }
}

/** A UUID of version 7 (RFC 9562 section 5.7): a stream that begins later sorts later. */
function streamId(now: number): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
