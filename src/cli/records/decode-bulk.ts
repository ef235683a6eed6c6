// Decoding a file of equal records many at once, by the SIMD kernel.

import type { BulkDecoder } from '../../codec/bulk/bulk-decoder.ts'
import { byteSink } from '../../codec/byte-sink.ts'
import { isFailure } from '../../error/failure.ts'
import { recordReader } from '../../frame/reader.ts'
import type { Job } from './decode-job.ts'
import type { RecordTypes } from './record-types.ts'
import { piecesOf, progressBar, put } from './streams.ts'

type BulkJob = Job & { readonly types: RecordTypes & { readonly bulk: BulkDecoder } }

/** Whether all records have the length of the one layout. */
export function isBulk(job: Job): job is BulkJob {
  const { types, format } = job
  return types.bulk !== undefined && format.kind === 'fixed' && format.length === types.bulk.recordLength
}

export async function decodeInBulk({ path, format, skip, last, failed }: Job, bulk: BulkDecoder): Promise<void> {
  const { recordLength } = bulk
  const sink = byteSink(4 * 1024 * 1024)
  const bar = progressBar(path)
  let held = new Uint8Array(0)
  let number = 0
  const take = async (): Promise<void> => {
    const lines = sink.bytes.slice(0, sink.length)
    sink.length = 0
    await put(lines)
  }
  /** Decodes the whole records of `bytes`, those that are wanted; gives what is left. */
  const decode = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
    const whole = Math.floor(bytes.length / recordLength)
    const from = Math.min(whole, Math.max(0, skip - number))
    const to = Math.max(from, Math.min(whole, last - number))
    const before = number
    number += whole
    bulk.decodeLines(bytes, from * recordLength, to * recordLength, sink, (error, index) => {
      if (!isFailure(error)) throw error
      const at = before + from + index
      failed.tell(error, at + 1, at * recordLength)
    })
    return bytes.slice(whole * recordLength)
  }
  try {
    for await (const piece of piecesOf(path, bar.done)) {
      held = decode(held.length === 0 ? piece : joined(held, piece))
      await take()
      if (number >= last) return
    }
    // What is no whole record is told as the reader of any format tells it.
    const rest = recordReader(format, () => undefined, { offset: number * recordLength })
    rest.push(held)
    rest.end()
  } finally {
    bar.end()
    await take()
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}
