// Reading a file of equal records in chunks of whole records, straight to where they are decoded.

import { readBeside, readSome } from '../file/descriptor.ts'
import type { RecordFile } from '../thread/tasks.ts'
import type { ReadProgress, Turns } from './turns.ts'

/** Some records that were read. */
export interface Chunk {
  /** Where its first record stands: how many are before it, and the bytes. */
  readonly before: number
  readonly offset: number
  readonly records: number
  /** Bytes behind its last whole record, which no record follows. */
  readonly rest: number
}

/**
 * The next chunk of whole records, numbered from 0, as many as `input` holds or the file gives at once; undefined at the end. Throws
 * FILE_UNREADABLE.
 */
export function readChunk(
  file: RecordFile,
  turns: Turns,
  input: Uint8Array,
): (Chunk & { readonly number: number }) | undefined {
  const next = turns.read((number) => {
    const taken = takeNext(file, turns.progress, input)
    return taken && { number, ...taken }
  })
  if (!next) return undefined
  // Of a file, threads read their parts at the same time.
  const bytes = file.size === undefined ? next.bytes : fill(file, input.subarray(0, next.bytes), next.offset)
  return { number: next.number, ...chunkOf(file, next, bytes) }
}

/** The same for one thread, which goes on while a regular file is read. */
export async function readAhead(
  file: RecordFile,
  progress: ReadProgress,
  input: Uint8Array,
): Promise<Chunk | undefined> {
  const next = takeNext(file, progress, input)
  if (!next) return undefined
  const { path, descriptor, size } = file
  const room = input.subarray(0, next.bytes)
  return chunkOf(file, next, size === undefined ? next.bytes : await readBeside(path, descriptor, room, next.offset))
}

interface FileStretch {
  readonly before: number
  readonly offset: number
  readonly bytes: number
}

/** Says where the next records stand. What cannot be read at offsets is read at once. */
function takeNext(file: RecordFile, progress: ReadProgress, input: Uint8Array): FileStretch | undefined {
  const { recordLength, last, size } = file
  const { records: before, offset } = progress
  const most = Math.min(input.length, (last - before) * recordLength)
  const bytes = size === undefined ? readRecords(file, input, most, offset) : Math.min(most, size - offset)
  if (bytes <= 0) return undefined
  progress.records = before + Math.floor(bytes / recordLength)
  progress.offset = offset + bytes
  return { before, offset, bytes }
}

/** A file that has become shorter gives less than was taken. */
function chunkOf({ recordLength }: RecordFile, { before, offset }: FileStretch, bytes: number): Chunk {
  return { before, offset, records: Math.floor(bytes / recordLength), rest: bytes % recordLength }
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
export function passOver(file: RecordFile, progress: ReadProgress, records: number, room: Uint8Array): void {
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
