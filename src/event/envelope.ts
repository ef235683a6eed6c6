// A command as it comes off the queue: a structured CloudEvent, or plain JSON with the properties of the message as its envelope.

import { type JsonText, readJson } from '../codec/text/strict-json.ts'
import { isObject, type JsonValue } from '../contract/json.ts'
import { failure, isFailure } from '../error/failure.ts'
import type { Delivery } from './subscription.ts'

/** A message that starts an operation, read from its envelope; the input is not validated yet. */
export interface CommandMessage {
  readonly operation: string
  readonly version: number
  /** Identifies the command for its client: the same id again is the same command. */
  readonly id: string
  /** Who sent it, the scope of ids: the user that the broker checked, else what the sender says of itself. */
  readonly client: string
  readonly input: JsonValue
  /** JSON Pointers into the input of numbers that lose digits as JavaScript numbers. */
  readonly inexact: readonly string[]
  readonly replyTo: { readonly queue: string; readonly correlationId: string } | undefined
}

/** What counts of a message. */
export type Message = Pick<
  Delivery,
  | 'body'
  | 'contentType'
  | 'contentEncoding'
  | 'messageId'
  | 'type'
  | 'correlationId'
  | 'replyTo'
  | 'userId'
  | 'appId'
  | 'headers'
>

/** The media type of structured CloudEvents JSON (CloudEvents JSON Event Format 1.0). */
export const cloudEventType = 'application/cloudevents+json'

/** Where a parked message carries the user that the broker had checked: nobody but that user may publish it as the property user_id. */
export const userHeader = 'mainspan-user'

/**
 * The user that the broker checked when the message was sent. The header counts only where there is no user_id; a sender who writes it
 * claims no more than by app_id, which anybody may choose as well.
 */
export function checkedUser({ userId, headers }: Pick<Message, 'userId' | 'headers'>): string | undefined {
  const carried = headers[userHeader]
  return userId ?? (typeof carried === 'string' && carried !== '' ? carried : undefined)
}

const json = 'application/json'
/** Where a CloudEvent holds the input. */
const dataPath = '/data'

const wrong = (problem: string) => failure('COMMAND_MALFORMED', { problem })

/** As strictly as the REST API: a name given twice is a mistake, and a number that loses digits is told. */
function jsonOf(body: Uint8Array): JsonText {
  try {
    return readJson(body)
  } catch (error) {
    if (!isFailure(error)) throw error
    throw wrong(`the body is not JSON as it should be: ${error.what}`)
  }
}

/** The media type, and that it is written in UTF-8 where it says anything of that; both without regard to case (RFC 9110 section 8.3.1). */
function isMediaType(text: unknown, ...types: readonly string[]): boolean {
  if (typeof text !== 'string') return false
  const [type = '', ...parameters] = text
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const charset = parameters.find((part) => part.startsWith('charset='))?.slice('charset='.length)
  return types.includes(type) && (charset === undefined || /^"?utf-8"?$/.test(charset))
}

/** A visible string of bounded length; the value itself is not repeated in the message. */
function word(value: unknown, name: string): string {
  if (typeof value !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(value)) {
    throw wrong(`${name} must be 1 to 200 visible ASCII characters`)
  }
  return value
}

/** `mainspan.transferFunds.v1`, or without the prefix. */
function target(type: string): Pick<CommandMessage, 'operation' | 'version'> {
  const match = /^(?:mainspan\.)?([A-Za-z][A-Za-z0-9]{0,99})\.v([1-9][0-9]{0,5})$/.exec(type)
  if (!match) throw wrong('type must read OPERATION.vN, for example mainspan.transferFunds.v1')
  return { operation: match[1] ?? '', version: Number(match[2]) }
}

function replyOf(message: Message, id: string): CommandMessage['replyTo'] {
  if (message.replyTo === undefined) return undefined
  const correlationId = message.correlationId ?? id
  if (message.replyTo.length > 255 || correlationId.length > 255) throw wrong('reply_to or correlation_id is too long')
  return { queue: message.replyTo, correlationId }
}

function fromCloudEvent(message: Message, { value: event, inexact }: JsonText): CommandMessage {
  if (!isObject(event)) throw wrong('a CloudEvent is a JSON object')
  if (event.specversion !== '1.0') throw wrong('specversion must be 1.0')
  const { data, datacontenttype } = event
  if (datacontenttype !== undefined && !isMediaType(datacontenttype, json)) {
    throw wrong('datacontenttype must be application/json')
  }
  if (data === undefined) throw wrong('data is missing')
  const id = word(event.id, 'id')
  const source = word(event.source, 'source')
  return {
    ...target(word(event.type, 'type')),
    id,
    client: `amqp:${checkedUser(message) ?? source}`,
    input: data,
    inexact: inexact
      .map(({ path }) => path)
      .filter((path) => path.startsWith(`${dataPath}/`) || path === dataPath)
      .map((path) => path.slice(dataPath.length)),
    replyTo: replyOf(message, id),
  }
}

function fromPlain(message: Message, { value: input, inexact }: JsonText): CommandMessage {
  const id = word(message.messageId, 'the property message_id')
  return {
    ...target(word(message.type, 'the property type')),
    id,
    client: `amqp:${checkedUser(message) ?? word(message.appId ?? 'unnamed', 'the property app_id')}`,
    input,
    inexact: inexact.map(({ path }) => path),
    replyTo: replyOf(message, id),
  }
}

/** Reads a message of at most `limit` bytes as a command. Throws COMMAND_MALFORMED; nothing of the body stands in its message. */
export function commandOf(message: Message, limit: number): CommandMessage {
  if (message.body.byteLength > limit) throw wrong(`the body has more than ${limit} bytes`)
  if (message.contentEncoding !== undefined && !/^(?:utf-?8|identity)$/i.test(message.contentEncoding)) {
    throw wrong('content_encoding is not supported')
  }
  const contentType = message.contentType ?? json
  const isCloudEvent = isMediaType(contentType, cloudEventType)
  if (!isCloudEvent && !isMediaType(contentType, json)) {
    throw wrong(`content_type must be ${cloudEventType} or ${json}, in UTF-8`)
  }
  const body = jsonOf(message.body)
  return isCloudEvent ? fromCloudEvent(message, body) : fromPlain(message, body)
}
