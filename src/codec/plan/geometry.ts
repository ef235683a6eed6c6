// Where items of a record with OCCURS DEPENDING ON lie: evaluated from the counters in the bytes, left to right.

import type { Item, Layout } from '../../cobol/layout.ts'
import { failure } from '../../error/failure.ts'

/** The record that is being read or written. `indexes` are the 0-based subscripts of the tables around the current item, outermost first. */
export interface Extent {
  source: Uint8Array
  start: number
  end: number
  readonly indexes: Int32Array
}

/** Absolute position of an item in the extent's record. */
export type Place = (extent: Extent) => number

/** Reads a count from the bytes of a counter. Throws a Failure for a count that its table cannot have. */
export type CountReader = (table: Item, source: Uint8Array, at: number, extent: Extent) => number

/** How often a table occurs whose counter lies outside of the record. */
export interface OutsideCount {
  readonly least: number
  readonly most: number
  /** In the extent's record, where the table begins at `at`. */
  readonly count: (extent: Extent, at: number) => number
}

/** Where the items of one layout lie in a given record. */
export interface Geometry {
  /** Whether the table's bytes vary in number: by its own counter or by one inside. */
  readonly moves: (item: Item) => boolean
  readonly placeOf: (item: Item) => Place
  /** Occurrences of a table in the extent's record, for the subscripts of the tables around it. */
  readonly countOf: (table: Item, extent: Extent) => number
  /** Length of the record with the counts that it has. Throws RECORD_TOO_SHORT, and what the count reader throws. */
  readonly lengthOf: (extent: Extent) => number
}

/** Whether the item's bytes vary in number: it, or an item below it, has DEPENDING ON. */
export function isVariable(item: Item): boolean {
  return item.occurs?.dependingOn !== undefined || item.children.some(isVariable)
}

/** How many tables stand around an item. */
export function depthOf(item: Item): number {
  let depth = 0
  for (let up = item.parent; up; up = up.parent) if (up.occurs) depth++
  return depth
}

/** What the functions below share for one layout. */
interface Ground {
  readonly layout: Layout
  readonly readCount: CountReader
  readonly outside: ReadonlyMap<Item, OutsideCount>
  readonly places: Map<Item, Place>
}

/** The geometry of a layout; `readCount` reads and checks its counters, `outside` has those that lie in other records. */
export function geometry(layout: Layout, readCount: CountReader, outside: ReadonlyMap<Item, OutsideCount>): Geometry {
  const ground: Ground = { layout, readCount, outside, places: new Map() }
  const variable = isVariable(layout.root)
  return {
    moves: isVariable,
    placeOf: (item) => placeOf(ground, item),
    countOf: (table, extent) => countOf(ground, table, extent),
    lengthOf: (extent) => {
      need(ground, extent, extent.start + layout.minimumLength)
      const length = variable ? sizeAt(ground, layout.root, extent.start, extent) : layout.maximumLength
      need(ground, extent, extent.start + length)
      return length
    },
  }
}

/** Throws RECORD_TOO_SHORT unless the record reaches to `end`. */
function need({ layout }: Ground, extent: Extent, end: number): void {
  if (end <= extent.end) return
  const { start } = extent
  throw failure('RECORD_TOO_SHORT', { record: layout.name, needed: end - start, got: extent.end - start })
}

function countOf(ground: Ground, item: Item, extent: Extent): number {
  const { occurs } = item
  const outside = ground.outside.get(item)
  if (outside) return outside.count(extent, firstPlace(ground, item, extent))
  if (!occurs?.counter) return occurs?.maximum ?? 1
  const at = placeOf(ground, occurs.counter)(extent)
  need(ground, extent, at + occurs.counter.length)
  return ground.readCount(item, extent.source, at, extent)
}

/** Position of a table, whatever the index of its occurrence is now. */
function firstPlace(ground: Ground, table: Item, extent: Extent): number {
  const { indexes } = extent
  const depth = depthOf(table)
  const kept = indexes[depth] ?? 0
  indexes[depth] = 0
  const at = placeOf(ground, table)(extent)
  indexes[depth] = kept
  return at
}

/** Bytes of an item from its first to behind its last occurrence, when the first lies at `at`. */
function sizeAt(ground: Ground, item: Item, at: number, extent: Extent): number {
  if (!item.occurs) return item.length - shrinkOf(ground, item, at, extent)
  const times = countOf(ground, item, extent)
  if (!item.children.some(isVariable)) {
    need(ground, extent, at + times * item.stride)
    return times * item.stride
  }
  const { indexes } = extent
  const depth = depthOf(item)
  const kept = indexes[depth] ?? 0
  let position = at
  for (let i = 0; i < times; i++) {
    indexes[depth] = i
    need(ground, extent, position)
    position += item.stride - shrinkOf(ground, item, position, extent)
  }
  indexes[depth] = kept
  return position - at
}

/** How much shorter one occurrence is than its maximum; only children before `until` count. */
function shrinkOf(ground: Ground, item: Item, at: number, extent: Extent, until = Number.POSITIVE_INFINITY): number {
  let shrink = 0
  for (const child of item.children) {
    if (child.redefines || child.offset >= until || !isVariable(child)) continue
    const most = child.occurs ? child.stride * child.occurs.maximum : child.length
    shrink += most - sizeAt(ground, child, at + child.offset - item.offset - shrink, extent)
  }
  return shrink
}

function placeOf(ground: Ground, item: Item): Place {
  const known = ground.places.get(item)
  if (known) return known
  const place = makePlace(ground, item)
  ground.places.set(item, place)
  return place
}

function makePlace(ground: Ground, item: Item): Place {
  const { parent, occurs, stride } = item
  const first: Place = parent ? withinParent(ground, item, parent) : ({ start }) => start
  if (!occurs) return first
  const depth = depthOf(item)
  if (!item.children.some(isVariable)) {
    return (extent) => first(extent) + (extent.indexes[depth] ?? 0) * stride
  }
  return (extent) => {
    const index = extent.indexes[depth] ?? 0
    let position = first(extent)
    for (let i = 0; i < index; i++) {
      extent.indexes[depth] = i
      position += stride - shrinkOf(ground, item, position, extent)
    }
    extent.indexes[depth] = index
    return position
  }
}

function withinParent(ground: Ground, item: Item, parent: Item): Place {
  const up = placeOf(ground, parent)
  const delta = item.offset - parent.offset
  const moved = parent.children.some((one) => !one.redefines && one.offset < item.offset && isVariable(one))
  if (!moved) return (extent) => up(extent) + delta
  return (extent) => {
    const base = up(extent)
    return base + delta - shrinkOf(ground, parent, base, extent, item.offset)
  }
}
