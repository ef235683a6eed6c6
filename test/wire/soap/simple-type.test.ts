// Simple types against libxml2: the same texts are valid for both, type by type and facet by facet.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { compareDecimals, digitsOf, normalDecimal } from '../../../src/wire/soap/decimal-text.ts'
import { builtInTypes, problemOf, type SimpleType, treatWhiteSpace } from '../../../src/wire/soap/simple-type.ts'
import { escapeText, readXml } from '../../../src/wire/soap/xml.ts'
import { SchemaSet, XSD } from '../../../src/wire/soap/xsd.ts'

const limits = { bytes: 100_000, elements: 1000, depth: 20 }

/** A schema with one element `e` of a type; `inner` is what stands inside it. */
const schemaOf = (type: string, inner = '') =>
  inner === ''
    ? `<x:schema xmlns:x="${XSD}"><x:element name="e" type="x:${type}"/></x:schema>`
    : `<x:schema xmlns:x="${XSD}"><x:element name="e"><x:simpleType><x:restriction base="x:${type}">${inner}</x:restriction></x:simpleType></x:element></x:schema>`

function ours(schema: string): SimpleType {
  const { type } = new SchemaSet([{ root: readXml(schema, limits), target: '' }]).element('', 'e')
  if (type.kind !== 'simple') throw new Error('not simple')
  return type
}

/** The texts that libxml2 finds valid. */
function validForLibxml2(schema: string, texts: readonly string[]): string[] {
  const document = XmlDocument.fromString(schema)
  const validator = XsdValidator.fromDoc(document)
  const valid = texts.filter((text) => {
    const one = XmlDocument.fromString(`<e>${escapeText(text)}</e>`)
    try {
      validator.validate(one)
      return true
    } catch {
      return false
    } finally {
      one.dispose()
    }
  })
  validator.dispose()
  document.dispose()
  return valid
}

const validForUs = (type: SimpleType, texts: readonly string[]) =>
  texts.filter((text) => problemOf(type, treatWhiteSpace(type, text)) === undefined)

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

  test('subtraction of classes is told, not misread', () => {
    expect(() => ours(schemaOf('string', facet('pattern', '[a-z-[aeiou]]')))).toThrow('SOAP_WSDL_UNSUPPORTED')
  })
})

describe('decimal text', () => {
  const scaled = fc.record({ digits: fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), scale: fc.nat(12) })
  const written = ({ digits, scale }: { digits: bigint; scale: number }) => {
    const magnitude = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0')
    const whole = magnitude.slice(0, magnitude.length - scale)
    return `${digits < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${magnitude.slice(-scale)}`}`
  }

  test('compares as the integers do at one scale', () => {
    fc.assert(
      fc.property(scaled, scaled, (a, b) => {
        const [one, other] = [a.digits * 10n ** BigInt(b.scale), b.digits * 10n ** BigInt(a.scale)]
        return compareDecimals(written(a), written(b)) === (one < other ? -1 : one > other ? 1 : 0)
      }),
    )
  })

  test('zeros in front and a plus sign change nothing', () => {
    fc.assert(
      fc.property(scaled, fc.nat(5), (value, zeros) => {
        const text = written(value)
        const padded = text.startsWith('-') ? `-${'0'.repeat(zeros)}${text.slice(1)}` : `+${'0'.repeat(zeros)}${text}`
        return normalDecimal(padded) === text && digitsOf(padded).total === digitsOf(text).total
      }),
    )
  })
})
