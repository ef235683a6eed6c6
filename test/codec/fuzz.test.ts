// Any bytes and any JSON: every storage kind gives values or a Failure, and what was decoded comes back byte for byte.

import { describe, expect, test } from '@jest/globals'
import type { CompilerOptions } from '../../src/cobol/layout.ts'
import { byteSink } from '../../src/codec/byte-sink.ts'
import { type CodecOptions, recordCodec } from '../../src/codec/record-codec.ts'
import type { JsonObject, JsonValue } from '../../src/contract/json.ts'
import type { InvalidPolicy } from '../../src/contract/record.ts'
import { isFailure } from '../../src/error/failure.ts'
import { fc } from '../support/property.ts'
import { layoutOf } from './layouts.ts'

const copybook = `
01 R.
  05 KIND            PIC X.
     88 SHORT        VALUE 'A' 'B'.
     88 LONG         VALUE 'C' THRU 'M'.
  05 COUNT-1         PIC S9(3) COMP-3.
  05 T-TEXT          PIC X(7).
  05 T-RIGHT         PIC X(5) JUSTIFIED RIGHT.
  05 T-NATIONAL      PIC N(3) USAGE NATIONAL.
  05 T-UTF           PIC U(2).
  05 T-EDITED        PIC XX/XX0BX.
  05 N-EDITED        PIC $$,$$9.99CR.
  05 N-STARS         PIC ***,***.**.
  05 N-BLANK         PIC 9(4) BLANK WHEN ZERO.
  05 N-NATIONAL      PIC S9(3) SIGN TRAILING SEPARATE USAGE NATIONAL.
  05 N-LEADING       PIC S9(4) SIGN LEADING.
  05 N-SIX           PIC 9(5) COMP-6.
  05 N-HALF          PIC S9(4) COMP-3.
  05 N-WIDE          PIC S9(29)V99 COMP-3.
  05 N-BINARY        PIC S9(5)V99 COMP.
  05 N-NATIVE        PIC 9(18) COMP-5.
  05 N-SCALED        PIC S9(3)PPP COMP.
  05 FLOATS.
     10 F-SHORT      COMP-1.
     10 F-LONG       COMP-2.
  05 D-DAY           PIC 9(8).
  05 D-TEXT          PIC X(6).
  05 D-TIME          PIC 9(6) COMP-3.
  05 D-JULIAN        PIC S9(7) COMP-3.
  05 D-STAMP         PIC 9(14).
  05 P-1             POINTER.
  05 FILLER          PIC X(3) VALUE 'END'.
  05 SET-A           PIC X(6).
  05 SET-B REDEFINES SET-A.
     10 B-1          PIC S9(5) COMP-3.
     10 B-2          PIC X(2).
  05 SET-C REDEFINES SET-A PIC 9(6).
  05 FREE-A          PIC 9(4).
  05 FREE-B REDEFINES FREE-A PIC X(3).
  05 T OCCURS 0 TO 5 DEPENDING ON COUNT-1.
     10 T-1          PIC S9(3) COMP-3.
     10 T-2          PIC X(2) OCCURS 2.
  05 AFTER-T         PIC S9(2).
`

const options: Partial<CodecOptions> = {
  views: { 'SET-A': { by: 'KIND', when: { SHORT: 'SET-B', LONG: 'SET-C', Z: 'SET-A' } } },
  dates: {
    'D-DAY': 'YYYYMMDD',
    'D-TEXT': 'YYMMDD',
    'D-TIME': 'HHMMSS',
    'D-JULIAN': 'YYYYDDD',
    'D-STAMP': 'YYYYMMDDHHMMSS',
  },
}

function codecs(policy: InvalidPolicy, compiler: Partial<CompilerOptions>, codePage: string) {
  const layout = layoutOf(copybook, { arith: 'EXTEND', ...compiler })
  const all: CodecOptions = { ...options, codePage, invalid: { '*': policy }, undeclaredViews: 'all' }
  return [recordCodec(layout, all), recordCodec(layout, { ...all, generate: false })] as const
}

function textOf(codec: ReturnType<typeof recordCodec>, record: Uint8Array): string {
  const sink = byteSink(1)
  codec.decodeToJson(record, 0, record.length, sink)
  return new TextDecoder('utf-8', { fatal: true }).decode(sink.bytes.subarray(0, sink.length))
}

/** Bytes as records have them: mostly digits, blanks, zeros and letters. */
const byte = fc.oneof(
  fc.constantFrom(0x00, 0x40, 0xff, 0x0c, 0x1d, 0xc1, 0xc2, 0x4e, 0x60, 0x20),
  fc.integer({ min: 0xf0, max: 0xf9 }),
  fc.integer({ min: 0, max: 255 }),
)

const runs = 120

describe.each([
  ['cp037', {}],
  ['cp1140', { float: 'IEEE' }],
  ['ascii', { dialect: 'gnucobol', endian: 'little', float: 'IEEE' }],
  ['utf-8', { dialect: 'microfocus' }],
] as [string, Partial<CompilerOptions>][])('%s', (codePage, compiler) => {
  test.each(['null', 'raw', 'zero'] as const)('any bytes decode with policy %s and come back', (policy) => {
    const [generated, closures] = codecs(policy, compiler, codePage)
    const { minimumLength, maximumLength } = generated
    const record = fc.uint8Array({ minLength: minimumLength, maxLength: maximumLength })
    const likely = fc
      .array(byte, { minLength: minimumLength, maxLength: maximumLength })
      .map((all) => Uint8Array.from(all))
    fc.assert(
      fc.property(fc.oneof(record, likely), (bytes) => {
        let value: JsonObject
        try {
          value = generated.decode(bytes)
        } catch (error) {
          if (!isFailure(error)) throw error
          expect(error.code).toBe('RECORD_TOO_SHORT')
          return
        }
        expect(closures.decode(bytes)).toEqual(value)
        expect(JSON.parse(textOf(generated, bytes))).toEqual(value)
        expect(textOf(closures, bytes)).toBe(textOf(generated, bytes))
        expect(Buffer.from(generated.encode(value)).toString('hex')).toBe(Buffer.from(bytes).toString('hex'))
        expect(closures.encode(JSON.parse(JSON.stringify(value)))).toEqual(generated.encode(value))
      }),
      { numRuns: runs },
    )
  })

  test('with policy error bytes give values or a Failure that names the place', () => {
    const [generated, closures] = codecs('error', compiler, codePage)
    const bytes = fc.array(byte, { minLength: 0, maxLength: generated.maximumLength + 2 })
    fc.assert(
      fc.property(bytes, (all) => {
        const record = Uint8Array.from(all)
        const [first, second] = [generated, closures].map((codec) => outcomeOf(() => codec.decode(record)))
        expect(second).toEqual(first)
      }),
      { numRuns: runs },
    )
  })

  test('any JSON is written or refused, and what is written reads back', () => {
    const [generated, closures] = codecs('raw', compiler, codePage)
    const whole = generated.decode(new Uint8Array(generated.minimumLength).fill(codePage === 'cp037' ? 0x40 : 0x20))
    const keys = Object.keys(whole)
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.jsonValue() as fc.Arbitrary<JsonValue>,
      fc.constantFrom('1', '-1', '0.50', '99999999999', '2024-02-29', '12:00:00', ''),
      fc.record({ $raw: fc.constantFrom('', '40', '4040', 'zz', 'F0F0F0F0') }),
    )
    const change = fc.dictionary(
      fc.oneof(fc.constantFrom(...keys, '$residue', 'constructor', '__proto__'), fc.string()),
      anything,
      {
        maxKeys: 4,
      },
    )
    fc.assert(
      fc.property(change, (changes) => {
        const value = { ...whole, ...changes } as JsonObject
        const first = outcomeOf(() => generated.encode(value))
        expect(outcomeOf(() => closures.encode(value))).toEqual(first)
        if (!(first instanceof Uint8Array)) return
        expect(generated.encode(generated.decode(first))).toEqual(first)
      }),
      { numRuns: runs },
    )
  })
})

function outcomeOf<T>(attempt: () => T): T | string {
  try {
    return attempt()
  } catch (error) {
    if (isFailure(error)) return error.message
    throw error
  }
}

test('any text given as JSON is written or refused', () => {
  const [codec] = codecs('error', {}, 'cp037')
  const input = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.uint8Array({ maxLength: 40 }))
  fc.assert(
    fc.property(input, (json) => {
      expect(() => {
        const outcome = outcomeOf(() => codec.encodeJson(json, byteSink(1)))
        return typeof outcome === 'string' ? outcome : 'written'
      }).not.toThrow()
    }),
    { numRuns: runs },
  )
  process.stderr.write(`fuzz: ${4 * 5 * runs + runs} inputs\n`)
})
