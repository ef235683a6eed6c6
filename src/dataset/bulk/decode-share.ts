// What one thread of several does of a file of equal records: takes chunks, decodes them, and hands out their lines in turn.

import type { Output } from '../../codec/bulk/bulk-decoder.ts'
import { type ChunkDecoder, decodeChunk } from './chunk-decoder.ts'
import { readChunk } from './chunks.ts'
import { linesInTurn } from './lines-out.ts'
import type { Turns } from './turns.ts'

/** What one thread of several needs. */
export interface ShareDecoder extends ChunkDecoder {
  readonly turns: Turns
  /** The descriptor that lines go to. */
  readonly output: number
  /** Is told how far the file is read. */
  readonly read: (offset: number) => void
}

/** Decodes the chunks that this thread gets, until there are no more, into one output after the other. */
export async function decodeShare(share: ShareDecoder): Promise<void> {
  const { bulk, file, turns } = share
  const { outputs, perOutput, recordLength } = bulk
  const input = bulk.input.subarray(0, perOutput * recordLength)
  const out = linesInTurn(outputs, turns, share.output)
  let output: Output = 0
  for (;;) {
    await out.settle(output)
    const chunk = turns.isEnded ? undefined : readChunk(file, turns, input)
    if (!chunk) break
    share.read(turns.progress.offset)
    out.put(output, chunk.number, decodeChunk(share, chunk, 0, output))
    output = (output + 1) % outputs
  }
  // The oldest first.
  for (let left = 1; left < outputs; left += 1) await out.settle((output + left) % outputs)
}
