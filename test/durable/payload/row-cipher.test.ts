// The cipher of rows: bound to its key and to the place of the row, and as long as NIST SP 800-38D makes it.

import { describe, expect, test } from '@jest/globals'
import { rowCipher } from '../../../src/durable/payload/row-cipher.ts'

const key = (id: string, fill: number) => ({ id, key: new Uint8Array(32).fill(fill) })
const [old, fresh] = [key('2025', 1), key('2026-é', 2)]
const plain = new TextEncoder().encode('account 1000000001')

describe('a sealed value', () => {
  test('opens at its place with its key, also a retired one', () => {
    expect(Buffer.from(rowCipher([fresh]).open(rowCipher([fresh]).seal(plain, 'pay-1'), 'pay-1'))).toEqual(
      Buffer.from(plain),
    )
    const sealed = rowCipher([old]).seal(plain, 'pay-1')
    expect(Buffer.from(rowCipher([fresh, old]).open(sealed, 'pay-1'))).toEqual(Buffer.from(plain))
    expect(rowCipher([fresh, old]).seal(plain, 'p').subarray(1, 8).toString()).toBe(Buffer.from(fresh.id).toString())
  })

  test('is the length and id of its key, a nonce of 12 bytes, as many as were sealed, and a tag of 16', () => {
    const sealed = rowCipher([fresh]).seal(plain, 'pay-1')
    expect([sealed[0], Buffer.from(sealed.subarray(1, 8)).toString()]).toEqual([7, fresh.id])
    expect(sealed.length).toBe(1 + 7 + 12 + plain.length + 16)
    expect(Buffer.from(sealed).toString('latin1')).not.toContain('1000000001')
    expect(rowCipher([fresh]).seal(plain, 'pay-1')).not.toEqual(sealed)
  })

  test.each<[string, (sealed: Uint8Array) => Uint8Array, string]>([
    ['a changed byte', (sealed) => sealed.map((byte, at) => (at === 25 ? byte ^ 1 : byte)), 'pay-1'],
    ['a changed tag', (sealed) => sealed.map((byte, at) => (at === sealed.length - 1 ? byte ^ 1 : byte)), 'pay-1'],
    ['another place', (sealed) => sealed, 'pay-2'],
    ['missing bytes', (sealed) => sealed.subarray(0, 12), 'pay-1'],
  ])('with %s is refused, with the name of its key', (_, change, place) => {
    const cipher = rowCipher([old])
    const sealed = change(cipher.seal(plain, 'pay-1'))
    expect(() => cipher.open(sealed, place)).toThrow(
      expect.objectContaining({ code: 'PAYLOAD_UNREADABLE', facts: { id: '2025' }, cause: expect.anything() }),
    )
  })

  test('of a key that is not there names it, and that of another key under its id does not open', () => {
    const sealed = rowCipher([old]).seal(plain, 'pay-1')
    expect(() => rowCipher([fresh]).open(sealed, 'pay-1')).toThrow(
      expect.objectContaining({ code: 'PAYLOAD_KEY_UNKNOWN', facts: { id: '2025' } }),
    )
    expect(() => rowCipher([fresh]).open(new Uint8Array(), 'pay-1')).toThrow(
      expect.objectContaining({ code: 'PAYLOAD_KEY_UNKNOWN', facts: { id: '' } }),
    )
    const moved = Uint8Array.from(sealed)
    moved.set(Buffer.from('2024'), 1)
    const both = rowCipher([old, { ...old, id: '2024' }])
    expect(() => both.open(moved, 'pay-1')).toThrow(expect.objectContaining({ code: 'PAYLOAD_UNREADABLE' }))
  })
})

test.each([
  ['of the wrong length', [{ id: 'x', key: new Uint8Array(31) }], 'has 31 bytes instead of 32'],
  ['given twice', [key('x', 1), key('x', 2)], 'is given twice'],
] as const)('keys %s are named', (_, keys, problem) => {
  const [first, ...others] = keys
  expect(() => rowCipher([first, ...others])).toThrow(
    expect.objectContaining({ code: 'PAYLOAD_KEYS_INVALID', facts: { id: 'x', problem } }),
  )
})
