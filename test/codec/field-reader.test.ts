// Single fields, without the rest of the record.

import { describe, expect, test } from '@jest/globals'
import { recordCodec } from '../../src/codec/record-codec.ts'
import { codePage } from '../../src/codepage/code-page.ts'
import { bytes, layoutOf } from './layouts.ts'

const cp037 = codePage('cp037')
const codec = recordCodec(
  layoutOf(`
    01 R.
      05 N        PIC 9.
      05 T OCCURS 0 TO 3 DEPENDING ON N.
         10 M     PIC 9.
         10 U OCCURS 1 TO 2 DEPENDING ON M PIC X.
         10 V     PIC 9(2).
      05 G.
         10 A     PIC 9(2) COMP-3.
         10 B     PIC X.
      05 L        PIC X.
      66 AB RENAMES A THRU B.
      66 JUST-A RENAMES A.
  `),
  { codePage: 'cp037', invalid: { L: 'null', V: 'raw' } },
)

// N = 2; T(1): M 1, U C1, V 07; T(2): M 2, U C2 C3, V 08; A = 42; B = Z; L = Y
const record = bytes('F2 F1 C1 F0F7 F2 C2 C3 F0F8 042C E9 E8')

describe('field', () => {
  test.each([
    ['N', [], '2'],
    ['V', [1], '7'],
    ['V', [2], '8'],
    ['U', [2, 2], 'C'],
    ['A', [], '42'],
    ['l', [], 'Y'],
    ['B OF G', [], 'Z'],
    ['AB', [], cp037.decode(bytes('042CE9'))],
    ['JUST-A', [], '42'],
  ] as [string, number[], string][])('%s%j is %s', (name, subscripts, value) => {
    expect(codec.field(name)(record, subscripts)).toBe(value)
  })

  test('of a record in the middle of others', () => {
    const three = Buffer.concat([record, record, record])
    expect(codec.field('V')(three, [2], record.length, 2 * record.length)).toBe('8')
  })

  test('bytes that are not valid follow the policy of the field', () => {
    const dirty = record.slice()
    dirty[3] = 0x40
    expect(codec.field('V')(dirty, [1])).toEqual({ $raw: '40F7' })
    dirty[10] = 0xff
    expect(() => codec.field('A')(dirty)).toThrow('FIELD_BYTES_INVALID: A (g.a, PIC 9(2))')
  })

  test.each([
    ['V', [], '1 subscripts'],
    ['V', [0], '1 to 2'],
    ['V', [3], '1 to 2'],
    ['U', [1, 2], '1 to 1'],
    ['N', [1], '0 subscripts'],
  ] as [string, number[], string][])('%s%j is out of range', (name, subscripts, expected) => {
    expect(() => codec.field(name)(record, subscripts)).toThrow(
      expect.objectContaining({ code: 'SUBSCRIPT_OUT_OF_RANGE', facts: expect.objectContaining({ expected }) }),
    )
  })

  test('names that are not there, or stand twice', () => {
    expect(() => codec.field('NOWHERE')).toThrow('FIELD_UNKNOWN')
    const twice = recordCodec(layoutOf('01 R. 05 G. 10 A PIC X. 05 H. 10 A PIC X.'), { codePage: 'cp037' })
    expect(() => twice.field('A')).toThrow('FIELD_AMBIGUOUS: R has several A, in G, H')
    expect(twice.field('A OF H')(bytes('C1C2'))).toBe('B')
    expect(twice.field('A IN H OF R')(bytes('C1C2'))).toBe('B')
    expect(() => twice.field('A OF NONE')).toThrow('FIELD_UNKNOWN')
    expect(twice.field('H')(bytes('C1C2'))).toBe('B')
  })

  test('a record that is too short', () => {
    expect(() => codec.field('L')(record.subarray(0, 6))).toThrow('RECORD_TOO_SHORT')
    expect(() => codec.field('V')(record.subarray(0, 4), [1])).toThrow('RECORD_TOO_SHORT')
  })

  test('the length is what the counters say', () => {
    expect(codec.lengthOf(record)).toBe(record.length)
    expect(codec.lengthOf(Buffer.concat([record, record]), record.length)).toBe(record.length)
    expect([codec.minimumLength, codec.maximumLength]).toEqual([5, 20])
  })
})

test('GnuCOBOL renames whole records and level 77, too', () => {
  const text = '01 R. 05 A PIC X. 05 B PIC X(2). 66 ALL-OF-R RENAMES R.'
  const whole = recordCodec(layoutOf(text, { dialect: 'gnucobol' }), { codePage: 'ascii' })
  expect(whole.field('ALL-OF-R')(Buffer.from('xyz'))).toBe('xyz')
  const alone = layoutOf('77 N PIC 9(3). 66 M RENAMES N.', { dialect: 'gnucobol' })
  expect(alone.renames).toMatchObject([{ name: 'M', offset: 0, length: 3 }])
  expect(recordCodec(alone, { codePage: 'ascii' }).field('M')(Buffer.from('012'))).toBe('12')
})
