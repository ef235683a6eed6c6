// A plausible value for a JSON Schema, for the examples of the API description: first what the schema itself offers
// (examples, default, const, enum), then one made from its type, pattern and limits.

import type { JsonSchema, JsonValue } from '../../contract/json.ts'
import { textLike } from './text-like.ts'

/**
 * A value that fits the schema, as far as its keywords are understood here; undefined where none can be told.
 * Neighbours of the same kind get different values: an account never pays itself.
 */
export function exampleOf(schema: JsonSchema, root: JsonSchema = schema): JsonValue | undefined {
  return exampleAt(schema, root, 0, 0)
}

function exampleAt(schema: JsonSchema, root: JsonSchema, depth: number, place: number): JsonValue | undefined {
  if (depth > 12) return undefined
  const { examples, default: standard, $ref: reference } = schema
  if (Array.isArray(examples) && examples.length > 0) return examples[0]
  if ('const' in schema) return schema.const as JsonValue
  if (Array.isArray(schema.enum)) return schema.enum[0]
  if (standard !== undefined && standard !== '') return standard as JsonValue
  if (typeof reference === 'string') {
    const target = follow(root, reference)
    return target && exampleAt(target, root, depth + 1, place)
  }
  for (const key of ['oneOf', 'anyOf', 'allOf']) {
    const list = schema[key]
    if (Array.isArray(list) && list.length > 0) return exampleAt(list[0], root, depth + 1, place)
  }
  return exampleOfType(schema, root, depth, place)
}

function exampleOfType(schema: JsonSchema, root: JsonSchema, depth: number, place: number): JsonValue | undefined {
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'object':
      return exampleObject(schema, root, depth)
    case 'array': {
      const items = schema.items
      const element = isSchema(items) ? exampleAt(items, root, depth + 1, 0) : undefined
      return element === undefined
        ? []
        : Array.from({ length: Math.max(1, numberAt(schema, 'minItems', 1)) }, () => element)
    }
    case 'string':
      return exampleText(schema, place)
    case 'integer':
    case 'number':
      return numberAt(schema, 'minimum', Math.min(1, numberAt(schema, 'maximum', 1)))
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return undefined
  }
}

function exampleObject(schema: JsonSchema, root: JsonSchema, depth: number): JsonValue {
  const properties = isSchema(schema.properties) ? schema.properties : {}
  const members = Object.entries(properties).flatMap(([name, property], at) => {
    const value = isSchema(property) ? exampleAt(property, root, depth + 1, at) : undefined
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(members)
}

function exampleText(schema: JsonSchema, place: number): string | undefined {
  const { format, pattern } = schema
  const known = typeof format === 'string' ? formats[format] : undefined
  if (known !== undefined) return known
  const least = numberAt(schema, 'minLength', 0)
  const most = numberAt(schema, 'maxLength', Number.POSITIVE_INFINITY)
  const text = typeof pattern === 'string' ? textLike(pattern, place) : 'text'.slice(0, most).padEnd(least, 'x')
  return text === undefined || text.length < least || text.length > most ? undefined : text
}

const formats: Readonly<Record<string, string>> = {
  date: '2026-11-23',
  time: '10:15:00',
  'date-time': '2026-11-23T10:15:00Z',
  uuid: '8e03978e-40d5-43dd-bc93-6894a57f9324',
  email: 'name@example.org',
}

function numberAt(schema: JsonSchema, key: string, otherwise: number): number {
  const value = schema[key]
  return typeof value === 'number' ? value : otherwise
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function follow(root: JsonSchema, reference: string): JsonSchema | undefined {
  let here: unknown = root
  for (const step of reference.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    here = isSchema(here) ? here[step.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
  }
  return isSchema(here) ? here : undefined
}
