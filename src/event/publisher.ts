// Events and answers of flows, onto the broker.

import type { Publisher } from '../contract/event.ts'
import type { Broker } from './broker.ts'
import { cloudEvent, eventKey, eventType } from './cloud-event.ts'
import { cloudEventType } from './envelope.ts'

export interface PublisherOptions {
  /** The `source` of CloudEvents: a URI reference that names this installation. */
  readonly source?: string
}

const utf8 = new TextEncoder()

/**
 * Events go to the events exchange under `operation.vN.event-name`; the header `partitionkey` lets consumers spread them over
 * queues in order, by a consistent-hash exchange bound to it. Answers go to the queue that the command named.
 */
export function publisher(broker: Pick<Broker, 'publish' | 'names'>, options: PublisherOptions = {}): Publisher {
  const source = options.source ?? 'urn:mainspan'
  return {
    publish: (event) =>
      broker.publish({
        exchange: broker.names.events,
        routingKey: eventKey(event),
        body: utf8.encode(JSON.stringify(cloudEvent(event, source))),
        messageId: event.id,
        contentType: cloudEventType,
        type: eventType(event),
        headers: { partitionkey: event.subject },
      }),
    reply: ({ queue, correlationId, id, body }) =>
      broker.publish({
        exchange: '',
        routingKey: queue,
        body: utf8.encode(JSON.stringify(body)),
        messageId: id,
        contentType: 'application/json',
        correlationId,
      }),
  }
}
