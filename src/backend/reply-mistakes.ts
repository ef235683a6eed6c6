// What keeps a reply that a person typed from being one of a transaction: held against its schema, and its status against the contract.
//
// Knows the keywords that the schemas of records and of SOAP messages are made of; what it does not know it lets pass.

import type { ResolvedTransaction } from '../contract/catalog.ts'
import { isObject, type JsonObject, type JsonSchema, type JsonValue } from '../contract/json.ts'
import { jsonPattern } from '../wire/pattern/pattern.ts'

/** In words, outer mistakes first, without values; an empty list when the reply fits. */
export function replyMistakes({ definition, wire }: ResolvedTransaction, reply: JsonObject): readonly string[] {
  const mistakes = mistakesOf(wire.replySchema, reply, '')
  if (mistakes.length > 0 || !definition.outcome) return mistakes
  const { field, verdicts } = definition.outcome
  const status = wire.valueOf('reply', reply, field)
  const verdict = status !== undefined && Object.hasOwn(verdicts, status) ? verdicts[status]?.verdict : undefined
  if (verdict === undefined || verdict === 'applied') return mistakes
  return [`${field} has a value that does not say that the call was applied`]
}

function mistakesOf(schema: JsonSchema, value: JsonValue, path: string): string[] {
  const wrongType = typeMistake(schema, value, path)
  if (wrongType !== undefined) return [wrongType]
  return [
    ...valueMistakes(schema, value, path),
    ...(Array.isArray(value) ? elementMistakes(schema, value, path) : []),
    ...(isObject(value) ? memberMistakes(schema, value, path) : []),
    ...variantMistakes(schema, value, path),
  ]
}

const words: Readonly<Record<string, string>> = {
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
}

function typeMistake({ type }: JsonSchema, value: JsonValue, path: string): string | undefined {
  const types = type === undefined ? [] : [type].flat()
  if (types.length === 0 || types.some((one) => isOfType(value, one))) return undefined
  return mistake(path, `must be ${types.map((one) => words[one] ?? one).join(' or ')}`)
}

function isOfType(value: JsonValue, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  return type === 'object' ? isObject(value) : typeof value === type
}

function valueMistakes(schema: JsonSchema, value: JsonValue, path: string): string[] {
  const { const: only, enum: list, pattern, minLength = 0, maxLength, minimum, maximum } = schema
  if (only !== undefined && value !== only) return [mistake(path, `must be ${String(only)}`)]
  if (Array.isArray(list) && !list.includes(value)) return [mistake(path, `must be one of ${list.join(', ')}`)]
  if (typeof value === 'string') {
    const length = [...value].length
    if (typeof maxLength === 'number' && length > maxLength)
      return [mistake(path, `has more than ${maxLength} characters`)]
    if (length < Number(minLength)) return [mistake(path, `has fewer than ${minLength} characters`)]
    if (typeof pattern === 'string' && !fits(pattern, value)) return [mistake(path, 'has the wrong form')]
  }
  if (typeof value === 'number') {
    if (typeof minimum === 'number' && value < minimum) return [mistake(path, `is less than ${minimum}`)]
    if (typeof maximum === 'number' && value > maximum) return [mistake(path, `is more than ${maximum}`)]
  }
  return []
}

function fits(pattern: string, value: string): boolean {
  return jsonPattern(pattern)?.matches(value) ?? new RegExp(pattern, 'u').test(value)
}

function elementMistakes(schema: JsonSchema, list: readonly JsonValue[], path: string): string[] {
  const { items, minItems = 0, maxItems } = schema
  if (list.length < Number(minItems)) return [mistake(path, `has fewer than ${minItems} elements`)]
  if (typeof maxItems === 'number' && list.length > maxItems)
    return [mistake(path, `has more than ${maxItems} elements`)]
  return isSchema(items) ? list.flatMap((one, index) => mistakesOf(items, one, `${path}[${index}]`)) : []
}

function memberMistakes(schema: JsonSchema, value: JsonObject, path: string): string[] {
  const { properties = {}, required = [] } = schema
  const at = (name: string) => (path === '' ? name : `${path}.${name}`)
  const missing = required.filter((name) => !Object.hasOwn(value, name)).map((name) => mistake(at(name), 'is missing'))
  const wrong = Object.entries(value).flatMap(([name, member]) => {
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (own) return mistakesOf(own, member, at(name))
    return schema.additionalProperties === false ? [mistake(at(name), 'is not a field of the reply')] : []
  })
  return [...missing, ...wrong]
}

function variantMistakes(schema: JsonSchema, value: JsonValue, path: string): string[] {
  const { allOf, anyOf, oneOf, not } = schema
  const fits = (one: JsonSchema) => mistakesOf(one, value, path).length === 0
  const all = schemas(allOf).flatMap((one) => mistakesOf(one, value, path))
  const none = schemas(anyOf).length > 0 && !schemas(anyOf).some(fits)
  const notOne = schemas(oneOf).length > 0 && schemas(oneOf).filter(fits).length !== 1
  const forbidden = isSchema(not) && fits(not)
  return none || notOne || forbidden ? [...all, mistake(path, 'fits none of its variants, or more than one')] : all
}

function schemas(list: unknown): readonly JsonSchema[] {
  return Array.isArray(list) ? list.filter(isSchema) : []
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null
}

function mistake(path: string, problem: string): string {
  return `${path || 'the reply'} ${problem}`
}
