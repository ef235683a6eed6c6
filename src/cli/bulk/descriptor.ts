// Reading and writing by file descriptor: what streams do for one thread, for several that share a file.

import { openSync, readSync, write, writeSync } from 'node:fs'
import { failure } from '../../error/failure.ts'
import { isSystemError, reasonOf } from '../system-error.ts'

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

/** The descriptor of a file; 0 for `-`. Throws FILE_UNREADABLE. */
export function openToRead(path: string): number {
  try {
    return path === '-' ? 0 : openSync(path, 'r')
  } catch (cause) {
    throw failure('FILE_UNREADABLE', { file: path, reason: reasonOf(cause) }, { cause })
  }
}

/** Reads as much as there is at once, at an offset or where the file stands; gives 0 at the end. Throws FILE_UNREADABLE. */
export function readSome(path: string, descriptor: number, into: Uint8Array, offset: number | null): number {
  try {
    return again(() => readSync(descriptor, into, 0, into.length, offset))
  } catch (cause) {
    if (isSystemError(cause, 'EOF')) return 0 // A closed pipe, on Windows.
    throw failure('FILE_UNREADABLE', { file: path, reason: reasonOf(cause) }, { cause })
  }
}

/** Writes all bytes. Throws what the system says. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += again(() => writeSync(descriptor, bytes, done))
}

/** Writes all bytes to a regular file while this thread goes on. */
export async function writeBeside(descriptor: number, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += await new Promise<number>((resolve, reject) => {
      write(descriptor, bytes, done, (error, written) => (error ? reject(error) : resolve(written)))
    })
  }
}
