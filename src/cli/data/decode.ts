// mainspan decode: records of a file → one JSON object a line.

import { describeFailure, type Failure, failure, isFailure } from '../../error/failure.ts'
import { recordReader } from '../../frame/dataset/reader.ts'
import type { Command } from '../command.ts'
import { copybookHelp, copybookOptions, copybookPath, readCopybook } from './copybook.ts'
import { formatHelp, formatOf, formatOptions, isFixed, numberOf } from './data-format.ts'
import { codePageOf, recordHelp, recordOptions } from './record-options.ts'
import { recordTypes, selectHelp, selectOptions } from './record-types.ts'
import { inContext, nameOf, piecesOf, progressBar, put } from './streams.ts'

export const decode: Command = {
  name: 'decode',
  summary: 'Read the records of a file and print one JSON object a line',
  usage: 'decode --copybook FILE [--record NAME] [--code-page cp037] [--format F|FB|V|VB|VBS|text] DATA|-',
  help: {
    copybook: 'the copybook that describes the records',
    ...copybookHelp,
    ...recordHelp,
    ...formatHelp,
    ...selectHelp,
    canonical: 'leave out $residue, which keeps what values cannot say so that encode gives the same bytes',
    'keep-going': 'report records that cannot be read on standard error and go on; the exit code is 1 all the same',
    skip: 'records to pass over at the start',
    count: 'records to read at most',
  },
  options: {
    copybook: { type: 'string' },
    ...copybookOptions,
    ...recordOptions,
    ...formatOptions,
    ...selectOptions,
    canonical: { type: 'boolean' },
    'keep-going': { type: 'boolean' },
    skip: { type: 'string' },
    count: { type: 'string' },
  },
  run: async (invocation) => {
    const { options } = invocation
    if (options.copybook === undefined) throw failure('COMMAND_LINE_INVALID', { problem: '--copybook FILE is needed' })
    const [path = '-'] = invocation.positionals
    const copybook = readCopybook(copybookPath(invocation), options)
    const page = codePageOf(options)
    const types = recordTypes(copybook, options, (length) => isFixed(formatOf(options, page, length)))
    const format = formatOf(options, page, types.longest)
    const skip = numberOf(options, 'skip') ?? 0
    const last = skip + (numberOf(options, 'count') ?? Number.POSITIVE_INFINITY)
    let number = 0
    let failed = 0
    let lines = ''
    const placed = types.placed((bytes, start, end, offset, place) => {
      number++
      if (number <= skip || number > last) return
      try {
        lines += `${JSON.stringify(types.decode(bytes, start, end, place))}\n`
      } catch (error) {
        const told = isFailure(error) ? inRecord(error, path, number, offset) : error
        if (!options['keep-going'] || !isFailure(told)) throw told
        failed++
        process.stderr.write(`${describeFailure(told)}\n`)
      }
    })
    const bar = progressBar(path)
    const reader = recordReader(format, placed.take)
    try {
      for await (const piece of piecesOf(path, bar.done)) {
        reader.push(piece)
        await flush()
        if (number >= last) break
      }
      if (number < last) {
        reader.end()
        placed.end()
      }
    } finally {
      bar.end()
      await flush()
    }
    return failed > 0 ? 1 : 0

    function flush(): Promise<void> | undefined {
      const ready = lines
      lines = ''
      return put(ready)
    }
  },
}

/** The failure with the record that it happened in. */
export function inRecord(error: Failure, path: string, number: number, offset: number): Failure {
  return inContext(error, `  in record ${number} of ${nameOf(path)}, at offset ${offset}`)
}
