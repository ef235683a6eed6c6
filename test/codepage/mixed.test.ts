// Mixed pages: runs, the two parts, bad bytes, and both directions in pieces.

import { describe, expect, test } from '@jest/globals'
import { codePage } from '../../src/codepage/code-page.ts'
import { failureOf } from './failure-of.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase()
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))

test.each([
  ['cp930', 'A国B', 'C10E458F0FC2'],
  ['cp939', 'A国B', 'C10E458F0FC2'],
  ['cp1390', 'A国B', 'C10E458F0FC2'],
  ['cp1399', 'A国B', 'C10E458F0FC2'],
  ['cp935', 'A国B', 'C10E4D9B0FC2'],
  ['cp1388', 'A国B', 'C10E4D9B0FC2'],
  ['cp937', 'A中B', 'C10E4C840FC2'],
  ['cp1371', 'A中B', 'C10E4C840FC2'],
  ['cp933', 'A가B', 'C10E88610FC2'],
  ['cp1364', 'A가B', 'C10E88610FC2'],
  ['cp930', 'b', '63'],
  ['cp939', 'b', '82'],
  ['cp939', '国\u3000国', '0E458F4040458F0F'],
  ['cp1390', 'か゚か𠂢', '0EECB54486B3480F'],
])('%s writes %s as %s', (name, text, expected) => {
  expect(hex(codePage(name).encode(text))).toBe(expected)
  expect(codePage(name).decode(bytesOf(expected))).toBe(text)
})

describe('bytes that are not the page', () => {
  test.each([
    ['C1 0E 458F', 4, 'a run of two-byte characters without SI'],
    ['C1 0E 45', 3, 'half a character'],
    ['C1 0E 458F 45 0F C2', 4, 'half a character before SI'],
    ['C1 0F C2', 1, 'SI without SO'],
    ['0E 458F 0E 458F 0F', 3, 'SO inside a run of two-byte characters'],
    ['C1 0E FEFE 0F', 2, 'the page has no character for this code'],
  ])('%s: at %i, %s', (bytes, offset, problem) => {
    expect(failureOf(() => codePage('cp939').decode(bytesOf(bytes)))).toEqual({
      code: 'CODE_PAGE_BYTES_INVALID',
      facts: { codePage: 'cp939', offset, problem },
    })
    expect(codePage('cp939', { substitute: true }).decode(bytesOf(bytes))).toContain('\ufffd')
  })

  test('an unmapped single byte', () => {
    expect(failureOf(() => codePage('cp933').decode(bytesOf('C1 51')))).toMatchObject({ facts: { offset: 1 } })
  })
})

test('an empty run decodes to nothing', () => {
  expect(codePage('cp939').decode(bytesOf('C1 0E 0F C2'))).toBe('AB')
})

test('SO, SI and strange characters cannot be written, or become SUB', () => {
  expect(failureOf(() => codePage('cp939').encode('A\u000e'))).toMatchObject({
    facts: { codePage: 'cp939', position: 1 },
  })
  expect(failureOf(() => codePage('cp939').encode('国😀'))).toMatchObject({ facts: { position: 1 } })
  expect(hex(codePage('cp939', { substitute: true }).encode('国😀A'))).toBe('0E458F0F3FC1')
})

describe('the two-byte part alone, as in PIC G', () => {
  const double = codePage('cp939').double
  test('goes both ways', () => {
    expect(double?.name).toBe('cp300')
    expect(hex(double?.encode('国\u3000') ?? bytesOf(''))).toBe('458F4040')
    expect(double?.decode(bytesOf('00 458F 4040'), 1)).toBe('国\u3000')
  })
  test('has no single-byte characters, halves or holes', () => {
    expect(failureOf(() => double?.encode('国A'))).toMatchObject({ facts: { codePage: 'cp300', position: 1 } })
    expect(failureOf(() => double?.decode(bytesOf('458F 45')))).toMatchObject({ facts: { offset: 2 } })
    expect(failureOf(() => double?.decode(bytesOf('458F 4141 41FF')))).toMatchObject({ facts: { offset: 4 } })
  })
  test('substitutes', () => {
    const lenient = codePage('cp939', { substitute: true }).double
    expect(hex(lenient?.encode('国😀国') ?? bytesOf(''))).toBe('458FFEFE458F')
    expect(lenient?.decode(bytesOf('458F FEFE 45'))).toBe('国\ufffd\ufffd')
  })
})

test('NL and LF are exchanged in mixed pages too', () => {
  expect(codePage('cp939,swaplfnl').decode(bytesOf('15 25'))).toBe('\n\u0085')
})
