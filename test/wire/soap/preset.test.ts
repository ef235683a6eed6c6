// `default` and `fixed` (XSD Part 1, 3.2.4 and 3.3.4): an absent attribute and an empty element have their default, a fixed value is the only one.

import { describe, expect, test } from '@jest/globals'
import { schemaCheck } from '../../../src/operation/schema-mistakes.ts'
import { answering, asking, read, refusal, written } from './service.ts'

const content = `<x:sequence>
  <x:element name="kind" type="x:string" fixed="X1"/>
  <x:element name="rate" type="x:decimal" default="7.5" minOccurs="0"/>
  <x:element name="note" type="x:string" default="none" minOccurs="0"/>
  <x:element name="sum" minOccurs="0" default="0.00"><x:complexType><x:simpleContent><x:extension base="x:decimal"><x:attribute name="cur" type="x:string" default="EUR"/></x:extension></x:simpleContent></x:complexType></x:element>
  <x:element name="at" type="x:dateTime" fixed="2026-01-01T12:00:00Z" minOccurs="0"/>
</x:sequence>
<x:attribute name="ver" type="x:decimal" use="required" fixed="10.0"/>
<x:attribute name="lang" type="x:token" default=" en "/>
<x:attribute name="unit" type="x:token" fixed="EUR"/>`
const asked = asking(content)
const answered = answering(content)

describe('request', () => {
  test.each([
    ['fixed values that must stand are written', {}, '<Ask xmlns="urn:t" ver="10.0"><kind>X1</kind></Ask>'],
    ['or given', { ver: '10', kind: 'X1' }, '<Ask xmlns="urn:t" ver="10"><kind>X1</kind></Ask>'],
    [
      'an optional one only where it is given',
      { unit: 'EUR', at: '2026-01-01T13:00:00+01:00' },
      '<Ask xmlns="urn:t" ver="10.0" unit="EUR"><kind>X1</kind><at>2026-01-01T13:00:00+01:00</at></Ask>',
    ],
  ])('%s', (_, request, expected) => {
    expect(written(asked, request)).toBe(expected)
  })

  test.each([
    [{ kind: 'OTHER' }, 'kind must be X1'],
    [{ ver: '9' }, 'ver must be 10.0'],
    [{ unit: 'USD' }, 'unit must be EUR'],
    [{ at: '2026-01-01T12:00:00' }, 'at must be 2026-01-01T12:00:00Z'],
    // The service would read its default instead.
    [{ note: '' }, 'note must not be empty: that stands for its default'],
  ])('%j is refused', (request, expected) => {
    expect(refusal(() => written(asked, request))).toBe(expected)
  })

  test('the schema asks for nothing that has but one value', () => {
    const { required, properties } = asked.requestSchema
    expect(required).toEqual([])
    expect(properties).toMatchObject({ ver: { const: '10.0' }, lang: { default: 'en' }, kind: { const: 'X1' } })
  })
})

describe('reply', () => {
  const whole = { ver: '10.0', lang: 'en', unit: 'EUR', kind: 'X1' }
  test.each([
    ['absent attributes', 'ver="10"', '<kind>X1</kind>', whole],
    ['empty elements', 'ver="10.00"', '<kind/><rate/><note></note>', { ...whole, rate: '7.5', note: 'none' }],
    ['with attributes', 'ver="10"', '<kind/><sum/>', { ...whole, sum: { cur: 'EUR', value: '0.00' } }],
    ['others than the default', 'ver="10" lang="de"', '<kind/><rate>1</rate>', { ...whole, lang: 'de', rate: '1' }],
    ['a blank is no empty element', 'ver="10"', '<kind/><note> </note>', { ...whole, note: ' ' }],
    [
      'one value, written in two ways',
      'ver="10"',
      '<kind/><at>2026-01-01T13:00:00+01:00</at>',
      { ...whole, at: '2026-01-01T12:00:00Z' },
    ],
  ])('%s', (_, attributes, inner, expected) => {
    const body = read(answered, inner, attributes)
    expect(body).toEqual(expected)
    expect(schemaCheck(answered.replySchema)(body)).toEqual([])
  })

  test.each([
    ['ver="9"', '<kind/>', 'ver of the SOAP reply is not 10.0'],
    ['', '<kind/>', 'ver of the SOAP reply is missing'],
    ['ver="10"', '<kind>X2</kind>', 'kind of the SOAP reply is not X1'],
    ['ver="10"', '<kind/><rate> </rate>', 'rate of the SOAP reply is not a decimal number'],
  ])('%s %s is refused', (attributes, inner, expected) => {
    expect(refusal(() => read(answered, inner, attributes))).toBe(expected)
  })
})

test.each([
  ['a default that its type does not allow', '<x:element name="n" type="x:decimal" default="seven"/>'],
  ['a default of elements', '<x:element name="n" default="x"><x:complexType><x:sequence/></x:complexType></x:element>'],
])('%s is told', (_, element) => {
  expect(refusal(() => asking(`<x:sequence>${element}</x:sequence>`))).toBe(
    'Ask.n in the WSDL has a default or fixed value that its type does not allow',
  )
})
