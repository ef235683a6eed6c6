// V and VB, IMS segments and GnuCOBOL's variable files: a length before every record, and maybe one before every block.

import { blockLength, describedLength, descriptorSize, lengthInvalid, requireZero } from './blocks.ts'
import { longestVariable, type RecordFormat } from './format.ts'
import { type Framer, type Position, type TakeRecord, unfinished } from './framer.ts'

type VariableFormat = Extract<RecordFormat, { kind: 'variable' }>

/** V and VB: hands out each record without its descriptor. `read` throws FRAME_LENGTH_INVALID, FRAME_SPANNED. */
export function variableFramer(format: VariableFormat, take: TakeRecord, from: Position): Framer {
  const { record, block, maximum = longestVariable } = format
  const size = descriptorSize(record)
  const blockSize = block ? descriptorSize(block) : 0
  let needed = size
  let blockLeft = from.blockLeft ?? 0
  /** Length of the record at `at` with its descriptor, refused where it lies. */
  const recordLength = (bytes: Uint8Array, at: number, offset: number): number => {
    const length = describedLength(bytes, at, record)
    requireZero(bytes, at, record, offset, 'record')
    if (length < size || length > maximum) {
      throw lengthInvalid(offset, length, `a record with its descriptor has ${size} to ${maximum} bytes`)
    }
    if (block && length > blockLeft)
      throw lengthInvalid(offset, length, `only ${blockLeft} bytes are left in its block`)
    return length
  }
  return {
    ...unfinished,
    read: (bytes, start, end, base) => {
      let at = start
      for (;;) {
        if (block && blockLeft === 0) {
          needed = blockSize
          if (end - at < blockSize) return at
          blockLeft = blockLength(bytes, at, block, base + at) - blockSize
          at += blockSize
        }
        needed = size
        if (end - at < size) return at
        const length = recordLength(bytes, at, base + at)
        needed = length
        if (end - at < length) return at
        take(bytes, at + size, at + length, base + at)
        at += length
        if (block) blockLeft -= length
      }
    },
    needed: () => needed,
    isOpen: () => blockLeft > 0,
    position: (offset) => (block ? { offset, blockLeft } : { offset }),
  }
}
