// Decodes many fixed-length records to lines of JSON by the SIMD kernel. What the kernel has no code for is written field by field into its
// memory; a record that needs an error, a `$residue` or a policy goes through the record codec. The result is the same, byte for byte.

import { append, type ByteSink } from '../byte-sink.ts'
import type { RecordCodec } from '../record-codec.ts'
import { type FieldTable, fieldTable } from './field-table.ts'
import { inputBytes, type Kernel, outputBytes, startKernel } from './start-kernel.ts'

export interface BulkDecoder {
  /** Of every record, in bytes. */
  readonly recordLength: number
  /**
   * Appends a line of JSON to `sink` for each whole record between `start` and `end`; gives their number. `failed` is told of a record that
   * cannot be decoded, with its index; what it does not throw is left out.
   */
  decodeLines(
    bytes: Uint8Array,
    start: number,
    end: number,
    sink: ByteSink,
    failed: (error: unknown, index: number) => void,
  ): number
}

const newline = 0x0a

/** Undefined where records differ in their fields, are too long to gain anything, or the process has no WebAssembly. */
export function bulkDecoder(codec: RecordCodec): BulkDecoder | undefined {
  const { plan } = codec
  const table = plan.length > 0 && plan.length <= inputBytes ? fieldTable(plan) : undefined
  const kernel = table && table.longest <= outputBytes ? startKernel(plan, table) : undefined
  return table && kernel && { recordLength: plan.length, decodeLines: lineDecoder(codec, table, kernel) }
}

function lineDecoder(codec: RecordCodec, { longest }: FieldTable, kernel: Kernel): BulkDecoder['decodeLines'] {
  const { exports, memory, fields, input, output } = kernel
  const { length } = codec.plan
  const perRound = Math.max(1, Math.floor(inputBytes / length))
  const limit = output + outputBytes
  return (bytes, start, end, sink, failed) => {
    const records = Math.floor((end - start) / length)
    let index = 0
    while (index < records) {
      const count = Math.min(perRound, records - index)
      const at = start + index * length
      memory.set(bytes.subarray(at, at + count * length), input)
      for (let done = 0; done < count; ) {
        const more = exports.decode(input + done * length, count - done, length, fields, output, limit, longest)
        append(sink, memory.subarray(output, exports.end.value))
        done += more
        const full = exports.end.value + longest > limit
        if (done === count || (full && more > 0)) continue
        decodeOne(codec, bytes, at + done * length, sink, (error) => failed(error, index + done))
        done += 1
      }
      index += count
    }
    return records
  }
}

function decodeOne(
  codec: RecordCodec,
  bytes: Uint8Array,
  at: number,
  sink: ByteSink,
  failed: (error: unknown) => void,
): void {
  const before = sink.length
  try {
    codec.decodeToJson(bytes, at, at + codec.plan.length, sink)
    append(sink, lineEnd)
  } catch (error) {
    sink.length = before
    failed(error)
  }
}

const lineEnd = Uint8Array.of(newline)
