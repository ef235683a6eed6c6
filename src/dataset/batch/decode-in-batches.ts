// Decoding a file whose records must be found first: this thread finds them, and hands them out in batches.

import { locatedReader } from '../file/located-reader.ts'
import { progressBar } from '../file/progress-bar.ts'
import { piecesOf } from '../file/streams.ts'
import type { Job } from '../thread/job.ts'
import type { Batch } from '../thread/tasks.ts'
import type { Thread } from '../thread/thread.ts'
import { batchDecoder, type DecodedBatch, decodedBatch } from './batch-decoder.ts'
import { recordBatches } from './batches.ts'
import { orderedPool } from './pool.ts'

/** Without threads this one also decodes. Throws what ends the work, after what came before is written. */
export async function decodeInBatches(job: Job, threads: readonly Thread[]): Promise<void> {
  const { path, types, parts, skip, last, failed, streams } = job
  const pool = orderedPool<Batch, DecodedBatch>(threads, {
    here: batchDecoder(types, failed.goesOn),
    there: async (thread, batch) => decodedBatch(await thread.ask(batch, [batch.bytes.buffer as ArrayBuffer])),
    // Failures are reported behind the lines before them.
    next: async ({ lines, failures }, { first, offsets }) => {
      await streams.output.put(lines)
      for (const { index, failure } of failures) failed.report(failure, first + index + skip, offsets[index] ?? 0)
    },
  })
  const batches = recordBatches(pool.take)
  let number = 0
  const placed = types.placed((bytes, start, end, offset, place) => {
    number++
    if (number > skip && number <= last) batches.add(bytes, start, end, offset, place)
  })
  const reader = locatedReader(path, parts, placed.take, () => {
    // Trailers of lengths of their own come last of all: what is held back is none.
    if (parts.trailers.length > 0) placed.end('body')
  })
  const bar = progressBar(path, streams)
  const finish = async (): Promise<void> => {
    batches.flush()
    await pool.finish()
  }
  try {
    for await (const piece of piecesOf(path, streams.input, bar.done)) {
      batches.over(piece)
      reader.push(piece)
      batches.flush()
      await pool.ready()
      if (number >= last) break
    }
    if (number < last) {
      reader.end()
      placed.end()
    }
    await finish()
  } catch (error) {
    await finish() // What came before the mistake is printed.
    throw error
  } finally {
    bar.end()
  }
}
