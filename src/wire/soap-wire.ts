// Transactions of a SOAP service as JSON ⇄ bytes, from its WSDL. Opens nothing.
//
// Why not a SOAP library: the common one for Node turns decimals and longs into JavaScript numbers, keeps only the last
// piece of a text that a comment or CDATA section divides (1.5<!-- -->0 becomes 0), sends what the schema forbids, and
// writes some keys of a caller's JSON as raw markup. Here a value is the text that was sent, or the message is refused.

import { sameValue } from '../codec/same-value.ts'
import { echoPairs, type SoapTransaction } from '../contract/adapter.ts'
import type { Wire, WireReply } from '../contract/backend.ts'
import { isObject, type JsonObject, type JsonValue, merged, nested } from '../contract/json.ts'
import { applied, unclear, type Verdict } from '../contract/outcome.ts'
import { failure } from '../error/failure.ts'
import { readElement, writeElement } from './soap/content.ts'
import { contentSchema } from './soap/content-schema.ts'
import type { DocumentLookup } from './soap/documents.ts'
import { httpHeaders, readEnvelope, replyTypes, type SoapFault, writeEnvelope } from './soap/envelope.ts'
import { type ComplexType, type ElementDecl, elementsOf } from './soap/schema-model.ts'
import { ownJsonOf, type SimpleType } from './soap/simple-type.ts'
import { readWsdl, type SoapOperation } from './soap/wsdl.ts'
import type { XmlElement, XmlLimits } from './soap/xml.ts'

/** Longer replies are refused unread: parsing more at once would hold up every other call. */
const REPLY_MAX = 262_144
const limits: XmlLimits = { bytes: REPLY_MAX, elements: 20_000, depth: 64 }

/**
 * The wires of a service's operations. `beside` gives the documents that the WSDL imports; nothing is ever fetched. `path`: that of
 * the service, instead of the WSDL's. Throws XML_REFUSED, SOAP_WSDL_INVALID, SOAP_WSDL_UNSUPPORTED, now or for the transaction that
 * asks.
 */
export function soapWires(
  wsdl: string,
  beside?: DocumentLookup,
  path?: string,
): (transaction: SoapTransaction) => Wire {
  const operationOf = readWsdl(wsdl, { ...(beside && { beside }), ...(path !== undefined && { path }) })
  return (transaction) => soapWire(transaction, operationOf(transaction.operation))
}

function soapWire(transaction: SoapTransaction, operation: SoapOperation): Wire {
  const { reference, outcome } = transaction
  const { version, action, path, secure } = operation
  refuseFaultTwins(operation)
  const types = { request: complexType(operation.request), reply: complexType(operation.reply) }
  if (reference !== undefined) named(types.request, reference, operation.request.name)
  if (outcome) named(types.reply, outcome.field, operation.reply.name)
  const echoes = echoPairs(transaction.echoes)
  for (const [back, out] of echoes) {
    named(types.reply, back, operation.reply.name)
    named(types.request, out, operation.request.name)
  }
  const hidden = new Set(reference === undefined ? [] : [reference])
  // A caller's request is checked before it has a reference.
  const unreferenced = withoutDemand(operation.request, types.request, hidden)

  const wire: Wire = {
    target: operation.name,
    route: { path, ...(secure && { secure }), headers: httpHeaders(version, action), accept: replyTypes[version] },
    requestSchema: contentSchema({ type: types.request, preset: undefined }, 'request', hidden),
    replySchema: contentSchema({ type: types.reply, preset: undefined }, 'reply'),
    maxReplyBytes: REPLY_MAX,
    encode: (request, fields) => {
      for (const name of hidden) {
        if (Object.hasOwn(request, name)) throw failure('SOAP_VALUE_INVALID', { path: name, problem: 'is not known' })
      }
      const whole = merged(request, valuesAt(types.request, fields ?? {}))
      return writeEnvelope(version, writeElement(fields ? operation.request : unreferenced, whole, '', ''))
    },
    read: (reply, sent) => {
      const body = readEnvelope(version, reply, limits)
      if ('fault' in body) return faultReply(transaction, operation, body.fault)
      const { element } = body
      if (element.local !== operation.reply.name || element.namespace !== operation.reply.namespace) {
        throw failure('SOAP_REPLY_INVALID', { path: 'Envelope.Body', problem: `holds no ${operation.reply.name}` })
      }
      const read = readElement(operation.reply, element, '')
      if (!isObject(read)) throw failure('SOAP_REPLY_INVALID', { path: '', problem: 'is nil' })
      const astray = sent && echoes.length > 0 ? unechoed(echoes, wire, read, sentBody(version, operation, sent)) : []
      return { body: read, verdict: verdictOf(transaction, read), ...(astray.length > 0 && { unechoed: astray }) }
    },
    typeOf: (side, field) => typeOf(types[side], field),
    valueOf: (_side, body, field) => scalarAt(body, field.split('/')),
    bodyOf: (side, values) => valuesAt(types[side], values),
    faultOf: ({ fault }) => (typeof fault === 'string' ? fault : undefined),
  }
  return wire
}

/** Our own request, read back: an echo is compared with what left us. */
function sentBody(version: SoapOperation['version'], operation: SoapOperation, sent: Uint8Array): JsonObject {
  const body = readEnvelope(version, sent, { ...limits, bytes: sent.length })
  const read = 'fault' in body ? undefined : readElement(operation.request, body.element, '')
  return isObject(read) ? read : {}
}

function unechoed(
  echoes: ReturnType<typeof echoPairs>,
  wire: Wire,
  reply: JsonObject,
  request: JsonObject,
): readonly string[] {
  return echoes.flatMap(([back, out]) => {
    const asNumbers = wire.typeOf('reply', back) === 'number' || wire.typeOf('request', out) === 'number'
    return sameValue(wire.valueOf('reply', reply, back), wire.valueOf('request', request, out), asNumbers) ? [] : [back]
  })
}

/** The same element; those of these names may be missing. */
function withoutDemand(decl: ElementDecl, type: ComplexType, names: ReadonlySet<string>): ElementDecl {
  const particles = type.particles.map((particle) =>
    particle.elements.some(({ name }) => names.has(name)) ? { ...particle, required: false } : particle,
  )
  return { ...decl, type: { ...type, particles } }
}

function verdictOf({ outcome }: SoapTransaction, body: JsonObject): Verdict {
  if (!outcome) return applied
  const value = scalarAt(body, outcome.field.split('/'))
  return value !== undefined && Object.hasOwn(outcome.verdicts, value) ? (outcome.verdicts[value] ?? unclear) : unclear
}

/** The contract knows a fault by its detail's element, or else by its code, the most special first. Any other is unclear. */
function faultReply({ faults = {} }: SoapTransaction, operation: SoapOperation, fault: SoapFault): WireReply {
  const named = fault.detail.filter((element) => !isAnothers(operation, element)).map(({ local }) => local)
  const names = [...named, ...fault.codes.toReversed()]
  const name = names.find((one) => Object.hasOwn(faults, one)) ?? fault.detail[0]?.local ?? names[0] ?? ''
  const detail: Record<string, JsonValue> = {}
  for (const element of fault.detail) {
    const decl = operation.faults.find((one) => isOf(one, element))
    if (!decl) continue
    if (Object.hasOwn(detail, decl.name)) {
      throw failure('SOAP_REPLY_INVALID', { path: `Fault.${decl.name}`, problem: 'stands more than once' })
    }
    detail[decl.name] = readElement(decl, element, `Fault.${decl.name}`)
  }
  const body = { fault: name.replaceAll(/[^\w.-]/g, '?').slice(0, 60), detail }
  const verdict = names.includes(name) && Object.hasOwn(faults, name) ? faults[name] : undefined
  return { body, verdict: verdict ?? unclear }
}

const isOf = ({ name, namespace }: ElementDecl, element: XmlElement) =>
  name === element.local && namespace === element.namespace

/** An element that has the local name of a fault of the WSDL, in another namespace: it is not that fault. */
function isAnothers({ faults }: SoapOperation, element: XmlElement): boolean {
  return faults.some(({ name }) => name === element.local) && !faults.some((one) => isOf(one, element))
}

/** Two faults of one local name are one property in JSON, and one name for the contract. */
function refuseFaultTwins({ name, faults }: SoapOperation): void {
  const isTwin = (one: ElementDecl) =>
    faults.some((other) => other.name === one.name && other.namespace !== one.namespace)
  if (faults.some(isTwin) || faults.some((one) => one.name === '__proto__')) {
    throw failure('SOAP_WSDL_UNSUPPORTED', { name, construct: 'one name for two faults' })
  }
}

function complexType({ name, type }: ElementDecl): ComplexType {
  if (type.kind === 'complex' && !type.text) return type
  throw failure('SOAP_WSDL_UNSUPPORTED', { name, construct: 'a message without elements' })
}

// ---- Values by the names that the adapter uses: `requestReference`, or `header/requestReference` further inside

function named(type: ComplexType, field: string, message: string): void {
  if (!simpleAt(type, field.split('/'))) {
    throw failure('SOAP_WSDL_INVALID', {
      name: field,
      problem: `is named by the adapter and is no simple element of ${message}`,
    })
  }
}

const numeric: readonly SimpleType['lexical'][] = ['decimal', 'integer', 'float', 'double']

function typeOf(type: ComplexType, field: string): 'number' | 'text' | undefined {
  const lexical = simpleAt(type, field.split('/'))?.lexical
  if (lexical === undefined) return undefined
  return numeric.includes(lexical) ? 'number' : 'text'
}

function simpleAt(type: ComplexType, [name, ...rest]: readonly string[]): SimpleType | undefined {
  const decl = elementsOf(type).find((one) => one.name === name && one.max === 1)
  if (!decl) return undefined
  if (decl.type.kind === 'simple') return rest.length === 0 ? decl.type : undefined
  return simpleAt(decl.type, rest)
}

/** Values that do not belong to the message are left out: an inquiry may know less than the reply it stands for. */
function valuesAt(type: ComplexType, values: Readonly<Record<string, string>>): JsonObject {
  let body: JsonObject = {}
  for (const [field, value] of Object.entries(values)) {
    const steps = field.split('/')
    const simple = simpleAt(type, steps)
    if (!simple) continue
    body = merged(body, nested(steps, ownJsonOf(simple, value)))
  }
  return body
}

function scalarAt(body: JsonValue | undefined, [name, ...rest]: readonly string[]): string | undefined {
  if (name === undefined) return typeof body === 'object' || body === undefined ? undefined : String(body)
  return isObject(body) && Object.hasOwn(body, name) ? scalarAt(body[name], rest) : undefined
}
