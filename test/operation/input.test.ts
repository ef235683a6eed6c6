// The input of an operation against its schema and its own rules, the words of each mistake, and the schema of one value.

import { describe, expect, test } from '@jest/globals'
import type { InputIssue, ResolvedOperation } from '../../src/contract/catalog.ts'
import type { JsonSchema } from '../../src/contract/json.ts'
import { fieldSchema, typesOf } from '../../src/operation/field-schema.ts'
import { issuesMax, validated } from '../../src/operation/input.ts'
import { asString, schemaCheck } from '../../src/operation/schema-mistakes.ts'

/** An operation as far as these ask for it. */
function operationOf(
  inputSchema: JsonSchema,
  issues: readonly InputIssue[] = [],
  more: Partial<ResolvedOperation> = {},
): ResolvedOperation {
  const parse: ResolvedOperation['parse'] = (given) =>
    issues.length > 0 ? { issues } : { input: { taken: JSON.stringify(given) } }
  return { inputSchema, parse, ...more } as ResolvedOperation
}

const named = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } as const
const transaction = { adapter: 'bank', name: 'post' } as ResolvedOperation['transaction']

describe('an input', () => {
  test('that fits is what the operation made of it', () => {
    expect(validated(operationOf(named), { name: 'a' })).toEqual({ input: { taken: '{"name":"a"}' } })
  })

  test('has the mistakes of the schema, and those of the operation at other places', () => {
    const own = [
      { path: '/name', message: 'is not known' },
      { path: '/other', message: 'is too old' },
    ]
    const missing = { path: '/name', message: 'is missing' }
    expect(validated(operationOf(named, own), {})).toEqual({ issues: [missing, own[1]] })
    expect(validated(operationOf(named), {})).toEqual({ issues: [missing] })
    expect(validated(operationOf(named, own), { name: 'a' })).toEqual({ issues: own })
  })

  test('has no second mistake around one of the schema, and one beside it', () => {
    const schema = { type: 'object', properties: { a: { type: 'object', required: ['b'] } } }
    const own = ['/a', '/ab'].map((path) => ({ path, message: 'is odd' }))
    const inner = { path: '/a/b', message: 'is missing' }
    expect(validated(operationOf(schema, own), { a: {} })).toEqual({ issues: [inner, own[1]] })
  })

  test('of a single transaction is held against its schema by the operation itself', () => {
    expect(validated(operationOf(named, [], { transaction }), {})).toEqual({ input: { taken: '{}' } })
  })

  test(`tells at most ${issuesMax} mistakes`, () => {
    const own = Array.from({ length: issuesMax + 1 }, (_, at) => ({ path: `/${at}`, message: 'no' }))
    expect(validated(operationOf({}, own), {})).toEqual({ issues: own.slice(0, 50) })
  })

  test('is checked by a schema that is compiled once', () => {
    const operation = operationOf(named)
    validated(operation, {})
    Object.assign(operation, { inputSchema: { type: 'no such type' } })
    expect(validated(operation, {})).toEqual({ issues: [{ path: '/name', message: 'is missing' }] })
  })
})

describe('the words of a mistake', () => {
  test.each<[JsonSchema, unknown, string, string]>([
    [{ required: ['a/b'] }, {}, '/a~1b', 'is missing'],
    [{ properties: {}, additionalProperties: false }, { a: 1 }, '/a', 'is not a field'],
    [{ allOf: [{ properties: {} }], unevaluatedProperties: false }, { a: 1 }, '/a', 'is not a field'],
    [{ type: 'string' }, 1, '', asString],
    [{ type: ['null', 'string'] }, 1, '', asString],
    [{ type: 'string' }, true, '', 'must be a string'],
    [{ type: ['integer', 'null'] }, 'a', '', 'must be a whole number or null'],
    [{ type: ['number', 'boolean'] }, 'a', '', 'must be a number or true or false'],
    [{ type: ['array', 'object'] }, 'a', '', 'must be an array or an object'],
    [{ type: 'integer' }, 1.5, '', 'must be a whole number'],
    [{ enum: ['a', 'b'] }, 'c', '', 'must be one of a, b'],
    [{ enum: ['1', '2'] }, 1, '', asString],
    [{ enum: [1, '2'] }, 3, '', asString],
    [{ enum: [1, 2] }, 3, '', 'must be one of 1, 2'],
    [{ const: 'a' }, 'b', '', 'must be a'],
    [{ pattern: '^a$' }, 'b', '', 'must match ^a$'],
    [{ maxLength: 1 }, 'ab', '', 'must have at most 1 characters'],
    [{ minLength: 2 }, 'a', '', 'must have at least 2 characters'],
    [{ maxItems: 1 }, [1, 2], '', 'must have at most 1 elements'],
    [{ minItems: 2 }, [1], '', 'must have at least 2 elements'],
    [{ minimum: 2 }, 1, '', 'must be >= 2'],
    [{ maximum: 2 }, 3, '', 'must be <= 2'],
    [{ exclusiveMinimum: 2 }, 2, '', 'must be > 2'],
    [{ exclusiveMaximum: 2 }, 2, '', 'must be < 2'],
    [
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
      1,
      '',
      'fits none of the variants that the schema describes, or more than one',
    ],
    [{ oneOf: [{}, {}] }, 1, '', 'fits none of the variants that the schema describes, or more than one'],
    [{ multipleOf: 2 }, 3, '', 'does not fit the schema'],
  ])('of %j in %j', (schema, value, path, message) => {
    expect(schemaCheck(schema)(value)).toEqual([{ path, message }])
  })

  test('are all told, one for each place, and none where it fits', () => {
    const check = schemaCheck({ properties: { a: { type: 'string', minLength: 2, pattern: '^b' }, c: { const: 1 } } })
    expect(check({ a: 'a', c: 2 })).toEqual([
      { path: '/a', message: 'must have at least 2 characters' },
      { path: '/c', message: 'must be 1' },
    ])
    expect(check({ a: 'bb', c: 1 })).toEqual([])
  })

  test('come in linear time whatever the pattern, and what is not regular is a pattern all the same', () => {
    const since = performance.now()
    const check = schemaCheck({ properties: { slow: { pattern: '^(a+)+$' }, odd: { pattern: '^(?!b)' } } })
    expect(check({ slow: `${'a'.repeat(31)}!`, odd: 'b' })).toEqual([
      { path: '/slow', message: 'must match ^(a+)+$' },
      { path: '/odd', message: 'must match ^(?!b)' },
    ])
    expect(check({ slow: 'aaa', odd: 'a' })).toEqual([])
    expect(performance.now() - since).toBeLessThan(2000)
  })

  test('leave out formats, and keywords that are none', () => {
    expect(schemaCheck({ type: 'string', format: 'date', 'x-class': 'account' })('no date')).toEqual([])
  })
})

describe('the schema of one value', () => {
  const list = { type: 'array', items: { $ref: '#/$defs/line' } }
  const either = { anyOf: [{ type: 'string' }, { properties: { deep: { type: 'null' } } }] }
  const [single, loose] = [{ anyOf: [{ type: 'string' }] }, { anyOf: [null, { type: 'string' }] }]
  const foreign = { $ref: 'other.json#/$defs/line', type: 'string' }
  const round = { anyOf: [{ $ref: '#/$defs/round' }] }
  const nested = Array.from({ length: 20 }).reduce<JsonSchema>((inner) => ({ anyOf: [inner] }), { type: 'string' })
  const inputSchema = {
    properties: {
      ...{ lines: list, either, single, loose, foreign, list: [], none: null },
      ...{ lost: { $ref: '#/$defs/none/deep' }, round, nested },
    },
    $defs: { line: { properties: { 'a/b': { type: 'integer' } } }, loop: { $ref: '#/$defs/loop' }, round },
    allOf: [
      { properties: { more: { $ref: '#/$defs/line/properties/a~1b' } } },
      { properties: { loop: { $ref: '#/$defs/loop' } } },
    ],
  }
  // What stands in the place of some schemas is none: of a hostile or broken document.
  const operation = operationOf(inputSchema as unknown as JsonSchema)

  test.each<[readonly string[], unknown]>([
    [['lines'], list],
    [['lines', '0'], inputSchema.$defs.line],
    [['lines', '0', 'a/b'], { type: 'integer' }],
    [['either'], { anyOf: [either, ...either.anyOf] }],
    [['single'], { anyOf: [single, ...single.anyOf] }],
    [['loose'], { anyOf: [loose, { type: 'string' }] }],
    [['foreign'], foreign],
    [['lost'], undefined],
    [['list'], undefined],
    [['none'], undefined],
    [['__proto__'], undefined],
    // Round in circles 16 references and alternatives deep.
    [['round'], { anyOf: Array.from({ length: 9 }, () => round) }],
    // Itself and 16 alternatives, each within the other.
    [['nested'], { anyOf: Array.from({ length: 17 }, () => expect.objectContaining({ anyOf: expect.anything() })) }],
    [['either', 'deep'], { type: 'null' }],
    [['more'], { type: 'integer' }],
    [['nothing'], undefined],
    [['lines', '0', 'nothing'], undefined],
    [['loop'], undefined],
    [['toString'], undefined],
  ])('at %j', (steps, schema) => {
    expect(fieldSchema(operation, steps)).toEqual(schema)
  })

  test.each<[unknown, readonly string[]]>([
    [{ type: 'string' }, ['string']],
    [{ type: ['integer', 'null'] }, ['integer', 'null']],
    [{ enum: ['a', 1] }, ['string', 'number']],
    [{ type: 'string', enum: [1] }, ['string']],
    [{ anyOf: [{ type: 'string' }, { enum: [true] }] }, ['string', 'boolean']],
    [{ anyOf: [null, { type: 'string' }] }, ['string']],
    [{}, []],
  ])('of %j allows %j', (schema, types) => {
    expect([...typesOf(schema as JsonSchema)]).toEqual(types)
  })
})
