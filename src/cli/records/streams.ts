// Files and standard streams in pieces, with back-pressure, and a progress bar where somebody watches.

import { createReadStream, statSync } from 'node:fs'
import { Failure } from '../../error/failure.ts'
import { unreadable } from '../system-error.ts'

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
  try {
    for await (const piece of stream) {
      yield piece as Uint8Array
      progress((piece as Uint8Array).length)
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

/** Writes to standard output; settles when the bytes may change again. An error ends the process: main.ts looks at it. */
export function putWhole(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => process.stdout.write(bytes, () => resolve()))
}

/** Files that are done before a bar could be seen have none. */
const shortFile = 16 * 1024 * 1024

/** Shows how much of a file is done on a terminal, when the output goes elsewhere. Gives what to call with every piece or with the offset reached, and at the end. */
export function progressBar(path: string): { done(bytes: number): void; reach(offset: number): void; end(): void } {
  const size = path === '-' ? 0 : (statSync(path, { throwIfNoEntry: false })?.size ?? 0)
  const isShown = process.stderr.isTTY && !process.stdout.isTTY && size > shortFile
  if (!isShown) return { done: () => undefined, reach: () => undefined, end: () => undefined }
  const began = performance.now()
  let done = 0
  let shown = 0
  const reach = (offset: number): void => {
    done = offset
    const now = performance.now()
    if (now - shown < 200) return
    shown = now
    process.stderr.write(`\r${barOf(done, size, (now - began) / 1000)}`)
  }
  return {
    done: (bytes) => reach(done + bytes),
    reach,
    end: () => process.stderr.write(`\r${' '.repeat(60)}\r`),
  }
}

/** `████░░░░ 50 %  120 MiB/s  3 s left`. */
export function barOf(done: number, size: number, seconds: number): string {
  const share = Math.min(1, done / size)
  const speed = done / Math.max(seconds, 0.001)
  const filled = Math.round(share * 24)
  const left = Math.ceil((size - done) / Math.max(speed, 1))
  const rate = (speed / 1_048_576).toFixed(0)
  return `${'█'.repeat(filled)}${'░'.repeat(24 - filled)} ${(share * 100).toFixed(0)} %  ${rate} MiB/s  ${left} s left  `
}
