// Records for comparisons: random bytes, and a right record with a few bytes changed, mostly to those that mean something.

import { fc } from '../../support/property.ts'

const likely = [0x00, 0x0c, 0x0d, 0x0f, 0x1c, 0x40, 0x4b, 0x5d, 0x7d, 0x7f, 0x9f, 0xc1, 0xd1, 0xf0, 0xf9, 0xff]

export function nearlyRight(right: Uint8Array): fc.Arbitrary<Uint8Array> {
  const { length } = right
  const byte = fc.oneof(fc.constantFrom(...likely), fc.nat(255))
  const touched = fc.array(fc.tuple(fc.nat(length - 1), byte), { maxLength: 6 }).map((changes) => {
    const bytes = right.slice()
    for (const [at, value] of changes) bytes[at] = value
    return bytes
  })
  return fc.oneof(touched, fc.uint8Array({ minLength: length, maxLength: length }))
}
