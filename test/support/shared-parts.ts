// The parts that all end-to-end tests of a run share.

import { built, mainframe, postgresql, rabbitmq, temporal } from './parts.ts'
import type { SpanParts } from './span.ts'

export async function sharedParts(): Promise<SpanParts> {
  const [{ root }, { address }, { url }, database, { programs }] = await Promise.all([
    built(),
    temporal(),
    rabbitmq(),
    postgresql(),
    mainframe(),
  ])
  return { root, temporalAddress: address, amqpUrl: url, databaseUrl: database.url, programs }
}
