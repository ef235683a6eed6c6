// Connections that are kept while they are beyond doubt: each serves one call at a time, and a pool that is closed leaves none behind.

import { EventEmitter } from 'node:events'
import { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { ConnectionPool, type PoolOptions } from '../../../src/backend/connection/connection-pool.ts'
import type { Connection } from '../../../src/backend/connection/endpoints.ts'

/** A pool whose connections open when the test says so. */
function poolOpening(opened: Promise<void>) {
  const socket = new Socket()
  const connection: Connection = { socket, reset: () => socket.destroy(), inDoubt: () => undefined }
  const connect = () => opened.then(() => connection)
  const pool = new ConnectionPool({ connect }, { name: 'core', most: 1, queueLength: 1, queueMs: 1000, idleMs: 1000 })
  return { pool, socket }
}

test.each<[string, 'before' | 'while' | 'after']>([
  ['before it is asked for', 'before'],
  ['while it opens', 'while'],
  ['when it is open', 'after'],
])('a pool that is closed %s ends the connection', async (_, moment) => {
  let open: () => void = () => undefined
  const { pool, socket } = poolOpening(
    new Promise((resolve) => {
      open = resolve
    }),
  )
  if (moment === 'before') pool.close()
  const asked = pool.acquire('PROGRAM')
  if (moment === 'while') pool.close()
  open()
  const lease = await asked
  if (moment === 'after') {
    expect(socket.destroyed).toBe(false)
    pool.close()
  }
  expect(lease.socket).toBe(socket)
  expect(socket.destroyed).toBe(true)
  lease.finish()
})

interface Played extends EventEmitter {
  destroyed: boolean
  readable: boolean
  writable: boolean
}

/** A pool over connections that the test plays, and what is done to each of them in order. */
function poolOf(options: Partial<PoolOptions> = {}) {
  const opened: { readonly socket: Played; readonly done: string[] }[] = []
  let problem: Error | undefined
  const connect = async (): Promise<Connection> => {
    if (problem) throw problem
    const done: string[] = []
    const socket = Object.assign(new EventEmitter(), {
      ...{ destroyed: false, readable: true, writable: true },
      destroy() {
        done.push('destroyed')
        socket.destroyed = true
        socket.emit('close')
      },
    })
    opened.push({ socket, done })
    return {
      socket: socket as unknown as Socket,
      reset: () => void done.push('reset'),
      inDoubt: (doubt) => void done.push(doubt ? 'in doubt' : 'beyond doubt'),
    }
  }
  const limits = { name: 'core', most: 2, queueLength: 0, queueMs: 1000, idleMs: 60_000 }
  const pool = new ConnectionPool({ connect }, { ...limits, ...options })
  return {
    ...{ pool, opened },
    refuse: (error: Error | undefined) => {
      problem = error
    },
    acquire: (fresh?: boolean) => pool.acquire('PROGRAM', undefined, fresh),
  }
}

describe('a lease', () => {
  test('that is kept serves the next call, and says so', async () => {
    const { acquire, opened } = poolOf()
    const first = await acquire()
    expect([first.reused, opened[0]?.done]).toEqual([false, ['in doubt']])
    first.keep()
    const second = await acquire()
    expect([second.reused, second.socket === first.socket, opened.length]).toEqual([true, true, 1])
    expect(opened[0]?.done).toEqual(['in doubt', 'beyond doubt', 'in doubt'])
    second.finish()
    expect(opened[0]?.done.slice(3)).toEqual(['beyond doubt', 'destroyed'])
  })

  test('that is discarded is reset, one that is finished ends in order', async () => {
    const { acquire, opened } = poolOf()
    ;(await acquire()).discard()
    ;(await acquire()).finish()
    expect(opened.map(({ done }) => done)).toEqual([
      ['in doubt', 'beyond doubt', 'reset'],
      ['in doubt', 'beyond doubt', 'destroyed'],
    ])
  })

  test('ends once: what comes after changes nothing', async () => {
    const { acquire, opened, pool } = poolOf({ most: 1 })
    const lease = await acquire()
    lease.keep()
    const next = await acquire()
    for (const end of [lease.discard, lease.finish, lease.keep]) end()
    expect(opened[0]?.done).toEqual(['in doubt', 'beyond doubt', 'in doubt'])
    // Its place was not given away a second time either.
    await expect(acquire()).rejects.toMatchObject({ code: 'CORE_BUSY' })
    next.finish()
    pool.close()
    expect(opened[0]?.done.filter((one) => one === 'reset')).toEqual([])
  })

  test('of a connection that could not be opened leaves its place', async () => {
    const { acquire, refuse } = poolOf({ most: 1 })
    refuse(new Error('refused'))
    for (let turn = 0; turn < 2; turn += 1) await expect(acquire()).rejects.toThrow('refused')
    refuse(undefined)
    expect((await acquire()).reused).toBe(false)
  })
})

describe('a kept connection', () => {
  test('is taken the last one first, and not at all where a new one is asked for', async () => {
    const { acquire, opened } = poolOf()
    const [first, second] = [await acquire(), await acquire()]
    first.keep()
    second.keep()
    const third = await acquire()
    expect(third.socket).toBe(second.socket)
    const fresh = await acquire(true)
    expect([fresh.reused, opened.length]).toEqual([false, 3])
  })

  test.each(['data', 'end', 'close'])('on which %s comes meanwhile is worthless', async (event) => {
    const { acquire, opened } = poolOf()
    ;(await acquire()).keep()
    opened[0]?.socket.emit(event)
    expect(opened[0]?.done).toContain('destroyed')
    expect((await acquire()).reused).toBe(false)
  })

  test.each<[string, Partial<Played>]>([
    ['is destroyed', { destroyed: true }],
    ['can be read no more', { readable: false }],
    ['can be written no more', { writable: false }],
  ])('that %s is not kept, nor taken', async (_, state) => {
    const { acquire, opened } = poolOf()
    const first = await acquire()
    Object.assign(opened[0]?.socket ?? {}, state)
    first.keep()
    const second = await acquire()
    expect([second.reused, opened[0]?.done.at(-1)]).toEqual([false, 'destroyed'])
    second.keep()
    Object.assign(opened[1]?.socket ?? {}, state)
    expect((await acquire()).reused).toBe(false)
    expect(opened[1]?.done.at(-1)).toBe('destroyed')
  })

  test('is watched only while it is idle', async () => {
    const { acquire, opened } = poolOf()
    ;(await acquire()).keep()
    const lease = await acquire()
    const socket = opened[0]?.socket
    expect(['data', 'end', 'close'].map((event) => socket?.listenerCount(event))).toEqual([0, 0, 0])
    socket?.emit('data')
    expect(socket?.destroyed).toBe(false)
    lease.keep()
    expect((await acquire()).reused).toBe(true)
  })

  test('that is dropped leaves the others', async () => {
    const { acquire, opened } = poolOf()
    const leases = [await acquire(), await acquire()]
    for (const lease of leases) lease.keep()
    opened[0]?.socket.emit('end')
    expect(opened.map(({ socket }) => socket.destroyed)).toEqual([true, false])
    expect((await acquire()).socket).toBe(leases[1]?.socket)
  })

  test('is closed when nobody used it for so long, and not before', async () => {
    const { acquire, opened } = poolOf({ idleMs: 40 })
    const lease = await acquire()
    lease.keep()
    const again = await acquire()
    await pause(60)
    expect(opened[0]?.socket.destroyed).toBe(false)
    again.keep()
    await pause(80)
    expect(opened[0]?.socket.destroyed).toBe(true)
    expect((await acquire()).reused).toBe(false)
  })
})

test('a pool that is closed finishes what is idle, resets what is in use, and keeps nothing that comes back', async () => {
  const { acquire, opened, pool } = poolOf({ most: 3 })
  const [idle, used, ended] = [await acquire(), await acquire(), await acquire()]
  idle.keep()
  ended.finish()
  pool.close()
  expect(opened.map(({ done }) => [...new Set(done.slice(1))])).toEqual([
    ['beyond doubt', 'destroyed'],
    ['reset'],
    ['beyond doubt', 'destroyed'],
  ])
  used.keep()
  expect(opened[1]?.done.slice(1, 4)).toEqual(['reset', 'beyond doubt', 'destroyed'])
})
