// Decodes many fixed-length records to JavaScript objects. The kernel writes the values of many records; each record becomes one string, which
// its values are pieces of, so that an object that is kept keeps no more than its own record. What the kernel leaves goes through the codec.

import type { JsonObject } from '../../contract/json.ts'
import type { RecordCodec } from '../record-codec.ts'
import { closureChunks } from '../run/closure-chunks.ts'
import { generatedChunks } from '../run/generated-chunks.ts'
import { newRun } from '../run/run.ts'
import { objectBuilder, type Values } from './build-object.ts'
import { inputBytes, type Kernel, outputBytes, startKernel } from './start-kernel.ts'

/** Decodes many records of one fixed length to JavaScript objects. */
export interface BulkObjectDecoder {
  /** Of every record, in bytes. */
  readonly recordLength: number
  /**
   * Gives `take` each whole record between `start` and `end`, as `codec.decode` does, with its index; gives the number of records. `failed` is
   * told of a record that cannot be decoded; what it does not throw is left out. Neither may call this decoder.
   */
  decodeObjects(
    bytes: Uint8Array,
    start: number,
    end: number,
    take: (object: JsonObject, index: number) => void,
    failed: (error: unknown, index: number) => void,
  ): number
}

/** With memory of its own; undefined where `startKernel` is. */
export function bulkObjectDecoder(codec: RecordCodec): BulkObjectDecoder | undefined {
  const kernel = startKernel(codec.plan, 'values')
  if (!kernel) return undefined
  const objects = objectReader(codec, kernel)
  return { recordLength: codec.plan.length, decodeObjects: objectDecoder(codec, kernel, objects) }
}

/** As Buffer has it, though its types do not say so. */
interface Latin1 {
  latin1Slice(start: number, end: number): string
}

/** Makes the object of a record from its values, which start at `text`; undefined for a record that needs the codec. */
type MakeObject = (record: number, text: number, first: number) => JsonObject | undefined

function objectReader(codec: RecordCodec, kernel: Kernel): MakeObject {
  const { plan, generate } = codec
  const { memory } = kernel
  const { fields } = kernel.table
  const build = objectBuilder(plan, fields, generate ? generatedChunks() : closureChunks)
  const strings = Buffer.from(memory.buffer) as unknown as Latin1
  const run = newRun(plan)
  run.source = memory
  run.end = memory.length
  const values: Values = { text: '', ends: kernel.words, first: 0, run }
  const { ends } = values
  return (record, text, first) => {
    const [residueAt, end] = [ends[first + fields.length - 1] ?? 0, ends[first + fields.length] ?? 0]
    values.text = strings.latin1Slice(text, text + end)
    values.first = first
    run.start = record
    run.nonCanonical.length = 0
    try {
      const object = build(values)
      if (end > residueAt) object.$residue = values.text.substring(residueAt, end)
      return plan.residue && run.nonCanonical.length > 0 ? undefined : object
    } catch {
      // The codec meets the same mistake again, and tells it with the right path.
      return undefined
    }
  }
}

function objectDecoder(
  codec: RecordCodec,
  { table, exports, memory, fields: fieldsAt, input, outputs: [output = 0, ends = 0], words }: Kernel,
  read: MakeObject,
): BulkObjectDecoder['decodeObjects'] {
  const { length } = codec.plan
  const { longest } = table
  /** A zero, and where each value and the residue end. */
  const perRecord = table.fields.length + 1
  const perRound = Math.floor(Math.min(inputBytes / length, outputBytes / longest, outputBytes / (4 * perRecord)))
  return (bytes, start, end, take, failed) => {
    const records = Math.floor((end - start) / length)
    const one = (index: number): void => {
      let object: JsonObject
      try {
        object = codec.decode(bytes, start + index * length, start + (index + 1) * length)
      } catch (error) {
        failed(error, index)
        return
      }
      take(object, index)
    }
    /** Reads from `from` on what the kernel reads in one go; gives the index of the next. */
    const some = (from: number, count: number, at: number): number => {
      const done = exports.decodeValues(at, count, length, fieldsAt, output, output + outputBytes, longest, ends)
      let text = output
      for (let index = 0; index < done; index++) {
        const first = ends / 4 + index * perRecord
        const object = read(at + index * length, text, first)
        text += words[first + perRecord - 1] ?? 0
        if (object) take(object, from + index)
        else one(from + index)
      }
      return done
    }
    for (let round = 0; round < records; round += perRound) {
      const count = Math.min(perRound, records - round)
      memory.set(bytes.subarray(start + round * length, start + (round + count) * length), input)
      for (let index = 0; index < count; index++) {
        index += some(round + index, count - index, input + index * length)
        if (index < count) one(round + index)
      }
    }
    return records
  }
}
