// Generated values for fast-check: what a JSON Schema allows, and what somebody might send in its place.

import type { JsonSchema, JsonValue } from '../../src/contract/json.ts'
import { fc } from '../support/property.ts'

/** Values that a schema allows, for the keywords that operations use; anything else fails loudly. */
export function allowedBy(schema: JsonSchema): fc.Arbitrary<JsonValue> {
  const { type, enum: values, pattern, format } = schema
  if (Array.isArray(values)) return fc.constantFrom(...(values as string[]))
  if (type === 'object') return objectOf(schema)
  if (type === 'array') {
    return fc.array(allowedBy(schema.items as JsonSchema), { maxLength: numberAt(schema, 'maxItems', 3) })
  }
  if (type === 'integer')
    return fc.integer({ min: numberAt(schema, 'minimum', 0), max: numberAt(schema, 'maximum', 99) })
  if (format === 'date') return fc.constantFrom('2026-11-23', '2024-02-29')
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern))
  if (type === 'string') return fc.string({ maxLength: numberAt(schema, 'maxLength', 20) })
  throw new Error(`no values for ${JSON.stringify(schema)}`)
}

function objectOf(schema: JsonSchema): fc.Arbitrary<JsonValue> {
  const properties = Object.entries(schema.properties as Record<string, JsonSchema>)
  const requiredKeys = (schema.required ?? []) as string[]
  const members = Object.fromEntries(properties.map(([name, one]) => [name, allowedBy(one)]))
  return fc.record(members, { requiredKeys }) as fc.Arbitrary<JsonValue>
}

function numberAt(schema: JsonSchema, key: string, otherwise: number): number {
  const value = schema[key]
  return typeof value === 'number' ? Math.max(-1e9, Math.min(1e9, value)) : otherwise
}

/** Text that parsers and cores have stumbled over. */
export const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-0',
    '1e400',
    'NaN',
    '__proto__',
    'constructor',
    '\u0000',
    '\ufeff',
    '𝔘𝔫𝔦',
    'a'.repeat(5000),
  ),
  fc.constantFrom("' OR 1=1 --", '../../etc/passwd', '<script>', '#{7*7}', '%00', '\r\nX-Injected: 1', '{{x}}'),
)

const odd = fc.oneof(oddText, fc.double(), fc.integer(), fc.constant(null), fc.boolean(), fc.jsonValue({ maxDepth: 3 }))

/** An allowed value spoilt in one place: a field left out, added, or filled with something else. */
export function spoilt(allowed: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> {
  return fc
    .tuple(allowed, fc.nat(), odd, oddText, fc.constantFrom('drop', 'add', 'fill', 'replace'))
    .map(([value, at, other, name, how]) => {
      if (typeof value !== 'object' || value === null || how === 'replace') return other as JsonValue
      const entries = Object.entries(value)
      const spot = entries.length === 0 ? 0 : at % entries.length
      if (how === 'add' || entries.length === 0) return Object.fromEntries([...entries, [name, other as JsonValue]])
      if (how === 'drop') return Object.fromEntries(entries.filter((_entry, place) => place !== spot))
      return Object.fromEntries(entries.map(([key, old], place) => [key, place === spot ? (other as JsonValue) : old]))
    })
}
