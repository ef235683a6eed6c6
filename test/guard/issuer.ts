// An authorization server of a test: its metadata and keys over HTTP, and tokens of every kind, good and forged.

import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

export interface SigningKey {
  readonly kid: string
  readonly alg: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  readonly jwk: JWK
}

export async function signingKey(alg: string, kid: string = randomUUID()): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { kid, alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

/** Claims in the place of the good ones. */
export type Claims = Readonly<Record<string, unknown>>

export interface IssuerForTests {
  readonly issuer: string
  /** What it publishes; a test may change it. */
  keys: SigningKey[]
  /** Members of its metadata in the place of its own. */
  metadata: Readonly<Record<string, unknown>>
  /** Answers 500 while it is set. */
  isDown: boolean
  /** Paths that were asked for. */
  readonly asked: string[]
  /** A good token, but for what is given; a claim that is undefined is left out. */
  token(claims?: Claims, header?: Readonly<Record<string, unknown>>, key?: SigningKey): Promise<string>
  close(): Promise<void>
}

export const audience = 'https://api.bank.example'
const seconds = () => Math.floor(Date.now() / 1000)

export async function issuerForTests(): Promise<IssuerForTests> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const isKeys = request.url === '/jwks'
    const known = isKeys || request.url === '/.well-known/openid-configuration'
    const own = { issuer: self.issuer, jwks_uri: `${self.issuer}/jwks`, ...self.metadata }
    response.statusCode = self.isDown ? 500 : known ? 200 : 404
    response.end(JSON.stringify(isKeys ? { keys: self.keys.map(({ jwk }) => jwk) } : own))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const first = await signingKey('PS256')
  const self: IssuerForTests = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys: [first],
    metadata: {},
    isDown: false,
    asked,
    async token(claims = {}, header = {}, key = self.keys[0] ?? first) {
      const own = {
        iss: self.issuer,
        aud: audience,
        sub: 'channel',
        client_id: 'channel',
        jti: randomUUID(),
        iat: seconds(),
        exp: seconds() + 300,
        scope: 'accounts:read transfers:write',
      }
      const payload = JSON.parse(JSON.stringify({ ...own, ...claims }))
      return await new SignJWT(payload)
        .setProtectedHeader({ typ: 'at+jwt', alg: key.alg, kid: key.kid, ...header })
        .sign(key.privateKey)
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return self
}
