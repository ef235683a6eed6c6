// JSON ⇄ XML by a type of the schema, strictly in both directions: what is written is valid, what is read was valid.

import { isObject, type JsonObject, type JsonValue } from '../../contract/json.ts'
import { type Failure, failure } from '../../error/failure.ts'
import { valueKey } from '../value/typed-value.ts'
import {
  type AttributeDecl,
  type ComplexType,
  type ElementDecl,
  isListAlways,
  namesOf,
  type Particle,
  type Preset,
  TEXT,
} from './schema-model.ts'
import { jsonOf, problemOf, type SimpleType, textOf, treatWhiteSpace } from './simple-type.ts'
import { escapeAttribute, escapeText, isXmlText, type XmlElement, XSI } from './xml.ts'

// ---- JSON → XML

/**
 * The XML of one element, in the order of the schema, every text escaped. Namespaces are declared where they are needed.
 * Throws SOAP_VALUE_INVALID with the path (`debtor.id`) of the first value that is unknown, missing or not valid.
 */
export function writeElement(decl: ElementDecl, value: JsonValue, path: string, inherited: string): string {
  const { name, namespace, type, preset } = decl
  const declaration = namespace === inherited ? '' : ` xmlns="${escapeAttribute(namespace)}"`
  if (value === null) {
    if (!decl.nillable || preset?.fixed) throw unfit(path, 'must not be null')
    return `<${name}${declaration} xmlns:xsi="${XSI}" xsi:nil="true"/>`
  }
  if (type.kind === 'simple') {
    return `<${name}${declaration}>${escapeText(elementText(type, value, path, preset))}</${name}>`
  }
  if (!isObject(value)) throw unfit(path, 'must be an object')
  refuseUnknown(type, value, path)
  const attributes = type.attributes.map((one, index) => writeAttribute(one, value, path, index)).join('')
  return `<${name}${declaration}${attributes}>${writeContent(decl, type, value, path)}</${name}>`
}

function writeContent(decl: ElementDecl, type: ComplexType, object: JsonObject, path: string): string {
  const { namespace: inherited, preset } = decl
  if (type.text) {
    const value = own(object, TEXT) ?? (preset?.fixed ? jsonOf(type.text, preset.text) : undefined)
    if (value === undefined) throw unfit(below(path, TEXT), 'is missing')
    return escapeText(elementText(type.text, value, below(path, TEXT), preset))
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
    const fixed = fixedOf(particle)
    if (fixed) return writeElement(fixed.decl, fixed.value, below(path, fixed.decl.name), inherited)
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

/** An element that stands always, once, and has but one value: nobody has to give it. */
function fixedOf({ elements }: Particle): { readonly decl: ElementDecl; readonly value: JsonValue } | undefined {
  const [decl] = elements
  if (!decl?.preset?.fixed || elements.length > 1 || decl.max > 1 || decl.type.kind !== 'simple') return undefined
  return { decl, value: jsonOf(decl.type, decl.preset.text) }
}

/** An attribute with a namespace declares it under a prefix of its own. */
function writeAttribute(decl: AttributeDecl, object: JsonObject, path: string, index: number): string {
  const { name, namespace, type, preset } = decl
  const value = own(object, name) ?? (decl.required && preset?.fixed ? jsonOf(type, preset.text) : undefined)
  const at = below(path, name)
  if (value === undefined) {
    if (decl.required) throw unfit(at, 'is missing')
    return ''
  }
  const text = escapeAttribute(validText(type, value, at, preset))
  if (namespace === '') return ` ${name}="${text}"`
  return ` xmlns:a${index}="${escapeAttribute(namespace)}" a${index}:${name}="${text}"`
}

/** An empty element stands for its default: an empty text cannot be sent where that is another. */
function elementText(type: SimpleType, value: JsonValue, path: string, preset: Preset | undefined): string {
  const text = validText(type, value, path, preset)
  if (preset && text === '' && preset.text !== '') throw unfit(path, 'must not be empty: that stands for its default')
  return text
}

function validText(type: SimpleType, value: JsonValue, path: string, preset: Preset | undefined): string {
  const text = textOf(type, value)
  if (text === undefined) throw unfit(path, `must be ${type.json === 'integer' ? 'an integer' : `a ${type.json}`}`)
  if (!isXmlText(text)) throw unfit(path, 'holds a character that XML cannot carry')
  // The other side will treat white space before it checks: a text that this would change is refused, not changed.
  if (treatWhiteSpace(type, text) !== text) throw unfit(path, 'holds white space that its type does not keep')
  const problem = problemOf(type, text)
  if (problem !== undefined) throw unfit(path, problem)
  if (preset?.fixed && !isSame(type, text, preset.text)) throw unfit(path, `must be ${preset.text}`)
  return text
}

const isSame = ({ lexical }: SimpleType, one: string, other: string) =>
  valueKey(lexical, one) === valueKey(lexical, other)

/** Names come from the schema alone: `__proto__` or `$xml` is as unknown as any other. */
function refuseUnknown(type: ComplexType, object: JsonObject, path: string): void {
  const known = new Set(namesOf(type))
  for (const name of Object.keys(object)) {
    if (!known.has(name)) throw unfit(below(path, printable(name)), 'is not known')
  }
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
    if (!decl.nillable || decl.preset?.fixed) throw odd(path, 'is nil')
    if (element.children.length > 0 || element.text !== '') throw odd(path, 'is nil and has content')
    // null has no room for them, and they may matter.
    if ([...element.attributes.keys()].some((key) => !key.startsWith('{'))) throw odd(path, 'is nil and has attributes')
    return null
  }
  const { type, preset } = decl
  if (type.kind === 'simple') {
    refuseAttributes(element, [], path)
    return readText(type, element, path, preset)
  }
  const object: Record<string, JsonValue> = {}
  readAttributes(type.attributes, element, object, path)
  if (type.text) return { ...object, [TEXT]: readText(type.text, element, path, preset) }
  if (element.text.trim() !== '') throw odd(path, 'has text between its elements')
  readChildren(type, element.children, object, path)
  return object
}

/** An empty element has its default (XSD Part 1, 3.3.1). */
function readText(type: SimpleType, element: XmlElement, path: string, preset: Preset | undefined): JsonValue {
  if (element.children.length > 0) throw odd(path, 'has elements inside')
  return validJson(type, element.text === '' && preset ? preset.text : element.text, path, preset)
}

function validJson(type: SimpleType, raw: string, path: string, preset: Preset | undefined): JsonValue {
  const text = treatWhiteSpace(type, raw)
  const problem = problemOf(type, text)
  if (problem !== undefined) throw odd(path, problem)
  if (!preset?.fixed) return jsonOf(type, text)
  if (!isSame(type, text, preset.text)) throw odd(path, `is not ${preset.text}`)
  return jsonOf(type, preset.text)
}

function readAttributes(
  decls: readonly AttributeDecl[],
  element: XmlElement,
  object: Record<string, JsonValue>,
  path: string,
): void {
  refuseAttributes(element, decls, path)
  for (const decl of decls) {
    const { name, type, preset } = decl
    const raw = element.attributes.get(attributeKey(decl)) ?? (decl.required ? undefined : preset?.text)
    if (raw !== undefined) object[name] = validJson(type, raw, below(path, name), preset)
    else if (decl.required) throw odd(below(path, decl.name), 'is missing')
  }
}

const attributeKey = ({ name, namespace }: AttributeDecl) => (namespace === '' ? name : `{${namespace}}${name}`)

/** Attributes of XSI (type, schemaLocation) and of other namespaces are notes for others; one of the element's that is unknown is not. */
function refuseAttributes(element: XmlElement, decls: readonly AttributeDecl[], path: string): void {
  const known = new Set(decls.map(attributeKey))
  for (const key of element.attributes.keys()) {
    const isOurs = !key.startsWith('{') || key.startsWith(`{${element.namespace}}`)
    if (isOurs && !known.has(key)) throw odd(path, 'has an attribute that is not known')
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
  // An empty list is in the schema only where none need stand; of a choice at most one may.
  const [only] = particle.elements
  if (only && isListAlways(particle)) object[only.name] = []
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
