// Every byte and every character of every page, against ICU (`uconv`) and glibc (`iconv`).

import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { codePage, codePageNames } from '../../src/codepage/code-page.ts'
import { doubleCodes, glibcDouble, glibcSingle, icuDouble, icuEncoded, icuSingle } from './oracles.ts'

const ebcdic = codePageNames().filter((name) => name.startsWith('cp'))
const mixed = ebcdic.filter((name) => codePage(name).kind === 'mixed')

/** Published by unicode-org/icu-data, left out of ICU's usual builds; see their own test below. */
const notBuilt = ['cp880', 'cp905', 'cp924']
const withIcu = ebcdic.filter((name) => !notBuilt.includes(name))

/** Pages that glibc does not offer. */
const notInGlibc = ['cp838', 'cp924', 'cp5123', 'cp8482', 'cp9067']

/**
 * Where glibc differs from ICU, which follows IBM's CDRA: byte, ours, glibc's (nothing: no character). ICU's is taken everywhere.
 * A plain number counts the bytes of a page whose repertoire differs as a whole.
 */
const glibcDiffers: Readonly<Record<string, string | number>> = {
  // Backslash and É exchanged.
  cp278: '71:5C/C9 E0:C9/5C',
  // Macron or overline.
  cp285: 'A1:AF/203E',
  // glibc: full-width katakana, and no lower-case Latin letters (the page as it was before 1995).
  cp290: 98,
  cp420: '45:200B/',
  // glibc: an older Hebrew page, with ⇒ and without ±.
  cp424: '78:2017/21D4 8F:B1/ B3:2022/B7 BC:203E/AF',
  // Dot above or middle dot.
  cp870: 'B0:2D9/B7',
  // Þ and þ exchanged.
  cp871: '4A:DE/FE C0:FE/DE',
  cp875: '6A:7C/ 74:A0/2207 DD:387/B7',
  // glibc: the page before the Ukrainian and Byelorussian letters came in.
  cp880: '41:A0/ 45:454/ 55:45E/ 64:404/ 6A:7C/A6 73:AD/ 74:40E/ 79:60/ A1:7E/ C0:7B/ D0:7D/',
  cp905: '41:A0/ 9D:B8/2DB B0:2D9/B7 B7:B7/',
  // Urdu: glibc has Arabic letters and digits where CDRA has presentation forms and extended digits.
  cp918: 68,
  // Lira sign or ª; cedilla or ogonek; macron or dash.
  cp1026: '9A:20BA/AA 9D:B8/2DB BC:AF/2014',
  cp1155: '9A:20BA/AA',
  // Kip sign or k.
  cp1132: '70:20AD/6B',
}

const shown = (unit: number | undefined) => (unit === 0xfffd || unit === undefined ? '' : String.fromCharCode(unit))
const hexOf = (text: string) => [...text].map((one) => (one.codePointAt(0) ?? 0).toString(16).toUpperCase()).join('+')

function differencesFrom(name: string, other: Map<number, string>): string {
  const { toUnicode } = codePage(name)
  const found = [...other].filter(([byte, text]) => shown(toUnicode[byte]) !== text)
  return found
    .map(([byte, text]) => `${byte.toString(16).toUpperCase()}:${hexOf(shown(toUnicode[byte]))}/${hexOf(text)}`)
    .join(' ')
}

describe('single bytes', () => {
  test.each(withIcu)('%s decodes as ICU does', (name) => {
    expect(differencesFrom(name, icuSingle(name.slice(2), codePage(name).kind === 'mixed'))).toBe('')
  })

  test.each(withIcu)('%s encodes as ICU does, and nothing else', (name) => {
    const page = codePage(name)
    const units = [...new Set(page.toUnicode)].filter((unit) => unit !== 0xfffd && unit !== 0x0a)
    const encoded = icuEncoded(name.slice(2), units.map(shown), page.kind === 'mixed')
    expect(units.map((unit) => page.fromUnicode(unit).toString(16).padStart(2, '0'))).toEqual(encoded)
    const all = Array.from({ length: 0x10000 }, (_, unit) => unit).filter((unit) => page.fromUnicode(unit) >= 0)
    expect(all.every((unit) => page.toUnicode[page.fromUnicode(unit)] === unit)).toBe(true)
  })

  test.each(ebcdic)('%s differs from glibc as listed', (name) => {
    const table = glibcSingle(name.slice(2), codePage(name).kind === 'mixed')
    expect(table === undefined).toBe(notInGlibc.includes(name))
    const listed = glibcDiffers[name] ?? ''
    const found = table ? differencesFrom(name, table) : ''
    expect(typeof listed === 'number' ? found.split(' ').length : found).toBe(listed)
  })
})

describe('two bytes', () => {
  test.each(mixed)('%s decodes and encodes every code as ICU does, and decodes as glibc does', (name) => {
    const { double } = codePage(name, { substitute: true })
    const textOf = (code: number) => double?.decode(Uint8Array.of(code >> 8, code & 0xff)).replace('\ufffd', '') ?? ''
    const ours = new Map(doubleCodes.map((code) => [code, textOf(code)]))
    expect(different(ours, icuDouble(name.slice(2)))).toEqual([])
    expect(different(ours, glibcDouble(name.slice(2)) ?? new Map())).toEqual([])
    // A character of both parts (€ in 1371, 1390, 1399) is written as its single byte in mixed text: ICU cannot show its code.
    const inBoth = (text: string) => codePage(name).fromUnicode(text.codePointAt(0) ?? 0) >= 0
    const texts = [...new Set(ours.values())].filter((text) => text !== '' && !inBoth(text))
    const encoded = texts.map((text) => Buffer.from(double?.encode(text) ?? []).toString('hex'))
    expect(encoded).toEqual(icuEncoded(name.slice(2), texts, true))
    expect(texts.length).toBeGreaterThan(9000)
  })
})

function different(ours: Map<number, string>, theirs: Map<number, string>): string[] {
  const found = [...ours].filter(([code, text]) => theirs.get(code) !== text)
  return found.map(([code, text]) => `${code.toString(16)}:${hexOf(text)}/${hexOf(theirs.get(code) ?? '')}`)
}

/** First 16 hexadecimal digits of SHA-256 over the 256 code points as UTF-16BE. */
const published: Readonly<Record<string, string>> = {
  cp037: '53c972fbb8430c22',
  cp500: 'a6148536c8402cc6',
  cp1047: '8de86c03cef4969f',
  cp273: '0b4cdf99b3ecb016',
  cp277: 'feb8820e74bed52d',
  cp278: '565a28f637603059',
  cp280: 'a1a5d468dd685c93',
  cp284: 'cf9821fec3d1363f',
  cp285: 'c1c80d433d8cc21c',
  cp297: '894f89d6a55b2251',
  cp871: '42aa33bef9ea6632',
  cp1026: '038278153de11b99',
  cp1140: '78f9ce75167f05b9',
  cp1141: '7912219000d36b1f',
  cp1142: '50c86a25706aeee3',
  cp1143: '966c4449dc4589f3',
  cp1144: 'a7353683012ed84a',
  cp1145: '372622cdaf223f22',
  cp1146: '8a778aaacbc98cd8',
  cp1147: 'be705915262d71f0',
  cp1148: '45c477b7e5f439a6',
  cp1149: '094ee13c56fb9091',
  cp870: 'e28a7538a96f7c16',
  cp1025: 'a6bf28b31a7b8f0f',
  cp1112: '2528249843ee61b5',
  cp1122: '8ce0fd1a031029f4',
  cp1123: 'efb55dde0d068672',
  cp1153: 'e1e7124f43822e18',
  cp1154: 'e357800a99b50fca',
  cp1155: '71bea337ae551cff',
  cp1156: '75111eb80008f4e3',
  cp1157: '45a814c8a4913cc1',
  cp1158: '4f90e6b9022c1e87',
  cp1164: '2389eb5ca967cc51',
  cp1130: '97ed72ff04f22b00',
  cp918: '74a6041f03849329',
  cp1097: 'bc22313b457e8cbd',
}

test.each(Object.entries(published))('the table of %s is the published one', (name, prefix) => {
  const units = Buffer.from(codePage(name).toUnicode.slice().buffer).swap16()
  expect(createHash('sha256').update(units).digest('hex').slice(0, 16)).toBe(prefix)
})

test('880, 905 and 924 hold the characters of their published tables', () => {
  expect(
    codePage('cp924').decode(Uint8Array.of(0x4a, 0x6a, 0x9d, 0x9f, 0xb0, 0xb7, 0xb8, 0xb9, 0xba, 0xbb, 0xbe)),
  ).toBe('ÝŠž€¢ŒœŸ¬šŽ')
  expect(codePage('cp880').decode(Uint8Array.of(0x41, 0x45, 0x55, 0x58, 0x6a, 0x73, 0x77, 0xc0, 0xe1))).toBe(
    '\u00a0єў№|\u00ada{¤'.replace('a', 'а'),
  )
  expect(codePage('cp905').decode(Uint8Array.of(0x41, 0x47, 0x9d, 0xb0, 0xb7))).toBe('\u00a0ċ¸˙·')
})

/** Pages that cannot bring back every byte: some have no character, or two have the same. Single-byte parts of mixed pages lose SO and SI. */
const notBijective = [
  'cp290',
  'cp420',
  'cp424',
  'cp803',
  'cp838',
  'cp875',
  'cp905',
  'cp1132',
  'cp1137',
  'cp1160',
  'cp4517',
  'cp4899',
  'cp4971',
  'cp5123',
  'cp8482',
  'cp9067',
  'cp12712',
  'cp16804',
  ...mixed,
]

test('which pages keep all 256 bytes apart', () => {
  const distinct = (name: string) => new Set(codePage(name).toUnicode.filter((unit) => unit !== 0xfffd)).size
  expect(ebcdic.filter((name) => distinct(name) < 256)).toEqual(ebcdic.filter((name) => notBijective.includes(name)))
  expect(ebcdic.length - mixed.length).toBe(57)
  expect(mixed.length).toBe(10)
})
