// A record as an integration team looks at it: every stretch of bytes with the item it belongs to, its value, and what is wrong with it.

import type { Item } from '../../cobol/layout.ts'
import type { RecordCodec } from '../../codec/record-codec.ts'
import { isFailure } from '../../error/failure.ts'

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

/** Everything in a record, in the order of the copybook. Never throws for what is wrong in the bytes: that is what it shows. */
export function annotate(codec: RecordCodec, bytes: Uint8Array): Annotation[] {
  const found: Annotation[] = []
  const { layout, plan } = codec
  const extent = { source: bytes, start: 0, end: bytes.length, indexes: new Int32Array(Math.max(1, plan.depth)) }
  const trace = { residue: false }
  let behind = 0

  const counted = (item: Item): number => {
    const { occurs } = item
    if (!occurs?.counter) return occurs?.maximum ?? 1
    const at = plan.geometry.placeOf(occurs.counter)(extent)
    const text =
      at + occurs.counter.length > bytes.length ? undefined : plan.storeOf(occurs.counter).read(bytes, at, trace)
    const count = Number(text ?? Number.NaN)
    if (Number.isInteger(count) && count >= occurs.minimum && count <= occurs.maximum) return count
    const what = `${occurs.counter.name} must be ${occurs.minimum} to ${occurs.maximum}; shown with ${occurs.minimum}`
    found.push({
      offset: at,
      length: occurs.counter.length,
      item: `${item.name ?? 'FILLER'} (table)`,
      depth: 0,
      problem: { at, what },
    })
    return occurs.minimum
  }
  const elementary = (item: Item, at: number, subscripts: readonly number[], depth: number): void => {
    const { picture, usage, length, redefines } = item
    const base = {
      offset: at,
      length,
      item: named(item, subscripts),
      depth,
      usage,
      ...(picture && { picture: picture.text }),
      ...(redefines && { redefines: redefines.name ?? 'FILLER' }),
    }
    behind = Math.max(behind, at + length)
    if (at + length > bytes.length) {
      found.push({ ...base, problem: { at: Math.min(at, bytes.length), what: `the record ends at ${bytes.length}` } })
      return
    }
    if (item.name === undefined) {
      found.push(base)
      return
    }
    const store = plan.storeOf(item)
    const value = store.read(bytes, at, trace)
    if (value === undefined) {
      const { index, expected, found: was } = store.explain(bytes, at)
      found.push({ ...base, problem: { at: at + index, what: `expected ${expected}, found ${was}` } })
    } else found.push({ ...base, value })
  }
  /** Shows one occurrence; gives how many bytes it is shorter than its maximum. */
  const occurrence = (item: Item, at: number, subscripts: readonly number[], depth: number): number => {
    if (item.children.length === 0) {
      elementary(item, at, subscripts, depth)
      return 0
    }
    const { length, redefines } = item
    found.push({
      offset: at,
      length,
      item: named(item, subscripts),
      depth,
      ...(redefines && { redefines: redefines.name ?? 'FILLER' }),
    })
    let shrunk = 0
    for (const child of item.children)
      shrunk += occurrences(child, at + child.offset - item.offset - shrunk, subscripts, depth + 1)
    return shrunk
  }
  const occurrences = (item: Item, at: number, subscripts: readonly number[], depth: number): number => {
    if (item.slackBefore > 0)
      found.push({ offset: at - item.slackBefore, length: item.slackBefore, item: '(slack)', depth })
    const { occurs } = item
    if (!occurs) return occurrence(item, at, subscripts, depth)
    const count = counted(item)
    let position = at
    for (let index = 0; index < count && position < bytes.length; index++) {
      extent.indexes[subscripts.length] = index
      position += item.stride - occurrence(item, position, [...subscripts, index + 1], depth)
    }
    return at + occurs.maximum * item.stride - position
  }
  try {
    occurrence(layout.root, 0, [], 0)
  } catch (error) {
    // A record too short to tell where things lie: what was found until then is shown.
    if (!isFailure(error)) throw error
    const what = error.message.slice(error.code.length + 2)
    found.push({ offset: bytes.length, length: 0, item: layout.name, depth: 0, problem: { at: bytes.length, what } })
  }
  if (behind < bytes.length) found.push({ offset: behind, length: bytes.length - behind, item: '(surplus)', depth: 0 })
  return found
}

function named({ name }: Item, subscripts: readonly number[]): string {
  return `${name ?? 'FILLER'}${subscripts.length === 0 ? '' : `(${subscripts.join(',')})`}`
}
