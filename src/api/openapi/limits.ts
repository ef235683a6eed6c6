// Limits that a schema leaves to be worked out, written out for validators, gateways and code generators: how long a text can be by its
// pattern or the size of its message, in which range a whole number lies, how many elements a list can have.

import type { JsonSchema } from '../../contract/json.ts'
import { longestText } from '../../wire/pattern/pattern.ts'
import { isSchema } from './schemas.ts'

/** Unicode without lone surrogates: all that I-JSON (RFC 7493, section 2.1) lets a text hold. */
const wellFormed = '^[^\\ud800-\\udfff]*$'

/** Lengths of texts whose format has one: RFC 3339, RFC 9562. */
const formatLengths: Readonly<Record<string, number>> = { date: 10, uuid: 36 }

/**
 * A schema with the limits that follow from what it says. `bytesMax`: the size of the message that its values come in, where that is
 * limited, since no text and no list in it is longer.
 */
export function limited(schema: JsonSchema, bytesMax?: number): JsonSchema {
  const inner = (one: unknown): unknown => (isSchema(one) ? limited(one, bytesMax) : one)
  const entries = Object.entries(schema).map(([keyword, value]) => {
    if (keyword === 'properties' || keyword === '$defs') {
      return [keyword, isSchema(value) ? mapped(value, inner) : value] as const
    }
    if (keyword === 'items' || keyword === 'additionalProperties') return [keyword, inner(value)] as const
    const isList = /^(?:anyOf|oneOf|allOf|prefixItems)$/.test(keyword)
    return [keyword, isList && Array.isArray(value) ? value.map(inner) : value] as const
  })
  return { ...Object.fromEntries(entries), ...missing(schema, bytesMax) }
}

function mapped(schemas: JsonSchema, change: (schema: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(schemas).map(([name, one]) => [name, change(one)]))
}

function missing(schema: JsonSchema, bytesMax: number | undefined): JsonSchema {
  const types = [schema.type].flat()
  return {
    ...(types.includes('string') && !('enum' in schema) && !('const' in schema) && textLimits(schema, bytesMax)),
    ...(types.includes('integer') && integerLimits(schema)),
    // An element takes two bytes at least, its comma included.
    ...(types.includes('array') && bytesMax !== undefined && { maxItems: schema.maxItems ?? Math.floor(bytesMax / 2) }),
  }
}

function textLimits(schema: JsonSchema, bytesMax: number | undefined): JsonSchema {
  const { pattern, format, allOf, maxLength } = schema
  const patterns = [schema, ...(Array.isArray(allOf) ? allOf : [])].flatMap((one: unknown) =>
    isSchema(one) && typeof one.pattern === 'string' ? [one.pattern] : [],
  )
  const lengths = [...patterns.map(longestText), formatLengths[String(format)], bytesMax].filter(
    (length) => length !== undefined,
  )
  return {
    ...(maxLength === undefined && lengths.length > 0 && { maxLength: Math.min(...lengths) }),
    ...(pattern === undefined && format === undefined && { pattern: wellFormed }),
  }
}

const INT32_MAX = 2_147_483_647

/** A whole number in JSON keeps its digits within ±(2^53 − 1); one beyond is refused. */
function integerLimits(schema: JsonSchema): JsonSchema {
  const values = [schema.enum ?? ('const' in schema ? [schema.const] : [])]
    .flat()
    .filter((one) => typeof one === 'number')
  const bound = (keywords: readonly [string, string], ofValues: number, otherwise: number): number => {
    const given = keywords.map((keyword) => schema[keyword]).find((one) => typeof one === 'number')
    return typeof given === 'number' ? given : values.length > 0 ? ofValues : otherwise
  }
  const least = bound(['minimum', 'exclusiveMinimum'], Math.min(...values), Number.MIN_SAFE_INTEGER)
  const most = bound(['maximum', 'exclusiveMaximum'], Math.max(...values), Number.MAX_SAFE_INTEGER)
  return {
    ...(schema.exclusiveMinimum === undefined && { minimum: least }),
    ...(schema.exclusiveMaximum === undefined && { maximum: most }),
    format: schema.format ?? (least >= -INT32_MAX - 1 && most <= INT32_MAX ? 'int32' : 'int64'),
  }
}
