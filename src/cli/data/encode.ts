// mainspan encode: one JSON object a line → records of a file.

import type { JsonObject } from '../../contract/json.ts'
import { failure, isFailure } from '../../error/failure.ts'
import { recordWriter } from '../../frame/writer.ts'
import type { Command } from '../command.ts'
import { copybookHelp, copybookOptions, copybookPath, readCopybook } from '../records/copybook.ts'
import { formatHelp, formatOf, formatOptions, isFixed, writerOptions } from '../records/data-format.ts'
import { codePageOf, recordHelp, recordOptions } from '../records/record-options.ts'
import { recordTypes, selectHelp, selectOptions } from '../records/record-types.ts'
import { inContext, linesOf, nameOf, put } from '../records/streams.ts'

/** Bytes gathered before they are written. */
const enough = 256 * 1024

export const encode: Command = {
  name: 'encode',
  summary: 'Write records from one JSON object a line',
  usage: 'encode --copybook FILE [--record NAME] [--code-page cp037] [--format F|FB|V|VB|VBS|text] JSON|- > DATA',
  help: {
    copybook: 'the copybook that describes the records',
    cut: 'cut texts that do not fit, as MOVE does; without it such a text is an error',
    ...copybookHelp,
    ...recordHelp,
    ...formatHelp,
    ...selectHelp,
  },
  options: {
    copybook: { type: 'string' },
    cut: { type: 'boolean' },
    ...copybookOptions,
    ...recordOptions,
    ...formatOptions,
    ...selectOptions,
  },
  run: async (invocation) => {
    const { options } = invocation
    if (options.copybook === undefined) throw failure('COMMAND_LINE_INVALID', { problem: '--copybook FILE is needed' })
    const [path = '-'] = invocation.positionals
    const copybook = readCopybook(copybookPath(invocation), options)
    const page = codePageOf(options)
    const types = recordTypes(copybook, options, (length) => isFixed(formatOf(options, page, length)))
    let parts: Uint8Array[] = []
    let gathered = 0
    const writer = recordWriter(
      formatOf(options, page, types.longest),
      (bytes) => {
        parts.push(bytes)
        gathered += bytes.length
      },
      writerOptions(options),
    )
    const flush = (): Promise<void> | undefined => {
      const ready = Buffer.concat(parts, gathered)
      parts = []
      gathered = 0
      return put(ready)
    }
    let number = 0
    try {
      for await (const lines of linesOf(path)) {
        for (const line of lines) {
          number++
          if (line.trim() !== '') writer.write(types.encode(objectOf(line)))
          if (gathered > enough) await flush()
        }
      }
      writer.end()
    } catch (error) {
      if (!isFailure(error)) throw error
      throw inContext(error, `  in line ${number} of ${nameOf(path)}`)
    } finally {
      await flush()
    }
    return 0
  },
}

function objectOf(line: string): JsonObject {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw failure('JSON_INVALID', { problem: 'it is not JSON' }, { cause })
  }
}
