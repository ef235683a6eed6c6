// Names that collide, and kinds at edges that no record reaches.

import { expect, test } from '@jest/globals'
import { opaque } from '../../../src/codec/kind/opaque.ts'
import { float } from '../../../src/codec/number/float.ts'
import { jsonName, nameClaims } from '../../../src/codec/plan/names.ts'
import { recordCodec } from '../../../src/codec/record-codec.ts'
import { mixedText } from '../../../src/codec/text/wide-text.ts'
import { typesOf } from '../../../src/codec/typescript-types.ts'
import { codePage } from '../../../src/codepage/code-page.ts'
import { hex, layoutOf } from '../layouts.ts'

test('a name that is taken gets a number that no other item asks for', () => {
  const claim = nameClaims(['year', 'year2', 'year', 'year'], 'camelCase')
  expect(['year', 'year', 'year2', 'year'].map(claim)).toEqual(['year', 'year3', 'year2', 'year4'])
  const cics = nameClaims(['year', 'year', 'year'], 'dfhls2ws')
  expect(['year', 'year', 'year'].map(cics)).toEqual(['year', 'year1', 'year2'])
  expect(nameClaims([], 'verbatim')('$residue')).toBe('$residue2')
})

test.each([
  ['A--B_C', 'camelCase', '', 'aBC'],
  ['__PROTO__', 'dfhls2ws', '', '__proto__'],
  ['9A-ID', 'dfhls2ws', '', '_9a_id'],
  ['PE-', 'camelCase', 'PE-', 'pe'],
  ['Mixed-ID', 'dfhls2ws', '', 'Mixed_id'],
] as const)('%s in %s is %s', (name, style, prefix, expected) => {
  expect(jsonName(name, style, prefix)).toBe(expected)
})

test('a fraction that rounds up to the next power of sixteen', () => {
  const short = float(4, 'HFP', false)
  const out = new Uint8Array(4)
  expect(short.write('0.99999999999', out, 0)).toBe(0)
  expect(hex(out)).toBe('41 10 00 00')
})

test('any bytes are valid where nothing is known of them', () => {
  expect(opaque(2).read(Uint8Array.of(0, 0xff), 0, { residue: false })).toBe('00FF')
  expect(opaque(2).explain(new Uint8Array(2), 0)).toEqual({ index: 0, expected: 'any bytes', found: 'none' })
})

test('types of groups whose paths read alike are told apart by a number', () => {
  const layout = layoutOf('01 R. 05 A. 10 B-C. 15 V PIC X. 05 A-B. 10 C. 15 W PIC X.')
  const text = typesOf(recordCodec(layout, { codePage: 'cp037', canonical: true }).plan, 'R', 'reply')
  expect(text).toContain('readonly bC: RABC\n')
  expect(text).toContain('readonly c: RABC2\n')
  expect(text).toMatch(/interface RABC {[^}]*readonly v: /)
  expect(text).toMatch(/interface RABC2 {[^}]*readonly w: /)
})

test('a mistake of ours in a code page is no invalid text', () => {
  const broken = {
    ...codePage('cp939'),
    decode: () => {
      throw new TypeError('a mistake')
    },
  }
  expect(() => mixedText(2, false, broken).read(Uint8Array.of(0x0e, 0x0f), 0, { residue: false })).toThrow(TypeError)
})
