// What a token's bearer may do, and which operations it may see: scopes, and ownership of what was begun.

import { describe, expect, test } from '@jest/globals'
import type { Answer } from '../api/ask.ts'
import { transfer } from '../api/open-door.ts'
import { guardedDoor } from './guarded-door.ts'
import type { Claims } from './issuer.ts'

const guarded = guardedDoor()
const { door } = guarded

describe('scopes', () => {
  const post = async (scope: string, key: string): Promise<Answer> => {
    const token = await guarded.issuer.token({ cnf: guarded.channel.cnf, scope })
    const dpop = await guarded.channel.proof({ method: 'POST', url: `${door.url}/v1/transfers`, token })
    return await door.ask(transfer(key, { authorization: `DPoP ${token}`, dpop, prefer: 'wait=0' }))
  }

  test('all that an operation names are needed, word for word', async () => {
    expect((await post('transfers:write', 'k1')).status).toBe(202)
    for (const scope of ['', 'accounts:read', 'transfers', 'transfers:write2', 'TRANSFERS:WRITE', 'transfers:*']) {
      const answer = await post(scope, 'k2')
      expect(answer.status).toBe(403)
      expect(answer.json()).toMatchObject({ code: 'SCOPE_MISSING' })
      expect(answer.headers['www-authenticate']).toMatch(/^DPoP error="insufficient_scope", scope="transfers:write", /)
    }
    expect(door.operations.starts).toHaveLength(1)
  })

  test('an operation that names none is closed to all', async () => {
    const token = await guarded.issuer.token({ cnf: guarded.channel.cnf })
    const url = '/v2/accounts/0000000001/closure'
    const dpop = await guarded.channel.proof({ method: 'PUT', url: `${door.url}${url}`, token })
    const headers = { authorization: `DPoP ${token}`, dpop, 'idempotency-key': 'k' }
    expect((await door.ask({ method: 'PUT', url, headers, payload: { reason: 'MOVED' } })).status).toBe(403)
  })
})

describe('an operation is seen by whoever began it', () => {
  const call = async (method: string, url: string, claims: Claims, more: Readonly<Record<string, string>> = {}) => {
    const token = await guarded.issuer.token({ cnf: guarded.channel.cnf, ...claims })
    const dpop = await guarded.channel.proof({ method, url: `${door.url}${url}`, token })
    const headers = { authorization: `DPoP ${token}`, dpop, ...more }
    return await door.ask({ method, url, headers, ...(method === 'POST' && { payload: transfer('').payload ?? {} }) })
  }
  const begin = (claims: Claims, key = 'k') =>
    call('POST', '/v1/transfers', claims, { 'idempotency-key': key, prefer: 'wait=0' })

  test('and by nobody else: another client, another person of the same client, one with a name like both', async () => {
    const begun = await begin({ client_id: 'tpp', sub: 'ada' })
    const url = new URL(String(begun.headers.location), door.url).pathname
    expect((await call('GET', url, { client_id: 'tpp', sub: 'ada' })).status).toBe(200)
    for (const [client_id, sub] of [
      ['other', 'ada'],
      ['tpp', 'eve'],
      ['tpp', 'tpp'],
      ['tpp for ada', 'tpp for ada'],
    ]) {
      const answer = await call('GET', url, { client_id, sub })
      expect(answer.json()).toMatchObject({ code: 'OPERATION_ID_UNKNOWN' })
      const unknown = await call('GET', `${url}x`, { client_id, sub })
      expect({ ...answer.json(), instance: '' }).toEqual({ ...unknown.json(), instance: '' })
    }
    expect((await door.ask(url)).status).toBe(401)
  })

  test('and the same key of two people is two operations', async () => {
    await begin({ client_id: 'tpp', sub: 'ada' })
    await begin({ client_id: 'tpp', sub: 'eve' })
    await begin({ client_id: 'tpp', sub: 'tpp' })
    const clients = door.operations.starts.map(({ start }) => start.client)
    expect(clients).toEqual(['bank/tpp for ada', 'bank/tpp for eve', 'bank/tpp'])
  })
})
