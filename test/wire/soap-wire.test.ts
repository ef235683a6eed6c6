// Wires from a WSDL: schemas, names, routes; and WSDLs that cannot be used. Requests and replies: soap/.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { customers } from '../../adapters/customers.ts'
import type { JsonObject } from '../../src/contract/json.ts'
import { soapWires } from '../../src/wire/soap-wire.ts'
import { bytes, document, messageOf, minimal, post, posted, wireOf } from './soap/ledger.ts'

const wire = wireOf(post)

describe('schemas and names', () => {
  test('JSON Schemas of request and reply, our reference left out', () => {
    const { properties, required } = wire.requestSchema as { properties: JsonObject; required: string[] }
    expect(Object.keys(properties)).toEqual([
      'debtor',
      'bank',
      'total',
      'Line',
      'tag',
      'urgent',
      'on',
      'comment',
      'email',
      'phone',
    ])
    expect(required).toEqual(['debtor', 'total', 'Line', 'urgent', 'on'])
    expect(properties.total).toMatchObject({
      properties: {
        currency: { type: 'string', enum: ['EUR', 'GBP'] },
        value: { type: 'string', pattern: '^-?(?:0|[1-9][0-9]{0,10})(?:\\.[0-9]{1,2})?$' },
      },
      required: ['currency', 'value'],
      additionalProperties: false,
    })
    expect(properties.comment).toEqual({ anyOf: [{ type: 'string' }, { type: 'null' }] })
    const reply = wire.replySchema as { properties: JsonObject; required: string[] }
    expect(reply.required).toEqual(['status', 'number', 'balance', 'line'])
    expect(reply.properties.tries).toEqual({ type: 'integer', minimum: -2147483648, maximum: 2147483647 })
  })

  test('values by name, further inside too', () => {
    const { body } = wire.read(posted(`${minimal}<tries>3</tries><any><b>2</b></any>`))
    expect(
      ['tries', 'any/b', 'any', 'line', 'nothing', 'any/b/c', 'constructor'].map((name) =>
        wire.valueOf('reply', body, name),
      ),
    ).toEqual(['3', '2', ...Array(5).fill(undefined)])
    expect(wire.bodyOf('reply', { number: '5', tries: '3', ok: 'true', 'any/b': 'x', nothing: 'y' })).toEqual({
      number: '5',
      tries: 3,
      ok: true,
      any: { b: 'x' },
    })
  })

  test('the route of SOAP 1.2 and 1.1', () => {
    expect(wire.route).toEqual({
      path: '/ws/ledger?v=2',
      secure: true,
      headers: { 'content-type': 'application/soap+xml; charset=utf-8; action="urn:post"' },
      accept: 'application/soap+xml',
    })
    const other = document('ledger.wsdl').replace('wsdl/soap12/', 'wsdl/soap/')
    expect(soapWires(other, document)(post).route).toEqual({
      path: '/ws/ledger?v=2',
      secure: true,
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '"urn:post"' },
      accept: 'text/xml',
    })
  })
})

describe('an echo', () => {
  const raise = customers.definition.transactions.raiseCreditLimit
  const echoing = soapWires(readFileSync('adapters/customers.wsdl', 'utf8'))(raise)
  const asked = { customerNumber: '00010001', raiseBy: '1.50', currency: 'EUR' }
  const sent = echoing.encode(asked, { requestReference: 'REF1' })
  const reply = (customer: string, by: string) =>
    bytes(
      `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><RaiseCreditLimitResponse xmlns="http://bank.example/customers/v1"><customerNumber>${customer}</customerNumber><raisedBy>${by}</raisedBy><decisionNumber>1</decisionNumber><previousLimit>0.00</previousLimit><creditLimit>1.50</creditLimit></RaiseCreditLimitResponse></e:Body></e:Envelope>`,
    )
  test.each([
    ['as it was sent', '00010001', '1.50', undefined],
    ['the same amount, written otherwise', '00010001', '1.5', undefined],
    ['another customer', '00010002', '1.50', ['customerNumber']],
    ['another amount', '00010001', '1.05', ['raisedBy']],
    ['nothing of it', '00010002', '0.00', ['customerNumber', 'raisedBy']],
  ])('%s', (_, customer, by, expected) => {
    expect(echoing.read(reply(customer, by), sent).unechoed).toEqual(expected)
    expect(echoing.read(reply(customer, by)).unechoed).toBeUndefined()
  })

  test('what an element is', () => {
    const types = ['raiseBy', 'customerNumber', 'requestReference', 'nothing'].map((name) =>
      echoing.typeOf('request', name),
    )
    expect(types).toEqual(['number', 'text', 'text', undefined])
    expect(wire.typeOf('request', 'debtor')).toBeUndefined()
  })
})

describe('WSDLs that cannot be used are told, by name', () => {
  const one = { kind: 'soap', effect: 'read', deadlineMs: 1 } as const
  test.each([
    [
      'an operation that is not there',
      'Nope',
      'SOAP_WSDL_INVALID: Nope in the WSDL is no operation of its SOAP binding',
    ],
    [
      'a message without elements',
      'Bare',
      'SOAP_WSDL_UNSUPPORTED: Amount in the WSDL uses a message without elements, which is not supported',
    ],
    [
      'a type that contains itself',
      'Loop',
      'SOAP_WSDL_UNSUPPORTED: Loop.again in the WSDL uses a type that contains itself, which is not supported',
    ],
    [
      'a part with a type',
      'Typed',
      'SOAP_WSDL_UNSUPPORTED: Typed in the WSDL uses a message that is not one element, which is not supported',
    ],
    ['one way', 'Notify', 'SOAP_WSDL_UNSUPPORTED: Notify in the WSDL uses one way, which is not supported'],
    ['rpc', 'Rpc', 'SOAP_WSDL_UNSUPPORTED: Rpc in the WSDL uses style rpc, which is not supported'],
    ['a header', 'Headed', 'SOAP_WSDL_UNSUPPORTED: Headed in the WSDL uses a SOAP header, which is not supported'],
  ])('%s', (_, operation, expected) => {
    expect(messageOf(() => wireOf({ ...one, operation }))).toBe(expected)
  })

  test.each([
    ['no WSDL', '<a/>', 'SOAP_WSDL_INVALID: the root in the WSDL is no WSDL 1.1 definitions'],
    ['no XML', 'WSDL', 'XML_REFUSED: the XML is refused: it is not well-formed'],
    [
      'a DOCTYPE',
      '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
      'XML_REFUSED: the XML is refused: it holds a DOCTYPE',
    ],
  ])('%s', (_, wsdl, expected) => {
    expect(messageOf(() => soapWires(wsdl))).toBe(expected)
  })

  test('an import that is not beside it is never fetched', () => {
    expect(messageOf(() => soapWires(document('ledger.wsdl')))).toBe(
      'SOAP_WSDL_INVALID: ledger.xsd in the WSDL is imported and not there',
    )
  })

  test.each([
    [
      'reference',
      { ...post, reference: 'ref' },
      'ref in the WSDL is named by the adapter and is no simple element of Post',
    ],
    [
      'outcome',
      { ...post, outcome: { field: 'state', verdicts: {} } },
      'state in the WSDL is named by the adapter and is no simple element of Posted',
    ],
    [
      'echo',
      { ...post, echoes: ['reference'] },
      'reference in the WSDL is named by the adapter and is no simple element of Posted',
    ],
    [
      'field that is echoed',
      { ...post, echoes: { number: 'debtor/ids' } },
      'debtor/ids in the WSDL is named by the adapter and is no simple element of Post',
    ],
  ])('a %s that the message does not have', (_, transaction, expected) => {
    expect(messageOf(() => wireOf(transaction))).toBe(`SOAP_WSDL_INVALID: ${expected}`)
  })
})
