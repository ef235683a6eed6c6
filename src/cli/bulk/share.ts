// What one thread does of a file of equal records: takes chunks, decodes them by the SIMD kernel, and hands out their lines.

import type { BulkDecoder, Output } from '../../codec/bulk/bulk-decoder.ts'
import { type Failure, isFailure } from '../../error/failure.ts'
import { recordReader } from '../../frame/reader.ts'
import type { FailureTeller } from '../decode/job.ts'
import { type Chunk, type RecordFile, readChunk } from './chunks.ts'
import type { DecodedChunk, LinesOut } from './lines-out.ts'
import type { Turns } from './turns.ts'

export interface Share {
  readonly bulk: BulkDecoder
  readonly file: RecordFile
  readonly turns: Turns
  readonly failed: FailureTeller
  readonly out: LinesOut
  /** Is told how far the file is read. */
  readonly read: (offset: number) => void
}

/** Decodes the chunks that this thread gets, until there are no more, into one output after the other. */
export async function decodeShare(share: Share): Promise<void> {
  const { bulk, file, turns, out } = share
  let output: Output = 0
  for (;;) {
    await out.settle(output)
    const chunk = turns.isEnded ? undefined : readChunk(file, turns, bulk.input)
    if (!chunk) break
    share.read(turns.progress.offset)
    out.put(output, decodeChunk(share, chunk, output))
    output = (output + 1) % bulk.outputs
  }
  // The oldest first.
  for (let left = 1; left < bulk.outputs; left += 1) await out.settle((output + left) % bulk.outputs)
}

function decodeChunk({ bulk, file, failed }: Share, chunk: Chunk, output: Output): DecodedChunk {
  const failures: { readonly error: Failure; readonly index: number }[] = []
  try {
    bulk.decodeInput(0, chunk.records, output, (error, index) => {
      if (!isFailure(error)) throw error
      failures.push({ error, index })
      if (!failed.goesOn) throw error
    })
  } catch (error) {
    if (failures.at(-1)?.error !== error) throw error // It is told when the lines before it are written.
  }
  const tell = (): void => {
    for (const { error, index } of failures)
      failed.tell(error, chunk.before + index + 1, chunk.offset + index * file.recordLength)
    if (chunk.rest > 0) tellRest(file, chunk)
  }
  return { number: chunk.number, lines: bulk.lines(output), tell }
}

/** What is no whole record is told as the reader of any format tells it. */
function tellRest({ recordLength }: RecordFile, { offset, records, rest }: Chunk): void {
  const format = { kind: 'fixed', length: recordLength } as const
  const reader = recordReader(format, () => undefined, { offset: offset + records * recordLength })
  reader.push(new Uint8Array(rest))
  reader.end()
}
