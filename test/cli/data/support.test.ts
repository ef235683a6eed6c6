// The support matrix: one proof for each row of records, and every test that a row names exists.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { supportMatrix } from '../../../src/cli/data/support-matrix.ts'
import { compileCopybook } from '../../../src/cobol/compile.ts'
import { recordCodec } from '../../../src/codec/record-codec.ts'
import { mainspan, root } from '../mainspan.ts'
import { hex } from './copybooks.ts'
import { cases, type SupportCase } from './support-cases.ts'

const supported = supportMatrix.filter(({ state }) => state === 'yes')
const ofRecords = supported.filter(({ area }) => area === 'records').map(({ feature }) => feature)

describe.each(ofRecords)('%s', (feature) => {
  test.each(cases[feature] ?? [])('$copybook', ({ copybook, bytes, json, compile, codec, members }: SupportCase) => {
    const entries = copybook.startsWith('77') ? copybook : `01 R. ${copybook}`
    const { layouts, failures } = compileCopybook(
      { name: 'R.cpy', text: `       ${entries.replaceAll('. ', '.\n           ')}\n` },
      {
        ...compile,
        format: 'free',
        library: (name) => (members?.[name] === undefined ? undefined : { name, text: members[name] }),
      },
    )
    expect(failures).toEqual([])
    const [layout] = layouts
    if (!layout) throw new Error('no layout')
    const record = recordCodec(layout, { codePage: 'cp037', names: 'verbatim', undeclaredViews: 'first', ...codec })
    const { $residue, ...value } = record.decode(hex(bytes))
    expect(value).toEqual(json)
    expect(Buffer.from(record.encode(record.decode(hex(bytes))))).toEqual(hex(bytes))
  })
})

test('every supported feature of records has a proof', () => {
  expect(ofRecords.filter((feature) => !(cases[feature]?.length ?? 0))).toEqual([])
})

test.each(supported)('$feature: its tests exist', ({ feature, tests }) => {
  expect(tests.length).toBeGreaterThan(0)
  for (const named of tests) {
    const [file = '', words = ''] = named.split(' › ')
    const text = readFileSync(join(root, 'test', file), 'utf8')
    if (file !== 'cli/data/support.test.ts')
      expect(`${file}: ${text.includes(words)} ${words}`).toBe(`${file}: true ${words}`)
    else expect(words).toBe(feature)
  }
})

test('is printed', () => {
  const { text, status } = mainspan(['support'])
  expect(status).toBe(supported.length === supportMatrix.length ? 0 : 1)
  for (const { feature } of supportMatrix) expect(text).toContain(feature)
  expect(JSON.parse(mainspan(['support', 'mixed', '--json']).text)).toContainEqual(
    expect.objectContaining({ feature: 'mixed SO/SI fields', supported: true }),
  )
  expect(mainspan(['support', 'telex'])).toMatchObject({
    status: 2,
    text: '',
    errors: expect.stringContaining("no feature has 'telex' in its words"),
  })
})

/** The matrix as a page. */
function page(): string {
  const lines = [
    '# What is supported',
    '',
    'Made from `src/cli/data/support-matrix.ts`; `mainspan support` prints the same. Each row names the tests that prove it.',
  ]
  for (const area of new Set(supportMatrix.map((row) => row.area))) {
    lines.push(
      '',
      `## ${area.charAt(0).toUpperCase()}${area.slice(1)}`,
      '',
      '| feature | supported | tests |',
      '|---|---|---|',
    )
    for (const { feature, state, tests } of supportMatrix.filter((row) => row.area === area)) {
      lines.push(
        `| ${feature} | ${state === 'yes' ? 'yes' : `not yet: ${state.missing}`} | ${tests.map((one) => `\`test/${one}\``).join('<br>')} |`,
      )
    }
  }
  return `${lines.join('\n')}\n`
}

test('docs/support.md says the same; UPDATE=1 writes it anew', () => {
  const file = join(root, 'docs/support.md')
  if (process.env.UPDATE) writeFileSync(file, page())
  expect(readFileSync(file, 'utf8')).toBe(page())
})
