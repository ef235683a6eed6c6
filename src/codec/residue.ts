// `$residue`: what a record's values do not say, as a patch against their canonical encoding. Present only when there is something to say.
//
//   "=18 4:0F 120:00*178"     the record has 18 bytes; byte 4 is X'0F'; 178 bytes of X'00' from offset 120 on
//
// Offsets are decimal and count from 0, ascending; bytes are hexadecimal. A patch behind the canonical end makes the record longer.

import { failure } from '../error/failure.ts'
import { hexOf } from './kind/bytes.ts'

/** Equal bytes between two differences that are cheaper to repeat than a new patch. */
const bridge = 3
/** A patch of one byte repeated at least so often is written as a run. */
const shortestRun = 4

/** The patch that turns `canonical` (its first `length` bytes) into the record; undefined when they are equal. */
export function residueOf(
  source: Uint8Array,
  start: number,
  end: number,
  canonical: Uint8Array,
  length: number,
): string | undefined {
  const size = end - start
  const patches: string[] = size < length ? [`=${size}`] : []
  let at = 0
  const differs = (i: number) => i >= length || source[start + i] !== canonical[i]
  while (at < size) {
    if (!differs(at)) {
      at++
      continue
    }
    let last = at
    for (let i = at + 1; i < size && i <= last + bridge; i++) if (differs(i)) last = i
    patches.push(patchOf(source, start, at, last + 1))
    at = last + 1
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
  let size = length
  let behind = 0
  for (const [i, one] of patch.split(' ').entries()) {
    const cut = i === 0 ? /^=(\d{1,9})$/.exec(one) : null
    if (cut) {
      size = Number(cut[1])
      if (size > length)
        throw failure('RESIDUE_INVALID', { problem: 'it makes the record longer without giving bytes' })
      continue
    }
    const [, offset = '', hex = '', times = '1'] = /^(\d{1,9}):((?:[0-9A-Fa-f]{2})+)(?:\*(\d{1,9}))?$/.exec(one) ?? []
    const from = Number(offset)
    const to = from + (hex.length / 2) * Number(times)
    if (hex === '' || (times !== '1' && hex.length !== 2)) {
      throw failure('RESIDUE_INVALID', { problem: `patch ${i + 1} is not written as OFFSET:HEX` })
    }
    if (from < behind || from > size || to > most) {
      throw failure('RESIDUE_INVALID', { problem: `patch ${i + 1} lies outside of the record or is out of order` })
    }
    const bytes = room(to)
    if (times === '1')
      for (let k = 0; k < to - from; k++) bytes[from + k] = Number.parseInt(hex.slice(2 * k, 2 * k + 2), 16)
    else bytes.fill(Number.parseInt(hex, 16), from, to)
    behind = to
    size = Math.max(size, to)
  }
  return size
}
