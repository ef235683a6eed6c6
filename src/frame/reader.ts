// Bytes in pieces → whole records, as views into the pieces where a record lies whole in one.

import { failure } from '../error/failure.ts'
import type { RecordFormat } from './format.ts'
import type { Framer, Position, TakeRecord } from './framer.ts'
import { computedFramer, fixedFramer } from './plain-framers.ts'
import { spannedFramer } from './spanned-framer.ts'
import { textFramer } from './text-framer.ts'
import { variableFramer } from './variable-framer.ts'

/** Takes the bytes of a file in pieces, from its first to its last, and hands out the records in them. */
export interface RecordReader {
  /** Takes the next bytes and hands every record that they complete to `take`. Throws where the bytes are not the format. */
  push(bytes: Uint8Array): void
  /** Hands out a last line without newline; throws FRAME_INCOMPLETE where a record is cut off. */
  end(): void
  /** Where to go on: the first byte that belongs to no record handed out yet. Pass it as `from` to read on later. */
  position(): Position
}

/**
 * Reads records of a format. `take` gets the buffer and the bounds of a record in it, and the record's offset in the file; the buffer is
 * only good during that call. At most one record (of the format's maximum) is held back, whatever the size of the pieces.
 */
export function recordReader(format: RecordFormat, take: TakeRecord, from: Position = { offset: 0 }): RecordReader {
  const framer = framerOf(format, take, from)
  let held = new Uint8Array(0)
  let heldLength = 0
  let offset = from.offset // of the first byte not read: of `held`, then of the piece
  const read = (bytes: Uint8Array, start: number, end: number): number => {
    const stopped = framer.read(bytes, start, end, offset - start)
    offset += stopped - start
    return stopped
  }
  const hold = (bytes: Uint8Array, start: number, end: number): void => {
    if (heldLength + end - start > held.length) {
      const larger = new Uint8Array(Math.max(2 * held.length, heldLength + end - start, 1024))
      larger.set(held.subarray(0, heldLength))
      held = larger
    }
    held.set(bytes.subarray(start, end), heldLength)
    heldLength += end - start
  }
  /** Completes what is held from the piece; gives where the piece goes on. */
  const completeHeld = (bytes: Uint8Array): number => {
    let at = 0
    while (heldLength > 0 && at < bytes.length) {
      const before = heldLength
      const wanted = Math.max(framer.needed() - heldLength, Math.min(heldLength, 4096), 1)
      const end = Math.min(bytes.length, at + wanted)
      hold(bytes, at, end)
      const stopped = read(held, 0, heldLength)
      // What is held begins no whole descriptor or record: whatever is read ends behind it.
      if (stopped > 0) {
        heldLength = 0
        return at + stopped - before
      }
      at = end
    }
    return at
  }
  return {
    push: (bytes) => {
      const start = heldLength > 0 ? completeHeld(bytes) : 0
      if (heldLength > 0) return
      const stopped = read(bytes, start, bytes.length)
      if (stopped < bytes.length) hold(bytes, stopped, bytes.length)
    },
    end: () => {
      if (heldLength > 0) heldLength -= framer.finish(held, heldLength, offset)
      if (heldLength > 0 || framer.isOpen()) {
        throw failure('FRAME_INCOMPLETE', {
          offset,
          needed: Math.max(framer.needed(), heldLength + 1),
          got: heldLength,
        })
      }
    },
    position: () => framer.position(offset),
  }
}

function framerOf(format: RecordFormat, take: TakeRecord, from: Position): Framer {
  switch (format.kind) {
    case 'fixed':
      return fixedFramer(format.length, take)
    case 'variable':
      return variableFramer(format, take, from)
    case 'spanned':
      return spannedFramer(format, take, from)
    case 'text':
      return textFramer(format, take)
    case 'computed':
      return computedFramer(format, take)
  }
}

/** The records of bytes that are all there. Views into `bytes`, but for spanned records and filled lines. */
export function readRecords(format: RecordFormat, bytes: Uint8Array): Uint8Array[] {
  const records: Uint8Array[] = []
  const reader = recordReader(format, (buffer, start, end) => {
    const view = buffer.subarray(start, end)
    records.push(buffer === bytes ? view : view.slice())
  })
  reader.push(bytes)
  reader.end()
  return records
}
