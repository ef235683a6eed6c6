// One record of a file by its number, for those who look at it: also what is there of one that is cut off or whose length cannot be told.

import type { RecordCodec } from '../codec/record-codec.ts'
import { type Failure, failure, isFailure } from '../error/failure.ts'
import { fileReader } from '../frame/file-parts.ts'
import { inContext, nameOf, piecesOf, type Streams } from './file/streams.ts'
import type { RecordTypes } from './record/record-types.ts'
import type { FileOffsets } from './record/request.ts'

/** A record, where it stands in the file, and what reads it. */
export interface FoundRecord {
  readonly bytes: Uint8Array
  readonly offset: number
  readonly codec: RecordCodec
}

/**
 * The record of a number, counted from 1; what is left of the file (at most the longest record of its type) where that is not whole. Throws
 * RECORD_NUMBER_UNKNOWN, RECORD_TYPE_UNKNOWN, and what ends the reading before it.
 */
export async function recordAt(
  path: string,
  types: RecordTypes,
  offsets: FileOffsets,
  number: number,
  input: Streams['input'],
): Promise<FoundRecord> {
  const search = searchRecord(path, types, offsets, number)
  try {
    for await (const piece of piecesOf(path, input)) {
      search.push(piece)
      if (search.found()) break
    }
    if (!search.found()) search.end()
  } catch (error) {
    if (!isFailure(error) || search.found()) throw error
    const record = search.unfinished(error)
    if (record) return record
  }
  const found = search.found()
  if (found) return found
  throw failure('RECORD_NUMBER_UNKNOWN', { number, records: search.records() })
}

function searchRecord(path: string, types: RecordTypes, { start, end }: FileOffsets, number: number) {
  const { format } = types.parts
  /** Whether a record begins where the one before it ends. */
  const isPlain = format.kind === 'fixed' || format.kind === 'computed'
  const seen = { records: 0, placed: 0, next: start, read: 0 }
  let found: FoundRecord | undefined
  let left: Uint8Array = new Uint8Array(0)
  const located = (error: Failure, offset: number) =>
    inContext(error, `  in record ${number} of ${nameOf(path)}, at offset ${offset}`)
  const codecOf = (bytes: Uint8Array, offset: number, place: 'header' | 'body' | 'trailer'): RecordCodec => {
    try {
      return types.codecOf(bytes, 0, bytes.length, place)
    } catch (error) {
      throw isFailure(error) ? located(error, offset) : error
    }
  }
  const placed = types.placed((buffer, from, to, offset, place) => {
    if (++seen.placed !== number) return
    const bytes = buffer.slice(from, to)
    found = { bytes, offset, codec: codecOf(bytes, offset, place) }
  })
  const reader = fileReader({ ...types.parts, start, end }, (bytes, from, to, offset) => {
    seen.records++
    seen.next = offset + to - from
    placed.take(bytes, from, to, offset)
  })
  return {
    found: () => found,
    records: () => seen.records,
    push: (piece: Uint8Array): void => {
      const both = isPlain ? Buffer.concat([left, piece]) : left
      const at = seen.read - left.length
      seen.read += piece.length
      try {
        reader.push(piece)
      } finally {
        left = both.subarray(Math.min(both.length, Math.max(0, seen.next - at)))
      }
    },
    end: (): void => {
      reader.end()
      placed.end()
    },
    /** What is there of the record that could not be read; undefined where it is not the one that is looked for. */
    unfinished: (error: Failure): FoundRecord | undefined => {
      if (!isPlain || seen.records !== number - 1 || left.length <= end) {
        if (error.code === 'FRAME_INCOMPLETE') return undefined
        throw error
      }
      if (error.code === 'RECORD_TYPE_UNKNOWN') throw located(error, seen.next)
      const rest = left.subarray(0, left.length - (error.code === 'FRAME_INCOMPLETE' ? end : 0))
      const codec = codecOf(rest, seen.next, 'body')
      return { bytes: rest.slice(0, codec.maximumLength), offset: seen.next, codec }
    },
  }
}
