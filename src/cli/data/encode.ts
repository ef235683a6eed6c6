// mainspan encode: one JSON object a line → records of a file.

import { encodeFile } from '../../dataset/encode-file.ts'
import type { Command } from '../command.ts'
import { printMistake } from '../options/compiled-copybook.ts'
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

/** `mainspan encode`: one JSON object a line → records of a file, on standard output. */
export const encode: Command = {
  name: 'encode',
  summary: 'Write records from one JSON object a line',
  usage: 'encode --copybook FILE [--record NAME] [--code-page cp037] [--format F|FB|V|VB|VBS|text] JSON|- > DATA',
  help: {
    copybook: 'the copybook that describes the records',
    cut: 'cut texts that do not fit, as MOVE does; without it such a text is an error',
    ...fileHelp,
    ...selectHelp,
    ...parentHelp,
  },
  options: {
    copybook: { type: 'string' },
    cut: { type: 'boolean' },
    ...fileOptions,
    ...selectOptions,
    ...parentOptions,
  },
  run: async (invocation) => {
    const { options, positionals } = invocation
    const request = {
      ...recordsRequest(invocation),
      path: positionals[0] ?? '-',
      blockSize: numberOf(options, 'block-size'),
      cut: options.cut === true,
    }
    await encodeFile(request, printMistake)
    return 0
  },
}
