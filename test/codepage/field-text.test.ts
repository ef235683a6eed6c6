// Text in a field: padding, cutting, runs that end inside the field.

import { expect, test } from '@jest/globals'
import { codePage } from '../../src/codepage/code-page.ts'
import { encodeField } from '../../src/codepage/field-text.ts'
import { fc } from '../support/property.ts'
import { failureOf } from './failure-of.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase()

test.each([
  ['cp037', 'AB', 4, {}, 'C1C24040'],
  ['cp037', 'AB', 4, { justified: true }, '4040C1C2'],
  ['cp037', 'ABCDE', 4, { cut: true }, 'C1C2C3C4'],
  ['cp037', 'ABCDE', 4, { cut: true, justified: true }, 'C2C3C4C5'],
  ['cp037', '', 2, {}, '4040'],
  ['cp939', 'A国', 8, {}, 'C10E458F0F404040'],
  ['cp939', '国国', 6, {}, '0E458F458F0F'],
  ['cp939', '国国', 5, { cut: true }, '0E458F0F40'],
  ['cp939', '国国', 4, { cut: true }, '0E458F0F'],
  ['cp939', '国国', 3, { cut: true }, '404040'],
  ['cp939', 'A国国', 5, { cut: true, justified: true }, '400E458F0F'],
  ['cp1390', 'か゚か゚', 5, { cut: true }, '0EECB50F40'],
  ['utf-8', 'aé€', 5, { cut: true }, '61C3A92020'],
  ['ascii', 'ab', 3, {}, '616220'],
] as const)('%s: %j in %i bytes %j is %s', (page, text, length, options, expected) => {
  expect(hex(encodeField(codePage(page), text, length, options))).toBe(expected)
})

test('what does not fit is an error unless it may be cut', () => {
  expect(failureOf(() => encodeField(codePage('cp939'), '国国', 5))).toEqual({
    code: 'TEXT_TOO_LONG',
    facts: { codePage: 'cp939', needed: 6, room: 5 },
  })
})

test('a cut field is always text of its page', () => {
  const character = fc.constantFrom('A', 'b', ' ', '国', '語', 'ア', 'カ', '１')
  const texts = fc.string({ unit: character, maxLength: 40 })
  fc.assert(
    fc.property(texts, fc.nat(30), fc.boolean(), (text, length, justified) => {
      const page = codePage('cp930')
      const field = encodeField(page, text, length, { cut: true, justified })
      expect(field.length).toBe(length)
      const shown = page.decode(field).trim()
      expect(justified ? text.trim().endsWith(shown) : text.trim().startsWith(shown)).toBe(true)
    }),
    { numRuns: 300 },
  )
})
