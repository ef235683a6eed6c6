// Edited items against what GnuCOBOL 3.1.2 prints (-std=ibm), and back.

import { describe, expect, test } from '@jest/globals'
import { recordCodec } from '../../../src/codec/record-codec.ts'
import { codePage } from '../../../src/codepage/code-page.ts'
import { bytes, hex, layoutOf } from '../layouts.ts'

const cp037 = codePage('cp037')

function codecOf(clauses: string) {
  return recordCodec(layoutOf(`01 R. 05 A PIC ${clauses}.`), { codePage: cp037 })
}

const numeric: [string, string, string][] = [
  ['Z,ZZZ,ZZ9.99-', '-1234.50', '    1,234.50-'],
  ['Z,ZZZ,ZZ9.99-', '0.00', '        0.00 '],
  ['Z,ZZZ,ZZ9.99-', '1234567.89', '1,234,567.89 '],
  ['Z,ZZZ,ZZ9.99-', '0.05', '        0.05 '],
  ['$$,$$$,$$9.99CR', '-1234.50', '    $1,234.50CR'],
  ['$$,$$$,$$9.99CR', '0.00', '        $0.00  '],
  ['$$,$$$,$$9.99CR', '1234567.89', '$1,234,567.89  '],
  ['+,+++,++9.99', '-1234.50', '   -1,234.50'],
  ['+,+++,++9.99', '0.00', '       +0.00'],
  ['-(7)9.99', '-1234.50', '   -1234.50'],
  ['-(7)9.99', '1234567.89', ' 1234567.89'],
  ['***,***,**9.99DB', '-1234.50', '******1,234.50DB'],
  ['***,***,**9.99DB', '0.00', '**********0.00  '],
  ['ZZZ,ZZZ.ZZ', '1234.50', '  1,234.50'],
  ['ZZZ,ZZZ.ZZ', '0.00', '          '],
  ['ZZZ,ZZZ.ZZ', '0.05', '       .05'],
  ['***.**', '234.50', '234.50'],
  ['***.**', '0.00', '***.**'],
  ['***.**', '0.05', '***.05'],
  ['++++.++', '-234.50', '-234.50'],
  ['++++.++', '0.00', '       '],
  ['++++.++', '0.05', '   +.05'],
  ['$ZZ,ZZ9.99', '1234.50', '$ 1,234.50'],
  ['$ZZ,ZZ9.99', '0.00', '$     0.00'],
  ['Z(5)9 BLANK WHEN ZERO', '1234', '  1234'],
  ['Z(5)9 BLANK WHEN ZERO', '0', '      '],
  ['9(5)+', '-1234', '01234-'],
  ['9(5)+', '0', '00000+'],
  ['99/99/9999', '1234', '00/00/1234'],
  ['99B99B99', '1234', '00 12 34'],
  ['$$$$.99', '0.12', '   $.12'],
  ['$$$9.99', '0.12', '  $0.12'],
  ['$,$$$,999.99-', '-1234.56', '   $1,234.56-'],
  ['+,+++,999.99', '-123456.78', ' -123,456.78'],
  ['$$,$$$,$$$.99CR', '-1234567.00', '$1,234,567.00CR'],
  ['++,+++,+++.+++', '0.000', '              '],
  ['9(5) BLANK WHEN ZERO', '0', '     '],
  ['9(5) BLANK WHEN ZERO', '42', '00042'],
  ['$$PP', '100', '$1'],
  ['VZZ', '0.05', '05'],
]

describe('numeric-edited', () => {
  test.each(numeric)('PIC %s of %s is "%s"', (picture, value, text) => {
    const codec = codecOf(picture)
    const bytes = codec.encode({ a: value })
    expect(cp037.decode(bytes)).toBe(text)
    expect(codec.decode(bytes)).toEqual({ a: value })
  })

  test('high digits that do not fit are refused, not dropped', () => {
    expect(() => codecOf('***.**').encode({ a: '1234.50' })).toThrow('VALUE_TOO_LARGE')
  })

  test.each([
    ['ZZ9', '1 2'],
    ['ZZ9.99', '012.00'],
    ['ZZ9', '   '],
    ['9(5)+', '01234 '],
    ['ZZ9', '12A'],
  ])('PIC %s does not read "%s"', (picture, text) => {
    expect(() => codecOf(picture).decode(cp037.encode(text))).toThrow('FIELD_BYTES_INVALID')
  })

  test('of USAGE NATIONAL: the same in UTF-16, an unsigned number with BLANK WHEN ZERO too', () => {
    const codec = codecOf('9(3) NATIONAL BLANK WHEN ZERO')
    for (const [value, units] of [
      ['42', '00 30 00 34 00 32'],
      ['0', '00 20 00 20 00 20'],
    ] as const) {
      expect(hex(codec.encode({ a: value }))).toBe(units)
      expect(codec.decode(bytes(units))).toEqual({ a: value })
    }
    expect(() => codec.decode(bytes('00 20 00 34 00 32'))).toThrow('FIELD_BYTES_INVALID')
  })

  test('a negative zero is residue', () => {
    expect(codecOf('ZZ9.99-').decode(cp037.encode('  0.00-'))).toEqual({ a: '0.00', $residue: '6:60' })
  })
})

describe('alphanumeric-edited', () => {
  test.each([
    ['XX/XX0BXX', 'ABCDEF', 'AB/CD0 EF'],
    ['XX/XX0BXX', 'A', 'A /  0   '],
    ['XBX', '', '   '],
  ])('PIC %s of %s is "%s"', (picture, value, text) => {
    const codec = codecOf(picture)
    const bytes = codec.encode({ a: value })
    expect(cp037.decode(bytes)).toBe(text)
    expect(codec.decode(bytes)).toEqual({ a: value })
  })

  test('other inserted characters are residue', () => {
    expect(codecOf('XX/XX').decode(cp037.encode('AB-CD'))).toEqual({ a: 'ABCD', $residue: '2:60' })
  })
})
