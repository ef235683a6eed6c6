// The simulation's copies are those that JSON would give.

import { expect, test } from '@jest/globals'
import { fc } from '../support/property.ts'
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
  expect(copied([-0, 0])).toEqual([0, 0])
  const original = { list: [{ amount: '1.00' }], none: undefined }
  const copy = copied(original)
  expect(copy).toStrictEqual({ list: [{ amount: '1.00' }] })
  original.list[0] = { amount: '2.00' }
  expect(copy).toEqual({ list: [{ amount: '1.00' }] })
})
