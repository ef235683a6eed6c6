// The lines of a file, as many at once as a piece holds, in memory that is used again.

import { fstatSync } from 'node:fs'
import { failure } from '../../error/failure.ts'
import { handled, openToRead, readBeside, readSome } from './descriptor.ts'

const pieceSize = 1024 * 1024
const longestLine = 256 * 1024 * 1024
const lineFeed = 0x0a

/**
 * Pieces of whole lines of a file, or of the descriptor `input` for `-`; the last line may have no newline. A piece is good until the next one is
 * asked for. While a piece of a regular file is worked on, the next is read. Throws FILE_UNREADABLE, also for a line that is too long.
 */
export async function* wholeLinesOf(path: string, input: number): AsyncGenerator<Uint8Array> {
  const { descriptor, close } = openToRead(path, input)
  // A read ahead of a pipe would keep a process that has found a mistake from ending.
  const isAhead = path !== '-' && fstatSync(descriptor).size > 0
  let offset = 0
  const read = async (into: Uint8Array): Promise<number> => {
    const bytes = isAhead ? await readBeside(path, descriptor, into, offset) : readSome(path, descriptor, into, null)
    offset += bytes
    return bytes
  }
  let room = new Uint8Array(pieceSize)
  let other = new Uint8Array(pieceSize)
  /** Bytes of a line that is not whole yet, at the start of `room`. */
  let begun = 0
  let next = handled(read(room))
  try {
    for (let bytes = await next; bytes > 0; bytes = await next) {
      const length = begun + bytes
      const end = begun + room.subarray(begun, length).lastIndexOf(lineFeed) + 1
      if (end === begun) {
        begun = length
        if (length === room.length) room = doubled(room, path)
        next = handled(read(room.subarray(length)))
        continue
      }
      const piece = room.subarray(0, end)
      begun = length - end
      if (other.length < room.length) other = new Uint8Array(room.length)
      other.set(room.subarray(end, length))
      ;[room, other] = [other, room]
      if (isAhead) next = handled(read(room.subarray(begun)))
      yield piece
      if (!isAhead) next = handled(read(room.subarray(begun)))
    }
    if (begun > 0) yield room.subarray(0, begun)
  } finally {
    await Promise.allSettled([next]) // It works on the descriptor.
    close()
  }
}

function doubled(room: Uint8Array, path: string): Uint8Array<ArrayBuffer> {
  if (room.length >= longestLine) {
    throw failure('FILE_UNREADABLE', { file: path, reason: `a line is longer than ${longestLine} bytes` })
  }
  const larger = new Uint8Array(2 * room.length)
  larger.set(room)
  return larger
}
