// WSDL 1.1 as a list of operations: what goes into the Body and comes out of it, and where to send it. Opens nothing.

import { failure } from '../../error/failure.ts'
import { type DocumentLookup, readDocuments, WSDL, type WsdlDocument } from './documents.ts'
import type { ElementDecl } from './schema-model.ts'
import type { XmlElement } from './xml.ts'
import { qname, SchemaSet } from './xsd.ts'

/** The versions of SOAP that services speak. */
export type SoapVersion = '1.1' | '1.2'

/** One operation of the service's SOAP port, document/literal: elements of request and reply, and what HTTP needs. */
export interface SoapOperation {
  readonly name: string
  readonly version: SoapVersion
  readonly action: string
  /** Path and query of the service's address. */
  readonly path: string
  /** The service is reached by https. */
  readonly secure: boolean
  readonly request: ElementDecl
  readonly reply: ElementDecl
  /** The elements that may stand in a fault's detail. */
  readonly faults: readonly ElementDecl[]
}

const bindings: Readonly<Record<string, SoapVersion>> = {
  'http://schemas.xmlsoap.org/wsdl/soap/': '1.1',
  'http://schemas.xmlsoap.org/wsdl/soap12/': '1.2',
}
/** Bindings to HTTP; others (JMS, SMTP) name other transports. */
const HTTP: ReadonlySet<string> = new Set([
  'http://schemas.xmlsoap.org/soap/http',
  'http://schemas.xmlsoap.org/soap/http/',
  'http://www.w3.org/2003/05/soap/bindings/HTTP/',
  'http://www.w3.org/2003/05/soap/bindings/HTTP',
])

export interface WsdlOptions {
  /** Gives the documents that the WSDL imports. Nothing is ever fetched. */
  readonly beside?: DocumentLookup
  /** Path and query of the service, instead of those of the WSDL. */
  readonly path?: string
}

/** Throws XML_REFUSED, SOAP_WSDL_INVALID or SOAP_WSDL_UNSUPPORTED. Operations are compiled when they are asked for. */
export function readWsdl(
  text: string,
  { beside = () => undefined, path }: WsdlOptions = {},
): (operation: string) => SoapOperation {
  const documents = readDocuments(text, beside)
  const parts = partsOf(documents.wsdls)
  const schemas = new SchemaSet(documents.schemas)
  const ports = soapPorts(parts)
  const compiled = new Map<string, SoapOperation>()
  return (name) => {
    const known = compiled.get(name)
    if (known) return known
    const operation = compile(name, parts, portOf(name, ports), schemas, path)
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

interface WsdlComponent {
  readonly node: XmlElement
  readonly document: WsdlDocument
}

/** Kind and name → part: messages, port types, bindings, services; of two of one name, that of the document which takes in the other. */
type WsdlComponents = ReadonlyMap<string, WsdlComponent>

function partsOf(documents: readonly WsdlDocument[]): WsdlComponents {
  const parts = new Map<string, WsdlComponent>()
  for (const document of documents) {
    for (const node of document.root.children) {
      const key = `${node.local} {${document.target}}${nameOf(node)}`
      if (node.namespace === WSDL && !parts.has(key)) parts.set(key, { node, document })
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
  readonly name: string
  readonly binding: WsdlComponent
  readonly version: SoapVersion
  readonly namespace: string
  readonly address: string
}

/** All ports with a binding to SOAP over HTTP, in the order of the documents. */
function soapPorts(parts: WsdlComponents): readonly SoapPort[] {
  const services = [...parts.values()].filter(({ node }) => node.local === 'service')
  const ports = services.flatMap((service) =>
    service.node.children.filter(isWsdl('port')).flatMap((port) => soapPort(parts, port, service)),
  )
  if (ports.length === 0) throw invalid('no service', 'has a port with SOAP over HTTP')
  return ports
}

function soapPort(parts: WsdlComponents, port: XmlElement, { document }: WsdlComponent): readonly SoapPort[] {
  const address = port.children.find(({ local, namespace }) => local === 'address' && bindings[namespace])
  const version = address && bindings[address.namespace]
  if (!address || !version) return []
  const binding = find(parts, 'binding', { node: port, document }, port.attributes.get('binding'))
  const { namespace } = address
  const bound = binding.node.children.find((one) => one.local === 'binding' && one.namespace === namespace)
  const transport = bound?.attributes.get('transport')
  const location = address.attributes.get('location')?.trim() ?? ''
  const isHttp = transport === undefined || HTTP.has(transport)
  if (!isHttp || /^(?:jms|mailto|soap\.[a-z]+|net\.[a-z]+):/i.test(location)) return []
  return [{ name: nameOf(port), binding, version, namespace, address: location }]
}

const operationsOf = (node: XmlElement, name: string) =>
  node.children.filter((one) => isWsdl('operation')(one) && nameOf(one) === name)

/** The first port whose binding has the operation. */
function portOf(operation: string, ports: readonly SoapPort[]): SoapPort {
  const port = ports.find(({ binding }) => operationsOf(binding.node, operation).length > 0)
  if (!port) throw invalid(operation, 'is no operation of its SOAP binding')
  return port
}

/**
 * Path and query of an address; its host and port come from settings, so that a generator's placeholders there do not matter
 * (`http://my-server:my-port/bank`, `https://${host}/bank`). Undefined where the path itself is none, or a placeholder.
 */
function pathOf(address: string): string | undefined {
  const [, path, query = ''] = /^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#]*|(?=\/(?!\/)))([^?#]*)(\?[^#]*)?/i.exec(address) ?? []
  if (path === undefined || /[{}<>|\\^`"\s]/.test(`${path}${query}`)) return undefined
  return `${path.replaceAll(/[^\x21-\x7e]/g, encodeURIComponent) || '/'}${query.replaceAll(/[^\x21-\x7e]/g, encodeURIComponent)}`
}

function compile(
  name: string,
  parts: WsdlComponents,
  port: SoapPort,
  schemas: SchemaSet,
  given: string | undefined,
): SoapOperation {
  const { binding, namespace, version } = port
  const [bound, ...others] = operationsOf(binding.node, name)
  if (!bound) throw invalid(name, 'is no operation of its SOAP binding')
  if (others.length > 0) throw unsupported(name, 'one name for two operations')
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
  const [operation] = operationsOf(type.node, name)
  if (!operation) throw invalid(name, 'is no operation of its port type')
  const element = (node: XmlElement) => messageElement({ node, document: type.document }, parts, schemas)
  const [input, output] = [operation.children.find(isWsdl('input')), operation.children.find(isWsdl('output'))]
  if (!input || !output) throw unsupported(name, 'one way')
  const action = own(bound, 'operation')?.attributes.get('soapAction') ?? ''
  const faults = operation.children.filter(isWsdl('fault')).map(element)
  const path = given ?? pathOf(port.address)
  if (path === undefined) {
    throw invalid(port.name, "has an address without a path; say it as path of the back end: soap({ …, path: '/…' })")
  }
  const secure = /^https:/i.test(port.address)
  return { name, version, action, path, secure, request: element(input), reply: element(output), faults }
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
