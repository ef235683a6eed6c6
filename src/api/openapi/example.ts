// A plausible value for a JSON Schema, for the examples of the API description: first what the schema itself offers
// (examples, default, const, enum), then what the field's name suggests, then one made from type, pattern and limits.

import type { JsonSchema, JsonValue } from '../../contract/json.ts'
import { moments, usualNumber, usualText } from './known-values.ts'
import { isSchema } from './schemas.ts'
import { matches, textLike } from './text-like.ts'

/** Where a schema stands. */
interface SchemaPlace {
  readonly root: JsonSchema
  readonly depth: number
  /** Which field of its object: neighbours of one kind get different values, so that an account never pays itself. */
  readonly place: number
  readonly name: string
}

/** A value that fits the schema, as far as its keywords are understood here; undefined where none can be told. */
export function exampleOf(schema: JsonSchema, root: JsonSchema = schema, name = ''): JsonValue | undefined {
  return exampleAt(schema, { root, depth: 0, place: 0, name })
}

function exampleAt(schema: JsonSchema, spot: SchemaPlace): JsonValue | undefined {
  if (spot.depth > 12) return undefined
  const deeper = { ...spot, depth: spot.depth + 1 }
  const { examples, default: standard, $ref: reference } = schema
  if (Array.isArray(examples) && examples.length > 0) return examples[0]
  if ('const' in schema) return schema.const as JsonValue
  if (Array.isArray(schema.enum)) return schema.enum[0]
  if (standard !== undefined && standard !== '') return standard as JsonValue
  if (typeof reference === 'string') {
    const target = follow(spot.root, reference)
    return target && exampleAt(target, deeper)
  }
  if (isSchema(schema.properties)) return exampleObject(firstVariant(schema), deeper)
  const variants = schema.oneOf ?? schema.anyOf ?? schema.allOf
  if (Array.isArray(variants) && variants.length > 0) return exampleAt(variants[0], deeper)
  return exampleOfType(schema, deeper)
}

/**
 * An object with variants (views of a REDEFINES) as its first one: the fields that only other variants need are left
 * out, and what the variant says of a field goes before what the object says.
 */
function firstVariant(schema: JsonSchema): JsonSchema {
  const variants = [schema.oneOf ?? schema.anyOf ?? []].flat().filter(isSchema)
  const [first, ...others] = variants
  if (first === undefined || !isSchema(schema.properties)) return schema
  const needed = namesIn(first.required)
  const foreign = others.flatMap((other) => namesIn(other.required)).filter((name) => !needed.includes(name))
  const overrides = isSchema(first.properties) ? first.properties : {}
  const kept = Object.entries(schema.properties).filter(([name]) => !foreign.includes(name))
  const merged = kept.map(([name, one]) => [name, { ...asSchema(one), ...asSchema(overrides[name]) }])
  return { ...schema, properties: Object.fromEntries(merged) }
}

function namesIn(required: unknown): readonly string[] {
  return Array.isArray(required) ? required.map(String) : []
}

function asSchema(value: unknown): JsonSchema {
  return isSchema(value) ? value : {}
}

function exampleOfType(schema: JsonSchema, spot: SchemaPlace): JsonValue | undefined {
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'object':
      return {}
    case 'array': {
      const element = exampleAt(asSchema(schema.items), { ...spot, place: 0 })
      if (element === undefined) return []
      return Array.from({ length: Math.max(1, numberAt(schema, 'minItems', 1)) }, () => element)
    }
    case 'string':
      return exampleText(schema, spot)
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

function exampleObject(schema: JsonSchema, spot: SchemaPlace): JsonValue {
  const members = Object.entries(asSchema(schema.properties)).flatMap(([name, property], place) => {
    const value = isSchema(property) ? exampleAt(property, { ...spot, place, name }) : undefined
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(members)
}

function exampleText(schema: JsonSchema, { name, place }: SchemaPlace): string | undefined {
  const { format, pattern } = schema
  const known = typeof format === 'string' ? formats[format] : undefined
  if (known !== undefined) return known
  const least = numberAt(schema, 'minLength', 0)
  const most = numberAt(schema, 'maxLength', 1000)
  const candidates = [
    usualText(name),
    usualNumber(name, most, place),
    typeof pattern === 'string' ? momentFor(pattern) : undefined,
    typeof pattern === 'string' ? textLike(pattern, place) : 'text'.slice(0, most).padEnd(least, 'x'),
  ]
  return candidates.find(
    (text) => text !== undefined && text.length >= least && text.length <= most && fits(pattern, text),
  )
}

function fits(pattern: unknown, text: string): boolean {
  return typeof pattern !== 'string' || matches(pattern, text)
}

/** The moment that a pattern means: it takes one and refuses other text. */
function momentFor(pattern: string): string | undefined {
  if (fits(pattern, 'x') || fits(pattern, '1')) return undefined
  return moments.find((moment) => fits(pattern, moment))
}

const formats: Readonly<Record<string, string>> = {
  date: '2026-11-23',
  time: '10:15:00',
  'date-time': '2026-11-23T10:15:00Z',
  uuid: '8e03978e-40d5-43dd-bc93-6894a57f9324',
  email: 'ada@example.org',
}

function numberAt(schema: JsonSchema, key: string, otherwise: number): number {
  const value = schema[key]
  return typeof value === 'number' ? value : otherwise
}

function follow(root: JsonSchema, reference: string): JsonSchema | undefined {
  let here: unknown = root
  for (const step of reference.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    here = isSchema(here) ? here[step.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
  }
  return isSchema(here) ? here : undefined
}
