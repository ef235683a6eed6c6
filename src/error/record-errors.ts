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
} as const
