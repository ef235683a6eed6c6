// A worker thread of `decode --threads`: compiles the copybook for itself, then turns batches of records into lines of JSON.

import { parentPort, workerData } from 'node:worker_threads'
import { type Failure, isFailure } from '../../error/failure.ts'
import { type CopybookText, compileText } from './copybook.ts'
import { formatOf, isFixed } from './data-format.ts'
import { lineDecoder } from './decode-records.ts'
import { type Batch, places } from './record-batches.ts'
import { codePageOf } from './record-options.ts'
import { recordTypes } from './record-types.ts'

/** What is wrong with a record, as it goes between threads. */
export interface ToldFailure {
  readonly index: number
  readonly code: string
  readonly facts: Readonly<Record<string, string | number | undefined>>
  readonly excerpt: string | undefined
}

export interface DecodedBatch {
  readonly id: number
  readonly lines: Uint8Array
  readonly failures: readonly ToldFailure[]
}

const { text, options } = workerData as { text: CopybookText; options: Readonly<Record<string, string | boolean>> }
const page = codePageOf(options)
const types = recordTypes(compileText(text, options), options, (length) => isFixed(formatOf(options, page, length)))
const lines = lineDecoder(types)
const keepGoing = options['keep-going'] === true

/** Decodes a batch of equal records at once. False where it is none. */
function decodeInBulk({ bytes, ends }: Batch, failures: ToldFailure[]): boolean {
  const { bulk } = types
  if (!bulk || ends.length * bulk.recordLength !== bytes.length) return false
  if (ends.some((end, index) => end !== (index + 1) * bulk.recordLength)) return false
  try {
    bulk.decodeLines(bytes, 0, bytes.length, lines.sink, (error, index) => {
      if (!isFailure(error)) throw error
      failures.push(toldOf(error, index))
      if (!keepGoing) throw error
    })
  } catch (error) {
    // The first failure ends a batch; it is among the failures already.
    if (!isFailure(error)) throw error
  }
  return true
}

function toldOf({ code, facts, excerpt }: Failure, index: number): ToldFailure {
  return { index, code, facts, excerpt }
}

parentPort?.on('message', (batch: Batch) => {
  const failures: ToldFailure[] = []
  if (!decodeInBulk(batch, failures)) decodeEach(batch, failures)
  const decoded: DecodedBatch = { id: batch.id, lines: lines.take(), failures }
  parentPort?.postMessage(decoded, [decoded.lines.buffer as ArrayBuffer])
})

function decodeEach({ bytes, ends, places: placed }: Batch, failures: ToldFailure[]): void {
  let start = 0
  for (const [index, end] of ends.entries()) {
    const failed = lines.append(bytes, start, end, places[placed[index] ?? 1] ?? 'body')
    if (failed) {
      failures.push(toldOf(failed, index))
      if (!keepGoing) break
    }
    start = end
  }
}
