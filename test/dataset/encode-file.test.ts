// encode on long files: memory that is used again, long pieces that are written from where they lie, and input that ends too early.

import { closeSync, openSync, readFileSync } from 'node:fs'
import { setImmediate as soon } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { lineAnswer, lineEncoder } from '../../src/dataset/batch/line-encoder.ts'
import { encodeFile } from '../../src/dataset/encode-file.ts'
import type { Streams } from '../../src/dataset/file/streams.ts'
import { compileText } from '../../src/dataset/record/copybook.ts'
import { recordTypes } from '../../src/dataset/record/record-types.ts'
import type { EncodeRequest, FormatRequest } from '../../src/dataset/record/request.ts'
import type { AnswerTo, Task } from '../../src/dataset/thread/tasks.ts'
import type { Thread } from '../../src/dataset/thread/thread.ts'
import { countsItself } from '../../src/frame/format.ts'
import { folderOf } from '../cli/data/copybooks.ts'

const copybook = (length: number) => `       01 R.\n           05 A PIC X(${length}).\n`

function requestOf(path: string, length: number, format: FormatRequest): EncodeRequest {
  return {
    copybook: { source: { name: 'R.cpy', text: copybook(length) }, folders: [] },
    compiler: {},
    record: undefined,
    codec: { codePage: 'ascii', undeclaredViews: 'all' },
    select: [],
    format,
    offsets: { start: 0, end: 0 },
    parents: [],
    path,
    blockSize: undefined,
    cut: false,
  }
}

async function* noPieces(): AsyncGenerator<Uint8Array> {
  yield* []
}

/** An output that takes bytes in two halves, the second one late. */
function slowStreams(input: number) {
  const parts: Buffer[] = []
  let writes = 0
  const putWhole = async (bytes: Uint8Array): Promise<void> => {
    const half = bytes.length >> 1
    writes++
    parts.push(Buffer.from(bytes.subarray(0, half)))
    for (let i = 0; i < 3; i++) await soon()
    parts.push(Buffer.from(bytes.subarray(half)))
  }
  const streams: Streams = {
    input: { pieces: noPieces(), descriptor: input },
    output: { put: putWhole, putWhole },
    report: () => undefined,
    terminal: undefined,
    shared: undefined,
  }
  return { streams, output: () => Buffer.concat(parts), writes: () => writes }
}

/** A thread in this one, which answers late. */
function lateThread(request: EncodeRequest, asked: () => void = () => undefined): Thread {
  const encoder = lineEncoder(recordTypes(compileText(request), request, request), request)
  return {
    prepare: () => undefined,
    ask: async <T extends Task>(task: T): Promise<AnswerTo<T>> => {
      asked()
      await soon()
      if (!('text' in task)) throw new Error('only lines are encoded')
      return lineAnswer(encoder.encode(task)) as AnswerTo<T>
    },
    broken: new Promise<never>(() => undefined),
    end: () => Promise.resolve(),
  }
}

const texts = (many: number): string[] => Array.from({ length: many }, (_, i) => `${i} ${'.'.repeat(i % 90)}`)
const linesOf = (values: readonly string[]): string => values.map((a) => `{"a":"${a}"}\n`).join('')
const short = texts(50_000)
const long = texts(8).map((one) => one + 'x'.repeat(300_000))
const file = folderOf({ 'short.json': linesOf(short), 'long.json': linesOf(long) })

/** The records of the texts, each behind an RDW where it has one. */
function recordsOf(values: readonly string[], length: number, hasRdw: boolean): Buffer {
  const rdw = hasRdw ? Buffer.from([(length + 4) >> 8, (length + 4) & 0xff, 0, 0]) : Buffer.alloc(0)
  return Buffer.concat(values.flatMap((one) => [rdw, Buffer.from(one.padEnd(length))]))
}

describe.each([0, 1, 2])('the output is slow and there are %i other threads', (threads) => {
  test.each<[string, readonly string[], string, number, FormatRequest]>([
    ['records of one length, in pieces of a batch', short, 'short.json', 100, { kind: 'fixed', length: undefined }],
    ['records behind each other', short, 'short.json', 100, { kind: 'by-layout', lengths: {} }],
    ['records with a descriptor', short, 'short.json', 100, { kind: 'variable', record: countsItself }],
    ['records as long as a piece', long, 'long.json', 300_100, { kind: 'by-layout', lengths: {} }],
  ])('%s', async (_, values, name, length, format) => {
    const request = requestOf(file(name), length, format)
    const { streams, output, writes } = slowStreams(-1)
    const others = Array.from({ length: threads }, () => lateThread(request))
    await encodeFile(request, others, streams, () => undefined)
    expect(output().equals(recordsOf(values, length, format.kind === 'variable'))).toBe(true)
    expect(writes()).toBeGreaterThan(3)
  })
})

test('input that cannot be read any further: what was read is written, and nothing when that is told', async () => {
  const input = openSync(file('short.json'), 'r')
  const request = requestOf('-', 100, { kind: 'fixed', length: undefined })
  const { streams, output } = slowStreams(input)
  let batches = 0
  const thread = lateThread(request, () => {
    if (++batches === 2) closeSync(input)
  })
  await expect(encodeFile(request, [thread], streams, () => undefined)).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
  })
  const written = output()
  for (let i = 0; i < 20; i++) await soon()
  expect(output().length).toBe(written.length)
  const read =
    readFileSync(file('short.json'))
      .subarray(0, 2 * 1024 * 1024)
      .lastIndexOf('\n') + 1
  const lines = linesOf(short).slice(0, read).split('\n').length - 1
  expect(written.equals(recordsOf(short.slice(0, lines), 100, false))).toBe(true)
})
