// What leaves and enters over the broker.

import type { JsonObject } from './json.ts'

/** An event as the flow decides it; the publisher makes a CloudEvent of it. */
export interface DomainEvent {
  /** The same on every attempt, reset and replay: UUID v5 of workflow id and ordinal. */
  readonly id: string
  /** For example `funds-transferred`. */
  readonly name: string
  readonly operation: string
  readonly version: number
  /** The key that orders events: an account, say. Part of the routing, so no secret. */
  readonly subject: string
  /** Position among the events of this workflow, from 1. */
  readonly sequence: number
  /** RFC 3339, the workflow's time of decision. */
  readonly time: string
  /** The id of the operation that it comes from. */
  readonly operationId: string
  readonly data: JsonObject
}

/** The answer to a command. */
export interface CommandReply {
  readonly queue: string
  readonly correlationId: string
  readonly id: string
  readonly body: JsonObject
}

/** Both resolve only when the broker holds the message: confirmed, not returned, within the deadline. Otherwise they throw a Failure. */
export interface Publisher {
  publish(event: DomainEvent): Promise<void>
  reply(reply: CommandReply): Promise<void>
}
