// What arrives on a connection during one call: all bytes before the end, one end only, and nothing left behind.

import { EventEmitter, getEventListeners } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, test } from '@jest/globals'
import { type Arrival, Inbox } from '../../../src/backend/connection/inbox.ts'

const opened: Inbox[] = []
afterEach(() => {
  for (const one of opened.splice(0)) one.detach()
})

interface Given {
  readonly most?: number
  readonly deadlineMs?: number
  readonly signal?: AbortSignal
  readonly destroyed?: boolean
  readonly readableEnded?: boolean
}

/** An inbox on a socket that the test plays. */
function inbox({ most = 8, deadlineMs = 60_000, signal, destroyed = false, readableEnded = false }: Given = {}) {
  const socket = Object.assign(new EventEmitter(), {
    ...{ destroyed, readableEnded },
    destroy() {
      socket.destroyed = true
      socket.emit('close')
    },
  })
  const one = new Inbox(socket as unknown as Socket, most, deadlineMs, signal)
  opened.push(one)
  const data = (...bytes: number[]) => void socket.emit('data', Uint8Array.from(bytes))
  return { socket, inbox: one, data, held: () => [...one.bytes] }
}

/** What has been resolved by now. */
async function sofar(promise: Promise<unknown>): Promise<unknown> {
  return await Promise.race([promise, pause(5, 'waits')])
}

describe('an arrival', () => {
  test('is told once for all that came, and waited for', async () => {
    const { inbox: one, data, held } = inbox()
    const first = one.arrival()
    expect(await sofar(first)).toBe('waits')
    data(1, 2)
    data(3)
    expect(await first).toBe('data')
    expect(held()).toEqual([1, 2, 3])
    const second = one.arrival()
    expect(await sofar(second)).toBe('waits')
    data(4)
    expect(await second).toBe('data')
  })

  test.each<[Arrival, (on: ReturnType<typeof inbox>, stop: AbortController) => unknown]>([
    ['ended', ({ socket }) => socket.emit('end')],
    ['reset', ({ socket }) => socket.emit('close')],
    ['cancelled', (_, stop) => stop.abort()],
  ])('of the end %s comes after the bytes before it, stays, and is the only one', async (end, happens) => {
    const stop = new AbortController()
    const on = inbox({ signal: stop.signal })
    on.data(1)
    expect(on.inbox.last).toBeUndefined()
    happens(on, stop)
    on.data(2)
    for (const event of ['end', 'close']) on.socket.emit(event)
    stop.abort()
    expect([await on.inbox.arrival(), await on.inbox.arrival(), await on.inbox.arrival()]).toEqual(['data', end, end])
    expect([on.inbox.last, on.held(), on.socket.destroyed]).toEqual([end, [1], false])
  })

  test('wakes its reader when the end comes', async () => {
    const on = inbox()
    const first = on.inbox.arrival()
    on.socket.emit('end')
    expect(await first).toBe('ended')
  })

  test('beyond the bound keeps what fits, and silences the socket', async () => {
    const on = inbox({ most: 4 })
    on.data(1, 2, 3)
    on.data(4)
    expect(on.inbox.last).toBeUndefined()
    on.data(5)
    expect([on.inbox.last, on.socket.destroyed, on.held()]).toEqual(['overflow', true, [1, 2, 3, 4]])
    const other = inbox({ most: 4 })
    other.data(1, 2, 3)
    other.data(4, 5, 6)
    expect([other.inbox.last, other.held()]).toEqual(['overflow', [1, 2, 3, 4]])
    expect([await other.inbox.arrival(), await other.inbox.arrival()]).toEqual(['data', 'overflow'])
  })
})

describe('an inbox that begins too late', () => {
  const aborted = AbortSignal.abort()
  test.each<[string, Given, Arrival]>([
    ['on a call that is cancelled', { signal: aborted }, 'cancelled'],
    ['on a socket that is gone', { destroyed: true }, 'reset'],
    ['on a socket whose other side has ended', { readableEnded: true }, 'reset'],
    ['on both', { signal: aborted, destroyed: true }, 'cancelled'],
  ])('%s says so at once', async (_, given, end) => {
    const { inbox: one } = inbox(given)
    expect([one.last, await one.arrival()]).toEqual([end, end])
  })
})

describe('the deadline', () => {
  test('ends it', async () => {
    const { inbox: one } = inbox({ deadlineMs: 20 })
    expect(await one.arrival()).toBe('late')
    expect(one.last).toBe('late')
  })

  test('runs anew from a restart', async () => {
    const { inbox: one } = inbox({ deadlineMs: 30 })
    one.restart(60_000)
    await pause(60)
    expect(one.last).toBeUndefined()
    one.restart(10)
    expect(await one.arrival()).toBe('late')
  })

  test('runs no more after the end, nor after a detachment', async () => {
    const on = inbox()
    on.socket.emit('end')
    on.inbox.restart(1)
    const other = inbox({ deadlineMs: 10 })
    other.inbox.detach()
    await pause(40)
    expect([on.inbox.last, other.inbox.last]).toEqual(['ended', undefined])
  })
})

describe('what is taken', () => {
  test('goes, the rest moves up and counts as seen', async () => {
    const on = inbox()
    on.data(1, 2, 3, 4)
    await on.inbox.arrival()
    on.inbox.take(3)
    expect(on.held()).toEqual([4])
    const next = on.inbox.arrival()
    expect(await sofar(next)).toBe('waits')
    on.data(5)
    expect(await next).toBe('data')
    expect(on.held()).toEqual([4, 5])
  })

  test('makes room for as much again', () => {
    const on = inbox({ most: 4 })
    on.data(1, 2, 3, 4)
    on.inbox.take(4)
    on.data(5, 6, 7, 8)
    expect([on.held(), on.inbox.last]).toEqual([[5, 6, 7, 8], undefined])
  })
})

describe('work while it is open', () => {
  test('is waited for, but not beyond the end', async () => {
    const on = inbox()
    let done: () => void = () => undefined
    const work = new Promise<void>((resolve) => {
      done = resolve
    })
    const first = on.inbox.whileOpen(work)
    expect(await sofar(first)).toBe('waits')
    done()
    await first
    const second = on.inbox.whileOpen(new Promise(() => undefined))
    on.data(1)
    expect(await sofar(second)).toBe('waits')
    on.socket.emit('close')
    await second
    await on.inbox.whileOpen(new Promise(() => undefined))
  })
})

test('a detached inbox hears nothing and leaves no listener behind', () => {
  const stop = new AbortController()
  const on = inbox({ signal: stop.signal })
  on.data(1)
  expect(getEventListeners(stop.signal, 'abort').length).toBe(1)
  on.inbox.detach()
  on.data(2)
  stop.abort()
  expect(on.held()).toEqual([1])
  expect(['data', 'end', 'close'].map((event) => on.socket.listenerCount(event))).toEqual([0, 0, 0])
  expect(getEventListeners(stop.signal, 'abort').length).toBe(0)
})
