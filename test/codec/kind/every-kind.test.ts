// What every storage kind promises, for every USAGE and PICTURE category in records of every family: all its ways of reading give one value, all
// its ways of writing the same bytes, each stays inside of its field, and what was written reads back.

import { describe, expect, test } from '@jest/globals'
import type { CompilerOptions, Item } from '../../../src/cobol/layout.ts'
import { dated } from '../../../src/codec/kind/date.ts'
import type { Kind, Special } from '../../../src/codec/kind/kind.ts'
import { refused } from '../../../src/codec/kind/kind.ts'
import { kindOfItem } from '../../../src/codec/plan/kind-of-item.ts'
import { codePage } from '../../../src/codepage/code-page.ts'
import type { DateFormat } from '../../../src/contract/record.ts'
import { fc } from '../../support/property.ts'
import { hex, layoutOf } from '../layouts.ts'

const clauses = `
  PIC X(7)                | PIC X(5) JUSTIFIED                | PIC A(3)             | PIC XX/XX0BX
  PIC N(3) NATIONAL       | PIC N(3) NATIONAL JUSTIFIED       | PIC NN/N NATIONAL    | PIC U(3)
  PIC 9                   | PIC 9(4)                          | PIC S9(4)            | PIC S9(3)V99
  PIC S9(4) SIGN LEADING  | PIC S9(4) SIGN TRAILING SEPARATE  | PIC SV9(4)           | PIC S99V9 SIGN LEADING SEPARATE
  PIC 9(20)               | PIC S9(16)V9(15)                  | PIC S9(3)PPP         | PIC VPP9(3)
  PIC 9(3) NATIONAL       | PIC S9(3)V9 NATIONAL SIGN TRAILING SEPARATE | PIC S9(2) NATIONAL SIGN LEADING SEPARATE | PIC S9(3)P NATIONAL SIGN LEADING SEPARATE
  PIC 9(4) COMP-3         | PIC S9(5)V99 COMP-3               | PIC S9(16)V9(15) COMP-3 | PIC S9(3)PP COMP-3
  PIC 9(5) COMP-6         | PIC 9(4)V99 COMP-6                | PIC S9(4) COMP       | PIC 9(9) COMP
  PIC S9(7)V99 COMP-5     | PIC S9(18) COMP                   | PIC 9(18) COMP-5     | PIC S9(3)PPP COMP
  PIC 9(4) COMP-X         | COMP-1                            | COMP-2               | POINTER
  PIC $$,$$9.99CR         | PIC ***,***.**                    | PIC -(5)9.9          | PIC ZZZ9 BLANK WHEN ZERO
  PIC +9.99E+99           | PIC 9(4) BLANK WHEN ZERO          | PIC ZZ9.99 NATIONAL  | PIC G(3) DISPLAY-1
`
  .split(/[|\n]/)
  .map((one) => one.trim())
  .filter((one) => one !== '')

const dates: [DateFormat, string][] = [
  ['YYYYMMDD', 'PIC 9(8)'],
  ['YYMMDD', 'PIC X(6)'],
  ['YYYYDDD', 'PIC S9(7) COMP-3'],
  ['HHMMSS', 'PIC 9(6) COMP-3'],
  ['YYYYMMDDHHMMSS', 'PIC 9(14)'],
]

const families: [string, Partial<CompilerOptions>][] = [
  ['cp037', {}],
  ['cp939', { numproc: 'PFD', trunc: 'BIN' }],
  ['cp1140', { zonedata: 'MIG', float: 'IEEE' }],
  ['ascii', { dialect: 'gnucobol', endian: 'little', float: 'IEEE' }],
  ['utf-8', { dialect: 'microfocus' }],
]

interface Case {
  readonly what: string
  readonly kind: Kind
  readonly page: string
}

/** All kinds that the page and the dialect have. */
function casesOf(page: string, options: Partial<CompilerOptions>): Case[] {
  const itemOf = (text: string) =>
    layoutOf(`01 R. 05 A ${text}.`, { arith: 'EXTEND', ...options }).root.children[0] as Item
  const context = {
    page: codePage(page),
    options: layoutOf('01 R. 05 A PIC X.', { arith: 'EXTEND', ...options }).options,
  }
  const kindOf = (text: string) => kindOfItem(itemOf(text), context)
  const unknown = [page === 'cp939' ? [] : ['DISPLAY-1'], options.dialect ? [] : ['COMP-X']].flat()
  const usual = clauses.filter((text) => !unknown.some((word) => text.includes(word)))
  return [
    ...usual.map((what) => ({ what, kind: kindOf(what), page })),
    ...dates.map(([format, what]) => ({
      what: `${what} as ${format}`,
      kind: dated(kindOf(what), format),
      page,
    })),
  ]
}

const functions = new Map<Special, unknown>()

function made<F>(special: Special): F {
  const { program, tables } = special
  const known = functions.get(special) ?? new Function(...Object.keys(tables), program())(...Object.values(tables))
  functions.set(special, known)
  return known as F
}

const offset = 3
const guard = 0xa5

/** A copy with a margin on both sides, so that a step outside of the field shows. */
function placed(bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array(bytes.length + 2 * offset + 16).fill(guard)
  all.set(bytes, offset)
  return all
}

/** What a writer left in the field; fails where it wrote beside it. */
function inside(all: Uint8Array, { length }: Kind): string {
  const around = [...all.subarray(0, offset), ...all.subarray(offset + length)]
  expect(around.every((byte) => byte === guard)).toBe(true)
  return hex(all.subarray(offset, offset + length))
}

interface Reading {
  readonly value: string | null | undefined
  readonly residue: boolean
}

type Append = NonNullable<Kind['append']>

/** `decoded` gives the text that an appending reader wrote. */
function appended(append: Append, bytes: Uint8Array, kind: Kind, decoded: (text: Buffer) => string): Reading {
  const out = Buffer.alloc(kind.maximumText + 64, guard)
  const trace = { residue: false }
  const end = append(placed(bytes), offset, out, 5, trace)
  if (end < 0) return { value: undefined, residue: false }
  expect(end - 5).toBeLessThanOrEqual(kind.maximumText)
  return { value: decoded(out.subarray(5, end)), residue: trace.residue }
}

const latin = (text: Buffer): string => text.toString('latin1')
const json = (text: Buffer): string => JSON.parse(`"${new TextDecoder('utf-8', { fatal: true }).decode(text)}"`)

/** The value by `read`, which all other ways must give too. */
function readAll(kind: Kind, bytes: Uint8Array): Reading {
  const trace = { residue: false }
  const value = kind.read(placed(bytes), offset, trace)
  const reading: Reading = { value, residue: value !== undefined && trace.residue }
  const { append, appendJson, special } = kind
  // A null and what only strings can say are left to `read`.
  if (append) expect(appended(append, bytes, kind, latin)).toEqual(reading)
  if (special && append) expect(appended(made(special), bytes, kind, latin)).toEqual(reading)
  if (appendJson) {
    const inJson = appended(appendJson, bytes, kind, json)
    if (inJson.value !== undefined) expect(inJson).toEqual(reading)
  }
  return reading
}

/** The bytes by `write`, which all other ways must give too; undefined for a value that is refused. */
function writeAll(kind: Kind, value: string): string | undefined {
  const out = placed(new Uint8Array(kind.length))
  const verdict = kind.write(value, out, offset)
  const written = inside(out, kind)
  const text = JSON.stringify(value).slice(1)
  const bytes = Buffer.concat([Buffer.from(`:"${text}`), Buffer.alloc(32)])
  const end = Buffer.byteLength(text) + 1
  for (const writeJson of [
    kind.writeJson,
    kind.specialWrite && made<NonNullable<Kind['writeJson']>>(kind.specialWrite),
  ]) {
    if (!writeJson) continue
    const other = placed(new Uint8Array(kind.length))
    const reached = writeJson(bytes, 2, other, offset)
    const left = inside(other, kind)
    if (reached < 0) continue
    expect({ reached, left }).toEqual({ reached: end, left: written })
    expect(verdict).toBe(refused.none)
  }
  return verdict === refused.none ? written : undefined
}

/** Values that each kind is given in every run; some are for it and the others not. */
const known = [
  ...['0', '-0', '00', '1', '-1', '0.5', '-0.01', '12.5', '1.250', '1000', '-3000', '.5', '1.', '+1', '1E+10', '0.000'],
  ...['2024-02-29', '2023-02-29', '12:34:56', '24:00:00', '2026-11-23T12:34:56', '2026-11-23T12:60:00'],
  ...['', 'A', '40404040', '4040404040404040', 'zz', '"', '\\', '\u0001', '日本', 'é€'],
]

const values = fc.oneof(
  fc.constantFrom(...known),
  fc.stringMatching(/^-?(0|[1-9]\d{0,3})(\.\d{1,2})?$/),
  fc.stringMatching(/^-?(0|[1-9]\d{0,30})(\.\d{1,15})?$/),
  fc.string({ maxLength: 9 }),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
  fc.stringMatching(/^[A-Z ]{0,8}$/),
)

/** The bytes of a value; of none where it is refused. */
function bytesOf(value: string, { length, initial, write }: Kind): Uint8Array {
  const out = new Uint8Array(length)
  return write(value, out, 0) === refused.none ? out : initial.slice()
}

/** Bytes that a value gives, with up to one changed, digits in the way of a number, and any others. */
function randomBytes({ kind, page }: Case): fc.Arbitrary<Uint8Array> {
  const zero = page.startsWith('cp') ? 0xf0 : 0x30
  const size = { minLength: kind.length, maxLength: kind.length }
  const odd = fc.oneof(
    fc.integer({ min: zero, max: zero + 9 }),
    fc.constantFrom(0x00, 0x0c, 0x0e, 0x0f, 0x1d, 0x20, 0x2d, 0x33, 0x40, 0x4e, 0x60, 0x74, 0xc3, 0xd4, 0xff),
    fc.nat(255),
  )
  const nearly = fc.tuple(values, fc.option(fc.tuple(fc.nat(), odd))).map(([value, change]) => {
    const out = bytesOf(value, kind)
    if (change) out[change[0] % kind.length] = change[1]
    return out
  })
  const digits = fc.tuple(fc.array(fc.integer({ min: zero, max: zero + 9 }), size), fc.nat(), odd)
  return fc.oneof(
    nearly,
    digits.map(([all, at, byte]) => Uint8Array.from(all.with(at % all.length, byte))),
    fc.array(odd, size).map((all) => Uint8Array.from(all)),
  )
}

describe.each(families)('%s', (page, options) => {
  const cases = casesOf(page, options)

  test.each(cases)('$what', (one) => {
    const { kind } = one
    let valid = 0
    let taken = 0
    fc.assert(
      fc.property(randomBytes(one), (bytes) => {
        const { value, residue } = readAll(kind, bytes)
        if (value === undefined) {
          const { index, expected, found } = kind.explain(placed(bytes), offset)
          expect(index).toBeGreaterThanOrEqual(0)
          expect(index).toBeLessThan(kind.length)
          expect(expected).not.toBe('')
          expect(found).not.toBe('')
        } else if (value !== null) {
          valid++
          const again = writeAll(kind, value)
          if (!residue) expect(again).toBe(hex(bytes))
        }
      }),
      { numRuns: 150, examples: known.map((value) => [bytesOf(value, kind)]) },
    )
    fc.assert(
      fc.property(values, (value) => {
        const written = writeAll(kind, value)
        if (written === undefined) return
        taken++
        const bytes = Uint8Array.from(written.split(' '), (pair) => Number.parseInt(pair, 16))
        const { value: read, residue } = readAll(kind, bytes)
        expect(residue).toBe(false)
        expect(typeof read).toBe('string')
        expect(writeAll(kind, read as string)).toBe(written)
      }),
      { numRuns: 150, examples: known.map((value) => [value]) },
    )
    expect(valid).toBeGreaterThan(0)
    expect(taken).toBeGreaterThan(0)
  })

  test('what nothing was moved to reads as a value, or as none', () => {
    for (const { what, kind } of cases) {
      expect({ what, length: kind.initial.length }).toEqual({ what, length: kind.length })
      expect({ what, value: kind.read(placed(kind.initial), offset, { residue: false }) }).not.toEqual({
        what,
        value: undefined,
      })
    }
  })
})
