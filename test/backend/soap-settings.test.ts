// What a SOAP back end takes from its settings, how it keeps and gives up connections, and what it says when a call fails.

import { getEventListeners } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterEach, describe, expect, test } from '@jest/globals'
import { type SoapSettings, soapBackend } from '../../src/backend/soap.ts'
import type { Exchange, ExchangeResult } from '../../src/contract/backend.ts'
import { closeAll, peer } from './cics-peer.ts'
import { deadPort, type Line, type Script, silence } from './scripted-peer.ts'

const own: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(own.splice(0).map((one) => one.close()))
  await closeAll()
})

const bytes = (text: string) => new TextEncoder().encode(text)
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const route = { path: '/x', headers: {}, accept: 'text/xml' }

function service(settings: SoapSettings) {
  const one = soapBackend({ kind: 'soap', endpoints: 'CUSTOMERS', wsdl: 'x.wsdl' }, settings)
  own.push(one)
  return one
}

const call = (changes: Partial<Exchange> = {}): Exchange => ({
  ...{ target: 'Get', payload: bytes('<a/>'), route, maxReplyBytes: 100, deadlineMs: 5000, correlation: 'R1' },
  ...changes,
})

/** The head of a request, without its body; empty when the connection ended. */
async function headOf(on: Line): Promise<string> {
  let text = ''
  while (!text.endsWith('\r\n\r\n')) {
    const more = await on.read(1)
    if (more.length === 0) return ''
    text += more.toString()
  }
  await on.read(Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0))
  return text.toLowerCase()
}

const answer = (content: string, head: readonly string[] = ['content-type: text/xml'], status = '200 OK') =>
  bytes(`HTTP/1.1 ${status}\r\n${[...head, `content-length: ${content.length}`].join('\r\n')}\r\n\r\n${content}`)

const answering =
  (said: Uint8Array): Script =>
  async (on) => {
    while ((await headOf(on)) !== '') on.write(said)
  }
const serve = answering(answer('<b/>'))

function line(result: ExchangeResult): string {
  if (result.kind === 'reply') return `reply ${new TextDecoder().decode(result.bytes)}`
  return 'cause' in result ? `${result.kind} ${result.cause.message}` : result.kind
}

describe('settings', () => {
  test.each<[string | undefined, string]>([
    ['service', 'service'],
    [undefined, 'CUSTOMERS'],
  ])('the name %p is carried by messages as %s', async (name, expected) => {
    const named = (settings: Omit<SoapSettings, 'name'>) => service({ ...settings, ...(name && { name }) })
    const away = await named({ endpoints: [{ host: '127.0.0.1', port: await deadPort() }] }).exchange(call())
    expect(away).toMatchObject({ cause: { cause: { code: 'ECONNREFUSED' } } })
    expect(line(away)).toBe(`not-sent CORE_UNREACHABLE: ${expected} could not be reached; nothing was sent`)
    const failing = await peer(answering(answer('', [], '503 No')))
    expect(line(await named({ endpoints: [failing] }).exchange(call()))).toBe(
      `unknown CORE_EXECUTION_FAILED: ${expected} failed while it executed Get: HTTP 503`,
    )
    const secure = await named({ endpoints: [failing] }).exchange(call({ route: { ...route, secure: true } }))
    expect(line(secure)).toContain(expected)
    const full = named({ endpoints: [await peer(silence)], concurrent: 1, queueLength: 0 })
    const first = full.exchange(call({ deadlineMs: 200 }))
    expect(line(await full.exchange(call()))).toContain(`${expected} takes no more calls now`)
    expect(line(await first)).toBe(`unknown CORE_NO_REPLY: ${expected} did not answer Get within 200 ms`)
  })

  test('a host is named with its port, an address of IPv6 in brackets, and by the name that TLS asks for', async () => {
    const hosts: (string | undefined)[] = []
    const core = await peer(async (on) => {
      hosts.push(/host: (.*)\r/.exec(await headOf(on))?.[1])
      on.write(answer('<b/>'))
    })
    const second = { host: '::1', port: 7 }
    await service({ endpoints: [core, second] }).exchange(call())
    // The second endpoint alone can be reached; the first gives the name.
    await service({ endpoints: [second, core] }).exchange(call())
    expect(hosts).toEqual([`127.0.0.1:${core.port}`, '[::1]:7'])
  })

  test('two hundred calls wait where they say nothing, each for a while', async () => {
    const one = service({ endpoints: [await peer(silence)], concurrent: 1 })
    const stop = new AbortController()
    const calls = Array.from({ length: 201 }, () => one.exchange(call({ signal: stop.signal })))
    const refused = await one.exchange(call())
    expect(refused).toMatchObject({ kind: 'not-sent', cause: { code: 'CORE_BUSY', facts: { waiting: 200 } } })
    await pause(50)
    stop.abort()
    const ends = (await Promise.all(calls)).map((end) => ('cause' in end ? end.cause.code : end.kind))
    expect(new Set(ends)).toEqual(new Set(['CALL_CANCELLED']))
  })

  test('a call waits for a connection no longer than they say', async () => {
    const one = service({ endpoints: [await peer(silence)], concurrent: 1, queueMs: 20 })
    const first = one.exchange(call({ deadlineMs: 300 }))
    expect(line(await one.exchange(call()))).toContain('CORE_BUSY')
    await first
  })

  test.each([
    ['a service', []],
    ['a service that would keep it longer', ['keep-alive: timeout=600']],
  ])('a kept connection to %s is used again after a while, and no longer than they say', async (_, hint) => {
    const core = await peer(answering(answer('<b/>', ['content-type: text/xml', ...hint])))
    const kept = service({ endpoints: [core] })
    await kept.exchange(call())
    await pause(60)
    await kept.exchange(call())
    expect(core.taken).toBe(1)
    const short = service({ endpoints: [core], idleMs: 30 })
    await short.exchange(call())
    await pause(1500)
    await short.exchange(call())
    expect(core.taken).toBe(3)
  })

  test('an endpoint that refused rests as long as they say', async () => {
    const port = await deadPort()
    const core = await peer(async (on) => {
      await headOf(on)
      on.write(answer('<b/>', ['content-type: text/xml', 'connection: close']))
      on.end()
    })
    const one = service({ endpoints: [{ host: '127.0.0.1', port }, core], restMs: 0 })
    await one.exchange(call())
    const back = await peer(serve, undefined, port)
    for (let turn = 0; turn < 4; turn += 1) expect((await one.exchange(call())).kind).toBe('reply')
    expect(back.taken).toBe(1)
  })
})

describe('a reply', () => {
  test.each<[string, Uint8Array, string]>([
    ['as long as it may be', answer('x'.repeat(100)), `reply ${'x'.repeat(100)}`],
    [
      'a byte longer',
      answer('x'.repeat(101)),
      'unknown CORE_REPLY_MALFORMED: the reply of s to Get is malformed: more than 100 bytes',
    ],
    ['in US-ASCII, which UTF-8 holds', answer('<b/>', ['content-type: text/xml;charset=US-ASCII']), 'reply <b/>'],
    ['with a media type that is padded', answer('<b/>', ['content-type: text/xml ; charset=utf-8']), 'reply <b/>'],
    [
      'that says it is not compressed',
      answer('<b/>', ['content-type: text/xml', 'content-encoding: identity']),
      'reply <b/>',
    ],
    [
      'that does not say what it is',
      answer('<b/>', ['x: y']),
      'unknown CORE_REPLY_MALFORMED: the reply of s to Get is malformed: HTTP 200 with a media type other than text/xml',
    ],
    ['that is one byte', answer('x'), 'reply x'],
    [
      'a refusal that is no fault',
      answer('<b/>', ['content-type: text/xml'], '400 No'),
      'unknown CORE_REPLY_MALFORMED: the reply of s to Get is malformed: HTTP 400 without a fault',
    ],
    ['an answer that speaks of a Fault', answer('<Fault/>'), 'reply <Fault/>'],
    ['no HTTP', bytes('garbage\r\n\r\n'), 'unknown CORE_REPLY_MALFORMED: the reply of s to Get is malformed: no HTTP'],
  ])('%s', async (_, said, expected) => {
    const one = service({ name: 's', endpoints: [await peer(answering(said))] })
    expect(line(await one.exchange(call()))).toBe(expected)
  })

  test('as long as it may be, in pieces and without a length, is whole and in order', async () => {
    const core = await peer(async (on) => {
      await headOf(on)
      on.write(bytes('HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\nconnection: close\r\n\r\n'))
      for (let piece = 0; piece < 10; piece += 1) {
        on.write(bytes(`${piece}`.repeat(10)))
        await pause(5)
      }
      on.end()
    })
    const whole = '0123456789'
      .split('')
      .map((one) => one.repeat(10))
      .join('')
    expect(line(await service({ endpoints: [core] }).exchange(call()))).toBe(`reply ${whole}`)
  })

  test('too long in pieces keeps what fits as evidence', async () => {
    const core = await peer(async (on) => {
      await headOf(on)
      on.write(bytes('HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n\r\n'))
      for (const piece of ['a', 'b', 'c']) {
        on.write(bytes(piece.repeat(40)))
        await pause(20)
      }
    })
    const result = await service({ endpoints: [core] }).exchange(call())
    const evidence = bytes(`${'a'.repeat(40)}${'b'.repeat(40)}${'c'.repeat(20)}`)
    expect(result).toEqual({ kind: 'unknown', why: 'reply-malformed', cause: expect.anything(), evidence })
  })

  test('that goes on behind what fits keeps no byte of that', async () => {
    // Each chunk is handed over by itself, however the network cuts them.
    const chunks = ['a', 'b', 'c'].map((piece) => `32\r\n${piece.repeat(50)}\r\n`)
    const core = await peer(async (on) => {
      await headOf(on)
      on.write(bytes('HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ntransfer-encoding: chunked\r\n\r\n'))
      on.write(bytes(chunks.join('')))
    })
    const evidence = bytes('a'.repeat(50) + 'b'.repeat(50))
    const result = await service({ endpoints: [core] }).exchange(call())
    expect(result).toEqual({ kind: 'unknown', why: 'reply-malformed', cause: expect.anything(), evidence })
  })

  test.each([
    ['none', '', undefined],
    ['one byte', 'x', 'x'],
  ])('of which %s came before the connection ended keeps just that as evidence', async (_, came, evidence) => {
    const core = await peer(async (on) => {
      await headOf(on)
      on.write(bytes(`HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: 50\r\n\r\n${came}`))
      await pause(30)
      on.end()
    })
    const result = await service({ name: 's', endpoints: [core] }).exchange(call())
    expect(line(result)).toBe(
      `unknown CORE_CONNECTION_LOST: the connection to s ended during Get, ${came.length} bytes of its reply had come`,
    )
    if (evidence === undefined) expect(result).not.toHaveProperty('evidence')
    else expect(result).toHaveProperty('evidence', bytes(evidence))
  })

  test('that whoever asked fails to judge is thrown, and its connection not used again', async () => {
    const core = await peer(serve)
    const one = service({ endpoints: [core], concurrent: 1, queueMs: 500 })
    const mistake = new TypeError('a mistake of ours')
    const accepts = () => {
      throw mistake
    }
    await expect(one.exchange(call({ accepts }))).rejects.toBe(mistake)
    expect([line(await one.exchange(call())), core.taken]).toEqual(['reply <b/>', 2])
  })

  test('that may take its time does: neither its head nor its body has another deadline than ours', async () => {
    // The clock by which undici has deadlines of its own, five minutes where none is set.
    const undici = createRequire(import.meta.url)('undici/lib/util/timers.js') as { tick(ms: number): void }
    const core = await peer(async (on) => {
      await headOf(on)
      await pause(1200)
      undici.tick(400_000)
      const said = answer('<b/>')
      on.write(said.subarray(0, -2))
      await pause(1200)
      undici.tick(400_000)
      on.write(said.subarray(-2))
    })
    expect(line(await service({ endpoints: [core] }).exchange(call()))).toBe('reply <b/>')
  })
})

describe('a request', () => {
  test('of no route is a mistake of ours, and costs no place', async () => {
    const core = await peer(serve)
    const one = service({ endpoints: [core], concurrent: 1, queueMs: 500 })
    const { route: _, ...unrouted } = call()
    expect(line(await one.exchange(unrouted))).toMatch(/^not-sent SOAP_WSDL_INVALID: .*Get/)
    expect(line(await one.exchange(call()))).toBe('reply <b/>')
  })

  test.each([16_384, 16_385, 40_000])('of %i bytes says how long it is and arrives whole', async (length) => {
    let head = ''
    let got = 0
    const core = await peer(async (on) => {
      while (!head.endsWith('\r\n\r\n')) head += (await on.read(1)).toString()
      got = (await on.read(length)).filter((byte) => byte === 0x78).length
      on.write(answer('<b/>'))
    })
    const payload = bytes('x'.repeat(length))
    expect(line(await service({ endpoints: [core] }).exchange(call({ payload })))).toBe('reply <b/>')
    expect([head.toLowerCase().match(/content-length: (\d+)/g), got]).toEqual([[`content-length: ${length}`], length])
  })
})

describe('connections', () => {
  test('of a contract of https are made with TLS, to the name that it asks for', async () => {
    const pem = (name: string) => readFileSync(new URL(`tls/${name}`, import.meta.url), 'utf8')
    let head = ''
    const core = await peer(
      async (on) => {
        head = await headOf(on)
        on.write(answer('<b/>'))
      },
      { cert: pem('core.pem'), key: pem('core.key') },
    )
    const tls = { ca: pem('ca.pem'), servername: 'core.test' }
    const secure = call({ route: { ...route, secure: true } })
    expect(line(await service({ endpoints: [core], tls }).exchange(secure))).toBe('reply <b/>')
    expect(head).toContain(`host: core.test:${core.port}\r`)
  })

  test('the one used last serves next, so that the others may grow old', async () => {
    const used: number[] = []
    const core = await peer(async (on) => {
      while ((await headOf(on)) !== '') {
        used.push(on.index)
        // The first two are open at once.
        await pause(used.length === 1 ? 60 : 20)
        on.write(answer('<b/>'))
      }
    })
    const one = service({ endpoints: [core] })
    await Promise.all([one.exchange(call()), one.exchange(call())])
    const [first = 0, second = 0] = used
    await one.exchange(call())
    await one.exchange(call())
    expect(used).toEqual([first, second, first, first])
  })

  test('of a back end that is closed are all ended, and none is opened any more', async () => {
    let ended = 0
    const core = await peer(async (on) => {
      while ((await headOf(on)) !== '') {
        await pause(20)
        on.write(answer('<b/>'))
      }
      ended += 1
    })
    const one = service({ name: 's', endpoints: [core] })
    await Promise.all([one.exchange(call()), one.exchange(call())])
    await one.close()
    for (let tries = 0; tries < 200 && ended < 2; tries += 1) await pause(5)
    expect(ended).toBe(2)
    expect(line(await one.exchange(call()))).toBe('not-sent CORE_UNREACHABLE: s could not be reached; nothing was sent')
    expect(core.taken).toBe(2)
  })

  test('of a back end that is closed while they open are given up, and nothing was sent', async () => {
    const one = service({ name: 's', endpoints: [await peer(silence)], tls: {}, connectMs: 300 })
    const result = one.exchange(call())
    await pause(30)
    await one.close()
    const ended = await result
    expect(line(ended)).toBe('not-sent CORE_UNREACHABLE: s could not be reached; nothing was sent')
    expect(ended).toMatchObject({ cause: { cause: expect.any(Error) } })
  })

  test('a call that has ended leaves no timer and no listener, and resets nothing when it is cancelled long after', async () => {
    const core = await peer(serve)
    const one = service({ endpoints: [core] })
    const stop = new AbortController()
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    await one.exchange(call({ signal: stop.signal, deadlineMs: 300 }))
    for (let turn = 0; turn < 20; turn += 1) await one.exchange(call({ signal: stop.signal }))
    // Those of tests before may end meanwhile.
    expect(timers()).toBeLessThan(before + 10)
    expect(getEventListeners(stop.signal, 'abort')).toEqual([])
    stop.abort()
    await pause(350)
    expect([line(await one.exchange(call())), core.taken]).toEqual(['reply <b/>', 1])
  })
})
