// Records that stand below each other → one JSON object for each root, and back to the same bytes.

import { describe, expect, test } from '@jest/globals'
import { compileCopybook } from '../../../src/cobol/compile.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import { type RecordTypes, recordTypes } from '../../../src/dataset/record/record-types.ts'
import type { RecordsRequest } from '../../../src/dataset/record/request.ts'
import { rootFlattening } from '../../../src/dataset/segment/flatten-roots.ts'
import { hierarchyOf } from '../../../src/dataset/segment/hierarchy.ts'
import { recordNesting } from '../../../src/dataset/segment/nest-records.ts'
import { countsItself } from '../../../src/frame/format.ts'
import { type Random, randomOf } from '../../codec/differential/random.ts'

const text = ['COMPANY', 'CONTACT', 'SITE', 'METER', 'NOTE']
  .map((name, index) => `01 ${name}. 05 ID PIC X. 05 ${name}-NAME PIC X(${index + 1}).`)
  .join('\n')
const select = [
  ['COMPANY', 'C'],
  ['CONTACT', 'P'],
  ['SITE', 'S'],
  ['METER', 'M'],
  ['NOTE', 'N'],
].map(([name = '', letter = '']) => ({ name, at: { offset: 0, text: letter } }))
const parents = [
  { child: 'CONTACT', parent: 'COMPANY' },
  { child: 'SITE', parent: 'COMPANY' },
  { child: 'METER', parent: 'SITE' },
]
const hierarchy = hierarchyOf(parents, select)

function typesOf(): RecordTypes {
  const source = { name: 'TREE.cpy', text }
  const { layouts, notes } = compileCopybook(source, { format: 'free' })
  const request: RecordsRequest = {
    copybook: { source, folders: [] },
    compiler: {},
    record: undefined,
    codec: { codePage: 'ascii', undeclaredViews: 'all' },
    select,
    format: { kind: 'variable', record: countsItself },
    parents,
    offsets: { start: 0, end: 0 },
  }
  return recordTypes({ source, layouts, notes }, request, {})
}

const types = typesOf()
const everything = { skip: 0, last: Number.POSITIVE_INFINITY, most: 1_000_000 }

/** What comes of records: the objects of whole roots, and the code of each record that was refused, with its number. */
function nested(records: readonly string[], range = everything): { roots: JsonObject[]; failed: string[] } {
  const nesting = recordNesting(types, hierarchy, range)
  const failed: string[] = []
  let lines = ''
  for (const [index, record] of records.entries()) {
    const bytes = new TextEncoder().encode(`..${record}.`)
    const error = nesting.add({ bytes, start: 2, end: bytes.length - 1, place: 'body' })
    if (error) failed.push(`${index + 1} ${error.code}`)
    if (index % 3 === 0) lines += new TextDecoder().decode(nesting.take())
  }
  nesting.end()
  lines += new TextDecoder().decode(nesting.take())
  return {
    roots: lines
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
    failed,
  }
}

function flattened(roots: readonly JsonObject[]): string[] {
  const flatten = rootFlattening(types, hierarchy)
  return roots.flatMap((root) =>
    flatten(new TextEncoder().encode(JSON.stringify(root))).map((bytes) => new TextDecoder().decode(bytes)),
  )
}

test('in the order of the file, both ways', () => {
  const records = ['C1', 'Pa ', 'Ssss', 'Mmmmm', 'Pb ', 'Sttt', 'Mnnnn', 'Moooo', 'Nnotes', 'C2']
  const { roots, failed } = nested(records)
  expect(failed).toEqual([])
  expect(roots).toEqual([
    {
      $record: 'COMPANY',
      id: 'C',
      companyName: '1',
      $children: [
        { $record: 'CONTACT', id: 'P', contactName: 'a' },
        {
          $record: 'SITE',
          id: 'S',
          siteName: 'sss',
          $children: [{ $record: 'METER', id: 'M', meterName: 'mmmm' }],
        },
        { $record: 'CONTACT', id: 'P', contactName: 'b' },
        {
          $record: 'SITE',
          id: 'S',
          siteName: 'ttt',
          $children: [
            { $record: 'METER', id: 'M', meterName: 'nnnn' },
            { $record: 'METER', id: 'M', meterName: 'oooo' },
          ],
        },
      ],
    },
    { $record: 'NOTE', id: 'N', noteName: 'notes' },
    { $record: 'COMPANY', id: 'C', companyName: '2', $children: [] },
  ])
  expect(flattened(roots)).toEqual(records)
})

test.each<[string, string[], string[], string[]]>([
  ['a child before any root', ['Pa ', 'C1', 'Pa '], ['1 RECORD_PARENT_MISSING'], ['1']],
  ['a child whose parent is missing', ['C1', 'Mmmmm', 'Pa ', 'C2'], ['2 RECORD_PARENT_MISSING'], ['2']],
  [
    'a child behind the root of another',
    ['C1', 'Ssss', 'Nnotes', 'Mmmmm', 'C2'],
    ['4 RECORD_PARENT_MISSING'],
    ['1', '2'],
  ],
  ['an unknown record', ['C1', 'X', 'Pa ', 'C2', 'Pa '], ['2 RECORD_TYPE_UNKNOWN'], ['2']],
  [
    'an unknown record behind one that ends early',
    ['C1', 'C2', 'Pa', 'X', 'C3'],
    ['4 RECORD_TYPE_UNKNOWN'],
    ['1', '3'],
  ],
  ['several in one root', ['C1', 'X', 'Mmmmm', 'Y', 'C2'], ['2 RECORD_TYPE_UNKNOWN', '4 RECORD_TYPE_UNKNOWN'], ['2']],
])('%s: its root is left out whole', (_, records, failed, names) => {
  const result = nested(records)
  expect(result.failed).toEqual(failed)
  expect(result.roots.flatMap(({ companyName }) => companyName ?? [])).toEqual(names)
})

test('a root that takes too much memory', () => {
  const long = ['C1', ...Array.from({ length: 100 }, () => 'Pa '), 'C2']
  const { roots, failed } = nested(long, { ...everything, most: 1000 })
  expect(failed).toEqual(['21 ROOT_RECORD_TOO_LONG'])
  expect(roots.map(({ companyName }) => companyName)).toEqual(['2'])
})

test('roots are passed over and counted', () => {
  const records = ['C1', 'Pa ', 'C2', 'Pb ', 'Mmmmm', 'C3', 'Pc ', 'C4', 'X']
  const { roots, failed } = nested(records, { ...everything, skip: 2, last: 3 })
  expect(failed).toEqual([])
  expect(roots).toMatchObject([{ companyName: '3', $children: [{ contactName: 'c' }] }])
})

describe('mistakes in JSON', () => {
  const contact = { $record: 'CONTACT', id: 'P', contactName: 'a' }
  const company = { $record: 'COMPANY', id: 'C', companyName: '1' }
  test.each<[JsonObject, string, string]>([
    [contact, 'RECORD_PARENT_MISSING', 'a CONTACT stands below no COMPANY'],
    [{ ...company, $children: [{ $record: 'METER', id: 'M' }] }, 'RECORD_PARENT_MISSING', 'in $children[0]'],
    [{ ...company, $children: [company] }, 'RECORD_CHILD_WRONG', 'COMPANY is in $children of COMPANY'],
    [{ ...company, $children: [{ ...contact, $children: [contact] }] }, 'RECORD_CHILD_WRONG', 'in $children[0]'],
    [{ ...company, $children: {} }, 'VALUE_TYPE_WRONG', 'an array'],
    [{ ...company, $children: ['x'] }, 'VALUE_TYPE_WRONG', 'in $children[0]'],
    [{ id: 'C', companyName: '1' }, 'VALUE_MISSING', '$record'],
    [{ ...company, $record: 'NIX' }, 'RECORD_UNKNOWN', 'NIX'],
    [{ ...company, $children: [contact, { ...contact, id: 'S' }] }, 'RECORD_TYPE_DISAGREES', 'in $children[1]'],
    [{ ...company, $children: [{ ...contact, contactName: 'abc' }] }, 'VALUE_TOO_LONG', 'in $children[0]'],
  ])('%j', (root, code, words) => {
    const flatten = () => flattened([root])
    expect(flatten).toThrow(expect.objectContaining({ code }))
    try {
      flatten()
    } catch (error) {
      expect(`${error} ${(error as { excerpt?: string }).excerpt}`).toContain(words)
    }
  })
})

test.each([
  [[{ child: 'SITE', parent: 'NIX' }], 'no --select names NIX'],
  [[{ child: 'SITE', parent: 'SITE' }], 'SITE stands below itself'],
  [[...parents, { child: 'COMPANY', parent: 'METER' }], 'stands below itself'],
  [[...parents, { child: 'METER', parent: 'COMPANY' }], 'METER has two parents, SITE and COMPANY'],
])('a mistake in the option: %j', (given, words) => {
  expect(() => hierarchyOf(given, select)).toThrow(`RECORD_PARENTS_INVALID: --parent: `)
  expect(() => hierarchyOf(given, select)).toThrow(words)
})

describe('random files', () => {
  const letters = ['C', 'P', 'S', 'M', 'N']
  const lengths = { C: 1, P: 2, S: 3, M: 4, N: 5 } as Readonly<Record<string, number>>

  const recordOf = (letter: string, random: Random) =>
    letter + Array.from({ length: lengths[letter] ?? 0 }, () => random.pick(['a', 'b', ' '])).join('')

  /** Whether each record stands below what it must, by the rule told the slow way: look back. */
  function isWhole(records: readonly string[], index: number): boolean {
    const letter = records[index]?.charAt(0) ?? ''
    const back = records.slice(0, index).map((one) => one.charAt(0))
    const root = Math.max(back.lastIndexOf('C'), back.lastIndexOf('N'))
    if (letter === 'C' || letter === 'N') return true
    if (back[root] !== 'C') return false
    // Between a SITE and its METER there are only others of its own: elsewhere the order of the file would be lost.
    return letter !== 'M' || back.filter((one) => one !== 'M').at(-1) === 'S'
  }

  test.each(Array.from({ length: 200 }, (_, seed) => seed))('seed %i', (seed) => {
    const random = randomOf(seed)
    const records = Array.from({ length: random.below(30) }, () => recordOf(random.pick(letters), random))
    const { roots, failed } = nested(records)
    const broken = records.flatMap((_, index) => (isWhole(records, index) ? [] : [index]))
    if (broken.length === 0) {
      expect(flattened(roots)).toEqual(records)
      return
    }
    expect(failed[0]).toBe(`${(broken[0] ?? 0) + 1} RECORD_PARENT_MISSING`)
    // What is told whole is in the file, one behind the other.
    const starts = records.flatMap((one, index) => (/^[CN]/.test(one) ? [index] : []))
    const whole = starts.flatMap((from, n) => {
      const to = starts[n + 1] ?? records.length
      return broken.some((index) => index >= from && index < to) ? [] : records.slice(from, to)
    })
    expect(flattened(roots)).toEqual(whole)
  })
})
