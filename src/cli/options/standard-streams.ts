// The standard streams of the process, as the engine of data sets takes them.

import { writeAll } from '../../dataset/file/descriptor.ts'
import type { Streams } from '../../dataset/file/streams.ts'

const [standardInput, standardOutput, standardError] = [0, 1, 2]

/** Standard input, output and error. An error of the output ends the process: src/cli/run-command.ts looks at it. */
export function standardStreams(): Streams {
  return {
    input: {
      get pieces() {
        return process.stdin
      },
      descriptor: standardInput,
    },
    output: {
      put: (bytes) => {
        if (bytes.length === 0 || process.stdout.write(bytes)) return undefined
        return new Promise((resolve) => process.stdout.once('drain', resolve))
      },
      putWhole: (bytes) => new Promise((resolve) => process.stdout.write(bytes, () => resolve())),
    },
    // By descriptor, as the threads do it, so that reports come in order.
    report: (text) => writeAll(standardError, new TextEncoder().encode(text)),
    get terminal() {
      const isWatched = process.stderr.isTTY && !process.stdout.isTTY
      return isWatched ? (text: string) => void process.stderr.write(text) : undefined
    },
    shared: { output: standardOutput, reports: standardError },
  }
}
