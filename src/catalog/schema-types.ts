// TypeScript types from JSON Schemas: the types of requests and replies that flows use, whatever protocol stands behind.

import type { JsonSchema } from '../contract/json.ts'

/** `export type NAME = …` for a schema, doc comments from its descriptions. Only what our own generators write is known. */
export function typeDeclaration(name: string, schema: JsonSchema): string {
  if (schema.type === 'object' && !unionOf(schema)) return `export interface ${name} ${objectType(schema, '')}\n`
  return `export type ${name} = ${typeOf(schema, '')}\n`
}

function typeOf(schema: JsonSchema, indent: string): string {
  const { type } = schema
  if ('const' in schema) return literal(schema.const)
  if (Array.isArray(schema.enum)) return schema.enum.map(literal).join(' | ')
  const union = unionOf(schema)
  if (union) return intersection(schema, union, indent)
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...schema, type: one }, indent)).join(' | ')
  switch (type) {
    case 'object':
      return objectType(schema, indent)
    case 'array':
      return `readonly ${bracketed(typeOf(schema.items ?? {}, indent))}[]`
    case 'string':
      return 'string'
    case 'number':
    case 'integer':
      return 'number'
    case 'boolean':
    case 'null':
      return type
    default:
      return 'unknown'
  }
}

function unionOf(schema: JsonSchema): readonly JsonSchema[] | undefined {
  return schema.oneOf ?? schema.anyOf
}

type Properties = Readonly<Record<string, JsonSchema>>

/** Properties beside a oneOf hold for every branch; a branch narrows some of them and says which must be there, and so which not. */
function intersection(schema: JsonSchema, union: readonly JsonSchema[], indent: string): string {
  const shared = schema.properties
  if (!shared) return union.map((one) => typeOf(one, indent)).join(' | ')
  const named = new Set(union.flatMap((one) => [...Object.keys(propertiesOf(one)), ...requiredOf(one)]))
  const apart = Object.fromEntries(Object.entries(shared).filter(([key]) => !named.has(key)))
  const branches = union.map((one) => {
    const own = propertiesOf(one)
    const lines = [...named].map((key) => {
      const there = requiredOf(one).includes(key) || (key in own && requiredOf(schema).includes(key))
      return `${indent}  readonly ${propertyName(key)}${there ? '' : '?'}: ${there ? typeOf(own[key] ?? shared[key] ?? {}, `${indent}  `) : 'never'}`
    })
    return `{\n${lines.join('\n')}\n${indent}}`
  })
  return `${objectType({ ...schema, properties: apart }, indent)} & (${branches.join(' | ')})`
}

function propertiesOf(schema: JsonSchema): Properties {
  return schema.properties ?? {}
}

function requiredOf(schema: JsonSchema): readonly string[] {
  return schema.required ?? []
}

function objectType({ properties, required, additionalProperties }: JsonSchema, indent: string): string {
  const inside = `${indent}  `
  const mandatory = new Set(required ?? [])
  const lines = Object.entries(properties ?? {}).flatMap(([key, value]) => {
    const doc =
      typeof value.description === 'string' ? [`${inside}/** ${value.description.replaceAll('*/', '* /')} */`] : []
    return [...doc, `${inside}readonly ${propertyName(key)}${mandatory.has(key) ? '' : '?'}: ${typeOf(value, inside)}`]
  })
  if (lines.length > 0) return `{\n${lines.join('\n')}\n${indent}}`
  return additionalProperties === false || properties ? 'Record<string, never>' : '{ readonly [key: string]: unknown }'
}

function literal(value: unknown): string {
  return typeof value === 'string'
    ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
    : JSON.stringify(value)
}

function bracketed(type: string): string {
  return /^(\w+|\{[^&]*\})$/.test(type) ? type : `(${type})`
}

function propertyName(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : literal(key)
}
