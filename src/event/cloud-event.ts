// How an event of a flow is named and written for the outside: a CloudEvent 1.0 in structured JSON. CloudEvents' own AMQP binding
// is for AMQP 1.0; structured mode means the same on 0-9-1.

import type { DomainEvent } from '../contract/event.ts'
import type { JsonObject } from '../contract/json.ts'

type EventIdentity = Pick<DomainEvent, 'operation' | 'version' | 'name'>

/** The routing key: `transferFunds.v1.funds-transferred`. */
export function eventKey({ operation, version, name }: EventIdentity): string {
  return `${operation}.v${version}.${name}`
}

/** The CloudEvents type: `mainspan.transferFunds.v1.funds-transferred`. */
export function eventType(event: EventIdentity): string {
  return `mainspan.${eventKey(event)}`
}

/** The URI that names the schema of an event's data. */
export function eventSchemaUri({ operation, version, name }: EventIdentity): string {
  return `urn:mainspan:event:${operation}:v${version}:${name}`
}

/** The event as the broker carries it. `sequence` is text, as the CloudEvents sequence extension wants it. */
export function cloudEvent(event: DomainEvent, source: string): JsonObject {
  return {
    specversion: '1.0',
    id: event.id,
    source,
    type: eventType(event),
    subject: event.subject,
    time: event.time,
    datacontenttype: 'application/json',
    dataschema: eventSchemaUri(event),
    sequence: String(event.sequence),
    partitionkey: event.subject,
    operationid: event.operationId,
    data: event.data,
  }
}
