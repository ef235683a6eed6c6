// WSDL 1.1 as a list of operations: what goes into the Body and comes out of it, and where to send it. Opens nothing.

import { failure } from '../../error/failure.ts'
import { readXml, type XmlElement, type XmlLimits } from './xml.ts'
import { type ElementDecl, qname, type SchemaDocument, SchemaSet, XSD } from './xsd.ts'

/** The versions of SOAP that services speak. */
export type SoapVersion = '1.1' | '1.2'

/** One operation of the service's SOAP port, document/literal: elements of request and reply, and what HTTP needs. */
export interface SoapOperation {
  readonly name: string
  readonly version: SoapVersion
  readonly action: string
  /** Path and query of the service's address. */
  readonly path: string
  readonly request: ElementDecl
  readonly reply: ElementDecl
  /** The elements that may stand in a fault's detail. */
  readonly faults: readonly ElementDecl[]
}

/** The text of a document beside the WSDL, by the location that an import names; undefined when it is not there. */
export type DocumentLookup = (location: string) => string | undefined

const WSDL = 'http://schemas.xmlsoap.org/wsdl/'
const bindings: Readonly<Record<string, SoapVersion>> = {
  'http://schemas.xmlsoap.org/wsdl/soap/': '1.1',
  'http://schemas.xmlsoap.org/wsdl/soap12/': '1.2',
}
const limits: XmlLimits = { bytes: 8_388_608, elements: 200_000, depth: 100 }
const DOCUMENTS_MAX = 200

/** Throws XML_REFUSED, SOAP_WSDL_INVALID or SOAP_WSDL_UNSUPPORTED. Operations are compiled when they are asked for. */
export function readWsdl(text: string, beside: DocumentLookup = () => undefined): (operation: string) => SoapOperation {
  const documents = wsdlDocuments(text, beside)
  const parts = partsOf(documents)
  const schemas = new SchemaSet(schemaDocuments(documents, beside))
  const port = soapPort(parts)
  const compiled = new Map<string, SoapOperation>()
  return (name) => {
    const known = compiled.get(name)
    if (known) return known
    const operation = compile(name, parts, port, schemas)
    compiled.set(name, operation)
    return operation
  }
}

function invalid(name: string, problem: string) {
  return failure('SOAP_WSDL_INVALID', { name, problem })
}

function unsupported(name: string, construct: string) {
  return failure('SOAP_WSDL_UNSUPPORTED', { name, construct })
}

const isWsdl = (local: string) => (node: XmlElement) => node.namespace === WSDL && node.local === local
const nameOf = (node: XmlElement) => node.attributes.get('name') ?? ''

/** A document and the namespace that unprefixed names of it mean. */
interface Document {
  readonly root: XmlElement
  readonly target: string
}

function wsdlDocuments(text: string, beside: DocumentLookup): readonly Document[] {
  const root = readXml(text, limits)
  if (!isWsdl('definitions')(root)) throw invalid('the root', 'is no WSDL 1.1 definitions')
  const imported = root.children.filter(isWsdl('import')).flatMap((node) => {
    const location = node.attributes.get('location') ?? ''
    const other = readXml(fetched(location, beside), limits)
    if (other.children.some(isWsdl('import'))) throw unsupported(location, 'an import within an import')
    return [other]
  })
  return [root, ...imported].map((one) => ({ root: one, target: one.attributes.get('targetNamespace') ?? '' }))
}

function fetched(location: string, beside: DocumentLookup): string {
  const text = beside(location)
  if (text === undefined) throw invalid(location || 'an import', 'is imported and not there')
  return text
}

/** Every schema of the types sections and all that they include or import, each once. */
function schemaDocuments(documents: readonly Document[], beside: DocumentLookup): readonly SchemaDocument[] {
  const types = documents.flatMap(({ root }) => root.children.filter(isWsdl('types')))
  const all = types
    .flatMap(({ children }) => children.filter((node) => isXsd(node, 'schema')))
    .map((root) => ({ root, target: root.attributes.get('targetNamespace') ?? '' }))
  const seen = new Set<string>()
  // Grows while it is walked: what a document takes in is walked after it.
  for (const document of all) {
    for (const { location, into } of taken(document)) {
      const key = `${into} ${location}`
      if (seen.has(key)) continue
      seen.add(key)
      if (seen.size > DOCUMENTS_MAX) throw unsupported(location, `more than ${DOCUMENTS_MAX} documents`)
      const root = readXml(fetched(location, beside), limits)
      all.push({ root, target: root.attributes.get('targetNamespace') ?? into })
    }
  }
  return all
}

/** What a schema includes and imports. */
function taken({ root, target }: SchemaDocument): readonly { readonly location: string; readonly into: string }[] {
  return root.children.flatMap((node) => {
    const location = node.attributes.get('schemaLocation')
    if (location === undefined) return []
    if (isXsd(node, 'include')) return [{ location, into: target }]
    return isXsd(node, 'import') ? [{ location, into: node.attributes.get('namespace') ?? '' }] : []
  })
}

const isXsd = (node: XmlElement, local: string) => node.namespace === XSD && node.local === local

interface WsdlComponent {
  readonly node: XmlElement
  readonly document: Document
}

/** Kind and name → part: messages, port types, bindings, services. */
type WsdlComponents = ReadonlyMap<string, WsdlComponent>

function partsOf(documents: readonly Document[]): WsdlComponents {
  const parts = new Map<string, WsdlComponent>()
  for (const document of documents) {
    for (const node of document.root.children) {
      if (node.namespace === WSDL) parts.set(`${node.local} {${document.target}}${nameOf(node)}`, { node, document })
    }
  }
  return parts
}

function find(parts: WsdlComponents, kind: string, at: WsdlComponent, text: string | undefined): WsdlComponent {
  const { namespace, local } = qname(at.node, at.document, text ?? '')
  const found = parts.get(`${kind} {${namespace}}${local}`)
  if (!found) throw invalid(text ?? kind, `is used but not defined as ${kind}`)
  return found
}

interface SoapPort {
  readonly binding: WsdlComponent
  readonly version: SoapVersion
  readonly namespace: string
  readonly path: string
}

/** The first port with a SOAP binding. */
function soapPort(parts: WsdlComponents): SoapPort {
  for (const service of parts.values()) {
    if (service.node.local !== 'service') continue
    for (const port of service.node.children.filter(isWsdl('port'))) {
      const address = port.children.find(({ local, namespace }) => local === 'address' && bindings[namespace])
      const version = address && bindings[address.namespace]
      if (!address || !version) continue
      const binding = find(parts, 'binding', { node: port, document: service.document }, port.attributes.get('binding'))
      const path = pathOf(address.attributes.get('location') ?? '', nameOf(port))
      return { binding, version, namespace: address.namespace, path }
    }
  }
  throw invalid('no service', 'has a port with a SOAP binding')
}

function pathOf(location: string, port: string): string {
  try {
    const { pathname, search } = new URL(location)
    return `${pathname}${search}`
  } catch {
    throw invalid(port, 'has an address that is no URL')
  }
}

function compile(name: string, parts: WsdlComponents, port: SoapPort, schemas: SchemaSet): SoapOperation {
  const { binding, namespace, version, path } = port
  const bound = binding.node.children.find((node) => isWsdl('operation')(node) && nameOf(node) === name)
  if (!bound) throw invalid(name, 'is no operation of its SOAP binding')
  const own = (node: XmlElement, local: string) =>
    node.children.find((one) => one.namespace === namespace && one.local === local)
  const style =
    own(bound, 'operation')?.attributes.get('style') ?? own(binding.node, 'binding')?.attributes.get('style')
  if (style === 'rpc') throw unsupported(name, 'style rpc')
  for (const side of bound.children.filter((node) => isWsdl('input')(node) || isWsdl('output')(node))) {
    if (own(side, 'body')?.attributes.get('use') === 'encoded') throw unsupported(name, 'use encoded')
    if (own(side, 'header')) throw unsupported(name, 'a SOAP header')
  }
  const type = find(parts, 'portType', binding, binding.node.attributes.get('type'))
  const operation = type.node.children.find((node) => isWsdl('operation')(node) && nameOf(node) === name)
  if (!operation) throw invalid(name, 'is no operation of its port type')
  const element = (node: XmlElement) => messageElement({ node, document: type.document }, parts, schemas)
  const [input, output] = [operation.children.find(isWsdl('input')), operation.children.find(isWsdl('output'))]
  if (!input || !output) throw unsupported(name, 'one way')
  const action = own(bound, 'operation')?.attributes.get('soapAction') ?? ''
  const faults = operation.children.filter(isWsdl('fault')).map(element)
  return { name, version, action, path, request: element(input), reply: element(output), faults }
}

function messageElement(at: WsdlComponent, parts: WsdlComponents, schemas: SchemaSet): ElementDecl {
  const message = find(parts, 'message', at, at.node.attributes.get('message'))
  const [part, ...more] = message.node.children.filter(isWsdl('part'))
  const element = part?.attributes.get('element')
  if (!part || element === undefined || more.length > 0) {
    throw unsupported(nameOf(message.node), 'a message that is not one element')
  }
  const { namespace, local } = qname(part, message.document, element)
  return schemas.element(namespace, local)
}
