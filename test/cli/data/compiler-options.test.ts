// Options of the COBOL compiler by IBM's names: what they change in layouts and values, from the command line.

import { describe, expect, test } from '@jest/globals'
import { mainspan, objectsOf } from '../mainspan.ts'
import { folderOf, hex } from './copybooks.ts'

const file = folderOf({
  'KNOBS.cpy': '       01 R.\n           05 A PIC S9(4) COMP.\n           05 B PIC S9(3) COMP-3.\n',
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
  test('--dialect and --endian: the bytes of COMP-5', () => {
    const native = (options: readonly string[]) =>
      mainspan(['decode', '--copybook', file('NATIVE.cpy'), ...options, '-'], hex('FEFF'))
    expect(objectsOf(native(['--dialect', 'gnucobol', '--endian', 'little']))).toEqual([{ a: '-2' }])
    expect(objectsOf(native([]))).toEqual([{ a: '-257' }])
  })
})
