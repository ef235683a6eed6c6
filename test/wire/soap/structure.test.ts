// Types that build on others: bases, xs:all, choices, substitution, recursion. What is not read is refused, and blames no neighbour.

import { describe, expect, test } from '@jest/globals'
import { schemaCheck } from '../../../src/operation/schema-mistakes.ts'
import { soapWires } from '../../../src/wire/soap-wire.ts'
import { answering, anyAnswer, asking, binding, read, refusal, schemaOf, wireFor, written, wsdlOf } from './service.ts'

const text = (name: string, more = '') => `<x:element name="${name}" type="x:string"${more}/>`
const extension = (base: string, inner = '') =>
  `<x:complexContent><x:extension base="t:${base}">${inner}</x:extension></x:complexContent>`

describe('xs:all', () => {
  const base = `<x:complexType name="Base"><x:all>${text('a')}${text('b')}</x:all></x:complexType>`
  test('of a base stays: any order', () => {
    const wire = answering(extension('Base', '<x:attribute name="v" type="x:string"/>'), base)
    expect(read(wire, '<b>2</b><a>1</a>', 'v="3"')).toEqual({ v: '3', a: '1', b: '2' })
    expect(read(wire, '<a>1</a><b>2</b>')).toEqual({ a: '1', b: '2' })
    expect(refusal(() => read(wire, '<b>2</b>'))).toBe('the SOAP reply lacks a')
  })
  test('with more elements behind it is none (XSD Part 1, 3.8.6)', () => {
    expect(refusal(() => answering(extension('Base', `<x:sequence>${text('c')}</x:sequence>`), base))).toBe(
      'Answer in the WSDL uses an xs:all that is extended, which is not supported',
    )
  })
  test('a sequence on an empty base is a sequence', () => {
    const empty = '<x:complexType name="Base"><x:all/></x:complexType>'
    const wire = answering(extension('Base', `<x:sequence>${text('a')}${text('b')}</x:sequence>`), empty)
    expect(refusal(() => read(wire, '<b>2</b><a>1</a>'))).toContain('out of order')
  })
})

describe('a choice of lists', () => {
  const choice = (more: string) =>
    `<x:choice ${more}>${text('error', ' maxOccurs="3"')}${text('list', ' maxOccurs="unbounded"')}</x:choice>`
  test.each([
    ['', {}],
    ['<error>a</error><error>b</error>', { error: ['a', 'b'] }],
    ['<list>a</list>', { list: ['a'] }],
  ])('%s fits its own schema', (inner, expected) => {
    const wire = answering(choice('minOccurs="0"'))
    const body = read(wire, inner)
    expect(body).toEqual(expected)
    expect(schemaCheck(wire.replySchema)(body)).toEqual([])
  })
  test.each([
    ['', 'Answer in the WSDL uses an xs:choice of nothing, which is not supported'],
    ['minOccurs="0"', 'no failure: {}'],
  ])('of nothing, %j', (counts, expected) => {
    expect(refusal(() => read(answering(`<x:choice ${counts}/>`), ''))).toBe(expected)
  })
  test('an alternative that may never stand is none', () => {
    const wire = answering(`<x:choice>${text('gone', ' minOccurs="0" maxOccurs="0"')}${text('a')}</x:choice>`)
    expect(read(wire, '<a>x</a>')).toEqual({ a: 'x' })
    expect(refusal(() => read(wire, ''))).toBe('the SOAP reply lacks a')
  })
  test('one of them must stand', () => {
    expect(refusal(() => read(answering(choice('')), ''))).toBe('the SOAP reply lacks error or list')
  })
  test.each([
    ['that may be empty is there always', ' minOccurs="0" maxOccurs="9"', { list: [] }],
    ['of at least one is not there', ' maxOccurs="9"', {}],
  ])('a list alone %s', (_, counts, expected) => {
    const wire = answering(`<x:choice minOccurs="0">${text('list', counts)}</x:choice>`)
    expect(read(wire, '')).toEqual(expected)
    expect(schemaCheck(wire.replySchema)(expected)).toEqual([])
  })
})

describe('abstract types', () => {
  const base = `<x:complexType name="Base" abstract="true"><x:sequence>${text('requestId')}</x:sequence></x:complexType>`
  test('are bases', () => {
    const wire = asking(extension('Base', `<x:sequence>${text('account')}</x:sequence>`), base)
    expect(written(wire, { requestId: '1', account: 'A' })).toBe(
      '<Ask xmlns="urn:t"><requestId>1</requestId><account>A</account></Ask>',
    )
  })
  test('are no types of elements', () => {
    const element = '<x:sequence><x:element name="a" type="t:Base"/></x:sequence>'
    expect(refusal(() => asking(element, base))).toBe('Ask.a in the WSDL uses an abstract type, which is not supported')
  })
})

describe('substitution', () => {
  const type = `<x:complexType name="An"><x:sequence>${text('sp')}</x:sequence></x:complexType>`
  const head = (more = '') => `<x:element name="Animal" type="t:An"${more}/>`
  const dog = '<x:element name="Dog" substitutionGroup="t:Animal"/>'
  const refers = (name: string) => `<x:sequence><x:element ref="t:${name}"/></x:sequence>`

  test.each([
    ['an abstract element', head(' abstract="true"'), 'an abstract element'],
    ['an element in whose place others stand', head() + dog, 'a substitution group'],
  ])('%s is refused', (_, more, construct) => {
    expect(refusal(() => asking(refers('Animal'), type + more))).toBe(
      `Ask.Animal in the WSDL uses ${construct}, which is not supported`,
    )
  })
  test.each([
    ['that nobody stands for', head(), 'Animal'],
    ['that blocks it', head(' block="extension substitution"') + dog, 'Animal'],
    ['of the group, by its own name, with the type of its head', head(' abstract="true"') + dog, 'Dog'],
  ])('an element %s is an element', (_, more, name) => {
    const wire = asking(refers(name), type + more)
    expect(written(wire, { [name]: { sp: 'q' } })).toBe(`<Ask xmlns="urn:t"><${name}><sp>q</sp></${name}></Ask>`)
  })
})

describe('recursion ends', () => {
  test.each([
    [
      'by ref',
      '<x:sequence><x:element ref="t:Node"/></x:sequence>',
      '<x:element name="Node"><x:complexType><x:sequence><x:element ref="t:Node" minOccurs="0"/></x:sequence></x:complexType></x:element>',
      'Ask.Node in the WSDL uses an element that contains itself, which is not supported',
    ],
    [
      'by ref through another',
      '<x:sequence><x:element ref="t:A"/></x:sequence>',
      '<x:element name="A"><x:complexType><x:sequence><x:element ref="t:B" minOccurs="0"/></x:sequence></x:complexType></x:element><x:element name="B"><x:complexType><x:sequence><x:element ref="t:A" minOccurs="0"/></x:sequence></x:complexType></x:element>',
      'Ask.A.B in the WSDL uses an element that contains itself, which is not supported',
    ],
    [
      'by type',
      '<x:sequence><x:element name="n" type="t:N"/></x:sequence>',
      '<x:complexType name="N"><x:sequence><x:element name="m" type="t:N" minOccurs="0"/></x:sequence></x:complexType>',
      'Ask.n.m in the WSDL uses a type that contains itself, which is not supported',
    ],
    [
      'of bases',
      '<x:sequence><x:element name="n" type="t:N"/></x:sequence>',
      `<x:complexType name="N">${extension('N')}</x:complexType>`,
      'Ask.n in the WSDL uses a type that contains itself, which is not supported',
    ],
    [
      'of simple types',
      '<x:sequence><x:element name="n" type="t:N"/></x:sequence>',
      '<x:simpleType name="N"><x:restriction base="t:N"/></x:simpleType>',
      'Ask.n in the WSDL uses a type that contains itself, which is not supported',
    ],
    [
      'of substitution groups',
      '<x:sequence><x:element ref="t:N"/></x:sequence>',
      '<x:element name="N" substitutionGroup="t:M" block="#all"/><x:element name="M" substitutionGroup="t:N"/>',
      'Ask.N in the WSDL uses a substitution group of itself, which is not supported',
    ],
  ])('%s', (_, content, more, expected) => {
    expect(refusal(() => asking(content, more))).toBe(expected)
  })
})

test('a type that was refused does not blame the next one that uses it, or what stands beside it', () => {
  const bad = '<x:complexType name="Bad"><x:sequence><x:any/></x:sequence></x:complexType>'
  const uses = (name: string) =>
    `<x:element name="${name}"><x:complexType><x:sequence><x:element name="b" type="t:Bad"/></x:sequence></x:complexType></x:element>`
  const schemas = schemaOf(bad + uses('Ask') + anyAnswer)
  const wireOf = soapWires(wsdlOf({ schemas, bindings: binding() }))
  const asked = () => wireOf({ kind: 'soap', operation: 'Ask', effect: 'read', deadlineMs: 1 })
  const expected = 'Ask.b in the WSDL uses xs:any, which is not supported'
  expect([refusal(asked), refusal(asked)]).toEqual([expected, expected])
})

test.each([
  ['mixed content', '<x:complexContent mixed="true"><x:extension base="t:B"/></x:complexContent>', 'mixed content'],
  ['a facet of XSD 1.1', '', 'the facet xs:assertion'],
])('%s is told, not passed over', (_, content, construct) => {
  const base = '<x:complexType name="B"/>'
  const asserted =
    '<x:sequence><x:element name="n"><x:simpleType><x:restriction base="x:int"><x:assertion test="1"/></x:restriction></x:simpleType></x:element></x:sequence>'
  expect(refusal(() => asking(content || asserted, base))).toBe(
    `Ask${content ? '' : '.n'} in the WSDL uses ${construct}, which is not supported`,
  )
})

test('counts and truths may have blanks around them', () => {
  const wire = wireFor(
    `<x:element name="Ask"><x:complexType><x:sequence>${text('a', ' minOccurs=" 0 " maxOccurs=" 2 " nillable=" 1 "')}</x:sequence></x:complexType></x:element>${anyAnswer}`,
  )
  expect(written(wire, { a: ['x'] })).toBe('<Ask xmlns="urn:t"><a>x</a></Ask>')
})
