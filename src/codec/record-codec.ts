// The codec of one record: bytes ⇄ JSON, compiled once from a layout.

import type { Layout } from '../cobol/layout.ts'
import { type CodePage, codePage } from '../codepage/code-page.ts'
import type { JsonObject } from '../contract/json.ts'
import { failure } from '../error/failure.ts'
import { buildPlan, type PlanOptions } from './build-plan.ts'
import type { Plan } from './plan.ts'
import { applyResidue, residueOf } from './residue.ts'
import { objectReader } from './run/read-closures.ts'
import { isObject, newRun, type Run, typeWord } from './run/run.ts'
import { objectWriter, reserve } from './run/write-closures.ts'

export interface CodecOptions extends PlanOptions {
  readonly codePage: CodePage | string
  /** Bytes behind the longest record that the layout allows: an error, or kept in `$residue`. Default `error`. */
  readonly surplus?: 'error' | 'keep'
}

export interface RecordCodec {
  readonly layout: Layout
  readonly plan: Plan
  readonly minimumLength: number
  readonly maximumLength: number
  /** Length of the record that starts at `start`, from its counters. Throws RECORD_TOO_SHORT, COUNTER_OUT_OF_RANGE. */
  lengthOf(bytes: Uint8Array, start?: number, end?: number): number
  /** The record between `start` and `end` as JSON. Throws a Failure with field path, offset and picture. */
  decode(bytes: Uint8Array, start?: number, end?: number): JsonObject
  /** The bytes of a JSON object. Throws a Failure with the path of the value that does not fit. */
  encode(value: JsonObject): Uint8Array
}

/** How far `surplus: 'keep'` lets a residue make a record longer. */
const mostSurplus = 16 * 1024 * 1024

/**
 * Compiles a codec. Decimals are strings with the scale of the PICTURE, text is trimmed, tables are arrays, FILLER is hidden.
 * Throws what buildPlan throws and CODE_PAGE_UNKNOWN.
 */
export function recordCodec(layout: Layout, options: CodecOptions): RecordCodec {
  const page = typeof options.codePage === 'string' ? codePage(options.codePage) : options.codePage
  const plan = buildPlan(layout, page, options)
  const read = objectReader(plan)
  const write = objectWriter(plan, page.name)
  const { lengthOf } = plan.geometry
  const reading = newRun(plan)
  const writing = newRun(plan)
  writing.source = new Uint8Array(Math.min(plan.length, 65_536))
  const most = options.surplus === 'keep' ? layout.maximumLength + mostSurplus : layout.maximumLength

  const aim = (run: Run, bytes: Uint8Array, start: number, end: number) => {
    run.source = bytes
    run.start = start
    run.end = end
    run.trace.residue = false
    return lengthOf(run)
  }
  const canonical = (value: JsonObject): number => {
    writing.start = 0
    writing.end = Number.POSITIVE_INFINITY
    writing.deferred.length = 0
    writing.afterResidue.length = 0
    const length = write(writing, value)
    for (const check of writing.deferred) check()
    return length
  }

  return {
    layout,
    plan,
    minimumLength: layout.minimumLength,
    maximumLength: layout.maximumLength,
    lengthOf: (bytes, start = 0, end = bytes.length) => aim(reading, bytes, start, end),
    decode: (bytes, start = 0, end = bytes.length) => {
      const length = aim(reading, bytes, start, end)
      const got = end - start
      if (got > most) throw failure('RECORD_TOO_LONG', { record: layout.name, most: layout.maximumLength, got })
      const value = read(reading)
      const canonicalLength = plan.variable === 'maximum' ? plan.length : length
      if (!plan.residue || !(reading.trace.residue || got !== canonicalLength)) return value
      const written = canonical(value)
      const residue = residueOf(bytes, start, end, writing.source, written)
      return residue === undefined ? value : { ...value, $residue: residue }
    },
    encode: (value) => {
      if (!isObject(value)) throw failure('JSON_INVALID', { problem: `it is ${typeWord(value)}` })
      let length = canonical(value)
      const residue = Object.hasOwn(value, '$residue') ? value.$residue : undefined
      if (residue !== undefined) {
        if (typeof residue !== 'string') throw failure('RESIDUE_INVALID', { problem: `it is ${typeWord(residue)}` })
        length = applyResidue(residue, length, most, (end) => {
          reserve(writing, end)
          return writing.source
        })
      }
      for (const check of writing.afterResidue) check()
      return writing.source.slice(0, length)
    },
  }
}
