// Whether our codec and GnuCOBOL agree on a record, and if not, the first place where they differ.

import { isDeepStrictEqual } from 'node:util'
import type { Item as LayoutItem } from '../../src/cobol/layout.ts'
import type { RecordCodec } from '../../src/codec/record-codec.ts'
import type { JsonObject, JsonValue } from '../../src/contract/json.ts'

function itemAt(item: LayoutItem, offset: number): string {
  const child = item.children.find(
    (one) => offset >= one.offset && offset < one.offset + one.stride * (one.occurs?.maximum ?? 1),
  )
  return child ? `${item.name ?? 'FILLER'}/${itemAt(child, offset)}` : (item.name ?? 'FILLER')
}

/** Where two byte strings differ, in words; undefined when they are equal. The item is the one at that offset with all tables at their maximum. */
export function bytesDiffer(ours: Uint8Array, theirs: Uint8Array, root: LayoutItem): string | undefined {
  if (Buffer.compare(ours, theirs) === 0) return undefined
  let at = 0
  while (at < ours.length && at < theirs.length && ours[at] === theirs[at]) at++
  const around = (bytes: Uint8Array) => Buffer.from(bytes.subarray(Math.max(0, at - 4), at + 8)).toString('hex')
  const lengths = ours.length === theirs.length ? '' : `, lengths ${ours.length} and ${theirs.length}`
  return `offset ${at} (${itemAt(root, at)})${lengths}: ours ..${around(ours)}.., GnuCOBOL ..${around(theirs)}..`
}

/** The first member that differs, as `path: ours, theirs`. */
export function jsonDiffers(ours: JsonValue, theirs: JsonValue, path = ''): string | undefined {
  if (isDeepStrictEqual(ours, theirs)) return undefined
  if (typeof ours === 'object' && typeof theirs === 'object' && ours !== null && theirs !== null) {
    const [left, right] = [ours as JsonObject, theirs as JsonObject]
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const found = jsonDiffers(left[key] ?? null, right[key] ?? null, `${path}/${key}`)
      if (found) return found
    }
  }
  return `${path}: decoded ${JSON.stringify(ours)}, moved ${JSON.stringify(theirs)}`
}

/** Both ways: our encoding of the values against GnuCOBOL's bytes, our decoding of its bytes against the values. */
export function disagreement(codec: RecordCodec, json: JsonObject, theirs: Uint8Array): string | undefined {
  try {
    const encoded = bytesDiffer(codec.encode(json), theirs, codec.layout.root)
    if (encoded) return `encode: ${encoded}`
    const decoded = jsonDiffers(codec.decode(theirs), json)
    return decoded && `decode: ${decoded}`
  } catch (error) {
    return `raised ${error}`
  }
}
