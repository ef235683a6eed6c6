// Binary integers against BigInt.

import { expect, test } from '@jest/globals'
import { refused } from '../../../src/codec/kind/kind.ts'
import { binary } from '../../../src/codec/number/binary.ts'
import { recordCodec } from '../../../src/codec/record-codec.ts'
import { fc } from '../../support/property.ts'
import { bytes, layoutOf } from '../layouts.ts'

const lengths = fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 16)

test('any bytes read as BigInt reads them, and are written back', () => {
  const cases = lengths.chain((length) =>
    fc.record({
      bytes: fc.uint8Array({ minLength: length, maxLength: length }),
      signed: fc.boolean(),
      little: fc.boolean(),
      scale: fc.integer({ min: 0, max: 4 }),
    }),
  )
  fc.assert(
    fc.property(cases, ({ bytes, signed, little, scale }) => {
      const { length } = bytes
      const kind = binary({ digits: 5, scale, signed }, length, { little, full: true })
      const hex = Buffer.from(little ? bytes.slice().reverse() : bytes).toString('hex')
      const bits = BigInt(`0x${hex}`)
      const value = signed ? BigInt.asIntN(8 * length, bits) : bits
      const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0')
      const magnitude = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
      const text = value < 0n ? `-${magnitude}` : magnitude
      expect(kind.read(bytes, 0, { residue: false })).toBe(text)
      const out = new Uint8Array(length)
      expect(kind.write(text, out, 0)).toBe(0)
      expect(out).toEqual(bytes)
    }),
    { numRuns: 3000 },
  )
})

test.each([
  ['PIC X COMP-X', 'FF', '255'],
  ['PIC X(3) COMP-X', '010000', '65536'],
  ['PIC 9(4) COMP-X', 'FFFF', '65535'],
  ['PIC X(8) COMP-X', 'FFFFFFFFFFFFFFFF', '18446744073709551615'],
])('%s: all its bytes, without sign, the high one first', (clauses, record, value) => {
  const layout = layoutOf(`01 R. 05 A ${clauses}.`, { dialect: 'microfocus', endian: 'little' })
  const codec = recordCodec(layout, { codePage: 'ascii' })
  expect(codec.decode(bytes(record))).toEqual({ a: value })
  expect(codec.encode({ a: value })).toEqual(bytes(record))
})

test('what the bytes cannot hold is refused, to the last number', () => {
  for (const length of [1, 2, 3, 4, 5, 6, 7, 8, 16]) {
    for (const signed of [true, false]) {
      const kind = binary({ digits: 5, scale: 0, signed }, length, { little: false, full: true })
      const bits = 8n * BigInt(length) - (signed ? 1n : 0n)
      const most = 2n ** bits - 1n
      const write = (value: bigint) => kind.write(String(value), new Uint8Array(length), 0)
      expect(write(most)).toBe(refused.none)
      expect(write(most + 1n)).toBe(refused.tooLarge)
      expect(write(10n * most)).toBe(refused.tooLarge)
      expect(write(-most - 1n)).toBe(signed ? refused.none : refused.negative)
      expect(write(-most - 2n)).toBe(signed ? refused.tooLarge : refused.negative)
    }
  }
})
