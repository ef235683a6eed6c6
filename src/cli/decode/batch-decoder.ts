// Turns a batch of records into lines of JSON: what a thread does of a file whose records another thread cuts.

import { isFailure } from '../../error/failure.ts'
import type { RecordTypes } from '../records/record-types.ts'
import { type Batch, places } from './batches.ts'
import type { Setting } from './job.ts'
import { lineDecoder } from './line-decoder.ts'
import { type ToldFailure, toldFailure } from './told-failure.ts'

export interface DecodedBatch {
  readonly id: number
  readonly lines: Uint8Array
  readonly failures: readonly FailedRecord[]
}

export interface FailedRecord {
  readonly index: number
  readonly failure: ToldFailure
}

export function batchDecoder(types: RecordTypes, { options }: Setting): (batch: Batch) => DecodedBatch {
  const lines = lineDecoder(types)
  const keepGoing = options['keep-going'] === true

  /** Decodes a batch of equal records at once. False where it is none. */
  function decodeInBulk({ bytes, ends }: Batch, failures: FailedRecord[]): boolean {
    const { bulk } = types
    if (!bulk || ends.length * bulk.recordLength !== bytes.length) return false
    if (ends.some((end, index) => end !== (index + 1) * bulk.recordLength)) return false
    try {
      bulk.decodeLines(bytes, 0, bytes.length, lines.sink, (error, index) => {
        if (!isFailure(error)) throw error
        failures.push({ index, failure: toldFailure(error) })
        if (!keepGoing) throw error
      })
    } catch (error) {
      // The first failure ends a batch; it is among the failures already.
      if (!isFailure(error)) throw error
    }
    return true
  }

  function decodeEach({ bytes, ends, places: placed }: Batch, failures: FailedRecord[]): void {
    let start = 0
    for (const [index, end] of ends.entries()) {
      const failed = lines.append(bytes, start, end, places[placed[index] ?? 1] ?? 'body')
      if (failed) {
        failures.push({ index, failure: toldFailure(failed) })
        if (!keepGoing) break
      }
      start = end
    }
  }

  return (batch) => {
    const failures: FailedRecord[] = []
    if (!decodeInBulk(batch, failures)) decodeEach(batch, failures)
    return { id: batch.id, lines: lines.take(), failures }
  }
}
