// Where the lines of chunks go, in the order of the file: written while the next chunk is decoded, or in turn with other threads.

import { fstatSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { Output } from '../../codec/bulk/bulk-decoder.ts'
import { putWhole } from '../records/streams.ts'
import { isSystemError, unwritable } from '../system-error.ts'
import { writeAll, writeBeside } from './descriptor.ts'
import type { Turns } from './turns.ts'

/** What became of a chunk. */
export interface DecodedChunk {
  readonly number: number
  /** They stay as they are until the chunk is settled. */
  readonly lines: Uint8Array
  /** Tells what was wrong with its records, once its lines are written; may throw to end it all. */
  readonly tell: () => void
}

export interface LinesOut {
  /** Takes a chunk, decoded into an output that is settled. */
  put(output: Output, chunk: DecodedChunk): void
  /** Settles when nothing of this output is needed any more. */
  settle(output: Output): Promise<void>
}

const standardOutput = 1

/** For one thread: a file is written by the system's own threads, a pipe as fast as its reader takes it. */
export function linesBeside(outputs: number): LinesOut {
  const write = fstatSync(standardOutput).isFile() ? writeToFile : putWhole
  const underway: Promise<void>[] = []
  const writeNext = async (before: Promise<void> | undefined, { lines, tell }: DecodedChunk): Promise<void> => {
    await before
    await write(lines)
    tell()
  }
  return {
    put: (output, chunk) => {
      const writing = writeNext(underway[(output + outputs - 1) % outputs], chunk)
      underway[output] = writing
      writing.catch(() => undefined) // Told by whoever settles it.
    },
    settle: async (output) => underway[output],
  }
}

async function writeToFile(lines: Uint8Array): Promise<void> {
  try {
    await writeBeside(standardOutput, lines)
  } catch (cause) {
    throw unwritable(cause)
  }
}

/** How long a thread sleeps, in milliseconds, before it looks whether another one broke. */
const nap = 20

/** For several threads: chunks wait here, while their thread decodes the next ones, until those before them are written. */
export function linesInTurn(outputs: number, turns: Turns): LinesOut {
  const waiting: (DecodedChunk | undefined)[] = []
  const writeOut = (output: Output, { number, lines, tell }: DecodedChunk): void => {
    waiting[output] = undefined
    if (turns.isEnded) return
    writeInTurn(lines, turns)
    tell()
    turns.written(number)
  }
  /** Whether the chunk is out, as far as it is its turn within some milliseconds. */
  const isOut = (output: Output, most: number): boolean => {
    const chunk = waiting[output]
    if (chunk && !turns.wait(chunk.number, most)) return false
    if (chunk) writeOut(output, chunk)
    return true
  }
  return {
    put: (output, chunk) => {
      waiting[output] = chunk
      // The oldest first.
      for (let next = 1; next <= outputs; next += 1) if (!isOut((output + next) % outputs, 0)) return
    },
    settle: async (output) => {
      while (!isOut(output, nap)) await setImmediate()
    },
  }
}

/** A reader that has seen enough ends the work. */
function writeInTurn(lines: Uint8Array, turns: Turns): void {
  try {
    writeAll(standardOutput, lines)
  } catch (cause) {
    if (!isSystemError(cause, 'EPIPE')) throw unwritable(cause)
    turns.end()
  }
}
