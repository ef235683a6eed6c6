// Every layout of copybooks/: 1,000 random records a run, written by GnuCOBOL, equal our encoding byte for byte and decode to the same
// values. The seed is printed when one differs; SEED repeats it.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { deposits } from '../../adapters/deposits.ts'
import { compileCopybook } from '../../src/cobol/compile.ts'
import type { Layout, Item as LayoutItem } from '../../src/cobol/layout.ts'
import { recordCodec } from '../../src/codec/record-codec.ts'
import type { RecordOptions } from '../../src/contract/record.ts'
import { runSeed } from '../support/property.ts'
import { disagreement } from './agreement.ts'
import { type Oracle, oracle } from './cobol-program.ts'
import { fromLayout } from './from-layout.ts'
import { chance } from './random.ts'
import { fill } from './values.ts'

const copybooks = fileURLToPath(new URL('../../copybooks', import.meta.url))
const records = 1000
const seed = runSeed

/** Record options of the transactions, by copybook. */
const optionsOf = new Map<string, RecordOptions>(
  Object.values(deposits.definition.transactions).map(({ record, fields = {} }) => [record, fields]),
)

interface Case {
  readonly name: string
  readonly layout: Layout
  readonly options: RecordOptions
  readonly copyText: string
}

/** All layouts of all copybooks; a member without a record of its own is reached through those that copy it. */
const cases: readonly Case[] = readdirSync(copybooks, { withFileTypes: true })
  .filter((folder) => folder.isDirectory())
  .flatMap(({ name: folder }) =>
    readdirSync(join(copybooks, folder)).flatMap((file): Case[] => {
      const read = (member: string) => readFileSync(join(copybooks, folder, `${member}.cpy`), 'utf8')
      const member = file.replace('.cpy', '')
      if (!/^ {7}01 /m.test(read(member))) return []
      const { layouts, failures } = compileCopybook(
        { name: file, text: read(member) },
        {
          library: (wanted) =>
            existsSync(join(copybooks, folder, `${wanted}.cpy`)) ? { name: wanted, text: read(wanted) } : undefined,
        },
      )
      if (failures.length > 0) throw new Error(failures.map(String).join('\n'))
      const options = optionsOf.get(`${folder}/${file}`) ?? {}
      const name = `${folder}/${file}`
      return layouts.map((layout) => ({ name, layout, options, copyText: `       COPY ${member}.` }))
    }),
  )

function* namedItems(item: LayoutItem): Generator<LayoutItem> {
  if (item.name !== undefined) yield item
  for (const child of item.children) yield* namedItems(child)
}

describe(`${cases.length} layouts, seed ${seed}`, () => {
  let gnucobol: Oracle
  beforeAll(() => {
    gnucobol = oracle(
      cases.map(({ layout, options, copyText }) => fromLayout(layout, copyText, options)),
      join(copybooks, 'deposits'),
    )
  })
  afterAll(() => gnucobol?.remove())

  test('the bank has its layouts', () => {
    expect(cases.map(({ layout }) => layout.name).sort()).toEqual([
      'FE-AREA',
      'INQACC-AREA',
      'LE-AREA',
      'PE-AREA',
      'RE-AREA',
    ])
  })

  test.each(cases.map((one, at) => ({ ...one, at })))(
    '$name: every item is where GnuCOBOL puts it',
    ({ layout, at }) => {
      const measured = gnucobol.measure(at)
      for (const { name, offset, length, occurs, stride } of namedItems(layout.root)) {
        expect({ name, ...measured.get(name ?? '') }).toEqual({ name, offset, length })
        if ((occurs?.maximum ?? 1) > 1) expect(measured.get(`${name}(2)`)?.offset).toBe(offset + stride)
      }
    },
  )

  test.each(cases.map((one, at) => ({ ...one, at })))(
    `$name: ${records} records agree`,
    ({ layout, options, copyText, at }) => {
      const codec = recordCodec(layout, { ...options, codePage: 'cp037' })
      const { root } = fromLayout(layout, copyText, options)
      const random = chance(seed + at)
      const filled = Array.from({ length: records }, () => fill(root, random))
      const written = gnucobol.write(
        at,
        filled.map(({ input }) => input),
      )
      expect(written).toHaveLength(records)
      for (const [number, { json }] of filled.entries()) {
        const current = written[number] ?? Buffer.alloc(0)
        // The storage behind the last occurrence was cleared: a record that is sent with its maximum has low-values there.
        const rest = options.variable === 'maximum' ? layout.maximumLength - current.length : 0
        const found = disagreement(codec, json, Buffer.concat([current, Buffer.alloc(rest)]))
        if (found) throw new Error(`${found}\nSEED=${seed}, record ${number}: ${JSON.stringify(json)}`)
      }
    },
  )
})
