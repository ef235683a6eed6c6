// Tokens and proofs at the REST API: whoever does not show a good one is refused in the words of the standards, before anything is begun.

import { constants, createHmac, generateKeyPairSync, KeyObject, sign } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { calculateJwkThumbprint } from 'jose'
import type { Answer } from '../api/ask.ts'
import { account } from '../api/open-door.ts'
import { dpopClient } from './dpop-client.ts'
import { guardedDoor } from './guarded-door.ts'
import { audience, type Claims, type IssuerForTests, signingKey } from './issuer.ts'

let nonces = false
const guarded = guardedDoor(() => ({ dpopNonce: nonces }))
const { door } = guarded

/** What a request shows. */
interface Shown {
  readonly authorization?: string
  readonly dpop?: string
}

const seconds = () => Math.floor(Date.now() / 1000)
const here = () => ({ method: 'GET', url: `${door.url}${account}` })
const ask = (headers: Shown): Promise<Answer> => door.ask({ url: account, headers: { ...headers } })

type Header = Parameters<IssuerForTests['token']>[1]

/** A token with these claims, and a good proof for it. */
async function withToken(claims: Claims = {}, header: Header = {}, key = guarded.issuer.keys[0]): Promise<Shown> {
  return await provenWith(await guarded.issuer.token({ cnf: guarded.channel.cnf, ...claims }, header, key))
}

async function provenWith(token: string): Promise<Shown> {
  return { authorization: `DPoP ${token}`, dpop: await guarded.channel.proof({ ...here(), token }) }
}

/** A good token, and a proof with these claims. */
async function withProof(claims: Claims = {}, header: Header = {}, key = guarded.channel.key): Promise<Shown> {
  const token = await guarded.issuer.token({ cnf: guarded.channel.cnf })
  return {
    authorization: `DPoP ${token}`,
    dpop: await guarded.channel.proof({ ...here(), token }, claims, header, key),
  }
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The claims of a token under another header and signature. */
async function resigned(header: object, sign: (input: string) => string): Promise<Shown> {
  const [, claims] = (await guarded.issuer.token({ cnf: guarded.channel.cnf })).split('.')
  const input = `${part(header)}.${claims}`
  return await provenWith(`${input}.${sign(input)}`)
}

/** PS256 by other code than jose's. */
function signedBy(key: KeyObject, input: string): string {
  const options = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  return sign('sha256', Buffer.from(input), options).toString('base64url')
}

describe('a good token is let in', () => {
  test.each<[string, () => Promise<Shown>]>([
    ['PS256', () => withToken()],
    ['with the full media type', () => withToken({}, { typ: 'application/at+jwt' })],
    ['for one of several audiences', () => withToken({ aud: ['https://other.example', audience] })],
    ['issued by a clock that is 9 s ahead', () => withToken({ iat: seconds() + 9, nbf: seconds() + 9 })],
    ['with a proof by a clock that is 9 s ahead', () => withProof({ iat: seconds() + 9 })],
    ['with a proof that is 50 s old', () => withProof({ iat: seconds() - 50 })],
    ['with a query behind the address', async () => await withProof({ htu: `${door.url}${account}?x=1#y` })],
    ['with the address in capitals', async () => await withProof({ htu: `${door.url.toUpperCase()}${account}` })],
  ])('%s', async (_, shown) => {
    expect((await ask(await shown())).status).toBe(200)
  })

  test.each(['PS256', 'ES256', 'EdDSA'])('%s, of token and of proof', async (alg) => {
    const kept = guarded.issuer.keys
    guarded.issuer.keys = [await signingKey(alg)]
    await door.reopen({})
    const client = await dpopClient(alg)
    const token = await guarded.issuer.token({ cnf: client.cnf })
    const headers = { authorization: `DPoP ${token}`, dpop: await client.proof({ ...here(), token }) }
    const answer = await ask(headers)
    guarded.issuer.keys = kept
    expect(answer.status).toBe(200)
  })
})

describe('a token that is not good is refused', () => {
  const other = (alg: string) => signingKey(alg, guarded.issuer.keys[0]?.kid)
  test.each<[string, () => Promise<Shown>, string]>([
    ['expired a second ago', () => withToken({ exp: seconds() - 1 }), 'it has expired'],
    ['of the future', () => withToken({ iat: seconds() + 61 }), 'issued in the future'],
    ['not yet in force', () => withToken({ nbf: seconds() + 61 }), 'nbf'],
    ['for another audience', () => withToken({ aud: 'https://other.example' }), 'another audience'],
    ['for an audience that begins as ours', () => withToken({ aud: `${audience}.evil.example` }), 'another audience'],
    ['for nobody', () => withToken({ aud: undefined }), 'another audience'],
    ['of another issuer', () => withToken({ iss: 'https://evil.example' }), 'not trusted'],
    ['of no issuer', () => withToken({ iss: undefined }), 'not trusted'],
    ['of an issuer with a slash more', () => withToken({ iss: `${guarded.issuer.issuer}/` }), 'not trusted'],
    ...['exp', 'iat', 'jti', 'sub', 'client_id'].map((claim): [string, () => Promise<Shown>, string] => [
      `without ${claim}`,
      () => withToken({ [claim]: undefined }),
      claim,
    ]),
    ['with an empty subject', () => withToken({ sub: '' }), 'no short text'],
    ['with a client that is a number', () => withToken({ client_id: 7 }), 'no short text'],
    ['with scopes as a list', () => withToken({ scope: ['accounts:read'] }), 'scope is no text'],
    ['with details that are no list', () => withToken({ authorization_details: {} }), 'authorization_details'],
    ['with details that are texts', () => withToken({ authorization_details: ['all'] }), 'authorization_details'],
    ['bound to nobody', () => withToken({ cnf: undefined }), 'not bound'],
    [
      'bound to two',
      () => withToken({ cnf: { ...guarded.channel.cnf, 'x5t#S256': guarded.channel.cnf.jkt } }),
      'not bound',
    ],
    ['bound to what is no thumbprint', () => withToken({ cnf: { jkt: 'x' } }), 'not bound'],
    ['bound to a whole key', () => withToken({ cnf: { jwk: guarded.channel.key.jwk } }), 'not bound'],
    ['that is an ID token', () => withToken({}, { typ: 'JWT' }), 'typ'],
    ['that is a logout token', () => withToken({}, { typ: 'logout+jwt' }), 'typ'],
    ['that is a proof', () => withToken({}, { typ: 'dpop+jwt' }), 'typ'],
    ['without a type', () => withToken({}, { typ: undefined }), 'typ'],
    ['by a key of the same name', async () => withToken({}, {}, await other('PS256')), 'signature does not fit'],
    ['by a key that nobody has', async () => withToken({}, {}, await signingKey('PS256')), 'no such key'],
    ['by ES256 under the name of a PS256 key', async () => withToken({}, {}, await other('ES256')), 'no such key'],
    ['by RS256', async () => withToken({}, {}, await other('RS256')), 'none of PS256'],
    ['by PS512', async () => withToken({}, {}, await other('PS512')), 'none of PS256'],
    ['by ES512', async () => withToken({}, {}, await other('ES512')), 'none of PS256'],
    [
      'with an extension that must be understood',
      () =>
        resigned({ typ: 'at+jwt', alg: 'PS256', kid: guarded.issuer.keys[0]?.kid, crit: ['x'], x: 1 }, (input) =>
          signedBy(KeyObject.from((guarded.issuer.keys[0] ?? guarded.channel.key).privateKey), input),
        ),
      'no signed JWT',
    ],
    ['by no key at all', () => resigned({ typ: 'at+jwt', alg: 'none' }, () => ''), 'none of PS256'],
    [
      'by HS256 with the public key as the secret',
      () =>
        resigned({ typ: 'at+jwt', alg: 'HS256', kid: guarded.issuer.keys[0]?.kid }, (input) =>
          createHmac('sha256', JSON.stringify(guarded.issuer.keys[0]?.jwk)).update(input).digest('base64url'),
        ),
      'none of PS256',
    ],
    [
      'whose signature is cut',
      async () => provenWith((await guarded.issuer.token({ cnf: guarded.channel.cnf })).slice(0, -8)),
      'signature',
    ],
    ['that is no JWT', () => provenWith('abc'), 'no signed JWT'],
    [
      'of four parts',
      async () => provenWith(`${await guarded.issuer.token({ cnf: guarded.channel.cnf })}.x`),
      'no signed JWT',
    ],
    ['of nine thousand characters', () => provenWith('a'.repeat(9000)), 'too long'],
  ])('%s', async (_, shown, problem) => {
    const answer = await ask(await shown())
    expect(answer.status).toBe(401)
    expect(answer.json()).toMatchObject({
      code: 'TOKEN_INVALID',
      detail: expect.stringContaining(problem),
      retryable: false,
    })
    const metadata = `resource_metadata="${door.url}/.well-known/oauth-protected-resource"`
    expect(answer.headers['www-authenticate']).toBe(
      `DPoP error="invalid_token", ${metadata}, algs="PS256 ES256 EdDSA", Bearer error="invalid_token", ${metadata}`,
    )
    expect(door.caller.calls).toEqual([])
  })

  test('a header of its own with a key of its own signs nothing', async () => {
    const own = await signingKey('PS256')
    for (const header of [{ jwk: own.jwk }, { jku: 'http://127.0.0.1:1/jwks' }, { x5u: 'http://127.0.0.1:1/' }]) {
      const answer = await ask(await withToken({}, { ...header, kid: guarded.issuer.keys[0]?.kid }, own))
      expect(answer.json()).toMatchObject({ code: 'TOKEN_INVALID' })
    }
  })
})

describe('a request without a token is told what to show', () => {
  test.each<[string, () => Promise<Shown>]>([
    ['no header', async () => ({})],
    ['a password', async () => ({ authorization: `Basic ${Buffer.from('a:b').toString('base64')}` })],
    ['a scheme without a token', async () => ({ authorization: 'DPoP' })],
    [
      'a token without a scheme',
      async () => ({ authorization: await guarded.issuer.token({ cnf: guarded.channel.cnf }) }),
    ],
    [
      'two tokens',
      async () => ({ authorization: `DPoP ${await guarded.issuer.token()}, DPoP ${await guarded.issuer.token()}` }),
    ],
  ])('%s', async (_, shown) => {
    const answer = await ask(await shown())
    expect(answer.status).toBe(401)
    expect(answer.json()).toMatchObject({ code: 'TOKEN_MISSING' })
    expect(answer.headers['www-authenticate']).toMatch(
      /^DPoP resource_metadata="[^"]+", algs="[^"]+", Bearer resource_metadata=/,
    )
  })

  test('a token in the address is none', async () => {
    const token = await guarded.issuer.token({ cnf: guarded.channel.cnf })
    expect((await door.ask(`${account}?access_token=${token}`)).json()).toMatchObject({ code: 'TOKEN_MISSING' })
  })

  test('and not what is wrong with its body', async () => {
    const answer = await door.ask({
      method: 'POST',
      url: '/v1/transfers',
      payload: '{',
      headers: { 'content-type': 'application/json' },
    })
    expect(answer.json()).toMatchObject({ code: 'TOKEN_MISSING' })
  })
})

describe('a proof that is not good is refused', () => {
  test.each<[string, () => Promise<Shown>, string]>([
    ['for another method', () => withProof({ htm: 'POST' }), 'htm'],
    ['for the method in small letters', () => withProof({ htm: 'get' }), 'htm'],
    ['without a method', () => withProof({ htm: undefined }), 'htm'],
    ['for another host', () => withProof({ htu: `https://api.bank.example${account}` }), 'htu'],
    ['for another path', () => withProof({ htu: `${door.url}/v1/accounts/0000000002` }), 'htu'],
    ['for the path alone', () => withProof({ htu: account }), 'htu'],
    [
      'for https in the place of http',
      () => withProof({ htu: `${door.url.replace('http:', 'https:')}${account}` }),
      'htu',
    ],
    ['without an address', () => withProof({ htu: undefined }), 'htu'],
    ['for another token', () => withProof({ ath: 'A'.repeat(43) }), 'ath'],
    ['for no token', () => withProof({ ath: undefined }), 'ath'],
    ['without an id', () => withProof({ jti: undefined }), 'jti'],
    ['with an id of 300 characters', () => withProof({ jti: 'a'.repeat(300) }), 'jti'],
    ['of 70 s ago', () => withProof({ iat: seconds() - 70 }), 'iat'],
    ['of a minute ahead', () => withProof({ iat: seconds() + 61 }), 'iat'],
    ['without a time', () => withProof({ iat: undefined }), 'iat'],
    ['that has expired', () => withProof({ exp: seconds() - 30 }), 'no DPoP proof'],
    ['that is a plain JWT', () => withProof({}, { typ: 'JWT' }), 'no DPoP proof'],
    ['that is a token', () => withProof({}, { typ: 'at+jwt' }), 'no DPoP proof'],
    ['without a key', () => withProof({}, { jwk: undefined }), 'no public key'],
    ['with a secret for a key', () => withProof({}, { jwk: { kty: 'oct', k: 'AAAA' } }), 'no public key'],
    [
      'with a private key',
      async () => withProof({}, { jwk: { ...guarded.channel.key.jwk, d: 'AAAA' } }),
      'no public key',
    ],
    [
      'by another key than it shows',
      async () => withProof({}, {}, await signingKey('ES256')),
      'signature does not fit',
    ],
    ['by RS256', async () => withProof({}, {}, await signingKey('RS256')), 'none of PS256'],
    ['of which nothing can be read', async () => ({ ...(await withProof()), dpop: 'abc' }), 'no DPoP proof'],
    ['that is too long', async () => ({ ...(await withProof()), dpop: 'a'.repeat(5000) }), 'too long'],
    [
      'that is not there',
      async () => ({ authorization: (await withProof()).authorization ?? '' }),
      'exactly one header DPoP',
    ],
  ])('%s', async (_, shown, problem) => {
    const answer = await ask(await shown())
    expect(answer.status).toBe(401)
    expect(answer.json()).toMatchObject({
      code: 'PROOF_INVALID',
      detail: expect.stringContaining(problem),
      retryable: false,
    })
    expect(answer.headers['www-authenticate']).toMatch(
      /^DPoP error="invalid_dpop_proof", resource_metadata="[^"]+", algs="[^"]+"$/,
    )
    expect(door.caller.calls).toEqual([])
  })

  test('of another client, although it holds the token', async () => {
    const thief = await dpopClient()
    const token = await guarded.issuer.token({ cnf: guarded.channel.cnf })
    const answer = await ask({ authorization: `DPoP ${token}`, dpop: await thief.proof({ ...here(), token }) })
    expect(answer.json()).toMatchObject({ code: 'PROOF_INVALID', detail: expect.stringContaining('bound to') })
  })

  test('by an RSA key of 1024 bits, although its token is bound to it', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const jwk = publicKey.export({ format: 'jwk' })
    const token = await guarded.issuer.token({ cnf: { jkt: await calculateJwkThumbprint(jwk) } })
    const [, claims] = (await guarded.channel.proof({ ...here(), token })).split('.')
    const input = `${part({ typ: 'dpop+jwt', alg: 'PS256', jwk })}.${claims}`
    const answer = await ask({ authorization: `DPoP ${token}`, dpop: `${input}.${signedBy(privateKey, input)}` })
    expect(answer.json()).toMatchObject({ code: 'PROOF_INVALID' })
  })

  test('the second time', async () => {
    const shown = await withProof()
    expect((await ask(shown)).status).toBe(200)
    const again = await ask(shown)
    expect(again.json()).toMatchObject({ code: 'PROOF_INVALID', detail: expect.stringContaining('used before') })
    expect(door.caller.calls).toHaveLength(1)
  })

  test('one of two at once', async () => {
    const shown = await withProof()
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(shown)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('a token for a key is no bearer token, and one for a certificate needs the connection', async () => {
    const token = await guarded.issuer.token({ cnf: guarded.channel.cnf })
    expect((await ask({ authorization: `Bearer ${token}` })).json()).toMatchObject({ code: 'TOKEN_INVALID' })
    const bound = await guarded.issuer.token({ cnf: { 'x5t#S256': guarded.channel.cnf.jkt } })
    expect((await ask({ authorization: `Bearer ${bound}` })).json()).toMatchObject({ code: 'TOKEN_INVALID' })
    expect((await ask(await provenWith(bound))).json()).toMatchObject({ code: 'TOKEN_INVALID' })
  })
})

describe('a nonce', () => {
  test('is asked for, taken, and taken no more when it is old', async () => {
    nonces = true
    await door.reopen({})
    nonces = false
    const first = await ask(await withProof())
    expect(first.status).toBe(401)
    expect(first.headers['www-authenticate']).toMatch(/^DPoP error="use_dpop_nonce"/)
    const nonce = String(first.headers['dpop-nonce'])
    expect((await ask(await withProof({ nonce }))).status).toBe(200)
    for (const wrong of ['x', `${nonce.slice(0, -1)}!`]) {
      expect((await ask(await withProof({ nonce: wrong }))).json()).toMatchObject({ code: 'PROOF_NONCE_WANTED' })
    }
  })
})

describe('the keys of an issuer', () => {
  test('are fetched once, and again for one that is new', async () => {
    const rotated = await signingKey('PS256')
    guarded.issuer.asked.length = 0
    await ask(await withToken())
    await ask(await withToken())
    expect(guarded.issuer.asked.filter((path) => path === '/jwks')).toHaveLength(1)
    guarded.issuer.keys = [rotated, ...guarded.issuer.keys]
    // A key that is not there is asked for at most twice a minute.
    expect((await ask(await withToken())).json()).toMatchObject({ code: 'TOKEN_INVALID' })
    await door.reopen({})
    expect((await ask(await withToken())).status).toBe(200)
  })

  test('that cannot be had are the issuer’s trouble, told as such', async () => {
    guarded.issuer.isDown = true
    const answer = await ask(await withToken())
    guarded.issuer.isDown = false
    expect(answer.status).toBe(503)
    expect(answer.json()).toMatchObject({ code: 'ISSUER_UNAVAILABLE', retryable: true })
    expect(answer.body).not.toContain(guarded.issuer.issuer)
    expect((await ask(await withToken())).status).toBe(200)
  })

  test.each([
    ['of another issuer', { issuer: 'https://evil.example' }],
    ['without keys', { jwks_uri: undefined }],
    ['at an address that is not safe', { jwks_uri: 'http://evil.example/jwks' }],
    ['at a file', { jwks_uri: 'file:///etc/passwd' }],
  ])('%s are not taken', async (_, metadata) => {
    guarded.issuer.metadata = metadata
    const answer = await ask(await withToken())
    guarded.issuer.metadata = {}
    expect(answer.json()).toMatchObject({ code: 'ISSUER_UNAVAILABLE' })
  })
})

test('the API describes itself as a protected resource', async () => {
  const answer = await door.ask('/.well-known/oauth-protected-resource')
  expect(answer.json()).toEqual({
    resource: door.url,
    authorization_servers: [guarded.issuer.issuer],
    scopes_supported: ['accounts:read', 'entries:write', 'transfers:write'],
    bearer_methods_supported: ['header'],
    tls_client_certificate_bound_access_tokens: true,
    dpop_signing_alg_values_supported: ['PS256', 'ES256', 'EdDSA'],
  })
})

test('health needs no token', async () => {
  expect((await door.ask('/health/live')).status).toBe(200)
})
