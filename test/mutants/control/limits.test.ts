// Tests of the small room; they leave out what the report has to show.

import { expect, test } from '@jest/globals'
import { isWithin, larger, stepsDown } from './limits.ts'

test.each([
  [1, true],
  [2, true],
  [3, false],
])('%i is within 2: %p', (count, expected) => {
  expect(isWithin(count, 2)).toBe(expected)
})

test.each([
  [1, 2],
  [2, 1],
  [2, 2],
])('of %i and %i the larger is 2', (one, other) => {
  expect(larger(one, other)).toBe(2)
})

test('it is three steps down from 3', () => {
  expect(stepsDown(3)).toBe(3)
})
