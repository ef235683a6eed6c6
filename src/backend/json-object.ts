// JSON objects put together.

import type { JsonObject, JsonValue } from '../contract/json.ts'

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Both; where both have a value that is not an object, the other's. */
export function merged(one: JsonObject, other: JsonObject): JsonObject {
  const all: Record<string, JsonValue> = { ...one }
  for (const [name, value] of Object.entries(other)) {
    const before = Object.hasOwn(one, name) ? one[name] : undefined
    all[name] = isObject(before) && isObject(value) ? merged(before, value) : value
  }
  return all
}
