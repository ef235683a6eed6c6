// What a message of a schema looks like in JSON, as a JSON Schema.

import type { MessageSide } from '../../contract/backend.ts'
import type { JsonSchema } from '../../contract/json.ts'
import { type ComplexType, type ElementDecl, isListAlways, type Preset, TEXT } from './schema-model.ts'
import { jsonOf, type SimpleType, simpleSchema } from './simple-type.ts'

/** The JSON Schema of an element with parts. `without`: properties that callers do not see. */
export function contentSchema(
  { type, preset }: Pick<ElementDecl, 'preset'> & { readonly type: ComplexType },
  side: MessageSide,
  without: ReadonlySet<string> = new Set(),
): JsonSchema {
  const properties: Record<string, JsonSchema> = {}
  const required: string[] = []
  const add = (name: string, schema: JsonSchema, always: boolean) => {
    if (without.has(name)) return
    properties[name] = schema
    if (always) required.push(name)
  }
  for (const { name, type: one, preset, required: needed } of type.attributes) {
    const always = side === 'reply' ? needed || preset !== undefined : needed && !preset?.fixed
    add(name, presetSchema(one, preset, 'default'), always)
  }
  if (type.text) add(TEXT, presetSchema(type.text, preset), side === 'reply' || !preset?.fixed)
  for (const particle of type.particles) {
    const { elements, required: needed } = particle
    const alone = elements.length === 1
    for (const one of elements) {
      const listed = side === 'reply' && isListAlways(particle)
      const given = side === 'request' && one.preset?.fixed && one.type.kind === 'simple' && one.max === 1
      add(one.name, elementSchema(one, side), alone && (needed || listed) && !given)
    }
  }
  return { type: 'object', properties, required, additionalProperties: false, ...choices(type) }
}

function elementSchema(decl: ElementDecl, side: MessageSide): JsonSchema {
  const { type, preset, min, max } = decl
  const one = type.kind === 'simple' ? presetSchema(type, preset) : contentSchema({ type, preset }, side)
  const item = decl.nillable && !preset?.fixed ? { anyOf: [one, { type: 'null' }] } : one
  if (max === 1) return item
  return { type: 'array', items: item, minItems: min, ...(Number.isFinite(max) && { maxItems: max }) }
}

/** A fixed value is the only one; an absent attribute has its default, an absent element has none. */
function presetSchema(type: SimpleType, preset: Preset | undefined, absent?: 'default'): JsonSchema {
  const schema = simpleSchema(type)
  if (preset?.fixed) return { ...schema, const: jsonOf(type, preset.text) }
  return preset && absent ? { ...schema, default: jsonOf(type, preset.text) } : schema
}

/** "Exactly one of" and "at most one of" for each choice. */
function choices(type: ComplexType): JsonSchema {
  const sets = type.particles.filter(({ elements }) => elements.length > 1)
  if (sets.length === 0) return {}
  return {
    allOf: sets.map(({ elements, required }) => {
      const each = elements.map(({ name }) => ({ required: [name] }))
      return { oneOf: required ? each : [...each, { not: { anyOf: each } }] }
    }),
  }
}
