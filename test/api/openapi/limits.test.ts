// Limits worked out for schemas: each follows from what the schema says, or from the size of the message.

import { describe, expect, test } from '@jest/globals'
import { limited } from '../../../src/api/openapi/limits.ts'
import { sentence } from '../../../src/api/problem.ts'
import type { JsonSchema } from '../../../src/contract/json.ts'
import { fc } from '../../support/property.ts'

const wellFormed = '^[^\\ud800-\\udfff]*$'
const safe = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }

describe('a schema gets', () => {
  test.each<[string, JsonSchema, JsonSchema]>([
    ['the length of its pattern', { type: 'string', pattern: '^[A-Z]{3}$' }, { maxLength: 3 }],
    ['the length of its format', { type: 'string', format: 'date' }, { maxLength: 10 }],
    ['the size of the message', { type: 'string', pattern: '^a*$' }, { maxLength: 100 }],
    ['a pattern for any text', { type: 'string', maxLength: 7 }, { pattern: wellFormed }],
    [
      'the shortest of several lengths',
      { type: ['string', 'null'], allOf: [{ pattern: '^[0-9]+$' }, { pattern: '^.{2,5}$' }] },
      { maxLength: 5, pattern: wellFormed },
    ],
    ['the range in which JSON keeps digits', { type: 'integer' }, { ...safe, format: 'int64' }],
    ['the format of its range', { type: 'integer', minimum: 0, maximum: 2147483647 }, { format: 'int32' }],
    ['the format of a longer one', { type: 'integer', minimum: 0, maximum: 2147483648 }, { format: 'int64' }],
    ['the range of its values', { type: 'integer', enum: [3, 1, 2] }, { minimum: 1, maximum: 3, format: 'int32' }],
    [
      'no limit beside an exclusive one',
      { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10 },
      { format: 'int32' },
    ],
    ['as many elements as have room', { type: 'array' }, { maxItems: 50 }],
    ['nothing where all is said', { type: 'array', maxItems: 3 }, {}],
    ['nothing where values are listed', { type: 'string', enum: ['a'] }, {}],
    ['nothing where there is one value', { type: 'string', const: 'a' }, {}],
    ['nothing for other types', { type: 'number' }, {}],
  ])('%s', (_, schema, added) => {
    expect(limited(schema, 100)).toEqual({ ...schema, ...added })
  })

  test('its limits wherever it stands, and no property is taken for a keyword', () => {
    const text = { type: 'string', maxLength: 1 }
    const other = { ...text, pattern: wellFormed }
    const within = (one: JsonSchema) => ({
      properties: { type: one, items: one, enum: one },
      items: one,
      additionalProperties: one,
      anyOf: [one],
      oneOf: [{ properties: { a: { enum: ['x'] } } }],
      $defs: { one },
      default: { type: 'string' },
    })
    expect(limited(within(text))).toEqual(within(other))
  })

  test('none that its author left open, where the size of the message is not known', () => {
    expect(limited({ type: 'array', items: { type: 'string' } })).toEqual({
      type: 'array',
      items: { type: 'string', pattern: wellFormed },
    })
  })
})

test('texts of problems are one line of at most 2000 characters', () => {
  expect(sentence('a\n\tb\u0085c')).toBe('a  b c')
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1990, maxLength: 2010 }), (text) => {
      const shown = sentence(text)
      expect(shown).toMatch(/^\P{Cc}*$/u)
      expect([...shown]).toHaveLength(Math.min([...text].length, 2000))
    }),
    { numRuns: 20 },
  )
})
