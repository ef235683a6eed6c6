// The codec server over HTTP: what it decodes and encodes, and whom it refuses.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { defaultPayloadConverter, type Payload } from '@temporalio/common'
import { type CodecServer, startCodecServer } from '../../../src/durable/payload/codec-server.ts'
import { payloadCodec } from '../../../src/durable/payload/payload-codec.ts'
import type { Failure } from '../../../src/error/failure.ts'

const key = { id: 'k1', key: new Uint8Array(32).fill(7) }
const ui = 'http://127.0.0.1:8233'
const order = { account: '1000000001', amount: '12.50' }

/** A payload as Temporal's HTTP API shows it. */
function wire({ metadata, data }: Payload) {
  const base64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64')
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)])
  return { metadata: Object.fromEntries(entries) as Record<string, string>, data: base64(data) }
}

const plain = wire(defaultPayloadConverter.toPayload(order))
const sealed = async (one = key) => {
  const [payload] = await payloadCodec([one]).encode([defaultPayloadConverter.toPayload(order)])
  return wire(payload ?? {})
}

let server: CodecServer
let refused: Failure[]

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-namespace': 'default', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

const open = (more: object = {}) =>
  startCodecServer({
    host: '127.0.0.1',
    port: 0,
    ui,
    payloadKeys: [key],
    refused: (error) => refused.push(error),
    ...more,
  })

beforeEach(() => {
  refused = []
})

describe('on loopback, without a token', () => {
  beforeAll(async () => {
    server = await open()
  })
  afterAll(() => server.close())

  test('decodes what is encrypted and passes what is not, in order', async () => {
    const answer = await post('/decode', { payloads: [await sealed(), plain, {}] })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ payloads: [plain, plain, { metadata: {}, data: '' }] })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('vary')).toBe('origin')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('encodes what an operator typed in, so that the worker reads it', async () => {
    const answer = (await (await post('/encode', { payloads: [plain] })).json()) as { payloads: (typeof plain)[] }
    expect(JSON.stringify(answer)).not.toContain(plain.data)
    const back = await (await post('/decode', answer)).json()
    expect(back).toEqual({ payloads: [plain] })
  })

  test.each(['/decode', '/encode'])('takes what protobuf JSON makes of no payloads at %s', async (path) => {
    for (const [body, payloads] of [
      ['{}', []],
      ['{"payloads":null}', []],
      ['{"payloads":[]}', []],
      // As older Go clients write a payload that is nil; they want as many back.
      ['{"payloads":[null]}', [expect.anything()]],
    ] as const) {
      const answer = await post(path, body)
      expect([body, answer.status, await answer.json()]).toEqual([body, 200, { payloads }])
    }
    const back = await (
      await post('/decode', { payloads: [null, await sealed(), { metadata: null, data: null }] })
    ).json()
    const empty = { metadata: {}, data: '' }
    expect(back).toEqual({ payloads: [empty, plain, empty] })
  })

  test.each([ui, 'http://localhost:8233'])('answers a page of %s', async (origin) => {
    const asked = await fetch(`${server.url}/decode`, { method: 'OPTIONS', headers: { origin } })
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-origin')).toBe(origin)
    expect(asked.headers.get('access-control-allow-headers')).toMatch(/x-namespace, authorization/)
    expect(asked.headers.get('access-control-allow-credentials')).toBe('true')
    expect(asked.headers.get('access-control-allow-methods')).toBe('POST')
    expect(asked.headers.get('access-control-allow-private-network')).toBe('true')
    const answer = await post('/decode?preserveStorageRefs=true', { payloads: [plain] }, { origin })
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
  })

  test.each(['http://evil.example', 'http://127.0.0.1:9999', 'https://127.0.0.1:8233', 'null'])(
    'refuses a page of %s, also before it asks',
    async (origin) => {
      const answers = [
        await fetch(`${server.url}/decode`, { method: 'OPTIONS', headers: { origin } }),
        await post('/decode', { payloads: [await sealed()] }, { origin }),
      ]
      for (const answer of answers) {
        expect(answer.status).toBe(403)
        expect(answer.headers.get('access-control-allow-origin')).toBeNull()
        expect(await answer.json()).toMatchObject({ code: 'CODEC_ORIGIN_REFUSED' })
      }
    },
  )

  test.each<[string, string, unknown, Record<string, string>, number, string]>([
    ['another path', '/', {}, {}, 404, 'CODEC_REQUEST_INVALID'],
    ['no JSON', '/decode', '{"payloads":', {}, 400, 'CODEC_REQUEST_INVALID'],
    ['a list of payloads', '/decode', [], {}, 400, 'CODEC_REQUEST_INVALID'],
    ['a payload that is text', '/decode', { payloads: ['x'] }, {}, 400, 'CODEC_REQUEST_INVALID'],
    ['what a page may send unasked', '/decode', '{}', { 'content-type': 'text/plain' }, 415, 'CODEC_REQUEST_INVALID'],
    ['too much', '/decode', `"${'x'.repeat(17_000_000)}"`, {}, 413, 'CODEC_REQUEST_INVALID'],
  ])('refuses %s', async (_, path, body, headers, status, code) => {
    const answer = await post(path, body, headers)
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ status, code })])
  })

  test('says which key is missing, and tells its owner', async () => {
    const other = await sealed({ id: 'k2', key: new Uint8Array(32).fill(8) })
    const answer = await post('/decode', { payloads: [other] })
    expect(answer.status).toBe(422)
    expect(await answer.json()).toMatchObject({ code: 'PAYLOAD_KEY_UNKNOWN', detail: expect.stringContaining('k2') })
    expect(refused).toMatchObject([{ code: 'PAYLOAD_KEY_UNKNOWN' }])
  })

  test('names a port that is taken', async () => {
    const port = Number(new URL(server.url).port)
    const facts = { host: '127.0.0.1', port, reason: 'EADDRINUSE' }
    await expect(open({ port })).rejects.toMatchObject({ code: 'CODEC_SERVER_UNOPENED', facts })
  })
})

test.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.com', 'bank.example', ''])(
  'without a token it does not open on %s, whoever starts it',
  async (host) => {
    await expect(open({ host })).rejects.toMatchObject({ code: 'CODEC_TOKEN_MISSING' })
    await expect(open({ host, token: '' })).rejects.toMatchObject({ code: 'CODEC_TOKEN_MISSING' })
  },
)

describe('with a token', () => {
  const token = 'a-token-for-operators'
  afterEach(() => server.close())

  test('answers who sends it, and nobody else', async () => {
    server = await open({ token })
    const ask = async (headers: Record<string, string>) => {
      const answer = await post('/decode', { payloads: [await sealed()] }, headers)
      return answer.status === 200 ? 200 : `${answer.status} ${((await answer.json()) as { code: string }).code}`
    }
    expect(await ask({ authorization: `Bearer ${token}` })).toBe(200)
    expect(await ask({})).toBe('401 CODEC_TOKEN_REFUSED')
    expect(await ask({ authorization: `Bearer ${token}x` })).toBe('401 CODEC_TOKEN_REFUSED')
    // A browser asks first, without it.
    const asked = await fetch(`${server.url}/decode`, { method: 'OPTIONS', headers: { origin: ui } })
    expect(asked.status).toBe(204)
  })

  test('without the address of the UI no page is answered, programs are', async () => {
    server = await open({ token, ui: undefined })
    const authorization = `Bearer ${token}`
    expect((await post('/decode', { payloads: [plain] }, { authorization, origin: ui })).status).toBe(403)
    expect((await post('/decode', { payloads: [plain] }, { authorization })).status).toBe(200)
  })
})
