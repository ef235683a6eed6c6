// A process that stands still and then goes on: what is past its time is not sent, whatever the timers say.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { soapBackend } from '../../src/backend/soap.ts'
import type { Backend, Exchange } from '../../src/contract/backend.ts'
import { built } from '../support/parts.ts'
import { backend, call, closeAll, goOn, line, peer, reply, request } from './cics-peer.ts'
import { type StandstillClock, standstillClock } from './network.ts'
import type { Line } from './scripted-peer.ts'

const opened: Backend[] = []
afterEach(async () => {
  jest.restoreAllMocks()
  await Promise.all(opened.splice(0).map((one) => one.close()))
  await closeAll()
})

const xml = {
  payload: new TextEncoder().encode('<a/>'),
  route: { path: '/', headers: { 'content-type': 'text/xml' }, accept: 'text/xml' },
}

function service(port: number, settings: object = {}): Backend {
  const endpoints = [{ host: '127.0.0.1', port }]
  const one = soapBackend({ kind: 'soap', endpoints: 'X', wsdl: 'x' }, { name: 'core', endpoints, ...settings })
  opened.push(one)
  return one
}

describe('CICS', () => {
  test.each<[string, (clock: StandstillClock) => Partial<Exchange>, string, number]>([
    ['between the handshake and the COMMAREA', () => ({}), 'not-sent CALL_OVERDUE', 0],
    [
      'past the end of the whole call, though the exchange has time left',
      () => ({ deadlineMs: 60_000, until: performance.now() + 5000 }),
      'not-sent CALL_OVERDUE',
      0,
    ],
    ['for less than is left', () => ({ deadlineMs: 60_000, until: performance.now() + 60_000 }), 'reply', 1],
  ])('stood still %s', async (_, limits, expected, commareas) => {
    const clock = standstillClock()
    let seen = 0
    const core = await peer(async (on) => {
      await on.read(40)
      clock.standStill(45_000)
      on.write(goOn)
      if ((await on.read(1)).length > 0) seen += 1
      on.write(reply)
    })
    const result = await backend({ endpoints: [core] }).exchange(call(limits(clock)))
    expect(line(result)).toContain(expected)
    expect(seen).toBe(commareas)
  })

  test('after a wait for a connection nothing begins anew', async () => {
    const clock = standstillClock()
    const served: number[] = []
    const core = await peer(async (on) => {
      await on.read(40)
      on.write(goOn)
      await on.read(request.length)
      served.push(on.index)
      clock.standStill(45_000)
      on.write(reply)
      on.end()
    })
    const one = backend({ endpoints: [core], concurrent: 1, queueMs: 60_000 })
    const until = performance.now() + 10_000
    const [first, second] = await Promise.all([one.exchange(call({ until })), one.exchange(call({ until }))])
    expect([line(first).slice(0, 5), line(second)]).toEqual(['reply', 'not-sent CALL_OVERDUE'])
    expect(served).toEqual([0])
  })

  test.each([3, 4, 5])('a long COMMAREA stops between two pieces: at look %i', async (look) => {
    const clock = standstillClock()
    const long = new Uint8Array(32_000).fill(0xc1)
    let got = 0
    const core = await peer(async (on) => {
      await on.read(40)
      clock.standStillAtLook(look - 1, 45_000)
      on.write(goOn)
      got = (await on.read(40_000)).length
    })
    const result = await backend({ endpoints: [core] }).exchange(call({ payload: long, maxReplyBytes: long.length }))
    expect(line(result)).toBe('unknown connection-lost-after-send CALL_CANCELLED')
    await closeAll()
    expect(got).toBeLessThan(32_000)
  })
})

describe('HTTP', () => {
  const ok = new TextEncoder().encode('HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: 4\r\n\r\n<a/>')
  async function answering(on: Line): Promise<void> {
    await on.read(1)
    on.write(ok)
  }

  test.each([
    ['its deadline', { deadlineMs: 5000 }],
    ['the end of the whole call', { deadlineMs: 60_000, untilMs: 5000 }],
  ])(
    'stood still past %s while it connected',
    async (_, { deadlineMs, untilMs }: { deadlineMs: number; untilMs?: number }) => {
      const clock = standstillClock()
      let seen = 0
      const core = await peer(async (on) => {
        seen += (await on.read(1)).length
      })
      const one = service(core.port)
      const until = untilMs === undefined ? {} : { until: performance.now() + untilMs }
      const result = one.exchange(call({ ...xml, deadlineMs, ...until }))
      clock.standStill(45_000)
      expect(line(await result)).toBe('not-sent CALL_OVERDUE')
      expect(seen).toBe(0)
    },
  )

  test('a kept connection serves the next call after one that was not sent', async () => {
    const core = await peer(answering)
    const one = service(core.port, { concurrent: 1 })
    expect(line(await one.exchange(call({ ...xml, until: 0 })))).toBe('not-sent CALL_OVERDUE')
    expect((await one.exchange(call(xml))).kind).toBe('reply')
  })

  test('a long request stops between two pieces when its time is over', async () => {
    const clock = standstillClock()
    // More than the kernel takes at once.
    const payload = new Uint8Array(32_000_000)
    let got = 0
    const core = await peer(async (on) => {
      let head = ''
      while (!head.endsWith('\r\n\r\n')) head += (await on.read(1)).toString()
      clock.standStill(45_000)
      on.socket.on('data', (piece: Buffer) => {
        got += piece.length
      })
      await on.gone()
    })
    const result = await service(core.port).exchange(call({ ...xml, payload }))
    expect(line(result)).toBe('unknown connection-lost-after-send CORE_CONNECTION_LOST')
    await closeAll()
    expect(got).toBeLessThan(payload.length)
  })
})

describe('a process that is stopped', () => {
  const children: ChildProcess[] = []
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })

  test.each(['cics-socket', 'soap'])('%s: SIGSTOP before the request, SIGCONT after its deadline', async (kind) => {
    const { dist } = await built()
    let received = 0
    let stop = () => undefined as unknown
    const core = await peer(async (on) => {
      if (kind === 'cics-socket') {
        await on.read(40)
        stop()
        on.write(goOn)
      }
      received += (await on.read(1)).length
    })
    const child = spawn(process.execPath, [join('test', 'backend', 'one-call.mjs'), dist, kind, String(core.port)])
    children.push(child)
    const stopped = new Promise<void>((resolve) => {
      // One that makes an HTTP call stops itself, and says so just before.
      stop = () => resolve(kind === 'soap' ? undefined : void child.kill('SIGSTOP'))
    })
    let told = ''
    child.stdout?.on('data', (bytes: Buffer) => {
      told += bytes.toString()
      if (told === 'connecting\n') stop()
    })
    await stopped
    await new Promise((resolve) => setTimeout(resolve, 1500))
    child.kill('SIGCONT')
    await once(child, 'exit')
    // Whichever comes first when it goes on: the look at the clock, or a timer.
    expect(told).toMatch(/^(connecting\n)?not-sent (CALL_OVERDUE|CORE_NOT_READY|CORE_UNREACHABLE)\n$/)
    expect(received).toBe(0)
  })
})
