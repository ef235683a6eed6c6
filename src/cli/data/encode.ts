// mainspan encode: one JSON object a line → records of a file.

import type { EncodeRequest } from '../../dataset/record/request.ts'
import { failure } from '../../error/failure.ts'
import type { Command, ExitCode } from '../command.ts'
import {
  fileHelp,
  fileOptions,
  parentHelp,
  parentOptions,
  selectHelp,
  selectOptions,
} from '../options/option-tables.ts'
import { numberOf } from '../options/option-values.ts'
import { recordsRequest } from '../options/records-request.ts'
import { withThreads } from '../options/threads.ts'

/** `mainspan encode`: one JSON object a line → records of a file, on standard output. */
export const encode: Command = {
  name: 'encode',
  summary: 'Write records from one JSON object a line',
  usage:
    'encode --copybook FILE [--record NAME] [--code-page cp037] [--format F|FB|V|VB|VBS|text|by-layout] JSON|- > DATA',
  help: {
    copybook: 'the copybook that describes the records',
    cut: 'cut texts that do not fit, as MOVE does; without it such a text is an error',
    ...fileHelp,
    ...selectHelp,
    ...parentHelp,
    threads: 'threads that encode, with the records in the order of the lines; 1 without it',
  },
  options: {
    copybook: { type: 'string' },
    cut: { type: 'boolean' },
    ...fileOptions,
    ...selectOptions,
    ...parentOptions,
    threads: { type: 'string' },
  },
  run: async (invocation) => {
    const { options, positionals } = invocation
    if (options.copybook === undefined) throw failure('COMMAND_LINE_INVALID', { problem: '--copybook FILE is needed' })
    return withThreads<ExitCode>(options, async (threads) => {
      const request: EncodeRequest = {
        ...recordsRequest(invocation),
        path: positionals[0] ?? '-',
        blockSize: numberOf(options, 'block-size'),
        cut: options.cut === true,
      }
      const [{ encodeFile }, { printMistake }, { standardStreams }] = await Promise.all([
        import('../../dataset/encode-file.ts'),
        import('../options/compiled-copybook.ts'),
        import('../options/standard-streams.ts'),
      ])
      await encodeFile(request, threads, standardStreams(), printMistake)
      return 0
    })
  },
}
