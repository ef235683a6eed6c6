// Records in the order of a file → one JSON object for each root, with the records below it in its $children, in the order of the file.
//
//   COMPANY  CONTACT  SITE  METER  COMPANY        {"$record":"COMPANY", …, "$children":[{"$record":"CONTACT", …},
//                                                   {"$record":"SITE", …, "$children":[{"$record":"METER", …}]}]}
//                                                 {"$record":"COMPANY", …, "$children":[]}
//
// The text is made from left to right: a child is written before the brackets of those above it are closed. Only one root is held.

import { append, byteSink } from '../../codec/byte-sink.ts'
import { type Failure, failure, isFailure } from '../../error/failure.ts'
import type { RecordPlace, RecordTypes } from '../record/record-types.ts'
import type { Hierarchy } from './hierarchy.ts'

/** A record of a file. */
export interface PlacedRecord {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  readonly place: RecordPlace
}

/** Which roots are wanted, and how large they may be. */
export interface RootRange {
  /** Roots passed over at the start, and the number of the last one wanted. */
  readonly skip: number
  readonly last: number
  /** Bytes of JSON that one root may take with all below it. */
  readonly most: number
}

/** Puts the records of a file together. */
export interface RecordNesting {
  /** Takes the next record of the file; gives what is wrong with it. Then its whole root is left out. */
  add(record: PlacedRecord): Failure | undefined
  /** The file has ended: its last root is whole. */
  end(): void
  /** Whether all roots that are wanted are whole. */
  readonly isOver: boolean
  /** The lines of all whole roots since the last call. */
  take(): Uint8Array
}

/** What becomes of the root at hand. */
type RootState = 'none' | 'wanted' | 'passed over' | 'left out'

/** With memory of its own. */
export function recordNesting(types: RecordTypes, hierarchy: Hierarchy, range: RootRange): RecordNesting {
  const text = rootText(types, hierarchy, range.most)
  let state: RootState = 'none'
  let roots = 0
  const finishRoot = (): void => {
    if (state === 'wanted') text.finish()
    state = 'none'
  }
  const beginRoot = (): void => {
    finishRoot()
    roots++
    state = roots > range.skip && roots <= range.last ? 'wanted' : 'passed over'
  }
  const add = (one: PlacedRecord): void => {
    const record = types.recordOf(one.bytes, one.start, one.end, one.place)
    if (record === undefined) throw failure('RECORD_TYPE_UNKNOWN', { length: one.end - one.start })
    const parent = hierarchy.parentOf(record)
    if (parent === undefined) beginRoot()
    else if (state === 'none') throw failure('RECORD_PARENT_MISSING', { record, parent })
    if (state === 'wanted') text.write(record, parent, one)
  }
  return {
    add: (record) => {
      try {
        if (roots <= range.last) add(record)
        return undefined
      } catch (error) {
        if (!isFailure(error)) throw error
        if (state === 'passed over') return undefined
        text.drop()
        if (state === 'wanted') state = 'left out'
        return error
      }
    },
    end: finishRoot,
    get isOver() {
      return roots > range.last
    },
    take: text.take,
  }
}

/** A record whose list of children is open. */
interface OpenRecord {
  readonly record: string
  count: number
}

/** The text of whole roots, and of the one at hand as far as it has come. */
interface RootText {
  /** Writes a record as the last one below its parent. Throws RECORD_PARENT_MISSING, ROOT_RECORD_TOO_LONG, what decoding throws. */
  write(record: string, parent: string | undefined, placed: PlacedRecord): void
  /** The root is whole. */
  finish(): void
  /** Nothing stays of the root. */
  drop(): void
  take(): Uint8Array
}

const lineFeed = Uint8Array.of(0x0a)
const comma = Uint8Array.of(0x2c)
const opening = new TextEncoder().encode(',"$children":[')
const closing = new TextEncoder().encode(']}')

function rootText(types: RecordTypes, hierarchy: Hierarchy, most: number): RootText {
  const sink = byteSink(1024 * 1024)
  /** From the root down to the record that came last, as far as they can have children. */
  const open: OpenRecord[] = []
  /** Where the root at hand begins. */
  let start = 0
  const closeDownTo = (depth: number): void => {
    for (; open.length > depth; open.pop()) append(sink, closing)
  }
  const goBelow = (record: string, parent: string): void => {
    const depth = open.findIndex((one) => one.record === parent) + 1
    const above = open[depth - 1]
    if (!above) throw failure('RECORD_PARENT_MISSING', { record, parent })
    closeDownTo(depth)
    if (above.count++ > 0) append(sink, comma)
  }
  return {
    write: (record, parent, { bytes, start: from, end, place }) => {
      if (parent !== undefined) goBelow(record, parent)
      types.decode(bytes, from, end, place, sink)
      if (hierarchy.hasChildren(record)) {
        sink.length-- // Its closing bracket comes behind its children.
        append(sink, opening)
        open.push({ record, count: 0 })
      }
      if (sink.length - start > most) throw failure('ROOT_RECORD_TOO_LONG', { record: open[0]?.record ?? record, most })
    },
    finish: () => {
      closeDownTo(0)
      append(sink, lineFeed)
      start = sink.length
    },
    drop: () => {
      sink.length = start
      open.length = 0
    },
    take: () => {
      const lines = sink.bytes.slice(0, start)
      sink.bytes.copyWithin(0, start, sink.length)
      sink.length -= start
      start = 0
      return lines
    },
  }
}
