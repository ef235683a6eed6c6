// Turns a batch of records into lines of JSON: what is done of a file whose records must be found first.

import type { BulkDecoder } from '../../codec/bulk/bulk-decoder.ts'
import { type Failure, isFailure } from '../../error/failure.ts'
import type { RecordTypes } from '../record/record-types.ts'
import { restoredFailure, serializedFailure } from '../thread/serialized-failure.ts'
import type { Batch, BatchAnswer } from '../thread/tasks.ts'
import { places } from './batches.ts'
import { lineDecoder } from './line-decoder.ts'

/** The lines of a batch, and its records that have none. */
export interface DecodedBatch {
  readonly lines: Uint8Array
  readonly failures: readonly FailedRecord[]
}

/** A record of a batch by its index, and what is wrong with it. */
export interface FailedRecord {
  readonly index: number
  readonly failure: Failure
}

/** Without `keepGoing` a batch ends at its first failure. */
export function batchDecoder(types: RecordTypes, keepGoing: boolean): (batch: Batch) => DecodedBatch {
  const { bulk } = types
  const lines = lineDecoder(types)
  return ({ bytes, ends, places: placed }) => {
    const failures: FailedRecord[] = []
    const one = (index: number): void => {
      const failed = lines.append(bytes, ends[index - 1] ?? 0, ends[index] ?? 0, places[placed[index] ?? 1] ?? 'body')
      if (failed) failures.push({ index, failure: failed })
    }
    /** Decodes records of the one length at once. */
    const some = (first: number, count: number, { recordLength, decodeLines }: BulkDecoder): void => {
      const start = ends[first - 1] ?? 0
      try {
        decodeLines(bytes, start, start + count * recordLength, lines.sink, (error, index) => {
          if (!isFailure(error)) throw error
          failures.push({ index: first + index, failure: error })
          if (!keepGoing) throw error
        })
      } catch (error) {
        if (!isFailure(error)) throw error // A failure is among the failures already.
      }
    }
    for (let index = 0; index < ends.length && (keepGoing || failures.length === 0); ) {
      const count = bulk ? equalRecords(ends, index, bulk.recordLength) : 0
      if (bulk && count > 0) some(index, count, bulk)
      else one(index)
      index += Math.max(count, 1)
    }
    return { lines: lines.take(), failures }
  }
}

/** How many records from one on have this length. */
function equalRecords(ends: Uint32Array, from: number, length: number): number {
  let end = ends[from - 1] ?? 0
  let index = from
  for (; ends[index] === end + length; index += 1) end += length
  return index - from
}

/** The batch for another thread. */
export function batchAnswer({ lines, failures }: DecodedBatch): BatchAnswer {
  return { lines, failures: failures.map(({ index, failure }) => ({ index, failure: serializedFailure(failure) })) }
}

/** The batch that another thread decoded. */
export function decodedBatch({ lines, failures }: BatchAnswer): DecodedBatch {
  return { lines, failures: failures.map(({ index, failure }) => ({ index, failure: restoredFailure(failure) })) }
}
