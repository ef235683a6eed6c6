// Which layout reads which record.

import { expect, test } from '@jest/globals'
import { placeRecords, type SelectionRule, selectRecord } from '../../src/frame/selection.ts'

const bytes = Uint8Array.from(Buffer.from('C8C4C1C1', 'hex'))

const rules: SelectionRule<string>[] = [
  { name: 'HEADER', place: 'header' },
  { name: 'TRAILER', place: 'trailer' },
  { name: 'BY-TYPE', at: { offset: 0, size: 2, values: ['C8C4', 'C8C5'] } },
  { name: 'SHORT', maximumLength: 2 },
  { name: 'LONG', minimumLength: 4 },
]

test.each([
  [0, 4, 'header', 'HEADER'],
  [0, 4, 'trailer', 'TRAILER'],
  [0, 4, 'body', 'BY-TYPE'],
  [2, 4, 'body', 'SHORT'],
  [1, 2, 'body', 'SHORT'],
  [1, 4, 'body', undefined],
] as const)('bytes %i to %i in the %s', (start, end, place, name) => {
  expect(selectRecord(rules, bytes, start, end, place)).toBe(name)
})

test('headers and trailers are told apart, in order', () => {
  const seen: string[] = []
  const { take, end } = placeRecords(1, 2, (buffer, from, to, offset, place) =>
    seen.push(`${buffer.slice(from, to)} ${offset} ${place}`),
  )
  const file = Uint8Array.of(1, 2, 3, 4, 5)
  for (const at of file.keys()) take(file, at, at + 1, at)
  end()
  expect(seen).toEqual(['1 0 header', '2 1 body', '3 2 body', '4 3 trailer', '5 4 trailer'])
})

test('without trailers nothing is held back', () => {
  const seen: string[] = []
  const { take } = placeRecords(0, 0, (_buffer, _from, _to, _offset, place) => seen.push(place))
  take(bytes, 0, 4, 0)
  expect(seen).toEqual(['body'])
})
