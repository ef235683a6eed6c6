// What a schema says of a field and what writing takes are one: a text that pattern and length take is written, and what is read is taken.

import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { CompilerOptions, Item } from '../../../src/cobol/layout.ts'
import { decimalPattern } from '../../../src/codec/decimal-pattern.ts'
import { jsonSchemaOf } from '../../../src/codec/json-schema.ts'
import { dated } from '../../../src/codec/kind/date.ts'
import { type Kind, refused } from '../../../src/codec/kind/kind.ts'
import { kindOfItem } from '../../../src/codec/plan/kind-of-item.ts'
import { type RecordCodec, recordCodec } from '../../../src/codec/record-codec.ts'
import { codePage } from '../../../src/codepage/code-page.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import type { DateFormat } from '../../../src/contract/record.ts'
import { fc } from '../../support/property.ts'
import { layoutOf } from '../layouts.ts'

const clauses = `
  PIC 9          | PIC S9(4)       | PIC S9(3)V99     | PIC SV9(4)       | PIC 9(18)         | PIC S9(16)V9(15)
  PIC S9(3)PPP   | PIC 9P          | PIC VPP9(3)      | PIC SVP9         | PIC S9(3)PP COMP-3 | PIC VPP9(3) COMP-3
  PIC S9(3)P COMP | PIC VP9(2) COMP | PIC S9(5)V99 COMP-3 | PIC 9(4)V99 COMP-6 | PIC S9(9) COMP  | PIC 9(9) COMP-5
  PIC S9(4)V99 COMP-5 | PIC 9(3) NATIONAL | PIC S9(3)P NATIONAL SIGN LEADING SEPARATE | PIC S9(2) SIGN TRAILING SEPARATE
  PIC $$,$$9.99CR | PIC ***,***.** | PIC -(5)9.9      | PIC ZZZ9 BLANK WHEN ZERO | PIC ZZ9.99 NATIONAL | PIC 9(4) BLANK WHEN ZERO
  PIC ZZPP       | PIC -9PP        | PIC VPP99CR      | PIC .ZZ-         | PIC V$$$          | POINTER
`
  .split(/[|\n]/)
  .map((one) => one.trim())
  .filter((one) => one !== '')

const families: [string, Partial<CompilerOptions>][] = [
  ['cp037', {}],
  ['cp1140', { numproc: 'PFD', trunc: 'BIN' }],
  ['ascii', { dialect: 'gnucobol', endian: 'little' }],
  ['utf-8', { dialect: 'microfocus' }],
]

function kindOf(clause: string, page: string, options: Partial<CompilerOptions>): Kind {
  const { root, options: all } = layoutOf(`01 R. 05 A ${clause}.`, { arith: 'EXTEND', ...options })
  return kindOfItem(root.children[0] as Item, { page: codePage(page), options: all })
}

/** What the schema takes: the pattern and the greatest length. */
function schemaOf({ shape }: Kind): { pattern: RegExp; maxLength: number } {
  if (shape.type === 'decimal') {
    const { pattern, maxLength } = decimalPattern(shape)
    return { pattern: new RegExp(pattern), maxLength }
  }
  if (shape.type === 'hex') return { pattern: new RegExp(`^[0-9A-F]{${2 * shape.bytes}}$`), maxLength: 2 * shape.bytes }
  if (shape.type === 'date') return { pattern: new RegExp(shape.pattern), maxLength: 24 }
  throw new Error(`no pattern for ${shape.type}`)
}

function written(kind: Kind, value: string): Uint8Array | undefined {
  const out = new Uint8Array(kind.length)
  return kind.write(value, out, 0) === refused.none ? out : undefined
}

const read = (kind: Kind, bytes: Uint8Array) => kind.read(bytes, 0, { residue: false })

const anyDecimal = fc.oneof(
  fc.stringMatching(/^-?(0|[1-9]\d{0,5})(\.\d{1,4})?$/),
  fc.stringMatching(/^-?[1-9]\d{0,2}0{1,4}$/),
  fc.stringMatching(/^-?0\.0{0,3}\d{1,4}$/),
  fc.stringMatching(/^-?(0|[1-9]\d{0,17})(\.\d{1,15})?$/),
)

describe.each(families)('%s', (page, options) => {
  test.each(clauses)('%s', (clause) => {
    const kind = kindOf(clause, page, options)
    const { pattern, maxLength } = schemaOf(kind)
    const isTaken = (value: string) => pattern.test(value) && value.length <= maxLength
    // Every text of the pattern is within its length, is written, and comes back as itself: but for a zero with a sign.
    fc.assert(
      fc.property(fc.stringMatching(pattern), (value) => {
        expect({ value, fits: value.length <= maxLength }).toEqual({ value, fits: true })
        const bytes = written(kind, value)
        expect({ value, written: bytes !== undefined }).toEqual({ value, written: true })
        const plain = /^-[0.]+$/.test(value) ? value.slice(1) : value
        expect(bytes && read(kind, bytes)).toBe(plain)
      }),
      { numRuns: 200 },
    )
    // Whatever else is written is read as what the pattern takes.
    fc.assert(
      fc.property(anyDecimal, (value) => {
        const bytes = written(kind, value)
        const again = bytes && read(kind, bytes)
        if (typeof again === 'string')
          expect({ value, again, isTaken: isTaken(again) }).toEqual({ value, again, isTaken: true })
      }),
      { numRuns: 200 },
    )
    // So is whatever stands in a record.
    fc.assert(
      fc.property(fc.uint8Array({ minLength: kind.length, maxLength: kind.length }), (bytes) => {
        const value = read(kind, bytes)
        if (typeof value === 'string') expect({ value, isTaken: isTaken(value) }).toEqual({ value, isTaken: true })
      }),
      { numRuns: 200 },
    )
  })
})

/** Binaries of each length and scale; those with the whole range of their bytes end between two numbers of equally many digits. */
const binaries = `
  PIC 9(4) COMP-5 | PIC S9(4) COMP-5 | PIC 9(9) COMP-5 | PIC S9(9) COMP-5 | PIC 9(18) COMP-5 | PIC S9(18) COMP-5
  PIC S9(2)V99 COMP-5 | PIC SV9(4) COMP-5 | PIC 9(7)V99 COMP-5 | PIC S9(16)V99 COMP-5 | PIC VPP9(3) COMP-5 | PIC S9(3)PP COMP-5
  PIC SVPP9(3) COMP-5 | PIC 9P COMP-5 | PIC V9(5) COMP-5 | PIC 9V9(4) COMP-5 | PIC 9(4) COMP | PIC S9(9)V9 COMP | PIC S9(18) COMP
  PIC 9(2) COMP-X | PIC 9(6)V99 COMP-X
`
  .split(/[|\n]/)
  .map((one) => one.trim())
  .filter((one) => one !== '')

/** Whole numbers at the bounds of bytes and of digits, and beside them. */
const aroundBounds = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: 0, max: 66 }).map((bit) => 2n ** BigInt(bit)),
      fc.integer({ min: 0, max: 20 }).map((digit) => 10n ** BigInt(digit)),
      fc.bigInt(0n, 2n ** 66n),
    ),
    fc.bigInt(-3n, 3n),
    fc.constantFrom(1n, -1n),
  )
  .map(([bound, beside, sign]) => sign * (bound + beside))

/** As the codec writes it: with all decimals, and as many zeros at its end as the picture has P. */
function decimalText(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : ''
  const digits = String(unscaled < 0n ? -unscaled : unscaled)
  if (scale <= 0) return unscaled === 0n ? '0' : sign + digits + '0'.repeat(-scale)
  const all = digits.padStart(scale + 1, '0')
  return `${sign}${all.slice(0, -scale)}.${all.slice(-scale)}`
}

const ajv = new Ajv2020({ strict: false })

describe.each([{ trunc: 'STD' }, { trunc: 'BIN' }, { dialect: 'gnucobol' }] as const)(
  'a binary with %j: the schema takes a number where writing does',
  (options) => {
    const known = binaries.filter((clause) => 'dialect' in options || !clause.endsWith('COMP-X'))
    test.each(known)('%s', (clause) => {
      const layout = layoutOf(`01 R. 05 A ${clause}.`, { arith: 'EXTEND', ...options })
      const texts = recordCodec(layout, { codePage: 'cp037' })
      const numbers = recordCodec(layout, { codePage: 'cp037', numbers: ['*'] })
      const takes = (codec: RecordCodec) => ajv.compile(jsonSchemaOf(codec.plan, 'request'))
      const [text, number] = [takes(texts), takes(numbers)]
      const field = numbers.plan.members[0]
      const isNumber = field?.kind === 'field' && field.asNumber
      const scale = layout.root.children[0]?.picture?.scale ?? 0
      fc.assert(
        fc.property(aroundBounds, (unscaled) => {
          const a = decimalText(unscaled, scale)
          const isWritten = isEncoded(texts, { a })
          expect({ a, taken: text({ a }) }).toEqual({ a, taken: isWritten })
          if (isNumber && decimalText(BigInt(Math.round(Number(`${a}e${scale}`))), scale) === a)
            expect({ a, taken: number({ a: Number(a) }) }).toEqual({ a, taken: isEncoded(numbers, { a: Number(a) }) })
        }),
        { numRuns: 100 },
      )
    })
  },
)

function isEncoded(codec: RecordCodec, value: JsonObject): boolean {
  try {
    codec.encode(value)
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^VALUE_(TOO_LARGE|NEGATIVE)$/) })
    return false
  }
}

const texts = 'PIC X(5) | PIC X(5) JUSTIFIED | PIC A(3) | PIC XX/XX0BXX | PIC N(3) NATIONAL | PIC NN/N NATIONAL'.split(
  ' | ',
)

describe.each(['cp037', 'cp1047', 'cp1141', 'ascii'])('text in %s', (page) => {
  test.each(texts)(
    '%s: as many characters of the page as the schema allows are written, one more is refused',
    (clause) => {
      const kind = kindOf(clause, page, {})
      const most = kind.shape.type === 'text' ? kind.shape.maximum : 0
      fc.assert(
        fc.property(fc.stringMatching(new RegExp(`^[A-Za-z0-9,.;:+/()-]{${most}}$`)), (value) => {
          const bytes = written(kind, value)
          expect(bytes && read(kind, bytes)).toBe(value)
          expect(written(kind, `${value}x`)).toBeUndefined()
        }),
      )
    },
  )
})

const days: [DateFormat, string, string[], string[]][] = [
  ['YYYYMMDD', 'PIC 9(8)', ['0001-01-01', '2024-02-29', '9999-12-31'], ['2023-02-29', '2026-13-01', '2026-1-1']],
  ['YYMMDD', 'PIC X(6)', ['1950-01-01', '2049-12-31'], ['1949-12-31', '2050-01-01']],
  ['HHMMSS', 'PIC 9(6) COMP-3', ['00:00:00', '23:59:59'], ['24:00:00', '1:00:00']],
]

test.each(days)('a day or time as %s in %s', (format, clause, good, bad) => {
  const kind = dated(kindOf(clause, 'cp037', {}), format)
  const { pattern } = schemaOf(kind)
  for (const value of good) {
    const bytes = written(kind, value)
    expect({ value, taken: pattern.test(value), read: bytes && read(kind, bytes) }).toEqual({
      value,
      taken: true,
      read: value,
    })
  }
  for (const value of bad)
    expect({ value, written: written(kind, value) !== undefined }).toEqual({ value, written: false })
})
