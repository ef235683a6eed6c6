// Turns lines of JSON into records, many at once.

import { append, byteSink } from '../../codec/byte-sink.ts'
import { type Failure, isFailure } from '../../error/failure.ts'
import type { RecordTypes } from '../record/record-types.ts'
import type { EncodeRequest } from '../record/request.ts'
import { rootFlattening } from '../segment/flatten-roots.ts'
import { hierarchyOf } from '../segment/hierarchy.ts'
import { restoredFailure, serializedFailure } from '../thread/serialized-failure.ts'
import type { LineBatch, LineBatchAnswer } from '../thread/tasks.ts'

/** The records of a batch of lines, and what ended it. */
export type EncodedLines = Omit<LineBatchAnswer, 'failure'> & { readonly failure: Failure | undefined }

const lineFeed = 0x0a
const blanks: readonly (number | undefined)[] = [0x20, 0x09, 0x0d]

/** Ends a batch at its first failure. A line holds one record, or with `parents` those of a root. */
export function lineEncoder(
  types: RecordTypes,
  { parents, select }: Pick<EncodeRequest, 'parents' | 'select'>,
): (batch: Pick<LineBatch, 'text'>) => EncodedLines {
  const sink = byteSink(1024 * 1024)
  const recordsOf = parents.length > 0 ? rootFlattening(types, hierarchyOf(parents, select)) : undefined
  let [ends, lines] = [new Uint32Array(4096), new Uint32Array(4096)]
  return ({ text }) => {
    sink.length = 0
    let [count, records, end] = [0, 0, 0]
    const ended = (): void => {
      if (records === ends.length) [ends, lines] = [twice(ends), twice(lines)]
      end = ends[records] = sink.length
      lines[records++] = count
    }
    const encode = (line: Uint8Array): void => {
      if (recordsOf) {
        for (const record of recordsOf(line)) {
          append(sink, record)
          ended()
        }
      } else {
        types.encode(line, sink)
        ended()
      }
    }
    const result = (failure?: Failure): EncodedLines => ({
      records: sink.bytes.slice(0, end),
      ends: ends.slice(0, records),
      lines: lines.slice(0, records),
      count,
      failure,
    })
    for (let at = 0; at < text.length; count++) {
      const lineEnd = endOfLine(text, at)
      if (!isBlank(text, at, lineEnd)) {
        try {
          encode(text.subarray(at, lineEnd))
        } catch (error) {
          if (!isFailure(error)) throw error
          return result(error)
        }
      }
      at = lineEnd + 1
    }
    return result()
  }
}

function endOfLine(text: Uint8Array, at: number): number {
  const newline = text.indexOf(lineFeed, at)
  return newline < 0 ? text.length : newline
}

function twice(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * numbers.length)
  larger.set(numbers)
  return larger
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!blanks.includes(bytes[at])) return false
  return true
}

/** The records for the first thread. */
export function lineAnswer({ failure, ...encoded }: EncodedLines): LineBatchAnswer {
  return { ...encoded, failure: failure && serializedFailure(failure) }
}

/** The records that another thread made. */
export function encodedLines({ failure, ...answer }: LineBatchAnswer): EncodedLines {
  return { ...answer, failure: failure && restoredFailure(failure) }
}
