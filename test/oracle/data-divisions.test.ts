// Random data divisions against GnuCOBOL: offsets and lengths of every item, bytes of our encoding, values of our decoding.
// 500 layouts with 24 records each a run; ORACLE_LAYOUTS makes it longer, SEED repeats a run. A failure is shrunk and printed.

import { afterAll, describe, expect, test } from '@jest/globals'
import { compileCopybook } from '../../src/cobol/compile.ts'
import type { Layout, Item as LayoutItem } from '../../src/cobol/layout.ts'
import { recordCodec } from '../../src/codec/record-codec.ts'
import type { ViewChoice } from '../../src/contract/record.ts'
import { runSeed } from '../support/property.ts'
import { disagreement } from './agreement.ts'
import { type Geometry, type Oracle, oracle } from './cobol-program.ts'
import { randomRecord } from './data-division.ts'
import { chooserValues, type Draft, draftsOf, recordOf, smaller, textOf } from './draft.ts'
import { type Chance, chance } from './random.ts'
import type { OracleRecord } from './record.ts'
import { fill } from './values.ts'

const seed = runSeed
const layouts = Number(process.env.ORACLE_LAYOUTS ?? 500)
const recordsEach = 24
const inOneProgram = 50

interface Subject {
  readonly seed: number
  readonly draft: Draft
  readonly text: string
  readonly layout: Layout
  readonly record: OracleRecord
}

/** What IBM's compiler does not have. */
const EXTENDED = /(COMP|COMPUTATIONAL)-[X6]|SIGNED-|PIC X\(\d\) COMP-5/

/** Some lines of a record in a member of its own, which COPY or EXEC SQL INCLUDE puts back. */
function inMembers(name: string, text: string, random: Chance) {
  const lines = text.split('\n')
  if (lines.length < 3 || !random.oneIn(3)) return { source: { name, text }, library: () => undefined }
  const from = random.between(1, lines.length - 2)
  const to = random.between(from + 1, lines.length - 1)
  const statement = random.pick(['COPY PART.', 'EXEC SQL INCLUDE PART END-EXEC.', 'EXEC SQL\n INCLUDE PART END-EXEC'])
  const member = lines.slice(from, to).join('\n')
  const put = statement.split('\n').map((line) => `           ${line}`)
  return {
    source: { name, text: [...lines.slice(0, from), ...put, ...lines.slice(to)].join('\n') },
    library: (wanted: string) => (wanted === 'PART' ? { name: 'PART', text: member } : undefined),
  }
}

/** Our compiler's view of a record, with IEEE floats as GnuCOBOL has them; a message when it refuses the text. */
function subjectOf(draft: Draft, subjectSeed: number): Subject | string {
  const text = textOf(draft, false, chance(subjectSeed))
  const dialect = EXTENDED.test(text) ? 'gnucobol-ibm' : 'ibm'
  const { source, library } = inMembers(draft.name, text, chance(subjectSeed))
  const { layouts: compiled, failures } = compileCopybook(source, {
    format: 'fixed',
    float: 'IEEE',
    trunc: 'STD',
    dialect,
    library,
  })
  const [layout] = compiled
  if (!layout) return `our compiler refuses it: ${failures.map((failure) => failure.message).join('; ')}\n${text}`
  const record = recordOf(draft, textOf(draft, true, chance(subjectSeed)), layout.maximumLength)
  return { seed: subjectSeed, draft, text, layout, record }
}

function* namedItems(item: LayoutItem): Generator<LayoutItem> {
  if (item.name !== undefined) yield item
  for (const child of item.children) yield* namedItems(child)
}

function geometryDiffers({ layout }: Subject, measured: Geometry): string | undefined {
  for (const { name, offset, length, stride, occurs } of namedItems(layout.root)) {
    const theirs = measured.get(name ?? '')
    // LENGTH OF a table's element counts the slack at its end.
    if (theirs?.offset !== offset || theirs.length !== (occurs ? stride : length)) {
      return `${name}: ours ${offset}/${length}, GnuCOBOL ${theirs?.offset}/${theirs?.length}`
    }
    const second = measured.get(`${name}(2)`)
    if (second && (occurs?.maximum ?? 1) > 1 && second.offset !== offset + stride) {
      return `${name}(2): ours at ${offset + stride}, GnuCOBOL at ${second.offset}`
    }
  }
  for (const { name, offset, length } of layout.renames) {
    const theirs = measured.get(name)
    if (theirs?.offset !== offset || theirs.length !== length) {
      return `66 ${name}: ours ${offset}/${length}, GnuCOBOL ${theirs?.offset}/${theirs?.length}`
    }
  }
  return undefined
}

function viewsOf(draft: Draft): Record<string, ViewChoice> {
  const choices = [...draftsOf(draft)].flatMap((one) => {
    if (one.chooser === undefined) return []
    const when = Object.fromEntries([one, ...one.views].map((view, at) => [chooserValues[at] ?? '', view.name]))
    return [[one.name, { by: one.chooser, when }] as const]
  })
  return Object.fromEntries(choices)
}

/** What is wrong with one record's bytes or values, if anything. */
function recordsDiffer(subject: Subject, write: (inputs: string[][]) => Buffer[]): string | undefined {
  const { draft, layout, record } = subject
  const random = chance(subject.seed)
  const filled = Array.from({ length: recordsEach }, () => fill(record.root, random))
  const written = write(filled.map(({ input }) => [...input]))
  const codec = recordCodec(layout, { codePage: 'cp037', views: viewsOf(draft) })
  for (const [at, { json }] of filled.entries()) {
    const theirs = written[at] ?? Buffer.alloc(0)
    const found = disagreement(codec, json, theirs)
    if (found) return `record ${at}: ${found}\n${JSON.stringify(json)}`
  }
  return undefined
}

function differs(subject: Subject, at: number, gnucobol: Oracle): string | undefined {
  try {
    return (
      geometryDiffers(subject, gnucobol.measure(at)) ?? recordsDiffer(subject, (inputs) => gnucobol.write(at, inputs))
    )
  } catch (error) {
    return `raised ${String(error).slice(0, 300)}`
  }
}

/** Compiles all subjects into one program; gives a message for each that differs. */
function differences(subjects: readonly Subject[]): Map<Subject, string> {
  const gnucobol = oracle(subjects.map(({ record }) => record))
  const found = new Map<Subject, string>()
  try {
    for (const [at, subject] of subjects.entries()) {
      const message = differs(subject, at, gnucobol)
      if (message !== undefined) found.set(subject, message)
    }
  } finally {
    gnucobol.remove()
  }
  return found
}

/** The smallest record that still differs, within a bound on tries. */
function shrink(draft: Draft, subjectSeed: number, message: string): string {
  let smallest = draft
  let what = message
  for (let tries = 0; tries < 80; ) {
    const shrunk = [...smaller(smallest)].some((candidate) => {
      if (tries++ >= 80) return false
      const failed = messageOf(candidate, subjectSeed)
      if (failed === undefined) return false
      smallest = candidate
      what = failed
      return true
    })
    if (!shrunk) break
  }
  return `${what}\n${textOf(smallest, true, chance(subjectSeed))}`
}

function messageOf(draft: Draft, subjectSeed: number): string | undefined {
  const subject = subjectOf(draft, subjectSeed)
  if (typeof subject === 'string') return subject
  try {
    return differences([subject]).get(subject)
  } catch (error) {
    return `GnuCOBOL: ${String(error).slice(0, 300)}`
  }
}

describe(`${layouts} random data divisions, ${recordsEach} records each, seed ${seed}`, () => {
  const batches = Array.from({ length: Math.ceil(layouts / inOneProgram) }, (_, batch) => batch)
  let agreed = 0
  afterAll(() => {
    process.stderr.write(
      `oracle: ${agreed} data divisions, ${agreed * recordsEach} records equal GnuCOBOL's, seed ${seed}\n`,
    )
  })
  test.each(batches)('batch %i', (batch) => {
    const subjects = Array.from({ length: Math.min(inOneProgram, layouts - batch * inOneProgram) }, (_, at) => {
      const number = batch * inOneProgram + at
      return subjectOf(randomRecord(chance(seed + number), number), seed + number)
    })
    expect(subjects.filter((subject) => typeof subject === 'string')).toEqual([])
    const failed = [...differences(subjects.filter((subject) => typeof subject !== 'string'))]
    const [first] = failed
    const message = first && shrink(first[0].draft, first[0].seed, first[1])
    expect(`${failed.length} differ${message ? `, one of them: SEED=${seed}\n${message}` : ''}`).toBe('0 differ')
    agreed += subjects.length
  })
})
