// Batches of lines of random layouts, in memory that is used again: the same records, and the same first mistake, as line by line.

import { expect, test } from '@jest/globals'
import { byteSink } from '../../../src/codec/byte-sink.ts'
import { type RecordCodec, recordCodec } from '../../../src/codec/record-codec.ts'
import { isObject, type JsonObject, type JsonValue } from '../../../src/contract/json.ts'
import { lineEncoder } from '../../../src/dataset/batch/line-encoder.ts'
import { compileText } from '../../../src/dataset/record/copybook.ts'
import { recordTypes } from '../../../src/dataset/record/record-types.ts'
import type { EncodeRequest } from '../../../src/dataset/record/request.ts'
import { isFailure } from '../../../src/error/failure.ts'
import { type Random, randomCopybook, randomOf, randomRecord } from '../../codec/differential/random.ts'
import { layoutOf } from '../../codec/layouts.ts'
import { fc } from '../../support/property.ts'

/** What becomes of a batch: each record with its line from 0, how many lines are right, and the code of what the next has wrong. */
interface Outcome {
  readonly records: readonly string[]
  readonly count: number
  readonly code: string | undefined
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const codeOf = (error: unknown): string => {
  if (!isFailure(error)) throw error
  return error.code
}

function lineByLine(codec: RecordCodec, lines: readonly Buffer[]): Outcome {
  const records: string[] = []
  for (const [count, line] of lines.entries()) {
    if (/^[ \t\r]*$/.test(line.toString('latin1'))) continue
    try {
      records.push(`${count} ${hexOf(codec.encode(objectOf(line)))}`)
    } catch (error) {
      return { records, count, code: error instanceof SyntaxError ? 'JSON_INVALID' : codeOf(error) }
    }
  }
  return { records, count: lines.length, code: undefined }
}

function objectOf(line: Buffer): JsonObject {
  const value: JsonValue = JSON.parse(line.toString())
  if (!isObject(value)) throw new SyntaxError('no object')
  return value
}

function jsonOf(codec: RecordCodec, record: Uint8Array): Buffer[] {
  const sink = byteSink(16)
  try {
    codec.decodeToJson(record, 0, record.length, sink)
  } catch (error) {
    codeOf(error)
    return []
  }
  return [Buffer.from(sink.bytes.subarray(0, sink.length))]
}

/** The same line otherwise, a line without a record, or, now and then, a wrong one. */
function other(line: Buffer, random: Random): Buffer {
  const text = line.toString()
  const residue = random.pick(['0:C1*2', '1:FF 2:00', '=2', '99999:00', '4'])
  return Buffer.from(
    random.pick([
      '',
      random.chance(0.2) ? ' '.repeat(140_000) : ' \t\r',
      `${text}\r`,
      ` ${text}`,
      text.replaceAll('","', '" , "'),
      random.chance(0.2) ? text.replace(/\}$/, `${' '.repeat(140_000)}}`) : text,
      text.replace(/(?:,"\$residue":"[^"]*")?\}$/, `,"$residue":"${residue}"}`),
      random.chance(0.2) ? text.replace(/[A-Z0-9.]/, random.pick(['"', '\\', 'XYZ', '{', '\u00e9'])) : text,
    ]),
  )
}

const requestOf = (text: string, codec: EncodeRequest['codec']): EncodeRequest => ({
  copybook: { source: { name: 'R.cpy', text }, folders: [] },
  compiler: { format: 'free' },
  record: undefined,
  codec,
  select: [],
  format: { kind: 'fixed', length: undefined },
  offsets: { start: 0, end: 0 },
  parents: [],
  path: '-',
  blockSize: undefined,
  cut: false,
})

test('batches of random layouts', () => {
  const tally = { records: 0, wrong: 0, bulk: 0 }
  const property = (seed: number) => {
    const random = randomOf(seed)
    const copybook = randomCopybook(random)
    const { text, views, counters } = copybook
    const layout = layoutOf(text)
    const codec = recordCodec(layout, { codePage: 'cp037', views, counters, surplus: 'keep', variable: 'maximum' })
    const request = requestOf(text, { codePage: 'cp037', undeclaredViews: 'all', views, counters })
    const types = recordTypes(compileText(request), request, request)
    const encoder = lineEncoder(types, request)
    if (types.bulkLines) tally.bulk++
    for (let batch = 0; batch < 4; batch++) {
      const right = Array.from({ length: 8 }, () => randomRecord(layout, copybook, random)).flatMap((record) =>
        jsonOf(codec, record),
      )
      const lines = right.map((line) => (random.chance(0.2) ? other(line, random) : line))
      const end = random.chance(0.5) || lines.at(-1)?.length === 0 ? [Buffer.from('\n')] : []
      const joined = lines.flatMap((line, i) => (i === 0 ? [line] : [Buffer.from('\n'), line]))
      const done = encoder.encode({ text: Buffer.concat(lines.length === 0 ? [] : [...joined, ...end]) })
      const { records, ends, lines: numbers, count, failure } = done
      const got = Array.from(ends, (to, i) => `${numbers[i]} ${hexOf(records.subarray(ends[i - 1] ?? 0, to))}`)
      expect({ records: got, count, code: failure?.code }).toEqual(lineByLine(codec, lines))
      tally.records += got.length
      if (failure) tally.wrong++
      for (const { buffer } of [records, ends, numbers]) new Uint8Array(buffer).fill(0xee)
      encoder.reuse(done)
    }
  }
  fc.assert(fc.property(fc.integer(), property), { numRuns: 80, seed: 20261130, endOnFailure: true })
  expect(tally.records).toBeGreaterThan(1500)
  expect(tally.wrong).toBeGreaterThan(20)
  expect(tally.bulk).toBeGreaterThan(20)
})
