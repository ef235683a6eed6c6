// mainspan encode: one JSON object a line → records of a file.

import { append, byteSink } from '../../codec/byte-sink.ts'
import { failure, isFailure } from '../../error/failure.ts'
import { recordWriter } from '../../frame/writer.ts'
import type { Command } from '../command.ts'
import { copybookPath, readCopybook } from '../records/copybook.ts'
import { formatOf, isFixed, writerOptions } from '../records/data-format.ts'
import { fileHelp, fileOptions, selectHelp, selectOptions } from '../records/options.ts'
import { codePageOf } from '../records/record-options.ts'
import { recordTypes } from '../records/record-types.ts'
import { inContext, nameOf, putWhole } from '../records/streams.ts'
import { wholeLinesOf } from '../records/whole-lines.ts'

/** Bytes gathered before they are written. */
const enough = 256 * 1024

const lineFeed = 0x0a
const blanks: readonly (number | undefined)[] = [0x20, 0x09, 0x0d]

export const encode: Command = {
  name: 'encode',
  summary: 'Write records from one JSON object a line',
  usage: 'encode --copybook FILE [--record NAME] [--code-page cp037] [--format F|FB|V|VB|VBS|text] JSON|- > DATA',
  help: {
    copybook: 'the copybook that describes the records',
    cut: 'cut texts that do not fit, as MOVE does; without it such a text is an error',
    ...fileHelp,
    ...selectHelp,
  },
  options: {
    copybook: { type: 'string' },
    cut: { type: 'boolean' },
    ...fileOptions,
    ...selectOptions,
  },
  run: async (invocation) => {
    const { options } = invocation
    if (options.copybook === undefined) throw failure('COMMAND_LINE_INVALID', { problem: '--copybook FILE is needed' })
    const [path = '-'] = invocation.positionals
    const copybook = readCopybook(copybookPath(invocation), options)
    const page = codePageOf(options)
    const types = recordTypes(copybook, options, (length) => isFixed(formatOf(options, page, length)))
    const out = byteSink(enough)
    const writer = recordWriter(
      formatOf(options, page, types.longest),
      (bytes) => append(out, bytes),
      writerOptions(options),
    )
    const flush = async (): Promise<void> => {
      await putWhole(out.bytes.subarray(0, out.length))
      out.length = 0
    }
    let number = 0
    try {
      for (const lines of wholeLinesOf(path)) {
        for (let at = 0; at < lines.length; ) {
          const newline = lines.indexOf(lineFeed, at)
          const end = newline < 0 ? lines.length : newline
          number++
          if (!isBlank(lines, at, end)) writer.write(types.encode(lines.subarray(at, end)))
          if (out.length > enough) await flush()
          at = end + 1
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

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!blanks.includes(bytes[at])) return false
  return true
}
