import { expect, test } from '@jest/globals'
import { binary } from '../../src/codec/number/binary.ts'

test('binary agrees with BigInt', () => {
  let seed = 1
  const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648
  for (let n = 0; n < 20000; n++) {
    const length = [1, 2, 3, 4, 5, 6, 7, 8, 16][Math.floor(random() * 9)] as number
    const signed = random() < 0.5
    const little = random() < 0.3
    const scale = Math.floor(random() * 4)
    const kind = binary({ digits: 5, scale, signed }, length, { little, full: true })
    const b = new Uint8Array(length).map(() => (random() < 0.3 ? 0 : random() < 0.3 ? 255 : Math.floor(random() * 256)))
    let v = 0n
    for (let i = 0; i < length; i++) v = v * 256n + BigInt(b[little ? length - 1 - i : i] as number)
    if (signed && v >= 1n << BigInt(8 * length - 1)) v -= 1n << BigInt(8 * length)
    const abs = (v < 0n ? -v : v).toString().padStart(scale + 1, '0')
    const text = (v < 0n ? '-' : '') + (scale ? `${abs.slice(0, -scale)}.${abs.slice(-scale)}` : abs)
    const trace = { residue: false }
    expect(kind.read(b, 0, trace)).toBe(text)
    const out = new Uint8Array(length)
    expect(kind.write(text, out, 0)).toBe(0)
    expect(out).toEqual(b)
  }
})
