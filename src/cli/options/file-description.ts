// How the records of a file lie, as the member `file` of a --record-options file says it, in the place of options of the command line:
//
//   { "prefix": "CA-", "file": { "format": "by-layout", "select": ["HEAD=header", "BODY=*"], "recordLength": { "HEAD": 120 }, "endOffset": 1 } }

import { isObject } from '../../contract/json.ts'
import { failure } from '../../error/failure.ts'
import type { Invocation } from '../command.ts'
import { readOptionsFile } from './codec-request.ts'

type OptionValue = Invocation['options'][string]

/** A member of `file`, the option that it stands for, and its value as that option takes it; undefined where it is none. */
interface DescriptionMember {
  readonly option: string
  readonly expected: string
  readonly value: (given: unknown) => OptionValue
}

const word = (option: string): DescriptionMember => ({
  option,
  expected: 'a text or a whole number',
  value: (given) => (typeof given === 'string' || Number.isSafeInteger(given) ? String(given) : undefined),
})

const members: Readonly<Record<string, DescriptionMember>> = {
  format: word('format'),
  length: word('length'),
  newline: word('newline'),
  rdwEndian: word('rdw-endian'),
  rdwAdjust: word('rdw-adjust'),
  bdwAdjust: word('bdw-adjust'),
  lengthField: word('length-field'),
  startOffset: word('start-offset'),
  endOffset: word('end-offset'),
  select: {
    option: 'select',
    expected: 'a list of rules',
    value: (given) =>
      Array.isArray(given) && given.every((one) => typeof one === 'string') ? given.map(String) : undefined,
  },
  recordLength: {
    option: 'record-length',
    expected: 'an object of record names with their bytes',
    value: (given) =>
      isObject(given) && Object.values(given).every(Number.isSafeInteger)
        ? Object.entries(given).map(([name, bytes]) => `${name}=${bytes}`)
        : undefined,
  },
}

/** The options with those that the file of --record-options describes; the command line's own count. Throws FILE_UNREADABLE, LAYOUT_OPTION_INVALID. */
export function withFileDescription(options: Invocation['options']): Invocation['options'] {
  const { file } = readOptionsFile(options)
  if (file === undefined) return options
  const known = Object.keys(members).join(', ')
  if (!isObject(file)) throw invalid('file', `an object with ${known}`)
  const described = Object.entries(file).map(([name, given]) => {
    const member = Object.hasOwn(members, name) ? members[name] : undefined
    if (!member) throw invalid(`file.${name}`, `one of ${known}`)
    const value = member.value(given)
    if (value === undefined) throw invalid(`file.${name}`, member.expected)
    return [member.option, value] as const
  })
  return { ...Object.fromEntries(described), ...options }
}

function invalid(option: string, expected: string) {
  return failure('LAYOUT_OPTION_INVALID', { option, problem: `it must be ${expected}` })
}
