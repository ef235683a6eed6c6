// Encodes lines of JSON to the records of a data set.

import { append, byteSink } from '../codec/byte-sink.ts'
import { type Failure, isFailure } from '../error/failure.ts'
import { fileWriter } from '../frame/file-parts.ts'
import { type EncodedLines, encodedLines, lineEncoder } from './batch/line-encoder.ts'
import { orderedPool } from './batch/pool.ts'
import { inContext, nameOf, type Streams } from './file/streams.ts'
import { wholeLinesOf } from './file/whole-lines.ts'
import { compileText } from './record/copybook.ts'
import { recordTypes } from './record/record-types.ts'
import type { EncodeRequest } from './record/request.ts'
import type { LineBatch } from './thread/tasks.ts'
import type { Thread } from './thread/thread.ts'

/** Bytes gathered before they are written. */
const enough = 256 * 1024

/**
 * Threads help with it. Throws what a line has wrong, with its number. The records before it are written, but for as many as there are trailers,
 * which are only known at the end. `mistakes` gets those of the copybook but the last, which is thrown.
 */
export async function encodeFile(
  request: EncodeRequest,
  threads: readonly Thread[],
  streams: Streams,
  mistakes: (mistake: Failure) => void,
): Promise<void> {
  for (const thread of threads) thread.prepare(request)
  const { path, blockSize } = request
  const types = recordTypes(compileText(request, mistakes), request, request)
  const out = byteSink(enough)
  const writer = fileWriter(types.parts, (bytes) => append(out, bytes), blockSize === undefined ? {} : { blockSize })
  const flush = async (): Promise<void> => {
    await streams.output.putWhole(out.bytes.subarray(0, out.length))
    out.length = 0
  }
  /** Lines of the batches before. */
  let before = 0
  /** Lines whose records are held back until they are known to be no trailers. */
  const waiting: number[] = []
  const located = (error: unknown, line: number): unknown =>
    isFailure(error) ? inContext(error, `  in line ${line} of ${nameOf(path)}`) : error
  const write = async ({ records, ends, lines, count, failure }: EncodedLines): Promise<void> => {
    for (let index = writer.writeEqual?.(records, ends) ?? 0; index < ends.length; index++) {
      const line = before + (lines[index] ?? 0) + 1
      waiting.push(line)
      const written = waiting.length > types.parts.trailers.length ? (waiting.shift() ?? line) : line
      try {
        writer.write(records.subarray(ends[index - 1] ?? 0, ends[index]))
      } catch (error) {
        throw located(error, written)
      }
      if (out.length > enough) await flush()
    }
    if (failure) throw located(failure, before + count + 1)
    before += count
    if (out.length > enough) await flush()
  }
  const end = (): void => {
    try {
      writer.end()
    } catch (error) {
      throw located(error, before)
    }
  }
  const pool = orderedPool<LineBatch, EncodedLines>(threads, {
    here: lineEncoder(types, request),
    there: async (thread, { id, text }) => {
      const copy = text.slice() // The memory of the lines is read into again.
      return encodedLines(await thread.ask({ id, text: copy }, [copy.buffer]))
    },
    next: write,
  })
  let id = 0
  try {
    for (const text of wholeLinesOf(path, streams.input.descriptor)) {
      pool.take({ id: id++, text })
      await pool.ready()
    }
    await pool.finish()
    end()
  } finally {
    await flush()
  }
}
