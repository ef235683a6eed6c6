// Encoding straight from JSON bytes gives what encoding the parsed object gives: the same bytes, or the same failure, whatever the JSON is.

import { describe, expect, test } from '@jest/globals'
import { corpus, corpusNames } from '../../../bench/corpora.ts'
import { type ByteSink, byteSink } from '../../../src/codec/byte-sink.ts'
import { type CodecOptions, type RecordCodec, recordCodec } from '../../../src/codec/record-codec.ts'
import { closureChunks } from '../../../src/codec/run/closure-chunks.ts'
import { generatedChunks } from '../../../src/codec/run/generated-chunks.ts'
import { newRun } from '../../../src/codec/run/run.ts'
import { aimAt, jsonTaker, residueIn } from '../../../src/codec/run/write-json.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import { failure, isFailure } from '../../../src/error/failure.ts'
import { fc } from '../../support/property.ts'
import { type Random, randomCopybook, randomOf, randomRecord } from '../differential/random.ts'
import { bytes, hex, layoutOf } from '../layouts.ts'

const tally = { records: 0, refused: 0 }

function outcome(write: () => Uint8Array): unknown {
  try {
    return hex(write())
  } catch (error) {
    if (!isFailure(error)) throw error
    tally.refused++
    return { code: error.code, facts: error.facts }
  }
}

function fromJson(codec: RecordCodec, json: string | Uint8Array): unknown {
  return outcome(() => {
    const sink = byteSink(16)
    codec.encodeJson(json, sink)
    return sink.bytes.subarray(0, sink.length)
  })
}

function fromObject(codec: RecordCodec, json: Uint8Array): unknown {
  return outcome(() => codec.encode(parsed(json)))
}

function parsed(json: Uint8Array): JsonObject {
  let value: unknown
  let problem = 'it is not UTF-8'
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(json)
    problem = 'its syntax is wrong'
    value = JSON.parse(text)
  } catch {
    throw failure('JSON_INVALID', { problem })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  throw failure('JSON_INVALID', {
    problem: `it is ${value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`}`,
  })
}

function jsonOf(codec: RecordCodec, record: Uint8Array): Uint8Array {
  const sink = byteSink(16)
  codec.decodeToJson(record, 0, record.length, sink)
  return sink.bytes.slice(0, sink.length)
}

/** Undefined for bytes that no view reads. */
function readable(codec: RecordCodec, record: Uint8Array): Uint8Array | undefined {
  try {
    return jsonOf(codec, record)
  } catch (error) {
    if (isFailure(error)) return undefined
    throw error
  }
}

const oddBytes = [...'"{}[],:-.0159 \\nu/Ab'].map((one) => one.charCodeAt(0)).concat(0, 9, 0x1f, 0x7f, 0xc3, 0xa9, 0xff)

/** One to three bytes changed, left out or put in. */
function changed(json: Uint8Array, random: Random): Uint8Array {
  const list = [...json]
  for (let n = 0; n <= random.below(3); n++) {
    const at = random.below(list.length)
    const many = random.below(3)
    list.splice(at, many === 2 ? 0 : 1, ...(many === 1 ? [] : [random.pick(oddBytes)]))
  }
  return Uint8Array.from(list)
}

function compare(codecs: readonly RecordCodec[], json: Uint8Array): void {
  tally.records++
  for (const codec of codecs) {
    const expected = fromObject(codec, json)
    expect(fromJson(codec, json)).toEqual(expected)
    expect(fromJson(codec, Buffer.from(json).toString())).toEqual(
      Buffer.from(Buffer.from(json).toString()).equals(json) ? expected : expect.anything(),
    )
  }
}

/** Generated code and closures, with and without `$residue`. */
const codecsOf = (layout: RecordCodec['layout'], options: Partial<CodecOptions> = {}): RecordCodec[] =>
  [
    {},
    { generate: false },
    { canonical: true },
    { undeclaredViews: 'all' as const },
    { canonical: true, undeclaredViews: 'all' as const },
  ].map((more) => recordCodec(layout, { codePage: 'cp037', ...options, ...more }))

test('random layouts and records, and JSON that is nearly right', () => {
  const property = (seed: number) => {
    const random = randomOf(seed)
    const copybook = randomCopybook(random)
    const { text, views, counters } = copybook
    const layout = layoutOf(text)
    const codecs = codecsOf(layout, { views, counters })
    for (let n = 0; n < 3; n++) {
      const record = randomRecord(layout, copybook, random)
      for (const codec of codecs) {
        const json = readable(codec, record)
        if (!json) continue
        compare(codecs, json)
        for (let m = 0; m < 6; m++) compare(codecs, changed(json, random))
      }
    }
  }
  fc.assert(fc.property(fc.integer(), property), { numRuns: 60, endOnFailure: true })
  process.stderr.write(`${tally.records} JSON texts, ${tally.refused} refusals\n`)
  expect(tally.refused).toBeGreaterThan(tally.records / 10)
})

describe('single values', () => {
  const pictures = [
    ['X(5)', ['', 'A', 'ABCDE', 'ABCDEF', 'É', '\u20ac', 'A"B', '\\', '\u0000', 'AB   ', '\ud800']],
    ['X(5) JUST RIGHT', ['', 'AB', 'ABCDEF']],
    [
      'S9(3)V99',
      [
        '0.00',
        '-0.00',
        '1.00',
        '999.99',
        '-999.99',
        '1000.00',
        '1',
        '1.5',
        '01.00',
        '1.005',
        '.50',
        '5.',
        '',
        '+1.00',
        '1.0O',
        '1.00 ',
      ],
    ],
    ['S9(4)', ['0', '-0', '12', '9999', '-9999', '10000', '00', '0012', '1.0', '-', '1e3']],
    ['9(4)', ['-1', '-0', '0', '9999']],
    ['SV9(4)', ['0.1234', '-0.0001', '1.0000', '00.1234', '.1234', '-0.0000']],
    ['S9(3)PP', ['0', '12300', '12345', '-100']],
    ['SP(2)9(3)', ['0.00123', '0.12300', '-0.00001']],
    ['S9(9)', ['999999999', '-999999999', '4294967296', '-1', '0']],
    ['9(9)', ['999999999', '-1']],
    [
      'S9(18)',
      [
        '999999999999999999',
        '-999999999999999999',
        '1000000000000000000',
        '-1',
        '-4294967296',
        '4294967295',
        '1234567890',
      ],
    ],
    ['9(16)V99', ['9999999999999999.99', '0.01', '12345678.90', '123456789.01']],
    ['S9(25)V9(6)', ['1234567890123456789012345.678901', '-0.000001']],
  ] as const
  const usages = [
    '',
    'SIGN LEADING',
    'SIGN TRAILING SEPARATE',
    'SIGN LEADING SEPARATE',
    'COMP-3',
    'COMP',
    'COMP-5',
    'COMP-6',
  ]
  const cases = pictures.flatMap(([picture, values]) =>
    usages.flatMap((usage) => {
      if (picture.startsWith('X') && usage !== '') return []
      if (usage.startsWith('COMP') && usage !== 'COMP-3' && /25/.test(picture)) return []
      if ((usage.startsWith('SIGN') && !picture.startsWith('S')) || (usage === 'COMP-6' && picture.startsWith('S')))
        return []
      return [[`PIC ${picture} ${usage}`, values] as const]
    }),
  )
  test.each(cases)('%s', (clauses, values) => {
    const layout = layoutOf(`01 R. 05 A ${clauses}. 05 B PIC X.`)
    for (const value of values) {
      compare(codecsOf(layout), new TextEncoder().encode(JSON.stringify({ a: value, b: '!' })))
      compare(codecsOf(layout), new TextEncoder().encode(`{"a":"${value}","b":"\\u0041"} \n`))
    }
  })
})

describe('what stands around values', () => {
  const layout = layoutOf(`
    01 R. 05 A PIC X(2). 05 FILLER PIC X(2).
      05 G. 10 B PIC 9(2). 10 T OCCURS 2. 15 C PIC X. 15 D PIC S9 COMP-3 OCCURS 2.
      05 E PIC X(8). 05 F REDEFINES E PIC 9(8). 05 H REDEFINES E. 10 I PIC X(4). 10 J PIC X(4).`)
  const right = '{"a":"x","g":{"b":"1","t":[{"c":"y","d":["1","-2"]},{"c":"","d":["0","3"]}]},"e":"12345678"}'
  test.each([
    right,
    right.replace('}', '},'),
    right.replace(/}$/, ',"f":"12345678"}'),
    right.replace(/}$/, ',"f":"12345679"}'),
    right.replace(/}$/, ',"h":{"i":"1234","j":"5678"}}'),
    right.replace('"e":"12345678"', '"e":"no digit","f":"12345678"'),
    right.replace('"e":"12345678"', '"f":"12345678","h":{"i":"1234","j":"5678"}'),
    right.replace('"e":"12345678"', '"h":{"i":"1234","j":"5678"},"f":"12345678"'),
    right.replace(/}$/, ',"$residue":"2:C1C2"}'),
    right.replace(/}$/, ',"f":"12345678","$residue":"2:C1C2"}'),
    right.replace(/}$/, ',"f":"12345678","$residue":"14:C1"}'),
    right.replace(/}$/, ',"$residue":""}'),
    right.replace(/}$/, ',"$residue":"99:C1"}'),
    right.replace(/}$/, ',"$residue":"=4"}'),
    right.replace(/}$/, ',"$residue":"\\u0032:C1"}'),
    right.replace(/}$/, ',"$residue":null}'),
    right.replace(/}$/, ',"$residue":"2:C1","a":"z"}'),
    right.replace('"a":"x",', ''),
    right.replace('"a":"x",', '"A":"x",'),
    right.replace('"d":["1","-2"]', '"d":["1"]'),
    right.replace('"d":["1","-2"]', '"d":[]'),
    right.replace('"d":["1","-2"]', '"d":["1","2","3"]'),
    right.replace('"b":"1"', '"b":1'),
    right.replace('"b":"1"', '"b":null'),
    right.replaceAll(':', ': '),
    `${right} \r\n\t`,
    ` ${right}`,
    `${right}x`,
    `${right}\u0000`,
    `[${right}]`,
    '{}',
    '{"',
    '',
    'null',
  ])('%s', (json) => compare(codecsOf(layout), new TextEncoder().encode(json)))
})

test.each(corpusNames.flatMap((name) => [[name, 'without'] as const, [name, 'with'] as const]))(
  'the file %s goes the straight way, %s residue and all views',
  (name, mode) => {
    const { layout, recordLength, bytes: records } = corpus(name, 50_000)
    const options = mode === 'with' ? ({ undeclaredViews: 'all' } as const) : { canonical: true }
    const { plan, decodeToJson } = recordCodec(layout, { codePage: 'cp037', ...options })
    for (const chunks of [closureChunks, generatedChunks()]) {
      const [take, run, sink] = [jsonTaker(plan, chunks), newRun(plan), byteSink()]
      run.source = new Uint8Array(recordLength)
      for (let at = 0; at < records.length; at += recordLength) {
        sink.length = 0
        decodeToJson(records, at, at + recordLength, sink)
        const length = aimAt(run, sink.bytes.subarray(0, sink.length))
        const end = take?.(run, 0) ?? -1
        expect(residueIn(run, end, length, plan.residue)).toBe(JSON.parse(jsonText(sink)).$residue ?? '')
      }
    }
  },
)

const jsonText = ({ bytes, length }: ByteSink) => Buffer.from(bytes.subarray(0, length)).toString()

test('bytes of the page that ASCII has no character for come back too', () => {
  const codec = recordCodec(layoutOf('01 R. 05 A PIC X(4).'), { codePage: 'cp037' })
  expect(fromJson(codec, jsonOf(codec, bytes('C1 51 7F E0')))).toBe('C1 51 7F E0')
})
