// Encodes lines of JSON, as this codec writes them, to records of one fixed length: many lines are laid out to be read at once, by the kernel where
// it knows the layout, and each record is written behind the one before. A line of any other kind is left to the codec; all give the same bytes.

import { isFailure } from '../../error/failure.ts'
import { append, type ByteSink, reserve } from '../byte-sink.ts'
import { once } from '../once.ts'
import type { Plan } from '../plan/plan.ts'
import type { RecordCodec } from '../record-codec.ts'
import { applyResidue } from '../residue.ts'
import { closureChunks } from '../run/closure-chunks.ts'
import { generatedChunks } from '../run/generated-chunks.ts'
import { aimJson, newRun, type Run } from '../run/run.ts'
import { aimAt, jsonTaker, residueIn } from '../run/write-json.ts'
import { startEncodeKernel, stopped } from './start-encode-kernel.ts'

/** Takes where a line that is left to the codec starts, and where it ends. */
type LeaveLine = (start: number, end: number) => void

/** Encodes many lines of JSON to records of one fixed length. */
export interface BulkEncoder {
  /** Of every record, in bytes. */
  readonly recordLength: number
  /**
   * Appends the record of each line to `sink`. `left` is called for a line that the codec must encode, after the records before it are there: it
   * is blank or wrong, has white space or another order of names, or its record has another length. It appends what becomes of the line, or throws.
   */
  encodeLines(lines: Uint8Array, sink: ByteSink, left: LeaveLine): void
}

/** The same for at most `blockSize` bytes. */
type EncodeBlock = BulkEncoder['encodeLines']

const NEWLINE = 0x0a
const CLOSE_OBJECT = 0x7d

/** Lines that are laid out at once, in bytes: as many as the processor keeps near. */
const blockSize = 128 * 1024

/** With memory of its own; undefined where JSON of the layout is not read straight from its bytes. */
export function bulkEncoder({ plan, generate }: RecordCodec): BulkEncoder | undefined {
  const byTaker = once(() => blockByTaker(plan, generate))
  const encodeBlock = blockByKernel(plan, byTaker) ?? byTaker()
  return (
    encodeBlock && {
      recordLength: plan.length,
      encodeLines: (lines, sink, left) => {
        for (let at = 0; at < lines.length; ) {
          const start = at
          at = blockEnd(lines, start)
          if (at - start > blockSize) left(start, lineEnd(lines, start, at))
          else encodeBlock(lines.subarray(start, at), sink, (from, end) => left(start + from, start + end))
        }
      },
    }
  )
}

/** A line that the kernel cannot read is `byTaker`'s, and only then the codec's. */
function blockByKernel(plan: Plan, byTaker: () => EncodeBlock | undefined): EncodeBlock | undefined {
  const kernel = startEncodeKernel(plan, blockSize)
  if (!kernel) return undefined
  const { exports, memory, input, output, limit, fields, passed } = kernel
  const { length } = plan
  const run = newRun(plan)
  aimJson(run, memory)
  run.source = memory
  /** Tells why it stopped; the run has the line that it stopped at. */
  const advance = (from: number, blockEnd: number) => {
    passed.length = 0
    const why = exports.encode(from, blockEnd, output, limit, length, fields)
    run.start = exports.end.value
    run.compared.length = 0
    for (const one of passed) if (one.from >= exports.line.value) run.compared.push(one.stillHolds)
    return why
  }
  const leaveLine = (lines: Uint8Array, from: number, end: number, sink: ByteSink, left: LeaveLine): void => {
    const encodeLine = byTaker()
    if (!encodeLine) left(from, end)
    else encodeLine(lines.subarray(from, end + 1), sink, (start, lineEnd) => left(from + start, from + lineEnd))
  }
  return (lines, sink, left) => {
    const blockEnd = input + lines.length
    memory.set(lines, input)
    memory.fill(0, blockEnd, output)
    for (let from = input; from < blockEnd; ) {
      const why = advance(from, blockEnd)
      from = exports.line.value
      const end = why === stopped.done ? from : lineEnd(memory, from, blockEnd)
      const isWhole = why === stopped.more && isFinished(run, exports.rest.value, end, plan)
      append(sink, memory.subarray(output, run.start + (isWhole ? length : 0)))
      if (why === stopped.done) continue
      if (!isWhole) leaveLine(lines, from - input, end - input, sink, left)
      from = end + 1
    }
  }
}

/** For lines and layouts that the kernel does not know, by functions made for the layout. */
function blockByTaker(plan: Plan, generate: boolean): EncodeBlock | undefined {
  const take = jsonTaker(plan, generate ? generatedChunks() : closureChunks)
  if (!take) return undefined
  const { length } = plan
  const run = newRun(plan)
  run.end = 0x7fff_ffff // Not Infinity, as in the codec.
  /** Writes the record of the line that starts at `from` and has its end before `blockEnd`; gives where the next line starts, or -1. */
  const encodeLine = (from: number, blockEnd: number): number => {
    if (run.compared.length > 0) run.compared.length = 0
    const at = take(run, from)
    if (at < 0) return -1
    if (run.out[at] === CLOSE_OBJECT && run.out[at + 1] === NEWLINE) return at + 2
    const end = lineEnd(run.out, at, blockEnd)
    return isFinished(run, at, end, plan) ? end + 1 : -1
  }
  return (lines, sink, left) => {
    const size = aimAt(run, lines)
    for (let from = 0; from < size; ) {
      run.start = sink.length
      reserve(sink, run.start + length)
      run.source = sink.bytes
      const next = encodeLine(from, size)
      if (next < 0) left(from, lineEnd(lines, from, size))
      else sink.length += length
      from = next < 0 ? lineEnd(lines, from, size) + 1 : next
    }
  }
}

/** Behind the last line that ends within a block from `start` on, or behind the one line that is longer than a block. */
function blockEnd(lines: Uint8Array, start: number): number {
  if (lines.length - start <= blockSize) return lines.length
  const end = lines.subarray(start, start + blockSize).lastIndexOf(NEWLINE) + 1
  return end > 0 ? start + end : Math.min(lineEnd(lines, start, lines.length) + 1, lines.length)
}

/** Where the newline of a line stands, or the end of all lines. */
function lineEnd(lines: Uint8Array, from: number, end: number): number {
  const at = lines.indexOf(NEWLINE, from)
  return at < 0 || at > end ? end : at
}

/** Whether the line, which has all its values before `at`, ends there or with a residue that fits the record. */
function isFinished(run: Run, at: number, end: number, { length, residue }: Plan): boolean {
  const patch = residueIn(run, at, end, residue)
  return patch !== undefined && (patch === '' || isPatched(run, patch, length))
}

/** Whether the patch and the views beside the written ones fit the record, and it keeps its length. */
function isPatched(run: Run, patch: string, length: number): boolean {
  const record = run.source.subarray(run.start, run.start + length)
  try {
    if (applyResidue(patch, length, length, () => record) < length) return false
  } catch (error) {
    if (!isFailure(error)) throw error
    return false // The codec meets the same mistake again.
  }
  return run.compared.every((stillHolds) => stillHolds())
}
