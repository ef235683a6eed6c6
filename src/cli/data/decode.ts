// mainspan decode: records of a file → one JSON object a line.

import { failure } from '../../error/failure.ts'
import type { Command } from '../command.ts'
import { startThread } from '../decode/threads.ts'
import { fileHelp, fileOptions, numberOf, selectHelp, selectOptions } from '../records/options.ts'

export const decode: Command = {
  name: 'decode',
  summary: 'Read the records of a file and print one JSON object a line',
  usage: 'decode --copybook FILE [--record NAME] [--code-page cp037] [--format F|FB|V|VB|VBS|text] DATA|-',
  help: {
    copybook: 'the copybook that describes the records',
    ...fileHelp,
    ...selectHelp,
    canonical: 'leave out $residue, which keeps what values cannot say so that encode gives the same bytes',
    'keep-going': 'report records that cannot be read on standard error and go on; the exit code is 1 all the same',
    skip: 'records to pass over at the start',
    count: 'records to read at most',
    threads: 'threads that decode, with the output in the order of the file; 1 without it',
  },
  options: {
    copybook: { type: 'string' },
    ...fileOptions,
    ...selectOptions,
    canonical: { type: 'boolean' },
    'keep-going': { type: 'boolean' },
    skip: { type: 'string' },
    count: { type: 'string' },
    threads: { type: 'string' },
  },
  run: async (invocation) => {
    const { options } = invocation
    if (options.copybook === undefined) throw failure('COMMAND_LINE_INVALID', { problem: '--copybook FILE is needed' })
    const others = Math.max(1, numberOf(options, 'threads') ?? 1) - 1
    // They load the codec while this thread does.
    const threads = Array.from({ length: others }, startThread)
    try {
      const { decodeFile } = await import('../decode/decode-file.ts')
      return await decodeFile(invocation, threads)
    } finally {
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    }
  },
}
