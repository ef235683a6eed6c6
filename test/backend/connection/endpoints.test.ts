// How long an endpoint that refused is left alone, how a connection is opened and given up, and what is left on it.

import { getEventListeners, once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import tls, { type TlsOptions } from 'node:tls'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { connector, type TlsSettings } from '../../../src/backend/connection/endpoints.ts'
import { closeAll, peer } from '../cics-peer.ts'
import { standstillClock } from '../network.ts'
import { deadPort, end, type Script, silence, write } from '../scripted-peer.ts'

const restMs = 60_000
const pem = (name: string) => readFileSync(new URL(`../tls/${name}`, import.meta.url), 'utf8')
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const own = { cert: pem('core.pem'), key: pem('core.key') }
const known: TlsSettings = { ca: pem('ca.pem'), servername: 'core.test' }

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

  test('serves in its turn, as they are listed', async () => {
    const cores = [await peer(silence), await peer(silence), await peer(silence)]
    const use = toPorts(cores.map(({ port }) => port))
    const taken = () => cores.map((core) => core.taken)
    const seen: number[][] = []
    for (let turn = 0; turn < 4; turn += 1) {
      await use(1)
      for (let tries = 0; tries < 200 && taken().reduce((sum, one) => sum + one) <= turn; tries += 1) await pause(5)
      seen.push(taken())
    }
    expect(seen).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [1, 1, 1],
      [2, 1, 1],
    ])
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

  test('of a call that is cancelled is not opened', async () => {
    const core = await peer(silence)
    await expect(to(core.port).connect('PROGRAM', AbortSignal.abort())).rejects.toMatchObject(cancelled)
    await pause(20)
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
    let closed: Promise<void> | undefined
    const core = await peer((on) => {
      closed = on.gone()
    })
    const since = performance.now()
    const failed = to(core.port, { tls: {}, connectMs: 50 }).connect('PROGRAM')
    await expect(failed).rejects.toMatchObject({ code: 'CORE_UNREACHABLE', cause: 'not open after 50 ms' })
    await closed
    expect(performance.now() - since).toBeLessThan(1500)
  })

  test('over TLS outlives an error that nobody waits for', async () => {
    const core = await peer(silence, own)
    const { socket, reset } = await to(core.port, { tls: known }).connect('PROGRAM')
    expect(() => socket.emit('error', new Error('ECONNRESET'))).not.toThrow()
    reset()
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
    await pause(400)
    expect(socket.destroyed).toBe(false)
    reset()
  })

  test('over TLS asks for the name of its endpoint, or for the one that is set', async () => {
    const names: string[] = []
    const core = await peer(silence, {
      ...own,
      SNICallback: (name, found) => {
        names.push(name)
        found(null)
      },
    })
    const settings = { endpoints: [{ host: 'localhost', port: core.port }], tls: { ca: pem('ca.pem') } }
    const named = connector(settings, { name: 'core' })
    // Its certificate is for core.test.
    await expect(named.connect('PROGRAM')).rejects.toMatchObject({ code: 'CORE_UNREACHABLE' })
    const { reset } = await to(core.port, { tls: known }).connect('PROGRAM')
    reset()
    expect(names).toEqual(['localhost', 'core.test'])
  })

  test('over TLS to an address asks for no name, and the certificate has to be for that address', async () => {
    const names: string[] = []
    const SNICallback: TlsOptions['SNICallback'] = (name, found) => {
      names.push(name)
      found(null)
    }
    const core = await peer(silence, { ...own, cert: pem('address.pem'), SNICallback })
    const { reset } = await to(core.port, { tls: { ca: pem('address.pem') } }).connect('PROGRAM')
    reset()
    const other = await peer(silence, { ...own, SNICallback })
    await expect(to(other.port, { tls: { ca: pem('ca.pem') } }).connect('PROGRAM')).rejects.toMatchObject({
      cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    })
    expect(names).toEqual([])
  })

  test('over TLS is of 1.2 at least, whatever the process was started with', async () => {
    const { DEFAULT_CIPHERS, DEFAULT_MIN_VERSION } = tls
    const ciphers = 'DEFAULT@SECLEVEL=0'
    Object.assign(tls, { DEFAULT_CIPHERS: ciphers, DEFAULT_MIN_VERSION: 'TLSv1' })
    try {
      const core = await peer(silence, { ...own, ciphers, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })
      const opening = to(core.port, { tls: known }).connect('PROGRAM')
      await expect(opening).rejects.toMatchObject({ cause: { code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' } })
    } finally {
      Object.assign(tls, { DEFAULT_CIPHERS, DEFAULT_MIN_VERSION })
    }
  })

  test.each<[string, Script | TlsOptions | undefined, TlsSettings | undefined, string]>([
    ['where none listens', undefined, undefined, 'ECONNREFUSED'],
    ['where none listens, over TLS', undefined, known, 'ECONNREFUSED'],
    ['to a core that nobody vouches for', own, { servername: 'core.test' }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['to a core of another name', own, { ...known, servername: 'other.test' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['to a core that speaks no TLS', write(Buffer.from('HTTP/1.1')), known, 'ERR_SSL_WRONG_VERSION_NUMBER'],
    ['to a core that ends it at once', end, known, 'ECONNRESET'],
  ])('%s is not opened, and the code of Node is its cause', async (_, core, settings, code) => {
    const served = typeof core === 'function' ? peer(core) : peer(silence, core)
    const port = core ? (await served).port : await deadPort()
    const opening = to(port, settings && { tls: settings }).connect('PROGRAM')
    await expect(opening).rejects.toMatchObject({ code: 'CORE_UNREACHABLE', cause: { code } })
  })

  test.each([
    ['plain', undefined],
    ['over TLS', known],
  ])('%s is finished by whoever destroys it, and reset while a call on it is in doubt', async (_, settings) => {
    const ends: string[] = []
    const core = await peer(
      (on) =>
        void on.socket
          .on('error', () => ends.push('reset'))
          .on('end', () => ends.push('finished'))
          .resume(),
      settings && own,
    )
    for (const doubts of [[], [true], [true, false]]) {
      const { socket, inDoubt } = await to(core.port, settings && { tls: settings }).connect('PROGRAM')
      for (const doubt of doubts) inDoubt(doubt)
      const heard: unknown[] = []
      socket.on('error', (error) => heard.push(error))
      await pause(20)
      const closed = once(socket, 'close')
      socket.destroy()
      await closed
      for (let tries = 0; tries < 200 && core.taken > ends.length; tries += 1) await pause(5)
      expect(heard).toEqual([])
    }
    expect(ends).toEqual(['finished', 'reset', 'finished'])
  })

  test.each([
    ['plain', undefined],
    ['over TLS', known],
  ])('%s, destroyed in doubt with an error, is reset, and whoever listens hears why', async (_, settings) => {
    const core = await peer(silence, settings && own)
    const { socket, inDoubt } = await to(core.port, settings && { tls: settings }).connect('PROGRAM')
    inDoubt(true)
    const heard: unknown[] = []
    socket.on('error', (error) => heard.push(error))
    const why = new Error('no HTTP')
    socket.destroy(why)
    await new Promise((resolve) => socket.once('close', resolve))
    expect(heard).toEqual([why])
  })

  test('over TLS that was reset tells its end when it is closed below, whoever destroys it before', async () => {
    const core = await peer(silence, own)
    const { socket, reset } = await to(core.port, { tls: known }).connect('PROGRAM')
    reset()
    expect(socket.destroy().destroyed).toBe(false)
    await once(socket, 'close')
    // A second time there is nothing left to do.
    reset()
    expect(socket.destroy().destroyed).toBe(true)
  })

  test('over TLS is refused to a core that nobody vouches for, whatever the process was started with', async () => {
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    try {
      const core = await peer(silence, own)
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
    for (let tries = 0; tries < 200 && seen === 0; tries += 1) await pause(5)
    expect(seen).toBe(1)
    reset()
  })
})
