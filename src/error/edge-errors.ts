// What callers at the doors and peers on the broker are told. Raised by src/door and src/event.

import { entry } from './entry.ts'

export const edgeErrors = {
  OPERATION_UNKNOWN: entry<{ operation: string }>({
    title: 'Unknown operation',
    message: ({ operation }) => `there is no operation ${operation}`,
    hint: () => 'see the list of operations in the API description',
    retry: 'never',
    http: 404,
    grpc: 'NOT_FOUND',
  }),
} as const
