// The command line of `decode` and `encode` as a request. It loads nothing of the compiler and the codec: `decode` starts its threads before
// this thread does that.

import type { ParentRequest, RecordsRequest, SelectRequest } from '../../dataset/record/request.ts'
import { failure } from '../../error/failure.ts'
import type { Invocation } from '../command.ts'
import { codecRequest } from './codec-request.ts'
import { compilerRequest, copybookPath, copybookText, recordName } from './copybook-request.ts'
import { withFileDescription } from './file-description.ts'
import { fileOffsets, formatRequest } from './format-request.ts'

/** What the options say of the records of a file. Throws COMMAND_LINE_INVALID, FILE_UNREADABLE, LAYOUT_OPTION_INVALID. */
export function recordsRequest(invocation: Invocation): RecordsRequest {
  const options = withFileDescription(invocation.options)
  if (options.copybook === undefined) throw failure('COMMAND_LINE_INVALID', { problem: '--copybook FILE is needed' })
  const compiler = compilerRequest(options)
  const format = formatRequest(options)
  return {
    copybook: copybookText(copybookPath(invocation), options),
    compiler,
    record: recordName(options),
    codec: codecRequest(options),
    select: selectRequests(options),
    format,
    offsets: fileOffsets(options),
    parents: parentRequests(options),
  }
}

/** What --select says. Throws COMMAND_LINE_INVALID. */
export function selectRequests({ select }: Invocation['options']): readonly SelectRequest[] {
  return Array.isArray(select) ? select.map((text) => selectRequest(String(text))) : []
}

/** What --parent says. Throws COMMAND_LINE_INVALID. */
export function parentRequests({ parent }: Invocation['options']): readonly ParentRequest[] {
  return Array.isArray(parent) ? parent.map((text) => parentRequest(String(text))) : []
}

/** `CONTACT=COMPANY`. */
function parentRequest(text: string): ParentRequest {
  const [, child, parent] = /^([^=]+)=([^=]+)$/.exec(text.toUpperCase()) ?? []
  if (child !== undefined && parent !== undefined) return { child, parent }
  throw failure('COMMAND_LINE_INVALID', { problem: '--parent takes CHILD=PARENT, for example CONTACT=COMPANY' })
}

/** `HEADER=0:'HD'`, `BODY=12:X'01'`, `FIRST=header`, `SHORT=length:80`, `REST=*`. */
function selectRequest(text: string): SelectRequest {
  const [, record = '', condition = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  const name = record.toUpperCase()
  if (condition === 'header' || condition === 'trailer') return { name, place: condition }
  if (condition === '*') return { name }
  const length = /^length:(\d+)$/.exec(condition)?.[1]
  if (length !== undefined) return { name, length: Number(length) }
  const [, offset, hex, quoted] = /^(\d+):(?:X'((?:[0-9A-F]{2})+)'|'(.+)')$/is.exec(condition) ?? []
  if (offset === undefined) {
    throw failure('COMMAND_LINE_INVALID', { problem: `--select ${text} is not understood; for example HEADER=0:'HD'` })
  }
  const at = Number(offset)
  return { name, at: hex === undefined ? { offset: at, text: quoted ?? '' } : { offset: at, hex } }
}
