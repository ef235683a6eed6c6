// The request headers that the door understands: Idempotency-Key, Prefer, Accept.

import { describe, expect, test } from '@jest/globals'
import { acceptsJson } from '../../../src/api/rest/exchange.ts'
import { idempotencyKey, keyPattern } from '../../../src/api/rest/idempotency-key.ts'
import { waitPreference } from '../../../src/api/rest/prefer.ts'
import { fc } from '../../support/property.ts'

describe('Idempotency-Key', () => {
  test.each([
    ['abc', 'abc'],
    ['"abc"', 'abc'],
    ['  "abc" ', 'abc'],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['a"b', 'a"b'],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ['x'.repeat(255), 'x'.repeat(255)],
    [`"${'x'.repeat(255)}"`, 'x'.repeat(255)],
  ])('%s is read', (header, key) => {
    expect(idempotencyKey(header)).toBe(key)
  })

  test.each(['""', '"abc', '"a"b"', '"a\\b"', '"abc";p=1', 'a, b', 'a b', ' ', 'ü', 'a\tb', 'x'.repeat(256), '"a b"'])(
    '%j is malformed',
    (header) => {
      expect(() => idempotencyKey(header)).toThrow('IDEMPOTENCY_KEY_MALFORMED')
    },
  )

  test('a key survives being quoted, and two keys are never one', () => {
    const visible = fc.stringMatching(/^[\x21-\x7e]{1,40}$/)
    const quote = (key: string) => `"${key.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
    fc.assert(
      fc.property(visible, visible, (one, other) => {
        expect(idempotencyKey(quote(one))).toBe(one)
        expect(idempotencyKey(quote(one)) === idempotencyKey(quote(other))).toBe(one === other)
      }),
    )
  })

  test('is taken where the pattern of the API description matches, and nowhere else', () => {
    const parts = fc.constantFrom('a', '"', '\\', '\\"', '\\\\', ' ', '~', '!', 'ü', 'x'.repeat(126))
    const header = fc.array(parts, { minLength: 1, maxLength: 5 }).map((all) => all.join('').trim() || 'a')
    fc.assert(
      fc.property(
        fc.oneof(
          header,
          header.map((inside) => `"${inside}"`),
        ),
        (value) => {
          const take = () => idempotencyKey(value)
          if (new RegExp(keyPattern, 'u').test(value)) expect(take).not.toThrow()
          else expect(take).toThrow('IDEMPOTENCY_KEY_MALFORMED')
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('is missing when there is none', () => {
    for (const header of [undefined, '']) expect(() => idempotencyKey(header)).toThrow('IDEMPOTENCY_KEY_MISSING')
    expect(() => idempotencyKey(['a', 'b'])).toThrow('IDEMPOTENCY_KEY_MALFORMED')
  })
})

describe('Prefer', () => {
  const limits = { waitMsDefault: 5000, waitMsMax: 30_000 }

  test.each<[string | string[] | undefined, number, string | undefined, string | undefined]>([
    [undefined, 5000, undefined, undefined],
    ['', 5000, undefined, undefined],
    ['wait=10', 10_000, 'wait=10', 'wait=10'],
    ['Wait = "10"', 10_000, 'wait=10', 'wait=10'],
    ['wait=0', 0, 'wait=0', 'wait=0'],
    ['wait=600', 30_000, 'wait=30', 'wait=30'],
    ['respond-async', 0, undefined, 'respond-async'],
    ['respond-async, wait=7', 7000, 'wait=7', 'respond-async, wait=7'],
    [['wait=3', 'respond-async'], 3000, 'wait=3', 'respond-async, wait=3'],
    ['wait=1, wait=9', 1000, 'wait=1', 'wait=1'],
    ['handling=lenient; a=b, wait=2; c', 2000, 'wait=2', 'wait=2'],
    ['wait=-1', 5000, undefined, undefined],
    ['wait=1e3', 5000, undefined, undefined],
    ['wait', 5000, undefined, undefined],
    ['wait=99999999999', 5000, undefined, undefined],
    [',,;=', 5000, undefined, undefined],
  ])('%s', (header, waitMs, applied, appliedAsync) => {
    expect(waitPreference(header, limits)).toEqual({ waitMs, applied, appliedAsync })
  })

  test('never waits longer than the limit, whatever is sent', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000 }), (header) => {
        const { waitMs } = waitPreference(header, limits)
        expect(waitMs >= 0 && waitMs <= 30_000).toBe(true)
      }),
    )
  })
})

describe('Accept', () => {
  test.each([
    [undefined, true],
    ['', true],
    ['*/*', true],
    ['application/*', true],
    ['application/json', true],
    ['Application/JSON; charset=utf-8', true],
    ['text/html, application/xml;q=0.9, */*;q=0.1', true],
    ['text/html', false],
    ['application/problem+json', false],
    ['*/*, application/json;q=0', false],
    ['*/*;q=0, application/json;q=0.001', true],
    ['application/json;q=nonsense', true],
    [';;,', false],
  ])('%s: %s', (header, accepted) => {
    expect(acceptsJson(header)).toBe(accepted)
  })
})
