// Options that say how records are read and written: code page, names, views, policies.

import { readFileSync } from 'node:fs'
import { recordOptionsOf } from '../../codec/record-options.ts'
import { isObject } from '../../contract/json.ts'
import type { InvalidPolicy, RecordOptions } from '../../contract/record.ts'
import { reasonOf } from '../../dataset/file/system-error.ts'
import type { CodecRequest } from '../../dataset/record/request.ts'
import { failure } from '../../error/failure.ts'
import type { Invocation } from '../command.ts'
import { oneOf } from './option-values.ts'

/** Throws COMMAND_LINE_INVALID, FILE_UNREADABLE, LAYOUT_OPTION_INVALID. */
export function codecRequest(options: Invocation['options']): CodecRequest {
  const names = oneOf(options, 'names', ['camelCase', 'dfhls2ws', 'verbatim'])
  const undeclaredViews = oneOf(options, 'views', ['all', 'first']) ?? 'all'
  const fromFile = readOptionsFile(options).record
  const invalid = { ...fromFile.invalid, ...invalidPolicies(options.invalid) }
  return {
    ...fromFile,
    codePage: typeof options['code-page'] === 'string' ? options['code-page'] : undefined,
    undeclaredViews,
    invalid,
    ...(names && { names }),
    ...(typeof options.numbers === 'string' && {
      numbers: options.numbers === 'all' ? ['*'] : options.numbers.split(','),
    }),
    ...(typeof options.prefix === 'string' && { prefix: options.prefix }),
  }
}

/**
 * What the file of --record-options says of records, and what its member `file` says of files; nothing without that option. Throws
 * FILE_UNREADABLE, LAYOUT_OPTION_INVALID.
 */
export function readOptionsFile({ 'record-options': path }: Invocation['options']): {
  readonly record: RecordOptions
  readonly file?: unknown
} {
  if (typeof path !== 'string') return { record: {} }
  const given = readJson(path)
  if (!isObject(given)) return { record: recordOptionsOf(given) }
  const { file, ...record } = given
  return { record: recordOptionsOf(record), file }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw failure('FILE_UNREADABLE', {
      file,
      reason: cause instanceof SyntaxError ? 'it is not JSON' : reasonOf(cause),
    })
  }
}

const policies: readonly InvalidPolicy[] = ['error', 'null', 'raw', 'zero']

/** `raw` for all fields, or `BALANCE=null,LIMIT=zero`. */
function invalidPolicies(given: unknown): Record<string, InvalidPolicy> {
  if (given === undefined) return {}
  const entries = String(given)
    .split(',')
    .map((part) => {
      const [name = '', word = ''] = part.includes('=') ? part.split('=') : ['*', part]
      const policy = policies.find((one) => one === word)
      if (!policy) throw failure('COMMAND_LINE_INVALID', { problem: `--invalid takes ${policies.join(', ')}` })
      return [name.toUpperCase(), policy] as const
    })
  return Object.fromEntries(entries)
}
