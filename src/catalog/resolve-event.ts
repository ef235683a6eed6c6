// Resolves the event of an operation backed by one transaction: the schema of its data, from the fields of request and reply that it names.

import type { MessageSide } from '../contract/backend.ts'
import type { ResolvedTransaction } from '../contract/catalog.ts'
import type { JsonSchema } from '../contract/json.ts'
import type { EventDeclaration, TransactionOperation } from '../contract/operation.ts'
import { type Report, similarTo } from './check/report.ts'

/** Event name → schema of its data: one entry, or none. */
export function eventsOf(
  { event }: TransactionOperation,
  { definition, wire, name }: ResolvedTransaction,
  report: Report,
): ReadonlyMap<string, JsonSchema> {
  if (event === undefined) return new Map()
  const declared = typeof event === 'string' ? undefined : event
  if (definition.effect === 'once' && !declared?.data.request?.length) {
    report.note(
      ['event'],
      `the event tells nothing of what ${name} was asked, such as an amount; name its fields in data.request`,
    )
  }
  if (typeof event === 'string') return new Map([[event, wire.replySchema]])
  return new Map([[event.name, dataSchema(event, { request: wire.requestSchema, reply: wire.replySchema }, report)]])
}

function dataSchema(
  event: EventDeclaration,
  schemas: Readonly<Record<MessageSide, JsonSchema>>,
  report: Report,
): JsonSchema {
  const properties: Record<string, JsonSchema> = {}
  const required: string[] = []
  const definitions: Record<string, JsonSchema> = {}
  for (const side of ['request', 'reply'] as const) {
    const { properties: known = {}, required: always = [] } = schemas[side]
    for (const field of event.data[side] ?? []) {
      const schema = Object.hasOwn(known, field) ? known[field] : undefined
      if (!schema) {
        const facts = {
          field,
          side,
          similar: similarTo(field, Object.keys(known)),
          known: Object.keys(known).join(', '),
        }
        report.mistake(['event', 'data', side], 'EVENT_FIELD_UNKNOWN', facts)
      } else if (Object.hasOwn(properties, field)) {
        report.mistake(['event', 'data', side], 'EVENT_FIELD_TWICE', { field })
      } else {
        properties[field] = schema
        if (always.includes(field)) required.push(field)
      }
    }
    Object.assign(definitions, schemas[side].$defs)
  }
  const hasDefinitions = Object.keys(definitions).length > 0
  return { type: 'object', required, properties, ...(hasDefinitions && { $defs: definitions }) }
}
