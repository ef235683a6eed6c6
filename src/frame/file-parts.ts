// What a file holds beside the records of its format: bytes before and behind them, and trailers of a length of their own.
//
//   [bytes passed over][record][record]…[record][trailer]…[bytes passed over]

import { failure } from '../error/failure.ts'
import type { RecordFormat } from './format.ts'
import type { TakeRecord } from './framer.ts'
import { type RecordReader, recordReader } from './reader.ts'
import { type RecordWriter, recordWriter, type WriterOptions } from './writer.ts'

/** The parts of a file. Lengths in bytes. */
export interface FileParts {
  readonly format: RecordFormat
  /** Bytes at the start of the file that belong to no record. */
  readonly start: number
  /** Bytes at its end that belong to none. */
  readonly end: number
  /** Lengths of the last records, where the format does not tell them. */
  readonly trailers: readonly number[]
}

const sum = (lengths: readonly number[]): number => lengths.reduce((total, length) => total + length, 0)

/**
 * Reads the records of a file as `recordReader` does, trailers last. `end` throws FRAME_INCOMPLETE also where the file is shorter than its parts.
 */
export function fileReader({ format, start, end, trailers }: FileParts, take: TakeRecord): RecordReader {
  const reader = recordReader(format, take, { offset: start })
  const heldBack = sum(trailers) + end
  if (start === 0 && end === 0 && trailers.length === 0) return reader
  let read = 0
  let tail: Uint8Array = new Uint8Array(0)
  return {
    push: (bytes) => {
      const piece = bytes.subarray(Math.min(bytes.length, Math.max(0, start - read)))
      read += bytes.length
      const free = tail.length + piece.length - heldBack
      const fromTail = Math.max(0, Math.min(tail.length, free))
      const fromPiece = Math.max(0, Math.min(piece.length, free - fromTail))
      if (fromTail > 0) reader.push(tail.subarray(0, fromTail))
      if (fromPiece > 0) reader.push(piece.subarray(0, fromPiece))
      tail = joined(tail.subarray(fromTail), piece.subarray(fromPiece))
    },
    end: () => {
      const needed = start + heldBack
      if (read < needed) {
        const excerpt = `  ${start} bytes at its start and ${heldBack} at its end are not of its other records`
        throw failure('FRAME_INCOMPLETE', { offset: 0, needed, got: read }, { excerpt })
      }
      reader.end()
      let at = 0
      for (const length of trailers) {
        take(tail, at, at + length, read - heldBack + at)
        at += length
      }
    },
    position: reader.position,
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

/** Writes the records of a file, the last of which are its trailers. Throws FRAME_LENGTH_INVALID also for a trailer of another length. */
export function fileWriter(
  { format, trailers }: Pick<FileParts, 'format' | 'trailers'>,
  put: (bytes: Uint8Array) => void,
  options: WriterOptions = {},
): RecordWriter {
  const writer = recordWriter(format, put, options)
  if (trailers.length === 0) return writer
  const held: Uint8Array[] = []
  let number = 0
  return {
    write: (record) => {
      number++
      held.push(record.slice())
      const oldest = held.length > trailers.length ? held.shift() : undefined
      if (oldest) writer.write(oldest)
    },
    end: () => {
      writer.end()
      for (const [index, length] of trailers.entries()) {
        const got = held[index]?.length ?? 0
        if (got !== length) {
          const problem = `record ${number - trailers.length + index + 1} is a trailer and must have ${length} bytes`
          throw failure('FRAME_LENGTH_INVALID', { offset: 0, length: got, problem })
        }
      }
      for (const record of held) put(record)
    },
  }
}
