// Encodes lines of JSON to the records of a data set.

import { append, byteSink } from '../codec/byte-sink.ts'
import { type Failure, isFailure } from '../error/failure.ts'
import { recordWriter } from '../frame/writer.ts'
import { type EncodedLines, encodedLines, lineEncoder } from './batch/line-encoder.ts'
import { orderedPool } from './batch/pool.ts'
import { handled } from './file/descriptor.ts'
import { outputWriter } from './file/output-writer.ts'
import { inContext, nameOf, type Streams } from './file/streams.ts'
import { wholeLinesOf } from './file/whole-lines.ts'
import { compileText, pageOf } from './record/copybook.ts'
import { dataFormat } from './record/data-format.ts'
import { recordTypes } from './record/record-types.ts'
import type { EncodeRequest } from './record/request.ts'
import type { LineBatch } from './thread/tasks.ts'
import type { Thread } from './thread/thread.ts'

/** Bytes gathered before they are written. */
const enough = 256 * 1024

/**
 * Threads help with it. Throws what a line has wrong, with its number; the records before it are written. `mistakes` gets those of the copybook
 * but the last, which is thrown.
 */
export async function encodeFile(
  request: EncodeRequest,
  threads: readonly Thread[],
  streams: Streams,
  mistakes: (mistake: Failure) => void,
): Promise<void> {
  for (const thread of threads) thread.prepare(request)
  const { path, blockSize } = request
  const copybook = compileText(request, mistakes)
  const page = pageOf(copybook, request.codec.codePage)
  const types = recordTypes(copybook, request, request)
  let [out, other] = [byteSink(enough), byteSink(enough)]
  const format = dataFormat(request.format, page, types.longest)
  const writer = recordWriter(format, (bytes) => append(out, bytes), blockSize === undefined ? {} : { blockSize })
  const writeOut = outputWriter(streams)
  let written = Promise.resolve()
  /** What is gathered goes out while more is gathered. */
  const flush = async (): Promise<void> => {
    await written
    written = handled(writeOut([out.bytes.subarray(0, out.length)]))
    ;[out, other] = [other, out]
    out.length = 0
  }
  /** Lines of the batches before. */
  let before = 0
  const located = (error: unknown, line: number): unknown =>
    isFailure(error) ? inContext(error, `  in line ${line} of ${nameOf(path)}`) : error
  const write = async ({ records, ends, lines, count, failure }: EncodedLines): Promise<void> => {
    for (let index = writer.writeEqual?.(records, ends) ?? 0; index < ends.length; index++) {
      try {
        writer.write(records.subarray(ends[index - 1] ?? 0, ends[index]))
      } catch (error) {
        throw located(error, before + (lines[index] ?? 0) + 1)
      }
      if (out.length > enough) await flush()
    }
    if (failure) throw located(failure, before + count + 1)
    before += count
    if (out.length > enough) await flush()
  }
  const pool = orderedPool<LineBatch, EncodedLines>(threads, {
    here: lineEncoder(types),
    there: async (thread, { id, text }) => {
      const copy = text.slice() // The memory of the lines is read into again.
      return encodedLines(await thread.ask({ id, text: copy }, [copy.buffer]))
    },
    next: write,
  })
  let id = 0
  try {
    for await (const text of wholeLinesOf(path, streams.input.descriptor)) {
      pool.take({ id: id++, text })
      await pool.ready()
    }
    await pool.finish()
    writer.end()
  } finally {
    await flush()
    await written
  }
}
