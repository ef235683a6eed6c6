// How the records of a file lie, from what was asked for, the layout and the code page.

import type { Layout } from '../../cobol/layout.ts'
import type { CodePage } from '../../codepage/code-page.ts'
import { lengthFieldFormat, type RecordFormat } from '../../frame/format.ts'
import type { FormatRequest, Newline, SelectRequest } from './request.ts'

const newlines = { nl: [0x15], lf: [0x0a], crlf: [0x0d, 0x0a], 'lf-ebcdic': [0x25] } as const satisfies Record<
  Newline,
  readonly number[]
>

/** A format that was said, or made up for: not by the layouts alone. */
export type PlainFormatRequest = Exclude<FormatRequest, { readonly kind: 'unsaid' | 'by-layout' }>

/** The format of a file. `recordLength` is that of the layout: LRECL where the request does not say otherwise. */
export function dataFormat(request: PlainFormatRequest, page: CodePage, recordLength: number): RecordFormat {
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

/**
 * What was said, or what goes without saying: one type, and types that are told by their place in the file, are F with the longest record's
 * length; types of different lengths that are all told by their bytes lie one behind the other, as nothing else would tell where they end.
 */
export function saidFormat(
  format: FormatRequest,
  select: readonly SelectRequest[],
  layouts: readonly Layout[],
): Exclude<FormatRequest, { readonly kind: 'unsaid' }> {
  if (format.kind !== 'unsaid') return format
  const [first] = layouts
  const differ = layouts.some(
    ({ minimumLength, maximumLength }) => minimumLength !== maximumLength || maximumLength !== first?.maximumLength,
  )
  const areTold = select.length > 0 && select.every(({ at }) => at !== undefined)
  return differ && areTold ? { kind: 'by-layout', lengths: {} } : { kind: 'fixed', length: undefined }
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
