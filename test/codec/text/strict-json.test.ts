// The strict JSON reader against JSON.parse: the same values, and refusals where JSON.parse lets something pass.

import { describe, expect, test } from '@jest/globals'
import { readJson } from '../../../src/codec/text/strict-json.ts'
import { fc } from '../../support/property.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('readJson', () => {
  test('reads what JSON.parse reads, whatever the blanks', () => {
    const plain = fc.jsonValue({ maxDepth: 6, stringUnit: 'grapheme' })
    fc.assert(
      fc.property(plain, fc.constantFrom(undefined, 1, '\t', '\r\n'), (value, blanks) => {
        const text = JSON.stringify(value, undefined, blanks)
        fc.pre(!text.includes('"__proto__"'))
        expect(readJson(bytes(text))).toEqual({ value: JSON.parse(text), inexact: [] })
      }),
      { numRuns: 1000 },
    )
  })

  test('refuses what JSON.parse refuses', () => {
    const pieces = fc.array(
      fc.constantFrom(
        ...'{}[]:,"\\-+.eE019atrufnls \n\u0000',
        'true',
        'false',
        'null',
        '"a"',
        '\\u12',
        '\\ud83d\\ude00',
      ),
      { maxLength: 12 },
    )
    let read = 0
    fc.assert(
      fc.property(pieces, (tokens) => {
        const text = tokens.join('')
        let expected: unknown
        try {
          expected = JSON.parse(text)
        } catch {
          expect(() => readJson(bytes(text))).toThrow('BODY_MALFORMED')
          return
        }
        read += 1
        expect(readJson(bytes(text)).value).toEqual(expected)
      }),
      { numRuns: 5000 },
    )
    expect(read).toBeGreaterThan(50)
  })

  test.each([
    ['', 1, 1, 'a value is expected'],
    ['{"a":1,\n "a":2}', 2, 2, 'this name was given before in the same object'],
    ['{"a":{"b":1,"\\u0062":2}}', 1, 13, 'this name was given before in the same object'],
    ['{"__proto__":1}', 1, 2, 'this name is not allowed'],
    ['{"\\u005f_proto__":1}', 1, 2, 'this name is not allowed'],
    ['["\\ud83d"]', 1, 2, 'half of a surrogate pair is not a character'],
    ['["a\nb"]', 1, 2, 'a string has a raw control character or a bad escape'],
    ['["\\x41"]', 1, 2, 'a string has a raw control character or a bad escape'],
    ['["abc', 1, 2, 'a string is not closed'],
    ['["abc\\', 1, 2, 'a string is not closed'],
    ['[1,]', 1, 4, 'a value is expected'],
    ['{"a":1,}', 1, 8, 'a name in double quotes is expected'],
    ['{a:1}', 1, 2, 'a name in double quotes is expected'],
    ['{"a" 1}', 1, 6, 'a colon is expected'],
    ['[1 2]', 1, 4, 'a comma or ] is expected'],
    ['1 2', 1, 3, 'nothing may follow the value'],
    ['01', 1, 2, 'nothing may follow the value'],
    ['\ufeff{}', 1, 1, 'a value is expected'],
    [`${'['.repeat(33)}`, 1, 33, 'more than 32 levels deep'],
  ])('%j is refused at its place', (text, line, column, problem) => {
    expect(() => readJson(bytes(text))).toThrow(`BODY_MALFORMED: line ${line}, column ${column}: ${problem}`)
  })

  test('bytes that are not UTF-8 are refused', () => {
    for (const bad of [[0xff], [0x22, 0xc3, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0x22, 0xc0, 0xaf, 0x22]]) {
      expect(() => readJson(Uint8Array.from(bad))).toThrow('the body is not UTF-8')
    }
  })

  test.each([
    ['12.50', true],
    ['0.1', true],
    ['-0', true],
    ['-0.0', true],
    ['1e2', true],
    ['1E-2', true],
    ['9007199254740991', true],
    ['9007199254740993', false],
    ['0.1000000000000000055', false],
    ['12345678901234567.89', false],
    ['1e400', false],
    ['1e-400', false],
    ['1e99999999999999999999', false],
  ])('%s is held exactly: %s', (token, isExact) => {
    expect(readJson(bytes(`{"a":[${token}]}`)).inexact).toEqual(isExact ? [] : [{ path: '/a/0' }])
  })

  test('an exponent of any length is no work', () => {
    expect(readJson(bytes(`[1e-${'9'.repeat(2_000_000)}]`)).inexact).toEqual([{ path: '/0' }])
  })

  test('a long string or a long list is read in linear time, without a deep stack', () => {
    const long = JSON.stringify(['x'.repeat(5_000_000), Array.from({ length: 200_000 }, (_one, at) => at)])
    expect((readJson(bytes(long)).value as unknown[])[1]).toHaveLength(200_000)
  })

  test('the message never quotes the text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3 }), (text) => {
        try {
          readJson(bytes(`{"planted-4711": ${text} planted-4712`))
        } catch (error) {
          expect(String(error)).not.toMatch(/planted/)
        }
      }),
    )
  })
})
