// What becomes of lines of JSON: one by one by the codec alone, and in bulk with the codec behind.

import { expect } from '@jest/globals'
import { bulkEncoder } from '../../../src/codec/bulk-encode/bulk-encoder.ts'
import { byteSink } from '../../../src/codec/byte-sink.ts'
import type { RecordCodec } from '../../../src/codec/record-codec.ts'
import { isFailure } from '../../../src/error/failure.ts'
import { hex } from '../layouts.ts'

/** The record of a line, or what is wrong with the line. */
type Outcome = string | { readonly code: string; readonly facts: unknown }

export function alone(codec: RecordCodec, line: Uint8Array): Outcome {
  const sink = byteSink(16)
  try {
    codec.encodeJson(line, sink)
  } catch (error) {
    if (!isFailure(error)) throw error
    return { code: error.code, facts: error.facts }
  }
  return hex(sink.bytes.subarray(0, sink.length))
}

/** What becomes of each line, and how many the encoder left to the codec. */
function inBulk(codec: RecordCodec, lines: Uint8Array): { outcomes: Outcome[]; left: number } {
  const encoder = bulkEncoder(codec)
  if (!encoder) throw new Error('no bulk encoder for this layout')
  const sink = byteSink(16)
  const outcomes: Outcome[] = []
  let [end, left] = [0, 0]
  const records = (): void => {
    for (; end < sink.length; end += encoder.recordLength) {
      outcomes.push(hex(sink.bytes.subarray(end, end + encoder.recordLength)))
    }
  }
  encoder.encodeLines(lines, sink, (start, lineEnd) => {
    records()
    outcomes.push(alone(codec, lines.subarray(start, lineEnd)))
    left++
  })
  records()
  return { outcomes, left }
}

/** Without a last line that is empty. */
export function linesOf(text: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = []
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf(0x0a, at)
    const end = newline < 0 ? text.length : newline
    lines.push(text.subarray(at, end))
    at = end + 1
  }
  return lines
}

/** Both ways give the same; tells how many lines were left to the codec. */
export function compare(codec: RecordCodec, text: Uint8Array): number {
  const { outcomes, left } = inBulk(codec, text)
  expect(outcomes).toEqual(linesOf(text).map((line) => alone(codec, line)))
  return left
}
