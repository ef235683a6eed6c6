// Values behind texts: bounds and lists by value, against libxml2 and the specification; numbers and moments as texts.

import { describe, expect, test } from '@jest/globals'
import { jsonOf, simpleSchema, textOf } from '../../../src/wire/soap/simple-type.ts'
import { compareDecimals, digitsOf, normalDecimal } from '../../../src/wire/value/decimal-text.ts'
import { compareMoments, momentOf } from '../../../src/wire/value/moment-text.ts'
import { fc } from '../../support/property.ts'
import { ours, schemaOf, validForLibxml2, validForUs } from './one-type.ts'

describe('bounds and lists by value', () => {
  const facet = (name: string, value: string) => `<x:${name} value="${value}"/>`
  const list = (...values: readonly string[]) => values.map((value) => facet('enumeration', value)).join('')
  const days = ['2026-01-01', '2025-12-31', '2026-01-02', '2026-01-03']
  const zonedDays = ['2026-01-01Z', '2026-01-01+14:00', '2026-01-01-13:00', '2025-12-31-14:00', '2026-01-02Z']
  const moments = [
    ...['2026-01-01T12:00:00Z', '2026-01-01T13:00:00+01:00', '2026-01-01T12:00:00.0Z', '2026-01-01T12:00:00.001Z'],
    ...['2026-01-01T11:59:59.999Z', '2026-01-01T12:00:00', '2026-01-02T12:00:00', '2025-12-30T12:00:00'],
    ...['2025-12-31T24:00:00Z', '2026-01-01T00:00:00Z'],
  ]
  const floats = [
    '1',
    '1.0',
    '1e0',
    '10e-1',
    '0.1e1',
    '1.0000001',
    '1.00000001',
    '0.99',
    '-1',
    'INF',
    '-INF',
    '1e400',
    '0',
    '-0',
  ]
  test.each([
    ['date', facet('minInclusive', '2026-01-01') + facet('maxInclusive', '2026-01-02'), days],
    ['date', facet('minExclusive', '2026-01-01Z'), zonedDays],
    ['date', list('2026-01-01Z'), [...days, ...zonedDays]],
    ['dateTime', facet('maxInclusive', '2026-01-01T12:00:00Z'), moments],
    ['dateTime', facet('minExclusive', '2026-01-01T12:00:00Z'), moments],
    ['dateTime', list('2026-01-01T12:00:00Z'), moments],
    [
      'time',
      facet('minInclusive', '08:00:00') + facet('maxExclusive', '18:00:00'),
      ['07:59:59', '08:00:00', '17:59:59.9', '18:00:00', '24:00:00'],
    ],
    ['gYear', facet('minInclusive', '2000'), ['1999', '2000', '2001', '-2001', '12000']],
    ['gYearMonth', facet('maxInclusive', '2026-06'), ['2026-05', '2026-06', '2026-07']],
    ['gMonthDay', facet('maxInclusive', '--06-30'), ['--06-29', '--06-30', '--07-01', '--02-29']],
    ['gDay', facet('minInclusive', '---15'), ['---14', '---15', '---31']],
    ['gMonth', facet('minInclusive', '--06'), ['--05', '--06', '--12']],
    ['double', facet('minInclusive', '1') + facet('maxExclusive', '1e2'), floats],
    ['double', facet('maxInclusive', 'INF'), floats],
    ['double', list('1.0', 'INF'), floats],
    ['float', list('1.0'), floats],
    ['decimal', list('1.0', '7'), ['1', '1.00', '+1', '01.0', '1.01', '7', '7.', '007', '70']],
    ['integer', list('7', '-0'), ['7', '07', '+7', '0', '-7', '70']],
    ['hexBinary', list('0aFF'), ['0aff', '0AFF', '0afe']],
    ['string', list('1.0'), ['1', '1.0', '1.00']],
    ['token', list(' a  b '), ['a b', ' a b', 'ab']],
  ])('%s %s', (base, facets, candidates) => {
    const schema = schemaOf(base, facets)
    expect(validForUs(ours(schema), candidates)).toEqual(validForLibxml2(schema, candidates))
  })

  test('NaN is within no bound (XSD Part 2, 3.2.5), and is the value of a list', () => {
    expect(validForUs(ours(schemaOf('double', facet('minInclusive', '0'))), ['NaN'])).toEqual([])
    expect(validForUs(ours(schemaOf('double', facet('maxInclusive', 'INF'))), ['NaN'])).toEqual([])
    expect(validForUs(ours(schemaOf('double', list('NaN'))), ['NaN', '0'])).toEqual(['NaN'])
  })

  test.each([
    ['2000-01-15T00:00:00', '2000-02-15T00:00:00', -1],
    ['2000-01-15T12:00:00', '2000-01-16T12:00:00Z', -1],
    ['2000-01-01T12:00:00', '1999-12-31T23:00:00Z', undefined],
    ['2000-01-16T12:00:00', '2000-01-16T12:00:00Z', undefined],
    ['2000-01-16T00:00:00', '2000-01-16T12:00:00Z', undefined],
    ['2000-01-18T00:00:00', '2000-01-16T12:00:00Z', 1],
  ])('%s and %s, as the specification orders them (XSD Part 2, 3.2.7.4)', (one, other, expected) => {
    const [a, b] = [momentOf(one), momentOf(other)]
    expect(a && b && [compareMoments(a, b), compareMoments(b, a)]).toEqual([expected, expected && -expected])
  })

  test('24:00 is the first moment of the next day (XSD Part 2, 3.2.7), though not for libxml2', () => {
    const type = ours(schemaOf('dateTime', list('2026-01-01T00:00:00Z')))
    expect(validForUs(type, ['2025-12-31T24:00:00Z', '2026-01-01T01:00:00+01:00', '2026-01-01T24:00:00Z'])).toEqual([
      '2025-12-31T24:00:00Z',
      '2026-01-01T01:00:00+01:00',
    ])
  })

  test('durations of a list, by months and seconds', () => {
    const type = ours(schemaOf('duration', list('P1Y', 'PT1H')))
    const candidates = ['P12M', 'P1Y0D', 'PT60M', 'PT3600.0S', 'P365D', '-P1Y', 'PT61M']
    expect(validForUs(type, candidates)).toEqual(['P12M', 'P1Y0D', 'PT60M', 'PT3600.0S'])
  })

  test('base64 of a list, without its blanks', () => {
    expect(validForUs(ours(schemaOf('base64Binary', list('AAEC'))), ['AAEC', 'AA EC', 'AAED'])).toEqual([
      'AAEC',
      'AA EC',
    ])
  })

  test('JSON has the value as the list writes it, so that it fits the schema', () => {
    const type = ours(schemaOf('decimal', list('1.0', '2.50')))
    expect(['1', '2.5', '+2.500'].map((text) => jsonOf(type, text))).toEqual(['1.0', '2.50', '2.50'])
    expect(simpleSchema(type)).toEqual({ type: 'string', enum: ['1.0', '2.50'] })
  })

  test('moments of one kind are in the order of their instants', () => {
    const at = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    const zone = fc.integer({ min: -14 * 60, max: 14 * 60 })
    const zoned = (instant: Date, minutes: number) => {
      const local = new Date(instant.getTime() + minutes * 60_000).toISOString().slice(0, -1)
      const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
      return `${local}${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
    }
    fc.assert(
      fc.property(at, zone, at, zone, (one, zoneOne, other, zoneOther) => {
        const [a, b] = [momentOf(zoned(one, zoneOne)), momentOf(zoned(other, zoneOther))]
        return a && b && compareMoments(a, b) === Math.sign(one.getTime() - other.getTime())
      }),
    )
  })
})

describe('a pattern that wants a number written in one way', () => {
  const accounts = ours(schemaOf('integer', '<x:pattern value="[0-9]{8}"/>'))
  test('it stays so', () => {
    expect(jsonOf(accounts, '00010001')).toBe('00010001')
    expect(simpleSchema(accounts)).toEqual({
      type: 'string',
      allOf: [{ pattern: '^[+-]?[0-9]+$' }, { pattern: '^(?:[0-9]{8})$' }],
    })
  })
  test('a small number, which JSON has without zeros, gets those that are wanted', () => {
    const three = ours(schemaOf('int', '<x:pattern value="-?[0-9]{3}"/>'))
    expect([7, -42, 123, 1234].map((value) => textOf(three, value))).toEqual(['007', '-042', '123', '1234'])
    expect(jsonOf(three, '007')).toBe(7)
  })
  test('a truth is written as its pattern wants', () => {
    const written = (pattern: string) => {
      const type = ours(schemaOf('boolean', pattern === '' ? '' : `<x:pattern value="${pattern}"/>`))
      return [true, false].map((value) => textOf(type, value)).join()
    }
    expect(['', '0|1', 'true|false', 'yes'].map(written)).toEqual(['true,false', '1,0', 'true,false', 'true,false'])
  })
  test('where it does not matter, needless zeros go', () => {
    expect(jsonOf(ours(schemaOf('integer', '<x:pattern value="[0-9]+"/>')), '007')).toBe('7')
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
