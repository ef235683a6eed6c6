// JSON as the product carries it: amounts and long integers are decimal strings, never numbers.

/** A value of JSON (RFC 8259). */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject

/** An object of JSON. */
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/** A JSON Schema, draft 2020-12, as an object; of the keywords those that the product reads have a type. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
  readonly type?: string | readonly string[]
  readonly $defs?: Readonly<Record<string, JsonSchema>>
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly oneOf?: readonly JsonSchema[]
  readonly anyOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly not?: JsonSchema
}

/** Whether a value is a JSON object: neither null nor a list. */
export function isObject(value: JsonValue | undefined): value is JsonObject
export function isObject(value: unknown): value is Readonly<Record<string, unknown>>
export function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The same object: the interfaces of requests and replies are JSON, but have no index signature that would tell TypeScript so. */
export function asJson(value: object): JsonObject {
  return value as JsonObject
}

/** The members of what comes from outside: none where it is no object. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {}
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

/** A value under its path of names, each an object inside the one before. */
export function nested([name = '', ...others]: readonly string[], value: JsonValue): JsonObject {
  return { [name]: others.length > 0 ? nested(others, value) : value }
}

/** JSON with the members of objects in order: equal values give equal texts, however they were written. */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`
}

/** An exact decimal, for example `"-1234.50"`: no exponent, no leading zeros, as many decimals as the PICTURE has. */
export type Decimal = string
