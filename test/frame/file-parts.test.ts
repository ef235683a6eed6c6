// Files that hold more than the records of their format: bytes before and behind them, and trailers.

import { describe, expect, test } from '@jest/globals'
import { type FileParts, fileReader, fileWriter } from '../../src/frame/file-parts.ts'
import { countsItself, type RecordFormat } from '../../src/frame/format.ts'
import { failureOf } from '../codepage/failure-of.ts'
import { fc } from '../support/property.ts'

const fixed: RecordFormat = { kind: 'fixed', length: 3 }
const v: RecordFormat = { kind: 'variable', record: countsItself }
const lines: RecordFormat = { kind: 'text', newline: [0x15], blank: 0x40 }

interface Seen {
  readonly bytes: readonly number[]
  readonly offset: number
}

function readIn(parts: FileParts, file: Uint8Array, sizes: readonly number[]): Seen[] {
  const seen: Seen[] = []
  const reader = fileReader(parts, (buffer, start, end, offset) =>
    seen.push({ bytes: [...buffer.subarray(start, end)], offset }),
  )
  for (let at = 0, turn = 0; at < file.length; turn++) {
    const size = (sizes[turn % sizes.length] ?? 0) + (turn > 1000 ? 1 : 0)
    reader.push(file.slice(at, at + size))
    at += size
  }
  reader.end()
  return seen
}

function written(parts: Pick<FileParts, 'format' | 'trailers'>, records: readonly Uint8Array[]): Uint8Array {
  const put: Uint8Array[] = []
  const writer = fileWriter(parts, (bytes) => put.push(bytes.slice()))
  for (const record of records) writer.write(record)
  writer.end()
  return Uint8Array.from(Buffer.concat(put))
}

test('in pieces of any size', () => {
  const lists = fc.array(
    fc.uint8Array({ minLength: 3, maxLength: 3 }).map((one) => one.fill(0xc1, 2)),
    { maxLength: 20 },
  )
  const trailers = fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 3 })
  const beside = fc.uint8Array({ maxLength: 12 })
  const sizes = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(fc.constantFrom(fixed, v), lists, trailers, beside, beside, sizes, (format, body, last, ...more) => {
      const [before, behind, cuts] = more
      const records = [...body, ...last]
      const parts = { format, trailers: last.map(({ length }) => length) }
      const file = Buffer.concat([before, written(parts, records), behind])
      const seen = readIn({ ...parts, start: before.length, end: behind.length }, file, cuts)
      expect(seen.map(({ bytes }) => bytes)).toEqual(records.map((record) => [...record]))
      // Each is where it is said to be, a record of V behind its descriptor.
      for (const [index, { bytes, offset }] of seen.entries()) {
        const at = offset + (format === v && index < body.length ? 4 : 0)
        expect([...file.subarray(at, at + bytes.length)]).toEqual(bytes)
      }
    }),
    { numRuns: 500 },
  )
})

test('a last line without newline ends where the bytes behind it begin', () => {
  const file = Uint8Array.of(0xc1, 0x15, 0xc2, 0xc3, 0x1a)
  const seen = readIn({ format: lines, start: 0, end: 1, trailers: [] }, file, [2])
  expect(seen.map(({ bytes }) => bytes)).toEqual([[0xc1], [0xc2, 0xc3]])
})

describe('a file that is too short', () => {
  test.each<[string, Partial<FileParts>, number, object]>([
    ['for what is passed over', { start: 4, end: 3 }, 6, { offset: 0, needed: 7, got: 6 }],
    ['for its trailer', { trailers: [4, 4] }, 7, { offset: 0, needed: 8, got: 7 }],
    ['for its last record', { start: 1, trailers: [2] }, 8, { offset: 4, needed: 3, got: 2 }],
  ])('%s', (_, parts, length, facts) => {
    const all = { format: fixed, start: 0, end: 0, trailers: [], ...parts }
    expect(failureOf(() => readIn(all, new Uint8Array(length), [1]))).toMatchObject({ code: 'FRAME_INCOMPLETE', facts })
  })
})

test.each([
  ['a trailer of another length', [3, 3, 4], 'record 3 is a trailer and must have 5 bytes'],
  ['no trailer', [], 'record 0 is a trailer and must have 5 bytes'],
  ['a record of another length', [5, 3, 5], 'record 1 must have 3 bytes'],
])('%s is not written', (_, lengths, problem) => {
  const records = lengths.map((length) => new Uint8Array(length))
  expect(failureOf(() => written({ format: fixed, trailers: [5] }, records))).toMatchObject({
    code: 'FRAME_LENGTH_INVALID',
    facts: { problem },
  })
})
