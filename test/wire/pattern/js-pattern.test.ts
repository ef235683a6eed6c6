// Patterns of JavaScript and JSON Schema: matched as the engine of JavaScript does, in linear time; and which of them that engine
// itself matches in linear time.

import { describe, expect, test } from '@jest/globals'
import { schemaCheck } from '../../../src/operation/schema-mistakes.ts'
import { jsonPattern, linearityMistake, longestText } from '../../../src/wire/pattern/pattern.ts'
import { fc } from '../../support/property.ts'
import { jsPatterns } from './arbitrary-pattern.ts'

const ours = (source: string, texts: readonly string[]) => texts.filter((text) => jsonPattern(source)?.matches(text))
const theirs = (source: string, texts: readonly string[]) => texts.filter((text) => new RegExp(source, 'u').test(text))

describe('as JavaScript has it', () => {
  const texts = [
    ...[
      '',
      'a',
      'b',
      'ab',
      'xab',
      'abx',
      'A',
      '1',
      'a1',
      '-',
      'a\n',
      '\n',
      'a\u2028b',
      '\u00a0',
      '\ufeff',
      'ä',
      'Ä',
      'ß',
      'ſ',
      'K',
    ],
    ...['😀', '😀a', '\ud83d', '\t', '\\', ']', '^', '$', '{', '}', '/', 'a{1', '\u0001', '\b'],
  ]
  test.each([
    ...['^a', 'a$', '^$', '', '^a|b$', '^(?:a|b)+$', '(?<name>a)b', '^.$', '^[^]$', '[]', '^[^a-z]$', '^[\\w.\\-]+$'],
    ...[
      '^\\d|\\D\\S$',
      '^\\s$',
      '^\\W$',
      '^[a-c]$',
      '^\\p{Lu}$',
      '^\\P{L}$',
      '\\u{1F600}',
      '\\x61\\u0062',
      '\\cA',
      '[\\b]',
    ],
    ...['^[$^\\]\\\\/]$', '^a{2}|^a{0,1}b{1,}$', '^a+?b??$', 'a*$', '(?:^|x)ab(?:x|$)', '^😀$', '[😀a]$', '^[\\d\\-]$'],
  ])('%s', (source) => {
    expect(ours(source, texts)).toEqual(theirs(source, texts))
  })

  test('any pattern, any text', () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom(...'abcAB12 -._\n'), maxLength: 8 }), { maxLength: 12 })
    fc.assert(
      fc.property(jsPatterns('js'), texts, (source, candidates) => {
        expect([source, ours(source, candidates)]).toEqual([source, theirs(source, candidates)])
      }),
      { numRuns: 600 },
    )
  })
})

test.each(['(?=a)', '(a)\\1', '\\b', '\\ ', '[z-a]', 'a{2,1}', '(', '[\\w-.]'])(
  '%s is left to JavaScript',
  (source) => {
    expect(jsonPattern(source)).toBeUndefined()
  },
)

describe('the longest text of a pattern', () => {
  test.each<[string, number | undefined]>([
    ['^[0-9]{10}$', 10],
    ['^-?(?:0|[1-9][0-9]{0,10})\\.[0-9]{2}$', 15],
    ['^(?:a|bcd)$|^ab?$', 3],
    ['^😀{2}$', 2],
    ['^$', 0],
    ['^a*$', undefined],
    ['[0-9]{10}', undefined],
    ['^a|b$', undefined],
    ['^a$|b', undefined],
    ['^(?:a$|b)', undefined],
    ['^(?=a)a$', undefined],
    ['(', undefined],
  ])('%s: %s', (source, length) => {
    expect(longestText(source)).toBe(length)
  })

  test('no text that JavaScript matches is longer, whatever the pattern', () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom(...'abcAB1 -._'), maxLength: 12 }), { maxLength: 20 })
    const bounded = jsPatterns('js').map((inner) => `^(?:${inner.replace(/^\^|\$$/g, '')})$`)
    fc.assert(
      fc.property(fc.oneof(jsPatterns('js'), bounded), texts, (source, candidates) => {
        const length = longestText(source) ?? Number.POSITIVE_INFINITY
        expect(theirs(source, candidates).filter((text) => text.length > length)).toEqual([])
      }),
      { numRuns: 600 },
    )
  })
})

describe('linear by proof', () => {
  const why = (pattern: RegExp) => linearityMistake(pattern)?.facts.problem
  const many = 'can read one text in many ways, so that a text which does not match takes long'
  const begins = 'can begin and read one text in many ways; begin it with ^, or let its parts differ'

  test.each([
    /^[0-9]{10}$/,
    /^(?:0|[1-9][0-9]{0,10})\.[0-9]{2}$/,
    /^[\x20-\x7e]*$/,
    /^[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/,
    /^[a-z]+@[a-z]+\.[a-z]+$/,
    /^[^@]+@[^@.]+(?:\.[^@.]+)+$/,
    /^(?:[a-z]+,)*[a-z]+$/i,
    /^.{0,2000}$/s,
    /[0-9]{4}/,
    /[0-9]+/,
    /^a|b$/,
    /^(?:EUR|GBP|USD|CHF)$/,
  ])('%s', (pattern) => {
    expect(why(pattern)).toBeUndefined()
  })

  test.each<[RegExp, string]>([
    [/^(a+)+$/, many],
    [/^(a|a)*$/, many],
    [/^(a|aa)+$/, many],
    [/^([A-Za-z0-9]+\s?)*$/, many],
    [/^a*a*$/, many],
    [/^.*=.*$/, many],
    [/^\S+@\S+\.\S+$/, many],
    [/^(?:a?){30}a{30}$/, many],
    [/^(?:a{0,20}){20}$/, many],
    [/a*b/, begins],
    [/\s+$/, begins],
    [/^(?=a)a/, 'looks around'],
    [/(?<!a)b/, 'looks around'],
    [/(a)\1/, 'has a back reference'],
    [/(?<x>a)\k<x>/, 'has a back reference'],
    [/\ba/, 'asks where a word ends'],
    [/^a$/m, 'has the flags m, of which m, v and y are not read'],
    [/^(a{1000}){1000}$/, 'has counts that need too many states'],
  ])('%s is not', (pattern, expected) => {
    expect(why(pattern)).toBe(expected)
  })

  // The proof bounds how often a matcher that tries one way after the other looks at a character: what exceeds it shows in time.
  test('what is proved is fast where it does not match', () => {
    const texts = ['a', 'ab', 'abc', '1', ' ', 'a1', 'aB'].map((piece) => `${piece.repeat(500)}\n`)
    fc.assert(
      fc.property(jsPatterns('js'), (source) => {
        if (linearityMistake({ source, flags: '' })) return
        const pattern = new RegExp(source)
        const start = performance.now()
        for (const text of texts) pattern.test(text)
        expect([source, performance.now() - start < 1000]).toEqual([source, true])
      }),
      { numRuns: 120 },
    )
  })
})

describe('schemas of callers', () => {
  test('a pattern that would take years is answered at once', () => {
    const check = schemaCheck({ type: 'string', pattern: '^(?:[a-z]+\\s?)*$' })
    expect(check(`${'a'.repeat(50_000)}!`)).toEqual([{ path: '', message: 'must match ^(?:[a-z]+\\s?)*$' }])
    expect(check('ab cd')).toEqual([])
  })
  test('each pattern is its own, and what is not regular is left to JavaScript', () => {
    const properties = { a: { pattern: '^a$' }, b: { pattern: '^b$' }, c: { pattern: '^(?!x)c$' } }
    const check = schemaCheck({ type: 'object', properties })
    expect(check({ a: 'a', b: 'b', c: 'c' })).toEqual([])
    expect(check({ a: 'b', b: 'a', c: 'x' }).map(({ path }) => path)).toEqual(['/a', '/b', '/c'])
  })
})
