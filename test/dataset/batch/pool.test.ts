// What ends work in batches is told when nothing of it goes on any more.

import { setImmediate as soon } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { orderedPool } from '../../../src/dataset/batch/pool.ts'
import type { Thread } from '../../../src/dataset/thread/thread.ts'

interface Numbered {
  readonly id: number
}

/** A thread that can be made to break; its batches are never answered. */
function silentThread() {
  let end: (error: Error) => void = () => undefined
  const broken = new Promise<never>((_, reject) => {
    end = reject
  })
  const thread: Thread = { prepare: () => undefined, ask: () => broken, broken, end: () => Promise.resolve() }
  return { thread, end: (error: Error) => end(error) }
}

const state = async (promise: Promise<unknown>): Promise<string> => {
  let found = 'pending'
  promise.then(
    () => {
      found = 'fulfilled'
    },
    (error: unknown) => {
      found = String(error)
    },
  )
  for (let i = 0; i < 5; i++) await soon()
  return found
}

test.each(['ready', 'finish'] as const)(
  '%s waits for the result that is being taken when a thread breaks',
  async (way) => {
    const { thread, end } = silentThread()
    let release: () => void = () => undefined
    const written = new Promise<void>((resolve) => {
      release = resolve
    })
    const taken: number[] = []
    const pool = orderedPool<Numbered, number>([thread], {
      here: ({ id }) => id,
      there: (_, { id }) => (id === 0 ? Promise.resolve(id) : thread.broken),
      next: async (id) => {
        taken.push(id)
        await written
      },
    })
    for (const id of [0, 1, 2, 3]) pool.take({ id })
    const ended = pool[way]()
    expect(await state(ended)).toBe('pending')
    end(new Error('out of memory'))
    expect(await state(ended)).toBe('pending')
    release()
    expect(await state(ended)).toBe('Error: out of memory')
    expect(taken).toEqual([0])
  },
)

test('a batch at which this thread throws is not waited for', async () => {
  const taken: number[] = []
  const pool = orderedPool<Numbered, number>([], {
    here: ({ id }) => {
      if (id === 1) throw new RangeError('no memory')
      return id
    },
    there: () => Promise.reject(new Error('there is no other thread')),
    next: async (id) => {
      await soon()
      taken.push(id)
    },
  })
  pool.take({ id: 0 })
  expect(() => pool.take({ id: 1 })).toThrow(RangeError)
  await pool.finish()
  expect(taken).toEqual([0])
})
