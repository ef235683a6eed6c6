// Decodes a chunk of records by the SIMD kernel: their lines, and the report of those that cannot be read.

import type { BulkDecoder, Output } from '../../codec/bulk/bulk-decoder.ts'
import { type Failure, isFailure } from '../../error/failure.ts'
import { recordReader } from '../../frame/reader.ts'
import type { FailureReporter } from '../thread/failure-reporter.ts'
import type { RecordFile } from '../thread/tasks.ts'
import type { Chunk } from './chunks.ts'

/** What became of a chunk. */
export interface DecodedChunk {
  /** They lie in the kernel's memory until the output is filled again. */
  readonly lines: Uint8Array
  /** Reports what was wrong with its records, once its lines are written; may throw to end it all. Undefined where all is well. */
  readonly report: (() => void) | undefined
}

/** What decoding a chunk takes. */
export interface ChunkDecoder {
  readonly bulk: BulkDecoder
  readonly file: RecordFile
  readonly failed: FailureReporter
}

/** Decodes a chunk whose records stand in the kernel's input from index `from` on. */
export function decodeChunk(
  { bulk, file, failed }: ChunkDecoder,
  chunk: Chunk,
  from: number,
  output: Output,
): DecodedChunk {
  const { before, offset, records, rest } = chunk
  const failures: { readonly error: Failure; readonly index: number }[] = []
  try {
    bulk.decodeInput(from, from + records, output, (error, index) => {
      if (!isFailure(error)) throw error
      failures.push({ error, index: index - from })
      if (!failed.goesOn) throw error
    })
  } catch (error) {
    if (failures.at(-1)?.error !== error) throw error // It is reported when the lines before it are written.
  }
  const report = (): void => {
    for (const { error, index } of failures)
      failed.report(error, before + index + 1, offset + index * file.recordLength)
    if (rest > 0) reportRest(file, chunk)
  }
  return { lines: bulk.lines(output), report: failures.length > 0 || rest > 0 ? report : undefined }
}

/** What is no whole record is reported as the reader of any format reports it. */
function reportRest({ recordLength }: RecordFile, { offset, records, rest }: Chunk): void {
  const format = { kind: 'fixed', length: recordLength } as const
  const reader = recordReader(format, () => undefined, { offset: offset + records * recordLength })
  reader.push(new Uint8Array(rest))
  reader.end()
}
