// What the message about bytes that are not valid says: where, what must be there, and which class of byte is there.

import { describe, expect, test } from '@jest/globals'
import type { CompilerOptions } from '../../src/cobol/layout.ts'
import { byteSink } from '../../src/codec/byte-sink.ts'
import { type CodecOptions, recordCodec } from '../../src/codec/record-codec.ts'
import { codePage } from '../../src/codepage/code-page.ts'
import type { Failure } from '../../src/error/failure.ts'
import { bytes, hex, layoutOf } from './layouts.ts'

function codecOf(clauses: string, options: Partial<CodecOptions> = {}, compiler: Partial<CompilerOptions> = {}) {
  return recordCodec(layoutOf(`01 R. 05 A ${clauses}.`, compiler), { codePage: 'cp037', ...options })
}

describe('EBCDIC', () => {
  test.each([
    ['PIC 9(3)', 'F1 40 F2', 1, 'a digit', 'a blank'],
    ['PIC 9(3)', '00 F1 F2', 0, 'a digit', 'LOW-VALUE'],
    ['PIC 9(3)', 'F1 F2 FF', 2, 'a digit', 'HIGH-VALUE'],
    ['PIC 9(3)', 'F1 C2 F3', 1, 'a digit', 'a digit with zone C'],
    ['PIC 9(3)', 'F1 F2 D3', 2, 'a digit', 'a digit with zone D'],
    ['PIC S9(3)', 'F1 F2 6B', 2, 'a digit with a sign', 'another character'],
    ['PIC S9(3)', 'F1 F2 0C', 2, 'a digit with a sign', 'a control byte'],
    ['PIC S9(3) SIGN LEADING', '40 F2 F3', 0, 'a digit with a sign', 'a blank'],
    ['PIC S9(3) SIGN LEADING', 'C1 40 F3', 1, 'a digit', 'a blank'],
    ['PIC S9(2) SIGN LEADING SEPARATE', 'F0 F2 F3', 0, 'a sign, + or -', 'a digit'],
    ['PIC S9(2) SIGN TRAILING SEPARATE', 'F0 F2 F3', 2, 'a sign, + or -', 'a digit'],
    ['PIC S9(2) SIGN TRAILING SEPARATE', 'F0 40 4E', 1, 'a digit', 'a blank'],
    ['PIC S9(3)PP', 'F1 40 C2', 1, 'a digit', 'a blank'],
    ['PIC S9(3) COMP-3', '40 40', 1, 'a sign, C or D', 'a blank'],
    ['PIC S9(3) COMP-3', 'AA 1C', 0, 'two digits', 'a nibble that is no digit'],
    ['PIC S9(3) COMP-3', 'FF FF', 0, 'two digits', 'HIGH-VALUE'],
    ['PIC S9(3) COMP-3', '00 00', 1, 'a sign, C or D', 'LOW-VALUE'],
    ['PIC S9(3) COMP-3', '00 11', 1, 'a sign, C or D', 'a digit'],
    ['PIC S9(3) COMP-3', '00 AC', 1, 'a digit and a sign', 'a nibble that is no digit'],
    ['PIC 9(3) COMP-3', '00 1D', 1, 'the sign F', 'the sign D'],
    ['PIC 9(4) COMP-3', '90 12 3F', 0, '0 in the unused first nibble', 'a digit'],
    ['PIC 9(5)PP COMP-3', '00 1A 0F', 1, 'two digits', 'a nibble that is no digit'],
    ['PIC 9(4)PP COMP-3', '90 12 3F', 0, '0 in the unused first nibble', 'a digit'],
    ['PIC 9(3)PP COMP-3', '01 2D', 1, 'the sign F', 'the sign D'],
    ['PIC 9(3) COMP-6', '10 00', 0, '0 in the unused first nibble', 'a digit'],
    ['PIC 9(4) COMP-6', '0A 00', 0, 'two digits', 'a nibble that is no digit'],
    ['PIC S9(4) COMP', '27 10', 0, 'at most 4 digits, as TRUNC(STD) stores', 'a larger number'],
    ['PIC Z9', '40 40', 0, 'a number edited as Z9', 'other text that begins with a blank'],
    ['PIC S9(2) SIGN TRAILING SEPARATE NATIONAL', '0030 0131 002B', 2, 'a digit in UTF-16', 'another character'],
    ['PIC S9(2) SIGN TRAILING SEPARATE NATIONAL', '0030 0020 002B', 2, 'a digit', 'a blank'],
    ['PIC U(1)', 'FF 20 20 20', 0, 'UTF-8', 'other bytes'],
  ])('%s with %s', (clauses, record, offset, expected, found) => {
    for (const generate of [true, false]) {
      const codec = codecOf(clauses, { generate })
      const decode = () => codec.decode(bytes(record))
      expect(decode).toThrow(`holds ${found} at offset ${offset} where ${expected} must be`)
      const json = () => codec.decodeToJson(bytes(record), 0, bytes(record).length, byteSink())
      expect(json).toThrow('FIELD_BYTES_INVALID')
    }
  })

  test('the bytes are in the detail alone', () => {
    try {
      codecOf('PIC 9(3)').decode(bytes('F1 40 F2'))
      throw new Error('must not decode')
    } catch (error) {
      expect((error as Failure).detail).toEqual({ hex: 'F140F2' })
      expect((error as Failure).message).not.toContain('F140F2')
    }
  })
})

describe('ASCII', () => {
  test.each([
    ['PIC S9(2)', '31 7B', 'a letter, as when EBCDIC signs were translated as text'],
    ['PIC S9(2)', '31 4A', 'a letter, as when EBCDIC signs were translated as text'],
    ['PIC S9(2)', '31 51', 'a letter, as when EBCDIC signs were translated as text'],
    ['PIC S9(2)', '31 20', 'a blank'],
    ['PIC 9(2)', '31 0A', 'a control byte'],
    ['PIC 9(2)', '31 7E', 'another character'],
    ['PIC X(2)', '31 80', 'another character'],
    ['PIC S9(2) SIGN LEADING SEPARATE', '30 31 32', 'a digit'],
  ])('%s with %s holds %s', (clauses, record, found) => {
    const codec = codecOf(clauses, { codePage: 'ascii' }, { dialect: 'gnucobol' })
    expect(() => codec.decode(bytes(record))).toThrow(`holds ${found} at`)
  })

  test('signs that were translated from EBCDIC are read for the dialect of IBM', () => {
    const codec = codecOf('PIC S9(2)', { codePage: 'ascii' })
    expect(codec.decode(bytes('31 4B'))).toEqual({ a: '-12' })
    expect(codec.decode(bytes('31 7B'))).toEqual({ a: '10' })
    expect(hex(codec.encode({ a: '-10' }))).toBe('31 7D')
  })
})

describe('code pages', () => {
  test('NUMPROC(PFD) takes the preferred signs only', () => {
    const strict = (clauses: string) => codecOf(clauses, {}, { numproc: 'PFD' })
    expect(strict('PIC S9(2)').decode(bytes('F1C2'))).toEqual({ a: '12' })
    expect(() => strict('PIC S9(2)').decode(bytes('F1F2'))).toThrow('FIELD_BYTES_INVALID')
    expect(() => strict('PIC S9(3) COMP-3').decode(bytes('012F'))).toThrow('holds the sign F at offset 1')
    expect(strict('PIC 9(3) COMP-3').decode(bytes('012F'))).toEqual({ a: '12' })
  })

  test('letters beyond Latin-1 read and write, as object and as JSON', () => {
    const codec = codecOf('PIC X(6)', { codePage: 'cp1025' })
    const record = codec.encode({ a: 'Ёлка' })
    expect(codec.decode(record)).toEqual({ a: 'Ёлка' })
    const sink = byteSink()
    codec.decodeToJson(record, 0, record.length, sink)
    expect(Buffer.from(sink.bytes.subarray(0, sink.length)).toString()).toBe('{"a":"Ёлка"}')
  })

  test('a byte without a character is not valid; a second byte of a character is residue', () => {
    const page = codePage('cp838')
    const second = page.toUnicode.findIndex((unit, byte) => unit !== 0xfffd && page.fromUnicode(unit) !== byte)
    expect(second).toBeGreaterThan(0)
    const codec = codecOf('PIC X(2)', { codePage: page })
    const record = Uint8Array.of(second, 0x40)
    const value = codec.decode(record)
    expect(value.$residue).toBe(`0:${second.toString(16).toUpperCase()}`)
    expect(codec.encode(value)).toEqual(record)
    const hebrew = codePage('cp424')
    const missing = hebrew.toUnicode.indexOf(0xfffd)
    expect(missing).toBeGreaterThan(0)
    const other = codecOf('PIC X(2)', { codePage: hebrew })
    expect(() => other.decode(Uint8Array.of(0x40, missing))).toThrow(
      'at offset 1 where a character of the code page must be',
    )
    expect(() => other.decodeToJson(Uint8Array.of(0x40, missing), 0, 2, byteSink())).toThrow('FIELD_BYTES_INVALID')
  })

  test('a page of Latin-1 alone with a byte that has no character', () => {
    const codec = codecOf('PIC X(2)', { codePage: 'ascii' })
    expect(() => codec.decode(bytes('41 FF'))).toThrow('holds HIGH-VALUE at offset 1')
  })

  test('text of two-byte characters that is none', () => {
    const codec = recordCodec(layoutOf('01 R. 05 A PIC X(4). 05 B PIC G(1) DISPLAY-1.'), { codePage: 'cp939' })
    expect(() => codec.decode(bytes('C1 0E 45 8F 4040'))).toThrow('where text of cp939 must be')
    expect(() => codec.encode({ a: '国国', b: '' })).toThrow('VALUE_TOO_LONG')
    expect(() => codec.encode({ a: '\u{1f600}', b: '' })).toThrow('VALUE_NOT_IN_CODE_PAGE')
  })
})

describe('where code may not be generated', () => {
  test('closures do the same', () => {
    const real = globalThis.Function
    try {
      globalThis.Function = class {
        constructor() {
          throw new EvalError('Code generation from strings disallowed for this context')
        }
      } as unknown as FunctionConstructor
      expect(codecOf('PIC 9(2)').decode(bytes('F4F2'))).toEqual({ a: '42' })
    } finally {
      globalThis.Function = real
    }
  })
})

describe('dates that are none', () => {
  test.each([
    ['PIC 9(8)', 'YYYYMMDD', 'F2F0F2F4F0F2F3F0', 'a day or time as YYYYMMDD must be'],
    ['PIC 9(8)', 'YYYYMMDD', '4040404040404040', 'a digit must be'],
    ['PIC S9(9)', 'YYYYMMDD', 'F0F2F0F2F4F0F2F2D9', 'a day or time'],
    ['PIC S9(9)', 'YYYYMMDD', 'F1F2F0F2F4F0F2F2C9', 'a day or time'],
    ['PIC 9(7)', 'YYYYDDD', 'F2F0F2F3F3F6F6', 'a day or time'],
    ['PIC 9(4)', 'HHMM', 'F2F4F0F0', 'a day or time'],
    ['PIC X(8)', 'YYYYMMDD', 'F2F0F2F4C1C2C3C4', 'a day or time'],
  ])('%s as %s', (clauses, format, record, message) => {
    const codec = codecOf(clauses, { dates: { A: format as 'HHMM' } })
    expect(() => codec.decode(bytes(record))).toThrow(message)
  })

  test.each([
    ['YYYYMMDD', 'PIC 9(8)', '2023-02-29'],
    ['YYYYMMDD', 'PIC 9(8)', '29.02.2024'],
    ['YYYYMMDD', 'PIC 9(8)', ''],
    ['YYMMDD', 'PIC 9(6)', '1949-12-31'],
    ['YYMMDD', 'PIC 9(6)', '2050-01-01'],
    ['YYDDD', 'PIC 9(5)', '2050-01-01'],
    ['CYYMMDD', 'PIC 9(7)', '1899-12-31'],
    ['HHMMSS', 'PIC 9(6)', '24:00:00'],
    ['HHMM', 'PIC 9(4)', '12:60'],
    ['YYYYMMDDHHMMSS', 'PIC 9(14)', '2024-02-29T25:00:00'],
    ['YYYYDDD', 'PIC 9(7)', '2023-13-01'],
  ])('%s does not take "%s"', (format, clauses, value) => {
    const codec = codecOf(clauses, { dates: { A: format as 'HHMM' } })
    expect(() => codec.encode({ a: value })).toThrow('VALUE_NOT_A_DATE')
  })

  test('a time has no null', () => {
    expect(() => codecOf('PIC 9(4)', { dates: { A: 'HHMM' } }).encode({ a: null })).toThrow('VALUE_TYPE_WRONG')
  })
})
