// Reading a file of equal records in chunks of whole records, straight to where they are decoded.

import { readSome } from './descriptor.ts'
import type { Turns } from './turns.ts'

export interface RecordFile {
  readonly path: string
  readonly descriptor: number
  /** Of a regular file, which is read at offsets; anything else is read as it comes. */
  readonly size: number | undefined
  readonly recordLength: number
  /** The number of the last record wanted. */
  readonly last: number
}

export interface Chunk {
  readonly number: number
  /** Where its first record stands: how many are before it, and the bytes. */
  readonly before: number
  readonly offset: number
  readonly records: number
  /** Bytes behind its last whole record, which no record follows. */
  readonly rest: number
}

/** The next chunk of whole records, as many as `input` holds or the file gives at once; undefined at the end. Throws FILE_UNREADABLE. */
export function readChunk(file: RecordFile, turns: Turns, input: Uint8Array): Chunk | undefined {
  const { recordLength, last, size } = file
  const { progress } = turns
  const chunk = turns.read((number) => {
    const { records: before, offset } = progress
    const most = Math.min(input.length, (last - before) * recordLength)
    const bytes = size === undefined ? readRecords(file, input, most, offset) : Math.min(most, size - offset)
    if (bytes <= 0) return undefined
    progress.records = before + Math.floor(bytes / recordLength)
    progress.offset = offset + bytes
    return { number, before, offset, bytes }
  })
  if (!chunk) return undefined
  const { bytes, ...place } = chunk
  // Of a file, threads read their parts at the same time. One that has become shorter gives less.
  const read = size === undefined ? bytes : fill(file, input.subarray(0, bytes), place.offset)
  return { ...place, records: Math.floor(read / recordLength), rest: read % recordLength }
}

/** One read, and then what its last record misses, so that nothing waits for a chunk to be full. */
function readRecords(file: RecordFile, input: Uint8Array, most: number, offset: number): number {
  const bytes = most > 0 ? readAt(file, input.subarray(0, most), offset) : 0
  const rest = bytes % file.recordLength
  if (rest === 0) return bytes
  return bytes + fill(file, input.subarray(bytes, bytes + file.recordLength - rest), offset + bytes)
}

/** Reads all of it, or up to the end of the file. */
function fill(file: RecordFile, into: Uint8Array, offset: number): number {
  let bytes = 0
  while (bytes < into.length) {
    const more = readAt(file, into.subarray(bytes), offset + bytes)
    if (more === 0) break
    bytes += more
  }
  return bytes
}

/** Passes over the first records of a file that cannot be read at offsets. */
export function passOver(file: RecordFile, turns: Turns, records: number, room: Uint8Array): void {
  const { progress } = turns
  const end = records * file.recordLength
  if (file.size !== undefined) progress.offset = end
  while (progress.offset < end) {
    const bytes = readAt(file, room.subarray(0, Math.min(room.length, end - progress.offset)), progress.offset)
    if (bytes === 0) break
    progress.offset += bytes
  }
  progress.records = records
}

function readAt({ path, descriptor, size }: RecordFile, into: Uint8Array, offset: number): number {
  return readSome(path, descriptor, into, size === undefined ? null : offset)
}
