// mainspan hex: one record as an annotated dump, with a caret under every byte that cannot be.

import { recordCodec } from '../../codec/record-codec.ts'
import type { CodePage } from '../../codepage/code-page.ts'
import { nameOf, piecesOf } from '../../dataset/file/streams.ts'
import { chosenLayout, pageOf } from '../../dataset/record/copybook.ts'
import { dataFormat, isFixed } from '../../dataset/record/data-format.ts'
import { failure } from '../../error/failure.ts'
import { recordReader } from '../../frame/reader.ts'
import type { Command } from '../command.ts'
import { codecRequest } from '../options/codec-request.ts'
import { readCopybook } from '../options/compiled-copybook.ts'
import { copybookPath, recordName } from '../options/copybook-request.ts'
import { formatRequest } from '../options/format-request.ts'
import { fileHelp, fileOptions } from '../options/option-tables.ts'
import { numberOf } from '../options/option-values.ts'
import { standardStreams } from '../options/standard-streams.ts'
import { type Annotation, annotate } from './annotate.ts'

/** `mainspan hex`: one record as an annotated dump. Exit code 1 when an item holds bytes that its picture does not allow. */
export const hex: Command = {
  name: 'hex',
  summary: 'Show one record as an annotated hex dump: offset, bytes, item, value, problems',
  usage:
    'hex --copybook FILE [--record NAME] [--code-page cp037] [--format F] [--number N] DATA|-; exit code 1 when a byte cannot be',
  help: {
    copybook: 'the copybook that describes the records',
    number: 'which record of the file, from 1; the first without it',
    json: 'print an array of { offset, length, hex, item, picture, usage, value, problem }',
    ...fileHelp,
  },
  options: {
    copybook: { type: 'string' },
    number: { type: 'string' },
    json: { type: 'boolean' },
    ...fileOptions,
  },
  run: async (invocation) => {
    const { options } = invocation
    if (options.copybook === undefined) throw failure('COMMAND_LINE_INVALID', { problem: '--copybook FILE is needed' })
    const [path = '-'] = invocation.positionals
    const copybook = readCopybook(copybookPath(invocation), options)
    const layout = chosenLayout(copybook, recordName(options))
    const request = codecRequest(options)
    const page = pageOf(copybook, request.codePage)
    const asked = formatRequest(options)
    const format = dataFormat(asked, page, layout.maximumLength)
    const codec = recordCodec(layout, { ...request, codePage: page, ...(isFixed(asked) && { variable: 'maximum' }) })
    const number = numberOf(options, 'number') ?? 1
    const { bytes, offset } = await recordAt(path, format, number)
    const annotations = annotate(codec, bytes)
    const title = `${layout.name}, record ${number} of ${nameOf(path)} at offset ${offset}, ${bytes.length} bytes, ${page.name}\n\n`
    process.stdout.write(options.json ? asJson(annotations, bytes) : title + dump(annotations, bytes, page))
    return annotations.some(({ problem }) => problem) ? 1 : 0
  },
}

/** The record of a number, counted from 1; what is left of the file where it ends inside that record. */
async function recordAt(path: string, format: Parameters<typeof recordReader>[0], number: number) {
  let seen = 0
  let found: { bytes: Uint8Array; offset: number } | undefined
  const rest: Uint8Array[] = []
  const reader = recordReader(format, (buffer, start, end, offset) => {
    if (++seen === number) found = { bytes: buffer.slice(start, end), offset }
  })
  let read = 0
  for await (const piece of piecesOf(path, standardStreams().input)) {
    reader.push(piece)
    if (found) return found
    const { offset } = reader.position()
    rest.push(piece.slice(Math.max(0, offset - read)))
    read += piece.length
    if (offset === read) rest.length = 0
  }
  const { offset } = reader.position()
  const left = Buffer.concat(rest)
  if (format.kind === 'fixed' && seen === number - 1 && left.length > 0)
    return { bytes: left.subarray(left.length - (read - offset)), offset }
  if (format.kind === 'text') reader.end()
  if (found) return found
  throw failure('RECORD_NUMBER_UNKNOWN', { number, records: seen })
}

const perRow = 16

function dump(annotations: readonly Annotation[], bytes: Uint8Array, page: CodePage): string {
  const digits = Math.max(4, bytes.length.toString().length)
  const lines = annotations.flatMap((one) => {
    if (isGroup(one)) return [`${''.padEnd(digits + 2 + perRow * 3 + 1 + perRow)}  ${label(one)}`]
    const rows: string[] = []
    const shown = Math.max(0, Math.min(one.length, bytes.length - one.offset))
    for (let row = 0; row < Math.max(1, shown); row += perRow) {
      const at = one.offset + row
      const part = bytes.subarray(at, Math.min(at + perRow, one.offset + shown))
      const text = row === 0 ? `${label(one)}${valueText(one)}` : ''
      rows.push(
        `${String(at).padStart(digits)}  ${hexText(part).padEnd(perRow * 3)} ${plainText(part, page)}  ${text}`.trimEnd(),
      )
      const caret = caretLine(one, at, digits)
      if (caret) rows.push(caret)
    }
    return rows
  })
  const problems = annotations.filter(({ problem }) => problem).length
  const end = problems === 0 ? 'no problems' : `${problems} ${problems === 1 ? 'problem' : 'problems'}`
  return `${lines.join('\n')}\n\n${end}\n`
}

const isGroup = ({ usage, item, problem }: Annotation) => usage === undefined && !item.startsWith('(') && !problem

function label({ depth, item, picture, usage, redefines }: Annotation): string {
  const storage = usage === undefined || usage === 'DISPLAY' ? '' : ` ${usage}`
  const view = redefines === undefined ? '' : ` REDEFINES ${redefines}`
  return `${'  '.repeat(depth)}${item}${view}${picture === undefined ? '' : ` PIC ${picture}`}${storage}`
}

function valueText({ value }: Annotation): string {
  return value === undefined ? '' : ` = ${value === null ? 'null' : JSON.stringify(value)}`
}

/** Points at the byte that cannot be, under the row that shows it. */
function caretLine({ problem, offset, length }: Annotation, row: number, digits: number): string | undefined {
  if (!problem) return undefined
  const isHere = problem.at >= row && problem.at < row + perRow
  const isBehind = problem.at >= offset + length && row + perRow >= offset + length
  if (!isHere && !isBehind) return undefined
  const column = digits + 2 + 3 * Math.min(problem.at - row, perRow)
  return `${' '.repeat(column)}^^ offset ${problem.at}: ${problem.what}`
}

function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ')
}

/** One character a byte; a dot for what is no printable character. */
function plainText(bytes: Uint8Array, { toUnicode }: CodePage): string {
  const characters = Array.from(bytes, (byte) => String.fromCharCode(toUnicode[byte] ?? 0xfffd))
  return characters
    .map((one) => (/^[\p{L}\p{N}\p{P}\p{S} ]$/u.test(one) && one !== '\ufffd' ? one : '.'))
    .join('')
    .padEnd(perRow)
}

function asJson(annotations: readonly Annotation[], bytes: Uint8Array): string {
  const rows = annotations.map((one) => ({
    ...one,
    hex: Buffer.from(bytes.subarray(one.offset, one.offset + one.length))
      .toString('hex')
      .toUpperCase(),
  }))
  return `${JSON.stringify(rows, null, 2)}\n`
}
