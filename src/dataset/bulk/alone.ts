// Decoding a file of equal records in one thread. Half of the kernel's input and outputs is decoded while the system's own threads fill the
// other half with what comes next, and write the lines of what came before:
//
//     read     1  2  3  4
//     decode      1  2  3  4
//     write          1  2  3  4
//
// A half is several chunks, one for each of its outputs, so that the system is called seldom and what is decoded stays in the caches.

import type { BulkDecoder } from '../../codec/bulk/bulk-decoder.ts'
import { handled } from '../file/descriptor.ts'
import { outputWriter, type WriteParts } from '../file/output-writer.ts'
import type { Streams } from '../file/streams.ts'
import { type ChunkDecoder, type DecodedChunk, decodeChunk } from './chunk-decoder.ts'
import { type Chunk, readAhead } from './chunks.ts'
import type { ReadProgress } from './turns.ts'

/** What one thread needs to decode a file by itself. */
export interface Alone extends ChunkDecoder {
  /** Where the first record wanted stands. */
  readonly progress: ReadProgress
  readonly streams: Streams
  /** Is told how far the file is read. */
  readonly read: (offset: number) => void
}

/** Decodes all records wanted. Throws what ends the work. */
export async function decodeAlone(work: Alone): Promise<void> {
  const { bulk, file, progress } = work
  const isAhead = file.size !== undefined
  const writeLines = outputWriter(work.streams)
  const read = (half: number) => handled(readAhead(file, progress, inputOf(bulk, half)))
  let next = read(0)
  let written = Promise.resolve()
  try {
    for (let half = 0; ; half = 1 - half) {
      const taken = await next
      if (!taken) break
      work.read(progress.offset)
      if (isAhead) next = read(1 - half)
      const chunks = decodeHalf(work, taken, half)
      await written
      written = handled(writeChunks(chunks, writeLines))
      if (isAhead) continue
      // On a pipe the producer may wait for our output, so write before reading on.
      await written
      next = read(1 - half)
    }
    await written
  } finally {
    await Promise.allSettled([next, written]) // They work on the memory and the descriptor.
  }
}

function inputOf(bulk: BulkDecoder, half: number): Uint8Array {
  const size = bulk.input.length / 2
  return bulk.input.subarray(half * size, (half + 1) * size)
}

/** The records of each output lie as far in the input as those before it reach. */
function decodeHalf(work: Alone, { before, offset, records, rest }: Chunk, half: number): DecodedChunk[] {
  const { bulk, file } = work
  const { outputs, perOutput } = bulk
  const decoded: DecodedChunk[] = []
  for (let first = 0; first < records || first === 0; first += perOutput) {
    const output = (half * outputs) / 2 + decoded.length
    const count = Math.min(perOutput, records - first)
    const chunk = {
      before: before + first,
      offset: offset + first * file.recordLength,
      records: count,
      rest: first + count === records ? rest : 0,
    }
    decoded.push(decodeChunk(work, chunk, output * perOutput, output))
  }
  return decoded
}

/** What is reported of a chunk comes behind its lines. */
async function writeChunks(chunks: readonly DecodedChunk[], writeLines: WriteParts): Promise<void> {
  let lines: Uint8Array[] = []
  for (const chunk of chunks) {
    lines.push(chunk.lines)
    if (!chunk.report) continue
    await writeLines(lines)
    chunk.report()
    lines = []
  }
  await writeLines(lines)
}
