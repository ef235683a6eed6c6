// A connection that is given up in doubt is reset: what the network still holds is not delivered, and the core sees no orderly end.

import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, test } from '@jest/globals'
import { cicsSocketBackend } from '../../src/backend/cics-socket.ts'
import { soapBackend } from '../../src/backend/soap.ts'
import type { Backend, Exchange } from '../../src/contract/backend.ts'
import { call, closeAll, goOn, line, peer, reply, request } from './cics-peer.ts'
import { type HoldingProxy, holdingProxy } from './network.ts'
import type { Line, Peer } from './scripted-peer.ts'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
  await closeAll()
})

const pem = (name: string) => readFileSync(new URL(`tls/${name}`, import.meta.url), 'utf8')
const ours = { ca: pem('ca.pem'), servername: 'core.test' }
const theirs = { cert: pem('core.pem'), key: pem('core.key') }
const text = (content: string) => new TextEncoder().encode(content)

type Wire = 'CICS' | 'HTTP'

function backendTo(wire: Wire, { host, port }: { host: string; port: number }, settings: object = {}): Backend {
  const all = { name: 'core', endpoints: [{ host, port }], ...settings }
  const one =
    wire === 'CICS'
      ? cicsSocketBackend({ kind: 'cics-socket', endpoints: 'X', persistent: true }, all)
      : soapBackend({ kind: 'soap', endpoints: 'X', wsdl: 'x' }, all)
  opened.push(one)
  return one
}

const route = { path: '/', headers: { 'content-type': 'text/xml' }, accept: 'text/xml' }
const exchangeOf = (wire: Wire, changes: Partial<Exchange>): Exchange =>
  call(wire === 'CICS' ? changes : { payload: text('<a/>'), route, ...changes })

/** What comes before the request; then the request itself. */
async function requestOf(wire: Wire, on: Line): Promise<Uint8Array> {
  if (wire === 'CICS') {
    if ((await on.read(40)).length < 40) return new Uint8Array()
    on.write(goOn)
    return on.read(request.length)
  }
  let seen = ''
  while (!seen.endsWith('<a/>')) {
    const more = await on.read(1)
    if (more.length === 0) return new Uint8Array()
    seen += more.toString()
  }
  return text(seen)
}

const good: Readonly<Record<Wire, Uint8Array>> = {
  CICS: reply,
  HTTP: text('HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: 4\r\n\r\n<b/>'),
}
const stop = () => new AbortController()

interface Case {
  readonly name: string
  readonly answer?: (wire: Wire) => Uint8Array
  readonly cancelled?: boolean
  readonly closed?: boolean
  readonly changes?: Partial<Exchange>
  readonly result: RegExp
  readonly end: 'reset' | 'kept'
}

const cases: readonly Case[] = [
  { name: 'silence', changes: { deadlineMs: 1000 }, result: /^unknown no-reply-before-deadline/, end: 'reset' },
  { name: 'cancelled', cancelled: true, result: /^unknown connection-lost-after-send CALL_CANCELLED/, end: 'reset' },
  { name: 'the process shuts down', closed: true, result: /^unknown connection-lost-after-send/, end: 'reset' },
  {
    name: 'a reply that is malformed',
    answer: (wire) => (wire === 'CICS' ? new Uint8Array(600) : text('garbage\r\n\r\n')),
    result: /^unknown (reply-malformed|connection-lost-after-send)/,
    end: 'reset',
  },
  {
    name: 'a reply that is too long',
    answer: (wire) =>
      wire === 'CICS'
        ? new Uint8Array(5000)
        : text(`HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: 5000\r\n\r\n${'x'.repeat(5000)}`),
    result: /^unknown reply-malformed/,
    end: 'reset',
  },
  {
    name: 'a reply that is not accepted',
    answer: (wire) => good[wire],
    changes: { accepts: () => false },
    result: /^reply/,
    end: 'reset',
  },
  {
    name: 'a reply that is accepted',
    answer: (wire) => good[wire],
    changes: { accepts: () => true },
    result: /^reply/,
    end: 'kept',
  },
]

/** Resolves with how the peer sees its connection end. */
function endOf(on: Line): Promise<string> {
  return new Promise((resolve) => {
    on.socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNRESET' ? 'reset' : `${error}`))
    on.socket.on('end', () => resolve('finished'))
    on.socket.resume()
  })
}

describe.each<[Wire, string, object | undefined, object | undefined]>([
  ['CICS', 'plain', undefined, undefined],
  ['CICS', 'TLS', ours, theirs],
  ['HTTP', 'plain', undefined, undefined],
  ['HTTP', 'TLS', ours, theirs],
])('%s, %s: how the core sees the end of', (wire, _, tls, server) => {
  test.each(cases.map((one) => [one.name, one] as const))(
    '%s',
    async (_name, { answer, cancelled, closed, ...one }) => {
      const abort = stop()
      let seen: Promise<string> | undefined
      const core = await peer(async (on) => {
        await requestOf(wire, on)
        seen = endOf(on)
        if (answer) on.write(answer(wire))
        // Let the last of TLS's own messages arrive: a peer in this process takes a reset before them for an end.
        await pause(20)
        if (cancelled) abort.abort()
        if (closed) void backend.close()
      }, server)
      const backend = backendTo(wire, core, tls ? { tls } : {})
      const result = await backend.exchange(exchangeOf(wire, { signal: abort.signal, ...one.changes }))
      expect(line(result)).toMatch(one.result)
      expect(await Promise.race([seen, pause(200).then(() => 'kept')])).toBe(one.end)
    },
  )

  test('a call after one that was given up gets a connection of its own', async () => {
    const core = await peer(async (on) => {
      while ((await requestOf(wire, on)).length > 0) if (on.index > 0) on.write(good[wire])
    }, server)
    const backend = backendTo(wire, core, { concurrent: 1, ...(tls && { tls }) })
    expect((await backend.exchange(exchangeOf(wire, { deadlineMs: 1000 }))).kind).toBe('unknown')
    for (let turn = 0; turn < 2; turn += 1) expect((await backend.exchange(exchangeOf(wire, {}))).kind).toBe('reply')
    expect(core.taken).toBe(2)
  })
})

describe.each<[Wire]>([['CICS'], ['HTTP']])('%s: bytes that the network holds', (wire) => {
  async function through(play: (on: Line, proxy: () => HoldingProxy) => Promise<unknown>) {
    let proxy: HoldingProxy | undefined
    const core: Peer = await peer((on) => play(on, () => proxy as HoldingProxy))
    proxy = await holdingProxy(core)
    opened.push(proxy)
    return proxy
  }

  test('are not delivered once the call has been given up', async () => {
    let executed = 0
    const proxy = await through(async (on, network) => {
      if (wire === 'CICS') {
        await on.read(40)
        network().hold()
        on.write(goOn)
      }
      if ((await on.read(1)).length > 0) executed += 1
    })
    if (wire === 'HTTP') proxy.hold()
    const backend = backendTo(wire, proxy)
    expect(line(await backend.exchange(exchangeOf(wire, { deadlineMs: 1000 })))).toMatch(/^unknown no-reply-before/)
    await pause(200)
    expect([proxy.ends, executed]).toEqual([['reset'], 0])
  })

  test('a call that ended well is finished in order', async () => {
    const proxy = await through(async (on) => {
      await requestOf(wire, on)
      on.write(good[wire])
    })
    const backend = backendTo(wire, proxy)
    expect((await backend.exchange(exchangeOf(wire, {}))).kind).toBe('reply')
    await backend.close()
    await pause(50)
    expect(proxy.ends).toEqual(['finished'])
  })
})
