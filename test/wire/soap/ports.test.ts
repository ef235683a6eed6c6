// Which port an operation goes to, with which path, and where what a WSDL takes in is looked for.

import { describe, expect, test } from '@jest/globals'
import { relativeTo } from '../../../src/wire/soap/documents.ts'
import { anyAnswer, anyAsk, binding, port, refusal, schemaOf, wireOfWsdl, written, wsdlOf } from './service.ts'

/** A placeholder of Ant and Maven. */
const unset = (name: string) => `$\{${name}}`
const JMS = 'http://www.w3.org/2010/soapjms/'
const routeOf = (parts: Parameters<typeof wireOfWsdl>[0], path?: string) => {
  const { route } = wireOfWsdl(parts, {}, {}, path)
  return `${route?.secure ? 'https' : 'http'} ${route?.path} ${route?.headers.soapaction}`
}

describe('the port', () => {
  test.each([
    ['the second, where the operation is', [binding('A', undefined, 'Other'), binding()], ['http://a/a', 'http://b/b']],
    ['the first of two', [binding('B'), binding('A')], ['http://b/b', 'http://a/a']],
    ['JMS first, by its transport', [binding('A', JMS), binding()], ['http://a/a', 'http://b/b']],
    ['JMS first, by its address', [binding('A'), binding()], ['jms:jndi:queue', 'http://b/b']],
  ])('%s', (_, bindings, addresses) => {
    const names = bindings.map((one) => /name="(.)"/.exec(one)?.[1] ?? '')
    const ports = addresses.map((address, index) => port(address, names[index])).join('')
    expect(routeOf({ bindings: bindings.join(''), ports })).toBe('http /b "urn:B"')
  })

  test.each([
    [
      'no port with the operation',
      { bindings: binding('B', undefined, 'Other') },
      'Ask in the WSDL is no operation of its SOAP binding',
    ],
    ['JMS alone', { bindings: binding('B', JMS) }, 'no service in the WSDL has a port with SOAP over HTTP'],
    [
      'an operation twice',
      { bindings: binding().replace(/(<w:operation.*<\/w:operation>)/, '$1$1') },
      'Ask in the WSDL uses one name for two operations, which is not supported',
    ],
  ])('%s', (_, parts, expected) => {
    expect(refusal(() => routeOf(parts))).toBe(expected)
  })
})

describe('the path of an address', () => {
  test.each([
    ['http://svc.example/ws/q?v=2', 'http /ws/q?v=2'],
    ['https://svc.example:8443/ws', 'https /ws'],
    ['HTTPS://svc.example/ws', 'https /ws'],
    ['http://svc.example', 'http /'],
    ['http://my-server:my-port/bank/acctinq', 'http /bank/acctinq'],
    [`https://${unset('host')}:${unset('port')}/bank`, 'https /bank'],
    ['/bank/acctinq', 'http /bank/acctinq'],
    ['http://svc.example/kunden/ä', 'http /kunden/%C3%A4'],
  ])('%s', (address, expected) => {
    expect(routeOf({ ports: port(address) })).toBe(`${expected} "urn:B"`)
  })

  test.each(['', 'REPLACE_WITH_ACTUAL_URL', `http://svc.example/${unset('context')}/ws`, '//svc.example/ws'])(
    '%j has none, and one can be given',
    (address) => {
      const parts = { ports: port(address) }
      expect(refusal(() => routeOf(parts))).toBe(
        "BPort in the WSDL has an address without a path; say it as path of the back end: soap({ …, path: '/…' })",
      )
      expect(routeOf(parts, '/ws?x=1')).toBe('http /ws?x=1 "urn:B"')
    },
  )

  test('what is given goes before what the WSDL has', () => {
    expect(routeOf({ ports: port('https://svc.example/old') }, '/new')).toBe('https /new "urn:B"')
  })
})

describe('imports', () => {
  test.each([
    ['', 'a.xsd', 'a.xsd'],
    ['', './a.xsd', 'a.xsd'],
    ['', 'schemas/a.xsd', 'schemas/a.xsd'],
    ['schemas/a.xsd', 'b.xsd', 'schemas/b.xsd'],
    ['schemas/a.xsd', '../common/b.xsd', 'common/b.xsd'],
    ['schemas/a.xsd', '../../b.xsd', '../b.xsd'],
    ['../x/a.xsd', '../b.xsd', '../b.xsd'],
    ['', 'my%20schema.xsd#x', 'my schema.xsd'],
    ['', 'bad%escape.xsd', 'bad%escape.xsd'],
    ['a.xsd', 'http://svc.example/b.xsd', 'http://svc.example/b.xsd'],
  ])('from %j, %s is %s', (from, location, expected) => {
    expect(relativeTo(from, location)).toBe(expected)
  })

  const imported = (location: string, namespace = 'urn:t') =>
    `<x:schema><x:import namespace="${namespace}" schemaLocation="${location}"/></x:schema>`
  const ask =
    '<x:element name="Ask"><x:complexType><x:sequence><x:element name="id" type="t:Id"/></x:sequence></x:complexType></x:element>'
  const id =
    '<x:simpleType name="Id"><x:restriction base="x:string"><x:maxLength value="3"/></x:restriction></x:simpleType>'
  const include = (location: string) => `<x:include schemaLocation="${location}"/>`

  test.each([
    [
      'in a subfolder, from there beside it',
      { schemas: imported('schemas/X1.xsd') },
      { 'schemas/X1.xsd': schemaOf(include('X2.xsd') + ask + anyAnswer), 'schemas/X2.xsd': schemaOf(id) },
    ],
    [
      'above, and in a circle',
      { schemas: imported('../common/X1.xsd') },
      {
        '../common/X1.xsd': schemaOf(include('types/X2.xsd') + ask + anyAnswer),
        '../common/types/X2.xsd': schemaOf(include('../X1.xsd') + id),
      },
    ],
    [
      'a WSDL within a WSDL within a WSDL',
      { schemas: '', imports: '<w:import namespace="urn:d" location="a/one.wsdl"/>' },
      {
        'a/one.wsdl': wsdlOf({ schemas: '', imports: '<w:import namespace="urn:d" location="two.wsdl"/>', ports: '' }),
        'a/two.wsdl': wsdlOf({
          schemas: schemaOf(ask + anyAnswer + id),
          imports: '<w:import namespace="urn:d" location="one.wsdl"/>',
          ports: '',
        }),
      },
    ],
    [
      'a schema imported as if it were a WSDL',
      { schemas: '', imports: '<w:import namespace="urn:t" location="a.xsd"/>' },
      { 'a.xsd': schemaOf(ask + anyAnswer + id) },
    ],
  ])('%s', (_, parts, files) => {
    expect(written(wireOfWsdl(parts, files), { id: 'abc' })).toBe('<Ask xmlns="urn:t"><id>abc</id></Ask>')
  })

  test.each([
    [
      'that is not there',
      { schemas: imported('schemas/X1.xsd') },
      'schemas/X1.xsd in the WSDL is imported and not there',
    ],
    [
      'that is redefined',
      { schemas: schemaOf(`<x:redefine schemaLocation="a.xsd"/>${anyAsk}${anyAnswer}`) },
      'a.xsd in the WSDL uses xs:redefine, which is not supported',
    ],
  ])('a schema %s', (_, parts, expected) => {
    expect(refusal(() => wireOfWsdl(parts))).toBe(expected)
  })
})
