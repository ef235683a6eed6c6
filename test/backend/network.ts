// What lies between us and a core: a network that holds bytes back, and a clock that goes on while a process stands still.

import { connect, createServer, type Socket } from 'node:net'
import { jest } from '@jest/globals'

/** How the other side saw a connection end. */
export type End = 'reset' | 'finished'

export interface HoldingProxy {
  readonly host: string
  readonly port: number
  /** How our side ended each connection, in order. */
  readonly ends: readonly End[]
  /** From now on what we send is kept, until the connection is finished: then all of it is delivered. A reset drops it. */
  hold(): void
  close(): Promise<void>
}

/** Listens on a free port and passes everything on to `to`, as a network does: data in order, and a reset over everything. */
export async function holdingProxy(to: { readonly host: string; readonly port: number }): Promise<HoldingProxy> {
  const sockets = new Set<Socket>()
  const ends: End[] = []
  let holding = false
  const server = createServer({ allowHalfOpen: true }, (ours) => {
    const theirs = connect({ ...to, allowHalfOpen: true })
    const held: Uint8Array[] = []
    for (const one of [ours, theirs]) sockets.add(one.on('error', () => undefined))
    ours.on('data', (bytes) => (holding ? held.push(bytes) : theirs.write(bytes)))
    ours.once('end', () => {
      ends.push('finished')
      for (const bytes of held) theirs.write(bytes)
      theirs.end()
    })
    ours.once('error', () => {
      ends.push('reset')
      theirs.resetAndDestroy()
    })
    theirs.on('data', (bytes) => ours.write(bytes))
    theirs.once('end', () => ours.end())
    theirs.once('error', () => ours.resetAndDestroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    host: '127.0.0.1',
    port: address.port,
    ends,
    hold: () => {
      holding = true
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export interface StandstillClock {
  /** The clock goes on by so much at once, and no timer has run: what a process sees that goes on after SIGSTOP. */
  standStill(ms: number): void
  /** The same, right before the clock is read for the n-th time from now. */
  standStillAtLook(n: number, ms: number): void
}

/** Stands for `performance.now()` until `jest.restoreAllMocks()`. */
export function standstillClock(): StandstillClock {
  const now = performance.now.bind(performance)
  let passed = 0
  let looks = 0
  let at = Number.POSITIVE_INFINITY
  let then = 0
  jest.spyOn(performance, 'now').mockImplementation(() => {
    if (++looks === at) passed += then
    return now() + passed
  })
  return {
    standStill: (ms) => {
      passed += ms
    },
    standStillAtLook: (n, ms) => {
      looks = 0
      at = n
      then = ms
    },
  }
}
