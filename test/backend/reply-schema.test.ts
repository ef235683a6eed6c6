// Which replies that a person typed fit a schema, keyword by keyword, and what is said of those that do not.

import { describe, expect, test } from '@jest/globals'
import { replyMistakes } from '../../src/backend/reply-mistakes.ts'
import type { ResolvedTransaction } from '../../src/contract/catalog.ts'
import type { JsonObject, JsonSchema, JsonValue } from '../../src/contract/json.ts'
import { applied, by, duplicate, type OutcomeRule, rejected } from '../../src/contract/outcome.ts'

/** Mistakes of a reply under a schema, by a contract that reads the status from `status`, if it has a rule. */
function mistakesUnder(replySchema: JsonSchema, reply: JsonObject, outcome?: OutcomeRule): readonly string[] {
  const transaction = {
    definition: { ...(outcome && { outcome }) },
    wire: {
      replySchema,
      valueOf: (side: string, body: JsonObject, field: string) =>
        side === 'reply' && body[field] !== undefined ? String(body[field]) : undefined,
    },
  }
  return replyMistakes(transaction as unknown as ResolvedTransaction, reply)
}

/** Of one value. */
const mistakesOf = (schema: object, value: JsonValue) =>
  mistakesUnder({ properties: { a: schema } } as JsonSchema, { a: value })

describe('a type', () => {
  const every: readonly (readonly [string, string, readonly JsonValue[]])[] = [
    ['string', 'a string', ['x', '']],
    ['integer', 'a whole number', [1, 0, -7]],
    ['number', 'a number', [1, 0, -7, 1.5]],
    ['boolean', 'true or false', [true, false]],
    ['object', 'an object', [{}, { b: 1 }]],
    ['array', 'a list', [[], [1]]],
    ['null', 'null', [null]],
  ]
  const values: readonly JsonValue[] = ['x', '', 1, 0, -7, 1.5, true, false, {}, { b: 1 }, [], [1], null]

  test.each(every)('%s is %s', (type, words, fitting) => {
    for (const value of values) {
      const isFitting = fitting.some((one) => JSON.stringify(one) === JSON.stringify(value))
      expect([value, mistakesOf({ type }, value)]).toEqual([value, isFitting ? [] : [`a must be ${words}`]])
    }
  })

  test('may be one of several, or none that is known', () => {
    const two = { type: ['string', 'null'] }
    expect([mistakesOf(two, 'x'), mistakesOf(two, null), mistakesOf(two, 1)]).toEqual([
      [],
      [],
      ['a must be a string or null'],
    ])
    expect(mistakesOf({ type: 'decimal' }, 'x')).toEqual(['a must be decimal'])
    for (const value of values) expect(mistakesOf({}, value)).toEqual([])
  })

  test('that is wrong is the only mistake told of a value', () => {
    expect(mistakesOf({ type: 'string', const: 'x', minLength: 3 }, 7)).toEqual(['a must be a string'])
  })
})

describe('a value', () => {
  test.each<[string, JsonSchema, JsonValue, JsonValue, string]>([
    ['const', { const: 'x' }, 'x', 'y', 'must be x'],
    ['enum', { enum: ['x', 'y'] }, 'y', 'z', 'must be one of x, y'],
    ['maxLength', { maxLength: 3 }, 'abc', 'abcd', 'has more than 3 characters'],
    ['maxLength of characters beyond the plane', { maxLength: 2 }, '𝄞𝄞', '𝄞𝄞𝄞', 'has more than 2 characters'],
    ['minLength', { minLength: 3 }, 'abc', 'ab', 'has fewer than 3 characters'],
    ['minLength of characters beyond the plane', { minLength: 2 }, '𝄞𝄞', '𝄞', 'has fewer than 2 characters'],
    ['pattern of records', { pattern: '^-?[0-9]{1,3}$' }, '-12', '1x', 'has the wrong form'],
    ['pattern of any other form', { pattern: '(?<=a)b|c' }, 'ab', 'b', 'has the wrong form'],
    ['minimum', { minimum: 3 }, 3, 2, 'is less than 3'],
    ['maximum', { maximum: 3 }, 3, 4, 'is more than 3'],
    ['minItems', { minItems: 2 }, [1, 1], [1], 'has fewer than 2 elements'],
    ['maxItems', { maxItems: 2 }, [1, 1], [1, 1, 1], 'has more than 2 elements'],
  ])('is held to %s', (_, schema, fitting, wrong, problem) => {
    expect(mistakesOf(schema, fitting)).toEqual([])
    expect(mistakesOf(schema, wrong)).toEqual([`a ${problem}`])
  })

  test('is not held to what is said of another type, nor to what is not said', () => {
    const schema = { minLength: 2, maxLength: 2, pattern: '^x', minimum: 2, maximum: 2, minItems: 2, maxItems: 2 }
    for (const value of [null, true, {}, { b: 1 }]) expect(mistakesOf(schema, value)).toEqual([])
    for (const value of ['', 'x'.repeat(99), 0, -1e9, 1e9, [], [1, 2, 3], null, {}]) {
      expect(mistakesOf({}, value)).toEqual([])
    }
  })

  test('in a list is named by its place', () => {
    const items = { type: 'string' }
    expect(mistakesOf({ items }, ['x', 1, 'y', 2])).toEqual(['a[1] must be a string', 'a[3] must be a string'])
    expect(mistakesOf({ items: { properties: { b: items } } }, [{ b: 1 }])).toEqual(['a[0].b must be a string'])
  })
})

describe('a member', () => {
  const properties = { b: { type: 'string' } }
  test('that is missing is named before what is wrong in those that are there', () => {
    const schema = { properties: { ...properties, c: {} }, required: ['c', 'd'] }
    expect(mistakesOf(schema, { b: 1 })).toEqual(['a.c is missing', 'a.d is missing', 'a.b must be a string'])
    expect(mistakesUnder({ required: ['b'] }, {})).toEqual(['b is missing'])
    expect(mistakesOf(schema, { b: 'x', c: 1, d: 1 })).toEqual([])
  })

  test('that nobody declared is a mistake where the schema is closed, whatever it is called', () => {
    const closed = { properties, additionalProperties: false }
    expect(mistakesOf(closed, { b: 'x', c: 1 })).toEqual(['a.c is not a field of the reply'])
    expect(mistakesOf(closed, { toString: 1 })).toEqual(['a.toString is not a field of the reply'])
    expect(mistakesOf({ properties }, { c: 1, toString: 1 })).toEqual([])
    expect(mistakesOf({ required: ['toString'] }, {})).toEqual(['a.toString is missing'])
  })
})

describe('variants', () => {
  const [text, short, number] = [{ type: 'string' }, { maxLength: 1 }, { type: 'number' }]
  const none = 'a fits none of its variants, or more than one'
  test.each<[string, object, JsonValue, readonly string[]]>([
    ['allOf, all', { allOf: [text, short] }, 'x', []],
    ['allOf, one', { allOf: [text, short] }, 'xy', ['a has more than 1 characters']],
    ['anyOf, one of two', { anyOf: [text, number] }, 1, []],
    ['anyOf, both', { anyOf: [text, short] }, 'x', []],
    ['anyOf, none', { anyOf: [text, number] }, true, [none]],
    ['anyOf of one, none', { anyOf: [text] }, true, [none]],
    ['oneOf, one', { oneOf: [text, number] }, 1, []],
    ['oneOf, both', { oneOf: [text, short] }, 'x', [none]],
    ['oneOf, none', { oneOf: [text, number] }, true, [none]],
    ['oneOf of one, none', { oneOf: [text] }, true, [none]],
    ['not, as forbidden', { not: text }, 'x', [none]],
    ['not, another', { not: text }, 1, []],
    ['not and anyOf', { not: short, anyOf: [text] }, 'xy', []],
    ['anyOf of nothing', { anyOf: [] }, 'x', []],
    ['anyOf that is no list', { anyOf: 'x' }, 'x', []],
    ['allOf with what is no schema', { allOf: [null, text] }, 1, ['a must be a string']],
    ['not that is no schema', { not: null }, 'x', []],
    ['allOf and oneOf', { allOf: [number], oneOf: [number] }, 'x', ['a must be a number', none]],
  ])('%s', (_, schema, value, expected) => {
    expect(mistakesOf(schema, value)).toEqual(expected)
  })

  test('of the reply as a whole are told of the reply', () => {
    expect(mistakesUnder({ oneOf: [{ required: ['b'] }] }, {})).toEqual([
      'the reply fits none of its variants, or more than one',
    ])
  })
})

describe('the status', () => {
  const outcome = by('status', { OK: applied, NF: rejected('not-found'), DU: duplicate })
  const says = 'status has a value that does not say that the call was applied'
  test.each<[JsonObject, readonly string[]]>([
    [{ status: 'OK' }, []],
    [{ status: 'NF' }, [says]],
    [{ status: 'DU' }, [says]],
    // What the contract gives no verdict is for the person to judge.
    [{ status: 'ZZ' }, []],
    [{ status: 'toString' }, []],
    [{}, []],
  ])('of %j', (reply, expected) => {
    expect(mistakesUnder({}, reply, outcome)).toEqual(expected)
  })

  test('is judged only in a reply that fits, and only by a contract that has a rule', () => {
    const schema = { required: ['b'] }
    expect(mistakesUnder(schema, { status: 'NF' }, outcome)).toEqual(['b is missing'])
    expect(mistakesUnder({}, { status: 'NF' })).toEqual([])
  })
})
