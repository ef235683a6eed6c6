// Mistakes in a copybook: its text, its clauses, its layout. Raised by src/cobol.

import { entry } from './entry.ts'

export const copybookErrors = {
  PICTURE_CHARACTER_UNKNOWN: entry<{ character: string }>({
    title: 'Unknown picture character',
    message: ({ character }) => `picture character '${character}' is not known`,
    hint: () => 'use V for the implied decimal point',
    retry: 'never',
    http: 422,
    grpc: 'INVALID_ARGUMENT',
  }),
} as const
