// So many at once, the others in order of arrival, in a queue that is bounded in length and in time; and no place is ever lost.

import { getEventListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { ConcurrencyLimiter, type Leave } from '../../../src/backend/limit/concurrency-limiter.ts'

const limiter = (options: { most?: number; queueLength?: number; queueMs?: number } = {}) =>
  new ConcurrencyLimiter({ name: 'core', most: 1, queueLength: 2, queueMs: 60_000, ...options })

test('those who wait enter in order of arrival, each when one has left', async () => {
  const one = limiter({ most: 2 })
  const entered: string[] = []
  const enter = async (name: string): Promise<Leave> => {
    const leave = await one.enter('PROG')
    entered.push(name)
    return leave
  }
  const [first, second, third, fourth] = ['a', 'b', 'c', 'd'].map(enter)
  await pause(5)
  expect([entered, one.inside, one.waiting]).toEqual([['a', 'b'], 2, 2])
  const leave = (await second) as Leave
  leave()
  leave()
  await pause(5)
  expect([entered, one.inside, one.waiting]).toEqual([['a', 'b', 'c'], 2, 1])
  for (const one of [first, third, fourth]) (await one)?.()
  expect([entered, one.inside, one.waiting]).toEqual([['a', 'b', 'c', 'd'], 0, 0])
})

describe('one is refused', () => {
  test('when the queue is full, with how many wait', async () => {
    const one = limiter()
    const leave = await one.enter('PROG')
    const waiting = [one.enter('PROG'), one.enter('PROG')]
    const facts = { adapter: 'core', waiting: 2 }
    await expect(one.enter('PROG')).rejects.toMatchObject({ code: 'CORE_BUSY', facts })
    leave()
    for (const other of waiting) (await other)()
    expect(one.inside).toBe(0)
  })

  test('when it has waited too long, and then it takes no place', async () => {
    const one = limiter({ queueMs: 10 })
    const leave = await one.enter('PROG')
    const stop = new AbortController()
    const late = one.enter('PROG', stop.signal)
    await expect(late).rejects.toMatchObject({ code: 'CORE_BUSY', facts: { adapter: 'core', waiting: 0 } })
    expect([one.waiting, getEventListeners(stop.signal, 'abort').length]).toEqual([0, 0])
    leave()
    expect(one.inside).toBe(0)
  })

  test('when it is cancelled, before or while it waits, and then it takes no place', async () => {
    const one = limiter()
    const aborted = one.enter('PROG', AbortSignal.abort())
    await expect(aborted).rejects.toMatchObject({ code: 'CALL_CANCELLED', facts: { target: 'PROG' } })
    expect(one.inside).toBe(0)
    const leave = await one.enter('PROG')
    const stop = new AbortController()
    const waiting = one.enter('PROG', stop.signal)
    stop.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'CALL_CANCELLED', facts: { target: 'PROG' } })
    expect(one.waiting).toBe(0)
    leave()
    expect(one.inside).toBe(0)
  })
})

test('one that has entered is neither late nor cancelled any more', async () => {
  const one = limiter({ queueMs: 20 })
  const stop = new AbortController()
  const leave = await one.enter('PROG')
  const second = one.enter('PROG', stop.signal)
  leave()
  const leaveSecond = await second
  expect(getEventListeners(stop.signal, 'abort').length).toBe(0)
  const third = one.enter('PROG').catch(({ code }) => code)
  await pause(40)
  expect([await third, one.inside]).toEqual(['CORE_BUSY', 1])
  leaveSecond()
  expect(one.inside).toBe(0)
})
