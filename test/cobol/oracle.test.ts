// Random data divisions, and chosen ones, against the offsets and lengths that GnuCOBOL gives. Where it departs from IBM, IBM's manual is the judge:
// -std=ibm aligns 8-byte numbers on 8, puts slack inside the group, ignores SYNC on a record, gives COMP-5 of 1-2 digits one byte and pointers eight;
// in every dialect version 3.1.2 puts the slack at the end of an occurrence before its last item. None of these is generated here.

import { expect, test } from '@jest/globals'
import { compileCopybook } from '../../src/cobol/compile.ts'
import { fc } from '../support/property.ts'
import { measure, referencesOf } from './gnucobol.ts'

const LAYOUTS = 500
const dialects = ['ibm', 'gnucobol', 'gnucobol-ibm', 'gnucobol-mvs', 'gnucobol-bs2000', 'microfocus'] as const

const number = fc.tuple(fc.integer({ min: 1, max: 18 }), fc.boolean(), fc.nat(4)).map(([digits, signed, scale]) => {
  const decimals = Math.min(scale, digits - 1)
  return `PIC ${signed ? 'S' : ''}9(${digits - decimals})${decimals > 0 ? `V9(${decimals})` : ''}`
})
const elementary = fc.oneof(
  fc.integer({ min: 1, max: 40 }).map((length) => `PIC X(${length})`),
  number,
  number.map((picture) => (picture.includes('S') ? `${picture} SIGN LEADING SEPARATE` : picture)),
  number.map((picture) => `${picture} COMP-3`),
  number.map((picture) => `${picture} COMP`),
  fc.constantFrom(
    'COMP-1',
    'COMP-2',
    'INDEX',
    'PIC ZZ,ZZ9.99CR',
    'PIC $$$9.99-',
    'PIC XX/XX0B',
    'PIC VPP9(3)',
    'PIC 9(3)PP COMP',
  ),
)
/** What IBM's compiler does not have. */
const others = fc.oneof(
  { weight: 9, arbitrary: elementary },
  fc.integer({ min: 1, max: 18 }).map((digits) => `PIC 9(${digits}) COMP-X`),
  fc.integer({ min: 1, max: 8 }).map((bytes) => `PIC X(${bytes}) COMPUTATIONAL-X`),
  fc.integer({ min: 1, max: 8 }).map((bytes) => `PIC X(${bytes}) COMP-5`),
  number.map((picture) => `${picture} COMP-5`),
  number.map((picture) => `${picture} COMP-6`),
  fc.constantFrom('SIGNED-SHORT', 'UNSIGNED-INT', 'SIGNED-LONG', 'BINARY-CHAR', 'BINARY-LONG UNSIGNED', 'POINTER'),
)
type Node = { clauses: string; occurs: number; redefined: boolean; children: readonly Node[] }
const nodeOf = (clauses: fc.Arbitrary<string>) =>
  fc.letrec<{ node: Node }>((tie) => ({
    node: fc.record({
      clauses,
      occurs: fc.constantFrom(0, 0, 0, 2, 7),
      redefined: fc.boolean(),
      children: fc.oneof({ maxDepth: 4 }, fc.constant([]), fc.array(tie('node'), { maxLength: 4 })),
    }),
  })).node

/** One record of a tree; every name is new. Groups without OCCURS are sometimes redefined, larger ones as well. */
function recordOf(children: readonly Node[], serial: number, dialect: (typeof dialects)[number]): string {
  const sync = dialect !== 'ibm'
  // The default configuration of cobc refuses a redefinition that is larger than its target.
  const redefinition = dialect === 'gnucobol' ? 'PIC X' : 'PIC X(2)'
  let count = 0
  const name = () => `R${serial}-N${count++}`
  const write = (tree: Node, level: number, table: boolean): string[] => {
    const own = name()
    const occurs = tree.occurs > 0 ? ` OCCURS ${tree.occurs} TIMES` : ''
    if (tree.children.length > 0) {
      const inside = tree.children.flatMap((child) => write(child, level + 1, table || tree.occurs > 0))
      const other = tree.redefined && occurs === '' ? [`${level} ${name()} REDEFINES ${own} ${redefinition}.`] : []
      return [`${level} ${own}${occurs}.`, ...inside, ...other]
    }
    const synchronized =
      sync && !table && /COMP|INDEX|LONG|POINTER/.test(tree.clauses) && !/COMP-[36]/.test(tree.clauses) ? ' SYNC' : ''
    return [`${level} ${own} ${tree.clauses}${synchronized}${occurs}.`]
  }
  return [`01 R${serial}.`, ...children.flatMap((child) => write(child, 5, false))].join('\n')
}

test.each(dialects)(`${LAYOUTS} random layouts of dialect %s have the offsets and lengths of cobc`, (dialect) => {
  const runs = Math.ceil(LAYOUTS / 100)
  let items = 0
  const node = nodeOf(dialect === 'ibm' ? elementary : others)
  const trees = fc.array(fc.array(node, { minLength: 1, maxLength: 4 }), { minLength: 100, maxLength: 100 })
  const property = fc.property(trees, (records) => {
    const text = records.map((children, serial) => recordOf(children, serial, dialect)).join('\n')
    const { layouts, failures } = compileCopybook({ name: 'RANDOM', text }, { dialect, format: 'free' })
    expect(failures.map(({ message }) => message)).toEqual([])
    const references = layouts.flatMap(referencesOf)
    const measured = measure(text, references, dialect)
    const ours = references.map(({ reference, item }) => `${reference} ${item.offset} ${item.length}`)
    const theirs = references.map(({ reference }, at) => `${reference} ${measured[at]?.offset} ${measured[at]?.length}`)
    expect(ours).toEqual(theirs)
    items += references.length
  })
  fc.assert(property, { numRuns: runs, endOnFailure: true })
  process.stderr.write(`oracle: dialect ${dialect}, ${runs * 100} layouts, ${items} items equal cobc's\n`)
})

test('chosen records: nested redefinitions, larger targets, tables in tables, SYNC examples', () => {
  const text = `01 S1. 05 S1A PIC X(5). 05 S1B. 10 S1C PIC XX. 10 S1D PIC S9(6) COMP SYNC.
01 S2. 05 S2A PIC X(3). 05 S2B REDEFINES S2A PIC X(5). 05 S2C REDEFINES S2A. 10 S2D PIC X OCCURS 2. 05 S2E PIC X.
01 S3. 05 S3T OCCURS 2. 10 S3U OCCURS 3. 15 S3A PIC S9(4) COMP. 15 S3B PIC S9(5) COMP-3. 10 S3C PIC X. 05 S3D PIC 9.
01 S4 SIGN IS TRAILING SEPARATE. 05 S4A PIC S9(3). 05 S4B PIC S9(3) COMP-3. 05 S4C PIC 9(3).
01 S5 COMP-3. 05 S5A PIC S9(5). 05 S5B. 10 S5C PIC 9(2).`
  const { layouts } = compileCopybook({ name: 'CHOSEN', text }, { format: 'free' })
  const references = layouts.flatMap(referencesOf)
  const places = references.map(({ item: { offset, length } }) => ({ offset, length }))
  expect(places).toEqual(measure(text, references, 'ibm'))
})
