// The bulk encoder and the codec behind it give the same records as the codec alone, line by line, whatever the lines are.

import { expect, test } from '@jest/globals'
import { corpus, corpusNames } from '../../../bench/corpora.ts'
import { bulkEncoder } from '../../../src/codec/bulk-encode/bulk-encoder.ts'
import { byteSink } from '../../../src/codec/byte-sink.ts'
import { type RecordCodec, recordCodec } from '../../../src/codec/record-codec.ts'
import { isFailure } from '../../../src/error/failure.ts'
import { fc } from '../../support/property.ts'
import { type Random, randomCopybook, randomOf, randomRecord } from '../differential/random.ts'
import { layoutOf } from '../layouts.ts'
import { compare, linesOf } from './encode-outcomes.ts'

function jsonOf(codec: RecordCodec, record: Uint8Array): Buffer | undefined {
  const sink = byteSink(16)
  try {
    codec.decodeToJson(record, 0, record.length, sink)
  } catch (error) {
    if (isFailure(error)) return undefined
    throw error
  }
  return Buffer.from(sink.bytes.subarray(0, sink.length))
}

const codecsOf = (...[layout, options]: Parameters<typeof recordCodec>): RecordCodec[] =>
  [{}, { generate: false }, { canonical: true }, { undeclaredViews: 'all' as const }].map((more) =>
    recordCodec(layout, { ...options, ...more }),
  )

const odd = [...'"{}[],:0 \n\n\r\\'].map((one) => one.charCodeAt(0)).concat(0, 0x1f, 0xc3)

/** One byte changed, left out or put in. */
function changed(text: Uint8Array, random: Random): Uint8Array {
  const list = [...text]
  const many = random.below(3)
  list.splice(random.below(list.length), many === 2 ? 0 : 1, ...(many === 1 ? [] : [random.pick(odd)]))
  return Uint8Array.from(list)
}

test('lines of random layouts, right and nearly right', () => {
  const tally = { lines: 0, left: 0 }
  const property = (seed: number) => {
    const random = randomOf(seed)
    const copybook = randomCopybook(random)
    const layout = layoutOf(copybook.text)
    const { views, counters } = copybook
    for (const codec of codecsOf(layout, { codePage: 'cp037', views, counters })) {
      if (!bulkEncoder(codec)) continue
      const jsons = Array.from({ length: 6 }, () => jsonOf(codec, randomRecord(layout, copybook, random)) ?? [])
      const text = Buffer.from(jsons.flatMap((json) => [...json, 0x0a]))
      for (const one of [text, text.subarray(0, -1), changed(text, random), changed(text, random)]) {
        tally.lines += linesOf(one).length
        tally.left += compare(codec, one)
      }
    }
  }
  fc.assert(fc.property(fc.integer(), property), { numRuns: 60, endOnFailure: true })
  expect(tally.lines).toBeGreaterThan(2000)
  expect(tally.left).toBeLessThan(tally.lines / 2)
})

test.each(corpusNames.flatMap((name) => [true, false].map((canonical) => [name, canonical] as const)))(
  'many lines of %s, values only: %s',
  (name, canonical) => {
    const { layout, recordLength, bytes } = corpus(name, 400_000)
    const codec = recordCodec(layout, { codePage: 'cp037', canonical })
    const records = Array.from({ length: bytes.length / recordLength }, (_, i) =>
      bytes.subarray(i * recordLength, (i + 1) * recordLength),
    )
    const text = Buffer.concat(
      records.flatMap((record) => [jsonOf(codec, record) ?? [], Buffer.from('\n')].map(Buffer.from)),
    )
    expect(text.length).toBeGreaterThan(300_000)
    expect(compare(codec, text)).toBe(0)
  },
)

test('a residue that changes the length of the record, or what another view of its bytes says', () => {
  const layout = layoutOf('01 R. 05 A PIC X(2). 05 B REDEFINES A PIC 99. 05 C PIC X(2).')
  const codec = recordCodec(layout, { codePage: 'cp037', undeclaredViews: 'all', surplus: 'keep' })
  const residues = [
    '0:F1',
    '1:F9',
    '2:C1',
    '2:C1C1C1',
    '=3',
    '=3 2:C3',
    '=0',
    '9:00',
    '1:C1',
    '=9',
    '3:00*2',
    '0:F1 0:F1',
  ]
  const lines = residues.map((one) => `{"a":"12","b":"12","c":"CC","$residue":"${one}"}\n`)
  expect(compare(codec, Buffer.from(lines.join('')))).toBeGreaterThan(5)
})

test('lines that are longer than what is laid out at once', () => {
  const codec = recordCodec(layoutOf('01 R. 05 A PIC X(2).'), { codePage: 'cp037' })
  const long = `{"a":"B"${' '.repeat(200_000)}}`
  const lines = ['{"a":"A"}', long, '', '{"a":"C"}', long, '{"a":"D"}']
  for (const text of [lines.join('\n'), `${lines.join('\n')}\n`, long, `${long}\n`]) {
    compare(codec, Buffer.from(text))
  }
})

test.each([
  ['01 R. 05 N PIC 9. 05 T PIC X OCCURS 0 TO 3 DEPENDING ON N.', {}],
  ['01 R. 05 A PIC 9(3).', { numbers: ['*'] }],
])('there is none for %s with %j', (text, options) => {
  expect(bulkEncoder(recordCodec(layoutOf(text), { codePage: 'cp037', ...options }))).toBeUndefined()
})
