// Block descriptors (BDW), and lengths that lie: shared by V, VB, VS and VBS.

import { byteAt } from '../codepage/element.ts'
import { failure } from '../error/failure.ts'
import type { Descriptor } from './format.ts'

/** The number in a descriptor, plus its adjustment: bytes from the descriptor's start to the end of what it describes. */
export function describedLength(bytes: Uint8Array, at: number, { size, endian, adjust }: Descriptor): number {
  let length = 0
  for (let index = 0; index < size; index++) {
    length = length * 256 + byteAt(bytes, endian === 'big' ? at + index : at + size - 1 - index)
  }
  return length + adjust
}

/** Bytes of the descriptor. */
export function descriptorSize({ size, reserved }: Descriptor): number {
  return size + reserved
}

/** The length of a block with its BDW. Bit 0 set: an extended BDW of a 31-bit length. */
export function blockLength(bytes: Uint8Array, at: number, block: Descriptor, offset: number): number {
  const size = descriptorSize(block)
  const first = byteAt(bytes, block.endian === 'big' ? at : at + size - 1)
  const isExtended = block.size === 2 && block.reserved === 2 && first >= 0x80
  const length = isExtended
    ? describedLength(bytes, at, { size: 4, endian: block.endian, reserved: 0, adjust: block.adjust }) - 0x80000000
    : describedLength(bytes, at, block)
  if (!isExtended) requireZero(bytes, at, block, offset, 'block')
  if (length <= size) throw lengthInvalid(offset, length, 'a block holds at least one record behind its descriptor')
  return length
}

/** The bytes behind a length are zero in every V and VB file; what stands there tells which file this is. */
export function requireZero(
  bytes: Uint8Array,
  at: number,
  { size, reserved }: Descriptor,
  offset: number,
  what: 'block' | 'record',
) {
  if (reserved === 0) return
  const third = byteAt(bytes, at + size)
  if (third === 0 && bytes[at + size + 1] === 0) return
  if (what === 'record' && third <= 3 && bytes[at + size + 1] === 0) throw failure('FRAME_SPANNED', { offset })
  const length = describedLength(bytes, at, { size, endian: 'big', reserved, adjust: 0 })
  throw lengthInvalid(offset, length, `the bytes behind the length of a ${what} are not zero`)
}

/** The FRAME_LENGTH_INVALID of a descriptor at `offset` of the file that says `length` bytes. */
export function lengthInvalid(offset: number, length: number, problem: string) {
  return failure('FRAME_LENGTH_INVALID', { offset, length, problem })
}
