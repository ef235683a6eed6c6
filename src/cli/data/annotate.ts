// A record as an integration team looks at it: every stretch of bytes with the item it belongs to, its value, and what is wrong with it.

import type { Item } from '../../cobol/layout.ts'
import type { Extent } from '../../codec/plan/geometry.ts'
import type { RecordCodec } from '../../codec/record-codec.ts'
import { isFailure } from '../../error/failure.ts'

/** A stretch of a record's bytes: an item, or bytes of none. Offsets and lengths in bytes. */
export interface Annotation {
  /** From the start of the record. */
  readonly offset: number
  readonly length: number
  /** COBOL name with subscripts from 1: `LE-AMOUNT(3)`; `(slack)` and `(surplus)` for bytes of no item. */
  readonly item: string
  readonly depth: number
  readonly picture?: string
  readonly usage?: string
  /** The value of an elementary item; null where its bytes say that there is none. */
  readonly value?: string | null
  readonly redefines?: string
  readonly problem?: { readonly at: number; readonly what: string }
}

/** One record being walked. `behind` is where the items seen so far end. */
interface Walk {
  readonly codec: RecordCodec
  readonly bytes: Uint8Array
  readonly extent: Extent
  readonly found: Annotation[]
  behind: number
}

/** Where an item stands in the walk: subscripts from 1 of the tables around it. */
interface ItemPosition {
  readonly at: number
  readonly subscripts: readonly number[]
  readonly depth: number
}

const trace = { residue: false }

/** Everything in a record, in the order of the copybook. Never throws for what is wrong in the bytes: that is what it shows. */
export function annotate(codec: RecordCodec, bytes: Uint8Array): Annotation[] {
  const found: Annotation[] = []
  const indexes = new Int32Array(Math.max(1, codec.plan.depth))
  const walk: Walk = { codec, bytes, found, behind: 0, extent: { source: bytes, start: 0, end: bytes.length, indexes } }
  const { root, name } = codec.layout
  try {
    showOne(walk, root, { at: 0, subscripts: [], depth: 0 })
  } catch (error) {
    // A record too short to tell where things lie: what was found until then is shown.
    if (!isFailure(error)) throw error
    const problem = { at: bytes.length, what: error.what }
    found.push({ offset: bytes.length, length: 0, item: name, depth: 0, problem })
  }
  const { behind } = walk
  if (behind < bytes.length) found.push({ offset: behind, length: bytes.length - behind, item: '(surplus)', depth: 0 })
  return found
}

/** Shows all occurrences of an item; gives how many bytes they are shorter than their maximum. */
function showAll(walk: Walk, item: Item, standing: ItemPosition): number {
  const { at, subscripts, depth } = standing
  const { slackBefore, occurs, stride } = item
  if (slackBefore > 0) walk.found.push({ offset: at - slackBefore, length: slackBefore, item: '(slack)', depth })
  if (!occurs) return showOne(walk, item, standing)
  const count = countOf(walk, item)
  const { length } = walk.bytes
  let position = at
  let index = 0
  for (; index < count && position < length; index++) {
    walk.extent.indexes[subscripts.length] = index
    position += stride - showOne(walk, item, { at: position, subscripts: [...subscripts, index + 1], depth })
  }
  if (index < count) {
    const missing = named(item, [...subscripts, index + 1])
    const problem = { at: length, what: `the record ends at ${length}` }
    walk.found.push({ offset: position, length: 0, item: missing, depth, problem })
  }
  return at + occurs.maximum * stride - position
}

function showOne(walk: Walk, item: Item, { at, subscripts, depth }: ItemPosition): number {
  const { children, length, redefines, offset } = item
  const view = redefines && { redefines: redefines.name ?? 'FILLER' }
  if (children.length === 0) {
    showElementary(walk, item, { offset: at, length, item: named(item, subscripts), depth, ...view })
    return 0
  }
  walk.found.push({ offset: at, length, item: named(item, subscripts), depth, ...view })
  let shrunk = 0
  for (const child of children) {
    shrunk += showAll(walk, child, { at: at + child.offset - offset - shrunk, subscripts, depth: depth + 1 })
  }
  return shrunk
}

function showElementary(walk: Walk, item: Item, base: Annotation): void {
  const { bytes, found, codec } = walk
  const { offset: at, length } = base
  const shown = { ...base, usage: item.usage, ...(item.picture && { picture: item.picture.text }) }
  walk.behind = Math.max(walk.behind, at + length)
  if (at + length > bytes.length) {
    const problem = { at: Math.min(at, bytes.length), what: `the record ends at ${bytes.length}` }
    found.push({ ...shown, problem })
    return
  }
  if (item.name === undefined) {
    found.push(shown)
    return
  }
  const store = codec.plan.storeOf(item)
  const value = store.read(bytes, at, trace)
  if (value !== undefined) {
    found.push({ ...shown, value })
    return
  }
  const finding = store.explain(bytes, at)
  const what = `expected ${finding.expected}, found ${finding.found}`
  found.push({ ...shown, problem: { at: at + finding.index, what } })
}

/** How often a table occurs. A counter that cannot be is shown as a problem, and the table with its minimum. */
function countOf({ codec, bytes, extent, found }: Walk, item: Item): number {
  const { occurs, name } = item
  if (!occurs?.counter) return codec.plan.geometry.countOf(item, extent)
  const { counter, minimum, maximum } = occurs
  const at = codec.plan.geometry.placeOf(counter)(extent)
  const isThere = at + counter.length <= bytes.length
  const text = isThere ? codec.plan.storeOf(counter).read(bytes, at, trace) : undefined
  if (typeof text === 'string') return codec.plan.geometry.countOf(item, extent)
  const what = `${counter.name} must be ${minimum} to ${maximum}; shown with ${minimum}`
  found.push({
    offset: at,
    length: counter.length,
    item: `${name ?? 'FILLER'} (table)`,
    depth: 0,
    problem: { at, what },
  })
  return minimum
}

function named({ name }: Item, subscripts: readonly number[]): string {
  return `${name ?? 'FILLER'}${subscripts.length === 0 ? '' : `(${subscripts.join(',')})`}`
}
