// The engine of data sets with streams of a flow or a back end: it reads, writes and reports where it is told to, and nowhere else.

import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { decodeFile } from '../../src/dataset/decode-file.ts'
import { encodeFile } from '../../src/dataset/encode-file.ts'
import type { Streams } from '../../src/dataset/file/streams.ts'
import type { DecodeRequest, EncodeRequest, FormatRequest } from '../../src/dataset/record/request.ts'
import { countsItself } from '../../src/frame/format.ts'
import { folderOf, hex } from '../cli/data/copybooks.ts'

const text = '       01 R.\n           05 A PIC X(2).\n           05 N PIC S9(3)V99 COMP-3.\n'
const lines = '{"a":"AB","n":"123.45"}\n{"a":"CD","n":"-0.01"}\n'
const counted = hex('00090000 C1C2 12345C 00090000 C3C4 00001D')
const file = folderOf({
  'good.dat': hex('C1C2 12345C C3C4 00001D'),
  'bad.dat': hex('C1C2 404040 C3C4 00001D'),
  'good.rdw': counted,
  'in.json': lines,
})

const request = (path: string, format: FormatRequest) => ({
  copybook: { source: { name: 'R.cpy', text }, folders: [] },
  compiler: {},
  record: undefined,
  codec: { codePage: undefined, undeclaredViews: 'all' as const },
  select: [],
  format,
  offsets: { start: 0, end: 0 },
  parents: [],
  path,
})
const decoding = (path: string, format: FormatRequest): DecodeRequest => ({
  ...request(path, format),
  skip: 0,
  count: undefined,
  canonical: false,
  rootLimit: 1,
  keepGoing: true,
})

function memoryStreams(input: readonly Uint8Array[] = []) {
  const written: Buffer[] = []
  const reports: string[] = []
  async function* pieces() {
    yield* input
  }
  const put = (bytes: Uint8Array) => {
    written.push(Buffer.from(bytes))
    return Promise.resolve()
  }
  const streams: Streams = {
    input: { pieces: pieces(), descriptor: -1 },
    output: { put, putWhole: put },
    report: (line) => void reports.push(line),
    terminal: undefined,
    shared: undefined,
  }
  return { streams, output: () => Buffer.concat(written), reports }
}

const own = [jest.spyOn(process.stdout, 'write'), jest.spyOn(process.stderr, 'write')]
beforeAll(() => {
  for (const one of own) one.mockClear()
})
afterAll(() => {
  const calls = own.map((one) => one.mock.calls.length)
  jest.restoreAllMocks()
  expect(calls).toEqual([0, 0])
})

const fixed: FormatRequest = { kind: 'fixed', length: undefined }
const variable: FormatRequest = { kind: 'variable', record: countsItself }
const none = () => undefined

test.each([
  ['equal records', 'good.dat', fixed],
  ['records that are found first', 'good.rdw', variable],
])('decodes %s to the output', async (_, name, format) => {
  const { streams, output, reports } = memoryStreams()
  expect(await decodeFile(decoding(file(name), format), [], streams, none)).toBe(0)
  expect([output().toString(), reports]).toEqual([lines, []])
})

test('reports records that cannot be read', async () => {
  const { streams, output, reports } = memoryStreams()
  expect(await decodeFile(decoding(file('bad.dat'), fixed), [], streams, none)).toBe(1)
  expect(output().toString()).toBe('{"a":"CD","n":"-0.01"}\n')
  expect(reports.join('')).toMatch(/^FIELD_BYTES_INVALID.*\n {2}in record 1 of .*bad\.dat, at offset 0\n/)
})

test('reads what is handed in for -', async () => {
  const { streams, output } = memoryStreams([counted.subarray(0, 11), counted.subarray(11)])
  expect(await decodeFile(decoding('-', variable), [], streams, none)).toBe(0)
  expect(output().toString()).toBe(lines)
})

test('encodes to the output', async () => {
  const { streams, output } = memoryStreams()
  const encoding: EncodeRequest = { ...request(file('in.json'), fixed), blockSize: undefined, cut: false }
  await encodeFile(encoding, [], streams, none)
  expect(output().equals(hex('C1C2 12345C C3C4 00001D'))).toBe(true)
})
