// Examples made from schemas and patterns: they always fit, and look like what a person would write.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { exampleOf } from '../../../src/api/openapi/example.ts'
import { textLike } from '../../../src/api/openapi/text-like.ts'
import { fc } from '../../support/property.ts'
import { validator } from '../schema-check.ts'

describe('a text like a pattern', () => {
  test.each([
    ['^[0-9]{10}$', '1234567890'],
    ['^-?(?:0|[1-9][0-9]{0,10})\\.[0-9]{2}$', '123.45'],
    ['^(0|[1-9]\\d*)$', '1234'],
    ['^[A-Z]{3}$', 'ABC'],
    ['^[ -~]*$', 'ABC'],
    ['^[\\x20-\\x7e]*$', 'ABC'],
    ['^(?:EUR|GBP)$', 'GBP'],
    ['^a+b?c$', 'aaac'],
    ['^(?<year>[0-9]{4})-[0-9]{2}$', '1234-56'],
    ['^.{2}$', 'ab'],
  ])('%s', (pattern, text) => {
    expect(textLike(pattern)).toBe(text)
  })

  test.each(['^(?=a)b$', '[^0-9]', '(', '[z-a]', '\\p{L}', '^a$b'])('%s is not understood', (pattern) => {
    expect(textLike(pattern)).toBeUndefined()
  })

  test('matches, or there is none, for any pattern', () => {
    const atom = fc.constantFrom('a', '[0-9]', '[A-Z ]', '\\.', '\\d', '(?:x|yz)', '(q[1-3]{2})', '.', '-')
    const piece = fc
      .tuple(atom, fc.constantFrom('', '?', '*', '+', '{2}', '{0,3}', '{1,}'))
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), fc.nat(20), (pieces, start) => {
        const pattern = `^${pieces.join('')}$`
        expect(textLike(pattern, start)).toMatch(new RegExp(pattern, 'u'))
      }),
    )
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (pattern) => {
        const text = textLike(pattern)
        if (text !== undefined) expect(text).toMatch(new RegExp(pattern, 'u'))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('an example', () => {
  test('takes what the schema offers first', () => {
    expect(exampleOf({ type: 'string', examples: ['one'], default: 'two' })).toBe('one')
    expect(exampleOf({ type: 'string', default: 'two' })).toBe('two')
    expect(exampleOf({ const: 'three' })).toBe('three')
    expect(exampleOf({ enum: ['D', 'C'] })).toBe('D')
    expect(exampleOf({ $ref: '#/$defs/a', $defs: { a: { type: 'string', format: 'date' } } })).toBe('2026-11-23')
    expect(exampleOf({ type: 'array', items: { type: 'integer', minimum: 5 }, minItems: 2 })).toEqual([5, 5])
    expect(exampleOf({ oneOf: [{ type: 'null' }, { type: 'string' }] })).toBeNull()
  })

  test('gives neighbours different values', () => {
    const account = { type: 'string', pattern: '^[0-9]{10}$' }
    expect(exampleOf({ type: 'object', properties: { from: account, to: account } })).toEqual({
      from: '1234567890',
      to: '2345678901',
    })
  })

  test('of an object with variants shows the first one whole', () => {
    const redefined = {
      type: 'object',
      required: ['product'],
      properties: {
        product: { type: 'string', enum: ['C', 'S'] },
        current: { type: 'object', properties: { limit: { type: 'string', pattern: '^[0-9]\\.[0-9]$' } } },
        savings: { type: 'object', properties: {} },
      },
      oneOf: [
        { properties: { product: { enum: ['S'] } }, required: ['savings'] },
        { properties: { product: { enum: ['C'] } }, required: ['current'] },
      ],
    }
    expect(exampleOf(redefined)).toEqual({ product: 'S', savings: {} })
  })

  test('takes what the name of the field suggests, where it fits', () => {
    const text = { type: 'string', maxLength: 10 }
    const fields = {
      accountNumber: text,
      currency: text,
      holder: { type: 'string' },
      text: { ...text, maxLength: 4 },
      city: { ...text, pattern: '^[0-9]+$' },
    }
    expect(exampleOf({ type: 'object', properties: fields })).toEqual({
      accountNumber: '1000000001',
      currency: 'EUR',
      holder: 'Ada Lovelace',
      text: 'text',
      city: '567',
    })
    expect(exampleOf({ type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$' })).toBe('2026-11-23')
    expect(exampleOf({ type: 'string', pattern: '^\\d\\d:\\d\\d:\\d\\d$' })).toBe('10:15:00')
  })

  test('ends for a schema that contains itself, and gives nothing for one that it does not know', () => {
    const node = { type: 'object', properties: { next: { $ref: '#' } } }
    expect(JSON.stringify(exampleOf(node)).length).toBeLessThan(500)
    expect(exampleOf({})).toBeUndefined()
    expect(exampleOf({ type: 'string', pattern: '(?=x)' })).toBeUndefined()
  })

  test('of limits fits them', () => {
    const text = fc.record({
      type: fc.constant('string'),
      minLength: fc.nat(10),
      maxLength: fc.integer({ min: 10, max: 20 }),
    })
    const number = fc.record({
      type: fc.constant('integer'),
      minimum: fc.integer({ min: -9, max: 5 }),
      maximum: fc.integer({ min: 5, max: 9 }),
    })
    const most = fc.record({ type: fc.constant('integer'), maximum: fc.integer({ min: -9, max: 9 }) })
    fc.assert(
      fc.property(fc.oneof(text, number, most), (schema) => {
        expect(validator(schema)(exampleOf(schema))).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

test('account numbers are those of the example bank, so that a try goes through', () => {
  const seed = readFileSync(new URL('../../../docker/mainframe/cobol/copy/SEEDACCT.cpy', import.meta.url), 'utf8')
  const schema = { type: 'string', pattern: '^[0-9]{10}$', maxLength: 10 }
  const example = exampleOf({ type: 'object', properties: { accountNumber: schema, toAccount: schema } })
  expect(example).toEqual({ accountNumber: '1000000001', toAccount: '1000000002' })
  for (const number of Object.values(example as object)) expect(seed).toContain(`'${number} `)
})
