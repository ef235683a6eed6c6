// `$residue`: what a record's values do not say, as a patch against their canonical encoding. Present only when there is something to say.
//
//   "=18 4:0F 120:00*178"     the record has 18 bytes; byte 4 is X'0F'; 178 bytes of X'00' from offset 120 on
//
// Offsets are decimal and count from 0, ascending; bytes are hexadecimal. A patch behind the canonical end makes the record longer.

import { byteAt } from '../codepage/element.ts'
import { failure } from '../error/failure.ts'
import { hexOf, writeHex } from './kind/bytes.ts'

/** Equal bytes between two differences that are cheaper to repeat than a new patch. */
const bridge = 3
/** A patch of one byte repeated at least so often is written as a run. */
const shortestRun = 4

/** Bytes from `from` on, up to `to`, counted from the start of the record. */
export interface Range {
  readonly from: number
  readonly to: number
}

/**
 * The patch that turns `canonical` (its first `length` bytes) into the record; undefined when they are equal. They differ only in `ranges`,
 * which are given in order.
 */
export function residueOf(
  source: Uint8Array,
  start: number,
  end: number,
  canonical: Uint8Array,
  length: number,
  ranges: readonly Range[] = [{ from: 0, to: end - start }],
): string | undefined {
  const size = end - start
  const patches: string[] = size < length ? [`=${size}`] : []
  let at = 0
  const differs = (i: number) => i >= length || source[start + i] !== canonical[i]
  for (const { from, to } of ranges) {
    at = Math.max(at, from)
    while (at < to) {
      if (!differs(at)) {
        at++
        continue
      }
      let last = at
      for (let i = at + 1; i < size && i <= last + bridge; i++) if (differs(i)) last = i
      patches.push(patchOf(source, start, at, last + 1))
      at = last + 1
    }
  }
  return patches.length === 0 ? undefined : patches.join(' ')
}

/** Cuts a stretch into runs of one byte and plain bytes. */
function patchOf(source: Uint8Array, start: number, from: number, to: number): string {
  const patches: string[] = []
  let plain = from
  let at = from
  const flush = (until: number) => {
    if (until > plain) patches.push(`${plain}:${hexOf(source, start + plain, start + until)}`)
  }
  while (at < to) {
    let end = at + 1
    while (end < to && source[start + end] === source[start + at]) end++
    if (end - at >= shortestRun) {
      flush(at)
      patches.push(`${at}:${hexOf(source, start + at, start + at + 1)}*${end - at}`)
      plain = end
    }
    at = end
  }
  flush(to)
  return patches.join(' ')
}

/** Applies a patch to the first `length` bytes of what `room` gives; returns the record's length. `most` bounds it. Throws RESIDUE_INVALID. */
export function applyResidue(patch: string, length: number, most: number, room: (end: number) => Uint8Array): number {
  const [first = '', ...others] = patch.split(' ')
  const cut = /^=(\d{1,9})$/.exec(first)
  let size = cut ? Number(cut[1]) : length
  if (size > length) throw failure('RESIDUE_INVALID', { problem: 'it makes the record longer without giving bytes' })
  let behind = 0
  for (const [i, one] of (cut ? others : [first, ...others]).entries()) {
    const { from, to, bytes } = parsePatch(one, i)
    if (from < behind || from > size || to > most) {
      throw failure('RESIDUE_INVALID', { problem: `patch ${i + 1} lies outside of the record or is out of order` })
    }
    const into = room(to)
    if (bytes.length === 1) into.fill(byteAt(bytes, 0), from, to)
    else into.set(bytes, from)
    behind = to
    size = Math.max(size, to)
  }
  return size
}

/** `120:4F` or `120:00*178`. A single byte is repeated from `from` to `to`. */
function parsePatch(text: string, index: number): { from: number; to: number; bytes: Uint8Array } {
  const [, offset, hex = '', times] = /^(\d{1,9}):((?:[0-9A-Fa-f]{2})+)(?:\*(\d{1,9}))?$/.exec(text) ?? []
  if (offset === undefined || (times !== undefined && hex.length !== 2)) {
    throw failure('RESIDUE_INVALID', { problem: `patch ${index + 1} is not written as OFFSET:HEX` })
  }
  const bytes = new Uint8Array(hex.length / 2)
  writeHex(hex, bytes, 0, bytes.length)
  const from = Number(offset)
  return { from, to: from + bytes.length * Number(times ?? 1), bytes }
}
