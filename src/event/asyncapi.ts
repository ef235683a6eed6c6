// The AsyncAPI 3.0 document of everything that leaves and enters over the broker, from the catalog.

import type { Catalog, ResolvedOperation } from '../contract/catalog.ts'
import type { JsonSchema } from '../contract/json.ts'
import { eventKey, eventSchemaUri, eventType } from './cloud-event.ts'
import { cloudEventType } from './envelope.ts'
import type { TopologyNames } from './topology.ts'

export interface AsyncApiOptions {
  readonly title: string
  readonly version: string
  readonly names: TopologyNames
  /** Host and port of the broker as its users see it. */
  readonly server?: { readonly host: string; readonly secure: boolean }
}

type DocumentNode = Readonly<Record<string, unknown>>
type DocumentSection = Record<string, DocumentNode>

/** The sections that each operation adds to. */
interface Sections {
  readonly channels: DocumentSection
  readonly operations: DocumentSection
  readonly messages: DocumentSection
  readonly schemas: DocumentSection
}

/** The name under which src/flow publishes it. */
const correctionEvent = 'effect-corrected'

// Version 0.3.0 of the AMQP bindings: github.com/asyncapi/bindings, amqp.
const bindingVersion = '0.3.0'

const ref = (path: string) => ({ $ref: `#/${path}` })

function envelope(type: string, data: DocumentNode, more: DocumentNode, required: readonly string[]): DocumentNode {
  return {
    type: 'object',
    required: ['specversion', 'id', 'source', 'type', 'data', ...required],
    properties: {
      specversion: { const: '1.0' },
      id: { type: 'string', minLength: 1, maxLength: 200 },
      source: { type: 'string', minLength: 1, maxLength: 200 },
      type: { const: type },
      datacontenttype: { const: 'application/json' },
      ...more,
      data,
    },
  }
}

function addEvent(
  operation: ResolvedOperation,
  name: string,
  schema: JsonSchema,
  names: TopologyNames,
  into: Sections,
) {
  const event = { operation: operation.name, version: operation.version, name }
  const key = eventKey(event)
  const extension = {
    subject: { type: 'string', description: 'The key that orders events' },
    time: { type: 'string', format: 'date-time' },
    dataschema: { const: eventSchemaUri(event) },
    sequence: { type: 'string', pattern: '^[1-9][0-9]*$', description: 'Position among the events of its operation' },
    partitionkey: { type: 'string', description: 'The same as subject; also a header of the message' },
    operationid: { type: 'string', description: 'The operation that it comes from' },
  }
  into.schemas[key] = { ...schema }
  into.messages[key] = {
    name: eventType(event),
    title: `${name} of ${operation.name} v${operation.version}`,
    contentType: cloudEventType,
    payload: envelope(eventType(event), ref(`components/schemas/${key}`), extension, Object.keys(extension)),
    bindings: { amqp: { contentEncoding: 'identity', messageType: eventType(event), bindingVersion } },
  }
  into.channels[key] = {
    address: key,
    messages: { [key]: ref(`components/messages/${key}`) },
    bindings: {
      amqp: { is: 'routingKey', exchange: { name: names.events, type: 'topic', durable: true }, bindingVersion },
    },
  }
  into.operations[`send.${key}`] = {
    action: 'send',
    summary: `Published at least once when ${operation.name} has made it certain; the id is the same on every delivery`,
    channel: ref(`channels/${key}`),
    bindings: { amqp: { deliveryMode: 2, mandatory: true, bindingVersion } },
  }
}

/**
 * What every operation may tell beside its own events: an effect that came late, stood twice or had been told of was taken back. It says
 * nothing of account and amount; the reference finds both in the core.
 */
const correctionSchema: JsonSchema = {
  type: 'object',
  description: 'An effect of the operation was undone after it had been seen, or after an event may have told of it.',
  required: ['reason', 'adapter', 'transaction', 'reference', 'reversed'],
  properties: {
    reason: {
      enum: ['doubled', 'late-effect', 'undone'],
      description:
        '`doubled`: it stood more often than it was asked for. `late-effect`: it came after it had been taken for not applied. ' +
        '`undone`: it was undone by a later run of the operation.',
    },
    adapter: { type: 'string' },
    transaction: { type: 'string' },
    reference: { type: 'string', description: 'Under which the core holds the effect' },
    reversed: { type: 'integer', minimum: 1, description: 'How many effects were undone' },
  },
}

/** A read has no effect, and a call that may be repeated does none that is too many. */
function mayBeCorrected({ effect, transaction }: ResolvedOperation): boolean {
  return effect === 'write' && (transaction === undefined || transaction.definition.effect === 'once')
}

function addCommand(operation: ResolvedOperation, into: Sections): DocumentNode {
  const name = `${operation.name}.v${operation.version}`
  const type = `mainspan.${name}`
  into.schemas[`${name}.input`] = { ...operation.inputSchema }
  into.schemas[`${name}.output`] = { ...operation.outputSchema }
  into.messages[name] = {
    name: type,
    title: operation.definition.summary ?? name,
    description:
      'Structured CloudEvent. The same id from the same sender again is the same command: it is carried out once. ' +
      'Plain application/json with the properties message_id and type is taken as well; its body is then the data alone.',
    contentType: cloudEventType,
    payload: envelope(type, ref(`components/schemas/${name}.input`), {}, []),
    bindings: { amqp: { contentEncoding: 'identity', messageType: type, bindingVersion } },
  }
  into.messages[`${name}.answer`] = {
    name: `${type}.answer`,
    title: `Answer to ${name}`,
    contentType: 'application/json',
    correlationId: { location: '$message.header#/correlation_id' },
    payload: {
      type: 'object',
      required: ['state'],
      properties: {
        state: { enum: ['completed', 'rejected', 'failed', 'abandoned', 'refused'] },
        output: ref(`components/schemas/${name}.output`),
      },
    },
  }
  return ref(`components/messages/${name}`)
}

function addCommands(operations: readonly ResolvedOperation[], names: TopologyNames, into: Sections): void {
  const keys = operations.map((one) => `${one.name}.v${one.version}`)
  const messages = operations.map((one) => addCommand(one, into))
  into.channels.commands = {
    address: names.commands,
    description: `What cannot be carried out goes to ${names.parked} with the reason in its headers.`,
    messages: Object.fromEntries(keys.map((key, index) => [key, messages[index]])),
    bindings: {
      amqp: {
        is: 'queue',
        queue: { name: names.commands, durable: true, exclusive: false, autoDelete: false },
        bindingVersion,
      },
    },
  }
  into.channels.answers = {
    address: null,
    description:
      "The queue that a command names in its property reply_to, or RabbitMQ's direct reply-to. An answer that nobody takes is given up " +
      'after a while; GET /operations/{id} tells the result all the same.',
    messages: Object.fromEntries(keys.map((key) => [`${key}.answer`, ref(`components/messages/${key}.answer`)])),
  }
  for (const key of keys) {
    into.operations[`receive.${key}`] = {
      action: 'receive',
      channel: ref('channels/commands'),
      messages: [ref(`channels/commands/messages/${key}`)],
      reply: {
        address: { location: '$message.header#/reply_to' },
        channel: ref('channels/answers'),
        messages: [ref(`channels/answers/messages/${key}.answer`)],
      },
      bindings: { amqp: { ack: true, bindingVersion } },
    }
  }
}

/** The document, ready to be written as JSON. */
export function asyncApiDocument(catalog: Pick<Catalog, 'operations'>, options: AsyncApiOptions): DocumentNode {
  const sections: Sections = { channels: {}, operations: {}, messages: {}, schemas: {} }
  const byName = [...catalog.operations].sort((a, b) => a.name.localeCompare(b.name) || a.version - b.version)
  for (const operation of byName) {
    for (const [name, schema] of operation.events) addEvent(operation, name, schema, options.names, sections)
    if (mayBeCorrected(operation)) addEvent(operation, correctionEvent, correctionSchema, options.names, sections)
  }
  if (byName.length > 0) addCommands(byName, options.names, sections)
  const { server } = options
  return {
    asyncapi: '3.0.0',
    info: { title: options.title, version: options.version },
    defaultContentType: cloudEventType,
    ...(server && { servers: { broker: { host: server.host, protocol: server.secure ? 'amqps' : 'amqp' } } }),
    channels: sections.channels,
    operations: sections.operations,
    components: { messages: sections.messages, schemas: sections.schemas },
  }
}
