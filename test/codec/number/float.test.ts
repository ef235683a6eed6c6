// Floating point: the table of IBM's hexadecimal format, and bits that come back.

import { describe, expect, test } from '@jest/globals'
import { float } from '../../../src/codec/number/float.ts'
import { fc } from '../../support/property.ts'
import { bytes, hex } from '../layouts.ts'

const short = float(4, 'HFP', false)
const long = float(8, 'HFP', false)

describe('IBM hexadecimal', () => {
  test.each([
    ['0', '00 00 00 00', '00 00 00 00 00 00 00 00'],
    ['1', '41 10 00 00', '41 10 00 00 00 00 00 00'],
    ['0.5', '40 80 00 00', '40 80 00 00 00 00 00 00'],
    ['-0.5', 'C0 80 00 00', 'C0 80 00 00 00 00 00 00'],
    ['100', '42 64 00 00', '42 64 00 00 00 00 00 00'],
    ['-118.625', 'C2 76 A0 00', 'C2 76 A0 00 00 00 00 00'],
    ['0.1', '40 19 99 9A', '40 19 99 99 99 99 99 9A'],
    ['123.456', '42 7B 74 BC', '42 7B 74 BC 6A 7E F9 DB'],
  ])('%s', (value, single, double) => {
    const trace = { residue: false }
    expect(short.read(bytes(single), 0, trace)).toBe(value)
    expect(long.read(bytes(double), 0, trace)).toBe(value)
    expect(trace.residue).toBe(false)
    const out = new Uint8Array(8)
    expect(short.write(value, out, 0)).toBe(0)
    expect(hex(out.subarray(0, 4))).toBe(single)
    expect(long.write(value, out, 0)).toBe(0)
    expect(hex(out)).toBe(double)
  })

  test.each([
    ['7F FF FF FF', '7.237005e+75'],
    ['00 10 00 00', '5.397605e-79'],
    ['3B 10 00 00', '5.960465e-8'], // Above a power of 16 numbers lie wider apart: the nearest of seven digits, …464e-8, is another number.
  ])('%s is %s', (bits, value) => {
    expect(short.read(bytes(bits), 0, { residue: false })).toBe(value)
  })

  test('a value that is not normalised, and a negative zero, are residue', () => {
    for (const bits of ['42 01 00 00', '80 00 00 00', '41 00 00 00']) {
      const trace = { residue: false }
      short.read(bytes(bits), 0, trace)
      expect(trace.residue).toBe(true)
    }
  })

  test.each([short, long])('values come back to the same bits', (kind) => {
    const cases = fc.uint8Array({ minLength: kind.length, maxLength: kind.length })
    fc.assert(
      fc.property(cases, (source) => {
        const trace = { residue: false }
        const value = kind.read(source, 0, trace)
        if (typeof value !== 'string') return false
        const out = new Uint8Array(kind.length)
        expect(kind.write(value, out, 0)).toBe(0)
        if (!trace.residue) expect(hex(out)).toBe(hex(source))
        else expect(kind.read(out, 0, { residue: false })).toBe(value)
        return true
      }),
      { numRuns: 500 },
    )
  })
})

describe('IEEE', () => {
  test.each([4, 8])('%i bytes come back to the same bits, in both orders', (length) => {
    const view = new DataView(new ArrayBuffer(8))
    const cases = length === 8 ? fc.double({ noNaN: true }) : fc.float({ noNaN: true })
    fc.assert(
      fc.property(cases, fc.boolean(), (value, little) => {
        if (length === 8) view.setFloat64(0, value, little)
        else view.setFloat32(0, value, little)
        const source = new Uint8Array(view.buffer.slice(0, length))
        const kind = float(length, 'IEEE', little)
        const trace = { residue: false }
        const text = kind.read(source, 0, trace)
        expect(trace.residue).toBe(Object.is(value, -0))
        if (!Number.isFinite(value)) return text === undefined
        expect(length === 8 ? Number(text) : Math.fround(Number(text))).toBe(value === 0 ? 0 : value)
        const out = new Uint8Array(length)
        expect(kind.write(text ?? '', out, 0)).toBe(0)
        if (value !== 0) expect(out).toEqual(source)
        return true
      }),
      { numRuns: 500 },
    )
  })

  test('no decimal of fewer digits is the same single', () => {
    const single = float(4, 'IEEE', false)
    const view = new DataView(new ArrayBuffer(4))
    const powers = Array.from({ length: 254 }, (_, exponent) => (exponent + 1) << 23)
    const isShortest = (bits: number) => {
      view.setUint32(0, bits)
      const value = view.getFloat32(0)
      const text = single.read(new Uint8Array(view.buffer), 0, { residue: false }) ?? ''
      expect(Math.fround(Number(text))).toBe(value)
      const [digits = '', exponent = ''] = Number(text).toExponential().split('e')
      const whole = BigInt(digits.replace('.', ''))
      const scale = Number(exponent) - (digits.length > 1 ? digits.length - 2 : 0)
      if (whole < 10n) return
      for (const fewer of [whole / 10n, whole / 10n + 1n])
        expect({ text, fewer: Math.fround(Number(`${fewer}e${scale + 1}`)) }).not.toEqual({ text, fewer: value })
    }
    powers.forEach(isShortest)
    fc.assert(fc.property(fc.integer({ min: 1, max: 0x7f7fffff }), isShortest), { numRuns: 2000 })
  })

  test('no number is not valid, what is out of range is refused', () => {
    const double = float(8, 'IEEE', false)
    expect(double.read(bytes('7F F0 00 00 00 00 00 00'), 0, { residue: false })).toBeUndefined()
    expect(double.explain(bytes('7F F0 00 00 00 00 00 00'), 0).found).toBe('infinity or no number')
    expect(double.explain(bytes('FF FF FF FF FF FF FF FF'), 0).found).toBe('HIGH-VALUE')
    const out = new Uint8Array(8)
    for (const value of ['1e400', '1e-400']) expect(double.write(value, out, 0)).toBe(2)
    expect(short.write('1e80', out, 0)).toBe(2)
    expect(short.write('1e-90', out, 0)).toBe(2)
    for (const value of ['', '1.', 'NaN', '0x1', '01', '1e9999', '1'.repeat(100)])
      expect(short.write(value, out, 0)).toBe(1)
  })
})
