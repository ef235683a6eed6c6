// Each signal of a service over HTTP is one outcome; connections and deadlines.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { type SoapSettings, soapBackend } from '../../src/backend/soap.ts'
import type { Backend, Exchange, ExchangeResult } from '../../src/contract/backend.ts'
import {
  deadPort,
  drip,
  end,
  type Line,
  type Peer,
  reset,
  type Script,
  script,
  scriptedPeer,
  silence,
  write,
} from './scripted-peer.ts'

const body = '<a/>'
const route = {
  path: '/customers?x=1',
  headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '"urn:get"' },
  accept: 'text/xml',
}
const good = '<Envelope/>'
const bytes = (text: string) => new TextEncoder().encode(text)

function answer(content: string, changes: { status?: string; type?: string; more?: string } = {}): Uint8Array {
  const { status = '200 OK', type = 'text/xml; charset=utf-8', more = '' } = changes
  const head = `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${bytes(content).length}\r\n${more}\r\n`
  return bytes(head + content)
}

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

async function peer(play: Script): Promise<Peer> {
  const one = await scriptedPeer(play)
  open.push(one)
  return one
}

function backend(settings: SoapSettings): Backend {
  const one = soapBackend({ kind: 'soap', endpoints: 'SERVICE', wsdl: 'x.wsdl' }, { name: 'service', ...settings })
  open.push(one)
  return one
}

const call = (changes: Partial<Exchange> = {}): Exchange => ({
  target: 'Get',
  payload: bytes(body),
  route,
  maxReplyBytes: 1000,
  deadlineMs: 5000,
  correlation: 'R1',
  ...changes,
})

function line(result: ExchangeResult): string {
  if (result.kind === 'reply') return `reply ${new TextDecoder().decode(result.bytes)}`
  if (result.kind === 'not-sent') return `not-sent ${result.cause.code}`
  if (result.kind === 'unknown')
    return `unknown ${result.why} ${result.cause.message.replace(/ of service to Get| to service/, '')}`
  return result.kind
}

/** One whole request; its text. */
async function request(on: Line): Promise<string> {
  let text = ''
  while (!text.includes('\r\n\r\n')) {
    const more = await on.read(1)
    if (more.length === 0) return text
    text += more.toString()
  }
  return text + (await on.read(Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)))
}
const asked: Script = (on) => request(on)
const says = (content: string, changes: Parameters<typeof answer>[1] = {}) =>
  script(asked, write(answer(content, changes)))

const malformed = (problem: string) =>
  `unknown reply-malformed CORE_REPLY_MALFORMED: the reply is malformed: ${problem}`
const lost = (got: number) =>
  `unknown connection-lost-after-send CORE_CONNECTION_LOST: the connection ended during Get, ${got} bytes of its reply had come`
const failed = (status: number) =>
  `unknown execution-failed CORE_EXECUTION_FAILED: service failed while it executed Get: HTTP ${status}`
const late = 'unknown no-reply-before-deadline CORE_NO_REPLY: service did not answer Get within 500 ms'
const fault = '<e:Fault/>'
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'
const HINTS = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'

const signals: readonly (readonly [string, Script, string])[] = [
  ['an answer', says(good), `reply ${good}`],
  ['an answer in one-byte pieces', script(asked, drip(answer(good), 0)), `reply ${good}`],
  [
    'a chunked answer',
    script(
      asked,
      write(
        bytes(
          'HTTP/1.1 200 OK\r\ncontent-type: TEXT/XML\r\ntransfer-encoding: chunked\r\n\r\n4\r\n<Env\r\n7\r\nelope/>\r\n0\r\n\r\n',
        ),
      ),
    ),
    `reply ${good}`,
  ],
  ['100 Continue before it', script(asked, write(bytes(CONTINUE)), write(answer(good))), `reply ${good}`],
  [
    '100 Continue with headers, twice, in one-byte pieces',
    script(asked, drip(bytes(`${CONTINUE}HTTP/1.1 100 Go on\r\nserver: x\r\n\r\n`), 0), drip(answer(good), 0)),
    `reply ${good}`,
  ],
  [
    '100 Continue and 103 Early Hints',
    script(asked, write(bytes(`${CONTINUE}${HINTS}`)), write(answer(good))),
    `reply ${good}`,
  ],
  ['100 Continue and silence', script(asked, write(bytes(CONTINUE)), silence), late],
  ['half of 100 Continue and a close', script(asked, write(bytes(CONTINUE.slice(0, 14))), end), lost(0)],
  [
    'an endless 100 Continue',
    script(asked, write(bytes(`${CONTINUE.slice(0, -2)}x: ${'y'.repeat(90_000)}`)), silence),
    malformed('no HTTP'),
  ],
  ['a fault', says(fault, { status: '500 No' }), `reply ${fault}`],
  ['a fault with 400', says(fault, { status: '400 No' }), `reply ${fault}`],
  ['a close at once', end, lost(0)],
  ['a reset inside the request', script((on) => on.read(3), reset), lost(0)],
  ['a close after the request', script(asked, end), lost(0)],
  ['a reset after the request', script(asked, reset), lost(0)],
  ['silence', script(asked, silence), late],
  ['a status and then silence', script(asked, write(answer(good).subarray(0, 40)), silence), late],
  ['an answer that drips too slowly', script(asked, drip(answer(good), 30)), late],
  ['half an answer and a close', script(asked, write(answer(good).subarray(0, -5)), end), lost(6)],
  ['no HTTP', script(asked, write(bytes('garbage\r\n\r\n'))), malformed('no HTTP')],
  ['an empty 200', says(''), malformed('an empty body')],
  ['202 accepted', says('', { status: '202 Accepted' }), failed(202)],
  ['a redirect', says('', { status: '302 Found', more: 'location: http://127.0.0.1:1/\r\n' }), failed(302)],
  ['401', says('<html/>', { status: '401 No', type: 'text/html' }), failed(401)],
  ['404', says('<html/>', { status: '404 No', type: 'text/html' }), failed(404)],
  ['502 of a gateway', says('<html/>', { status: '502 Bad', type: 'text/html' }), failed(502)],
  ['503 of a gateway', says('<html/>', { status: '503 No', type: 'text/html' }), failed(503)],
  ['504 of a gateway', says(fault, { status: '504 Late' }), failed(504)],
  [
    'HTML with 200',
    says('<html/>', { type: 'text/html' }),
    malformed('HTTP 200 with a media type other than text/xml'),
  ],
  [
    'HTML with 500',
    says('<html/>', { status: '500 No', type: 'text/html' }),
    malformed('HTTP 500 with a media type other than text/xml'),
  ],
  ['an answer with 500', says(good, { status: '500 No' }), malformed('HTTP 500 without a fault')],
  [
    'another version of SOAP',
    says(good, { type: 'application/soap+xml' }),
    malformed('HTTP 200 with a media type other than text/xml'),
  ],
  [
    'another character set',
    says(good, { type: 'text/xml; charset="ISO-8859-1"' }),
    malformed('a character set other than UTF-8'),
  ],
  [
    'compressed',
    says(good, { more: 'content-encoding: gzip\r\n' }),
    malformed('a content encoding that was not asked for'),
  ],
  [
    'announced too long',
    script(
      asked,
      write(bytes('HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: 999999999\r\n\r\n')),
      silence,
    ),
    malformed('more than 1000 bytes'),
  ],
  [
    'endless',
    script(
      asked,
      write(bytes('HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n\r\n')),
      write(new Uint8Array(4e6)),
      silence,
    ),
    malformed('more than 1000 bytes'),
  ],
  [
    'endless headers',
    script(asked, write(bytes(`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(90_000)}`)), silence),
    malformed('no HTTP'),
  ],
]

describe('every signal is one outcome', () => {
  test.each(signals)('%s', async (_, play, expected) => {
    const service = await peer(play)
    const deadlineMs = expected === late ? 500 : 5000
    expect(line(await backend({ endpoints: [service] }).exchange(call({ deadlineMs })))).toBe(expected)
    expect(service.taken).toBe(1)
  })

  test('none listens', async () => {
    const one = backend({ endpoints: [{ host: '127.0.0.1', port: await deadPort() }] })
    expect(line(await one.exchange(call()))).toBe('not-sent CORE_UNREACHABLE')
  })

  test('what came is kept as evidence, bounded', async () => {
    const service = await peer(
      script(
        asked,
        write(bytes('HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n\r\n')),
        write(new Uint8Array(4e6)),
        silence,
      ),
    )
    const result = await backend({ endpoints: [service] }).exchange(call())
    expect(result.kind === 'unknown' && result.evidence?.length).toBe(1000)
  })
})

describe('what is sent', () => {
  test('one POST with the route, the action quoted', async () => {
    let seen = ''
    const service = await peer(async (on) => {
      seen = await request(on)
      on.write(answer(good))
    })
    await backend({ endpoints: [service] }).exchange(call())
    expect(seen.toLowerCase().split('\r\n').sort()).toEqual(
      [
        'post /customers?x=1 http/1.1',
        `host: 127.0.0.1:${service.port}`,
        'connection: keep-alive',
        'content-type: text/xml; charset=utf-8',
        'soapaction: "urn:get"',
        'accept: text/xml',
        'content-length: 4',
        '',
        body,
      ].sort(),
    )
  })
})

const serve: Script = async (on) => {
  while ((await request(on)) !== '') on.write(answer(good))
}
const serveAfterContinue: Script = async (on) => {
  while ((await request(on)) !== '') on.write(bytes(`${CONTINUE}${new TextDecoder().decode(answer(good))}`))
}

describe('connections', () => {
  test('kept between calls, never more than allowed', async () => {
    const service = await peer(serve)
    const one = backend({ endpoints: [service], concurrent: 2 })
    const results = await Promise.all(Array.from({ length: 10 }, () => one.exchange(call())))
    expect(results.map(({ kind }) => kind)).toEqual(Array(10).fill('reply'))
    expect(service.taken).toBeLessThanOrEqual(2)
  })

  test('kept where each reply comes after a 100 Continue', async () => {
    const service = await peer(serveAfterContinue)
    const one = backend({ endpoints: [service], concurrent: 1 })
    for (let count = 0; count < 3; count += 1) expect(line(await one.exchange(call()))).toBe(`reply ${good}`)
    expect(service.taken).toBe(1)
  })

  test('a contract of https and no TLS: nothing is sent', async () => {
    const service = await peer(serve)
    const secure = call({ route: { ...route, secure: true } })
    expect(line(await backend({ endpoints: [service] }).exchange(secure))).toBe('not-sent TLS_SETTING_MISSING')
    expect(service.taken).toBe(0)
  })

  test('after a deadline the connection is not used again', async () => {
    const service = await peer(async (on) => {
      await request(on)
      if (on.index > 0) on.write(answer(good))
    })
    const one = backend({ endpoints: [service], concurrent: 1 })
    expect(line(await one.exchange(call({ deadlineMs: 1000 })))).toContain('CORE_NO_REPLY')
    expect(line(await one.exchange(call()))).toBe(`reply ${good}`)
  })

  test.each([
    ['an error of the service', answer(fault, { status: '503 No' })],
    ['HTML', answer('<html/>', { type: 'text/html' })],
    ['nothing', answer('')],
  ])('that brought %s is not used again', async (_, said) => {
    const service = await peer(async (on) => {
      while ((await request(on)) !== '') on.write(on.index === 0 ? said : answer(good))
    })
    const one = backend({ endpoints: [service], concurrent: 1 })
    expect(line(await one.exchange(call()))).toContain('unknown')
    for (let turn = 0; turn < 2; turn += 1) expect(line(await one.exchange(call()))).toBe(`reply ${good}`)
    expect(service.taken).toBe(2)
  })

  test('a full queue: not sent', async () => {
    const service = await peer(script(asked, silence))
    const one = backend({ endpoints: [service], concurrent: 1, queueLength: 0 })
    const first = one.exchange(call({ deadlineMs: 500 }))
    expect(line(await one.exchange(call()))).toBe('not-sent CORE_BUSY')
    expect(line(await first)).toBe(late)
  })

  test('a refused endpoint is passed over', async () => {
    const service = await peer(serve)
    const one = backend({ endpoints: [{ host: '127.0.0.1', port: await deadPort() }, service] })
    expect(line(await one.exchange(call()))).toBe(`reply ${good}`)
  })

  test.each([
    ['after the request', asked, 'unknown connection-lost-after-send CALL_CANCELLED: the call of Get was cancelled'],
    ['before it', undefined, 'not-sent CALL_CANCELLED'],
  ])('cancelled %s', async (_, before, expected) => {
    const stop = new AbortController()
    const service = await peer(async (on) => {
      await before?.(on)
      stop.abort()
    })
    if (!before) stop.abort()
    expect(line(await backend({ endpoints: [service] }).exchange(call({ signal: stop.signal })))).toBe(expected)
  })

  test('cancelled while it connects: the request never leaves', async () => {
    let seen = 0
    const silent = await peer(async (on) => {
      seen += (await on.read(1)).length
    })
    const stop = new AbortController()
    // A TLS hello that is never answered: connected, and not ready.
    const one = backend({ endpoints: [silent], tls: {}, connectMs: 80 })
    const result = one.exchange(call({ signal: stop.signal }))
    stop.abort()
    expect(line(await result)).toBe('not-sent CALL_CANCELLED')
    expect(seen).toBeLessThanOrEqual(1)
  })

  test('closing ends calls in flight as a lost connection', async () => {
    const service = await peer(async (on) => {
      await request(on)
      void one.close()
    })
    const one = backend({ endpoints: [service] })
    expect(line(await one.exchange(call()))).toBe(lost(0))
  })

  test('are closed when the back end is, and not a moment later', async () => {
    let closed = 0
    const opened = (message: unknown) => (message as { socket: Socket }).socket.once('close', () => (closed += 1))
    subscribe('net.client.socket', opened)
    const service = await peer(serve)
    const one = backend({ endpoints: [service] })
    await Promise.all([one.exchange(call()), one.exchange(call())])
    unsubscribe('net.client.socket', opened)
    await one.close()
    expect(closed).toBe(2)
  })

  test('over TLS, by name', async () => {
    const pem = (name: string) => readFileSync(new URL(`tls/${name}`, import.meta.url), 'utf8')
    const service = await scriptedPeer(serve, { cert: pem('core.pem'), key: pem('core.key') })
    open.push(service)
    const tls = { ca: pem('ca.pem'), servername: 'core.test' }
    expect(line(await backend({ endpoints: [service], tls }).exchange(call()))).toBe(`reply ${good}`)
    const continuing = await scriptedPeer(serveAfterContinue, { cert: pem('core.pem'), key: pem('core.key') })
    open.push(continuing)
    expect(line(await backend({ endpoints: [continuing], tls }).exchange(call()))).toBe(`reply ${good}`)
    const other = { ...tls, servername: 'other.test' }
    expect(line(await backend({ endpoints: [service], tls: other }).exchange(call()))).toBe('not-sent CORE_UNREACHABLE')
  })
})
