// Turns lines of JSON into records, many at once.

import { append, type ByteSink, byteSink } from '../../codec/byte-sink.ts'
import { type Failure, isFailure } from '../../error/failure.ts'
import type { RecordTypes } from '../record/record-types.ts'
import type { EncodeRequest } from '../record/request.ts'
import { rootFlattening } from '../segment/flatten-roots.ts'
import { hierarchyOf } from '../segment/hierarchy.ts'
import { restoredFailure, serializedFailure } from '../thread/serialized-failure.ts'
import type { LineBatch, LineBatchAnswer } from '../thread/tasks.ts'

/** The records of a batch of lines, and what ended it. */
export type EncodedLines = Omit<LineBatchAnswer, 'failure'> & { readonly failure: Failure | undefined }

/** Encodes batches of lines, in memory that is used again. */
export interface LineEncoder {
  /** Ends at the first failure. */
  encode(batch: Pick<LineBatch, 'text'>): EncodedLines
  /** Takes the memory of records that nobody needs any more. */
  reuse(done: EncodedLines): void
}

const lineFeed = 0x0a
const blanks: readonly (number | undefined)[] = [0x20, 0x09, 0x0d]

/** Where records and what is known of them are gathered. */
interface Memory {
  readonly sink: ByteSink
  ends: Uint32Array
  lines: Uint32Array
}

const newMemory = (): Memory => ({
  sink: byteSink(1024 * 1024),
  ends: new Uint32Array(16_384),
  lines: new Uint32Array(16_384),
})

/** One batch is written while another is encoded. */
const mostSpare = 2

/** A line holds one record, or with `parents` those of a root. */
export function lineEncoder(
  types: RecordTypes,
  { parents, select }: Pick<EncodeRequest, 'parents' | 'select'>,
): LineEncoder {
  const encodeLines = parents.length > 0 ? rootLines(types, { parents, select }) : recordLines(types)
  const spare: Memory[] = []
  return {
    encode: ({ text }) => {
      const gathered = gatheredIn(spare.pop() ?? newMemory())
      try {
        encodeLines(text, gathered)
      } catch (error) {
        if (!isFailure(error)) throw error
        return gathered.result(error)
      }
      return gathered.result()
    },
    reuse: ({ records, ends, lines }) => {
      if (spare.length >= mostSpare) return
      const sink = { bytes: new Uint8Array(records.buffer), length: 0 }
      spare.push({ sink, ends: new Uint32Array(ends.buffer), lines: new Uint32Array(lines.buffer) })
    },
  }
}

/** The records of the lines so far. */
interface Gathered {
  readonly sink: ByteSink
  /** Takes what was appended to the sink as a record of the present line. */
  endRecord(): void
  /** Takes what was appended as records of this length, each of a line. */
  endEqual(length: number): void
  endLine(): void
  /** What was appended since the last record is left out. */
  result(failure?: Failure): EncodedLines
}

function gatheredIn(memory: Memory): Gathered {
  const { sink } = memory
  let [count, records, end] = [0, 0, 0]
  const add = (to: number): void => {
    if (records === memory.ends.length) {
      memory.ends = twice(memory.ends)
      memory.lines = twice(memory.lines)
    }
    end = memory.ends[records] = to
    memory.lines[records++] = count
  }
  return {
    sink,
    endRecord: () => add(sink.length),
    endEqual: (length) => {
      for (; end < sink.length; count++) add(end + length)
    },
    endLine: () => {
      count++
    },
    result: (failure) => ({
      records: sink.bytes.subarray(0, end),
      ends: memory.ends.subarray(0, records),
      lines: memory.lines.subarray(0, records),
      count,
      failure,
    }),
  }
}

function twice(numbers: Uint32Array): Uint32Array {
  const larger = new Uint32Array(2 * numbers.length)
  larger.set(numbers)
  return larger
}

/** Appends the records of all lines. Throws what the first wrong line has wrong. */
type EncodeLines = (text: Uint8Array, gathered: Gathered) => void

function rootLines(types: RecordTypes, { parents, select }: Pick<EncodeRequest, 'parents' | 'select'>): EncodeLines {
  const recordsOf = rootFlattening(types, hierarchyOf(parents, select))
  return eachLine((line, gathered) => {
    for (const record of recordsOf(line)) {
      append(gathered.sink, record)
      gathered.endRecord()
    }
  })
}

function recordLines(types: RecordTypes): EncodeLines {
  const { bulkLines } = types
  const encodeLine = (line: Uint8Array, gathered: Gathered): void => {
    types.encode(line, gathered.sink)
    gathered.endRecord()
  }
  if (!bulkLines) return eachLine(encodeLine)
  const { recordLength } = bulkLines
  const one = unlessBlank(encodeLine)
  return (text, gathered) => {
    bulkLines.encodeLines(text, gathered.sink, (start, end) => {
      gathered.endEqual(recordLength)
      one(text.subarray(start, end), gathered)
    })
    gathered.endEqual(recordLength)
  }
}

function eachLine(encodeLine: EncodeLines): EncodeLines {
  const one = unlessBlank(encodeLine)
  return (text, gathered) => {
    for (let at = 0; at < text.length; ) {
      const newline = text.indexOf(lineFeed, at)
      const end = newline < 0 ? text.length : newline
      one(text.subarray(at, end), gathered)
      at = end + 1
    }
  }
}

function unlessBlank(encodeLine: EncodeLines): EncodeLines {
  return (line, gathered) => {
    if (!line.every((byte) => blanks.includes(byte))) encodeLine(line, gathered)
    gathered.endLine()
  }
}

/** The records for the first thread. */
export function lineAnswer({ failure, ...encoded }: EncodedLines): LineBatchAnswer {
  return { ...encoded, failure: failure && serializedFailure(failure) }
}

/** The records that another thread made. */
export function encodedLines({ failure, ...answer }: LineBatchAnswer): EncodedLines {
  return { ...answer, failure: failure && restoredFailure(failure) }
}
