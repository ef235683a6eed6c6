// XML Schema as a model: elements with their types, from one or several documents. Reads what SOAP services use, names what it does not.

import { failure } from '../../error/failure.ts'
import { countOf, restricted } from './facets.ts'
import {
  type AttributeDecl,
  type ComplexType,
  type ElementDecl,
  namesOf,
  type Particle,
  type Preset,
  TEXT,
} from './schema-model.ts'
import { builtInTypes, problemOf, type SimpleType, treatWhiteSpace } from './simple-type.ts'
import type { XmlElement } from './xml.ts'

/** The namespace of XML Schema. */
export const XSD = 'http://www.w3.org/2001/XMLSchema'

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
  readonly #defined = new Map<string, Defined[]>()
  readonly #elements = new Map<string, ElementDecl>()
  readonly #types = new Map<string, SimpleType | ComplexType>()
  readonly #underWay = new Set<string>()
  /** The names of the elements and attributes that are being read, outermost first. */
  readonly #path: string[] = []
  /** Elements in whose place others may stand; known when first asked for. */
  #heads: ReadonlySet<string> | undefined

  constructor(documents: readonly SchemaDocument[]) {
    for (const schema of documents) {
      for (const node of schema.root.children) {
        const name = node.attributes.get('name')
        if (node.namespace !== XSD || name === undefined) continue
        const key = `${node.local} ${keyOf(schema.target, name)}`
        this.#defined.set(key, [...(this.#defined.get(key) ?? []), { node, schema }])
      }
    }
  }

  /** A global element. Throws SOAP_WSDL_INVALID, SOAP_WSDL_UNSUPPORTED, with the path to what is wrong: `Post.debtor.bank`. */
  element(namespace: string, local: string): ElementDecl {
    const key = keyOf(namespace, local)
    const known = this.#elements.get(key)
    if (known) return known
    return this.#once(`element ${key}`, 'an element that contains itself', () => {
      const defined = this.#find('element', namespace, local)
      this.#within(local, () => this.#refuseSubstituted(key, defined))
      const compiled = this.#declared(defined, true)
      this.#elements.set(key, compiled)
      return compiled
    })
  }

  /** Nothing is read inside of itself; what was refused is forgotten, so that it can be refused again elsewhere. */
  #once<T>(key: string, construct: string, read: () => T): T {
    if (this.#underWay.has(key)) throw this.#unsupported(key, construct)
    this.#underWay.add(key)
    try {
      return read()
    } finally {
      this.#underWay.delete(key)
    }
  }

  #within<T>(name: string, read: () => T): T {
    this.#path.push(name)
    try {
      return read()
    } finally {
      this.#path.pop()
    }
  }

  /** Where in a message one is; outside of any, the name of what is read. */
  #place(name: string): string {
    return this.#path.length > 0 ? this.#path.join('.') : name
  }

  #unsupported(name: string, construct: string) {
    return failure('SOAP_WSDL_UNSUPPORTED', { name: this.#place(name), construct })
  }

  #invalid(name: string, problem: string) {
    return failure('SOAP_WSDL_INVALID', { name: this.#place(name), problem })
  }

  #find(kind: string, namespace: string, local: string): Defined {
    const found = this.#lookUp(kind, namespace, local)
    if (!found) throw failure('SOAP_WSDL_INVALID', { name: local, problem: `is used but not defined as ${kind}` })
    return found
  }

  /** A document that is taken in twice, under two names, defines the same twice. */
  #lookUp(kind: string, namespace: string, local: string): Defined | undefined {
    const [found, ...others] = this.#defined.get(`${kind} ${keyOf(namespace, local)}`) ?? []
    if (found && others.some(({ node }) => !isAlike(node, found.node))) {
      throw failure('SOAP_WSDL_INVALID', { name: local, problem: `is defined twice as ${kind}, and differently` })
    }
    return found
  }

  /** Other elements may stand, or must, in the place of these. */
  #refuseSubstituted(key: string, { node, schema }: Defined): void {
    if (isTrue(node.attributes.get('abstract'))) throw this.#unsupported(key, 'an abstract element')
    const block = node.attributes.get('block') ?? schema.root.attributes.get('blockDefault') ?? ''
    if (/#all|\bsubstitution\b/.test(block)) return
    this.#heads ??= new Set([...this.#defined].filter(([kind]) => kind.startsWith('element ')).flatMap(headsOf))
    if (this.#heads.has(key)) throw this.#unsupported(key, 'a substitution group')
  }

  #element({ node, schema }: Defined): ElementDecl {
    const ref = node.attributes.get('ref')
    if (ref === undefined) return this.#declared({ node, schema }, false)
    const { namespace, local } = qname(node, schema, ref)
    return { ...this.element(namespace, local), ...occurs(node, this.#place(local)) }
  }

  #declared({ node, schema }: Defined, global: boolean): ElementDecl {
    const name = node.attributes.get('name') ?? ''
    return this.#within(name, () => {
      const form = node.attributes.get('form') ?? schema.root.attributes.get('elementFormDefault')
      const namespace = global || form === 'qualified' ? schema.target : ''
      const nillable = isTrue(node.attributes.get('nillable'))
      const type = this.#typeOf(node, schema, name)
      if (type.kind === 'complex' && type.abstract) throw this.#unsupported(name, 'an abstract type')
      const preset = this.#preset(node, type.kind === 'simple' ? type : type.text, name)
      return { name, namespace, type, nillable, preset, ...occurs(node, this.#place(name)) }
    })
  }

  /** `default` and `fixed` (XSD Part 1, 3.2.4 and 3.3.4). */
  #preset(node: XmlElement, type: SimpleType | undefined, name: string): Preset | undefined {
    const fixed = node.attributes.get('fixed')
    const given = fixed ?? node.attributes.get('default')
    if (given === undefined) return undefined
    const text = type && treatWhiteSpace(type, given)
    if (!type || text === undefined || problemOf(type, text) !== undefined) {
      throw this.#invalid(name, 'has a default or fixed value that its type does not allow')
    }
    return { text, fixed: fixed !== undefined }
  }

  #typeOf(node: XmlElement, schema: SchemaDocument, name: string): SimpleType | ComplexType {
    const type = node.attributes.get('type')
    if (type !== undefined) return this.#named(node, schema, type)
    const inline = node.children.find(({ local }) => local === 'complexType' || local === 'simpleType')
    if (inline?.local === 'complexType') return this.#complex(inline, schema, name)
    if (inline) return this.#simple(inline, schema, name)
    const [head] = (node.attributes.get('substitutionGroup') ?? '').split(/\s+/).filter((one) => one !== '')
    if (head === undefined) throw this.#unsupported(name, 'xs:anyType')
    const { namespace, local } = qname(node, schema, head)
    const { node: other, schema: home } = this.#find('element', namespace, local)
    return this.#once(`head ${keyOf(namespace, local)}`, 'a substitution group of itself', () =>
      this.#typeOf(other, home, local),
    )
  }

  #named(node: XmlElement, schema: SchemaDocument, type: string): SimpleType | ComplexType {
    const { namespace, local } = qname(node, schema, type)
    if (namespace === XSD) {
      const builtIn = builtInTypes.get(local)
      if (!builtIn) throw this.#unsupported(local, `xs:${local}`)
      return builtIn
    }
    const key = keyOf(namespace, local)
    const known = this.#types.get(key)
    if (known) return known
    return this.#once(key, 'a type that contains itself', () => {
      const complex = this.#lookUp('complexType', namespace, local)
      const compiled = complex
        ? this.#complex(complex.node, complex.schema, local)
        : this.#simpleOf(this.#find('simpleType', namespace, local), local)
      this.#types.set(key, compiled)
      return compiled
    })
  }

  #simpleOf({ node, schema }: Defined, name: string): SimpleType {
    return this.#simple(node, schema, name)
  }

  #simpleNamed(node: XmlElement, schema: SchemaDocument, type: string, name: string): SimpleType {
    const found = this.#named(node, schema, type)
    if (found.kind !== 'simple') throw this.#invalid(name, 'restricts a type that is not simple')
    return found
  }

  #simple(node: XmlElement, schema: SchemaDocument, name: string): SimpleType {
    const restriction = node.children.find(({ local }) => local === 'restriction')
    if (!restriction) throw this.#unsupported(name, 'xs:list or xs:union')
    const base = restriction.attributes.get('base')
    const inline = restriction.children.find(({ local }) => local === 'simpleType')
    if (base === undefined && !inline) throw this.#invalid(name, 'restricts nothing')
    const from = inline ? this.#simple(inline, schema, name) : this.#simpleNamed(restriction, schema, base ?? '', name)
    return restricted(from, restriction, this.#place(name))
  }

  #complex(node: XmlElement, schema: SchemaDocument, name: string): ComplexType {
    const abstract = isTrue(node.attributes.get('abstract'))
    const content = node.children.find(({ local }) => local === 'complexContent' || local === 'simpleContent')
    if ([node, content].some((one) => isTrue(one?.attributes.get('mixed')))) {
      throw this.#unsupported(name, 'mixed content')
    }
    const type = content ? this.#extended(content, schema, name) : this.#particlesOf(node, schema, name)
    this.#refuseTwins(type, name)
    return { ...type, abstract }
  }

  #extended(content: XmlElement, schema: SchemaDocument, name: string): ComplexType {
    const extension = content.children.find(({ local }) => local === 'extension')
    if (!extension) throw this.#unsupported(name, 'a restriction of a complex type')
    const own = this.#particlesOf(extension, schema, name)
    const from = this.#named(extension, schema, extension.attributes.get('base') ?? '')
    if (from.kind === 'simple') return { ...own, text: from }
    const isMore = from.particles.length > 0 && own.particles.length > 0
    if (isMore && (from.order === 'all' || own.order === 'all'))
      throw this.#unsupported(name, 'an xs:all that is extended')
    return {
      ...own,
      order: own.particles.length > 0 ? own.order : from.order,
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
      } else if (child.local === 'choice') particles = this.#choice(child, schema, name)
      else if (child.local === 'attribute') attributes.push(...this.#attribute(child, schema, name))
      else if (child.local !== 'annotation') throw this.#unsupported(name, `xs:${child.local}`)
    }
    return { kind: 'complex', attributes, order, particles, text: undefined, abstract: false }
  }

  #sequence(node: XmlElement, schema: SchemaDocument, name: string): readonly Particle[] {
    const { min, max } = occurs(node, this.#place(name))
    if (min !== 1 || max !== 1) throw this.#unsupported(name, `an xs:${node.local} that may be absent or repeated`)
    return node.children.flatMap((child): readonly Particle[] => {
      if (child.local === 'annotation') return []
      if (child.local === 'sequence') return this.#sequence(child, schema, name)
      if (child.local === 'choice') return this.#choice(child, schema, name)
      if (child.local !== 'element') throw this.#unsupported(name, `xs:${child.local}`)
      const element = this.#element({ node: child, schema })
      return element.max === 0 ? [] : [{ elements: [element], required: element.min > 0 }]
    })
  }

  #choice(node: XmlElement, schema: SchemaDocument, name: string): readonly Particle[] {
    const { min, max } = occurs(node, this.#place(name))
    if (max !== 1) throw this.#unsupported(name, 'a repeated xs:choice')
    const elements = node.children
      .filter(({ local }) => local !== 'annotation')
      .map((child) => {
        if (child.local !== 'element') throw this.#unsupported(name, `xs:${child.local} in an xs:choice`)
        return this.#element({ node: child, schema })
      })
      .filter((one) => one.max > 0)
    if (elements.length === 0 && min > 0) throw this.#unsupported(name, 'an xs:choice of nothing')
    return elements.length === 0 ? [] : [{ elements, required: min > 0 && elements.every((one) => one.min > 0) }]
  }

  #attribute(node: XmlElement, schema: SchemaDocument, owner: string): readonly AttributeDecl[] {
    const name = node.attributes.get('name')
    const use = node.attributes.get('use')
    if (use === 'prohibited') return []
    if (name === undefined) throw this.#unsupported(owner, 'a reference to an attribute')
    return this.#within(name, () => {
      const form = node.attributes.get('form') ?? schema.root.attributes.get('attributeFormDefault')
      const type = this.#typeOf(node, schema, name)
      if (type.kind !== 'simple') throw this.#invalid(name, 'is no simple type')
      const namespace = form === 'qualified' ? schema.target : ''
      return [{ name, namespace, type, required: use === 'required', preset: this.#preset(node, type, name) }]
    })
  }

  /** One name is one property in JSON; two of the same name could not be told apart. Those of a base count as its own. */
  #refuseTwins(type: ComplexType, name: string): void {
    const names = namesOf(type)
    const twin = names.find((one, index) => names.indexOf(one) < index)
    this.#within(twin ?? '__proto__', () => {
      if (type.text && twin === TEXT) throw this.#unsupported(name, 'an attribute of the name that stands for text')
      if (twin !== undefined) throw this.#unsupported(name, 'one name for two elements or attributes')
      if (names.includes('__proto__')) throw this.#unsupported(name, 'a name that JavaScript keeps for itself')
    })
  }
}

/** The elements in whose place these ones may stand. */
function headsOf([, defined]: readonly [string, readonly Defined[]]): readonly string[] {
  return defined.flatMap(({ node, schema }) => {
    const heads = (node.attributes.get('substitutionGroup') ?? '').split(/\s+/).filter((one) => one !== '')
    return heads.map((head) => {
      const { namespace, local } = qname(node, schema, head)
      return keyOf(namespace, local)
    })
  })
}

/** Whether two definitions say the same, prefixes aside. */
function isAlike(one: XmlElement, other: XmlElement): boolean {
  if (one.local === 'annotation' && other.local === 'annotation') return true
  const [children, others] = [one, other].map((node) => node.children.filter(({ local }) => local !== 'annotation'))
  return (
    one.local === other.local &&
    one.namespace === other.namespace &&
    one.attributes.size === other.attributes.size &&
    [...one.attributes].every(([name, value]) => other.attributes.get(name) === value) &&
    children?.length === others?.length &&
    (children ?? []).every((child, index) => others?.[index] !== undefined && isAlike(child, others[index]))
  )
}

function occurs(node: XmlElement, place: string): { readonly min: number; readonly max: number } {
  const max = node.attributes.get('maxOccurs')
  return {
    min: countOf(node.attributes.get('minOccurs'), place) ?? 1,
    max: max?.trim() === 'unbounded' ? Number.POSITIVE_INFINITY : (countOf(max, place) ?? 1),
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
  return text?.trim() === 'true' || text?.trim() === '1'
}
