// Decodes many fixed-length records to lines of JSON by the SIMD kernel. What the kernel has no code for is written field by field into its
// memory; a record that needs an error or a policy goes through the record codec. The result is the same, byte for byte.

import { append, type ByteSink } from '../byte-sink.ts'
import type { RecordCodec } from '../record-codec.ts'
import { inputBytes, type Kernel, outputBytes, startKernel } from './start-kernel.ts'

/** Called for each record that cannot be decoded, with its index. Return to skip the record, throw to stop. */
type Failed = (error: unknown, index: number) => void

/** One of the outputs of a bulk decoder, from 0 on, so that some can be written while another is filled. */
export type Output = number

/** Decodes many records of one fixed length to lines of JSON, in WebAssembly. */
export interface BulkDecoder {
  /** Of every record, in bytes. */
  readonly recordLength: number
  /** Room for the records of all outputs, into which a file can be read without a copy. */
  readonly input: Uint8Array
  readonly outputs: number
  /** Records of which an output holds the lines, however long these are. */
  readonly perOutput: number
  /** Decodes the records of `input` from index `from` up to `to`, at most `perOutput`. Their lines replace those that the output had. */
  decodeInput(from: number, to: number, output: Output, failed: Failed): void
  /** The lines of the last `decodeInput` into this output, where they lie; those before a failure, after one. */
  lines(output: Output): Uint8Array
  /** Appends a line of JSON to `sink` for each whole record between `start` and `end` of any bytes; gives the number of records. */
  decodeLines(bytes: Uint8Array, start: number, end: number, sink: ByteSink, failed: Failed): number
}

const newline = 0x0a

/** Undefined where `startKernel` is. */
export function bulkDecoder(codec: RecordCodec): BulkDecoder | undefined {
  const kernel = startKernel(codec.plan, 'lines')
  if (!kernel) return undefined
  const rounds = inputDecoder(codec, kernel)
  return { ...rounds, decodeLines: lineDecoder(rounds) }
}

type Rounds = Omit<BulkDecoder, 'decodeLines'>

function inputDecoder(codec: RecordCodec, kernel: Kernel): Rounds {
  const { exports, memory, fields, input, outputs } = kernel
  const { longest } = kernel.table
  const { length } = codec.plan
  const perOutput = Math.max(1, Math.min(Math.floor(inputBytes / length), Math.floor(outputBytes / longest)))
  const records = memory.subarray(input, input + outputs.length * perOutput * length)
  const ends = [...outputs]
  const aside = { bytes: new Uint8Array(longest), length: 0 }
  /** A record that the kernel leaves to the codec; gives where its line ends. */
  const decodeOne = (index: number, end: number, failed: Failed): number => {
    aside.length = 0
    try {
      codec.decodeToJson(records, index * length, (index + 1) * length, aside)
    } catch (error) {
      failed(error, index)
      return end
    }
    memory.set(aside.bytes.subarray(0, aside.length), end)
    memory[end + aside.length] = newline
    return end + aside.length + 1
  }
  return {
    recordLength: length,
    input: records,
    outputs: outputs.length,
    perOutput,
    lines: (output) => memory.subarray(outputs[output], ends[output]),
    decodeInput: (from, to, output, failed) => {
      let end = outputs[output] ?? 0
      const limit = end + outputBytes
      for (let index = from; index < to; index += 1) {
        index += exports.decode(input + index * length, to - index, length, fields, end, limit, longest)
        end = ends[output] = exports.end.value
        if (index < to) end = ends[output] = decodeOne(index, end, failed)
      }
    },
  }
}

/** Copies records in and lines out. */
function lineDecoder({ recordLength, input, perOutput, decodeInput, lines }: Rounds): BulkDecoder['decodeLines'] {
  return (bytes, start, end, sink, failed) => {
    const records = Math.floor((end - start) / recordLength)
    for (let done = 0; done < records; done += perOutput) {
      const count = Math.min(perOutput, records - done)
      const at = start + done * recordLength
      input.set(bytes.subarray(at, at + count * recordLength))
      try {
        decodeInput(0, count, 0, (error, index) => failed(error, done + index))
      } finally {
        append(sink, lines(0))
      }
    }
    return records
  }
}
