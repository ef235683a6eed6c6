// Options that say how records lie in a file, and the format that follows from them.

import type { CodePage } from '../../codepage/code-page.ts'
import { failure } from '../../error/failure.ts'
import {
  countsItself,
  type Descriptor,
  gnucobolVariable,
  type LengthField,
  lengthFieldFormat,
  type RecordFormat,
} from '../../frame/format.ts'
import type { Invocation } from '../command.ts'
import { numberOf, oneOf } from './options.ts'

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
] as const

/** The format of the file. `recordLength` is that of the layout: LRECL where `--length` does not say otherwise. */
export function formatOf(options: Invocation['options'], page: CodePage, recordLength: number): RecordFormat {
  const word = oneOf(options, 'format', words) ?? (options['length-field'] === undefined ? 'F' : 'length-field')
  const record = descriptor(options, 'rdw-adjust')
  const block = descriptor(options, 'bdw-adjust')
  switch (word) {
    case 'F':
    case 'FB':
      return { kind: 'fixed', length: numberOf(options, 'length') ?? recordLength }
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
      return textFormat(options, page, recordLength)
    case 'length-field':
      return lengthFieldFormat(lengthField(options))
    default:
      return gnucobolVariable(Number(word.at(-1)) as 0 | 1 | 2 | 3)
  }
}

/** Whether every record of the format has the same length, so that a shorter one in a file cannot be. */
export function isFixed(format: RecordFormat): boolean {
  return format.kind === 'fixed' || format.kind === 'text'
}

export function writerOptions(options: Invocation['options']): { blockSize?: number } {
  const blockSize = numberOf(options, 'block-size')
  return blockSize === undefined ? {} : { blockSize }
}

function textFormat(options: Invocation['options'], page: CodePage, length: number): RecordFormat {
  const isEbcdic = page.kind === 'single' || page.kind === 'mixed'
  const newline = oneOf(options, 'newline', ['nl', 'lf', 'crlf', 'lf-ebcdic']) ?? (isEbcdic ? 'nl' : 'lf')
  const bytes = { nl: [0x15], lf: [0x0a], crlf: [0x0d, 0x0a], 'lf-ebcdic': [0x25] } as const
  return {
    kind: 'text',
    newline: bytes[newline],
    blank: isEbcdic ? 0x40 : 0x20,
    length,
    ...(newline === 'lf' && { optionalBefore: 0x0d }),
  }
}

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
