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
  return ({ text }) => {
    sink.length = 0
    const ends: number[] = []
    const lines: number[] = []
    let count = 0
    const ended = () => {
      ends.push(sink.length)
      lines.push(count)
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
      records: sink.bytes.slice(0, ends.at(-1) ?? 0),
      ends: Uint32Array.from(ends),
      lines: Uint32Array.from(lines),
      count,
      failure,
    })
    for (let at = 0; at < text.length; count++) {
      const newline = text.indexOf(lineFeed, at)
      const end = newline < 0 ? text.length : newline
      if (!isBlank(text, at, end)) {
        try {
          encode(text.subarray(at, end))
        } catch (error) {
          if (!isFailure(error)) throw error
          return result(error)
        }
      }
      at = end + 1
    }
    return result()
  }
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
