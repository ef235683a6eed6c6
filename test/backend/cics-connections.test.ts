// Connections to a CICS region: kept, replaced, bounded, cancelled; endpoints that refuse; TLS.

import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from '@jest/globals'
import { isFailure } from '../../src/error/failure.ts'
import { abend, backend, call, closeAll, executed, goOn, line, page, peer, reply, request, serve } from './cics-peer.ts'
import { deadPort, end, script, silence, write } from './scripted-peer.ts'

afterEach(closeAll)

describe('connections', () => {
  test('kept for further calls where the child server takes them, with a TRM for each', async () => {
    const flags: number[] = []
    const core = await peer(async (on) => {
      for (;;) {
        const trm = await on.read(40)
        if (trm.length < 40) return
        flags.push(trm.readUInt8(37))
        on.write(goOn)
        on.write(await on.read(request.length))
      }
    })
    const one = backend({ endpoints: [core] }, true)
    for (let turn = 0; turn < 3; turn += 1) expect((await one.exchange(call())).kind).toBe('reply')
    expect(core.taken).toBe(1)
    expect(flags).toEqual([2, 4, 4])
  })

  test('not kept otherwise', async () => {
    const core = await peer(serve(1))
    const one = backend({ endpoints: [core] })
    for (let turn = 0; turn < 2; turn += 1) expect((await one.exchange(call())).kind).toBe('reply')
    expect(core.taken).toBe(2)
  })

  test('a kept one that the core closed meanwhile costs no call: nothing had been sent', async () => {
    const core = await peer(serve(1))
    const one = backend({ endpoints: [core] }, true)
    for (let turn = 0; turn < 5; turn += 1) expect((await one.exchange(call())).kind).toBe('reply')
    expect(core.taken).toBe(5)
  })

  test('one that dies on the next TRM is replaced, and the COMMAREA is sent once', async () => {
    let commareas = 0
    const core = await peer(async (on) => {
      await on.read(40)
      on.write(goOn)
      on.write(await on.read(request.length))
      commareas += 1
      await on.read(40)
      on.reset()
    })
    const one = backend({ endpoints: [core] }, true)
    await one.exchange(call())
    expect((await one.exchange(call())).kind).toBe('reply')
    expect([core.taken, commareas]).toEqual([2, 2])
  })

  test.each([
    ['an abend', abend],
    ['a broken reply', 'C1C2'],
  ])('after %s the connection is not used again', async (_, answer) => {
    const core = await peer(async (on) => {
      await executed(on)
      if (on.index > 0) return on.write(reply)
      on.write(answer)
      on.end()
    })
    const one = backend({ endpoints: [core] }, true)
    expect((await one.exchange(call())).kind).not.toBe('reply')
    expect((await one.exchange(call())).kind).toBe('reply')
    expect(core.taken).toBe(2)
  })

  test('after a deadline the connection is not used again: the late reply belongs to nobody', async () => {
    const core = await peer(async (on) => {
      await executed(on)
      if (on.index > 0) on.write(reply)
    })
    const one = backend({ endpoints: [core] }, true)
    expect((await one.exchange(call({ deadlineMs: 1000 }))).kind).toBe('unknown')
    expect((await one.exchange(call())).kind).toBe('reply')
  })

  test('never more than allowed at once; others wait in order, and in a bounded queue', async () => {
    let inside = 0
    let most = 0
    const core = await peer(async (on) => {
      const trm = await on.read(40)
      most = Math.max(most, ++inside)
      on.write(goOn)
      const commarea = await on.read(trm.readUInt16BE(29))
      await new Promise((resolve) => setTimeout(resolve, 20))
      inside -= 1
      on.write(commarea)
    })
    const one = backend({ endpoints: [core], concurrent: 2, queueLength: 4, queueMs: 5000 })
    const ended: number[] = []
    const results = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const result = await one.exchange(call({ deadlineMs: 5000 }))
        if (result.kind === 'reply') ended.push(index)
        return line(result)
      }),
    )
    expect(results.map((result) => result.split(' ', 2).join(' '))).toEqual([
      ...Array(6).fill('reply HELLO,'),
      ...Array(2).fill('not-sent CORE_BUSY'),
    ])
    expect(ended.slice(0, 2).sort()).toEqual([0, 1])
    expect(ended.slice(2, 4).sort()).toEqual([2, 3])
    expect(most).toBe(2)
  })

  test('a call that waits too long in the queue is not sent', async () => {
    const core = await peer((on) => on.gone())
    const one = backend({ endpoints: [core], concurrent: 1, queueMs: 30 })
    const first = one.exchange(call({ deadlineMs: 500 }))
    expect(line(await one.exchange(call()))).toBe('not-sent CORE_BUSY')
    expect((await first).kind).toBe('not-sent')
  })

  test.each([
    ['in the queue', 'queue', 'not-sent CALL_CANCELLED'],
    ['during the TRM exchange', 'trm', 'not-sent CALL_CANCELLED'],
    ['after the COMMAREA', 'sent', 'unknown connection-lost-after-send CALL_CANCELLED'],
  ] as const)('cancelled %s', async (_, moment, expected) => {
    const stop = new AbortController()
    const core = await peer(async (on) => {
      if (moment === 'queue') return on.gone()
      await on.read(40)
      if (moment === 'trm') return stop.abort()
      on.write(goOn)
      await on.read(request.length)
      stop.abort()
    })
    const one = backend({ endpoints: [core], concurrent: 1 })
    const first = moment === 'queue' ? one.exchange(call({ deadlineMs: 100 })) : undefined
    const result = one.exchange(call({ signal: stop.signal }))
    if (moment === 'queue') stop.abort()
    expect(line(await result)).toBe(expected)
    await first
  })

  test('closing ends calls in flight as a lost connection', async () => {
    const core = await peer(async (on) => {
      await executed(on)
      void one.close()
    })
    const one = backend({ endpoints: [core] })
    expect(line(await one.exchange(call()))).toBe('unknown connection-lost-after-send CORE_CONNECTION_LOST')
  })
})

describe('endpoints', () => {
  test('none answers: not sent, with the reason as cause', async () => {
    const result = await backend({ endpoints: [{ host: '127.0.0.1', port: await deadPort() }] }).exchange(call())
    expect(line(result)).toBe('not-sent CORE_UNREACHABLE')
    expect(result.kind === 'not-sent' && result.cause.cause).toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('a refused one is left alone for a while, the others serve', async () => {
    const refusing = await peer(end)
    const port = refusing.port
    await refusing.close()
    const core = await peer(serve(1))
    const one = backend({ endpoints: [{ host: '127.0.0.1', port }, core], restMs: 60_000 })
    expect((await one.exchange(call())).kind).toBe('reply')
    const back = await peer(serve(1), undefined, port)
    for (let turn = 0; turn < 4; turn += 1) expect((await one.exchange(call())).kind).toBe('reply')
    expect(back.taken).toBe(0)
  })

  test('a refused one is tried again when it is the only one', async () => {
    const port = await deadPort()
    const one = backend({ endpoints: [{ host: '127.0.0.1', port }], restMs: 60_000 })
    expect(line(await one.exchange(call()))).toBe('not-sent CORE_UNREACHABLE')
    await peer(serve(1), undefined, port)
    expect((await one.exchange(call())).kind).toBe('reply')
  })

  test('two healthy ones take turns', async () => {
    const [a, b] = [await peer(serve(1)), await peer(serve(1))]
    const one = backend({ endpoints: [a, b] })
    for (let turn = 0; turn < 4; turn += 1) await one.exchange(call())
    expect([a.taken, b.taken]).toEqual([2, 2])
  })

  test('a host that does not exist', async () => {
    const result = await backend({ endpoints: [{ host: 'no-such-host.invalid', port: 1 }] }).exchange(call())
    expect(line(result)).toBe('not-sent CORE_UNREACHABLE')
    expect(isFailure(result.kind === 'not-sent' && result.cause)).toBe(true)
  })
})

describe('TLS', () => {
  const pem = (name: string) => readFileSync(new URL(`tls/${name}`, import.meta.url), 'utf8')
  const [ca, cert, key] = [pem('ca.pem'), pem('core.pem'), pem('core.key')]
  test.each([
    ['trusted authority and name', { ca, servername: 'core.test' }, {}, 'reply HELLO, CICS. 0123456789!'],
    ['another name', { ca, servername: 'other.test' }, {}, 'not-sent CORE_UNREACHABLE'],
    ['an address that the certificate does not hold', { ca }, {}, 'not-sent CORE_UNREACHABLE'],
    ['an authority that is not trusted', { servername: 'core.test' }, {}, 'not-sent CORE_UNREACHABLE'],
    [
      'TLS 1.1',
      { ca, servername: 'core.test' },
      { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' },
      'not-sent CORE_UNREACHABLE',
    ],
  ] as const)('%s', async (_, tls, server, expected) => {
    const core = await peer(serve(1), { cert, key, ...server })
    expect(line(await backend({ endpoints: [core], tls }).exchange(call()))).toBe(expected)
  })

  test('a peer that speaks no TLS', async () => {
    const core = await peer(script(write(page.encode('NO TLS HERE')), end))
    expect(line(await backend({ endpoints: [core], tls: {} }).exchange(call()))).toBe('not-sent CORE_UNREACHABLE')
  })

  test('a TLS hello that is never answered', async () => {
    const core = await peer(silence)
    const settings = { endpoints: [core], tls: {}, connectMs: 60 }
    expect(line(await backend(settings).exchange(call()))).toBe('not-sent CORE_UNREACHABLE')
  })
})
