// A worker thread of `decode --threads`: compiles the copybook for itself, then turns batches of records into lines of JSON.

import { parentPort, workerData } from 'node:worker_threads'
import { isFailure } from '../../error/failure.ts'
import { type Batch, places } from './batches.ts'
import { type Setting, typesOf } from './job.ts'
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

const setting = workerData as Setting
const types = typesOf(setting)
const lines = lineDecoder(types)
const keepGoing = setting.options['keep-going'] === true

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

parentPort?.on('message', (batch: Batch) => {
  const failures: FailedRecord[] = []
  if (!decodeInBulk(batch, failures)) decodeEach(batch, failures)
  const decoded: DecodedBatch = { id: batch.id, lines: lines.take(), failures }
  parentPort?.postMessage(decoded, [decoded.lines.buffer as ArrayBuffer])
})

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
