// The canonical bytes of a stretch of a record before any value is written: VALUE clauses, else blanks and zeros; X'00' in slack.

import type { Item } from '../../cobol/layout.ts'
import type { Kind } from '../kind/kind.ts'
import { isVariable } from './geometry.ts'

/** Stretches between tables that vary in number; offsets count from the origin of the scope. */
export interface Template {
  /** Starts of the stretches, ascending, and their bytes. */
  readonly stretches: readonly { readonly offset: number; readonly bytes: Uint8Array }[]
  /** Canonical bytes of a range that lies in one stretch. */
  slice(from: number, to: number): Uint8Array
}

/** What a template needs to know about single items. */
export interface InitialBytes {
  readonly storeOf: (item: Item) => Kind
  /** Bytes of the VALUE clause of an elementary item or a group. */
  readonly valueClause: (item: Item) => Uint8Array | undefined
}

/**
 * Template of one occurrence of `item`; its first byte is at `offset`, `length` bytes are covered (slack behind the item included).
 */
export function template(item: Item, offset: number, length: number, initial: InitialBytes): Template {
  const gaps = variableTables(item).map((table) => {
    const from = table.offset - item.offset + offset
    return { from, to: from + table.stride * (table.occurs?.maximum ?? 1) }
  })
  const stretches: { offset: number; bytes: Uint8Array }[] = []
  let at = offset
  for (const { from, to } of gaps) {
    stretches.push({ offset: at, bytes: new Uint8Array(from - at) })
    at = to
  }
  stretches.push({ offset: at, bytes: new Uint8Array(offset + length - at) })
  const put = (bytes: Uint8Array, where: number) => {
    const stretch = stretches.findLast((one) => one.offset <= where)
    stretch?.bytes.set(bytes, where - stretch.offset)
  }
  putOccurrence(item, offset, initial, put)
  return {
    stretches,
    slice: (from, to) => {
      const stretch = stretches.findLast((one) => one.offset <= from)
      return stretch ? stretch.bytes.slice(from - stretch.offset, to - stretch.offset) : new Uint8Array(to - from)
    },
  }
}

/** Tables of varying number in one occurrence of an item, not those inside of other tables. */
function variableTables(item: Item): Item[] {
  return item.children.flatMap((child) => {
    if (child.redefines || !isVariable(child)) return []
    return child.occurs ? [child] : variableTables(child)
  })
}

type Put = (bytes: Uint8Array, where: number) => void

function putOccurrence(item: Item, at: number, initial: InitialBytes, put: Put): void {
  const value = initial.valueClause(item)
  const bytes = value ?? (item.children.length === 0 ? initial.storeOf(item).initial : undefined)
  if (bytes) {
    put(bytes, at)
    return
  }
  for (const child of item.children) {
    if (child.redefines || (child.occurs && isVariable(child))) continue
    const times = child.occurs?.maximum ?? 1
    for (let i = 0; i < times; i++)
      putOccurrence(child, at + child.offset - item.offset + i * child.stride, initial, put)
  }
}
