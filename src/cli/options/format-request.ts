// Options that say how records lie in a file.

import type { FormatRequest } from '../../dataset/record/request.ts'
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
] as const

/** Throws COMMAND_LINE_INVALID. */
export function formatRequest(options: Invocation['options']): FormatRequest {
  const word = oneOf(options, 'format', words) ?? (options['length-field'] === undefined ? 'F' : 'length-field')
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
    default:
      return gnucobolVariable(Number(word.at(-1)) as 0 | 1 | 2 | 3)
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
