// Options that say how records lie in a file.

import type { FileOffsets, FormatRequest } from '../../dataset/record/request.ts'
import { failure } from '../../error/failure.ts'
import { countsItself, type Descriptor, gnucobolVariable, type LengthField } from '../../frame/format.ts'
import type { Invocation } from '../command.ts'
import { numberOf, oneOf } from './option-values.ts'

const words = [
  'F',
  'FB',
  'V',
  'VB',
  'VS',
  'VBS',
  'D',
  'text',
  'varseq0',
  'varseq1',
  'varseq2',
  'varseq3',
  'length-field',
  'by-layout',
] as const

/** Throws COMMAND_LINE_INVALID. */
export function formatRequest(options: Invocation['options']): FormatRequest {
  const word = oneOf(options, 'format', words) ?? implied(options)
  if (word === undefined) return { kind: 'unsaid' }
  if (word !== 'by-layout' && options['record-length'] !== undefined)
    throw failure('COMMAND_LINE_INVALID', { problem: `--record-length goes with --format by-layout, not ${word}` })
  const record = descriptor(options, 'rdw-adjust')
  const block = descriptor(options, 'bdw-adjust')
  switch (word) {
    case 'F':
    case 'FB':
      return { kind: 'fixed', length: numberOf(options, 'length') }
    case 'V':
      return { kind: 'variable', record }
    case 'VB':
      return { kind: 'variable', record, block }
    case 'VS':
      return { kind: 'spanned' }
    case 'VBS':
      return { kind: 'spanned', block }
    case 'D':
    case 'text':
      return { kind: 'text', newline: oneOf(options, 'newline', ['nl', 'lf', 'crlf', 'lf-ebcdic']) }
    case 'length-field':
      return { kind: 'length-field', field: lengthField(options) }
    case 'by-layout':
      return { kind: 'by-layout', lengths: recordLengths(options['record-length']) }
    default:
      return gnucobolVariable(Number(word.at(-1)) as 0 | 1 | 2 | 3)
  }
}

/** What another option says of the format. */
function implied(options: Invocation['options']): (typeof words)[number] | undefined {
  if (options['length-field'] !== undefined) return 'length-field'
  if (options['record-length'] !== undefined) return 'by-layout'
  return options.length === undefined ? undefined : 'F'
}

/** `HEAD=120`, once for each record type. */
function recordLengths(given: Invocation['options'][string]): Record<string, number> {
  if (!Array.isArray(given)) return {}
  return Object.fromEntries(
    given.map((text) => {
      const [, name = '', length] = /^([^=]+)=(\d{1,9})$/.exec(String(text)) ?? []
      if (length === undefined)
        throw failure('COMMAND_LINE_INVALID', { problem: '--record-length takes NAME=BYTES, for example HEAD=120' })
      return [name.toUpperCase(), Number(length)]
    }),
  )
}

/** Bytes at the start and the end of a file that belong to no record. Throws COMMAND_LINE_INVALID. */
export function fileOffsets(options: Invocation['options']): FileOffsets {
  const [start = 0, end = 0] = ['start-offset', 'end-offset'].map((name) => {
    const bytes = numberOf(options, name) ?? 0
    if (bytes < 0 || bytes > mostPassedOver)
      throw failure('COMMAND_LINE_INVALID', { problem: `--${name} takes 0 to ${mostPassedOver} bytes` })
    return bytes
  })
  return { start, end }
}

/** What is passed over at the end is held in memory. */
const mostPassedOver = 1024 * 1024 * 1024

function descriptor(options: Invocation['options'], adjust: 'rdw-adjust' | 'bdw-adjust'): Descriptor {
  const endian = oneOf(options, 'rdw-endian', ['big', 'little']) ?? 'big'
  return { ...countsItself, endian, adjust: numberOf(options, adjust) ?? 0 }
}

function lengthField(options: Invocation['options']): LengthField {
  const [offset, size, as = 'binary', adjust = '0'] = String(options['length-field'] ?? '').split(':')
  const kind = (['binary', 'little-endian', 'zoned', 'packed'] as const).find((one) => one === as)
  const numbers = [offset, size, adjust].map(Number)
  if (!kind || !numbers.every(Number.isInteger) || Number(size) < 1 || Number(size) > 15) {
    throw failure('COMMAND_LINE_INVALID', {
      problem: '--length-field takes OFFSET:SIZE[:KIND[:ADJUST]], for example 4:2:binary:6',
    })
  }
  return { offset: Number(offset), size: Number(size), as: kind, adjust: Number(adjust) }
}
