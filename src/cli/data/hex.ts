// mainspan hex: one record as an annotated dump, with a caret under every byte that cannot be.

import type { CodePage } from '../../codepage/code-page.ts'
import { nameOf } from '../../dataset/file/streams.ts'
import { compileText, pageOf } from '../../dataset/record/copybook.ts'
import { recordTypes } from '../../dataset/record/record-types.ts'
import { recordAt } from '../../dataset/record-at.ts'
import type { Command } from '../command.ts'
import { printMistake } from '../options/compiled-copybook.ts'
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
    ...selectHelp,
    ...offsetHelp,
  },
  options: {
    copybook: { type: 'string' },
    number: { type: 'string' },
    json: { type: 'boolean' },
    ...fileOptions,
    ...selectOptions,
    ...offsetOptions,
  },
  run: async (invocation) => {
    const { options } = invocation
    const [path = '-'] = invocation.positionals
    const request = recordsRequest(invocation)
    const copybook = compileText(request, printMistake)
    const page = pageOf(copybook, request.codec.codePage)
    const number = numberOf(options, 'number') ?? 1
    const { bytes, offset, codec } = await recordAt(
      path,
      recordTypes(copybook, request, {}),
      request.offsets,
      number,
      standardStreams().input,
    )
    const annotations = annotate(codec, bytes)
    const title = `${codec.layout.name}, record ${number} of ${nameOf(path)} at offset ${offset}, ${bytes.length} bytes, ${page.name}\n\n`
    process.stdout.write(options.json ? asJson(annotations, bytes) : title + dump(annotations, bytes, page))
    return annotations.some(({ problem }) => problem) ? 1 : 0
  },
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
