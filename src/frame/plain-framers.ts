// Formats without descriptors: records of one length, and records whose own bytes tell their length.

import { failure } from '../error/failure.ts'
import { type ComputedFormat, longestByDefault } from './format.ts'
import { type Framer, type TakeRecord, unfinished } from './framer.ts'

/** F and FB: every record has `length` bytes. Throws FRAME_LENGTH_INVALID for a length below 1. */
export function fixedFramer(length: number, take: TakeRecord): Framer {
  if (!(Number.isSafeInteger(length) && length > 0)) {
    throw failure('FRAME_LENGTH_INVALID', {
      offset: 0,
      length,
      problem: 'records of fixed length have at least one byte',
    })
  }
  return {
    ...unfinished,
    read: (bytes, start, end, base) => {
      let at = start
      for (; end - at >= length; at += length) take(bytes, at, at + length, base + at)
      return at
    },
    needed: () => length,
  }
}

/** Records whose length follows from their first bytes. `read` throws FRAME_LENGTH_INVALID where none begins. */
export function computedFramer(format: ComputedFormat, take: TakeRecord): Framer {
  const { header, lengthOf, maximum = longestByDefault } = format
  let needed = header
  let number = 1
  return {
    ...unfinished,
    read: (bytes, start, end, base) => {
      let at = start
      for (;;) {
        needed = header
        if (end - at < header) return at
        const length = lengthOf(bytes, at, end, number)
        if (length === undefined || length < header || length > maximum)
          throw refused(base + at, length, header, maximum)
        needed = length
        if (end - at < length) return at
        take(bytes, at, at + length, base + at)
        at += length
        number++
      }
    },
    needed: () => needed,
  }
}

function refused(offset: number, length: number | undefined, header: number, maximum: number) {
  const problem = length === undefined ? 'no number' : `records have ${header} to ${maximum} bytes`
  return failure('FRAME_LENGTH_INVALID', { offset, length: length ?? 0, problem })
}
