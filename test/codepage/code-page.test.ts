// A code page by its name: names, kinds, strict and substituting, NL and LF.

import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { codePage } from '../../src/codepage/code-page.ts'
import { failureOf } from './failure-of.ts'

describe('names', () => {
  test.each([
    ['cp037', 'cp037'],
    ['037', 'cp037'],
    ['37', 'cp037'],
    ['IBM-037', 'cp037'],
    ['ibm037', 'cp037'],
    ['ibm-37_P100-1995', 'cp037'],
    ['CCSID 37', 'cp037'],
    ['IBM01140', 'cp1140'],
    ['x-IBM1047', 'cp1047'],
    ['ibm-1047,swaplfnl', 'cp1047,swaplfnl'],
    ['ASCII', 'ascii'],
    ['US-ASCII', 'ascii'],
    ['ISO-8859-1', 'latin1'],
    ['cp819', 'latin1'],
    ['UTF-8', 'utf-8'],
    ['utf8', 'utf-8'],
    ['cp1208', 'utf-8'],
  ])('%s is %s', (name, canonical) => {
    expect(codePage(name).name).toBe(canonical)
    expect(codePage(name)).toBe(codePage(canonical))
  })

  test.each(['', 'cp', 'cp1', 'cp99999', 'constructor', 'cp037,other', 'klingon'])('%j is unknown', (name) => {
    expect(failureOf(() => codePage(name))).toEqual({ code: 'CODE_PAGE_UNKNOWN', facts: { name } })
  })
})

test.each([
  ['cp037', '53c972fbb8430c22'],
  ['cp500', 'a6148536c8402cc6'],
  ['cp1047', '8de86c03cef4969f'],
  ['cp1140', '78f9ce75167f05b9'],
])('the table of %s is the published one', (name, prefix) => {
  const units = Buffer.from(codePage(name).toUnicode.slice().buffer).swap16()
  expect(createHash('sha256').update(units).digest('hex').slice(0, 16)).toBe(prefix)
})

test('text goes both ways', () => {
  const page = codePage('cp037')
  const bytes = Uint8Array.of(0xc1, 0xc2, 0x40, 0xf1, 0x4b, 0x5b)
  expect(page.decode(bytes)).toBe('AB 1.$')
  expect(page.decode(bytes, 1, 4)).toBe('B 1')
  expect(page.encode('AB 1.$')).toEqual(bytes)
  expect(page.fromUnicode(0x41)).toBe(0xc1)
  expect(page.fromUnicode(0x20ac)).toBe(-1)
  expect(page.fromUnicode(0x1f600)).toBe(-1)
  expect(page.decode(new Uint8Array(20_000).fill(0xc1))).toBe('A'.repeat(20_000))
})

test('NL and LF: both kept apart, exchanged on request', () => {
  expect(codePage('cp1047').decode(Uint8Array.of(0x15, 0x25))).toBe('\u0085\n')
  expect(codePage('cp1047', { swaplfnl: true }).decode(Uint8Array.of(0x15, 0x25))).toBe('\n\u0085')
  expect(codePage('cp1047,swaplfnl').encode('\n\u0085')).toEqual(Uint8Array.of(0x15, 0x25))
})

test('a character that the page lacks is an error with its position, or SUB', () => {
  expect(failureOf(() => codePage('cp037').encode('AB€'))).toEqual({
    code: 'CODE_PAGE_CHARACTER_MISSING',
    facts: { codePage: 'cp037', position: 2 },
  })
  expect(codePage('cp037', { substitute: true }).encode('A€😀B')).toEqual(Uint8Array.of(0xc1, 0x3f, 0x3f, 0xc2))
  expect(codePage('ascii', { substitute: true }).encode('A€')).toEqual(Uint8Array.of(0x41, 0x1a))
})

test('a byte that the page lacks is an error with its offset, or U+FFFD', () => {
  const bytes = Uint8Array.of(0x41, 0x42, 0x80)
  expect(failureOf(() => codePage('ascii').decode(bytes, 1))).toMatchObject({
    code: 'CODE_PAGE_BYTES_INVALID',
    facts: { codePage: 'ascii', offset: 1 },
  })
  expect(codePage('ascii', { substitute: true }).decode(bytes)).toBe('AB\ufffd')
  expect(codePage('latin1').decode(Uint8Array.of(0xe9))).toBe('é')
})

describe('utf-8', () => {
  const page = codePage('utf-8')
  test('goes both ways, the byte order mark is a character', () => {
    const text = '\ufeffA é € 😀'
    expect(page.decode(page.encode(text))).toBe(text)
  })
  test.each([
    [[0x41, 0xff], 1],
    [[0xc3, 0xa9, 0xe2, 0x82], 2],
    [[0xf0, 0x9f, 0x98, 0x80, 0x80], 4],
    [[0xef, 0xbf, 0xbd, 0xc0], 3],
  ])('%j is not well-formed at %i', (bytes, offset) => {
    expect(failureOf(() => page.decode(Uint8Array.from(bytes)))).toMatchObject({ facts: { offset } })
  })
  test('a lone surrogate cannot be written', () => {
    expect(failureOf(() => page.encode('A\ud800'))).toMatchObject({ facts: { codePage: 'utf-8', position: 1 } })
    expect(codePage('utf-8', { substitute: true }).decode(Uint8Array.of(0xff))).toBe('\ufffd')
  })
})
