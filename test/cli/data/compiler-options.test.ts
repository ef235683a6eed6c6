// Options of the COBOL compiler by IBM's names: what they change in layouts and values, from the command line.

import { describe, expect, test } from '@jest/globals'
import { mainspan, objectsOf } from '../mainspan.ts'
import { folderOf, hex } from './copybooks.ts'

const file = folderOf({
  'KNOBS.cpy': '       01 R.\n           05 A PIC S9(4) COMP.\n           05 B PIC S9(3) COMP-3.\n',
  'ZONED.cpy': '       01 R.\n           05 A PIC S9(4).\n',
  'NATIVE.cpy': '       01 R.\n           05 A PIC S9(4) COMP-5.\n',
})

describe('compiler options by IBM names', () => {
  const long = '       01 R.\n           05 A PIC 9(31) COMP-3.\n           05 B PIC N(2).\n'
  const decodeOf = (options: readonly string[], bytes: string) =>
    mainspan(['decode', '--copybook', file('KNOBS.cpy'), ...options, '-'], hex(bytes))
  test('--arith and --nsymbol: what is compiled', () => {
    expect(mainspan(['layout', '-', '--arith', 'extend'], long)).toMatchObject({ status: 0, errors: '' })
    expect(mainspan(['layout', '-', '--arith', 'compat'], long).errors).toContain('ARITH(COMPAT) allows 18')
    expect(mainspan(['layout', '-', '--nsymbol', 'dbcs'], long).text).toContain('DISPLAY-1')
  })
  test('--trunc: the range of binary items', () => {
    expect(decodeOf([], '7FFF 001C').errors).toContain('TRUNC(STD)')
    expect(objectsOf(decodeOf(['--trunc', 'BIN'], '7FFF 001C'))).toEqual([{ a: '32767', b: '1' }])
  })
  test('--numproc: which signs are valid', () => {
    expect(objectsOf(decodeOf(['--canonical'], '0001 001A'))).toEqual([{ a: '1', b: '1' }])
    expect(decodeOf(['--numproc', 'PFD'], '0001 001A').errors).toContain('FIELD_BYTES_INVALID')
  })
  test('--zonedata: digits with another zone than F, back byte for byte', () => {
    const args = ['--copybook', file('ZONED.cpy')]
    const bytes = hex('4040F1C2 F0F0F0F1 F0F1F2D3')
    expect(mainspan(['decode', ...args, '-'], bytes).errors).toContain('FIELD_BYTES_INVALID')
    for (const word of ['NOPFD', 'MIG']) {
      const decoded = mainspan(['decode', ...args, '--zonedata', word, '-'], bytes)
      expect(objectsOf(decoded).map(({ a }) => a)).toEqual(['12', '1', '-123'])
      expect(mainspan(['encode', ...args, '--zonedata', word], decoded.text).stdout).toEqual(bytes)
    }
  })
  test('--dialect and --endian: the bytes of COMP-5', () => {
    const native = (options: readonly string[]) =>
      mainspan(['decode', '--copybook', file('NATIVE.cpy'), ...options, '-'], hex('FEFF'))
    expect(objectsOf(native(['--dialect', 'gnucobol', '--endian', 'little']))).toEqual([{ a: '-2' }])
    expect(objectsOf(native([]))).toEqual([{ a: '-257' }])
  })
  test.each<[string, readonly string[], string]>([
    ['nothing', [], 'three'],
    ['an integer', ['--define', 'LEVEL=1'], 'one'],
    ['two variables', ['--define', 'LEVEL=2', '--define', 'region=EU'], 'two'],
    ['a text of digits', ['--define', "LEVEL='1'"], 'is compared with'],
    ['a boolean', ['--define', "SMALL=B'1'"], 'four'],
    ['a boolean that does not hold', ['--define', 'SMALL=B"0"'], 'three'],
    ['a name alone', ['--define', 'SMALL'], 'four'],
    ['no name', ['--define', '=1'], 'COMMAND_LINE_INVALID'],
  ])('--define: the lines that %s chooses', (_, options, shown) => {
    const text = [
      '       01 R.',
      '       >>IF SMALL DEFINED AND SMALL',
      '           05 FOUR PIC X.',
      '       >>ELSE',
      '       >>EVALUATE TRUE',
      '       >>WHEN LEVEL DEFINED AND LEVEL = 1',
      '           05 ONE PIC X.',
      "       >>WHEN REGION DEFINED AND REGION = 'EU'",
      '           05 TWO PIC X.',
      '       >>WHEN OTHER',
      '           05 THREE PIC X.',
      '       >>END-EVALUATE',
      '       >>END-IF',
    ]
    const { text: found, errors } = mainspan(['layout', '-', ...options], `${text.join('\n')}\n`)
    expect((found + errors).toLowerCase()).toContain(shown.toLowerCase())
  })
})
