// Reading and writing by file descriptor: what streams do for one thread, for several that share a file.

import { closeSync, openSync, read, readSync, writeSync, writev } from 'node:fs'
import { promisify } from 'node:util'
import { isSystemError, unreadable } from './system-error.ts'

const clock = new Int32Array(new SharedArrayBuffer(4))

/** Repeats a call while a pipe that does not block has nothing to give or no room. */
export function again<T>(call: () => T): T {
  for (;;) {
    try {
      return call()
    } catch (error) {
      if (!isSystemError(error, 'EAGAIN')) throw error
      Atomics.wait(clock, 0, 0, 0.2)
    }
  }
}

/** A file that is read by its descriptor. */
export interface OpenFile {
  readonly descriptor: number
  /** Leaves the input open: it belongs to who handed it in. */
  close(): void
}

/** Opens a file; takes the descriptor of the input for `-`. Throws FILE_UNREADABLE. */
export function openToRead(path: string, input: number): OpenFile {
  if (path === '-') return { descriptor: input, close: () => undefined }
  try {
    const descriptor = openSync(path, 'r')
    return { descriptor, close: () => closeSync(descriptor) }
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

/** Reads as much as there is at once, at an offset or where the file stands; gives 0 at the end. Throws FILE_UNREADABLE. */
export function readSome(path: string, descriptor: number, into: Uint8Array, offset: number | null): number {
  try {
    return again(() => readSync(descriptor, into, 0, into.length, offset))
  } catch (cause) {
    if (isSystemError(cause, 'EOF')) return 0 // A closed pipe, on Windows.
    throw unreadable(path, cause)
  }
}

/** Writes all bytes. Throws what the system says. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += again(() => writeSync(descriptor, bytes, done))
}

/** Reads all of it from a regular file while this thread goes on, or up to the end of the file; gives the bytes read. Throws FILE_UNREADABLE. */
export async function readBeside(path: string, descriptor: number, into: Uint8Array, offset: number): Promise<number> {
  let done = 0
  try {
    for (let more = -1; more !== 0 && done < into.length; done += more) {
      const { bytesRead } = await readOnce(descriptor, into, done, into.length - done, offset + done)
      more = bytesRead
    }
  } catch (cause) {
    throw unreadable(path, cause)
  }
  return done
}

/** Writes all bytes to a regular file while this thread goes on. Throws what the system says. */
export async function writeBeside(descriptor: number, parts: readonly Uint8Array[]): Promise<void> {
  for (let left = behind(parts, 0); left.length > 0; ) {
    left = behind(left, (await writeOnce(descriptor, left)).bytesWritten)
  }
}

/** The same promise, whose rejection is met where it is awaited, some steps later. */
export function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

const readOnce = promisify(read)
const writeOnce = promisify(writev)

/** What is left of some bytes when so many are done. */
function behind(parts: readonly Uint8Array[], done: number): Uint8Array[] {
  const left: Uint8Array[] = []
  let start = 0
  for (const part of parts) {
    const end = start + part.length
    if (end > done) left.push(part.subarray(Math.max(0, done - start)))
    start = end
  }
  return left
}
