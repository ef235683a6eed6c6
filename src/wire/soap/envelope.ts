// The SOAP envelope, 1.1 and 1.2: a Body with one element goes out; a Body with one element or a Fault comes in.

import { failure } from '../../error/failure.ts'
import type { SoapVersion } from './wsdl.ts'
import { readXml, type XmlElement, type XmlLimits } from './xml.ts'

/** Namespace of the envelope by version. */
export const envelopes: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
}

/** What HTTP needs beside the envelope. SOAPAction is always quoted; 1.2 has it inside the content type. */
export function httpHeaders(version: SoapVersion, action: string): Readonly<Record<string, string>> {
  const quoted = `"${action.replaceAll(/[^\x20-\x7e]|["\\]/g, '')}"`
  if (version === '1.1') return { 'content-type': 'text/xml; charset=utf-8', soapaction: quoted }
  const parameter = action === '' ? '' : `; action=${quoted}`
  return { 'content-type': `application/soap+xml; charset=utf-8${parameter}` }
}

/** Media type of a reply by version (SOAP 1.1, section 6; RFC 3902 for 1.2). */
export const replyTypes: Readonly<Record<SoapVersion, string>> = { '1.1': 'text/xml', '1.2': 'application/soap+xml' }

/** An envelope in UTF-8 with `body`, XML as `writeElement` gives it, as the one element of its Body. */
export function writeEnvelope(version: SoapVersion, body: string): Uint8Array {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>'
  const text = `${declaration}<e:Envelope xmlns:e="${envelopes[version]}"><e:Body>${body}</e:Body></e:Envelope>`
  return new TextEncoder().encode(text)
}

/** A Fault as both versions tell it. */
export interface SoapFault {
  /** Local names of the fault code, the most general first: `Client`, `Client.Authentication`, or the code and its subcodes. */
  readonly codes: readonly string[]
  /** The service's own words; may hold customer data. */
  readonly reason: string
  readonly detail: readonly XmlElement[]
}

/** What a Body holds: the reply, or a fault. */
export type SoapBody = { readonly element: XmlElement } | { readonly fault: SoapFault }

/** Throws XML_REFUSED, SOAP_REPLY_INVALID. */
export function readEnvelope(version: SoapVersion, bytes: Uint8Array, limits: XmlLimits): SoapBody {
  const namespace = envelopes[version]
  const root = readXml(bytes, limits)
  const isOwn = (node: XmlElement | undefined, local: string) => node?.namespace === namespace && node.local === local
  if (!isOwn(root, 'Envelope')) throw odd('', `is no SOAP ${version} envelope`)
  const [first, ...rest] = root.children
  const body = isOwn(first, 'Header') ? rest[0] : first
  if (!body || !isOwn(body, 'Body') || root.children.length !== (body === first ? 1 : 2)) {
    throw odd('Envelope', 'holds something else than one Body after an optional Header')
  }
  for (const block of body === first ? [] : (first?.children ?? [])) refuseMandatory(block, namespace)
  const [element] = body.children
  if (!element || body.children.length > 1) throw odd('Envelope.Body', 'does not hold one element')
  if (!isOwn(element, 'Fault')) return { element }
  return { fault: version === '1.1' ? faultOf11(element) : faultOf12(element, namespace) }
}

/** Who a block is for, beside us: everybody on the way (SOAP 1.1, 4.2.2; SOAP 1.2 Part 1, 2.2), or the one at its end. */
const forUs: ReadonlySet<string> = new Set([
  '',
  'http://schemas.xmlsoap.org/soap/actor/next',
  `${envelopes['1.2']}/role/next`,
  `${envelopes['1.2']}/role/ultimateReceiver`,
])

/** A header block for us that must be understood changes what the Body means; we understand none. */
function refuseMandatory(block: XmlElement, namespace: string): void {
  const named = (local: string) => block.attributes.get(`{${namespace}}${local}`)?.trim()
  if (!forUs.has(named(namespace === envelopes['1.1'] ? 'actor' : 'role') ?? '')) return
  const must = named('mustUnderstand')
  if (must === '1' || must === 'true') throw odd('Envelope.Header', 'holds a block that must be understood')
}

/** Children of a 1.1 fault have no namespace; some services give them the envelope's. */
function faultOf11(fault: XmlElement): SoapFault {
  const child = (local: string) => fault.children.find((one) => one.local === local)
  const code = localOf(child('faultcode')?.text)
  if (code === '') throw odd('Envelope.Body.Fault', 'has no faultcode')
  return {
    codes: generalised(code),
    reason: child('faultstring')?.text.trim() ?? '',
    detail: child('detail')?.children ?? [],
  }
}

function faultOf12(fault: XmlElement, namespace: string): SoapFault {
  const child = (node: XmlElement | undefined, local: string) =>
    node?.children.find((one) => one.local === local && one.namespace === namespace)
  const codes: string[] = []
  for (let code = child(fault, 'Code'); code; code = child(code, 'Subcode'))
    codes.push(localOf(child(code, 'Value')?.text))
  if (!codes[0]) throw odd('Envelope.Body.Fault', 'has no Code')
  const reason = child(child(fault, 'Reason'), 'Text')?.text.trim() ?? ''
  return { codes, reason, detail: child(fault, 'Detail')?.children ?? [] }
}

/** A code with dots is a kind of what stands before them (SOAP 1.1, 4.4.1): `A.B.C` → `A`, `A.B`, `A.B.C`. */
function generalised(code: string): readonly string[] {
  const steps = code.split('.')
  return steps.map((_, index) => steps.slice(0, index + 1).join('.'))
}

/** `soap:Server` → `Server`. */
function localOf(code: string | undefined): string {
  const text = code?.trim() ?? ''
  return text.slice(text.indexOf(':') + 1)
}

function odd(path: string, problem: string) {
  return failure('SOAP_REPLY_INVALID', { path, problem })
}
