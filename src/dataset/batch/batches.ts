// Records gathered into batches, each decoded at once, by this thread or another.

import type { RecordPlace } from '../record/record-types.ts'
import type { Batch } from '../thread/tasks.ts'

/** What a batch says of a record by index. */
export const places: readonly RecordPlace[] = ['header', 'body', 'trailer']

/**
 * Gathers the records of a piece of the file; `full` gets them as a batch. Runs of records that lie together in the piece are copied at once;
 * records in other buffers, which are good only during the call, one by one.
 */
export function recordBatches(full: (batch: Batch) => void) {
  let id = 0
  let number = 0
  let bytes = new Uint8Array(0)
  let length = 0
  let ends: number[] = []
  let offsets: number[] = []
  let placed: number[] = []
  let run: { bytes: Uint8Array; start: number; end: number } | undefined
  let piece: Uint8Array = bytes
  const copyRun = (): void => {
    if (!run) return
    const size = run.end - run.start
    if (length + size > bytes.length) {
      const larger = new Uint8Array(Math.max(length + size, 2 * bytes.length, piece.length))
      larger.set(bytes.subarray(0, length))
      bytes = larger
    }
    bytes.set(run.bytes.subarray(run.start, run.end), length)
    length += size
    run = undefined
  }
  return {
    add: (from: Uint8Array, start: number, end: number, offset: number, place: RecordPlace): void => {
      if (run && (run.bytes !== from || run.end !== start)) copyRun()
      if (run) run.end = end
      else run = { bytes: from, start, end }
      number++
      ends.push(length + run.end - run.start)
      offsets.push(offset)
      placed.push(places.indexOf(place))
      if (from !== piece) copyRun()
    },
    /** The next records may lie in this piece, which stays as it is until the batch is flushed. */
    over: (next: Uint8Array): void => {
      piece = next
    },
    flush: (): void => {
      copyRun()
      if (ends.length === 0) return
      const batch = {
        id: id++,
        first: number - ends.length + 1,
        bytes: bytes.subarray(0, length),
        ends: Uint32Array.from(ends),
        offsets: Float64Array.from(offsets),
        places: Uint8Array.from(placed),
      }
      bytes = new Uint8Array(0)
      length = 0
      ends = []
      offsets = []
      placed = []
      full(batch)
    },
  }
}
