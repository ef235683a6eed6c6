// Mistakes in adapters, flows and operations, and in the settings. Raised by src/catalog and src/config.ts.

import { entry } from './entry.ts'

export const catalogErrors = {
  SETTINGS_INVALID: entry<{ mistakes: string }>({
    title: 'Settings invalid',
    message: ({ mistakes }) => `the settings have mistakes: ${mistakes}`,
    hint: () => 'mend every setting named here; docs/settings.md lists them all',
    retry: 'never',
    http: 500,
    grpc: 'FAILED_PRECONDITION',
  }),
} as const
