// VS and VBS: records cut into segments, each with a segment descriptor (SDW), put together again.

import { byteAt } from '../codepage/element.ts'
import { blockLength, describedLength, descriptorSize, lengthInvalid } from './blocks.ts'
import { countsItself, longestByDefault, type RecordFormat } from './format.ts'
import type { Framer, Position, TakeRecord } from './framer.ts'

type SpannedFormat = Extract<RecordFormat, { kind: 'spanned' }>

const sdw = 4
/** The two low bits of the control byte. */
const whole = 0
const first = 1
const last = 2

/** VS and VBS: puts records together from their segments. `read` throws FRAME_LENGTH_INVALID. */
export function spannedFramer(format: SpannedFormat, take: TakeRecord, from: Position): Framer {
  const { block, maximum = longestByDefault } = format
  const blockSize = block ? descriptorSize(block) : 0
  const parts = partsOf(maximum)
  let needed = sdw
  let blockLeft = from.blockLeft ?? 0
  /** Where the record that is being put together began: reading resumes there. */
  let recordAt: Position | undefined
  const segmentLength = (bytes: Uint8Array, at: number, offset: number): number => {
    const length = describedLength(bytes, at, countsItself)
    if (length < sdw || length > 32_760)
      throw lengthInvalid(offset, length, 'a segment with its descriptor has 4 to 32760 bytes')
    if (block && length > blockLeft)
      throw lengthInvalid(offset, length, `only ${blockLeft} bytes are left in its block`)
    if (bytes[at + 3] !== 0 || byteAt(bytes, at + 2) > 3) {
      throw lengthInvalid(offset, length, 'bytes 3 and 4 of a segment descriptor are 00 to 03 and 00')
    }
    return length
  }
  const segment = (bytes: Uint8Array, at: number, length: number, offset: number): void => {
    const control = byteAt(bytes, at + 2) & 3
    const begins = control === whole || control === first
    if (begins !== (recordAt === undefined)) {
      const problem = begins
        ? 'a record begins before the last one has ended'
        : 'a segment goes on a record that did not begin'
      throw lengthInvalid(offset, length, problem)
    }
    if (control === whole) {
      take(bytes, at + sdw, at + length, offset)
      return
    }
    if (control === first) recordAt = block ? { offset, blockLeft } : { offset }
    parts.add(bytes, at + sdw, at + length, offset)
    if (control !== last) return
    const began = recordAt?.offset ?? offset
    recordAt = undefined
    parts.hand((buffer, end) => take(buffer, 0, end, began))
  }
  return {
    read: (bytes, start, end, base) => {
      let at = start
      for (;;) {
        if (block && blockLeft === 0) {
          needed = blockSize
          if (end - at < blockSize) return at
          blockLeft = blockLength(bytes, at, block, base + at) - blockSize
          at += blockSize
        }
        needed = sdw
        if (end - at < sdw) return at
        const length = segmentLength(bytes, at, base + at)
        needed = length
        if (end - at < length) return at
        segment(bytes, at, length, base + at)
        at += length
        if (block) blockLeft -= length
      }
    },
    needed: () => needed,
    finish: () => 0,
    isOpen: () => blockLeft > 0 || recordAt !== undefined,
    position: (offset) => recordAt ?? (block ? { offset, blockLeft } : { offset }),
  }
}

/** The segments of one record, one behind the other, up to a bound. */
function partsOf(maximum: number) {
  let buffer = new Uint8Array(0)
  let length = 0
  return {
    add: (bytes: Uint8Array, start: number, end: number, offset: number): void => {
      const total = length + end - start
      if (total > maximum) throw lengthInvalid(offset, total, `a record has at most ${maximum} bytes`)
      if (total > buffer.length) {
        const larger = new Uint8Array(Math.min(maximum, Math.max(total, 2 * buffer.length)))
        larger.set(buffer.subarray(0, length))
        buffer = larger
      }
      buffer.set(bytes.subarray(start, end), length)
      length = total
    },
    hand: (take: (buffer: Uint8Array, end: number) => void): void => {
      const end = length
      length = 0
      take(buffer, end)
    },
  }
}
