// The codec server at its edges: where it listens, which pages of which UI it answers, and what it says when it fails itself.

import { existsSync } from 'node:fs'
import { afterEach, describe, expect, test } from '@jest/globals'
import { defaultPayloadConverter, type Payload } from '@temporalio/common'
import {
  type CodecServer,
  type CodecServerSettings,
  startCodecServer,
} from '../../../src/durable/payload/codec-server.ts'
import { dataConverter } from '../../../src/durable/payload/data-converter.ts'
import { payloadCodec } from '../../../src/durable/payload/payload-codec.ts'
import { type Failure, failure } from '../../../src/error/failure.ts'

const key = () => ({ id: 'k1', key: new Uint8Array(32).fill(7) })
const opened: CodecServer[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

async function open(part: Partial<CodecServerSettings> = {}): Promise<CodecServer> {
  const server = await startCodecServer({ host: '127.0.0.1', port: 0, payloadKeys: [key()], ...part })
  opened.push(server)
  return server
}

const post = ({ url }: CodecServer, path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })

test('it listens where it is told, and with a token also where others reach it', async () => {
  expect((await open({ host: '127.0.0.2' })).url).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/)
  const server = await open({ host: '0.0.0.0', token: 'token' })
  const { port } = new URL(server.url)
  const answer = await fetch(`http://127.0.0.1:${port}/decode`, { method: 'POST' })
  expect(answer.status).toBe(401)
  await expect(open({ host: '10.0.0.1' })).rejects.toMatchObject({ facts: { host: '10.0.0.1' } })
})

test('without keys everything passes as it came', async () => {
  const server = await open({ payloadKeys: [] })
  const payloads = [{ metadata: { encoding: 'eA==' }, data: 'eA==' }]
  for (const path of ['/decode', '/encode']) {
    expect(await (await post(server, path, JSON.stringify({ payloads }))).json()).toEqual({ payloads })
  }
})

test('a request may be as large as payloads are', async () => {
  const payloads = [{ metadata: {}, data: 'eHh4'.repeat(600_000) }]
  const answer = await post(await open(), '/decode', JSON.stringify({ payloads }))
  expect([answer.status, await answer.json()]).toEqual([200, { payloads }])
})

test('nothing is shown in clear before it is known that somebody looks; sealing is no look', async () => {
  const payloads = [{ metadata: { encoding: 'eA==' }, data: 'eA==' }]
  const body = JSON.stringify({ payloads })
  const looks: number[] = []
  const told = await open({ payloadKeys: [], looked: async (count) => void looks.push(count) })
  expect((await post(told, '/decode', body)).status).toBe(200)
  expect((await post(told, '/encode', body)).status).toBe(200)
  expect((await post(told, '/decode', '[]')).status).toBe(400)
  expect(looks).toEqual([1])
  const untold = await open({
    payloadKeys: [],
    looked: () => Promise.reject(failure('STORE_UNAVAILABLE', { why: 'no connection' })),
  })
  const answer = await post(untold, '/decode', body)
  expect(answer.status).toBe(503)
  expect(await answer.text()).not.toContain('payloads')
  expect((await post(untold, '/encode', body)).status).toBe(200)
})

describe('pages', () => {
  const statusOf = async (server: CodecServer, origin: string) =>
    (await post(server, '/decode', '{}', { origin })).status

  test('of a UI elsewhere are its own alone', async () => {
    const server = await open({ ui: 'https://temporal.bank.example/namespaces' })
    const origins = ['https://temporal.bank.example', 'https://localhost', 'https://127.0.0.1']
    expect(await Promise.all(origins.map((one) => statusOf(server, one)))).toEqual([200, 403, 403])
  })

  test('of a UI on this machine are known by either of its names', async () => {
    const server = await open({ ui: 'http://localhost:8233' })
    const origins = ['http://localhost:8233', 'http://127.0.0.1:8233', 'http://localhost:8234']
    expect(await Promise.all(origins.map((one) => statusOf(server, one)))).toEqual([200, 200, 403])
    const asked = await fetch(`${server.url}/decode`, {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:8233' },
    })
    expect(asked.headers.get('access-control-max-age')).toBe('600')
  })
})

describe('what is refused', () => {
  test('says what is wrong, what to do, and where it is told', async () => {
    const refused: Failure[] = []
    const server = await open({ refused: (error) => void refused.push(error) })
    const answers = await Promise.all(['[]', '{"payloads":'].map((body) => post(server, '/decode', body)))
    const [list, half] = (await Promise.all(answers.map((one) => one.json()))) as Record<string, unknown>[]
    const common = { type: 'urn:mainspan:problem:CODEC_REQUEST_INVALID', status: 400, hint: expect.any(String) }
    expect(list).toMatchObject({ ...common, detail: expect.stringContaining('the body is not {"payloads":[…]}') })
    expect(half).toMatchObject({
      ...common,
      detail: expect.stringMatching(/it is not JSON as it should be \([A-Z_]+\)/),
    })
    expect(refused.map(({ cause }) => cause === undefined).sort()).toEqual([false, true])
  })

  test('at a path that there is not names those that there are', async () => {
    const answer = await fetch(`${(await open()).url}/metrics`)
    const detail = expect.stringContaining('GET at this path is not known; POST /decode and POST /encode are')
    expect([answer.status, await answer.json()]).toEqual([404, expect.objectContaining({ detail })])
  })

  test('because the server itself fails says so, and its owner is told with the cause', async () => {
    const refused: Failure[] = []
    const broken = key()
    const server = await open({ payloadKeys: [broken], refused: (error) => void refused.push(error) })
    // Its bytes are gone from now on.
    structuredClone(broken.key.buffer, { transfer: [broken.key.buffer] })
    const answer = await post(server, '/encode', '{"payloads":[{}]}')
    expect(answer.status).toBe(500)
    expect(await answer.json()).toMatchObject({
      status: 500,
      detail: expect.stringContaining('the codec server failed'),
    })
    expect(refused).toMatchObject([
      { code: 'CODEC_REQUEST_INVALID', cause: expect.objectContaining({ message: expect.any(String) }) },
    ])
  })

  test('by a port that is taken has the reason as its cause', async () => {
    const { port } = new URL((await open()).url)
    await expect(open({ port: Number(port) })).rejects.toMatchObject({ cause: { code: 'EADDRINUSE' } })
    await expect(open({ host: '127.0.0.1', port: 70_000 })).rejects.toThrow()
  })
})

describe('a payload codec', () => {
  const codec = payloadCodec([key()])
  test('takes metadata without a value for none', async () => {
    const passed = { metadata: { encoding: null }, data: new Uint8Array() } as unknown as Payload
    expect(await codec.decode([passed])).toEqual([passed])
    const encoding = new TextEncoder().encode('binary/encrypted')
    const unnamed = { metadata: { encoding, 'encryption-key-id': null } } as unknown as Payload
    await expect(codec.decode([unnamed])).rejects.toMatchObject({ code: 'PAYLOAD_KEY_UNKNOWN', facts: { id: '' } })
  })

  test('names the key of what it cannot open, and why', async () => {
    const [sealed] = await payloadCodec([{ ...key(), key: new Uint8Array(32).fill(8) }]).encode([{}])
    await expect(codec.decode(sealed ? [sealed] : [])).rejects.toMatchObject({
      ...{
        code: 'PAYLOAD_UNREADABLE',
        facts: { id: 'k1' },
        cause: expect.objectContaining({ message: expect.any(String) }),
      },
    })
  })
})

test('a data converter encrypts with the first key, and nothing without one; failures are converted by a file of ours', async () => {
  const { payloadCodecs, failureConverterPath } = dataConverter([key()])
  expect(existsSync(failureConverterPath ?? '')).toBe(true)
  const plain = defaultPayloadConverter.toPayload('secret')
  const [sealed] = (await payloadCodecs?.[0]?.encode([plain])) ?? []
  expect(Buffer.from(sealed?.data ?? []).toString('latin1')).not.toContain('secret')
  expect(await payloadCodec([key()]).decode(sealed ? [sealed] : [])).toEqual([
    expect.objectContaining({ data: plain.data }),
  ])
  expect(dataConverter([]).payloadCodecs).toEqual([])
  expect(dataConverter().payloadCodecs).toEqual([])
})
