// A WSDL and all that it takes in: other WSDLs and schemas, each read once. A reference is relative to the document that holds it.

import { failure } from '../../error/failure.ts'
import { readXml, type XmlElement, type XmlLimits } from './xml.ts'
import { type SchemaDocument, XSD } from './xsd.ts'

/** The text of a document by its path from the WSDL's folder (`schemas/a.xsd`, `../common/b.xsd`); undefined when it is not there. */
export type DocumentLookup = (path: string) => string | undefined

/** The namespace of WSDL 1.1. */
export const WSDL = 'http://schemas.xmlsoap.org/wsdl/'

const limits: XmlLimits = { bytes: 8_388_608, elements: 200_000, depth: 100 }
const DOCUMENTS_MAX = 200

/** A document, the namespace that it defines, and its path. */
export interface WsdlDocument {
  readonly root: XmlElement
  readonly target: string
  readonly path: string
}

type Located = SchemaDocument & { readonly path: string }

export interface Documents {
  readonly wsdls: readonly WsdlDocument[]
  readonly schemas: readonly SchemaDocument[]
}

/** Throws XML_REFUSED, SOAP_WSDL_INVALID, SOAP_WSDL_UNSUPPORTED. */
export function readDocuments(text: string, beside: DocumentLookup): Documents {
  const wsdls: WsdlDocument[] = []
  const schemas: Located[] = []
  const root = readXml(text, limits)
  if (!isNamed(root, WSDL, 'definitions')) throw invalid('the root', 'is no WSDL 1.1 definitions')
  wsdls.push({ root, target: targetOf(root) ?? '', path: '' })
  const seen = new Set([''])
  // Both lists grow while they are walked: what a document takes in is walked after it.
  for (const wsdl of wsdls) {
    for (const { path, location } of importsOf(wsdl)) {
      if (seen.has(path)) continue
      counted(seen, path)
      const other = readXml(fetched(path, location, beside), limits)
      if (isNamed(other, XSD, 'schema')) schemas.push({ root: other, target: targetOf(other) ?? '', path })
      else wsdls.push({ root: other, target: targetOf(other) ?? '', path })
    }
    schemas.push(...inlineSchemas(wsdl))
  }
  takeIn(schemas, beside)
  return { wsdls, schemas }
}

function takeIn(schemas: Located[], beside: DocumentLookup): void {
  const seen = new Set<string>(schemas.map(({ path, target }) => `${target} ${path}`))
  for (const schema of schemas) {
    for (const { path, location, into } of takenBy(schema)) {
      const key = `${into} ${path}`
      if (seen.has(key)) continue
      counted(seen, key)
      const root = readXml(fetched(path, location, beside), limits)
      schemas.push({ root, target: targetOf(root) ?? into, path })
    }
  }
}

function counted(seen: Set<string>, key: string): void {
  if (seen.add(key).size <= DOCUMENTS_MAX) return
  throw failure('SOAP_WSDL_UNSUPPORTED', { name: key, construct: `more than ${DOCUMENTS_MAX} documents` })
}

function fetched(path: string, location: string, beside: DocumentLookup): string {
  const text = path === '' ? undefined : beside(path)
  if (text === undefined) throw invalid(location || 'an import', 'is imported and not there')
  return text
}

interface Reference {
  readonly path: string
  /** As it is written. */
  readonly location: string
}

function importsOf({ root, path }: WsdlDocument): readonly Reference[] {
  return root.children
    .filter((node) => isNamed(node, WSDL, 'import'))
    .map((node) => node.attributes.get('location') ?? '')
    .map((location) => ({ location, path: relativeTo(path, location) }))
}

function inlineSchemas({ root, path }: WsdlDocument): readonly Located[] {
  return root.children
    .filter((node) => isNamed(node, WSDL, 'types'))
    .flatMap(({ children }) => children.filter((node) => isNamed(node, XSD, 'schema')))
    .map((schema) => ({ root: schema, target: targetOf(schema) ?? '', path }))
}

/** What a schema includes and imports. */
function takenBy({ root, target, path }: Located): readonly (Reference & { readonly into: string })[] {
  return root.children.flatMap((node) => {
    const location = node.attributes.get('schemaLocation')
    if (node.namespace !== XSD || location === undefined) return []
    if (node.local === 'redefine' || node.local === 'override') {
      throw failure('SOAP_WSDL_UNSUPPORTED', { name: location, construct: `xs:${node.local}` })
    }
    const into = node.local === 'include' ? target : (node.attributes.get('namespace') ?? '')
    if (node.local !== 'include' && node.local !== 'import') return []
    return [{ location, path: relativeTo(path, location), into }]
  })
}

/** The path of a reference from the folder of the first document (RFC 3986, 5.2, without hosts); a URL stays what it is. */
export function relativeTo(from: string, location: string): string {
  const reference = decoded(location.trim().replace(/[#?].*$/, ''))
  if (reference === '' || /^[a-z][a-z0-9+.-]*:/i.test(reference) || reference.startsWith('/')) return reference
  const steps: string[] = []
  for (const step of [...from.split('/').slice(0, -1), ...reference.split('/')]) {
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop()
    else if (step !== '.' && step !== '') steps.push(step)
  }
  return steps.join('/')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (!(error instanceof URIError)) throw error
    return text
  }
}

const isNamed = (node: XmlElement, namespace: string, local: string) =>
  node.namespace === namespace && node.local === local
const targetOf = (root: XmlElement) => root.attributes.get('targetNamespace')

function invalid(name: string, problem: string) {
  return failure('SOAP_WSDL_INVALID', { name, problem })
}
