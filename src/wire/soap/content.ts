// JSON ⇄ XML by a type of the schema, strictly in both directions: what is written is valid, what is read was valid.

import type { MessageSide } from '../../contract/backend.ts'
import type { JsonObject, JsonSchema, JsonValue } from '../../contract/json.ts'
import { type Failure, failure } from '../../error/failure.ts'
import { jsonOf, problemOf, type SimpleType, simpleSchema, textOf, treatWhiteSpace } from './simple-type.ts'
import { escapeAttribute, escapeText, isXmlText, type XmlElement, XSI } from './xml.ts'
import { type AttributeDecl, type ComplexType, type ElementDecl, elementsOf, type Particle } from './xsd.ts'

/** Property of the text where a type has text and attributes. */
export const TEXT = 'value'

// ---- JSON → XML

/**
 * The XML of one element, in the order of the schema, every text escaped. Namespaces are declared where they are needed.
 * Throws SOAP_VALUE_INVALID with the path (`debtor.id`) of the first value that is unknown, missing or not valid.
 */
export function writeElement(decl: ElementDecl, value: JsonValue, path: string, inherited: string): string {
  const { name, namespace, type } = decl
  const declaration = namespace === inherited ? '' : ` xmlns="${escapeAttribute(namespace)}"`
  if (value === null) {
    if (!decl.nillable) throw unfit(path, 'must not be null')
    return `<${name}${declaration} xmlns:xsi="${XSI}" xsi:nil="true"/>`
  }
  if (type.kind === 'simple') {
    return `<${name}${declaration}>${escapeText(validText(type, value, path))}</${name}>`
  }
  if (typeof value !== 'object' || Array.isArray(value)) throw unfit(path, 'must be an object')
  const object = value as JsonObject
  refuseUnknown(type, object, path)
  const attributes = type.attributes.map((one) => writeAttribute(one, object, path)).join('')
  return `<${name}${declaration}${attributes}>${writeContent(type, object, path, namespace)}</${name}>`
}

function writeContent(type: ComplexType, object: JsonObject, path: string, inherited: string): string {
  if (type.text) {
    const value = own(object, TEXT)
    if (value === undefined) throw unfit(below(path, TEXT), 'is missing')
    return escapeText(validText(type.text, value, below(path, TEXT)))
  }
  return type.particles.map((particle) => writeParticle(particle, object, path, inherited)).join('')
}

function writeParticle(particle: Particle, object: JsonObject, path: string, inherited: string): string {
  const present = particle.elements.filter(({ name }) => own(object, name) !== undefined)
  if (particle.elements.length > 1 && present.length > 1) {
    throw unfit(path, `must hold only one of ${particle.elements.map(({ name }) => name).join(', ')}`)
  }
  const [decl] = present
  if (!decl) {
    if (!particle.required) return ''
    if (particle.elements.length === 1) throw unfit(below(path, particle.elements[0]?.name), 'is missing')
    throw unfit(path, `must hold one of ${particle.elements.map(({ name }) => name).join(', ')}`)
  }
  const at = below(path, decl.name)
  const value = own(object, decl.name) ?? null
  if (decl.max === 1) return writeElement(decl, value, at, inherited)
  if (!Array.isArray(value)) throw unfit(at, 'must be an array')
  if (value.length < decl.min) throw unfit(at, `must hold at least ${decl.min}`)
  if (value.length > decl.max) throw unfit(at, `must hold at most ${decl.max}`)
  return value.map((one: JsonValue, index) => writeElement(decl, one, below(at, index), inherited)).join('')
}

/** An attribute with a namespace declares it under a prefix of its own. */
function writeAttribute(decl: AttributeDecl, object: JsonObject, path: string): string {
  const value = own(object, decl.name)
  const at = below(path, decl.name)
  if (value === undefined) {
    if (decl.required) throw unfit(at, 'is missing')
    return ''
  }
  const text = escapeAttribute(validText(decl.type, value, at))
  if (decl.namespace === '') return ` ${decl.name}="${text}"`
  return ` xmlns:a="${escapeAttribute(decl.namespace)}" a:${decl.name}="${text}"`
}

function validText(type: SimpleType, value: JsonValue, path: string): string {
  const text = textOf(type, value)
  if (text === undefined) throw unfit(path, `must be ${type.json === 'integer' ? 'an integer' : `a ${type.json}`}`)
  if (!isXmlText(text)) throw unfit(path, 'holds a character that XML cannot carry')
  // The other side will treat white space before it checks: a text that this would change is refused, not changed.
  if (treatWhiteSpace(type, text) !== text) throw unfit(path, 'holds white space that its type does not keep')
  const problem = problemOf(type, text)
  if (problem !== undefined) throw unfit(path, problem)
  return text
}

/** Names come from the schema alone: `__proto__` or `$xml` is as unknown as any other. */
function refuseUnknown(type: ComplexType, object: JsonObject, path: string): void {
  const known = new Set(namesOf(type))
  for (const name of Object.keys(object)) {
    if (!known.has(name)) throw unfit(below(path, printable(name)), 'is not known')
  }
}

export function namesOf(type: ComplexType): readonly string[] {
  const names = [...type.attributes, ...elementsOf(type)].map(({ name }) => name)
  return type.text ? [TEXT, ...names] : names
}

function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** A name that a caller made up: short and printable. */
function printable(name: string): string {
  return name.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 60)
}

/** `debtor` and `id` → `debtor.id`; the message itself has the empty path. */
function below(path: string, name: string | number | undefined): string {
  return path === '' ? `${name}` : `${path}.${name}`
}

function unfit(path: string, problem: string): Failure {
  return failure('SOAP_VALUE_INVALID', { path, problem })
}

// ---- XML → JSON

/**
 * The JSON of one element: repeated elements as arrays always, `xsi:nil` as null, what is absent left out. Throws
 * SOAP_REPLY_INVALID with the path of the first thing that the schema does not allow.
 */
export function readElement(decl: ElementDecl, element: XmlElement, path: string): JsonValue {
  if (isNil(element)) {
    if (!decl.nillable) throw odd(path, 'is nil')
    if (element.children.length > 0 || element.text !== '') throw odd(path, 'is nil and has content')
    return null
  }
  const { type } = decl
  if (type.kind === 'simple') {
    refuseAttributes(element, [], path)
    return readText(type, element, path)
  }
  const object: Record<string, JsonValue> = {}
  readAttributes(type.attributes, element, object, path)
  if (type.text) return { ...object, [TEXT]: readText(type.text, element, path) }
  if (element.text.trim() !== '') throw odd(path, 'has text between its elements')
  readChildren(type, element.children, object, path)
  return object
}

function readText(type: SimpleType, element: XmlElement, path: string): JsonValue {
  if (element.children.length > 0) throw odd(path, 'has elements inside')
  return validJson(type, element.text, path)
}

function validJson(type: SimpleType, raw: string, path: string): JsonValue {
  const text = treatWhiteSpace(type, raw)
  const problem = problemOf(type, text)
  if (problem !== undefined) throw odd(path, problem)
  return jsonOf(type, text)
}

function readAttributes(
  decls: readonly AttributeDecl[],
  element: XmlElement,
  object: Record<string, JsonValue>,
  path: string,
): void {
  refuseAttributes(element, decls, path)
  for (const decl of decls) {
    const raw = element.attributes.get(attributeKey(decl))
    if (raw !== undefined) object[decl.name] = validJson(decl.type, raw, below(path, decl.name))
    else if (decl.required) throw odd(below(path, decl.name), 'is missing')
  }
}

const attributeKey = ({ name, namespace }: AttributeDecl) => (namespace === '' ? name : `{${namespace}}${name}`)

/** Attributes of XSI (type, schemaLocation) and of other namespaces are notes for others; one of ours that is unknown is not. */
function refuseAttributes(element: XmlElement, decls: readonly AttributeDecl[], path: string): void {
  const known = new Set(decls.map(attributeKey))
  for (const key of element.attributes.keys()) {
    if (!key.startsWith('{') && !known.has(key)) throw odd(path, 'has an attribute that is not known')
  }
}

function readChildren(
  type: ComplexType,
  children: readonly XmlElement[],
  object: Record<string, JsonValue>,
  path: string,
): void {
  let at = 0
  let open = type.particles
  const seen = new Set<Particle>()
  while (at < children.length) {
    const found = particleOf(open, children[at])
    if (!found) throw odd(path, 'holds an element that is not known, out of order or repeated')
    const { particle, decl } = found
    const same = run(children, at, decl)
    if (same.length > decl.max) throw odd(below(path, decl.name), `stands more than ${decl.max} times`)
    if (same.length < decl.min) throw odd(below(path, decl.name), `stands fewer than ${decl.min} times`)
    object[decl.name] = readRun(decl, same, below(path, decl.name))
    at += same.length
    seen.add(particle)
    open = type.order === 'all' ? open.filter((one) => one !== particle) : open.slice(open.indexOf(particle) + 1)
  }
  for (const particle of type.particles) {
    if (!seen.has(particle)) settleAbsent(particle, object, path)
  }
}

function settleAbsent(particle: Particle, object: Record<string, JsonValue>, path: string): void {
  const names = particle.elements.map(({ name }) => name).join(' or ')
  if (particle.required) throw odd(path, `lacks ${names}`)
  for (const { name, max } of particle.elements) if (max > 1) object[name] = []
}

function particleOf(particles: readonly Particle[], child: XmlElement | undefined) {
  for (const particle of particles) {
    const decl = particle.elements.find((one) => one.name === child?.local && one.namespace === child.namespace)
    if (decl) return { particle, decl }
  }
  return undefined
}

function run(children: readonly XmlElement[], at: number, decl: ElementDecl): readonly XmlElement[] {
  let end = at
  while (children[end]?.local === decl.name && children[end]?.namespace === decl.namespace) end += 1
  return children.slice(at, end)
}

function readRun(decl: ElementDecl, same: readonly XmlElement[], path: string): JsonValue {
  if (decl.max > 1) return same.map((one, index) => readElement(decl, one, below(path, index)))
  const [only] = same
  return only ? readElement(decl, only, path) : null
}

function isNil(element: XmlElement): boolean {
  const nil = element.attributes.get(`{${XSI}}nil`)?.trim()
  return nil === 'true' || nil === '1'
}

function odd(path: string, problem: string): Failure {
  return failure('SOAP_REPLY_INVALID', { path, problem })
}

// ---- JSON Schema

/** `without`: properties that callers do not see. */
export function contentSchema(
  type: ComplexType,
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
  for (const one of type.attributes) add(one.name, simpleSchema(one.type), one.required)
  if (type.text) add(TEXT, simpleSchema(type.text), true)
  for (const { elements, required: needed } of type.particles) {
    const alone = elements.length === 1
    for (const one of elements) {
      const listed = one.max > 1 && side === 'reply'
      add(one.name, elementSchema(one, side), alone && (needed || listed))
    }
  }
  return { type: 'object', properties, required, additionalProperties: false, ...choices(type) }
}

function elementSchema(decl: ElementDecl, side: MessageSide): JsonSchema {
  const { type, min, max } = decl
  const one = type.kind === 'simple' ? simpleSchema(type) : contentSchema(type, side)
  const item = decl.nillable ? { anyOf: [one, { type: 'null' }] } : one
  if (max === 1) return item
  return { type: 'array', items: item, minItems: min, ...(Number.isFinite(max) && { maxItems: max }) }
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
