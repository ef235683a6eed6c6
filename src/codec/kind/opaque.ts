// Storage without a value that JSON could say: pointers, object references, and what the caller asks to see raw. Shown as hexadecimal.

import { hexOf, writeHex } from './bytes.ts'
import { type Finding, type Kind, refused } from './kind.ts'

/** `length` bytes as 2 × `length` upper-case hexadecimal digits; initially zeros. */
export function opaque(length: number): Kind {
  return {
    length,
    shape: { type: 'hex', bytes: length },
    maximumText: 2 * length,
    plain: true,
    read: (source, at) => hexOf(source, at, at + length),
    write: (value, out, at) => (writeHex(value, out, at, length) ? refused.none : refused.notHex),
    initial: new Uint8Array(length),
    explain: (): Finding => ({ index: 0, expected: 'any bytes', found: 'none' }),
  }
}
