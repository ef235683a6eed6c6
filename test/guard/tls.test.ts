// The REST API over TLS: what is spoken, tokens that are bound to a certificate, and certificates that change while it serves.

import { once } from 'node:events'
import { Agent, request } from 'node:https'
import { connect, type TLSSocket } from 'node:tls'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { thumbprintOf } from '../../src/api/access/thumbprint.ts'
import { account } from '../api/open-door.ts'
import { type Authority, authority, type Certified } from './certificates.ts'
import { guardedDoor } from './guarded-door.ts'

const guarded = guardedDoor()
const { door } = guarded
const servers = authority('servers')
const clients = authority('clients')
const server = servers.sign('localhost')
const channel = clients.sign('channel')

const tls = (more: object = {}) => ({
  ...{ ...server, least: 'TLSv1.3' as const, clientAuthorities: clients.certificate },
  ...more,
})
const derOf = ({ certificate }: Certified) => Buffer.from(certificate.replace(/-----[^-]+-----|\s/g, ''), 'base64')
const boundTo = (one: Certified) => guarded.issuer.token({ cnf: { 'x5t#S256': thumbprintOf(derOf(one)) } })

const agents: Agent[] = []
afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy()
})

/** Callers with a certificate, or without; each keeps its connections. */
function caller(shown?: Certified, trusted: Authority = servers) {
  const agent = new Agent({
    keepAlive: true,
    ca: trusted.certificate,
    ...(shown && { cert: shown.certificate, key: shown.key }),
  })
  agents.push(agent)
  return async (token: string, more: Readonly<Record<string, string>> = {}) => {
    const { port } = new URL(door.url)
    const headers = { authorization: `Bearer ${token}`, ...more }
    const sent = request({ host: 'localhost', port, path: account, headers, agent })
    sent.end()
    const [answer] = await once(sent, 'response')
    let body = ''
    for await (const piece of answer) body += piece
    return { status: answer.statusCode as number, body: JSON.parse(body) }
  }
}

describe('a token that is bound to a certificate', () => {
  test('is good on a connection that shows it, and on no other', async () => {
    await door.reopen({ tls: tls() })
    const token = await boundTo(channel)
    expect(await caller(channel)(token)).toMatchObject({ status: 200 })
    const refused = [undefined, clients.sign('thief'), clients.sign('channel')]
    for (const shown of refused)
      expect(await caller(shown)(token)).toMatchObject({ status: 401, body: { code: 'TOKEN_INVALID' } })
  })

  test('is not good by a certificate that nobody vouches for, although it is the one', async () => {
    await door.reopen({ tls: tls() })
    const own = authority('thief')
    expect(await caller(own)(await boundTo(own))).toMatchObject({ status: 401, body: { code: 'TOKEN_INVALID' } })
    const expired = clients.sign('late', 0)
    expect(await caller(expired)(await boundTo(expired))).toMatchObject({ status: 401 })
  })

  test('is not good by a header that anybody can write', async () => {
    const token = await boundTo(channel)
    const header = `:${derOf(channel).toString('base64')}:`
    const answer = await door.ask({
      url: account,
      headers: { authorization: `Bearer ${token}`, 'client-cert': header },
    })
    expect(answer.json()).toMatchObject({ code: 'TOKEN_INVALID' })
  })
})

describe('a proxy that ends TLS', () => {
  const proxy = clients.sign('proxy')
  const header = (one: Certified) => ({ 'client-cert': `:${derOf(one).toString('base64')}:` })
  const opened = async () => {
    await door.reopen({ tls: tls(), certificateProxy: thumbprintOf(derOf(proxy)) })
    return await boundTo(channel)
  }

  test('tells the certificate of the caller, and is not taken for it', async () => {
    const token = await opened()
    expect(await caller(proxy)(token, header(channel))).toMatchObject({ status: 200 })
    const refused = [
      header(clients.sign('thief')),
      header(clients.sign('channel', 0)),
      {},
      { 'client-cert': 'abc' },
      { 'client-cert': '::' },
    ]
    for (const more of refused) expect(await caller(proxy)(token, more)).toMatchObject({ status: 401 })
    expect(await caller(proxy)(await boundTo(proxy), {})).toMatchObject({ status: 401 })
  })

  test('is the one that is named; from anybody else the header says nothing', async () => {
    const token = await opened()
    const others = [clients.sign('proxy'), undefined, authority('proxy')]
    for (const shown of others) expect(await caller(shown)(token, header(channel))).toMatchObject({ status: 401 })
    expect(await caller(channel)(token, header(clients.sign('thief')))).toMatchObject({ status: 200 })
  })
})

describe('what is spoken', () => {
  const handshake = async (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3', ciphers?: string) => {
    const options = { host: 'localhost', port: Number(new URL(door.url).port), ca: servers.certificate }
    const socket: TLSSocket = connect({
      ...options,
      minVersion: version,
      maxVersion: version,
      ...(ciphers && { ciphers }),
    })
    try {
      await once(socket, 'secureConnect')
      return socket.getProtocol()
    } catch {
      return 'refused'
    } finally {
      socket.destroy()
    }
  }

  test('is TLS 1.3 alone', async () => {
    await door.reopen({ tls: tls() })
    expect(await handshake('TLSv1.3')).toBe('TLSv1.3')
    expect(await handshake('TLSv1.2')).toBe('refused')
  })

  test('and 1.2 for those who must, with forward secrecy and AEAD', async () => {
    await door.reopen({ tls: tls({ least: 'TLSv1.2' }) })
    expect(await handshake('TLSv1.2')).toBe('TLSv1.2')
    expect(await handshake('TLSv1.2', 'ECDHE-ECDSA-AES128-SHA256')).toBe('refused')
    expect(await handshake('TLSv1.1', 'ALL@SECLEVEL=0')).toBe('refused')
  })

  test('and no plain HTTP', async () => {
    await door.reopen({ tls: tls() })
    const plain = door.url.replace('https:', 'http:')
    await expect(fetch(`${plain}/health/live`)).rejects.toThrow()
  })
})

describe('certificates change while it serves', () => {
  test('and no call fails', async () => {
    await door.reopen({ tls: tls() })
    const token = await boundTo(channel)
    const call = caller(channel)
    let isOver = false
    const statuses: number[] = []
    const calling = Promise.all(
      [1, 2, 3, 4].map(async () => {
        while (!isOver) statuses.push((await call(token)).status)
      }),
    )
    for (let times = 0; times < 5; times++) door.renew(tls(servers.sign('localhost')))
    isOver = true
    await calling
    expect(statuses.filter((status) => status !== 200)).toEqual([])
  })

  test('an authority that is gone vouches for nobody, on connections of before neither', async () => {
    await door.reopen({ tls: tls() })
    const token = await boundTo(channel)
    const call = caller(channel)
    expect((await call(token)).status).toBe(200)
    const others = authority('others')
    door.renew(tls({ clientAuthorities: others.certificate }))
    expect((await call(token)).status).toBe(401)
    expect((await caller(channel)(token)).status).toBe(401)
    door.renew(tls({ clientAuthorities: `${others.certificate}${clients.certificate}` }))
    expect((await call(token)).status).toBe(200)
    expect((await caller(channel)(token)).status).toBe(200)
  })

  test('a certificate counts no longer than its date, on a connection of before neither', async () => {
    await door.reopen({ tls: tls() })
    const token = await guarded.issuer.token({ cnf: { 'x5t#S256': thumbprintOf(derOf(channel)) }, exp: 2e10 })
    const call = caller(channel)
    expect((await call(token)).status).toBe(200)
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3 * 86_400_000)
    try {
      expect((await call(token)).status).toBe(401)
    } finally {
      now.mockRestore()
    }
  })

  test('what is no certificate is not taken, and the old one serves on', async () => {
    await door.reopen({ tls: tls() })
    expect(() => door.renew(tls({ certificate: 'no PEM' }))).toThrow()
    expect((await caller(channel)(await boundTo(channel))).status).toBe(200)
  })
})
