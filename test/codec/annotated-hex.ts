// Records as annotated hexadecimal text, the form of golden files:
//   008  00 00 00 12 34 5C         # CA-BALANCE   PIC S9(9)V99 COMP-3   123.45

import type { Item } from '../../src/cobol/layout.ts'
import type { RecordCodec } from '../../src/codec/record-codec.ts'
import { describeItem } from '../../src/codec/shape-rules.ts'
import { isFailure } from '../../src/error/failure.ts'
import { bytes } from './layouts.ts'

/** The bytes of the lines between blank lines; comments and offsets are not looked at. */
export function parseHex(text: string): Uint8Array[] {
  const records = text.split(/\n\s*\n/).map((record) =>
    record
      .split('\n')
      .map((line) => line.replace(/#.*$/, '').replace(/^\s*\d{3,}\s{2}/, ''))
      .join(' '),
  )
  return records.map(bytes).filter((one) => one.length > 0)
}

/** One line an elementary item, and one for what stands behind the last. */
export function annotate(codec: RecordCodec, record: Uint8Array): string {
  const lines: string[] = []
  let reached = 0
  const put = (from: number, to: number, comment: string) => {
    if (from >= to) return
    lines.push(...hexLines(record, from, to, comment))
    reached = to
  }
  for (const { item, at, subscripts } of occurrences(codec, record)) {
    put(reached, at, 'slack')
    put(at, Math.min(at + item.length, record.length), commentOf(codec, record, item, subscripts))
  }
  put(reached, record.length, 'behind the record')
  return `${lines.join('\n')}\n`
}

function hexLines(record: Uint8Array, from: number, to: number, comment: string): string[] {
  const shown = Array.from(record.subarray(from, to), (byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
  return shown.flatMap((_, i) => {
    if (i % 16 !== 0) return []
    const offset = String(from + i).padStart(3, '0')
    const text = shown.slice(i, i + 16).join(' ')
    return `${offset}  ${text.padEnd(47)}${i === 0 ? `  # ${comment}` : ''}`.trimEnd()
  })
}

interface Occurrence {
  readonly item: Item
  readonly at: number
  readonly subscripts: readonly number[]
}

/** Every elementary item that redefines none, with all its occurrences, up to the end of the record. */
function occurrences({ layout, plan }: RecordCodec, record: Uint8Array): Occurrence[] {
  const extent = { source: record, start: 0, end: record.length, indexes: new Int32Array(8) }
  const visit = (item: Item, outer: readonly number[]): Occurrence[] => {
    const times = item.occurs ? unlessShort(() => plan.geometry.countOf(item, extent), 0) : 1
    return Array.from({ length: times }, (_, i) => i).flatMap((i) => {
      const subscripts = item.occurs ? [...outer, i + 1] : outer
      subscripts.forEach((one, depth) => {
        extent.indexes[depth] = one - 1
      })
      const at = unlessShort(() => plan.geometry.placeOf(item)(extent), record.length)
      if (at >= record.length) return []
      const own = { item, at, subscripts }
      if (item.children.length === 0) return [own]
      return item.children.flatMap((child) => (child.redefines ? [] : visit(child, subscripts)))
    })
  }
  return visit(layout.root, [])
}

/** Where the record ends before what would have to be read: the second. */
function unlessShort(read: () => number, otherwise: number): number {
  try {
    return read()
  } catch (error) {
    if (isFailure(error) && error.code === 'RECORD_TOO_SHORT') return otherwise
    throw error
  }
}

function commentOf(codec: RecordCodec, record: Uint8Array, item: Item, subscripts: readonly number[]): string {
  const subscript = subscripts.length > 0 ? `(${subscripts.join(', ')})` : ''
  const value = item.name === undefined ? '' : shownValue(codec, record, item.name, subscripts)
  return `${describeItem(item).replace(/^\S+/, `$&${subscript}`)}  ${value}`.trimEnd()
}

function shownValue(codec: RecordCodec, record: Uint8Array, name: string, subscripts: readonly number[]): string {
  try {
    return JSON.stringify(codec.field(name)(record, subscripts))
  } catch (error) {
    if (isFailure(error)) return `!! ${error.code}`
    throw error
  }
}
