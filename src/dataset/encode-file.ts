// Encodes lines of JSON to the records of a data set.

import { append, byteSink } from '../codec/byte-sink.ts'
import { type Failure, isFailure } from '../error/failure.ts'
import { fileWriter } from '../frame/file-parts.ts'
import { type EncodedLines, encodedLines, lineEncoder } from './batch/line-encoder.ts'
import { orderedPool } from './batch/pool.ts'
import { handled } from './file/descriptor.ts'
import { outputWriter, type WriteParts } from './file/output-writer.ts'
import { inContext, nameOf, type Streams } from './file/streams.ts'
import { wholeLinesOf } from './file/whole-lines.ts'
import { compileText } from './record/copybook.ts'
import { type RecordTypes, recordTypes } from './record/record-types.ts'
import type { EncodeRequest } from './record/request.ts'
import type { LineBatch } from './thread/tasks.ts'
import type { Thread } from './thread/thread.ts'

/** Bytes gathered before they are written; so many in one piece are written from where they lie. */
const enough = 256 * 1024

/**
 * Threads help with it. Throws what a line has wrong, with its number, or that lines cannot be read any further. The records before it are
 * written and no more, but for as many as there are trailers, which are only known at the end. `mistakes` gets those of the copybook but the
 * last, which is thrown.
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
  const encoder = lineEncoder(types, request)
  const pool = orderedPool<LineBatch, EncodedLines>(threads, {
    here: encoder.encode,
    there: async (thread, { id, text }) => {
      const copy = text.slice() // The memory of the lines is read into again.
      return encodedLines(await thread.ask({ id, text: copy }, [copy.buffer]))
    },
    next: async (encoded) => {
      await output.write(encoded)
      encoder.reuse(encoded)
    },
  })
  let id = 0
  try {
    try {
      for await (const text of wholeLinesOf(request.path, streams.input.descriptor)) {
        pool.take({ id: id++, text })
        await pool.ready()
      }
    } finally {
      await pool.finish() // What was read is written, also where no more can be read.
    }
    output.end()
  } finally {
    await output.flush()
  }
}

/** Where the records of all lines go, in their order. */
interface RecordOutput {
  /** Throws what a line has wrong, with its number. Settles when the memory of the records may be used again. */
  write(encoded: EncodedLines): Promise<void>
  /** Writes what ends the data set. */
  end(): void
  /** Settles when all has gone out. */
  flush(): Promise<void>
}

function recordOutput(types: RecordTypes, { path, blockSize }: EncodeRequest, streams: Streams): RecordOutput {
  const output = gatheredOutput(outputWriter(streams))
  const writer = fileWriter(types.parts, output.put, blockSize === undefined ? {} : { blockSize })
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
        if (output.isFull()) await output.send()
      }
      if (failure) throw located(failure, before + count + 1)
      before += count
      if (output.isFull()) await output.send()
      await output.settle()
    },
    end: () => {
      try {
        writer.end()
      } catch (error) {
        throw located(error, before)
      }
    },
    flush: output.flush,
  }
}

/** Short pieces are copied and go out together, while more are gathered; long ones go out from where they lie. */
function gatheredOutput(writeOut: WriteParts) {
  let [out, other] = [byteSink(2 * enough), byteSink(2 * enough)]
  let parts: Uint8Array[] = []
  let [size, copied, hasLong] = [0, 0, false]
  let sent = Promise.resolve()
  const takeCopied = (): Uint8Array => {
    const bytes = out.bytes.subarray(copied, out.length)
    copied = out.length
    return bytes
  }
  const send = async (): Promise<void> => {
    await sent
    sent = handled(writeOut([...parts, takeCopied()]))
    ;[out, other] = [other, out]
    out.length = size = copied = 0
    parts = []
  }
  return {
    put: (bytes: Uint8Array): void => {
      size += bytes.length
      if (bytes.length < enough) append(out, bytes)
      else {
        parts.push(takeCopied(), bytes)
        hasLong = true
      }
    },
    isFull: () => size >= enough,
    send,
    /** Settles when long pieces may change again. */
    settle: async (): Promise<void> => {
      if (!hasLong) return
      if (size > 0) await send()
      await sent
      hasLong = false
    },
    flush: async (): Promise<void> => {
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
