// The registration with iconv-lite: pins the undocumented part that it stands on.

import { expect, test } from '@jest/globals'
import iconv from 'iconv-lite'
import { codePage, codePageNames } from '../../src/codepage/code-page.ts'
import { registerCodePages } from '../../src/codepage/iconv-lite.ts'

registerCodePages()

test('iconv-lite has no EBCDIC of its own, and keeps what it had', () => {
  expect(iconv.encodingExists('utf8')).toBe(true)
  expect(iconv.encode('é', 'latin1')).toEqual(Buffer.of(0xe9))
})

test.each(codePageNames().filter((name) => name.startsWith('cp')))('%s is known under its usual names', (name) => {
  const bytes = Buffer.from(codePage(name, { substitute: true }).encode('A1'))
  for (const alias of [
    name,
    name.toUpperCase(),
    name.replace('cp', 'IBM-'),
    name.replace('cp', 'ibm'),
    name.replace(/^cp0*/, 'ibm-'),
  ]) {
    expect(iconv.decode(bytes, alias)).toBe('A1')
    expect(iconv.encode('A1', alias)).toEqual(bytes)
  }
})

test('what a page lacks is replaced, one byte a character', () => {
  expect(iconv.encode('A€😀B', 'cp037')).toEqual(Buffer.of(0xc1, 0x3f, 0x3f, 0xc2))
  expect(iconv.decode(Buffer.of(0xc1, 0x51), 'cp933')).toBe('A\ufffd')
})

test('runs and characters may be cut between chunks', () => {
  const text = 'A国B語か゚😀C'
  const bytes = Buffer.from(codePage('cp1390', { substitute: true }).encode(text))
  const decoder = iconv.getDecoder('cp1390')
  expect([...bytes].map((byte) => decoder.write(Buffer.of(byte))).join('') + (decoder.end() ?? '')).toBe(
    text.replace('😀', '\x1a'),
  )
  for (const name of ['cp1390', 'cp037']) {
    const encoder = iconv.getEncoder(name)
    const parts = text.split('').map((unit) => encoder.write(unit))
    const whole = Buffer.concat([...parts, encoder.end() ?? Buffer.of()])
    expect(whole).toEqual(Buffer.from(codePage(name, { substitute: true }).encode(text)))
  }
})

test('an unfinished run is shown', () => {
  expect(iconv.decode(Buffer.of(0x0e, 0x45), 'cp939')).toBe('\ufffd')
})
