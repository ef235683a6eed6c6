// Records and values that do not fit their layout, data-set framing and code pages. Raised by src/codec, src/frame, src/codepage.

import { entry } from './entry.ts'

export const recordErrors = {
  RECORD_TOO_SHORT: entry<{ record: string; needed: number; got: number }>({
    title: 'Record too short',
    message: ({ record, needed, got }) => `record ${record} needs ${needed} bytes but has ${got}`,
    hint: () => 'check that the copybook is the one the record was written with, and the record format',
    retry: 'never',
    http: 400,
    grpc: 'INVALID_ARGUMENT',
  }),
  CODE_PAGE_UNKNOWN: entry<{ name: string }>({
    title: 'Unknown code page',
    message: ({ name }) => `there is no code page ${name}`,
    hint: () =>
      'name it by its CCSID: cp037, cp500, cp1047, cp1140, cp930 …, or ascii, latin1, utf-8; `mainspan support` lists all',
    retry: 'never',
    http: 422,
    grpc: 'INVALID_ARGUMENT',
  }),
  CODE_PAGE_CHARACTER_MISSING: entry<{ codePage: string; position: number }>({
    title: 'Character not in the code page',
    message: ({ codePage, position }) => `the character at position ${position} does not exist in ${codePage}`,
    hint: ({ codePage }) => `send only characters of ${codePage}, or choose the code page that the system really uses`,
    retry: 'never',
    http: 400,
    grpc: 'INVALID_ARGUMENT',
  }),
  CODE_PAGE_BYTES_INVALID: entry<{ codePage: string; offset: number; problem: string }>({
    title: 'Bytes not valid in the code page',
    message: ({ codePage, offset, problem }) => `bytes at offset ${offset} are not ${codePage}: ${problem}`,
    hint: () => 'check the code page of the source, and that the copybook fits the record',
    retry: 'never',
    http: 400,
    grpc: 'INVALID_ARGUMENT',
  }),
} as const
