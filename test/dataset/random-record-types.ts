// Files of random record types without descriptors, with the JSON of each record: both written here, without the product's codec.

import type { RecordsRequest, SelectRequest } from '../../src/dataset/record/request.ts'
import { fc } from '../support/property.ts'

/** A file, how it is to be read, and the lines of JSON that it must give. */
export interface RandomFile {
  readonly request: RecordsRequest
  readonly bytes: Buffer
  readonly lines: readonly string[]
}

/** A record type: a text, and maybe a table with a counter, whose elements may have a table with a counter, and a text behind it. */
interface RandomType {
  readonly text: number
  readonly table: { readonly most: number; readonly text: number; readonly inner: number | undefined } | undefined
  readonly last: number
}

const randomType: fc.Arbitrary<RandomType> = fc.record({
  text: fc.integer({ min: 1, max: 9 }),
  table: fc.option(
    fc.record({
      most: fc.integer({ min: 1, max: 9 }),
      text: fc.integer({ min: 1, max: 5 }),
      inner: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    }),
    { nil: undefined },
  ),
  last: fc.integer({ min: 0, max: 3 }),
})

/** Numbers from 0 up to below 1, as many as are asked for, always the same for a seed. */
function numbersOf(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** EBCDIC of A to I and 0 to 9. */
const ebcdic = (text: string): number[] =>
  Array.from(text, (one) => (one >= 'A' ? 0xc1 + one.charCodeAt(0) - 65 : 0xf0 + Number(one)))

function copybookOf(types: readonly RandomType[]): string {
  const lines = types.flatMap(({ text, table, last }, index) => [
    `01 T${index}.`,
    '   05 KIND PIC X(2).',
    `   05 A PIC X(${text}).`,
    ...(table
      ? [
          '   05 N PIC 9.',
          `   05 T OCCURS 0 TO ${table.most} DEPENDING ON N.`,
          `      10 B PIC X(${table.text}).`,
          ...(table.inner === undefined
            ? []
            : ['      10 M PIC 9.', `      10 U PIC X(2) OCCURS 0 TO ${table.inner} DEPENDING ON M.`]),
        ]
      : []),
    ...(last > 0 ? [`   05 Z PIC X(${last}).`] : []),
  ])
  return lines.map((line) => `       ${line}\n`).join('')
}

/** Writes a record; gives its JSON. */
function recordOf(type: RandomType, index: number, below: (most: number) => number, bytes: number[]): string {
  const put = (text: string): string => {
    bytes.push(...ebcdic(text))
    return text
  }
  const text = (length: number) => put(Array.from({ length }, () => 'ABCDEFGHI'.charAt(below(9))).join(''))
  const value: Record<string, unknown> = { $record: `T${index}`, kind: put(`${'ABCDEFGHI'.charAt(index)}${index}`) }
  value.a = text(type.text)
  const { table } = type
  if (table) {
    const count = below(table.most + 1)
    value.n = put(String(count))
    value.t = Array.from({ length: count }, () => {
      const element: Record<string, unknown> = { b: text(table.text) }
      if (table.inner !== undefined) {
        const inner = below(table.inner + 1)
        element.m = put(String(inner))
        element.u = Array.from({ length: inner }, () => text(2))
      }
      return element
    })
  }
  if (type.last > 0) value.z = text(type.last)
  return JSON.stringify(value)
}

/** The first type may be that of a header, the last that of a trailer, where it has one length. */
function selectOf(types: readonly RandomType[], hasHeader: boolean, hasTrailer: boolean): SelectRequest[] {
  const body = types.map((_, index) => ({
    name: `T${index}`,
    at: { offset: 0, text: `${'ABCDEFGHI'.charAt(index)}${index}` },
  }))
  return body.map((rule, index) => {
    if (index === 0 && hasHeader) return { name: rule.name, place: 'header' as const }
    if (index === body.length - 1 && hasTrailer) return { name: rule.name, place: 'trailer' as const }
    return rule
  })
}

/** Makes the file of some types with so many records between header and trailer. */
export function randomFile(types: readonly RandomType[], records: number, seed: number, ends: number): RandomFile {
  const last = types.length - 1
  const hasHeader = types.length > 2 && ends % 2 === 1
  const hasTrailer = types.length > 2 && ends > 1 && types[last]?.table === undefined
  const below = numbersOf(seed)
  const first = hasHeader ? 1 : 0
  const body = types.length - first - (hasTrailer ? 1 : 0)
  const indexes = Array.from({ length: records }, () => first + below(body))
  const all = [...(hasHeader ? [0] : []), ...indexes, ...(hasTrailer ? [last] : [])]
  const bytes: number[] = []
  const lines = all.map((index) =>
    recordOf(types[index] ?? { text: 1, table: undefined, last: 0 }, index, below, bytes),
  )
  const request: RecordsRequest = {
    copybook: { source: { name: 'random.cpy', text: copybookOf(types) }, folders: [] },
    compiler: {},
    record: undefined,
    codec: { codePage: 'cp037', undeclaredViews: 'all' },
    select: selectOf(types, hasHeader, hasTrailer),
    format: { kind: 'by-layout', lengths: {} },
    offsets: { start: 0, end: 0 },
    parents: [],
  }
  return { request, bytes: Buffer.from(bytes), lines }
}

/** Lists of record types. */
export const randomTypes = fc.array(randomType, { minLength: 1, maxLength: 6 })

/** Files of up to 40 records. */
export const randomFiles: fc.Arbitrary<RandomFile> = fc
  .tuple(randomTypes, fc.nat(40), fc.nat(0xffff_ffff), fc.nat(3))
  .map(([types, records, seed, ends]) => randomFile(types, records, seed, ends))
