// What is told before a body is sent: Host, Expect, the length that is announced, methods that no parser knows.

import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { bodyOf, dialTo, rest, until } from '../bare-socket.ts'
import { doorForEachTest } from '../open-door.ts'
import { goodTransfer, transferDone } from '../stand-in.ts'

const door = doorForEachTest()
const body = JSON.stringify(goodTransfer)

/** A request from its lines, with an empty line at its end. */
const lines = (...all: string[]) => [...all, '', ''].join('\r\n')

function post(length: number, ...more: string[]): string {
  const own = ['Host: x', 'Idempotency-Key: k', 'Content-Type: application/json', `Content-Length: ${length}`]
  return lines('POST /v1/transfers HTTP/1.1', ...own, ...more)
}

async function answerTo(request: string): Promise<string> {
  const socket = await dialTo(door.url)
  const answer = rest(socket)
  socket.write(request)
  return answer
}

describe('refused as a problem before anything starts:', () => {
  test.each<[string, string, number, string]>([
    ['no Host', lines('GET /docs HTTP/1.1'), 400, 'HOST_MISSING'],
    ['no Host, of an unknown path', lines('GET /nowhere HTTP/1.1'), 400, 'HOST_MISSING'],
    ['no Host, with Expect', lines('GET /docs HTTP/1.1', 'Expect: 100-continue'), 400, 'HOST_MISSING'],
    [
      'an expectation that nobody knows',
      lines('GET /docs HTTP/1.1', 'Host: x', 'Connection: close', 'Expect: miracles'),
      417,
      'EXPECTATION_UNMET',
    ],
    ['one beside 100-continue', post(1, 'Expect: 100-continue, miracles'), 417, 'EXPECTATION_UNMET'],
    ['a body over the limit', post(65_537, 'Expect: 100-continue'), 413, 'BODY_TOO_LARGE'],
    ['a compressed body', post(60, 'Expect: 100-continue', 'Content-Encoding: gzip'), 415, 'MEDIA_TYPE_UNSUPPORTED'],
    [
      'another type',
      post(60, 'Expect: 100-continue').replace('application/json', 'text/xml'),
      415,
      'MEDIA_TYPE_UNSUPPORTED',
    ],
    [
      'an unknown path',
      post(60, 'Expect: 100-continue').replace('/v1/transfers', '/nowhere'),
      404,
      'OPERATION_UNKNOWN',
    ],
    ['a method without this path', post(60, 'Expect: 100-continue').replace('POST', 'PUT'), 405, 'METHOD_NOT_ALLOWED'],
  ])('%s', async (_name, request, status, code) => {
    const answer = await answerTo(request)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toMatch(/^content-type: application\/problem\+json/im)
    expect(answer).toMatch(/^x-content-type-options: nosniff/im)
    expect(bodyOf(answer)).toMatchObject({ code, status, type: `urn:mainspan:problem:${code}`, retryable: false })
    expect(door.operations.starts).toHaveLength(0)
  })

  test('a body over the limit that is sent without waiting', async () => {
    const answer = await answerTo(post(65_537) + 'x'.repeat(65_537))
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  })
})

describe('a caller that waits for 100 Continue', () => {
  test('gets it, sends its body, and is answered', async () => {
    door.operations.onStart = () => transferDone
    const socket = await dialTo(door.url)
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.write(post(Buffer.byteLength(body), 'Expect: 100-continue'))
    await until(() => answer.includes('\r\n\r\n'))
    expect(answer).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    expect(door.operations.starts).toHaveLength(0)
    socket.write(body)
    await until(() => answer.includes('HTTP/1.1 201 Created'))
    expect(door.operations.starts).toHaveLength(1)
    socket.destroy()
  })

  test('without a body gets its answer alone', async () => {
    const answer = await answerTo(lines('GET /health/live HTTP/1.1', 'Host: x', 'Expect: 100-continue'))
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('and never sends it is told 408', async () => {
    await door.reopen({ headersMs: 1000, requestMs: 2000 })
    const answer = await answerTo(post(60, 'Expect: 100-continue'))
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 408 /)
    expect(door.operations.starts).toHaveLength(0)
  })
})

test('HTTP/1.0 has neither Host nor Expect', async () => {
  expect(await answerTo(lines('GET /health/live HTTP/1.0', 'Expect: miracles'))).toMatch(/^HTTP\/1\.1 200 /)
})

describe('a method that no parser knows', () => {
  test.each([
    ['FOO /v1/transfers', 405, 'POST'],
    ['POSTS /v1/transfers', 405, 'POST'],
    ['get /v1/transfers?x=1', 405, 'POST'],
    ['GETX /health/live', 405, 'GET, HEAD'],
    ['FOO /nowhere', 404, undefined],
  ])('%s', async (line, status, allow) => {
    const answer = await answerTo(lines(`${line} HTTP/1.1`, 'Host: x'))
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(/^allow: (.*)\r$/im.exec(answer)?.[1]).toBe(allow)
    expect(bodyOf(answer)).toMatchObject({ status })
  })

  test('waits for the answer to the request before it', async () => {
    const socket = await dialTo(door.url)
    const answers = rest(socket)
    socket.write(
      `${post(Buffer.byteLength(body), 'Prefer: wait=30')}${body}FOO /v1/transfers HTTP/1.1\r\nHost: x\r\n\r\n`,
    )
    await until(() => door.operations.starts.length === 1)
    await sleep(1000)
    door.operations.end('transferFunds-local-k', transferDone)
    expect([...(await answers).matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)).toEqual(['201', '405'])
  })

  test.each([
    'FOO',
    'FOO /v1/transfers',
    'FOO /v1/transfers HTTP/2.0',
    'FOO /v1 transfers HTTP/1.1',
    'F(O /v1/transfers HTTP/1.1',
  ])('%s is no request line', async (line) => {
    const answer = await answerTo(lines(line, 'Host: x'))
    expect(bodyOf(answer)).toMatchObject({ status: 400, code: 'REQUEST_MALFORMED' })
  })
})
