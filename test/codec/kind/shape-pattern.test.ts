// What a schema says of a field and what writing takes are one: a text that pattern and length take is written, and what is read is taken.

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { CompilerOptions, Item } from '../../../src/cobol/layout.ts'
import { dated } from '../../../src/codec/kind/date.ts'
import { type Kind, refused } from '../../../src/codec/kind/kind.ts'
import { kindOfItem } from '../../../src/codec/plan/kind-of-item.ts'
import { decimalPattern } from '../../../src/codec/shape-rules.ts'
import { codePage } from '../../../src/codepage/code-page.ts'
import type { DateFormat } from '../../../src/contract/record.ts'
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

/** Binaries with the whole range of their bytes: the schema bounds their digits only. */
function isNative(clause: string, { trunc }: Partial<CompilerOptions>): boolean {
  return clause.endsWith('COMP-5') || (clause.endsWith('COMP') && trunc === 'BIN')
}

/** Whether two's complement of so many bytes has the number. */
function isInRange(value: string, { length, shape }: Kind): boolean {
  if (shape.type !== 'decimal') return false
  const whole = BigInt(value.replace('.', '')) / 10n ** BigInt(Math.max(0, -shape.scale))
  const bits = 8 * length
  return (shape.signed ? BigInt.asIntN(bits, whole) : BigInt.asUintN(bits, whole)) === whole
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
        const fits = !isNative(clause, options) || isInRange(value, kind)
        expect({ value, written: bytes !== undefined }).toEqual({ value, written: fits })
        if (!fits) return
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
