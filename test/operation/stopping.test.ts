// Those who wait, and the end of the server.

import { expect, test } from '@jest/globals'
import { stopping } from '../../src/operation/stopping.ts'

test('work that ends first gives its value, or its error', async () => {
  const stop = stopping()
  expect(await stop.orStopped(Promise.resolve(1))).toBe(1)
  await expect(stop.orStopped(Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(stop.begun).toBe(false)
})

test('who waits when the end begins, and who comes later, gets nothing', async () => {
  const stop = stopping()
  const never = new Promise<number>(() => undefined)
  const waiting = stop.orStopped(never)
  stop.begin()
  expect(stop.begun).toBe(true)
  expect(await waiting).toBeUndefined()
  expect(await stop.orStopped(never)).toBeUndefined()
})
