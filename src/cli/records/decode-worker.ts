// A worker thread of `decode --threads`: compiles the copybook for itself, then turns batches of records into lines of JSON.

import { parentPort, workerData } from 'node:worker_threads'
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
const lines = lineDecoder(
  recordTypes(compileText(text, options), options, (length) => isFixed(formatOf(options, page, length))),
)

parentPort?.on('message', ({ id, bytes, ends, places: placed }: Batch) => {
  const failures: ToldFailure[] = []
  let start = 0
  for (const [index, end] of ends.entries()) {
    const failed = lines.append(bytes, start, end, places[placed[index] ?? 1] ?? 'body')
    if (failed) {
      failures.push({ index, code: failed.code, facts: failed.facts, excerpt: failed.excerpt })
      if (!options['keep-going']) break
    }
    start = end
  }
  const decoded: DecodedBatch = { id, lines: lines.take(), failures }
  parentPort?.postMessage(decoded, [decoded.lines.buffer as ArrayBuffer])
})
