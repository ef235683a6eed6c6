// Options that say how records are read and written: code page, names, views, policies; and the codec that follows from them.

import { readFileSync } from 'node:fs'
import type { Layout } from '../../cobol/layout.ts'
import { type CodecOptions, type RecordCodec, recordCodec } from '../../codec/record-codec.ts'
import { recordOptionsOf } from '../../codec/record-options.ts'
import { type CodePage, codePage } from '../../codepage/code-page.ts'
import type { InvalidPolicy, RecordOptions } from '../../contract/record.ts'
import { failure } from '../../error/failure.ts'
import type { Invocation } from '../command.ts'
import { reasonOf } from '../system-error.ts'
import { oneOf } from './options.ts'

export function codePageOf(options: Invocation['options']): CodePage {
  return codePage(String(options['code-page'] ?? 'cp037'))
}

/** The codec of a layout as the options want it. */
export function codecOf(layout: Layout, options: Invocation['options'], more: Partial<CodecOptions> = {}): RecordCodec {
  return recordCodec(layout, { ...codecOptions(options), ...more })
}

export function codecOptions(options: Invocation['options']): CodecOptions {
  const names = oneOf(options, 'names', ['camelCase', 'dfhls2ws', 'verbatim'])
  const undeclaredViews = oneOf(options, 'views', ['all', 'first']) ?? 'all'
  const fromFile = typeof options['record-options'] === 'string' ? readOptions(options['record-options']) : {}
  const invalid = { ...fromFile.invalid, ...invalidPolicies(options.invalid) }
  return {
    ...fromFile,
    codePage: codePageOf(options),
    undeclaredViews,
    invalid,
    ...(names && { names }),
    ...(typeof options.numbers === 'string' && {
      numbers: options.numbers === 'all' ? ['*'] : options.numbers.split(','),
    }),
    ...(typeof options.prefix === 'string' && { prefix: options.prefix }),
  }
}

function readOptions(file: string): RecordOptions {
  let given: unknown
  try {
    given = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw failure('FILE_UNREADABLE', {
      file,
      reason: cause instanceof SyntaxError ? 'it is not JSON' : reasonOf(cause),
    })
  }
  return recordOptionsOf(given)
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
