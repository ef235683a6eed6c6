// The simulation's copies are those that JSON would give.

import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { copied } from './payloads.ts'

test('a copy is what JSON gives, and shares nothing with the original', () => {
  fc.assert(
    fc.property(
      fc.anything({ withDate: true, withMap: true, withTypedArray: true, withNullPrototype: true }),
      (value) => {
        const text = JSON.stringify(value)
        expect(copied(value)).toEqual(text === undefined ? undefined : JSON.parse(text))
      },
    ),
  )
  const original = { list: [{ amount: '1.00' }], none: undefined }
  const copy = copied(original)
  expect(copy).toStrictEqual({ list: [{ amount: '1.00' }] })
  original.list[0] = { amount: '2.00' }
  expect(copy).toEqual({ list: [{ amount: '1.00' }] })
})
