// A command as it comes off the queue: a structured CloudEvent, or plain JSON with the properties of the message as its envelope.

import type { JsonValue } from '../contract/json.ts'
import { failure } from '../error/failure.ts'
import type { Delivery } from './subscription.ts'

export interface Command {
  readonly operation: string
  readonly version: number
  /** Identifies the command for its client: the same id again is the same command. */
  readonly id: string
  /** Who sent it, the scope of ids: the user that the broker checked, else what the sender says of itself. */
  readonly client: string
  readonly input: JsonValue
  readonly replyTo: { readonly queue: string; readonly correlationId: string } | undefined
}

/** What counts of a message. */
export type Message = Pick<
  Delivery,
  'body' | 'contentType' | 'contentEncoding' | 'messageId' | 'type' | 'correlationId' | 'replyTo' | 'userId' | 'appId'
>

export const cloudEventType = 'application/cloudevents+json'

const wrong = (problem: string) => failure('COMMAND_MALFORMED', { problem })

function jsonOf(body: Uint8Array): JsonValue {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw wrong('the body is not UTF-8')
  }
  try {
    return JSON.parse(text)
  } catch {
    throw wrong('the body is not JSON')
  }
}

/** A visible string of bounded length; the value itself is not repeated in the message. */
function word(value: unknown, name: string): string {
  if (typeof value !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(value)) {
    throw wrong(`${name} must be 1 to 200 visible ASCII characters`)
  }
  return value
}

/** `mainspan.transferFunds.v1`, or without the prefix. */
function target(type: string): Pick<Command, 'operation' | 'version'> {
  const match = /^(?:mainspan\.)?([A-Za-z][A-Za-z0-9]{0,99})\.v([1-9][0-9]{0,5})$/.exec(type)
  if (!match) throw wrong('type must read OPERATION.vN, for example mainspan.transferFunds.v1')
  return { operation: match[1] ?? '', version: Number(match[2]) }
}

function replyOf(message: Message, id: string): Command['replyTo'] {
  if (message.replyTo === undefined) return undefined
  const correlationId = message.correlationId ?? id
  if (message.replyTo.length > 255 || correlationId.length > 255) throw wrong('reply_to or correlation_id is too long')
  return { queue: message.replyTo, correlationId }
}

const isObject = (value: JsonValue): value is { readonly [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function fromCloudEvent(message: Message, event: JsonValue): Command {
  if (!isObject(event)) throw wrong('a CloudEvent is a JSON object')
  if (event.specversion !== '1.0') throw wrong('specversion must be 1.0')
  const { data, datacontenttype } = event
  if (datacontenttype !== undefined && !/^application\/json(?:;|$)/.test(String(datacontenttype))) {
    throw wrong('datacontenttype must be application/json')
  }
  if (data === undefined) throw wrong('data is missing')
  const id = word(event.id, 'id')
  const source = word(event.source, 'source')
  return {
    ...target(word(event.type, 'type')),
    id,
    client: `amqp:${message.userId ?? source}`,
    input: data,
    replyTo: replyOf(message, id),
  }
}

function fromPlain(message: Message, input: JsonValue): Command {
  const id = word(message.messageId, 'the property message_id')
  return {
    ...target(word(message.type, 'the property type')),
    id,
    client: `amqp:${message.userId ?? word(message.appId ?? 'unnamed', 'the property app_id')}`,
    input,
    replyTo: replyOf(message, id),
  }
}

/** Reads a message of at most `limit` bytes as a command. Throws COMMAND_MALFORMED; nothing of the body stands in its message. */
export function commandOf(message: Message, limit: number): Command {
  if (message.body.byteLength > limit) throw wrong(`the body has more than ${limit} bytes`)
  if (message.contentEncoding !== undefined && !/^(?:utf-?8|identity)$/i.test(message.contentEncoding)) {
    throw wrong('content_encoding is not supported')
  }
  const mediaType = (message.contentType ?? 'application/json').split(';')[0]?.trim().toLowerCase()
  if (mediaType !== cloudEventType && mediaType !== 'application/json') {
    throw wrong(`content_type must be ${cloudEventType} or application/json`)
  }
  const body = jsonOf(message.body)
  return mediaType === cloudEventType ? fromCloudEvent(message, body) : fromPlain(message, body)
}
