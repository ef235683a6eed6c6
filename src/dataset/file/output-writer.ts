// Writing while the next bytes are made.

import { fstatSync } from 'node:fs'
import { writeBeside } from './descriptor.ts'
import type { Streams } from './streams.ts'
import { unwritable } from './system-error.ts'

/** Writes bytes one behind the other; settles when they may change again. Throws OUTPUT_UNWRITABLE. */
export type WriteParts = (parts: readonly Uint8Array[]) => Promise<void>

/** A file is written by the system's own threads, a pipe as fast as its reader takes it. */
export function outputWriter({ output, shared }: Streams): WriteParts {
  if (shared && fstatSync(shared.output).isFile()) return (parts) => writeToFile(shared.output, parts)
  return async (parts) => {
    for (const one of parts) await output.putWhole(one)
  }
}

async function writeToFile(descriptor: number, parts: readonly Uint8Array[]): Promise<void> {
  try {
    await writeBeside(descriptor, parts)
  } catch (cause) {
    throw unwritable(cause)
  }
}
