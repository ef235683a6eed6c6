// Zoned decimals whose bytes are not valid: the words tell a wrong transfer from other damage.

import { expect, test } from '@jest/globals'
import { asciiZoned, ebcdicZoned, zoned } from '../../../src/codec/number/zoned.ts'
import { bytes, hex } from '../layouts.ts'

const signed = { digits: 3, scale: 0, signed: true }
const ebcdic = ebcdicZoned('NOPFD')
const trailing = zoned(signed, undefined, ebcdic)
const leading = zoned(signed, { position: 'leading', separate: false }, ebcdic)
const separate = zoned(signed, { position: 'trailing', separate: true }, ebcdic)
const unsigned = zoned({ ...signed, signed: false }, undefined, ebcdic)
const ascii = zoned(signed, undefined, asciiZoned('ascii'))

const loose = ebcdicZoned('NOPFD', 'MIG')

test.each([
  ['F1 F2 C3', '123', 'F1 F2 C3'],
  ['40 40 C3', '3', 'F0 F0 C3'],
  ['40 40 40', '0', 'F0 F0 C0'],
  ['00 C2 D3', '-23', 'F0 F2 D3'],
  ['00 00 B0', '0', 'F0 F0 C0'],
  ['F1 F2 4A', undefined, ''],
  ['F1 0F F3', undefined, ''],
])('ZONEDATA(MIG): %s is %s', (hexText, value, preferred) => {
  const kind = zoned(signed, undefined, loose)
  const trace = { residue: false }
  expect(kind.read(bytes(hexText), 0, trace)).toBe(value)
  if (value === undefined) return
  expect(trace.residue).toBe(hexText !== preferred)
  const out = new Uint8Array(3)
  expect(kind.write(value, out, 0)).toBe(0)
  expect(hex(out)).toBe(preferred)
})

const sign = 'a sign in ASCII ({ A–I } J–R), as after a transfer in text mode'
const digit = 'an ASCII digit, as after a transfer in text mode'

test.each([
  ['F1 F2 7B', trailing, 2, sign],
  ['F1 F2 7D', trailing, 2, sign],
  ['F1 F2 41', trailing, 2, sign],
  ['F1 F2 52', trailing, 2, sign],
  ['F1 F2 33', trailing, 2, digit],
  ['31 32 7D', trailing, 0, digit],
  ['7B F1 F2', leading, 0, sign],
  ['F1 7B C2', trailing, 1, 'another character'],
  ['F1 F2 7C', trailing, 2, 'another character'],
  ['F1 F2 40', trailing, 2, 'a blank'],
  ['F1 F2 F3 2D', separate, 3, 'a control byte'],
  ['F1 F2 7B', unsigned, 2, sign],
  ['31 32 7B', ascii, 2, 'a letter, as when EBCDIC signs were translated as text'],
])('%s', (hex, kind, index, found) => {
  expect(kind.read(bytes(hex), 0, { residue: false })).toBeUndefined()
  expect(kind.explain(bytes(hex), 0)).toMatchObject({ index, found })
})
