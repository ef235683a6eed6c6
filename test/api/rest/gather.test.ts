// Path, query and body become the input of an operation; every mistake is named at its place, in words.

import { describe, expect, test } from '@jest/globals'
import { gatherInput } from '../../../src/api/rest/gather.ts'
import { readJson } from '../../../src/codec/text/strict-json.ts'
import type { InputIssue, ResolvedOperation } from '../../../src/contract/catalog.ts'
import type { JsonObject, JsonSchema } from '../../../src/contract/json.ts'
import { asString } from '../../../src/operation/schema-mistakes.ts'
import { standInCatalog } from '../stand-in.ts'

const schema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['account', 'amount'],
  properties: {
    account: { type: 'string', maxLength: 4, 'x-class': 'pii' },
    amount: { type: 'string', pattern: '^-?[0-9]{1,3}\\.[0-9]{2}$' },
    direction: { type: 'string', enum: ['D', 'C'] },
    count: { type: 'integer', minimum: 0, maximum: 9 },
    urgent: { type: 'boolean' },
    tags: { type: 'array', items: { $ref: '#/$defs/tag' }, maxItems: 2 },
    detail: { type: ['object', 'null'], properties: { note: { type: 'string' } }, additionalProperties: false },
    either: {
      oneOf: [
        { type: 'string', maxLength: 1 },
        { type: 'object', properties: { a: { const: 1 } }, required: ['a'] },
      ],
    },
  },
  $defs: { tag: { type: 'string', minLength: 1 } },
}

/** An operation that takes whatever fits its schema, but for what `issues` says. */
function takes(method: 'GET' | 'POST', path: string, issues: readonly InputIssue[] = []): ResolvedOperation {
  const [first] = standInCatalog.operations as readonly [ResolvedOperation]
  const parse = (input: unknown) => (issues.length > 0 ? { issues } : { input: input as JsonObject })
  return { ...first, method, path, inputSchema: schema, transaction: undefined, parse }
}

const good = { account: '1', amount: '1.00' }

function post(body: object | string, issues: readonly InputIssue[] = []) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const parts = { path: {}, query: new Map(), body: readJson(new TextEncoder().encode(text)) }
  return gatherInput(takes('POST', '/things', issues), parts)
}

function get(query: string) {
  const values = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(query)) values.set(name, [...(values.get(name) ?? []), value])
  return gatherInput(takes('GET', '/things/{account}'), { path: { account: '1' }, query: values, body: undefined })
}

describe('a body', () => {
  test.each<[object | string, string, string]>([
    [{ ...good, amount: 1 }, '/amount', asString],
    ['{"account":"1","amount":1.00}', '/amount', asString],
    [{ ...good, direction: 1 }, '/direction', asString],
    [{ ...good, account: null }, '/account', 'must be a string'],
    [{ account: '1' }, '/amount', 'is missing'],
    [{ ...good, extra: 1 }, '/extra', 'is not a field'],
    [{ ...good, 'a/b~c': 1 }, '/a~1b~0c', 'is not a field'],
    [{ ...good, account: '12345' }, '/account', 'must have at most 4 characters'],
    [{ ...good, amount: '1.0' }, '/amount', 'must match ^-?[0-9]{1,3}\\.[0-9]{2}$'],
    [{ ...good, direction: 'Q' }, '/direction', 'must be one of D, C'],
    [{ ...good, count: 10 }, '/count', 'must be <= 9'],
    [{ ...good, count: -1 }, '/count', 'must be >= 0'],
    [{ ...good, count: 1.5 }, '/count', 'must be a whole number'],
    [{ ...good, count: '1' }, '/count', 'must be a whole number'],
    [{ ...good, urgent: 'yes' }, '/urgent', 'must be true or false'],
    [{ ...good, tags: ['a', 'b', 'c'] }, '/tags', 'must have at most 2 elements'],
    [{ ...good, tags: ['a', ''] }, '/tags/1', 'must have at least 1 characters'],
    [{ ...good, detail: [] }, '/detail', 'must be an object or null'],
    [{ ...good, detail: { note: 1 } }, '/detail/note', asString],
    [{ ...good, either: 'long' }, '/either', 'fits none of the variants that the schema describes, or more than one'],
    [
      '{"account":"1","amount":"1.00","count":0.30000000000000001}',
      '/count',
      'has more digits than a JSON number holds exactly: give it as a string, in double quotes',
    ],
  ])('%j: %s %s', (body, pointer, message) => {
    expect(post(body)).toEqual({ mistakes: [{ in: 'body', pointer, message }] })
  })

  test('that fits is taken as it stands', () => {
    const input = { ...good, direction: 'D', count: 3, tags: ['a'], detail: null, either: { a: 1 } }
    expect(post(input)).toEqual({ input })
  })

  test('tells all mistakes at once, the operation its own beside those of the schema', () => {
    const issues = [
      { path: '', message: 'vague' },
      { path: '/account', message: 'has no such account' },
      { path: '/amount', message: 'vague' },
    ]
    expect(post({ account: '1', amount: '1', extra: 1 }, issues)).toEqual({
      mistakes: [
        { in: 'body', pointer: '/extra', message: 'is not a field' },
        { in: 'body', pointer: '/amount', message: expect.stringMatching(/^must match/) },
        { in: 'body', pointer: '/account', message: 'has no such account' },
      ],
    })
  })

  test('with very many mistakes names fifty', () => {
    const body = Object.fromEntries(Array.from({ length: 500 }, (_one, at) => [`field${at}`, 1]))
    const result = post(body)
    expect('mistakes' in result && result.mistakes).toHaveLength(50)
  })
})

describe('a query', () => {
  test('gives each field as its schema wants it', () => {
    expect(get('amount=1.00&count=7&urgent=true&tags=a&tags=b')).toEqual({
      input: { account: '1', amount: '1.00', count: 7, urgent: true, tags: ['a', 'b'] },
    })
  })

  test.each([
    ['amount=1.00&count=x', '/count', 'must be a number in plain decimal digits'],
    ['amount=1.00&count=12345678901234567', '/count', 'must be a number in plain decimal digits'],
    ['amount=1.00&urgent=1', '/urgent', 'must be true or false'],
    ['amount=1.00&amount=2.00', '/amount', 'is given more than once'],
    ['amount=1.00&account=2', '/account', 'is not a parameter'],
    ['amount=1.00&other=2', '/other', 'is not a parameter'],
    ['count=1', '/amount', 'is missing'],
  ])('%s: %s %s', (query, pointer, message) => {
    expect(get(query)).toEqual({ mistakes: [{ in: 'query', pointer, message }] })
  })

  test('does not mix with a body', () => {
    const parts = { path: { account: '1' }, query: new Map([['amount', ['1.00']]]), body: { value: {}, inexact: [] } }
    expect(gatherInput(takes('GET', '/things/{account}'), parts)).toEqual({
      mistakes: [{ in: 'body', pointer: '', message: 'this operation takes no body' }],
    })
  })
})

test('a mistake in the path is told there', () => {
  const parts = { path: { account: '12345' }, query: new Map([['amount', ['1.00']]]), body: undefined }
  expect(gatherInput(takes('GET', '/things/{account}'), parts)).toEqual({
    mistakes: [{ in: 'path', pointer: '/account', message: 'must have at most 4 characters' }],
  })
})
