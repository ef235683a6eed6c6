// Where the lines of chunks go when several threads decode them: out in the order of the file, each thread in its turn.

import { setImmediate } from 'node:timers/promises'
import type { Output } from '../../codec/bulk/bulk-decoder.ts'
import { writeAll } from '../file/descriptor.ts'
import { isSystemError, unwritable } from '../file/system-error.ts'
import type { DecodedChunk } from './chunk-decoder.ts'
import type { Turns } from './turns.ts'

/** The outputs of one thread on their way out. */
export interface LinesOut {
  /** Takes the chunk of a number, decoded into an output that is settled. */
  put(output: Output, number: number, chunk: DecodedChunk): void
  /** Settles when nothing of this output is needed any more. */
  settle(output: Output): Promise<void>
}

/** How long a thread sleeps, in milliseconds, before it looks whether another one broke. */
const nap = 20

/** Writes to a descriptor. Chunks wait here, while their thread decodes the next ones, until those before them are written. */
export function linesInTurn(outputs: number, turns: Turns, descriptor: number): LinesOut {
  const waiting: ({ readonly number: number; readonly chunk: DecodedChunk } | undefined)[] = []
  const writeOut = (output: Output, number: number, { lines, report }: DecodedChunk): void => {
    waiting[output] = undefined
    if (turns.isEnded) return
    writeInTurn(lines, turns, descriptor)
    report?.()
    turns.written(number)
  }
  /** Whether the chunk is out, as far as it is its turn within some milliseconds. */
  const isOut = (output: Output, most: number): boolean => {
    const one = waiting[output]
    if (one && !turns.wait(one.number, most)) return false
    if (one) writeOut(output, one.number, one.chunk)
    return true
  }
  return {
    put: (output, number, chunk) => {
      waiting[output] = { number, chunk }
      // The oldest first.
      for (let next = 1; next <= outputs; next += 1) if (!isOut((output + next) % outputs, 0)) return
    },
    settle: async (output) => {
      while (!isOut(output, nap)) await setImmediate()
    },
  }
}

/** A reader that has seen enough ends the work. */
function writeInTurn(lines: Uint8Array, turns: Turns, descriptor: number): void {
  try {
    writeAll(descriptor, lines)
  } catch (cause) {
    if (!isSystemError(cause, 'EPIPE')) throw unwritable(cause)
    turns.end()
  }
}
