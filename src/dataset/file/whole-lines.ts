// The lines of a file, as many at once as a piece holds, in memory that is used again.

import { failure } from '../../error/failure.ts'
import { openToRead, readSome } from './descriptor.ts'

const pieceSize = 1024 * 1024
const longestLine = 256 * 1024 * 1024
const lineFeed = 0x0a

/** Pieces of whole lines of a file, or of the descriptor `input` for `-`; the last line may have no newline. Throws FILE_UNREADABLE, also for a line that is too long. */
export function* wholeLinesOf(path: string, input: number): Generator<Uint8Array> {
  const { descriptor, close } = openToRead(path, input)
  let room = new Uint8Array(pieceSize)
  let length = 0
  try {
    for (;;) {
      const read = readSome(path, descriptor, room.subarray(length), null)
      if (read === 0) break
      const end = room.subarray(0, length + read).lastIndexOf(lineFeed) + 1
      length += read
      if (end > 0) {
        yield room.subarray(0, end)
        room.copyWithin(0, end, length)
        length -= end
      }
      if (length === room.length) room = doubled(room, path)
    }
    if (length > 0) yield room.subarray(0, length)
  } finally {
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
