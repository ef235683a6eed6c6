// How the records of a file lie, from what was asked for, the layout and the code page.

import type { CodePage } from '../../codepage/code-page.ts'
import { lengthFieldFormat, type RecordFormat } from '../../frame/format.ts'
import type { FormatRequest, Newline } from './request.ts'

const newlines = { nl: [0x15], lf: [0x0a], crlf: [0x0d, 0x0a], 'lf-ebcdic': [0x25] } as const satisfies Record<
  Newline,
  readonly number[]
>

/** The format of a file. `recordLength` is that of the layout: LRECL where the request does not say otherwise. */
export function dataFormat(request: FormatRequest, page: CodePage, recordLength: number): RecordFormat {
  switch (request.kind) {
    case 'fixed':
      return { kind: 'fixed', length: request.length ?? recordLength }
    case 'text':
      return textFormat(request.newline, page, recordLength)
    case 'length-field':
      return lengthFieldFormat(request.field)
    default:
      return request
  }
}

/** Whether every record of the format has the same length, so that a shorter one in a file cannot be. */
export function isFixed({ kind }: FormatRequest): boolean {
  return kind === 'fixed' || kind === 'text'
}

function textFormat(asked: Newline | undefined, page: CodePage, length: number): RecordFormat {
  const isEbcdic = page.kind === 'single' || page.kind === 'mixed'
  const newline = asked ?? (isEbcdic ? 'nl' : 'lf')
  return {
    kind: 'text',
    newline: newlines[newline],
    blank: isEbcdic ? 0x40 : 0x20,
    length,
    ...(newline === 'lf' && { optionalBefore: 0x0d }),
  }
}
