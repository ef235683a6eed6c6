// Records → lines of JSON, one by one.

import { type ByteSink, byteSink, reserve } from '../../codec/byte-sink.ts'
import { type Failure, isFailure } from '../../error/failure.ts'
import type { RecordPlace, RecordTypes } from '../record/record-types.ts'

const lineFeed = 0x0a

/** Lines that are gathered record by record. */
export interface LineDecoder {
  readonly sink: ByteSink
  /** Appends the line of a record; gives what is wrong with it instead, and appends nothing. */
  append(bytes: Uint8Array, start: number, end: number, place: RecordPlace): Failure | undefined
  /** All lines so far, as a copy; the sink is empty after it. */
  take(): Uint8Array
}

/** With memory of its own. */
export function lineDecoder(types: RecordTypes): LineDecoder {
  const sink = byteSink(1024 * 1024)
  return {
    sink,
    append: (bytes, start, end, place) => {
      const before = sink.length
      try {
        types.decode(bytes, start, end, place, sink)
        reserve(sink, sink.length + 1)
        sink.bytes[sink.length++] = lineFeed
        return undefined
      } catch (error) {
        sink.length = before
        if (isFailure(error)) return error
        throw error
      }
    },
    take: () => {
      const lines = sink.bytes.slice(0, sink.length)
      sink.length = 0
      return lines
    },
  }
}
