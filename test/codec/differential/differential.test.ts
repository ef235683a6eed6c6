// Generated code, closures, the kernel (lines and objects) and the slow interpreter agree on random layouts and records, valid and corrupted;
// decoding and encoding again gives the same bytes for every record.

import { expect, test } from '@jest/globals'
import { bulkDecoder } from '../../../src/codec/bulk/bulk-decoder.ts'
import { bulkObjectDecoder } from '../../../src/codec/bulk/object-decoder.ts'
import { byteSink } from '../../../src/codec/byte-sink.ts'
import { itemsOf } from '../../../src/codec/plan/record-items.ts'
import { type RecordCodec, recordCodec } from '../../../src/codec/record-codec.ts'
import { codePage } from '../../../src/codepage/code-page.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import type { InvalidPolicy } from '../../../src/contract/record.ts'
import { isFailure } from '../../../src/error/failure.ts'
import { fc } from '../../support/property.ts'
import { hex, layoutOf } from '../layouts.ts'
import { corrupted, randomCopybook, randomOf, randomRecord } from './random.ts'
import { readSlowly, Unreadable } from './slow-interpreter.ts'

const page = codePage('cp037')
const policies: readonly InvalidPolicy[] = ['error', 'null', 'raw', 'zero']
const tally = { layouts: 0, records: 0, refused: 0, residues: 0, undeclared: 0, byKernel: 0 }
/** Usages and categories of the fields that were compared. */
const kinds = new Set<string>()

function attempt<T>(read: () => T): T | 'refused' {
  try {
    return read()
  } catch (error) {
    if (error instanceof Unreadable || isFailure(error)) return 'refused'
    throw error
  }
}

function json(codec: RecordCodec, record: Uint8Array): string {
  const sink = byteSink(16)
  codec.decodeToJson(record, 0, record.length, sink)
  return new TextDecoder('utf-8', { fatal: true }).decode(sink.bytes.subarray(0, sink.length))
}

function fromJson(codec: RecordCodec, text: string): string {
  const sink = byteSink(16)
  codec.encodeJson(text, sink)
  return hex(sink.bytes.subarray(0, sink.length))
}

function withoutResidue(value: JsonObject): JsonObject {
  const { $residue, ...rest } = value
  if ($residue !== undefined) tally.residues++
  return rest
}

function compare(seed: number): void {
  const random = randomOf(seed)
  const copybook = randomCopybook(random)
  const { text, views, choices, counters, dates, undeclared } = copybook
  const layout = layoutOf(text)
  tally.layouts++
  for (const { usage, picture, children } of itemsOf(layout.root)) {
    if (children.length === 0) kinds.add(`${usage} ${picture?.category ?? 'without a picture'}`)
  }
  if (undeclared > 0) tally.undeclared++
  for (const policy of policies) {
    const undeclaredViews = random.pick(['all', 'first'] as const)
    const options = {
      codePage: page,
      views,
      counters,
      dates,
      undeclaredViews,
      varchar: ['*'],
      invalid: { '*': policy },
    }
    const codecs: Codecs = {
      generated: recordCodec(layout, options),
      closures: recordCodec(layout, { ...options, generate: false }),
      canonical: recordCodec(layout, { ...options, canonical: true }),
    }
    const judged: Judged[] = []
    for (let n = 0; n < 6; n++) {
      const whole = randomRecord(layout, copybook, random)
      const record = n < 2 ? whole : corrupted(whole, random)
      tally.records++
      const slow = attempt(() =>
        readSlowly(layout, record, {
          toUnicode: page.toUnicode,
          views,
          choices,
          counters,
          dates,
          undeclaredViews,
          policy,
        }),
      )
      compareRecord(codecs, record, slow)
      // Where no rule is declared, the canonical bytes of one view may make another one readable.
      if (policy === 'error' && undeclared === 0) compareCanonical(codecs, record, slow)
      judged.push({ record, slow })
    }
    compareKernel(codecs, judged)
  }
}

interface Codecs {
  readonly generated: RecordCodec
  readonly closures: RecordCodec
  readonly canonical: RecordCodec
}

/** A record, and what the slow interpreter says of it. */
interface Judged {
  readonly record: Uint8Array
  readonly slow: unknown
}

function compareRecord({ generated, closures, canonical }: Codecs, record: Uint8Array, slow: unknown): void {
  const fast = attempt(() => generated.decode(record))
  expect(attempt(() => closures.decode(record))).toEqual(fast)
  if (fast === 'refused') {
    expect(slow).toBe('refused')
    tally.refused++
    return
  }
  expect(hex(generated.encode(fast))).toBe(hex(record))
  // Bytes behind a counter that is smaller than it was are kept, not refused: the slow reader does not know them.
  if (slow === 'refused') return
  expect(withoutResidue(fast)).toEqual(slow)
  expect(canonical.decode(record)).toEqual(slow)
  const text = json(generated, record)
  expect(JSON.parse(text)).toEqual(fast)
  expect(json(closures, record)).toBe(text)
  expect(hex(closures.encode(fast))).toBe(hex(record))
  for (const codec of [generated, closures]) expect(fromJson(codec, text)).toBe(hex(record))
}

function compareCanonical({ generated, canonical }: Codecs, record: Uint8Array, slow: unknown): void {
  if (slow === 'refused') return
  const again = canonical.encode(canonical.decode(record))
  expect(canonical.decode(again)).toEqual(slow)
  expect(generated.decode(again)).not.toHaveProperty('$residue')
}

/** Lines and objects of all records at once, where the kernel takes records of this layout. */
function compareKernel({ generated, canonical }: Codecs, judged: readonly Judged[]): void {
  const bytes = Buffer.concat(judged.map(({ record }) => record))
  const expected = judged.map(({ slow }) => slow)
  for (const codec of [generated, canonical]) {
    const lines = bulkDecoder(codec)
    const objects = bulkObjectDecoder(codec)
    expect(lines === undefined).toBe(objects === undefined)
    if (!lines || !objects) continue
    tally.byKernel++
    const sink = byteSink()
    const broken = new Set<number>()
    lines.decodeLines(bytes, 0, bytes.length, sink, (_, index) => broken.add(index))
    const written = Buffer.from(sink.bytes.subarray(0, sink.length)).toString().split('\n').slice(0, -1)
    const ofLines = expected.map((_, index) =>
      broken.has(index) ? 'refused' : withoutResidue(parsed(written.shift())),
    )
    expect(written).toEqual([])
    expect(ofLines).toEqual(expected)
    const ofObjects: unknown[] = []
    const take = (object: JsonObject, index: number) => {
      ofObjects[index] = withoutResidue(object)
    }
    const failed = (_: unknown, index: number) => {
      ofObjects[index] = 'refused'
    }
    objects.decodeObjects(bytes, 0, bytes.length, take, failed)
    expect(ofObjects).toEqual(expected)
  }
}

const parsed = (line: string | undefined): JsonObject => JSON.parse(line ?? '')

test('three implementations agree, and every record comes back', () => {
  fc.assert(fc.property(fc.integer(), compare), { numRuns: 120, endOnFailure: true, examples: [[-12]] })
  const { layouts, records, refused, residues, undeclared, byKernel } = tally
  process.stderr.write(
    `${layouts} layouts (${undeclared} with undeclared views, ${byKernel} kernels), ${records} records of ${kinds.size} kinds, ${refused} refused, ${residues} with a residue\n`,
  )
  // Of 24: the rarest are not in every run.
  expect(kinds.size).toBeGreaterThan(18)
  expect(residues).toBeGreaterThan(0)
  expect(undeclared).toBeGreaterThan(20)
  expect(byKernel).toBeGreaterThan(100)
  expect(refused).toBeLessThan(records / 2)
})
