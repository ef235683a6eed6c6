// mainspan decode: records of a file → one JSON object a line.

import type { DecodeRequest } from '../../dataset/record/request.ts'
import { failure } from '../../error/failure.ts'
import type { Command, Invocation } from '../command.ts'
import {
  fileHelp,
  fileOptions,
  offsetHelp,
  offsetOptions,
  parentHelp,
  parentOptions,
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
    ...parentHelp,
    'root-limit': 'with --parent: MiB of JSON that one line may take; 64 without it',
    canonical: 'leave out $residue, which keeps what values cannot say so that encode gives the same bytes',
    'keep-going': 'report records that cannot be read on standard error and go on; the exit code is 1 all the same',
    skip: 'records to pass over at the start; lines with --parent',
    count: 'records to read at most; lines with --parent',
    threads: 'threads that decode, with the output in the order of the file; 1 without it, and not with --parent',
  },
  options: {
    copybook: { type: 'string' },
    ...fileOptions,
    ...selectOptions,
    ...offsetOptions,
    ...parentOptions,
    'root-limit': { type: 'string' },
    canonical: { type: 'boolean' },
    'keep-going': { type: 'boolean' },
    skip: { type: 'string' },
    count: { type: 'string' },
    threads: { type: 'string' },
  },
  run: async (invocation) => {
    const { options, positionals } = invocation
    if (options.copybook === undefined) throw failure('COMMAND_LINE_INVALID', { problem: '--copybook FILE is needed' })
    refuseTogether(options)
    return withThreads(options, async (threads) => {
      const request: DecodeRequest = {
        ...recordsRequest(invocation),
        path: positionals[0] ?? '-',
        skip: numberOf(options, 'skip') ?? 0,
        count: numberOf(options, 'count'),
        canonical: options.canonical === true,
        rootLimit: (numberOf(options, 'root-limit') ?? 64) * 1024 * 1024,
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

/** Where a line of JSON ends is known only from the records before it: they are put together in one thread. */
function refuseTogether(options: Invocation['options']): void {
  const isNested = options.parent !== undefined
  if (isNested && options.threads !== undefined && numberOf(options, 'threads') !== 1) {
    throw failure('COMMAND_LINE_INVALID', {
      problem: 'records that --parent puts together are read by one thread: leave --threads out',
    })
  }
  if (options['root-limit'] === undefined) return
  if (!isNested) throw failure('COMMAND_LINE_INVALID', { problem: '--root-limit goes with --parent' })
  if ((numberOf(options, 'root-limit') ?? 0) < 1) {
    throw failure('COMMAND_LINE_INVALID', { problem: '--root-limit takes a number of MiB, 1 or more' })
  }
}
