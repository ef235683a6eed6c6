// The parts that all end-to-end tests of a run share.

import { built, mainframe, rabbitmq, temporal } from './parts.ts'
import type { SpanParts } from './span.ts'

export async function sharedParts(): Promise<SpanParts> {
  const [{ root }, { address }, { url }, { programs }] = await Promise.all([
    built(),
    temporal(),
    rabbitmq(),
    mainframe(),
  ])
  return { root, temporalAddress: address, amqpUrl: url, programs }
}
