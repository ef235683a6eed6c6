// Line-sequential files: a newline ends a record; trailing blanks that were cut off are put back.

import { failure } from '../error/failure.ts'
import { longestByDefault, type TextFormat } from './format.ts'
import { type Framer, type TakeRecord, unfinished } from './framer.ts'

/** Line-sequential files: hands out each line without its newline, filled with blanks to the format's length. */
export function textFramer(format: TextFormat, take: TakeRecord): Framer {
  const { newline, optionalBefore, blank, length = 0, maximum = longestByDefault } = format
  const filled = new Uint8Array(length).fill(blank)
  let searched = 0 // bytes of an unfinished line without newline
  const line = (bytes: Uint8Array, start: number, end: number, offset: number): void => {
    const isPair = optionalBefore !== undefined && end > start && bytes[end - 1] === optionalBefore
    const last = isPair ? end - 1 : end
    if (last - start >= length) {
      take(bytes, start, last, offset)
      return
    }
    filled.fill(blank)
    filled.set(bytes.subarray(start, last))
    take(filled, 0, length, offset)
  }
  return {
    ...unfinished,
    read: (bytes, start, end, base) => {
      let at = start
      for (;;) {
        const found = newlineIn(bytes, at + searched, end, newline)
        const stop = found < 0 ? end : found
        if (stop - at > maximum) {
          const problem = `a line has at most ${maximum} bytes; is the newline the right one?`
          throw failure('FRAME_LENGTH_INVALID', { offset: base + at, length: stop - at, problem })
        }
        if (found < 0) {
          searched = Math.max(0, end - at - newline.length + 1)
          return at
        }
        searched = 0
        line(bytes, at, found, base + at)
        at = found + newline.length
      }
    },
    needed: () => searched + newline.length,
    finish: (bytes, held, base) => {
      line(bytes, 0, held, base)
      return held
    },
  }
}

function newlineIn(bytes: Uint8Array, start: number, end: number, newline: readonly [number, ...number[]]): number {
  const [first, ...rest] = newline
  for (let at = start; ; at++) {
    at = bytes.indexOf(first, at)
    if (at < 0 || at + rest.length >= end) return -1
    if (rest.every((byte, index) => bytes[at + 1 + index] === byte)) return at
  }
}
