// What a run reads and writes beside the files that it opens, handed in by who runs it; and files in pieces, with back-pressure.

import { createReadStream } from 'node:fs'
import { Failure } from '../../error/failure.ts'
import { unreadable } from './system-error.ts'

/** The streams of a run. The command line hands in those of its process; a flow, or a back end, its own. */
export interface Streams {
  /** What the path `-` stands for: as pieces, or read from its descriptor. */
  readonly input: { readonly pieces: AsyncIterable<Uint8Array>; readonly descriptor: number }
  readonly output: ByteOutput
  /** Takes a text about a record that cannot be read. */
  report(text: string): void
  /** Takes the text of the progress bar, over and over; undefined where nobody watches. */
  readonly terminal: ((text: string) => void) | undefined
  /** Descriptors of output and reports that other threads can write to by themselves; without them the first thread writes all. */
  readonly shared: { readonly output: number; readonly reports: number } | undefined
}

/** Where lines or records go. */
export interface ByteOutput {
  /** Takes bytes that do not change any more; the promise is there only when the reader is slower than we are. */
  put(bytes: Uint8Array): Promise<void> | undefined
  /** Takes bytes; settles when they may change again. */
  putWhole(bytes: Uint8Array): Promise<void>
}

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

/** The bytes of a file in pieces; of the input for `-`. Throws FILE_UNREADABLE. */
export async function* piecesOf(
  path: string,
  { pieces: input }: Streams['input'],
  progress: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  const pieces: AsyncIterable<Uint8Array> = path === '-' ? input : createReadStream(path, { highWaterMark: pieceSize })
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
