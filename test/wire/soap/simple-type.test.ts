// Simple types against libxml2: the same texts are valid for both, type by type and facet by facet.

import { describe, expect, test } from '@jest/globals'
import { linearityMistake } from '../../../src/wire/pattern/pattern.ts'
import { builtInTypes, problemOf, simpleSchema, treatWhiteSpace } from '../../../src/wire/soap/simple-type.ts'
import { XSD } from '../../../src/wire/soap/xsd.ts'
import { fc } from '../../support/property.ts'
import { ours, schemaOf, validForLibxml2, validForUs } from './one-type.ts'

const texts = [
  '',
  ' ',
  'a',
  ' a ',
  'a b',
  'a  b',
  'a\tb',
  'Ünter',
  '0',
  '1',
  '-1',
  '+1',
  '00',
  '007',
  '-0',
  '+0',
  '1.',
  '.5',
  '-.5',
  '.',
  '+',
  '-',
  '1.50',
  '0012.50',
  '1e5',
  '1E-5',
  '1.5e10',
  'e5',
  'INF',
  '-INF',
  '+INF',
  'NaN',
  'nan',
  '0x10',
  '1,5',
  '1 000',
  ' 12 ',
  '12abc',
  '127',
  '128',
  '-128',
  '-129',
  '255',
  '256',
  '32767',
  '32768',
  '-32768',
  '-32769',
  '65535',
  '65536',
  '2147483647',
  '2147483648',
  '-2147483648',
  '-2147483649',
  '4294967295',
  '4294967296',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775808',
  '-9223372036854775809',
  '18446744073709551615',
  '18446744073709551616',
  'true',
  'false',
  'TRUE',
  ' true ',
  'yes',
  '2026-11-23',
  '2026-11-23Z',
  '2026-11-23+01:00',
  '2026-11-23-14:00',
  '2026-11-23+25:00',
  '2026-13-01',
  '2026-02-29',
  '2024-02-29',
  '2000-02-29',
  '1900-02-29',
  '2026-04-31',
  '26-11-23',
  '12026-11-23',
  '-0044-03-15',
  '2026-11-23T10:00:00',
  '2026-11-23T10:00:00Z',
  '2026-11-23T10:00:00.123+01:00',
  '2026-11-23T10:00',
  '2026-11-23T23:59:60',
  '2026-11-23 10:00:00',
  '10:00:00',
  '10:00:00.5Z',
  '23:59:59+14:00',
  '24:00:00',
  '24:00:01',
  '24:00:00.0Z',
  '2026-12-31T24:00:00',
  '2026-12-31T24:01:00',
  '2026-11-23T10:00:00.1234567890123456789Z',
  '2026-11-23+14:01',
  '012026-11-23',
  '25:00:00',
  '10:60:00',
  '2026',
  '2026-11',
  '--11',
  '--11-23',
  '---23',
  '---32',
  '--13',
  'P1Y',
  'P1Y2M3DT4H5M6.7S',
  'PT1S',
  'P',
  'PT',
  'P1S',
  '-P1D',
  'P1.5Y',
  'en',
  'en-GB',
  'en_GB',
  'x-klingon',
  'toolongcode',
  'http://a.b/c?d=e#f',
  'a:b',
  'a.b-c_d',
  '_a',
  '-a',
  '1a',
  'a/b',
  'AQID',
  'AQI=',
  'AQ==',
  'A',
  'AQIDB',
  'AQ ID',
  '0aFF',
  '0aF',
  'zz',
]

describe('built-in types', () => {
  /** libxml2 takes a plus sign before INF, which XSD 1.0 does not have. */
  const notForUs: Readonly<Record<string, string>> = { float: '+INF', double: '+INF' }
  /** libxml2 skips what is no base64, and takes fewer texts for a URI than XSD 1.1, which takes all. */
  const elsewhere = ['base64Binary', 'anyURI']

  test.each([...builtInTypes.keys()].filter((name) => !elsewhere.includes(name)))('%s', (name) => {
    const schema = schemaOf(name)
    // libxml2 keeps a year in 32 bits.
    const candidates = name === 'gYear' ? texts.filter(({ length }) => length < 10) : texts
    const expected = validForLibxml2(schema, candidates).filter((text) => text !== notForUs[name])
    expect(validForUs(ours(schema), candidates)).toEqual(expected)
  })

  test('anyURI takes any text', () => {
    expect(validForUs(ours(schemaOf('anyURI')), texts)).toEqual(texts)
  })

  test('base64Binary takes what Node writes back as it was', () => {
    const type = ours(schemaOf('base64Binary'))
    const exact = (text: string) => Buffer.from(text, 'base64').toString('base64') === text.replaceAll(' ', '')
    const candidates = [...texts, 'AA==', 'AB==', 'AAA=', 'AAB=', 'A===', '====', 'AAAA=', 'A A A A']
    expect(validForUs(type, candidates)).toEqual(candidates.filter((text) => exact(treatWhiteSpace(type, text))))
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (data) => {
        return problemOf(type, Buffer.from(data).toString('base64')) === undefined
      }),
    )
    const { pattern } = simpleSchema(type)
    const packed = candidates.filter((text) => !/\s/.test(text))
    expect(packed.filter((text) => new RegExp(String(pattern), 'u').test(text))).toEqual(validForUs(type, packed))
  })
})

describe('facets', () => {
  const facet = (name: string, value: string) => `<x:${name} value="${value}"/>`
  test.each([
    ['string', facet('length', '3'), ['', 'ab', 'abc', 'abcd', '😀😀😀', 'äöü']],
    ['string', facet('minLength', '2') + facet('maxLength', '3'), ['a', 'ab', 'abc', 'abcd', '  ', '   ']],
    ['token', facet('minLength', '1'), ['', ' ', ' a ']],
    ['string', facet('whiteSpace', 'collapse') + facet('enumeration', 'a b'), ['a b', ' a  b ', 'ab']],
    ['hexBinary', facet('length', '2'), ['0a', '0aff', '0aff00']],
    ['base64Binary', facet('maxLength', '2'), ['AQ==', 'AQI=', 'AQID']],
    [
      'decimal',
      facet('totalDigits', '4') + facet('fractionDigits', '2'),
      ['1234', '12345', '12.34', '1.234', '0.123', '001234', '1.2300', '0', '-99.99', '100.00', '0.05', '1000.0'],
    ],
    [
      'decimal',
      facet('minInclusive', '0.01') + facet('maxExclusive', '10'),
      ['0', '0.009', '0.01', '0.010', '9.99', '10', '10.0', '-1', '+5'],
    ],
    [
      'decimal',
      facet('minExclusive', '-1.5') + facet('maxInclusive', '1.5'),
      ['-1.5', '-1.50', '-1.49', '1.5', '1.500', '1.501'],
    ],
    ['long', facet('maxInclusive', '9007199254740993'), ['9007199254740992', '9007199254740993', '9007199254740994']],
    ['integer', facet('enumeration', '7') + facet('enumeration', '8'), ['7', '8', '9']],
    ['string', facet('pattern', '[A-Z]{2}\\d{2}'), ['DE89', 'de89', 'DE8', 'XDE89', 'DE89X']],
    ['string', facet('pattern', 'a|b') + facet('pattern', 'c'), ['a', 'b', 'c', 'ab', 'd']],
    ['string', facet('pattern', '\\i\\c*'), ['a', '_a', '1a', 'a1', 'a b', 'a:b']],
    ['string', facet('pattern', '[\\w\\-.]+'), ['a-b', 'a.b', 'a b', 'ä', '']],
    ['string', facet('pattern', '\\D\\S\\W?'), ['ab', 'a1', '1a', 'ab ', 'ab1']],
    ['string', facet('pattern', '^a$'), ['a', '^a$']],
    ['string', facet('pattern', '\\^a\\$|\\-'), ['^a$', '-', 'a']],
    ['string', facet('pattern', '\\p{Lu}\\P{Lu}'), ['Aa', 'aA', 'Ä1']],
    ['string', facet('pattern', '.{2}'), ['ab', 'a\n', '😀a', 'abc']],
  ])('%s %s', (base, facets, candidates) => {
    const schema = schemaOf(base, facets)
    expect(validForUs(ours(schema), candidates)).toEqual(validForLibxml2(schema, candidates))
  })

  test('a pattern holds beside that of the type it restricts', () => {
    const schema = `<x:schema xmlns:x="${XSD}"><x:simpleType name="A"><x:restriction base="x:string"><x:pattern value="a.*"/></x:restriction></x:simpleType>
      <x:element name="e"><x:simpleType><x:restriction base="A"><x:pattern value=".*b"/></x:restriction></x:simpleType></x:element></x:schema>`
    const candidates = ['ab', 'a', 'b', 'axb']
    expect(validForUs(ours(schema), candidates)).toEqual(validForLibxml2(schema, candidates))
  })

  test('subtraction of classes', () => {
    const schema = schemaOf('string', facet('pattern', '[a-z-[aeiou]]+'))
    expect(validForUs(ours(schema), ['bcd', 'bad', ''])).toEqual(['bcd'])
  })

  test.each([
    [
      'a pattern that is none',
      facet('pattern', '[a'),
      'SOAP_WSDL_UNSUPPORTED: e in the WSDL uses a pattern (the pattern [a',
    ],
    ['a bound that is no number', facet('minInclusive', 'x'), 'e in the WSDL has a bound that is no value of its type'],
    ['a count that is none', facet('totalDigits', 'x'), 'e in the WSDL has a count that is no whole number'],
  ])('%s is told', (_, facets, expected) => {
    expect(() => ours(schemaOf('decimal', facets))).toThrow(expected)
  })

  test.each([
    ['duration', 'P1Y', 'uses a bound of a duration'],
    ['string', 'a', 'has a bound that is no value of its type'],
  ])('a bound of %s is told', (base, value, expected) => {
    expect(() => ours(schemaOf(base, facet('maxInclusive', value)))).toThrow(expected)
  })
})

test('the forms of built-in types take time in proportion to the text', () => {
  const sources = [...builtInTypes.values()].flatMap(({ patterns }) => patterns.map(({ source = '' }) => source))
  expect(sources.length).toBeGreaterThan(10)
  expect(sources.filter((source) => linearityMistake({ source, flags: 'u' }))).toEqual([])
})
