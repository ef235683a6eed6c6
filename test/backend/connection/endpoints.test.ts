// How long an endpoint that refused is left alone, how a connection is opened and given up, and what is left on it.

import { getEventListeners } from 'node:events'
import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { connector, type TlsSettings } from '../../../src/backend/connection/endpoints.ts'
import { closeAll, peer } from '../cics-peer.ts'
import { standstillClock } from '../network.ts'
import { deadPort, silence } from '../scripted-peer.ts'

const restMs = 60_000

afterEach(async () => {
  jest.restoreAllMocks()
  await closeAll()
})

/** A connector to ports of this machine, and how to use it so many times. */
function toPorts(ports: readonly number[], options: { restMs?: number } = { restMs }) {
  const endpoints = ports.map((port) => ({ host: '127.0.0.1', port }))
  const { connect } = connector({ endpoints }, { name: 'core', ...options })
  return async (times: number) => {
    for (let turn = 0; turn < times; turn += 1) (await connect('PROGRAM')).reset()
  }
}

describe('an endpoint', () => {
  test('that refused serves again when its rest is over, and no sooner', async () => {
    const clock = standstillClock()
    const port = await deadPort()
    const healthy = await peer(silence)
    const use = toPorts([port, healthy.port])
    await use(2)
    const back = await peer(silence, undefined, port)
    clock.standStill(restMs - 1000)
    await use(4)
    expect(back.taken).toBe(0)
    clock.standStill(1000)
    await use(4)
    expect(back.taken).toBe(2)
  })

  test('that refused rests for five seconds where nobody says how long', async () => {
    const clock = standstillClock()
    const port = await deadPort()
    const healthy = await peer(silence)
    const use = toPorts([port, healthy.port], {})
    await use(2)
    const back = await peer(silence, undefined, port)
    clock.standStill(4000)
    await use(4)
    expect(back.taken).toBe(0)
    clock.standStill(1000)
    await use(4)
    expect(back.taken).toBe(2)
  })

  test('that served as the last resort rests no more, and comes before one that refused later', async () => {
    const [port, other] = [await deadPort(), await peer(silence)]
    const use = toPorts([port, other.port])
    await use(2)
    await other.close()
    const back = await peer(silence, undefined, port)
    await use(1)
    expect(back.taken).toBe(1)
    const otherBack = await peer(silence, undefined, other.port)
    await use(4)
    expect([back.taken, otherBack.taken]).toEqual([5, 0])
  })

  test('each is tried once, whoever comes first and whoever rests', async () => {
    const silent = [await peer(silence), await peer(silence), await peer(silence)]
    const endpoints = silent.map(({ port }) => ({ host: '127.0.0.1', port }))
    const { connect } = connector({ endpoints, tls: {} }, { name: 'core', connectMs: 40, restMs })
    for (let turn = 1; turn <= 3; turn += 1) {
      await expect(connect('PROGRAM')).rejects.toMatchObject({ code: 'CORE_UNREACHABLE' })
      expect(silent.map(({ taken }) => taken)).toEqual([turn, turn, turn])
    }
  })

  test('none at all cannot be reached', async () => {
    const { connect } = connector({ endpoints: [] }, { name: 'core' })
    await expect(connect('PROGRAM')).rejects.toMatchObject({ code: 'CORE_UNREACHABLE', facts: { adapter: 'core' } })
  })
})

describe('a connection', () => {
  const to = (port: number, more: { tls?: TlsSettings; connectMs?: number } = {}) => {
    const { tls, ...options } = more
    const endpoints = [{ host: '127.0.0.1', port }]
    return connector({ endpoints, ...(tls && { tls }) }, { name: 'core', ...options })
  }
  const cancelled = { code: 'CALL_CANCELLED', facts: { target: 'PROGRAM' } }
  const pem = (name: string) => readFileSync(new URL(`../tls/${name}`, import.meta.url), 'utf8')

  test('of a call that is cancelled is not opened', async () => {
    const core = await peer(silence)
    await expect(to(core.port).connect('PROGRAM', AbortSignal.abort())).rejects.toMatchObject(cancelled)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(core.taken).toBe(0)
  })

  test('of a call that is cancelled while the last endpoint opens is not one that refused', async () => {
    const core = await peer(silence)
    const stop = new AbortController()
    const opening = to(core.port, { tls: {}, connectMs: 20_000 }).connect('PROGRAM', stop.signal)
    setTimeout(() => stop.abort(), 30)
    await expect(opening).rejects.toMatchObject(cancelled)
  })

  test('of a call that is cancelled while it opens is given up at once, and no other endpoint tried', async () => {
    const [core, other] = [await peer(silence), await peer(silence)]
    const endpoints = [core, other].map(({ port }) => ({ host: '127.0.0.1', port }))
    const { connect } = connector({ endpoints, tls: {} }, { name: 'core', connectMs: 20_000 })
    const stop = new AbortController()
    const since = performance.now()
    const opening = connect('PROGRAM', stop.signal)
    setTimeout(() => stop.abort(), 30)
    await expect(opening).rejects.toMatchObject(cancelled)
    expect(performance.now() - since).toBeLessThan(10_000)
    expect([other.taken, getEventListeners(stop.signal, 'abort').length]).toEqual([0, 0])
  })

  test('that is not open in time is given up, and why is its cause', async () => {
    const core = await peer(silence)
    const since = performance.now()
    const failed = to(core.port, { tls: {}, connectMs: 50 }).connect('PROGRAM')
    await expect(failed).rejects.toMatchObject({ code: 'CORE_UNREACHABLE', cause: 'not open after 50 ms' })
    expect(performance.now() - since).toBeLessThan(1500)
  })

  test('is asked for small packets at once and for signs of life, and keeps no listener of its opening', async () => {
    const noDelay = jest.spyOn(Socket.prototype, 'setNoDelay')
    const keepAlive = jest.spyOn(Socket.prototype, 'setKeepAlive')
    const core = await peer(silence)
    const stop = new AbortController()
    const { socket, reset } = await to(core.port).connect('PROGRAM', stop.signal)
    expect(noDelay).toHaveBeenCalledWith(true)
    expect(keepAlive).toHaveBeenCalledWith(true, 30_000)
    expect(socket.listenerCount('connect')).toBe(0)
    expect(getEventListeners(stop.signal, 'abort').length).toBe(0)
    // Whatever happens to it between two calls ends no process.
    expect(() => socket.emit('error', new Error('ECONNRESET'))).not.toThrow()
    stop.abort()
    expect(socket.destroyed).toBe(false)
    reset()
  })

  test('stays as it is when the time to open it is over later', async () => {
    const core = await peer(silence)
    const { socket, reset } = await to(core.port, { connectMs: 300 }).connect('PROGRAM')
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(socket.destroyed).toBe(false)
    reset()
  })

  test('over TLS asks for the name of its endpoint, or for the one that is set', async () => {
    const names: string[] = []
    const own = { cert: pem('core.pem'), key: pem('core.key') }
    const core = await peer(silence, {
      ...own,
      SNICallback: (name, found) => {
        names.push(name)
        found(null)
      },
    })
    const settings = { ca: pem('ca.pem') }
    const named = connector({ endpoints: [{ host: 'localhost', port: core.port }], tls: settings }, { name: 'core' })
    // Its certificate is for core.test.
    await expect(named.connect('PROGRAM')).rejects.toMatchObject({ code: 'CORE_UNREACHABLE' })
    const { reset } = await to(core.port, { tls: { ...settings, servername: 'core.test' } }).connect('PROGRAM')
    reset()
    expect(names).toEqual(['localhost', 'core.test'])
  })

  test('over TLS is refused to a core that nobody vouches for, whatever the process was started with', async () => {
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    try {
      const core = await peer(silence, { cert: pem('core.pem'), key: pem('core.key') })
      const opening = to(core.port, { tls: { servername: 'core.test' } }).connect('PROGRAM')
      await expect(opening).rejects.toMatchObject({ code: 'CORE_UNREACHABLE' })
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before
    }
  })

  test.each([
    ['with its certificate', true],
    ['without', false],
  ])('to a core that wants to know who calls, %s', async (_, isKnown) => {
    const asking = { requestCert: true, rejectUnauthorized: true, ca: pem('ca.pem') }
    let seen = 0
    const tls = { cert: pem('core.pem'), key: pem('core.key'), ...asking, maxVersion: 'TLSv1.2' } as const
    const core = await peer(async (on) => {
      seen += (await on.read(1)).length
    }, tls)
    const own = isKnown ? { cert: pem('core.pem'), key: pem('core.key') } : {}
    const opening = to(core.port, { tls: { ca: pem('ca.pem'), servername: 'core.test', ...own } }).connect('PROGRAM')
    if (!isKnown) return await expect(opening).rejects.toMatchObject({ code: 'CORE_UNREACHABLE' })
    const { socket, reset } = await opening
    socket.write('x')
    for (let tries = 0; tries < 200 && seen === 0; tries += 1) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(seen).toBe(1)
    reset()
  })
})
