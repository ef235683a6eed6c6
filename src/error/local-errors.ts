// Parts of a local machine that cannot be found, got or started, and wrong command lines. Raised by src/local and src/cli.

import { entry } from './entry.ts'

export const localErrors = {
  COMMAND_LINE_INVALID: entry<{ problem: string }>({
    title: 'Command line invalid',
    message: ({ problem }) => problem,
    hint: () => 'see mainspan --help',
    retry: 'never',
    http: 500,
    grpc: 'INVALID_ARGUMENT',
  }),
} as const
