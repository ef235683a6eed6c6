// Mistakes of callers: each the right 4xx problem, and nothing started.

import { describe, expect, test } from '@jest/globals'
import type { Ask } from '../ask.ts'
import { account, doorForEachTest, transfer } from '../open-door.ts'

const door = doorForEachTest()

describe('bad input', () => {
  const problem = async (options: Ask) => {
    const answer = await door.ask(options)
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(answer.json()).toMatchObject({
      type: `urn:mainspan:problem:${answer.json().code}`,
      title: expect.any(String),
      status: answer.status,
      detail: expect.any(String),
      instance: `urn:mainspan:request:${answer.headers['x-request-id']}`,
      retryable: false,
    })
    expect(door.operations.starts).toHaveLength(0)
    return answer
  }
  const raw = (payload: string | Buffer, headers: Readonly<Record<string, string>> = {}): Ask => ({
    method: 'POST',
    url: '/v1/transfers',
    headers: { 'idempotency-key': 'k', 'content-type': 'application/json', ...headers },
    payload,
  })

  test('names every mistake by its pointer', async () => {
    const answer = await problem(
      transfer('k', {}, { from: 12, to: '0000000002', amount: 12.5, lines: [{ text: 1 }], extra: 1 }),
    )
    expect(answer.status).toBe(400)
    expect(answer.json().errors).toEqual(
      expect.arrayContaining([
        { in: 'body', pointer: '/amount', message: expect.stringContaining('as a string') },
        { in: 'body', pointer: '/from', message: expect.stringContaining('as a string') },
        { in: 'body', pointer: '/lines/0/text', message: expect.stringContaining('as a string') },
        { in: 'body', pointer: '/extra', message: 'is not a field' },
      ]),
    )
  })

  test('a number that no double holds is named, not rounded', async () => {
    const body = '{"from":"0000000001","to":"0000000002","amount":12345678901234567.89}'
    expect((await problem(raw(body))).json().errors).toEqual([
      { in: 'body', pointer: '/amount', message: expect.stringContaining('as a string') },
    ])
  })

  test.each([
    ['no JSON', '{"from":', 'BODY_MALFORMED'],
    ['an empty body', '', 'BODY_MALFORMED'],
    ['a name twice', '{"from":"1","from":"2"}', 'BODY_MALFORMED'],
    ['__proto__', '{"__proto__":{"from":"1"}}', 'BODY_MALFORMED'],
    ['bad UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'BODY_MALFORMED'],
    ['too deep', '['.repeat(100), 'BODY_MALFORMED'],
    ['an array', '[]', 'INPUT_INVALID'],
    ['null', 'null', 'INPUT_INVALID'],
    ['constructor', '{"constructor":{"prototype":{}}}', 'INPUT_INVALID'],
  ])('%s as the body is 400', async (_name, body, code) => {
    const answer = await problem(raw(body))
    expect(answer.status).toBe(400)
    expect(answer.json().code).toBe(code)
  })

  test.each([
    ['another type', { 'content-type': 'text/xml' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['another character set', { 'content-type': 'application/json; charset=utf-16' }],
    ['compression', { 'content-encoding': 'gzip' }],
    ['a broken type', { 'content-type': 'application json' }],
  ])('a body with %s is 415', async (_name, headers) => {
    const answer = await problem(raw('{}', headers))
    expect([answer.status, answer.json().code]).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED'])
  })

  test('a body over the limit is 413', async () => {
    const answer = await problem(raw(JSON.stringify({ from: 'x'.repeat(70_000) })))
    expect([answer.status, answer.json().code]).toEqual([413, 'BODY_TOO_LARGE'])
    expect(answer.json().detail).toContain('65536')
  })

  test.each(['text/html', 'application/json;q=0', 'application/xml, text/*;q=0.5', '*/*;q=0'])(
    'Accept: %s is 406',
    async (accept) => {
      const answer = await problem(transfer('k', { accept }))
      expect([answer.status, answer.json().code]).toEqual([406, 'NOT_ACCEPTABLE'])
    },
  )

  test.each([
    ['/nowhere', 'GET'],
    ['/v1/transfers/', 'POST'],
    ['/v1//accounts', 'GET'],
    ['/V1/transfers', 'POST'],
  ] as const)('%s is 404', async (url, method) => {
    const answer = await problem({ url, method })
    expect(answer.status).toBe(404)
    expect(answer.json().code).toBe('OPERATION_UNKNOWN')
    expect(answer.json().detail).not.toContain('nowhere')
  })

  test.each([
    ['DELETE', '/v1/transfers', 'POST'],
    ['GET', '/v1/transfers', 'POST'],
    ['PATCH', account, 'GET, HEAD'],
    ['POST', '/operations/x', 'GET, HEAD'],
    ['OPTIONS', '/v1/transfers', 'POST'],
    ['TRACE', '/v1/transfers', 'POST'],
    ['PROPFIND', '/v1/transfers', 'POST'],
    ['OPTIONS', account, 'GET, HEAD'],
    ['OPTIONS', '/operations/x', 'GET, HEAD'],
    ['OPTIONS', '/openapi.json', 'GET, HEAD'],
    ['QUERY', '/v1/transfers', 'POST'],
    ['QUERY', account, 'GET, HEAD'],
    ['QUERY', '/health/live', 'GET, HEAD'],
    ['PUT', '/docs', 'GET, HEAD'],
  ] as const)('%s %s is 405 with Allow', async (method, url, allow) => {
    const answer = await problem({ method, url })
    expect(answer.status).toBe(405)
    expect(answer.headers.allow).toBe(allow)
  })

  test.each(['OPTIONS', 'QUERY', 'TRACE', 'DELETE'])('%s of an unknown path is 404', async (method) => {
    const answer = await problem({ method, url: '/nowhere' })
    expect([answer.status, answer.json().code]).toEqual([404, 'OPERATION_UNKNOWN'])
    expect(answer.headers.allow).toBeUndefined()
  })

  test.each([
    [account, 200],
    ['/docs', 200],
    ['/openapi.json', 200],
    ['/health/live', 200],
    ['/v1/accounts/123', 400],
    ['/v1/transfers', 405],
    ['/operations/none', 404],
    ['/nowhere', 404],
  ])('HEAD %s is what GET would be, without a body', async (url, status) => {
    const asked = await door.ask({ method: 'HEAD', url, headers: { 'x-request-id': 'from-caller-1' } })
    const got = await door.ask({ url, headers: { 'x-request-id': 'from-caller-1' } })
    expect([asked.status, got.status, asked.body]).toEqual([status, status, ''])
    // The method stands in the detail of a 405.
    if (status === 405) expect(asked.headers.allow).toBe('POST')
    else expect(asked.headers).toEqual({ ...got.headers, date: expect.any(String) })
  })

  test.each<[string, number, string]>([
    [`/v1/accounts/${'1'.repeat(400)}`, 414, 'URI_TOO_LONG'],
    [`${account}?x=${'1'.repeat(5000)}`, 414, 'URI_TOO_LONG'],
    ['/v1/accounts/%zz', 400, 'REQUEST_MALFORMED'],
    ['/v1/accounts/123', 400, 'INPUT_INVALID'],
    [`${account}?unknown=1`, 400, 'INPUT_INVALID'],
    [`${account}?__proto__=1`, 400, 'INPUT_INVALID'],
    [`${account}?accountNumber=0000000002`, 400, 'INPUT_INVALID'],
    [`${account}/entries?beforeEntry=1&beforeEntry=2`, 400, 'INPUT_INVALID'],
  ])('GET %s is %d %s', async (url, status, code) => {
    const answer = await problem({ url })
    expect([answer.status, answer.json().code]).toEqual([status, code])
  })

  test('a query is not a body', async () => {
    const answer = await problem({ ...transfer('k'), url: '/v1/transfers?dryRun=true' })
    expect(answer.json().errors).toEqual([{ in: 'query', pointer: '/dryRun', message: 'is not a parameter' }])
  })
})
