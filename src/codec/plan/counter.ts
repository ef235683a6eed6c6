// Counters of OCCURS DEPENDING ON: found, read with their limits, and written from the number of elements.

import type { Item } from '../../cobol/layout.ts'
import type { InvalidPolicy } from '../../contract/record.ts'
import { failure } from '../../error/failure.ts'
import { type Kind, refused } from '../kind/kind.ts'
import { type CountReader, depthOf, type Geometry, isVariable } from './geometry.ts'
import type { Counter } from './plan.ts'
import { itemsOf } from './record-items.ts'

/**
 * Reads counts. A counter that is not a number or outside of its table's limits is an error; only where its policy is another
 * does the table have its minimum.
 */
export function countReader(
  storeOf: (item: Item) => Kind,
  policies: Readonly<Record<string, InvalidPolicy>> | undefined,
): CountReader {
  const trace = { residue: false }
  return (table, source, at, extent) => {
    const { counter, minimum = 0, maximum = 0 } = table.occurs ?? {}
    if (!counter) return maximum
    const text = storeOf(counter).read(source, at, trace)
    const count = typeof text === 'string' && /^\d+(\.0*)?$/.test(text) ? Number(text) : -1
    if (count >= minimum && count <= maximum) return count
    const policy = policies?.[counter.name ?? ''] ?? policies?.['*'] ?? 'error'
    if (policy !== 'error') return minimum
    throw failure('COUNTER_OUT_OF_RANGE', {
      field: counter.name ?? 'FILLER',
      table: table.name ?? 'FILLER',
      offset: at - extent.start,
      picture: counter.picture?.text,
      minimum,
      maximum,
      found: count < 0 ? 'no whole number' : 'another number',
    })
  }
}

interface CounterContext {
  readonly geometry: Geometry
  readonly storeOf: (item: Item) => Kind
  readonly slots: ReadonlyMap<Item, number>
  readonly options: { readonly invalid?: Readonly<Record<string, InvalidPolicy>> }
}

/** The counter of a table, ready to be read and written. */
export function counterOf(table: Item, context: CounterContext): Counter | undefined {
  const item = table.occurs?.counter
  if (!item) return undefined
  const store = context.storeOf(item)
  const read = countReader(context.storeOf, context.options.invalid)
  return {
    item,
    slot: context.slots.get(item) ?? 0,
    store,
    offset: offsetInScope(item, table),
    place: context.geometry.placeOf(item),
    read: (source, at, extent) => read(table, source, at, extent),
    write: (count, out, at) => {
      const { scale } = store.shape.type === 'decimal' ? store.shape : { scale: 0 }
      return store.write(scale > 0 ? `${count}.${'0'.repeat(scale)}` : String(count), out, at) === refused.none
    },
  }
}

/** Offset of an item from the origin that a later item of the same scope sees; undefined where a table of varying number lies between or the scopes differ. */
export function offsetInScope(item: Item, from: Item): number | undefined {
  const scope = scopeOf(item)
  if (scope !== scopeOf(from)) return undefined
  const top = scope ?? topOf(item)
  for (const between of itemsOf(top)) {
    if (!between.occurs || between === top || !isVariable(between) || depthOf(between) !== depthOf(item)) continue
    const lies = between.offset
    const [low, high] = item.offset < from.offset ? [item.offset, from.offset] : [from.offset, item.offset]
    if (lies >= low && lies < high) return undefined
  }
  return item.offset - (scope?.offset ?? 0)
}

/** The nearest table around an item; undefined for the record. */
function scopeOf(item: Item): Item | undefined {
  let up = item.parent
  while (up && !up.occurs) up = up.parent
  return up
}

function topOf(item: Item): Item {
  let top = item
  while (top.parent) top = top.parent
  return top
}
