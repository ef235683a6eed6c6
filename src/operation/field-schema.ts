// The schema of one value of an operation's input, and the kinds of JSON that it allows.

import type { ResolvedOperation } from '../contract/catalog.ts'
import type { JsonSchema } from '../contract/json.ts'

/** The schema of one value of the input, by the names and positions that lead to it; undefined for an unknown field. */
export function fieldSchema(operation: ResolvedOperation, steps: readonly string[]): JsonSchema | undefined {
  let here: readonly JsonSchema[] = alternatives(operation.inputSchema, operation.inputSchema)
  for (const step of steps) {
    here = here.flatMap((schema) => {
      const properties = schema.properties
      const next = isSchema(properties) && Object.hasOwn(properties, step) ? properties[step] : schema.items
      return isSchema(next) ? alternatives(operation.inputSchema, next) : []
    })
  }
  return here.length > 1 ? { anyOf: here } : here[0]
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A schema with its local references followed and its alternatives laid side by side. */
function alternatives(root: JsonSchema, schema: JsonSchema, depth = 0): readonly JsonSchema[] {
  if (depth > 16) return []
  const reference = schema.$ref
  if (typeof reference === 'string' && reference.startsWith('#/')) {
    let target: unknown = root
    for (const step of stepsOf(reference.slice(1))) target = isSchema(target) ? target[step] : undefined
    return isSchema(target) ? alternatives(root, target, depth + 1) : []
  }
  const nested = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => {
    const list = schema[key]
    return Array.isArray(list) ? list.filter(isSchema).flatMap((one) => alternatives(root, one, depth + 1)) : []
  })
  return nested.length > 0 ? [schema, ...nested] : [schema]
}

/** The JSON types that a schema allows; empty when it does not say. */
export function typesOf(schema: JsonSchema): ReadonlySet<string> {
  const { type, anyOf, enum: values } = schema
  const own = typeof type === 'string' ? [type] : Array.isArray(type) ? type.map(String) : []
  const inner = Array.isArray(anyOf) ? anyOf.filter(isSchema).flatMap((one) => [...typesOf(one)]) : []
  const listed = own.length === 0 && Array.isArray(values) ? values.map((value) => typeof value) : []
  return new Set([...own, ...inner, ...listed])
}

function stepsOf(path: string): readonly string[] {
  return path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}
