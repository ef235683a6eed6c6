// Reading and writing by file descriptor: what streams do for one thread, for several that share a file.

import { write, writeSync } from 'node:fs'
import { isSystemError } from '../system-error.ts'

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
