// Text of every script at its edges, and edited items that print a currency of their own.

import { describe, expect, test } from '@jest/globals'
import type { CompilerOptions } from '../../../src/cobol/layout.ts'
import { type CodecOptions, recordCodec } from '../../../src/codec/record-codec.ts'
import { appendJsonText } from '../../../src/codec/text/json-text.ts'
import { codePage } from '../../../src/codepage/code-page.ts'
import { bytes, hex, layoutOf } from '../layouts.ts'

const cp037 = codePage('cp037')

function codecOf(clauses: string, options: Partial<CodecOptions> = {}, compiler: Partial<CompilerOptions> = {}) {
  return recordCodec(layoutOf(`01 R. 05 A PIC ${clauses}.`, compiler), { codePage: cp037, ...options })
}

test('strings become JSON as JSON.stringify has it, in UTF-8', () => {
  const out = new Uint8Array(400)
  for (const text of [
    'plain',
    '"\\/',
    '\b\t\n\f\r\u0000\u001f\u007f',
    'é€',
    '\u{1f600}!',
    '\ud800',
    'a\udc00b',
    '\u2028',
  ]) {
    const end = appendJsonText(text, out, 0)
    expect(Buffer.from(out.subarray(0, end)).toString()).toBe(JSON.stringify(text).slice(1, -1))
  }
})

describe('edited in other ways', () => {
  test('the decimal point may be a comma', () => {
    const codec = codecOf('Z.ZZ9,99', {}, { decimalPointIsComma: true })
    const record = codec.encode({ a: '1234.50' })
    expect(cp037.decode(record)).toBe('1.234,50')
    expect(codec.decode(record)).toEqual({ a: '1234.50' })
  })

  test('the currency sign may be another, and longer', () => {
    const codec = codecOf('$$,$$9.99', {}, { currencySign: 'EUR' })
    const record = codec.encode({ a: '5.00' })
    expect(cp037.decode(record)).toBe('    EUR5.00')
    expect(codec.decode(record)).toEqual({ a: '5.00' })
    const fixed = codecOf('$99', {}, { currencySign: 'EUR' })
    expect(cp037.decode(fixed.encode({ a: '5' }))).toBe('EUR05')
  })

  test.each([
    ['ZZV99', '0.05', '  05'],
    ['ZZV99', '12.05', '1205'],
    ['ZZVZZ', '0.00', '    '],
    ['ZZ9PP', '1200', ' 12'],
    ['PPZ9', '0.0012', '12'],
    ['.$$', '0.1', '.$1'],
    ['$V$$', '0.05', '$05'],
    ['B.++', '0.1', ' .+1'],
  ])('PIC %s of %s is "%s"', (picture, value, text) => {
    const codec = codecOf(picture)
    expect(cp037.decode(codec.encode({ a: value }))).toBe(text)
    expect(codec.decode(codec.encode({ a: value }))).toEqual({ a: value })
  })

  test('national-edited, big-endian and little-endian', () => {
    for (const endian of ['big', 'little'] as const) {
      const codec = codecOf('NN/N', {}, { endian })
      const record = codec.encode({ a: 'abc' })
      expect(hex(record)).toBe(endian === 'big' ? '00 61 00 62 00 2F 00 63' : '61 00 62 00 2F 00 63 00')
      expect(codec.decode(record)).toEqual({ a: 'abc' })
    }
    // A replacement character is a character as any other.
    expect(codecOf('NN/N').decode(bytes('FFFD 0041 002F 0042'))).toEqual({ a: '\ufffdAB' })
    const number = codecOf('Z9.9 USAGE NATIONAL')
    expect(hex(number.encode({ a: '1.5' }))).toBe('00 20 00 31 00 2E 00 35')
    expect(number.decode(number.encode({ a: '1.5' }))).toEqual({ a: '1.5' })
  })

  test('an edited text with a byte that has no character is not valid', () => {
    const codec = codecOf('X/X', { codePage: 'ascii' })
    expect(() => codec.decode(bytes('FF 2F 41'))).toThrow('FIELD_BYTES_INVALID')
    expect(codec.decode(bytes('41 2F 00'))).toEqual({ a: 'A', $residue: '2:00' })
  })
})

test('an external floating-point item of USAGE NATIONAL', () => {
  const codec = codecOf('+9.9E+99 USAGE NATIONAL')
  const record = codec.encode({ a: '+1.2E+05' })
  expect(hex(record)).toBe('00 2B 00 31 00 2E 00 32 00 45 00 2B 00 30 00 35')
  expect(codec.decode(record)).toEqual({ a: '+1.2E+05' })
})

test('characters of PIC U are code points', () => {
  const three = codecOf('U(3)')
  expect(three.decode(three.encode({ a: 'a😀😀' }))).toEqual({ a: 'a😀😀' })
  expect(() => three.encode({ a: 'ABCD' })).toThrow('VALUE_TOO_LONG')
  expect(() => three.decode(bytes('41 42 43 44 20 20 20 20 20 20 20 20'))).toThrow(
    'holds more characters at offset 0 where at most 3 must be',
  )
  const ten = codecOf('U BYTE-LENGTH 10')
  expect(ten.decode(ten.encode({ a: '0123456789' }))).toEqual({ a: '0123456789' })
  expect(() => ten.encode({ a: '01234567890' })).toThrow('VALUE_TOO_LONG')
})

test('text justified to the right, in every script', () => {
  const mixed = codecOf('X(6) JUSTIFIED RIGHT', { codePage: 'cp939' })
  expect(mixed.decode(mixed.encode({ a: '国' }))).toEqual({ a: '国' })
  const wide = codecOf('N(3) USAGE NATIONAL JUSTIFIED RIGHT')
  expect(hex(wide.encode({ a: 'x' }))).toBe('00 20 00 20 00 78')
  expect(wide.decode(wide.encode({ a: 'x' }))).toEqual({ a: 'x' })
})
