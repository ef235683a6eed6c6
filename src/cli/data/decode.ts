// mainspan decode: records of a file → one JSON object a line.

import type { DecodeRequest } from '../../dataset/record/request.ts'
import { failure } from '../../error/failure.ts'
import type { Command } from '../command.ts'
import {
  fileHelp,
  fileOptions,
  offsetHelp,
  offsetOptions,
  selectHelp,
  selectOptions,
} from '../options/option-tables.ts'
import { numberOf } from '../options/option-values.ts'
import { recordsRequest } from '../options/records-request.ts'
import { withThreads } from '../options/threads.ts'

/** `mainspan decode`: records of a file → one JSON object a line. Exit code 1 when a record could not be read. */
export const decode: Command = {
  name: 'decode',
  summary: 'Read the records of a file and print one JSON object a line',
  usage: 'decode --copybook FILE [--record NAME] [--code-page cp037] [--format F|FB|V|VB|VBS|text|by-layout] DATA|-',
  help: {
    copybook: 'the copybook that describes the records',
    ...fileHelp,
    ...selectHelp,
    ...offsetHelp,
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
    ...offsetOptions,
    canonical: { type: 'boolean' },
    'keep-going': { type: 'boolean' },
    skip: { type: 'string' },
    count: { type: 'string' },
    threads: { type: 'string' },
  },
  run: async (invocation) => {
    const { options, positionals } = invocation
    if (options.copybook === undefined) throw failure('COMMAND_LINE_INVALID', { problem: '--copybook FILE is needed' })
    return withThreads(options, async (threads) => {
      const request: DecodeRequest = {
        ...recordsRequest(invocation),
        path: positionals[0] ?? '-',
        skip: numberOf(options, 'skip') ?? 0,
        count: numberOf(options, 'count'),
        canonical: options.canonical === true,
        keepGoing: options['keep-going'] === true,
      }
      const [{ decodeFile }, { printMistake }, { standardStreams }] = await Promise.all([
        import('../../dataset/decode-file.ts'),
        import('../options/compiled-copybook.ts'),
        import('../options/standard-streams.ts'),
      ])
      return (await decodeFile(request, threads, standardStreams(), printMistake)) > 0 ? 1 : 0
    })
  },
}
