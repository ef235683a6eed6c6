// JSON as the product carries it: amounts and long integers are decimal strings, never numbers.

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = { readonly [key: string]: unknown }

/** An exact decimal, for example `"-1234.50"`: no exponent, no leading zeros, as many decimals as the PICTURE has. */
export type Decimal = string
