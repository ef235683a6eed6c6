// Files and standard streams in pieces, with back-pressure.

import { createReadStream } from 'node:fs'
import { Failure } from '../../error/failure.ts'
import { unreadable } from './system-error.ts'

/** A path as messages name it. */
export function nameOf(path: string): string {
  return path === '-' ? 'standard input' : path
}

/** The same failure, with a line that says what was being done. */
export function inContext(error: Failure, where: string): Failure {
  const { code, facts, place, detail } = error
  const excerpt = error.excerpt === undefined ? where : `${where}\n${error.excerpt}`
  return new Failure(code, facts, { ...(place && { place }), excerpt, detail, cause: error })
}

/** Bytes read at once: large enough that framing and decoding, not calls, take the time, and small enough that what is made of them is too. */
const pieceSize = 256 * 1024

/** The bytes of a file in pieces; of standard input for `-`. Throws FILE_UNREADABLE. */
export async function* piecesOf(
  path: string,
  progress: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: pieceSize })
  const pieces: AsyncIterable<Uint8Array> = stream
  try {
    for await (const piece of pieces) {
      yield piece
      progress(piece.length)
    }
  } catch (cause) {
    const isOfSystem = cause instanceof Error && 'syscall' in cause
    throw isOfSystem ? unreadable(path, cause) : cause
  }
}

/** Writes to standard output; the promise is there only when the reader is slower than we are. */
export function put(bytes: string | Uint8Array): Promise<void> | undefined {
  if (bytes.length === 0 || process.stdout.write(bytes)) return undefined
  return new Promise((resolve) => process.stdout.once('drain', resolve))
}

/** Writes to standard output; settles when the bytes may change again. An error ends the process: src/cli/main.ts looks at it. */
export function putWhole(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => process.stdout.write(bytes, () => resolve()))
}
