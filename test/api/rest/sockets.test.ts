// The door on bare sockets: slow, broken and hostile peers, callers that hang up, and the end of the server.

import { once } from 'node:events'
import { describe, expect, test } from '@jest/globals'
import type { Outcome } from '../../../src/contract/outcome.ts'
import { bodyOf, dialTo, rest, until } from '../bare-socket.ts'
import { account, doorForEachTest, transfer } from '../open-door.ts'
import { goodReplies, goodTransfer, transferDone } from '../stand-in.ts'

const door = doorForEachTest()

const dial = () => dialTo(door.url)

describe('a peer that', () => {
  test('never ends its headers is told 408 and cut', async () => {
    await door.reopen({ headersMs: 100 })
    const socket = await dial()
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ')
    const answer = await rest(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
    expect(bodyOf(answer)).toMatchObject({ code: 'REQUEST_TIMED_OUT', status: 408 })
  })

  test('never ends its body is told 408 and cut, and nothing starts', async () => {
    await door.reopen({ headersMs: 100, requestMs: 200 })
    const socket = await dial()
    socket.write(
      'POST /v1/transfers HTTP/1.1\r\nHost: x\r\nIdempotency-Key: k\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"from":',
    )
    expect(await rest(socket)).toMatch(/^HTTP\/1\.1 408 /)
    expect(door.operations.starts).toHaveLength(0)
  })

  test.each([
    [
      'sends headers without end',
      `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    ['speaks no HTTP', '\x16\x03\x01\x02\x00\x01\x00', 400, 'REQUEST_MALFORMED'],
    [
      'gives two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      400,
      'REQUEST_MALFORMED',
    ],
    [
      'gives a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'REQUEST_MALFORMED',
    ],
    ['names no host', 'GET / HTTP/1.1\r\n\r\n', 400, 'HOST_MISSING'],
    ['splits a header', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n', 400, 'REQUEST_MALFORMED'],
  ])('%s is told so and cut', async (_name, request, status, code) => {
    const socket = await dial()
    socket.write(request)
    const answer = await rest(socket)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(bodyOf(answer)).toMatchObject({ code, status, type: `urn:mainspan:problem:${code}` })
    expect((await door.ask('/health/live')).status).toBe(200)
  })

  test('sends a Host that is none is told so (RFC 9112 section 3.2)', async () => {
    const socket = await dial()
    socket.write('GET /docs HTTP/1.1\r\nHost: %%% <>\r\nConnection: close\r\n\r\n')
    expect(await rest(socket)).toMatch(/^HTTP\/1\.1 400 /)
  })
})

describe('a caller that hangs up', () => {
  test('ends no write: its operation runs on, and the key finds it again', async () => {
    const socket = await dial()
    const body = JSON.stringify(goodTransfer)
    socket.write(
      `POST /v1/transfers HTTP/1.1\r\nHost: x\r\nIdempotency-Key: k\r\nPrefer: wait=30\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    await until(() => door.operations.starts.length === 1)
    socket.destroy()
    await until(() => door.lines.length === 1)
    expect(JSON.parse(door.lines[0] ?? '')).toMatchObject({
      operationId: 'transferFunds-local-k',
      hungUp: true,
    })
    door.operations.end('transferFunds-local-k', transferDone)
    const again = await door.ask(transfer('k'))
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true'])
  })

  test('gives up the place of its read only when the call has ended', async () => {
    await door.reopen({ readsMax: 1 })
    let end: (outcome: Outcome) => void = () => undefined
    door.caller.answer = () =>
      new Promise((resolve) => {
        end = resolve
      })
    const socket = await dial()
    socket.write(`GET ${account} HTTP/1.1\r\nHost: x\r\n\r\n`)
    await until(() => door.caller.calls.length === 1)
    socket.destroy()
    await until(() => door.lines.length === 1)
    expect((await door.ask(account)).json()).toMatchObject({ code: 'DOOR_BUSY' })
    end({ outcome: 'applied', reply: goodReplies.inquireAccount ?? {} })
    door.caller.answer = () => ({ outcome: 'applied', reply: goodReplies.inquireAccount ?? {} })
    await until(() => door.lines.length >= 2)
    expect((await door.ask(account)).status).toBe(200)
  })
})

describe('a connection', () => {
  test('is kept for the next request', async () => {
    const socket = await dial()
    for (let count = 0; count < 3; count += 1) {
      socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n')
      const [answer] = await once(socket, 'data')
      expect(String(answer)).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*connection: keep-alive/i)
    }
    socket.destroy()
  })

  test('that answers several requests sent at once keeps their order', async () => {
    door.operations.onStart = () => transferDone
    const socket = await dial()
    const paths = ['/health/live', '/nowhere', account, '/operations/none']
    const last = `GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`
    socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join('') + last)
    const answers = await rest(socket)
    expect([...answers.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)).toEqual([
      '200',
      '404',
      '200',
      '404',
      '404',
    ])
  })
})

/** A transfer as it goes over the wire. */
function post(key: string, more = '', body = JSON.stringify(goodTransfer)): string {
  return [
    'POST /v1/transfers HTTP/1.1',
    'Host: x',
    `Idempotency-Key: ${key}`,
    'Prefer: wait=30',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    ...(more === '' ? [] : [more]),
    '',
    body,
  ].join('\r\n')
}

const statuses = (answers: string) => [...answers.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))

describe('what comes after a request whose answer is under way', () => {
  test.each<[string, string, number[]]>([
    ['a byte', 'x', [201, 400]],
    ['a line end, which may stand there', '\r\n', [201]],
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00', [201, 400]],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}`, [201, 431]],
    ['a request with two lengths', 'GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', [201, 400]],
    [
      'a body in broken chunks',
      `${post('two', 'Transfer-Encoding: chunked').replace(/Content-Length.*\r\n/, '')}`,
      [201, 400],
    ],
    ['a tunnel', 'CONNECT core:3000 HTTP/1.1\r\nHost: core:3000\r\n\r\n', [201, 400]],
    ['an unknown path', 'GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n', [201, 404]],
    ['an expectation that nobody meets', 'GET /docs HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n', [201, 417]],
  ])('%s waits for it', async (_, next, expected) => {
    const socket = await dial()
    let answers = ''
    socket.on('data', (chunk) => {
      answers += chunk
    })
    socket.write(post('one') + next)
    await until(() => door.operations.starts.length === 1)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(answers).toBe('')
    door.operations.end('transferFunds-local-one', transferDone)
    await until(() => statuses(answers).length >= expected.length)
    expect(statuses(answers)).toEqual(expected)
    expect(door.operations.starts).toHaveLength(1)
    socket.destroy()
  })

  test('also after Connection: close, and after the one before it on the same connection', async () => {
    const socket = await dial()
    socket.write(`${post('one')}${post('two', 'Connection: close')}x`)
    await until(() => door.operations.starts.length === 2)
    const answers = rest(socket)
    door.operations.end('transferFunds-local-two', transferDone)
    await new Promise((resolve) => setTimeout(resolve, 50))
    door.operations.end('transferFunds-local-one', transferDone)
    expect(statuses(await answers)).toEqual([201, 201])
  })

  test('a request that comes too slowly is told so only then', async () => {
    await door.reopen({ headersMs: 100, requestMs: 300 })
    const socket = await dial()
    socket.write(`${post('one')}${post('two').slice(0, -5)}`)
    await until(() => door.operations.starts.length === 1)
    const answers = rest(socket)
    await new Promise((resolve) => setTimeout(resolve, 1700))
    door.operations.end('transferFunds-local-one', transferDone)
    expect(statuses(await answers)).toEqual([201, 408])
    expect(door.operations.starts).toHaveLength(1)
  })

  test('the end of the callers half of the connection in the middle of the next request', async () => {
    const socket = await dial()
    socket.end(`${post('one')}${post('two').slice(0, -5)}`)
    await until(() => door.operations.starts.length === 1)
    const answers = rest(socket)
    door.operations.end('transferFunds-local-one', transferDone)
    expect(statuses(await answers)).toEqual([201, 400])
    expect(door.operations.starts).toHaveLength(1)
  })
})

test('a request that was refused before its body came is not answered a second time when the body stays out', async () => {
  await door.reopen({ headersMs: 100, requestMs: 300 })
  const socket = await dial()
  socket.write(`${post('one', 'Content-Encoding: gzip').slice(0, -5)}`)
  expect(statuses(await rest(socket))).toEqual([415])
})

describe('a header with one value that is given twice is refused before anything starts:', () => {
  test.each([
    'Host: y',
    'Content-Type: application/json',
    'content-type: text/plain',
    'Idempotency-Key: two',
    'Idempotency-Key: one',
    'Content-Encoding: identity\r\nContent-Encoding: gzip',
  ])('%s', async (header) => {
    const socket = await dial()
    socket.write(post('one', `Connection: close\r\n${header}`))
    const answer = await rest(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(bodyOf(answer)).toMatchObject({ code: 'REQUEST_MALFORMED', retryable: false })
    expect(door.operations.starts).toHaveLength(0)
  })
})

describe('the end of the server', () => {
  test('answers the read under way, ends idle connections, takes no new request', async () => {
    let end: (outcome: Outcome) => void = () => undefined
    door.caller.answer = () =>
      new Promise((resolve) => {
        end = resolve
      })
    const idle = await dial()
    idle.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(idle, 'data')
    idle.resume()
    const half = await dial()
    half.write('GET /health/live HTTP/1.1\r\n')
    const underWay = door.ask(account)
    await until(() => door.caller.calls.length === 1)
    const stopped = door.stop()
    await once(idle, 'close')
    const late = rest(half)
    half.write('Host: x\r\n\r\n')
    expect(bodyOf(await late)).toMatchObject({ code: 'DOOR_CLOSING', retryable: true })
    end({ outcome: 'applied', reply: goodReplies.inquireAccount ?? {} })
    expect((await underWay).status).toBe(200)
    await stopped
    await expect(door.ask('/health/live')).rejects.toThrow('ECONNREFUSED')
  })

  test('does not wait for ever', async () => {
    await door.reopen({ drainMs: 50 })
    door.caller.answer = () => new Promise(() => undefined)
    const underWay = door.ask(account)
    const cut = expect(underWay).rejects.toThrow()
    await until(() => door.caller.calls.length === 1)
    await door.stop()
    await cut
  })
})
