// Two things under one JSON name would lose one of them: they are refused before anything is sent, with the path.

import { describe, expect, test } from '@jest/globals'
import { answering, anyAnswer, asking, read, refusal, wireFor, wireOfWsdl, written } from './service.ts'

const text = (name: string, more = '') => `<x:element name="${name}" type="x:string"${more}/>`
const base = `<x:complexType name="Base"><x:sequence>${text('id')}${text('b')}</x:sequence><x:attribute name="at" type="x:string"/></x:complexType>`
const extended = (content: string) =>
  `<x:complexContent><x:extension base="t:Base">${content}</x:extension></x:complexContent>`
const money = (attribute: string) =>
  `<x:sequence><x:element name="m"><x:complexType><x:simpleContent><x:extension base="x:decimal"><x:attribute name="${attribute}" type="x:string"/></x:extension></x:simpleContent></x:complexType></x:element></x:sequence>`
const twins = 'one name for two elements or attributes, which is not supported'

describe('two things under one JSON name', () => {
  test.each([
    ['an element of the base', extended(`<x:sequence>${text('id')}</x:sequence>`), `Ask.id in the WSDL uses ${twins}`],
    [
      'an element and an attribute of the base',
      extended(`<x:sequence>${text('at')}</x:sequence>`),
      `Ask.at in the WSDL uses ${twins}`,
    ],
    [
      'an attribute and an element of the base',
      extended('<x:attribute name="b" type="x:string"/>'),
      `Ask.b in the WSDL uses ${twins}`,
    ],
    [
      'an attribute and an element',
      `<x:sequence>${text('a')}</x:sequence><x:attribute name="a" type="x:string"/>`,
      `Ask.a in the WSDL uses ${twins}`,
    ],
    [
      'an element twice',
      `<x:sequence>${text('a')}${text('c')}${text('a')}</x:sequence>`,
      `Ask.a in the WSDL uses ${twins}`,
    ],
    [
      'two namespaces',
      `<x:sequence>${text('a')}${text('a', ' form="unqualified"')}</x:sequence>`,
      `Ask.a in the WSDL uses ${twins}`,
    ],
    [
      'in a choice and beside it',
      `<x:sequence>${text('a')}<x:choice>${text('a')}${text('c')}</x:choice></x:sequence>`,
      `Ask.a in the WSDL uses ${twins}`,
    ],
    [
      'text and an attribute that is named as we name text',
      money('value'),
      'Ask.m.value in the WSDL uses an attribute of the name that stands for text, which is not supported',
    ],
    [
      'a name that sets the prototype',
      `<x:sequence>${text('__proto__')}</x:sequence>`,
      'Ask.__proto__ in the WSDL uses a name that JavaScript keeps for itself, which is not supported',
    ],
  ])('%s', (_, content, expected) => {
    expect(refusal(() => asking(content, base))).toBe(expected)
  })

  test('names of Object are names as any other', () => {
    const content = `<x:sequence>${text('constructor')}${text('toString')}</x:sequence><x:attribute name="hasOwnProperty" type="x:string"/>`
    const body = { hasOwnProperty: 'h', constructor: 'c', toString: 't' }
    expect(written(asking(content), body)).toBe(
      '<Ask xmlns="urn:t" hasOwnProperty="h"><constructor>c</constructor><toString>t</toString></Ask>',
    )
    expect(
      read(answering(content), '<constructor>c</constructor><toString>t</toString>', 'hasOwnProperty="h"'),
    ).toEqual(body)
  })

  test('text and another attribute are kept apart', () => {
    expect(read(answering(money('currency')), '<m currency="EUR">12.50</m>')).toEqual({
      m: { currency: 'EUR', value: '12.50' },
    })
  })

  test('two faults of one name', () => {
    const other = '<x:schema targetNamespace="urn:u"><x:element name="No" type="x:string"/></x:schema>'
    const own =
      '<x:schema xmlns:t="urn:t" targetNamespace="urn:t"><x:element name="No" type="x:string"/><x:element name="Ask"><x:complexType/></x:element><x:element name="Answer"><x:complexType/></x:element></x:schema>'
    const messages =
      '<w:message name="N1"><w:part name="p" element="t:No"/></w:message><w:message name="N2"><w:part name="p" element="u:No" xmlns:u="urn:u"/></w:message>'
    const faults = '<w:fault name="a" message="d:N1"/><w:fault name="b" message="d:N2"/>'
    expect(refusal(() => wireOfWsdl({ schemas: own + other, messages, faults }))).toBe(
      'Ask in the WSDL uses one name for two faults, which is not supported',
    )
  })

  test('one name defined twice: the same is taken once, another is refused', () => {
    const ask =
      '<x:element name="Ask"><x:complexType><x:sequence><x:element name="a" type="t:A"/></x:sequence></x:complexType></x:element>'
    const type = (most: number) =>
      `<x:simpleType name="A"><x:restriction base="x:string"><x:maxLength value="${most}"/></x:restriction></x:simpleType>`
    expect(written(wireFor(ask + anyAnswer + type(1) + type(1)), { a: 'b' })).toBe('<Ask xmlns="urn:t"><a>b</a></Ask>')
    expect(refusal(() => wireFor(ask + anyAnswer + type(1) + type(2)))).toBe(
      'A in the WSDL is defined twice as simpleType, and differently',
    )
  })
})

test('attributes of a namespace stand under a prefix each', () => {
  const content =
    '<x:attribute name="one" type="x:string" form="qualified"/><x:attribute name="two" type="x:string" form="qualified"/><x:attribute name="three" type="x:string"/>'
  expect(written(asking(content), { one: '1', two: '2', three: '3' })).toBe(
    '<Ask xmlns="urn:t" xmlns:a0="urn:t" a0:one="1" xmlns:a1="urn:t" a1:two="2" three="3"></Ask>',
  )
  expect(read(answering(content), '', 't:one="1" t:two="2" three="3"')).toEqual({ one: '1', two: '2', three: '3' })
  expect(refusal(() => read(answering(content), '', 't:four="4"'))).toBe(
    'the SOAP reply has an attribute that is not known',
  )
})

test('null has no room for attributes', () => {
  const content =
    '<x:sequence><x:element name="m" nillable="true"><x:complexType><x:attribute name="amount" type="x:decimal"/></x:complexType></x:element></x:sequence>'
  const nil = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"'
  expect(read(answering(content), `<m ${nil}/>`)).toEqual({ m: null })
  expect(refusal(() => read(answering(content), `<m ${nil} amount="1.50"/>`))).toBe(
    'm of the SOAP reply is nil and has attributes',
  )
})
