// PICTURE analysis: category, digits, scale and positions of every kind (IBM Language Reference, PICTURE clause).

import { expect, test } from '@jest/globals'
import type { CompilerOptions } from '../../src/cobol/layout.ts'
import { resolveOptions } from '../../src/cobol/options.ts'
import { analysePicture } from '../../src/cobol/picture.ts'

type Row = readonly [text: string, category: string, digits: number, scale: number, positions: number, signed?: boolean]

function analyse(text: string, options: Partial<CompilerOptions> = {}) {
  const picture = analysePicture(
    text,
    resolveOptions(options),
    (name) => (name === 'TEN' ? 10 : undefined),
    () => undefined,
  )
  if (picture === undefined) return undefined
  const { category, digits, scale, positions, signed } = picture
  return [text, category, digits, scale, positions, signed]
}

const rows: Row[] = [
  ['X', 'alphanumeric', 0, 0, 1],
  ['X(00010)', 'alphanumeric', 0, 0, 10],
  ['x(TEN)', 'alphanumeric', 0, 0, 10],
  ['A(3)', 'alphabetic', 0, 0, 3],
  ['A9X', 'alphanumeric', 0, 0, 3],
  ['XX/XX0BXX', 'alphanumeric-edited', 0, 0, 9],
  ['9', 'numeric', 1, 0, 1],
  ['S9(11)V99', 'numeric', 13, 2, 13, true],
  ['9(5)V9(2)', 'numeric', 7, 2, 7],
  ['S99V9', 'numeric', 3, 1, 3, true],
  ['SV9(4)', 'numeric', 4, 4, 4, true],
  ['S9(3)PPP', 'numeric', 3, -3, 3, true],
  ['9(3)PPV', 'numeric', 3, -2, 3],
  ['SVPP9(3)', 'numeric', 3, 5, 3, true],
  ['SPP9(3)', 'numeric', 3, 5, 3, true],
  ['VPP999', 'numeric', 3, 5, 3],
  ['Z,ZZZ,ZZ9.99-', 'numeric-edited', 9, 2, 13, true],
  ['$$,$$$,$$9.99CR', 'numeric-edited', 9, 2, 15, true],
  ['+,+++,++9.99', 'numeric-edited', 8, 2, 12, true],
  ['-(7)9.99', 'numeric-edited', 9, 2, 11, true],
  ['***,***,**9.99DB', 'numeric-edited', 11, 2, 16, true],
  ['***.**', 'numeric-edited', 5, 2, 6],
  ['++++.++', 'numeric-edited', 5, 2, 7, true],
  ['$ZZ,ZZ9.99', 'numeric-edited', 7, 2, 10],
  ['9(5)+', 'numeric-edited', 5, 0, 6, true],
  ['99/99/9999', 'numeric-edited', 8, 0, 10],
  ['99B99B99', 'numeric-edited', 6, 0, 8],
  ['$$$$.99', 'numeric-edited', 5, 2, 7],
  ['Z(13).99', 'numeric-edited', 15, 2, 16],
  ['ZZ9PPP', 'numeric-edited', 3, -3, 3],
  ['N(5)', 'national', 0, 0, 5],
  ['NBN/N', 'national-edited', 0, 0, 5],
  ['G(4)', 'dbcs', 0, 0, 4],
  ['GBG', 'dbcs-edited', 0, 0, 3],
  ['U(6)', 'utf-8', 0, 0, 6],
  ['+9(5).9(5)E+99', 'external-float', 10, 5, 16, true],
  ['-V9(3)E-99', 'external-float', 3, 3, 8, true],
]

test.each(rows)('%s is %s', (...row) => {
  const [text] = row
  expect(analyse(text)).toEqual([...row.slice(0, 5), row[5] ?? false])
})

test('DECIMAL-POINT IS COMMA swaps point and comma', () => {
  expect(analyse('Z.ZZ9,99', { decimalPointIsComma: true })).toEqual(['Z.ZZ9,99', 'numeric-edited', 6, 2, 8, false])
})

test.each([
  ['another sign', '££9', { currencySign: '£' }, 3],
  ['a sign of three characters, once', '$$$9.99', { currencySign: 'EUR' }, 9],
  ['a sign with a symbol of its own', 'W9.99', { currencySign: 'CHF', currencySymbol: 'W' }, 7],
])('CURRENCY SIGN: %s', (_, text, options, positions) => {
  expect(analyse(text, options)?.[4]).toBe(positions)
})

test('a repeat beyond all memory is not written out', () => {
  const options = resolveOptions({})
  const picture = analysePicture(
    'X(999999999)',
    options,
    () => undefined,
    () => undefined,
  )
  expect(picture).toMatchObject({ expanded: 'X(999999999)', positions: 999_999_999 })
})
