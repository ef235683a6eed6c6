// Encodes lines of JSON to the records of a data set.

import { append, byteSink } from '../codec/byte-sink.ts'
import { type Failure, isFailure } from '../error/failure.ts'
import { fileWriter } from '../frame/file-parts.ts'
import { type EncodedLines, encodedLines, lineEncoder } from './batch/line-encoder.ts'
import { orderedPool } from './batch/pool.ts'
import { handled } from './file/descriptor.ts'
import { outputWriter } from './file/output-writer.ts'
import { inContext, nameOf, type Streams } from './file/streams.ts'
import { wholeLinesOf } from './file/whole-lines.ts'
import { compileText } from './record/copybook.ts'
import { type RecordTypes, recordTypes } from './record/record-types.ts'
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
  const types = recordTypes(compileText(request, mistakes), request, request)
  const output = recordOutput(types, request, streams)
  const pool = orderedPool<LineBatch, EncodedLines>(threads, {
    here: lineEncoder(types, request),
    there: async (thread, { id, text }) => {
      const copy = text.slice() // The memory of the lines is read into again.
      return encodedLines(await thread.ask({ id, text: copy }, [copy.buffer]))
    },
    next: output.write,
  })
  let id = 0
  try {
    for await (const text of wholeLinesOf(request.path, streams.input.descriptor)) {
      pool.take({ id: id++, text })
      await pool.ready()
    }
    await pool.finish()
    output.end()
  } finally {
    await output.flush()
  }
}

/** Where the records of all lines go, in their order. */
interface RecordOutput {
  /** Throws what a line has wrong, with its number. */
  write(encoded: EncodedLines): Promise<void>
  /** Writes what ends the data set. */
  end(): void
  /** Settles when all has gone out. */
  flush(): Promise<void>
}

function recordOutput(types: RecordTypes, { path, blockSize }: EncodeRequest, streams: Streams): RecordOutput {
  const writeOut = outputWriter(streams)
  let [out, other] = [byteSink(enough), byteSink(enough)]
  let sent = Promise.resolve()
  /** What is gathered goes out while more is gathered. */
  const send = async (): Promise<void> => {
    await sent
    sent = handled(writeOut([out.bytes.subarray(0, out.length)]))
    ;[out, other] = [other, out]
    out.length = 0
  }
  const writer = fileWriter(types.parts, (bytes) => append(out, bytes), blockSize === undefined ? {} : { blockSize })
  const lineOf = lineWritten(types.parts.trailers.length)
  /** Lines of the batches before. */
  let before = 0
  const located = (error: unknown, line: number): unknown =>
    isFailure(error) ? inContext(error, `  in line ${line} of ${nameOf(path)}`) : error
  return {
    write: async ({ records, ends, lines, count, failure }) => {
      for (let index = writer.writeEqual?.(records, ends) ?? 0; index < ends.length; index++) {
        const line = lineOf(before + (lines[index] ?? 0) + 1)
        try {
          writer.write(records.subarray(ends[index - 1] ?? 0, ends[index]))
        } catch (error) {
          throw located(error, line)
        }
        if (out.length > enough) await send()
      }
      if (failure) throw located(failure, before + count + 1)
      before += count
      if (out.length > enough) await send()
    },
    end: () => {
      try {
        writer.end()
      } catch (error) {
        throw located(error, before)
      }
    },
    flush: async () => {
      await send()
      await sent
    },
  }
}

/** The line of the record that is written when one is handed in: as many as there are trailers are held back until they are known to be none. */
function lineWritten(trailers: number): (line: number) => number {
  const held: number[] = []
  return (line) => {
    held.push(line)
    return held.length > trailers ? (held.shift() ?? line) : line
  }
}
