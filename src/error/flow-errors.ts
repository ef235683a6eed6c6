// How calls to a core, flows and operations end. Raised by src/flow, src/durable and src/backend.

import { entry } from './entry.ts'

export const flowErrors = {
  CORE_UNREACHABLE: entry<{ adapter: string }>({
    title: 'Core system unreachable',
    message: ({ adapter }) => `${adapter} could not be reached; nothing was sent`,
    hint: () => 'try again later; the request has had no effect',
    retry: 'later',
    http: 503,
    grpc: 'UNAVAILABLE',
  }),
} as const
