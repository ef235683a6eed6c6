// Validation with a JSON Schema validator that shares no code with src/: Ajv, draft 2020-12.

import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

type Schemas = Readonly<Record<string, object>>

/** The schemas of an OpenAPI document by name. */
export function schemasOf(document: unknown): Schemas {
  return (document as { components: { schemas: Schemas } }).components.schemas
}

export type Check = (value: unknown) => readonly string[]

/** A check that gives the mistakes of a value; references to `#/components/schemas/` are followed, unknown keywords refused. */
export function validator(schema: object, schemas: Schemas = {}): Check {
  return compiled({ ...schema, components: { schemas } }, true)
}

/** The same for a schema that somebody else wrote in a looser style. */
export function looseValidator(schema: object): Check {
  return compiled(schema, false)
}

function compiled(schema: object, strict: boolean): Check {
  const ajv = new Ajv2020({ strict, strictRequired: false, allowUnionTypes: true, allErrors: true })
  formats.default(ajv)
  ajv.addVocabulary(['components'])
  ajv.addFormat('media-range', true)
  const check = ajv.compile(schema)
  return (value) => (check(value) ? [] : (check.errors ?? []).map((one) => `${one.instancePath} ${one.message}`))
}
