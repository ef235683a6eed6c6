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

export interface Geometry {
  /** Whether the table's bytes vary in number: by its own counter or by one inside. */
  readonly moves: (item: Item) => boolean
  readonly placeOf: (item: Item) => Place
  /** Occurrences of a table in the extent's record, for the subscripts of the tables around it. */
  readonly countOf: (table: Item, extent: Extent) => number
  /** Length of the record with the counts that it has. Throws RECORD_TOO_SHORT, and what the count reader throws. */
  readonly lengthOf: (extent: Extent) => number
}

export function isVariable(item: Item): boolean {
  return item.occurs?.dependingOn !== undefined || item.children.some(isVariable)
}

export function depthOf(item: Item): number {
  let depth = 0
  for (let up = item.parent; up; up = up.parent) if (up.occurs) depth++
  return depth
}

export function geometry(layout: Layout, readCount: CountReader): Geometry {
  const places = new Map<Item, Place>()
  const needs = (extent: Extent, end: number) => {
    if (end > extent.end) {
      throw failure('RECORD_TOO_SHORT', {
        record: layout.name,
        needed: end - extent.start,
        got: extent.end - extent.start,
      })
    }
  }

  function count(item: Item, extent: Extent): number {
    const { occurs } = item
    if (!occurs?.counter) return occurs?.maximum ?? 1
    const at = placeOf(occurs.counter)(extent)
    needs(extent, at + occurs.counter.length)
    return readCount(item, extent.source, at, extent)
  }

  /** Bytes of an item from its first to behind its last occurrence, when the first lies at `at`. */
  function sizeAt(item: Item, at: number, extent: Extent): number {
    if (!item.occurs) return item.length - shrinkOf(item, at, extent)
    const times = count(item, extent)
    if (!item.children.some(isVariable)) {
      needs(extent, at + times * item.stride)
      return times * item.stride
    }
    const { indexes } = extent
    const depth = depthOf(item)
    const kept = indexes[depth] as number
    let position = at
    for (let i = 0; i < times; i++) {
      indexes[depth] = i
      needs(extent, position)
      position += item.stride - shrinkOf(item, position, extent)
    }
    indexes[depth] = kept
    return position - at
  }

  /** How much shorter one occurrence is than its maximum. */
  function shrinkOf(item: Item, at: number, extent: Extent): number {
    let shrink = 0
    for (const child of item.children) {
      if (child.redefines || !isVariable(child)) continue
      const most = child.occurs ? child.stride * child.occurs.maximum : child.length
      shrink += most - sizeAt(child, at + child.offset - item.offset - shrink, extent)
    }
    return shrink
  }

  function placeOf(item: Item): Place {
    const known = places.get(item)
    if (known) return known
    const place = makePlace(item)
    places.set(item, place)
    return place
  }

  function makePlace(item: Item): Place {
    const { parent } = item
    const first: Place = parent ? withinParent(item, parent) : ({ start }) => start
    const { occurs, stride } = item
    if (!occurs) return first
    const depth = depthOf(item)
    if (!item.children.some(isVariable)) {
      return (extent) => first(extent) + (extent.indexes[depth] as number) * stride
    }
    return (extent) => {
      const index = extent.indexes[depth] as number
      let position = first(extent)
      for (let i = 0; i < index; i++) {
        extent.indexes[depth] = i
        position += stride - shrinkOf(item, position, extent)
      }
      extent.indexes[depth] = index
      return position
    }
  }

  function withinParent(item: Item, parent: Item): Place {
    const up = placeOf(parent)
    const delta = item.offset - parent.offset
    const moving = parent.children.filter((one) => !one.redefines && one.offset < item.offset && isVariable(one))
    if (moving.length === 0) return (extent) => up(extent) + delta
    return (extent) => {
      const base = up(extent)
      let shrink = 0
      for (const one of moving) {
        const most = one.occurs ? one.stride * one.occurs.maximum : one.length
        shrink += most - sizeAt(one, base + one.offset - parent.offset - shrink, extent)
      }
      return base + delta - shrink
    }
  }

  return {
    moves: isVariable,
    placeOf,
    countOf: count,
    lengthOf: (extent) => {
      needs(extent, extent.start + layout.minimumLength)
      const length = isVariable(layout.root) ? sizeAt(layout.root, extent.start, extent) : layout.maximumLength
      needs(extent, extent.start + length)
      return length
    },
  }
}
