// XML Schema as a model: elements with their types, from one or several documents. Reads what SOAP services use, names what it does not.

import { failure } from '../../error/failure.ts'
import { type Bound, builtInTypes, type SimpleType } from './simple-type.ts'
import type { XmlElement } from './xml.ts'
import { jsPattern } from './xsd-pattern.ts'

/** The namespace of XML Schema. */
export const XSD = 'http://www.w3.org/2001/XMLSchema'

/** A type with elements, attributes, or text with attributes. */
export interface ComplexType {
  readonly kind: 'complex'
  readonly attributes: readonly AttributeDecl[]
  /** `all`: its elements come in any order. */
  readonly order: 'sequence' | 'all'
  readonly particles: readonly Particle[]
  /** Text with attributes; then there are no particles. */
  readonly text: SimpleType | undefined
}

/** One element of a sequence, or the alternatives of a choice (of which at most one stands). */
export interface Particle {
  readonly elements: readonly ElementDecl[]
  readonly required: boolean
}

/** An element as it may stand in its parent: its type, and how often (`max` Infinity: unbounded). */
export interface ElementDecl {
  readonly name: string
  readonly namespace: string
  readonly type: SimpleType | ComplexType
  readonly min: number
  readonly max: number
  readonly nillable: boolean
}

/** An attribute of a complex type; `namespace` is '' for an unqualified one. */
export interface AttributeDecl {
  readonly name: string
  readonly namespace: string
  readonly type: SimpleType
  readonly required: boolean
}

/** A schema document and the namespace that it defines. */
export interface SchemaDocument {
  readonly root: XmlElement
  readonly target: string
}

interface Defined {
  readonly node: XmlElement
  readonly schema: SchemaDocument
}

const keyOf = (namespace: string, local: string) => `{${namespace}}${local}`

/** The schemas of a service. Declarations are compiled when they are asked for, each type once. */
export class SchemaSet {
  readonly #defined = new Map<string, Defined>()
  readonly #types = new Map<string, SimpleType | ComplexType>()
  readonly #underWay = new Set<string>()

  constructor(documents: readonly SchemaDocument[]) {
    for (const schema of documents) {
      for (const node of schema.root.children) {
        const name = node.attributes.get('name')
        if (node.namespace === XSD && name !== undefined) {
          this.#defined.set(`${node.local} ${keyOf(schema.target, name)}`, { node, schema })
        }
      }
    }
  }

  /** A global element. Throws SOAP_WSDL_INVALID, SOAP_WSDL_UNSUPPORTED. */
  element(namespace: string, local: string): ElementDecl {
    return this.#element(this.#find('element', namespace, local), true)
  }

  #find(kind: string, namespace: string, local: string): Defined {
    const found = this.#defined.get(`${kind} ${keyOf(namespace, local)}`)
    if (!found) throw failure('SOAP_WSDL_INVALID', { name: local, problem: `is used but not defined as ${kind}` })
    return found
  }

  #element({ node, schema }: Defined, global: boolean): ElementDecl {
    const ref = node.attributes.get('ref')
    if (ref !== undefined) {
      const { namespace, local } = qname(node, schema, ref)
      return { ...this.element(namespace, local), ...occurs(node) }
    }
    const name = node.attributes.get('name') ?? ''
    if (node.attributes.has('substitutionGroup')) throw unsupported(name, 'a substitution group')
    const form = node.attributes.get('form') ?? schema.root.attributes.get('elementFormDefault')
    const namespace = global || form === 'qualified' ? schema.target : ''
    const nillable = isTrue(node.attributes.get('nillable'))
    return { name, namespace, type: this.#typeOf(node, schema, name), nillable, ...occurs(node) }
  }

  #typeOf(node: XmlElement, schema: SchemaDocument, name: string): SimpleType | ComplexType {
    const type = node.attributes.get('type')
    if (type !== undefined) return this.#named(node, schema, type)
    const inline = node.children.find(({ local }) => local === 'complexType' || local === 'simpleType')
    if (!inline) throw unsupported(name, 'xs:anyType')
    return inline.local === 'complexType' ? this.#complex(inline, schema, name) : this.#simple(inline, schema, name)
  }

  #named(node: XmlElement, schema: SchemaDocument, type: string): SimpleType | ComplexType {
    const { namespace, local } = qname(node, schema, type)
    if (namespace === XSD) {
      const builtIn = builtInTypes.get(local)
      if (!builtIn) throw unsupported(local, `xs:${local}`)
      return builtIn
    }
    const key = keyOf(namespace, local)
    const known = this.#types.get(key)
    if (known) return known
    if (this.#underWay.has(key)) throw unsupported(local, 'a type that contains itself')
    this.#underWay.add(key)
    const complex = this.#defined.get(`complexType ${key}`)
    const compiled = complex
      ? this.#complex(complex.node, complex.schema, local)
      : this.#simpleOf(this.#find('simpleType', namespace, local), local)
    this.#underWay.delete(key)
    this.#types.set(key, compiled)
    return compiled
  }

  #simpleOf({ node, schema }: Defined, name: string): SimpleType {
    return this.#simple(node, schema, name)
  }

  #simpleNamed(node: XmlElement, schema: SchemaDocument, type: string, name: string): SimpleType {
    const found = this.#named(node, schema, type)
    if (found.kind !== 'simple')
      throw failure('SOAP_WSDL_INVALID', { name, problem: 'restricts a type that is not simple' })
    return found
  }

  #simple(node: XmlElement, schema: SchemaDocument, name: string): SimpleType {
    const restriction = node.children.find(({ local }) => local === 'restriction')
    if (!restriction) throw unsupported(name, 'xs:list or xs:union')
    const base = restriction.attributes.get('base')
    const inline = restriction.children.find(({ local }) => local === 'simpleType')
    if (base === undefined && !inline) throw failure('SOAP_WSDL_INVALID', { name, problem: 'restricts nothing' })
    const from = inline ? this.#simple(inline, schema, name) : this.#simpleNamed(restriction, schema, base ?? '', name)
    return restricted(from, restriction, name)
  }

  #complex(node: XmlElement, schema: SchemaDocument, name: string): ComplexType {
    if (isTrue(node.attributes.get('mixed'))) throw unsupported(name, 'mixed content')
    if (isTrue(node.attributes.get('abstract'))) throw unsupported(name, 'an abstract type')
    const content = node.children.find(({ local }) => local === 'complexContent' || local === 'simpleContent')
    if (!content) return this.#particlesOf(node, schema, name)
    const extension = content.children.find(({ local }) => local === 'extension')
    if (!extension) throw unsupported(name, 'a restriction of a complex type')
    const base = extension.attributes.get('base') ?? ''
    const own = this.#particlesOf(extension, schema, name)
    const from = this.#named(extension, schema, base)
    if (from.kind === 'simple') return { ...own, text: from }
    return {
      ...own,
      attributes: [...from.attributes, ...own.attributes],
      particles: [...from.particles, ...own.particles],
      text: from.text,
    }
  }

  #particlesOf(node: XmlElement, schema: SchemaDocument, name: string): ComplexType {
    const attributes: AttributeDecl[] = []
    let particles: readonly Particle[] = []
    let order: ComplexType['order'] = 'sequence'
    for (const child of node.children) {
      if (child.local === 'sequence') particles = this.#sequence(child, schema, name)
      else if (child.local === 'all') {
        order = 'all'
        particles = this.#sequence(child, schema, name)
      } else if (child.local === 'choice') particles = [this.#choice(child, schema, name)]
      else if (child.local === 'attribute') attributes.push(...this.#attribute(child, schema, name))
      else if (child.local !== 'annotation') throw unsupported(name, `xs:${child.local}`)
    }
    const type: ComplexType = { kind: 'complex', attributes, order, particles, text: undefined }
    refuseTwins(type, name)
    return type
  }

  #sequence(node: XmlElement, schema: SchemaDocument, name: string): readonly Particle[] {
    const { min, max } = occurs(node)
    if (min !== 1 || max !== 1) throw unsupported(name, `an xs:${node.local} that may be absent or repeated`)
    return node.children.flatMap((child): readonly Particle[] => {
      if (child.local === 'annotation') return []
      if (child.local === 'sequence') return this.#sequence(child, schema, name)
      if (child.local === 'choice') return [this.#choice(child, schema, name)]
      if (child.local !== 'element') throw unsupported(name, `xs:${child.local}`)
      const element = this.#element({ node: child, schema }, false)
      return element.max === 0 ? [] : [{ elements: [element], required: element.min > 0 }]
    })
  }

  #choice(node: XmlElement, schema: SchemaDocument, name: string): Particle {
    const { min, max } = occurs(node)
    if (max !== 1) throw unsupported(name, 'a repeated xs:choice')
    const elements = node.children
      .filter(({ local }) => local !== 'annotation')
      .map((child) => {
        if (child.local !== 'element') throw unsupported(name, `xs:${child.local} in an xs:choice`)
        return this.#element({ node: child, schema }, false)
      })
    return { elements, required: min > 0 && elements.every((one) => one.min > 0) }
  }

  #attribute(node: XmlElement, schema: SchemaDocument, owner: string): readonly AttributeDecl[] {
    const name = node.attributes.get('name')
    const use = node.attributes.get('use')
    if (use === 'prohibited') return []
    if (name === undefined) throw unsupported(owner, 'a reference to an attribute')
    const form = node.attributes.get('form') ?? schema.root.attributes.get('attributeFormDefault')
    const type = this.#typeOf(node, schema, name)
    if (type.kind !== 'simple') throw failure('SOAP_WSDL_INVALID', { name, problem: 'is no simple type' })
    return [{ name, namespace: form === 'qualified' ? schema.target : '', type, required: use === 'required' }]
  }
}

/** One name is one property in JSON; two of the same name could not be told apart. */
function refuseTwins(type: ComplexType, name: string): void {
  const names = [...type.attributes.map((one) => one.name), ...elementsOf(type).map((one) => one.name)]
  if (new Set(names).size < names.length) throw unsupported(name, 'one name for two elements or attributes')
}

/** All elements that may stand in a type, alternatives included, in the order of the schema. */
export function elementsOf(type: ComplexType): readonly ElementDecl[] {
  return type.particles.flatMap(({ elements }) => elements)
}

function restricted(from: SimpleType, restriction: XmlElement, name: string): SimpleType {
  const facets = restriction.children.filter(({ local }) => local !== 'annotation' && local !== 'simpleType')
  const values = (facet: string) =>
    facets.filter(({ local }) => local === facet).map(({ attributes }) => attributes.get('value') ?? '')
  const count = (facet: string) => countOf(values(facet)[0], name)
  const length = count('length')
  const enumeration = values('enumeration')
  const patterns = values('pattern')
  const whiteSpace = values('whiteSpace')[0]
  return {
    ...from,
    whiteSpace:
      whiteSpace === 'preserve' || whiteSpace === 'replace' || whiteSpace === 'collapse' ? whiteSpace : from.whiteSpace,
    enumeration: enumeration.length > 0 ? enumeration : from.enumeration,
    patterns: patterns.length > 0 ? [...from.patterns, jsPattern(patterns, name)] : from.patterns,
    minLength: count('minLength') ?? length ?? from.minLength,
    maxLength: count('maxLength') ?? length ?? from.maxLength,
    totalDigits: count('totalDigits') ?? from.totalDigits,
    fractionDigits: count('fractionDigits') ?? from.fractionDigits,
    least: bound(values('minInclusive')[0], values('minExclusive')[0]) ?? from.least,
    most: bound(values('maxInclusive')[0], values('maxExclusive')[0]) ?? from.most,
  }
}

function bound(inclusive: string | undefined, exclusive: string | undefined): Bound | undefined {
  if (inclusive !== undefined) return { value: inclusive, exclusive: false }
  return exclusive === undefined ? undefined : { value: exclusive, exclusive: true }
}

function countOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,9}$/.test(text)) throw failure('SOAP_WSDL_INVALID', { name, problem: 'has a facet that is no count' })
  return Number(text)
}

function occurs(node: XmlElement): { readonly min: number; readonly max: number } {
  const name = node.attributes.get('name') ?? node.local
  const max = node.attributes.get('maxOccurs')
  return {
    min: countOf(node.attributes.get('minOccurs'), name) ?? 1,
    max: max === 'unbounded' ? Number.POSITIVE_INFINITY : (countOf(max, name) ?? 1),
  }
}

/** A name with a prefix. In a schema without a namespace of its own, taken in by another, no prefix means that other's. */
export function qname(
  node: XmlElement,
  schema: { readonly root: XmlElement; readonly target: string },
  text: string,
): { readonly namespace: string; readonly local: string } {
  const [prefix, local] = text.includes(':') ? text.split(':', 2) : ['', text]
  const namespace = node.namespaceOf(prefix ?? '')
  if (namespace === undefined) throw failure('SOAP_WSDL_INVALID', { name: text, problem: 'has an unknown prefix' })
  const chameleon = namespace === '' && !schema.root.attributes.has('targetNamespace')
  return { namespace: chameleon ? schema.target : namespace, local: local ?? '' }
}

function isTrue(text: string | undefined): boolean {
  return text === 'true' || text === '1'
}

function unsupported(name: string, construct: string) {
  return failure('SOAP_WSDL_UNSUPPORTED', { name, construct })
}
