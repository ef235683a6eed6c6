// A service of one operation, Ask → Answer, around the schema that a test writes.

import type { SoapTransaction } from '../../../src/contract/adapter.ts'
import type { Wire } from '../../../src/contract/backend.ts'
import type { JsonObject, JsonValue } from '../../../src/contract/json.ts'
import type { Verdict } from '../../../src/contract/outcome.ts'
import { isFailure } from '../../../src/error/failure.ts'
import { soapWires } from '../../../src/wire/soap-wire.ts'
import { bytes, text } from './ledger.ts'

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/'
const XS = 'xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t"'

export const anyAsk = '<x:element name="Ask"><x:complexType><x:sequence/></x:complexType></x:element>'
export const anyAnswer = '<x:element name="Answer"><x:complexType><x:sequence/></x:complexType></x:element>'

/** `inner` are the definitions of namespace urn:t, in which `x` is XML Schema and `t` the namespace itself. */
export const schemaOf = (inner: string, attributes = '') =>
  `<x:schema ${XS} targetNamespace="urn:t" elementFormDefault="qualified" ${attributes}>${inner}</x:schema>`

export interface Parts {
  readonly schemas: string
  /** `wsdl:import`s. */
  readonly imports: string
  readonly ports: string
  readonly bindings: string
  /** Messages beside In and Out, and faults of Ask. */
  readonly messages: string
  readonly faults: string
}

export const binding = (name = 'B', transport = 'http://schemas.xmlsoap.org/soap/http', operation = 'Ask') =>
  `<w:binding name="${name}" type="d:P"><s:binding transport="${transport}"/><w:operation name="${operation}"><s:operation soapAction="urn:${name}"/><w:input><s:body use="literal"/></w:input><w:output><s:body use="literal"/></w:output></w:operation></w:binding>`
export const port = (location: string, to = 'B') =>
  `<w:port name="${to}Port" binding="d:${to}"><s:address location="${location}"/></w:port>`

export function wsdlOf(parts: Partial<Parts> = {}): string {
  const { schemas = schemaOf(anyAsk + anyAnswer), imports = '', messages = '', faults = '' } = parts
  const { ports = port('http://svc.example/ws/q'), bindings = binding() } = parts
  return `<w:definitions targetNamespace="urn:d" xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:d="urn:d" ${XS}>
${imports}<w:types>${schemas}</w:types>
<w:message name="In"><w:part name="p" element="t:Ask"/></w:message><w:message name="Out"><w:part name="p" element="t:Answer"/></w:message>${messages}
<w:portType name="P"><w:operation name="Ask"><w:input message="d:In"/><w:output message="d:Out"/>${faults}</w:operation>
<w:operation name="Other"><w:input message="d:In"/><w:output message="d:Out"/></w:operation></w:portType>
${bindings}<w:service name="S">${ports}</w:service></w:definitions>`
}

const ask: SoapTransaction = { kind: 'soap', operation: 'Ask', effect: 'once', deadlineMs: 1 }

/** The wire of Ask, with `inner` as the definitions of its schema. */
export const wireFor = (inner: string, attributes?: string): Wire =>
  soapWires(wsdlOf({ schemas: schemaOf(inner, attributes) }))(ask)
export const wireOfWsdl = (
  parts: Partial<Parts>,
  files: Readonly<Record<string, string>> = {},
  faults: Readonly<Record<string, Verdict>> = {},
  path?: string,
): Wire => soapWires(wsdlOf(parts), (one) => files[one], path)({ ...ask, faults })

const element = (name: string, content: string) =>
  `<x:element name="${name}"><x:complexType>${content}</x:complexType></x:element>`
/** The wire of Ask whose request holds `content`, or whose reply does. */
export const asking = (content: string, more = '') => wireFor(element('Ask', content) + anyAnswer + more)
export const answering = (content: string, more = '') => wireFor(element('Answer', content) + anyAsk + more)

export const enveloped = (body: string, header = '') =>
  bytes(`<e:Envelope xmlns:e="${ENVELOPE}">${header}<e:Body>${body}</e:Body></e:Envelope>`)
export const answer = (content: string, attributes = '') =>
  enveloped(`<Answer xmlns="urn:t" xmlns:t="urn:t" ${attributes}>${content}</Answer>`)

export const read = (wire: Wire, content: string, attributes = ''): JsonObject =>
  wire.read(answer(content, attributes)).body
/** The element in the Body of a request. */
export const written = (wire: Wire, request: JsonObject): string =>
  /<e:Body>(.*)<\/e:Body>/s.exec(text(wire.encode(request)))?.[1] ?? ''

/** What is thrown, without its code; anything else shows itself. */
export function refusal(run: () => unknown): string {
  try {
    return `no failure: ${JSON.stringify(run() as JsonValue)}`
  } catch (error) {
    return isFailure(error) ? error.what : `not a Failure: ${String(error)}`
  }
}
